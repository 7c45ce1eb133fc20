"""Read whether a page's text is for all or for subscribers, and how much of it such a page gives."""

import re
from functools import cached_property
from typing import Any, Final, cast

from lxml.etree import XPath
from lxml.etree import _Element as Element
from parsel import Selector

from narayacrawl.pages.fields.metadata import Metadata, texts
from narayacrawl.pages.outline.blocks import Container, text_length, visible_text
from narayacrawl.pages.outline.outline import Outline

# https://schema.org/isAccessibleForFree, also as the text or the address of a schema.org boolean.
TRUTHS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
# Facebook's `article:content_tier`; `metered` text is for all, up to so many articles.
TIERS: Final = {"free": True, "locked": False}
# Classes of the messages that membership plugins print in place of the text: Paid Memberships Pro, MemberPress,
# Restrict Content Pro, WooCommerce Memberships, Leaky Paywall, Jetpack, Simple Membership, Newspack.
WALL_CLASSES: Final = frozenset(
    {"pmpro_content_message", "pmpro-no-access", "mepr-unauthorized-message", "mepr-unauthorized-excerpt"}
    | {"rcp_restricted", "wc-memberships-restriction-message", "wc-memberships-content-restricted-message"}
    | {"leaky_paywall_message", "leaky_paywall_message_wrap", "jetpack-subscribe-paywall"}
    | {"swpm-post-not-logged-in-msg", "swpm-post-no-access-msg", "newspack-content-gate__gate"}
)
WALL_LIKE: Final = re.compile(
    r"(?:^|[-_])(?:pay|reg)wall|content[-_](?:gate|locker)|(?:subscribers?|members?|premium)[-_](?:only|content|wall)"
    r"|khusus[-_](?:pelanggan|anggota)",
    re.IGNORECASE,
)
CLASSES_INSIDE: Final = XPath("descendant-or-self::*/@class", smart_strings=False)
SIMPLE_SELECTOR: Final = re.compile(r"[.#][\w-]{1,100}(?:\s*,\s*[.#][\w-]{1,100}){0,9}")


class Access:
    """What a page says of who may read its text.

    `container` is the element that holds the text; None if there is none.
    """

    def __init__(
        self,
        selector: Selector,
        metadata: Metadata,
        outline: Outline,
        container: Container | None,
        body_classes: frozenset[str],
    ) -> None:
        self.selector, self.metadata, self.body_classes = selector, metadata, body_classes
        posts = [own.element for own in outline.containers if own.is_post or own.is_body]
        self._element: Element = container.element if container is not None else (*posts, selector.root)[0]
        """Where the text is, or would be."""

    @property
    def free(self) -> bool | None:
        """Return False if the page says that its text is for subscribers, True if for all; None if it says neither."""
        return self._free[0]

    @property
    def source(self) -> str | None:
        """Return what says so: `json-ld`, `meta`, `part` (of the JSON-LD), `wall` (a plugin's message); None if nothing
        does."""
        return self._free[1]

    @cached_property
    def _free(self) -> tuple[bool | None, str | None]:
        told, source = _truth(self.metadata.article.get("isAccessibleForFree")), "json-ld"
        if told is None:
            told, source = TIERS.get((self.metadata.first("article:content_tier") or "").lower()), "meta"
        if told is not True:
            if any(_truth(part.get("isAccessibleForFree")) is False for part in _parts(self.metadata)):
                return False, "part" if told is None else source
            if self.has_wall:
                return False, "wall" if told is None else source
        return told, None if told is None else source

    @cached_property
    def has_wall(self) -> bool:
        """True if a membership plugin's message stands in place of the text."""
        inside = {*cast("list[str]", CLASSES_INSIDE(self._element))}
        return bool(WALL_CLASSES & self.body_classes) or not WALL_CLASSES.isdisjoint(" ".join(inside).split())

    @property
    def has_wall_like(self) -> bool:
        """True if an element with text in it is named like a wall."""
        walls = (
            element
            for element in self._element.iter()
            if (names := element.get("class")) and any(map(WALL_LIKE.search, names.split()))
        )
        return self.has_wall or any(visible_text(element) for element in walls)

    @property
    def subscriber_text_length(self) -> int | None:
        """Count the characters of the parts that the metadata calls the subscribers' (`cssSelector`); None if it names
        none."""
        parts = (part for part in _parts(self.metadata) if not _truth(part.get("isAccessibleForFree")))
        queries = [one for part in parts for one in texts(part.get("cssSelector")) if SIMPLE_SELECTOR.fullmatch(one)]
        if not queries:
            return None
        return sum(text_length(element.root) for element in self.selector.css(", ".join(queries)))


def _parts(metadata: Metadata) -> list[dict[str, Any]]:
    parts = metadata.article.get("hasPart")
    return [part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict)]


def _truth(value: object) -> bool | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return TRUTHS.get(str(value).strip().lower().rpartition("/")[2]) if isinstance(value, str | bool | int) else None
