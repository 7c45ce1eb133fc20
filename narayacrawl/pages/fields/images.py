"""Read the pictures of an article: their addresses, captions and credits."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element as Element

from narayacrawl.items import Image
from narayacrawl.pages.fields.captions import MAX_CAPTION_LENGTH, caption_and_credit
from narayacrawl.pages.outline.blocks import PageBlock
from narayacrawl.pages.outline.images import is_decorative
from narayacrawl.pages.outline.tags import IMAGE_TAGS
from narayacrawl.urls import absolute, key

# Lazy loading leaves a placeholder in `src` and the picture in one of these (WP Rocket, a3 Lazy Load, Jetpack, JNews,
# tagDiv).
LAZY_ATTRIBUTES = ("data-src", "data-lazy-src", "data-original", "data-full-url", "data-img-url", "data-large_image")
SRCSET_ATTRIBUTES = ("srcset", "data-srcset", "data-lazy-srcset")
DECORATIVE_ADDRESS = re.compile(
    r"gravatar\.com|/avatars?/|[/_-](?:logo|icon|sprite|placeholder|blank|spacer|pixel|emoji)[\w-]{0,80}\.\w+$|/emoji/|/plugins/|/themes/",
    re.IGNORECASE,
)
LEAD_IMAGE_CLASS = re.compile(r"wp-post-image|post-thumbnail|featured|entry-thumb|hero|lead-?image", re.IGNORECASE)
# A line that opens a text beside a floated picture is none of the picture's.
SETTING_APART = ("br", "em", "i", "small")
# Elements between a line in a figure and the figure.
MAX_FIGURE_DEPTH = 3
IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
SRCSET_DESCRIPTOR = re.compile(r"^(\d+(?:\.\d+)?)[wx]$")


@lru_cache(maxsize=200)
def largest_candidate(srcset: str) -> str | None:
    """Return the address of the widest candidate of a `srcset` (HTML Living Standard, 4.8.4.2.1); None if none is
    usable."""
    best, width = None, -1.0
    for candidate in re.split(r",\s+|,(?=https?:)", srcset.strip()):
        words = candidate.split()
        if not words or words[0].startswith("data:") or words[0] == ",":
            continue
        match = SRCSET_DESCRIPTOR.match(words[1]) if len(words) > 1 else None
        size = float(match[1]) if match else 0.0
        if size > width:
            best, width = words[0].rstrip(","), size
    return best


def image_url(element: Element, base: str) -> str | None:
    """Return the absolute address of the largest version of an `img`; None for icons, avatars, emoji and tracking
    pixels."""
    if is_decorative(element):
        return None
    get = element.get
    url = next((found for name in SRCSET_ATTRIBUTES if (found := largest_candidate(get(name) or ""))), None)
    url = url or next((value for name in LAZY_ATTRIBUTES if (value := get(name))), None) or get("src")
    url = (url or "").strip()
    if not url or url.startswith("data:") or DECORATIVE_ADDRESS.search(url):
        return None
    return absolute(url, base)


@lru_cache(maxsize=1_000)
def picture_key(url: str) -> str:
    """Return the key that all sizes of one upload share: its path without WordPress' `-300x169`, `-scaled` and
    `-e1700000000000`."""
    path = unquote(urlsplit(url).path)
    return re.sub(r"(?:-\d{2,4}x\d{2,4}|-scaled|-e\d{10,13}){1,4}(?=\.\w+$)", "", path)


def is_marked_as_lead(element: Element) -> bool:
    """True if an `img` is marked as the article's own: by WordPress' `wp-post-image` or a featured image's wrapper."""
    names = [element.get("class") or ""]
    for ancestor in element.iterancestors():
        if len(names) > 3:
            break
        names.append(ancestor.get("class") or "")
    return LEAD_IMAGE_CLASS.search(" ".join(names)) is not None


def links_elsewhere(element: Element, url: str) -> bool:
    """True if an `img` links to a page other than the one at `url`, its own large version and its attachment page: it
    belongs to another article."""
    link = next(element.iterancestors("a"), None)
    href = absolute(link.get("href"), url) if link is not None else None
    if href is None or IMAGE_FILE.search(urlsplit(href).path) or key(href) == key(url):
        return False
    path = urlsplit(url).path.rstrip("/")
    return not path or not urlsplit(href).path.startswith(path)


def stands_with_picture(block: PageBlock) -> bool:
    """True if a line stands in the element of a picture: a figure, a caption, a lead image's wrapper, or its
    paragraph where it is set apart."""
    element = block.element
    if block.kind == "caption" or any(
        ancestor.tag == "figure" for ancestor in islice(element.iterancestors(), MAX_FIGURE_DEPTH)
    ):
        return True
    parent = element.getparent()
    if parent is not None and LEAD_IMAGE_CLASS.search(parent.get("class") or ""):
        element = parent
    elif element.tag != "p" or not any(element.find(tag) is not None for tag in SETTING_APART):
        return False
    return any(not is_decorative(image) for image in element.iter(*IMAGE_TAGS))


def is_gallery_caption(caption: Element, base: str) -> bool:
    """True if a caption describes several pictures: it stands in a figure that holds more than one.

    Lazy loading writes a picture twice, once in a `noscript`, and AMP's element may hold a fallback: neither is a
    second picture.
    """
    figure = caption if caption.tag == "figure" else next(caption.iterancestors("figure"), None)
    if figure is None:
        return False
    pictures = (
        picture_key(url)
        for image in figure.iter(*IMAGE_TAGS)
        if next(image.iterancestors("noscript", "amp-img"), None) is None and (url := image_url(image, base))
    )
    first = next(pictures, None)
    return any(picture != first for picture in pictures)


def images_with_captions(blocks: Iterable[PageBlock], base: str) -> list[Image]:
    """Return the images among the blocks of the page at `base`, each with the caption that follows it; each picture
    once."""
    images: list[Image] = []
    image_of: dict[str, Image] = {}
    uncaptioned: Image | None = None
    captioned: Image | None = None  # the picture whose caption may go on
    first_line: Element | None = None
    for block in blocks:
        if block.kind == "image":
            url = image_url(block.element, base)
            if url is None:
                continue
            picture = picture_key(url)
            captioned = None
            uncaptioned = image_of.get(picture)
            if uncaptioned is None:
                uncaptioned = image_of[picture] = Image(url)
                images.append(uncaptioned)
        elif block.kind == "caption":
            if captioned is not None:
                _continue_caption(captioned, block, same_element=block.element is first_line)
            elif (
                uncaptioned is not None
                and uncaptioned.caption is None
                and uncaptioned.credit is None
                and not is_gallery_caption(block.element, base)
            ):
                uncaptioned.caption, uncaptioned.credit = caption_and_credit(block)
                captioned, first_line = uncaptioned, block.element
            uncaptioned = None
        elif block.text:
            uncaptioned = captioned = None
    return images


def _continue_caption(image: Image, block: PageBlock, *, same_element: bool) -> None:
    """Add the next line of a picture's caption: its credit, or, after a `<br>`, more of its text."""
    if len(image.caption or "") > MAX_CAPTION_LENGTH:
        return
    caption, credit = caption_and_credit(block)
    if caption is None:
        if image.credit is None:
            image.credit = credit
    elif same_element and image.credit is None:
        image.caption = f"{image.caption} {caption}" if image.caption else caption
        image.credit = credit
