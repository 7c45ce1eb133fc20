"""Read the pictures of an article: the lead image above the body, then the body's own."""

import re
from dataclasses import replace

from narayacrawl.items import Image
from narayacrawl.language.picture_credits import is_by_name, split_credit
from narayacrawl.pages.body.body import Body
from narayacrawl.pages.body.container import MAX_CAPTION_LENGTH, is_caption
from narayacrawl.pages.fields.images import (
    DECORATIVE_ADDRESS,
    image_url,
    images_with_captions,
    is_marked_as_lead,
    links_elsewhere,
    picture_key,
    stands_with_picture,
)
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.urls import clean_url

UPLOADS = re.compile(r"/(?:wp-content|app)/uploads/|\.files\.wordpress\.com/")
# A picture that a portal shares where an article has none of its own.
DEFAULT_PICTURE = re.compile(
    r"logo|default|favicon|placeholder|no-?image|opengraph|og-image|thumbnail"
    r"|(?:^|[_-])(?:og|share|sharing|social|cover|banner|cropped|icon|site|facebook|fb|twitter)(?:[_-]|\d*$)"
)


def article_images(
    outline: Outline, body: Body, headline_end: int, metadata_urls: list[str], site_urls: list[str]
) -> list[Image]:
    """Return the lead image, then the body's images.

    `metadata_urls` are the lead image's addresses in the page's metadata, `site_urls` those of the portal's own
    pictures. Where the page shows no lead image, the metadata's is taken.
    """
    lead = lead_image(outline, body, headline_end, metadata_urls)
    if lead is None and metadata_urls:
        lead = stated_image(body.images, metadata_urls, site_urls)
    if lead is None:
        return body.images
    return [lead, *(image for image in body.images if picture_key(image.url) != picture_key(lead.url))]


def stated_image(shown: list[Image], metadata_urls: list[str], site_urls: list[str]) -> Image | None:
    """Return the first picture in the metadata that is not the portal's own; None if there is none.

    Beside the pictures that the body shows, only one of WordPress' uploads counts that the body does not show in
    another size, format or place and that is not named like what a portal shares by default.
    """
    portal_names = {_file_name(url) for url in site_urls}
    shown_names = {_file_name(image.url) for image in shown}
    for url in metadata_urls:
        name = _file_name(url)
        if name in portal_names or DECORATIVE_ADDRESS.search(url):
            continue
        if not shown or (
            UPLOADS.search(url)
            and all(UPLOADS.search(image.url) for image in shown)
            and not any(_is_one_picture(name, other) for other in shown_names)
            and not DEFAULT_PICTURE.search(name)
        ):
            return Image(clean_url(url))
    return None


def _file_name(url: str) -> str:
    """Return what the copies of one upload share, wherever and in which format they are: the name of its file."""
    return picture_key(url).rpartition("/")[2].partition(".")[0].lower()


def _is_one_picture(name: str, other: str) -> bool:
    """True if two file names are the same, or one is the other with an ending: a crop (`feri-malam_fb`)."""
    short, long = sorted((name, other), key=len)
    return long == short or (len(short) > 5 and long.startswith(short) and long[len(short)] in "-_")


def lead_image(outline: Outline, body: Body, headline_end: int, metadata_urls: list[str]) -> Image | None:
    """Return the picture above the body: one that is marked as the post's own, else the first below the headline; None
    if there is none.

    `metadata_urls` are its addresses in the page's metadata.
    """
    above = {
        i: url
        for i, block in enumerate(outline.blocks[: body.start])
        if block.kind == "image"
        and block.rule in (None, "meta", "caption")
        and (url := image_url(block.element, outline.url))
    }
    metadata_pictures = {picture_key(url) for url in metadata_urls}
    marked = [
        i
        for i, url in above.items()
        if picture_key(url) in metadata_pictures
        or (
            is_marked_as_lead(element := outline.blocks[i].element)
            and not (i < headline_end and links_elsewhere(element, outline.url))
        )
    ]
    below = [i for i in above if i >= headline_end]
    if not marked and not below:
        return None
    first = (marked or below)[0]
    blocks = [block for block in outline.blocks[first : body.start] if block.kind == "image" or block.text]
    if len(blocks) > 1 and blocks[1].kind == "p" and blocks[1].rule in (None, "meta", "header"):
        picture, line = blocks[:2]
        shares_paragraph = line.element in picture.element.iterancestors("p")
        may_be_credited = shares_paragraph or (line.rule is None and len(line.text) <= MAX_CAPTION_LENGTH)
        is_byline = is_by_name(line.text) and not stands_with_picture(line)
        if not is_byline and (is_caption(line) or (may_be_credited and split_credit(line.text)[1])):
            blocks[1] = replace(line, kind="caption")
    return images_with_captions(blocks, outline.url)[0]
