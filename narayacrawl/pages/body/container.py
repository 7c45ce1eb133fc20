"""Which element of a page holds the article's text: by its name where that is believable, else by where the text is."""

from functools import cache
from itertools import accumulate, takewhile

from lxml.etree import _Element as Element

from narayacrawl.language.credits import credit_names
from narayacrawl.pages.body.header_lines import is_header_line
from narayacrawl.pages.outline.blocks import Container, PageBlock, is_shorter, text_of
from narayacrawl.pages.outline.link_cards import Lists
from narayacrawl.pages.outline.outline import Outline

# How much of the page's text a container named like a body must hold to be believed, and how much is enough anyway.
NAMED_SHARE, NAMED_ENOUGH = 0.35, 400
# The share of a named container's text that one within it holds, where that is the body.
ENOUGH = 0.9
# The share of the text that the body holds, where its container has no name.
MOST, AT_LEAST = 0.8, 0.7
# A body in several parts of one name holds so many times the text of its longest.
IN_PARTS = 1.25
# An article is hardly shorter, where the page tells more elsewhere.
BRIEF = 150
# A card tells no more of its article than so many characters; a caption of its picture.
CARD_LENGTH, CAPTION_LENGTH = 300, 300
# The share of a list's item that is a link where it is a headline with its first words.
ENTRY = 0.15
# What a block that is no text speaks against the text going on after it: a line of links, a short line, a region.
LINKS, SHORT_LINE, REGION = 40, 10, 15
# Regions that hardly stand within a text.
ENDS = {"comments": 400, "footer": 200, "sidebar": 100, "navigation": 60, "form": 60}


def weight(block: PageBlock) -> int:
    """How much a block speaks for its container: the text outside links of a paragraph, not of a label."""
    if block.rule is not None or block.kind in ("caption", "h1"):
        return 0
    own = len(block.text) - block.linked
    return own if own >= 25 else 0


def text_weight(block: PageBlock, lists: Lists) -> int:
    """The weight of a block that is neither header nor caption nor another article's card, whatever they are called."""
    own = weight(block)
    entry = block.kind in ("ul", "ol") and block.linked >= ENTRY * len(block.text)
    if not own or entry or is_header_line(block) or is_caption(block):
        return 0
    return 0 if own <= CARD_LENGTH and (is_entry(block.element) or lists.hold(block.element)) else own


def is_entry(element: Element) -> bool:
    """Whether a block is a headline that is a link and the first words of its article on the next line."""
    first = next((e for e in element if isinstance(e.tag, str)), None)
    if first is None or (element.text or "").strip() or not is_shorter(element, 2 * CARD_LENGTH + 1):
        return False
    link = first if first.tag == "a" else next(first.iter("a"), None)
    following = first.getnext()
    return (
        link is not None and text_of(link) == text_of(first) != "" and following is not None and following.tag == "br"
    )


def is_caption(block: PageBlock) -> bool:
    """Whether a line is all the text of the box that it shares with a picture: a caption that nothing calls one."""
    box = block.element.getparent()
    return (
        box is not None
        and len(block.text) <= CAPTION_LENGTH
        and is_shorter(box, 2 * CAPTION_LENGTH + len(block.text))
        and next(box.iter("img"), None) is not None
        and text_of(box) == block.text
    )


def find_container(outline: Outline, title_position: int = 0) -> Container | None:
    """The element that holds the article's text; None for a page without text.

    A container with a body's name wins when it holds a fair share of the page's running text. Where none does, the text
    decides: the longest stretch of it below the title (the first `title_position` blocks), and from the top down the
    smallest element that still holds nearly all of that.
    """
    if not outline.containers:
        return None
    weights = [*map(weight, outline.blocks)]
    post = _post(outline.containers, title_position)
    if post is not None and any(weights[post.start : post.end]):
        inside = [c for c in outline.containers[outline.containers.index(post) :] if c.end <= post.end]
        weights = [own if post.start <= i < post.end else 0 for i, own in enumerate(weights)]
    else:
        inside = outline.containers
    return _named(outline, inside, weights) or _by_text(outline, inside, weights, title_position)


def _post(containers: list[Container], title_position: int) -> Container | None:
    """The post that a page shows: the only element with the classes of one, or of several that which holds the title;
    None where that tells none. One post's elements may stand within each other."""
    posts: list[Container] = []
    for container in containers:
        if container.post and (not posts or container.start >= posts[-1].end):
            posts.append(container)
    if len(posts) > 1:
        posts = [post for post in posts if post.start < title_position <= post.end]
    return posts[0] if len(posts) == 1 else None


