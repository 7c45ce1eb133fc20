"""The pictures of an article: their addresses, captions and credits."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element as Element

from narayacrawl.items import Image
from narayacrawl.language.credits import split_credit
from narayacrawl.pages.outline.images import is_furniture
from narayacrawl.urls import absolute, key

if TYPE_CHECKING:
    from narayacrawl.pages.outline.blocks import PageBlock

# Lazy loading leaves a placeholder in `src` and the picture in one of these (WP Rocket, a3 Lazy Load, Jetpack, JNews,
# tagDiv).
LAZY = ("data-src", "data-lazy-src", "data-original", "data-full-url", "data-img-url", "data-large_image")
LAZY_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
FURNITURE = re.compile(
    r"gravatar\.com|/avatars?/|[/_-](?:logo|icon|sprite|placeholder|blank|spacer|pixel|emoji)[\w-]{0,80}\.\w+$|/emoji/|/plugins/|/themes/",
    re.IGNORECASE,
)
LEAD_NAMES = re.compile(r"wp-post-image|post-thumbnail|featured|entry-thumb|hero|lead-?image", re.IGNORECASE)
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
DESCRIPTOR = re.compile(r"^(\d+(?:\.\d+)?)[wx]$")


def largest(srcset: str) -> str | None:
    """The address of the widest candidate of a `srcset` (HTML Living Standard, 4.8.4.2.1); None where none is
    usable."""
    best, width = None, -1.0
    for candidate in re.split(r",\s+|,(?=https?:)", srcset.strip()):
        words = candidate.split()
        if not words or words[0].startswith("data:") or words[0] == ",":
            continue
        match = DESCRIPTOR.match(words[1]) if len(words) > 1 else None
        size = float(match[1]) if match else 0.0
        if size > width:
            best, width = words[0].rstrip(","), size
    return best


def image_url(element: Element, base: str) -> str | None:
    """Absolute address of the largest version of an `img`; None for icons, avatars, emoji and tracking pixels."""
    if is_furniture(element):
        return None
    get = element.get
    url = next((found for name in LAZY_SETS if (found := largest(get(name) or ""))), None)
    url = url or next((value for name in LAZY if (value := get(name))), None) or get("src")
    url = (url or "").strip()
    if not url or url.startswith("data:") or FURNITURE.search(url):
        return None
    return absolute(url, base)


def same_picture(url: str) -> str:
    """What two sizes of one upload share: the path without WordPress' `-300x169`, `-scaled` and `-e1700000000000`."""
    path = unquote(urlsplit(url).path)
    return re.sub(r"(?:-\d{2,4}x\d{2,4}|-scaled|-e\d{10,13}){1,4}(?=\.\w+$)", "", path)


def is_lead(element: Element) -> bool:
    """Whether an `img` is marked as the article's own: WordPress' `wp-post-image`, or a featured image's wrapper."""
    names = [element.get("class") or ""]
    for ancestor in element.iterancestors():
        if len(names) > 3:
            break
        names.append(ancestor.get("class") or "")
    return LEAD_NAMES.search(" ".join(names)) is not None


def leads_elsewhere(element: Element, url: str) -> bool:
    """Whether an `img` is a link to another page than the one at `url`, its own large version and its attachment page:
    another article's."""
    link = next(element.iterancestors("a"), None)
    href = absolute(link.get("href"), url) if link is not None else None
    if href is None or PICTURE.search(urlsplit(href).path) or key(href) == key(url):
        return False
    own = urlsplit(url).path.rstrip("/")
    return not own or not urlsplit(href).path.startswith(own)


def of_gallery(caption: Element) -> bool:
    """Whether a caption speaks of several pictures: it stands in a figure that holds more than one."""
    figure = caption if caption.tag == "figure" else next(caption.iterancestors("figure"), None)
    if figure is None:
        return False
    images = figure.iter("img")
    first = next(images, None)
    return first is not None and any(image.get("src") != first.get("src") for image in images)


def captioned(blocks: Iterable["PageBlock"], base: str) -> list[Image]:
    """The images among the blocks of the page at `base`, each with the caption that follows it; the same picture
    once."""
    images: list[Image] = []
    known: dict[str, Image] = {}
    waiting: Image | None = None
    for block in blocks:
        if block.kind == "image":
            url = image_url(block.element, base)
            if url is None:
                continue
            key = same_picture(url)
            waiting = known.get(key)
            if waiting is None:
                waiting = known[key] = Image(url)
                images.append(waiting)
        elif block.kind == "caption":
            if (
                waiting is not None
                and waiting.caption is None
                and waiting.credit is None
                and not of_gallery(block.element)
            ):
                waiting.caption, waiting.credit = split_credit(block.text)
            waiting = None
        elif block.text:
            waiting = None
    return images
