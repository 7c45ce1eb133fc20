"""Lists of other articles, known by their shape: cards side by side that all link somewhere."""

from lxml.etree import _Element as Element

CARD_TAGS = frozenset({"article", "div", "li", "section"})


class Lists:
    """Which elements of a page stand in one of three or more siblings of the same tag and class that all link
    somewhere: the cards of a list, whatever the theme calls them. Each element, and each kind of sibling, is looked at
    once."""

    def __init__(self) -> None:
        self._held: dict[Element, bool] = {}
        self._alike: dict[tuple[Element, str, str], bool] = {}

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
        kind = parent, element.tag, names
        if kind not in self._alike:
            alike = [e for e in parent.iterchildren(element.tag) if e.get("class") == names]
            self._alike[kind] = len(alike) > 2 and all(next(e.iter("a"), None) is not None for e in alike)
        return self._alike[kind]
