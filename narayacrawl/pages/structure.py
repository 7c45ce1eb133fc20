"""Tell how a listing is built, and whether it is built otherwise than before: by its theme, its body's classes, its
landmarks and what its entries stand in, not by what it lists.

A list of ten entries is ten samples of one template: what nearly all of them had and none has any more is the
template's, whatever lead story, banner or widget came and went beside it.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from lxml.etree import _Element as Element

from narayacrawl.pages.listing import ListingPage

THEME = re.compile(r"/wp-content/themes/([\w.-]{1,80})/")
LANDMARKS: Final = ("header", "main", "footer", "h1")
METADATA: Final = ("og", "article", "twitter")
WORDPRESS_KINDS: Final = frozenset({
    "home", "blog", "page", "archive", "category", "tag", "author", "date", "single", "search", "error404", "rtl"
})  # fmt: skip
"""What WordPress itself calls a page in its body's classes."""
PASSING_CLASS = re.compile(
    r"(?:logged-in|admin-bar|.*customize-support|(?:no-)?js|paged(?:-.+)?|.+-paged(?:-.+)?|sticky|active|current[\w-]*"
    r"|first|last|odd|even|(?:has|no)-post-thumbnail|(?:category|tag|author|term|format|status|postid|page-id|parent-page"
    r"id|wp-container|wp-elements|wp-image|post_tag)-.+|chrome|safari|firefox|edge|opera|gecko|(?:is-)?(?:dark|light)"
    r"(?:-(?:mode|theme))?|iphone|android|mobile|desktop)",
    re.IGNORECASE,
)
"""Classes that tell of the reader, of a moment or of one post."""
DIGITS = re.compile(r"\d+")
ATTRIBUTES: Final = ("datetime", "src", "itemprop", "rel")
MAX_CLASSES: Final = 20
"""Of one element, and ancestors of one entry: no theme has more that tell anything."""
MAX_INSIDE: Final = 100
"""Elements of one entry's card that are looked at."""
MAX_ENTRIES: Final = 60
MAX_JSON: Final = 100_000
"""Characters of one block of JSON-LD that are worth a look."""
MIN_SAME: Final = 3
"""Of the same articles, so many do not lose the same by themselves."""
MAX_CHANCE: Final = 0.005
"""What all entries lack now may be no accident if it had been one with this probability."""
NO_CHANCE: Final = 1e-6
"""What all entries lack now is no accident if it had been one with this probability."""


