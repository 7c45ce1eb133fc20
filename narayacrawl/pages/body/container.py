"""Find the element that holds the article's text: by its class if that is believable, else by where the text is."""

from collections.abc import Callable
from functools import cache
from itertools import accumulate, takewhile

from lxml.etree import _Element as Element

from narayacrawl.language.credits import credit_names
from narayacrawl.pages.body.comments import find_comments
from narayacrawl.pages.body.header_lines import is_header_line
from narayacrawl.pages.body.text_range import find_opening, find_text_range
from narayacrawl.pages.outline.blocks import Container, PageBlock, is_shorter_than, text_of
from narayacrawl.pages.outline.link_cards import LinkCards
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.pages.outline.regions import TRAILING_NUMBER
from narayacrawl.pages.outline.tags import ARTICLE_TAGS, HEADING_KINDS, IMAGE_TAGS, SUBHEADING_KINDS

# The share of the page's text that a container with a body's class must hold, and the length that is enough anyway.
MIN_NAMED_SHARE, SUFFICIENT_LENGTH = 0.35, 400
# The share of a named container's text that a named one inside it must hold to be the body.
MIN_INNER_SHARE = 0.9
# The share of its outer element's text, and of all text, that an unnamed container must hold.
MIN_SHARE_OF_OUTER, MIN_TOTAL_SHARE = 0.8, 0.7
# A body in several parts of one class holds this many times the text of its longest part.
MIN_PARTS_RATIO = 1.25
# An article is hardly shorter than this if the page has more text elsewhere.
SHORT_ARTICLE_LENGTH = 150
# The text of a card about its article, and of a caption about its picture, is no longer than this.
MAX_CARD_LENGTH, MAX_CAPTION_LENGTH = 300, 300
# The linked share of a list item that is a linked headline with its article's first words.
MIN_TEASER_LINK_SHARE = 0.15
# So much of the text must stand between the sentence that the description begins with and what was found.
MIN_MISSED_LENGTH = 300


def running_text_length(block: PageBlock) -> int:
    """Count the characters outside links of a paragraph; 0 for a short line, a heading, a caption and a block that a
    rule drops."""
    if block.rule is not None or block.kind in ("caption", "h1"):
        return 0
    length = len(block.text) - block.linked_chars
    return length if length >= 25 else 0


def article_text_length(block: PageBlock, link_cards: LinkCards) -> int:
    """Count the running text of a block that is no header line, caption or other article's card, whatever its class."""
    length = running_text_length(block)
    is_list_teaser = block.kind in ("ul", "ol") and block.linked_chars >= MIN_TEASER_LINK_SHARE * len(block.text)
    if not length or is_list_teaser or is_header_line(block) or is_caption(block):
        return 0
    is_card = length <= MAX_CARD_LENGTH and (is_teaser(block.element) or link_cards.contain(block.element))
    return 0 if is_card else length


def is_teaser(element: Element) -> bool:
    """True if a block is a linked headline with the first words of its article on the next line."""
    first = next((child for child in element if isinstance(child.tag, str)), None)
    if first is None or (element.text or "").strip() or not is_shorter_than(element, 2 * MAX_CARD_LENGTH + 1):
        return False
    link = first if first.tag == "a" else next(first.iter("a"), None)
    following = first.getnext()
    return (
        link is not None and text_of(link) == text_of(first) != "" and following is not None and following.tag == "br"
    )


def is_caption(block: PageBlock) -> bool:
    """True if a line is all the text of the element that it shares with a picture: a caption without a caption's
    markup."""
    parent = block.element.getparent()
    return (
        parent is not None
        and len(block.text) <= MAX_CAPTION_LENGTH
        and is_shorter_than(parent, 2 * MAX_CAPTION_LENGTH + len(block.text))
        and next(parent.iter(*IMAGE_TAGS), None) is not None
        and text_of(parent) == block.text
    )


def find_container(outline: Outline, headline_end: int = 0, title: str = "", description: str = "") -> Container | None:
    """Return the element that holds the article's text; None for a page without text. `description` is the metadata's,
    as a rule the text's first words. No element is longer than to the comments.

    A container with a body's class wins if it holds a fair share of the page's running text. If none does, the text
    decides: the longest range of it below the headline, and, from the top down, the smallest element that still holds
    nearly all of that range.
    """
    if not outline.containers:
        return None
    lengths = [*map(running_text_length, outline.blocks)]
    last = find_comments(outline.blocks, outline.url, title, headline_end)
    if sum(lengths[headline_end:last]) >= SHORT_ARTICLE_LENGTH:
        lengths[last:] = [0] * (len(lengths) - last)
    else:
        last = len(lengths)
    post = _post_container(outline.containers, headline_end)
    if post is not None and any(lengths[post.start : post.end]):
        candidates = [
            container for container in outline.containers[outline.containers.index(post) :] if container.end <= post.end
        ]
        lengths = [length if post.start <= i < post.end else 0 for i, length in enumerate(lengths)]
    else:
        candidates = outline.containers
    found = _by_name(outline, candidates, lengths) or _by_text(outline, candidates, lengths, headline_end, description)
    if found is not None and found.start < last < found.end:
        return Container(found.element, found.start, is_body=found.is_body, end=last)
    return found