def _named(outline: Outline, containers: list[Container], weights: list[int]) -> Container | None:
    blocks, lists = outline.blocks, outline.lists
    sums = [0, *accumulate(weights)]

    def held(container: Container) -> int:
        return sums[container.end] - sums[container.start]

    @cache
    def text_sums() -> list[int]:
        texts = (own and text_weight(block, lists) for own, block in zip(weights, blocks, strict=True))
        return [0, *accumulate(texts)]

    def text_held(container: Container) -> int:
        return text_sums()[container.end] - text_sums()[container.start]

    def nearly_all(part: Container, whole: Container) -> bool:
        """Whether a part of a container has its text; of a short article's the header is much."""
        if held(part) >= ENOUGH * held(whole):
            return True
        if 2 * held(part) < held(whole):
            return False
        return (1 - ENOUGH) * held(part) >= text_held(whole) - text_held(part)

    named = [c for c in containers if c.body]
    if not named:
        return None
    best = max(named, key=held)
    inner = [c for c in named if best.start <= c.start and c.end <= best.end and nearly_all(c, best)]
    believable = held(best) >= min(NAMED_ENOUGH, NAMED_SHARE * sums[-1]) or sums[-1] < NAMED_ENOUGH
    # The cards of other articles may tell more than a short one.
    if not believable and text_held(best) < max(1, NAMED_SHARE * text_sums()[-1]):
        return None
    names, article = best.element.get("class"), _article_of(best)
    parts = [c for c in named if c.element.get("class") == names and _article_of(c) is article]
    if len(parts) > 1 and sum(map(held, parts)) >= IN_PARTS * held(best):
        return [c for c in containers if c.start <= parts[0].start and c.end >= parts[-1].end][-1]
    return inner[-1]


def _article_of(container: Container) -> Element | None:
    return next(container.element.iterancestors("article"), None)


def _by_text(
    outline: Outline, containers: list[Container], weights: list[int], title_position: int
) -> Container | None:
    blocks, lists = outline.blocks, outline.lists
    texts = [own and text_weight(block, lists) for own, block in zip(weights, blocks, strict=True)]
    texts = texts if any(texts) else weights
    start, end = longest_stretch(blocks, texts, title_position)
    sums = [0, *accumulate(texts)]
    if sums[end] - sums[start] < min(BRIEF, sums[-1] / 3):  # the title is another's, or the site's
        start, end = longest_stretch(blocks, texts, 0)

    def held(container: Container) -> int:
        return sums[min(container.end, end)] - sums[max(container.start, start)]

    found = containers[0]
    least = AT_LEAST * held(found)  # also where each element holds a little less than the one around it
    for container in containers:
        if (
            found.start <= container.start
            and container.end <= found.end
            and held(container) >= max(least, MOST * held(found))
        ):
            found = container
    if not sums[-1]:
        return None
    first = start if sums[start] > sums[found.start] else found.start
    # Short lines that end the text stand beside its paragraphs, or tell who wrote them.
    beside = blocks[end - 1].element.getparent()
    below = [*takewhile(lambda p: p.rule is None and _may_end(p, beside), blocks[end : found.end])]
    while below and below[-1].kind in ("h2", "h3", "h4"):  # of what is not the text's
        below.pop()
    return Container(found.element, first, end=min(found.end, end + len(below)))


def _may_end(block: PageBlock, beside: Element | None) -> bool:
    """Whether a short line below the text may be its end: one beside its paragraphs, also as a list that is not of
    links, and a credit line."""
    box = block.element.getparent()
    if box is not None and box.tag in ("ul", "ol") and 2 * block.linked < len(block.text):
        box = box.getparent()
    return box is beside or not block.text or credit_names(block.text) is not None


def longest_stretch(blocks: list[PageBlock], texts: list[int], first: int) -> tuple[int, int]:
    """Start and end of the stretch of blocks, from the `first` on, that has much text and little else.

    These are the maximum subsequences of Pasternack and Roth (Extracting Article Text from the Web, 2009): of them the
    first that has half as much as the best, since an article stands above what else its page tells.
    """
    stretches = [(0, first, len(blocks))]
    total, start = 0, first
    best = (0, first, first)
    for position in range(first, len(blocks)):
        total += texts[position] or -_against(blocks[position])
        if total <= 0:
            stretches.append(best)
            total, start, best = 0, position + 1, (0, first, first)
        elif total > best[0]:
            best = total, start, position + 1
    stretches.append(best)
    most = max(stretches)[0]
    return next((start, end) for total, start, end in stretches if 2 * total >= most and (total or not most))


def _against(block: PageBlock) -> int:
    if block.rule is not None:
        return ENDS.get(block.rule, REGION)
    if not block.text or block.kind in ("h2", "h3", "h4", "caption"):
        return 0
    return LINKS if 2 * block.linked >= len(block.text) else SHORT_LINE
