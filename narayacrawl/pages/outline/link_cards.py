"""Find lists of other articles by their shape: sibling cards that all hold a link."""

from collections.abc import Iterator
from itertools import islice

from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import is_shorter_than

# Anything longer is an article that stands among cards; white space counts.
MAX_CARD_LENGTH = 3000
# A card has a teaser; more paragraphs than that are a text.
MIN_PARAGRAPHS, MIN_PARAGRAPH_LENGTH = 3, 80
# So many links tell what an element is.
MAX_LINKS = 20
CARD_TAGS = frozenset({"article", "div", "li", "section"})


class LinkCards:
    """Detect the cards of a list, whatever the theme calls them: three or more siblings of the same tag and class that
    all lead elsewhere. Each element and each kind of sibling is checked once."""

    def __init__(self) -> None:
        self._in_card: dict[Element, bool] = {}
        self._card_kinds: dict[Element, set[tuple[str, str]]] = {}

    def contain(self, element: Element) -> bool:
        """True if an element is such a card or stands in one."""
        path: list[Element] = []
        current: Element | None = element
        in_card = False
        while current is not None and current.tag not in ("body", "main"):
            if current in self._in_card:
                in_card = self._in_card[current]
                break
            path.append(current)
            in_card = self._is_card(current)
            if in_card:
                break
            current = current.getparent()
        self._in_card.update(dict.fromkeys(path, in_card))
        return in_card

    def _is_card(self, element: Element) -> bool:
        """True if an element is one of such siblings and short enough for a card."""
        parent, names = element.getparent(), element.get("class")
        if parent is None or not names or element.tag not in CARD_TAGS:
            return False
        if parent not in self._card_kinds:
            self._card_kinds[parent] = set(card_kinds(parent))
        return (element.tag, names) in self._card_kinds[parent] and is_shorter_than(element, MAX_CARD_LENGTH)


def card_kinds(parent: Element) -> Iterator[tuple[str, str]]:
    """Yield the (tag, class) of those children that are cards."""
    siblings: dict[tuple[str, str], list[Element]] = {}
    for child in parent.iterchildren(*CARD_TAGS):
        if names := child.get("class"):
            siblings.setdefault((child.tag, names), []).append(child)
    for kind, children in siblings.items():
        if len(children) > 2 and all(map(leads_elsewhere, children)):
            yield kind


def leads_elsewhere(element: Element) -> bool:
    """True if an element has a link that stands for itself, as a headline, a picture or a line does; a link inside a
    sentence belongs to the text. Paragraphs of sentences are a text with links, however many."""
    links = islice(element.iter("a"), MAX_LINKS)
    if not any(map(_stands_alone, links)):
        return False
    long = (p for p in element.iter("p") if not is_shorter_than(p, MIN_PARAGRAPH_LENGTH))
    return sum(1 for p in islice(long, MAX_LINKS) if next(p.iter("a"), None) is None) < MIN_PARAGRAPHS


def _stands_alone(link: Element) -> bool:
    """True if a link is all the text of the element that it stands in, or holds a heading or a picture."""
    parent = link.getparent()
    if parent is None or next(link.iter("img", "h1", "h2", "h3", "h4", "h5", "h6"), None) is not None:
        return True
    beside = [parent.text, *(child.tail for child in parent)]
    return not any(text and not text.isspace() for text in beside)
