"""Read the pictures of an article: the lead image above the body, then the body's own."""

from dataclasses import replace

from narayacrawl.items import Image
from narayacrawl.language.credits import split_credit
from narayacrawl.pages.body.body import Body
from narayacrawl.pages.body.container import is_caption
from narayacrawl.pages.fields.images import (
    image_url,
    images_with_captions,
    is_marked_as_lead,
    links_elsewhere,
    picture_key,
)
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.urls import clean_url


def article_images(outline: Outline, body: Body, headline_end: int, metadata_urls: list[str]) -> list[Image]:
    """Return the lead image, then the body's images.

    `metadata_urls` are the lead image's addresses in the page's metadata: where the page shows no image at all, the
    first of them is taken.
    """
    lead = lead_image(outline, body, headline_end, metadata_urls)
    if lead is None and not body.images and metadata_urls:
        lead = Image(clean_url(metadata_urls[0]))
    if lead is None:
        return body.images
    return [lead, *(image for image in body.images if picture_key(image.url) != picture_key(lead.url))]


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
        is_credit = line.element in picture.element.iterancestors("p") and split_credit(line.text)[1]
        if is_credit or is_caption(line):
            blocks[1] = replace(line, kind="caption")
    return images_with_captions(blocks, outline.url)[0]
