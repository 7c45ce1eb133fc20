"""Tell what kind of page a page is: an article, or a listing, static page, attachment, error page, protected post."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from parsel import Selector

from narayacrawl.pages.body.body import Body
from narayacrawl.pages.body.container import running_text_length
from narayacrawl.pages.body_classes import is_single
from narayacrawl.pages.fields.images import image_url, images_with_captions
from narayacrawl.pages.fields.media import is_ad_address, player_addresses
from narayacrawl.pages.fields.metadata import Metadata, stated_address, texts
from narayacrawl.pages.outline.blocks import Container
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.pages.outline.tags import PLAYER_TAGS

NO_PLAYER_REGIONS: Final = frozenset({"ad", "related", "share", "comments", "newsletter", "navigation", "author"})
MIN_WORD_LENGTH: Final = 3
PROTECTED_POST_INPUT = "form.post-password-form input[name=post_password]::attr(id)"


def needs_password(selector: Selector, post_id: int | None, body: Body) -> bool:
    """True if the password form of a page hides the article's text.

    The form names its post (`pwbox-ID`, `get_the_password_form`); beside one that does not, a theme may print a
    sentence.
    """
    return f"pwbox-{post_id}" in selector.css(PROTECTED_POST_INPUT).getall() or len(body.blocks) <= 2


def is_declared_article(body_classes: frozenset[str], metadata: Metadata) -> bool:
    """True if the body's classes or the metadata call the page an article."""
    return (
        is_single(body_classes)
        or bool(metadata.article)
        or bool(metadata.first("article:published_time"))
        or metadata.first("og:type") == "article"
    )


# What an article's page has, and an error page, a wall or a listing in its place has not


def stated_addresses(metadata: Metadata, url: str) -> list[str]:
    """Return the addresses that a page gives itself: canonical, OpenGraph, JSON-LD."""
    hrefs = [metadata.link("canonical"), metadata.first("og:url"), *texts(metadata.article.get("url"))]
    return [address for href in hrefs if href and (address := stated_address(href, url))]


def is_in_slug(title: str, url: str) -> bool:
    """True if an address is made of a title's words, as WordPress makes it of the headline."""
    words = [word for word in re.split(r"[\W_]+", unquote(urlsplit(url).path).lower()) if len(word) >= MIN_WORD_LENGTH]
    own = set(re.split(r"[\W_]+", title.lower()))
    slug = [word for word in words if not word.isdecimal()]
    return len(own.intersection(slug)) >= max(2, len(set(slug)) // 2)


def has_own_content(outline: Outline, body: Body, headline_end: int) -> bool:
    """True if a page has text, pictures or players of its own, not only its metadata's or another box's."""
    posts = [container for container in outline.containers if container.is_post or container.is_body]
    if body.blocks and body.container is not None:
        own = [post for post in posts if post.is_post and post.start < headline_end <= post.end]
        # A box below an empty post may be all the text of a page.
        return not own or any(_holds_text(outline, post, body.container) for post in own)
    if not posts:
        posts = [container for container in outline.containers if container.element.tag in ("main", "article")]
    # A lead image above an empty text is no photo post, unless somebody has written a caption.
    inner = [post for post in posts if post.is_body] or posts
    return (
        any(_has_picture(outline, own) for own in inner)
        or any(_has_caption(outline, post) or has_player(outline, post) for post in posts)
        or (bool(body.images) and not inner)
    )


def _holds_text(outline: Outline, post: Container, container: Container) -> bool:
    """True if a post holds the element that the body was read from, or running text at least."""
    if post.start <= container.start and container.end <= post.end:
        return True
    return any(map(running_text_length, outline.blocks[post.start : post.end]))


def _has_picture(outline: Outline, post: Container) -> bool:
    """True if a post shows a picture that no region around it claims."""
    blocks = outline.blocks[post.start : post.end]
    shown = (block for block in blocks if block.kind == "image" and block.rule in (None, "meta", "caption"))
    return any(image_url(block.element, outline.url) for block in shown)


def _has_caption(outline: Outline, post: Container) -> bool:
    """True if a picture of a post has a caption."""
    pictures = (block for block in outline.blocks[post.start : post.end] if block.kind in ("image", "caption"))
    return any(image.caption or image.credit for image in images_with_captions(pictures, outline.url))


def has_player(outline: Outline, post: Container) -> bool:
    """True if a post holds a video, a sound or an embed, which is no ad."""
    foreign = {region.element for region in outline.regions if region.rule in NO_PLAYER_REGIONS}
    return any(
        not is_ad_address(address) and foreign.isdisjoint(element.iterancestors())
        for element in post.element.iter(*PLAYER_TAGS)
        for address in player_addresses(element)
    )
