"""Lists of other articles, known by their shape: cards side by side that all link somewhere."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import is_shorter

# Longer than this is no card but an article that stands among some; white space counts.
LONGEST = 3000
CARD_TAGS = frozenset({"article", "div", "li", "section"})


class Lists:
    """Which elements of a page stand in one of three or more siblings of the same tag and class that all link
    somewhere: the cards of a list, whatever the theme calls them. Each element, and each kind of sibling, is looked at
    once."""

    def __init__(self) -> None:
        self._held: dict[Element, bool] = {}
        self._kinds: dict[Element, set[tuple[str, str]]] = {}

    def hold(self, element: Element) -> bool:
        path: list[Element] = []
        own: Element | None = element
        held = False
        while own is not None and own.tag not in ("body", "main"):
            if own in self._held:
                held = self._held[own]
                break
            path.append(own)
            held = self._is_card(own)
            if held:
                break
            own = own.getparent()
        self._held.update(dict.fromkeys(path, held))
        return held

    def _is_card(self, element: Element) -> bool:
        parent, names = element.getparent(), element.get("class")
        if parent is None or not names or element.tag not in CARD_TAGS:
            return False
        if parent not in self._kinds:
            self._kinds[parent] = set(card_kinds(parent))
        return (element.tag, names) in self._kinds[parent] and is_shorter(element, LONGEST)


def card_kinds(parent: Element) -> Iterator[tuple[str, str]]:
    """Tag and class of those children that are cards."""
    alike: dict[tuple[str, str], list[Element]] = {}
    for child in parent.iterchildren(*CARD_TAGS):
        if names := child.get("class"):
            alike.setdefault((child.tag, names), []).append(child)
    for kind, children in alike.items():
        if len(children) > 2 and all(next(child.iter("a"), None) is not None for child in children):
            yield kind