def _post_container(containers: list[Container], headline_end: int) -> Container | None:
    """Return the page's post: the only element with the classes of a post, or, of several, the one that holds the
    headline; None if that is undecided. The elements of one post may stand inside each other."""
    posts: list[Container] = []
    for container in containers:
        if container.is_post and (not posts or container.start >= posts[-1].end):
            posts.append(container)
    if len(posts) > 1:
        posts = [post for post in posts if post.start < headline_end <= post.end]
    return posts[0] if len(posts) == 1 else None


def _by_name(outline: Outline, containers: list[Container], lengths: list[int]) -> Container | None:
    """Choose among the containers with a body's class; None if none is is_believable."""
    blocks, link_cards = outline.blocks, outline.link_cards
    sums = [0, *accumulate(lengths)]

    def length_in(container: Container) -> int:
        return sums[container.end] - sums[container.start]

    @cache
    def text_sums() -> list[int]:
        text_lengths = (
            length and article_text_length(block, link_cards) for length, block in zip(lengths, blocks, strict=True)
        )
        return [0, *accumulate(text_lengths)]

    def text_length_in(container: Container) -> int:
        return text_sums()[container.end] - text_sums()[container.start]

    def nearly_all(part: Container, whole: Container) -> bool:
        """True if a part of a container holds its text; in a short article the header is much of it."""
        if length_in(part) >= MIN_INNER_SHARE * length_in(whole):
            return True
        if 2 * length_in(part) < length_in(whole):
            return False
        return (1 - MIN_INNER_SHARE) * length_in(part) >= text_length_in(whole) - text_length_in(part)

    named = [container for container in containers if container.is_body]
    if not named:
        return None
    best = max(named, key=length_in)
    inner = [
        container
        for container in named
        if best.start <= container.start and container.end <= best.end and nearly_all(container, best)
    ]
    parts = _parts_beside(best, named, blocks)
    found = sum(map(length_in, parts))
    is_believable = found >= min(SUFFICIENT_LENGTH, MIN_NAMED_SHARE * sums[-1]) or sums[-1] < SUFFICIENT_LENGTH
    # Cards of other articles may hold more text than a short article.
    if not is_believable and text_length_in(best) < max(1, MIN_NAMED_SHARE * text_sums()[-1]):
        return None
    if len(parts) > 1 and found >= MIN_PARTS_RATIO * length_in(best):
        around = [
            container
            for container in containers
            if container.start <= parts[0].start and container.end >= parts[-1].end
        ]
        return Container(around[-1].element, parts[0].start, is_body=True, end=parts[-1].end)
    return inner[-1]


def _parts_beside(best: Container, named: list[Container], blocks: list[PageBlock]) -> list[Container]:
    """Return the containers that hold a text in parts: those of the same class, but for a number, in one article, one
    after the other, without another headline between them."""
    names, article = numberless(best.element.get("class") or ""), _article_of(best)
    parts: list[Container] = []
    for container in named:
        is_alike = numberless(container.element.get("class") or "") == names and _article_of(container) is article
        if not is_alike or (parts and container.start < parts[-1].end):
            continue
        if parts and any(block.kind == "h1" for block in blocks[parts[-1].end : container.start]):
            if best in parts:
                return parts
            parts = []
        parts.append(container)
    return parts if best in parts else [best]


def numberless(names: str) -> str:
    """Return class names without the numbers at their ends, by which the parts of one text differ."""
    return " ".join(TRAILING_NUMBER.sub("", name) for name in names.split())


def _article_of(container: Container) -> Element | None:
    """Return the `article` element around a container; None if there is none."""
    return next(container.element.iterancestors("article"), None)