@dataclass(frozen=True, slots=True)
class PageStructure:
    """How one listing is built."""

    markers: Mapping[str, frozenset[str]]
    """What the page as a whole has, by what tells it: `theme`, `kind`, `classes`, `metadata`, `language`, landmarks."""
    entries: int
    """How many entries stand in its list, not beside it."""
    around: Mapping[str, int]
    """In how many of their entries' ancestors each element and class is: `main`, `div.site-content`."""
    inside: Mapping[str, int]
    """In how many of the entries each is: `time`, `time[datetime]`, `span.byline`."""
    listed: str
    """Hash of the entries' addresses, in their order."""

    @classmethod
    def of(cls, page: ListingPage) -> Self:
        """Read how a listing is built."""
        listed = [(e.url, e.element) for e in page.entries if not e.aside and e.element is not None][:MAX_ENTRIES]
        chains = [list(link.iterancestors()) for _, link in listed]
        cards = _cards(chains)
        around: Counter[str] = Counter()
        inside: Counter[str] = Counter()
        for chain, card in zip(chains, cards, strict=True):
            own = {name for element in chain[:MAX_CLASSES] for name in _names(element)}
            around.update(own)
            if len(cards) > 1:
                inside.update(_inside(card) - own)
        digest = hashlib.sha256("\n".join(url for url, _ in listed).encode("utf-8", "replace")).hexdigest()[:12]
        # Of a single entry nobody knows where its card ends.
        parts = set(cards) if len(cards) > 1 else set()
        return cls(_markers(page, parts), len(chains), around, inside, digest)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return the structure that `to_json` wrote."""
        markers = {name: frozenset(values) for name, values in value["markers"].items()}
        return cls(markers, value["entries"], value["around"], value["inside"], value["listed"])

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        markers = {name: sorted(values) for name, values in self.markers.items() if values}
        counted = {name: dict(sorted(getattr(self, name).items())) for name in ("around", "inside")}
        return {"markers": markers, "entries": self.entries, "listed": self.listed, **counted}

    def differences(self, former: Self, max_chance: float = MAX_CHANCE) -> list[str]:
        """Return what is otherwise than it was, each in a few words; empty if the page is built as it was. What other
        articles in the list would explain with a probability of `max_chance` is no difference."""
        return [*self._other_markers(former), *self._other_entries(former, max_chance)]

    def _other_markers(self, former: Self) -> Iterator[str]:
        for name in sorted({*self.markers, *former.markers}):
            old, new = former.markers.get(name, frozenset()), self.markers.get(name, frozenset())
            if IS_OTHER.get(name, _are_disjoint)(old, new):
                yield f"{name} {_shown(old)} → {_shown(new)}"

    def _other_entries(self, former: Self, max_chance: float) -> Iterator[str]:
        if former.entries and not self.entries:
            yield f"entries {former.entries} → 0"
        elif self.entries and former.entries:
            lost, gained = _lost(former, self, max_chance), _lost(self, former, max_chance)
            if lost or gained:
                yield f"entries in {_shown(lost)} → {_shown(gained)}"


def _lost(before: PageStructure, now: PageStructure, max_chance: float) -> set[str]:
    """Return what entries had before and have no more: more than chance would take, or, where the same articles are
    listed, more than one or two would."""
    lost = set()
    for had, has, elsewhere, least, doubt in (
        (before.around, now.around, now.inside, 0.5, 0.2),
        (before.inside, now.inside, now.around, 0.4, 2),
    ):
        for name, count in had.items():
            if has.get(name) or elsewhere.get(name):
                continue
            share = count / (before.entries + doubt)
            is_no_chance = count >= least * before.entries and (1 - share) ** now.entries < max_chance
            if is_no_chance or (count >= MIN_SAME and before.listed == now.listed):
                lost.add(name)
    return lost


def _cards(chains: list[list[Element]]) -> list[Element]:
    """Return of each entry the largest element that holds no other one."""
    shared = Counter(element for chain in chains for element in chain)
    return [next((own for own in reversed(chain) if shared[own] == 1), chain[0]) for chain in chains]


def _names(element: Element) -> Iterator[str]:
    """Yield what an element is: its tag, and its tag with each class and with its id, numbers left out."""
    tag = element.tag
    yield tag
    words = (element.get("class") or "").split()[:MAX_CLASSES]
    for word in words:
        if not PASSING_CLASS.fullmatch(word):
            yield f"{tag}.{DIGITS.sub('#', word)}"
    if identity := element.get("id"):
        yield f"{tag}#{DIGITS.sub('#', identity)}"


def _inside(card: Element) -> set[str]:
    names: set[str] = set()
    for number, element in enumerate(card.iter()):
        if number >= MAX_INSIDE:
            break
        if isinstance(element.tag, str):
            names.update(_names(element))
            names |= {f"{element.tag}[{name}]" for name in ATTRIBUTES if _is_told(element.get(name))}
            if element.tag == "a" and element.get("href"):
                parent = element.getparent()
                names.add(f"{parent.tag if parent is not None else ''} > a")
    return names


def _is_told(value: str | None) -> bool:
    """True if an attribute says something: a picture that a script loads later has a placeholder."""
    return bool(value) and not str(value).startswith("data:")


def _markers(page: ListingPage, cards: set[Element]) -> dict[str, frozenset[str]]:
    root = page.selector.root
    classes = {DIGITS.sub("#", own) for own in page.body_classes if not PASSING_CLASS.fullmatch(own)}
    markers = {
        "theme": frozenset(_themes(root)),
        "kind": WORDPRESS_KINDS & classes,
        "body classes": frozenset(classes - WORDPRESS_KINDS),
        "metadata": frozenset(_metadata(page)),
        "language": frozenset({(root.get("lang") or "").partition("-")[0].lower()} - {""}),
    }
    for tag in LANDMARKS:
        names = {name for element in root.iter(tag) if not _is_part(element, cards) for name in _names(element)}
        markers[tag] = frozenset(names - {tag} or names)
    return markers


def _themes(root: Element) -> Iterator[str]:
    for element in root.iter("link", "script", "style"):
        told = element.text if element.tag == "style" else element.get("href") or element.get("src")
        if found := THEME.search(told or ""):
            yield found[1]


def _metadata(page: ListingPage) -> Iterator[str]:
    root = page.selector.root
    for element in root.iter("meta"):
        family = (element.get("property") or element.get("name") or "").partition(":")[0]
        if family in METADATA:
            yield family
    for element in root.iter("script"):
        if element.get("type") == "application/ld+json" and element.text:
            yield "JSON-LD" if _is_json(element.text) else "broken JSON-LD"


def _is_json(text: str) -> bool:
    if len(text) > MAX_JSON:
        return True
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_part(element: Element, cards: set[Element]) -> bool:
    """True if a landmark is one of an entry or a widget, not of the page."""
    above = element.iterancestors()
    return element in cards or any(own in cards or own.tag in ("article", "aside", "section", "li") for own in above)


def _are_disjoint(old: frozenset[str], new: frozenset[str]) -> bool:
    """True if nothing is left of what was there."""
    return bool(old) and not old & new


def _are_others(old: frozenset[str], new: frozenset[str]) -> bool:
    """True if both are known and are not the same."""
    return bool(old and new) and old != new


def _are_mostly_others(old: frozenset[str], new: frozenset[str]) -> bool:
    """True if most of at least three classes are others."""
    return len(old | new) >= 3 and 2 * len(old & new) < len(old | new)


IS_OTHER: Final = {
    "theme": _are_others,
    "kind": frozenset.__ne__,
    "metadata": frozenset.__ne__,
    "language": _are_others,
    "body classes": _are_mostly_others,
}
"""When a marker is another; a landmark is if nothing is left of it."""


def _shown(names: Iterable[str]) -> str:
    """Return a few names as a line shows them."""
    first = sorted(names)
    return ", ".join(first[:3]) + (", …" if len(first) > 3 else "") if first else "none"