def _by_text(
    outline: Outline, containers: list[Container], lengths: list[int], headline_end: int, description: str
) -> Container | None:
    """Choose the smallest container that holds nearly all of the text range."""
    blocks, link_cards = outline.blocks, outline.link_cards
    text_lengths = [
        length and article_text_length(block, link_cards) for length, block in zip(lengths, blocks, strict=True)
    ]
    text_lengths = text_lengths if any(text_lengths) else lengths
    start, end = find_text_range(blocks, text_lengths, headline_end)
    sums = [0, *accumulate(text_lengths)]
    # The headline that was found belongs to something else.
    if sums[end] - sums[start] < min(SHORT_ARTICLE_LENGTH, sums[-1] / 3):
        start, end = find_text_range(blocks, text_lengths, 0)
    opening = find_opening(blocks, description, headline_end)
    if opening is not None and opening < start and sums[start] - sums[opening + 1] >= MIN_MISSED_LENGTH:
        start = opening  # what stands between is too much for a standfirst
    elif opening is not None and opening >= end and 2 * (sums[-1] - sums[opening]) >= sums[end] - sums[start]:
        start, end = find_text_range(blocks, text_lengths, opening)

    def text_length_in(container: Container) -> int:
        return sums[min(container.end, end)] - sums[max(container.start, start)]

    found = containers[0]
    # Not less, even if each element holds only a little less than the one around it.
    min_length = MIN_TOTAL_SHARE * text_length_in(found)
    for container in containers:
        if (
            found.start <= container.start
            and container.end <= found.end
            and text_length_in(container) >= max(min_length, MIN_SHARE_OF_OUTER * text_length_in(found))
        ):
            found = container
    if not sums[-1]:
        return _by_pictures(blocks, containers, headline_end)
    if sums[end] - sums[start] - text_length_in(found) >= MIN_MISSED_LENGTH:
        found = _with_parts_above(found, containers, text_length_in)
    first = start if sums[start] > sums[found.start] else found.start
    # Short lines that end the text are siblings of its paragraphs, or credit lines.
    paragraph_parent = blocks[end - 1].element.getparent()
    below = [
        *takewhile(lambda block: block.rule is None and _may_end_text(block, paragraph_parent), blocks[end : found.end])
    ]
    while below and below[-1].kind in SUBHEADING_KINDS:  # the heading of something else
        below.pop()
    return Container(found.element, first, end=min(found.end, end + len(below)))


def _with_parts_above(
    found: Container, containers: list[Container], text_length_in: Callable[[Container], int]
) -> Container:
    """Return the smallest element around a container and those of its class above it that hold the text's beginning, as
    where advertisements cut it; the container itself if there are none."""
    names = found.element.get("class")
    parts = [
        other
        for other in containers
        if names
        and other.element.get("class") == names
        and other.end <= found.start
        and text_length_in(other) >= SHORT_ARTICLE_LENGTH
    ]
    if not parts or sum(map(text_length_in, parts)) < MIN_MISSED_LENGTH:
        return found
    return [c for c in containers if c.start <= parts[0].start and c.end >= found.end][-1]


def _by_pictures(blocks: list[PageBlock], containers: list[Container], headline_end: int) -> Container | None:
    """Choose the smallest element of an article without a text that holds all its pictures; None if it has no more than
    one, or only such that lead to other pages."""
    articles = [c for c in containers if (c.is_post or c.element.tag in ARTICLE_TAGS) and c.end > headline_end]
    if not articles:
        return None
    start, end = max(articles[0].start, headline_end), articles[0].end
    shown = [i for i in range(start, end) if blocks[i].kind == "image" and blocks[i].rule is None]
    links = {i: next(blocks[i].element.iterancestors("a"), None) for i in shown}
    boxes = {i: link.getparent() for i, link in links.items() if link is not None}
    # A picture in a link with, or beside, a headline is another article's.
    around = {box for box in boxes.values() if box is not None}
    with_headline = {box for box in around if next(box.iter(*HEADING_KINDS), None) is not None}
    pictures = [i for i in shown if boxes.get(i) not in with_headline]
    if len(pictures) < 2:
        return None
    found = articles[0]
    for container in containers:
        if found.start <= container.start <= pictures[0] and pictures[-1] < container.end <= found.end:
            found = container
    return Container(found.element, max(found.start, headline_end), end=found.end)


def _may_end_text(block: PageBlock, paragraph_parent: Element | None) -> bool:
    """True if a short line below the text may be its end: one with the same parent as its paragraphs, also as a list
    without links, or a credit line."""
    parent = block.element.getparent()
    if parent is not None and parent.tag in ("ul", "ol") and 2 * block.linked_chars < len(block.text):
        parent = parent.getparent()
    return parent is paragraph_parent or not block.text or credit_names(block.text) is not None
