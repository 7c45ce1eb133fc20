"""Tell an author's name from the other names of a page: those of the site, of its sections, and the article's title."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import cast
from urllib.parse import unquote, urlsplit

from lxml.etree import XPath
from lxml.etree import _Element as Element

from narayacrawl.language.credits import is_desk_name, is_full_name
from narayacrawl.pages.fields.metadata import Metadata, texts
from narayacrawl.pages.outline.blocks import SECTION_ADDRESS, fold, text_of
from narayacrawl.pages.outline.outline import Outline

# A person's page, in the addresses of newsrooms' own systems.
PERSON_ADDRESS = re.compile(
    r"/(?:authors?|autor(?:a|en|es|in|innen)?|auteurs?|penulis|reporter|wartawan|jurnalis|kontributor|contributors?|staff|team"
    r"|creators?|kreator|people|profile?s?|redaktion|redaksi|writers?|journalists?|users?)/(?P<slug>[^/?#]+)/?$",
    re.IGNORECASE,
)
PART_SEPARATOR = re.compile(r"\s?[•·|]\s|\s[-–—/]\s|\s/(?=[A-Z])|,\s")
LINKS_CONTAINING = XPath(".//a[contains(@href, $word)]")
MAX_SECTION_LENGTH, MAX_MENU_ADDRESS_LENGTH = 40, 100


class PageNames:
    """The names on one page that are no author's; `site` and `title` are folded."""

    def __init__(self, site: frozenset[str], title: str, metadata: Metadata, outline: Outline) -> None:
        self.site, self.title = site, title
        self._metadata, self._outline = metadata, outline

    def authors_among(self, names: Sequence[str], *, is_linked: bool = False) -> list[str]:
        """Return the names once each, without the site's and the sections': neither alone nor beside a name
        (`NarayaPost - Budi`, `Budi | Daerah`). One that links to a person's page is no section's."""
        kept = (self._author_in(name, is_linked=is_linked) for name in names)
        return list(dict.fromkeys(name for name in kept if name and fold(name) != self.title))

    def _author_in(self, name: str, *, is_linked: bool) -> str:
        """Return the author's part of one name; "" if there is none."""
        if fold(name) in self.site or (not is_linked and self._is_other(name)):
            return ""
        parts = PART_SEPARATOR.split(name)
        if len(parts) > 1:
            others = [part for part in parts if not self._is_other(part) and fold(part) not in self._folders]
            if len(others) < len(parts):
                return " - ".join(others) if len(others) < 2 or any(map(is_full_name, others)) else ""
        words = name.split()
        ends = (count for count in (1, 2, 3) if fold(" ".join(words[-count:])) in self.site)
        person = " ".join(words[: -next(ends, len(words))])
        return person if is_full_name(person) else name

    def _is_other(self, name: str) -> bool:
        """True if a name is the site's or a section's."""
        folded = fold(name)
        if folded in self.site:
            return True
        is_told = folded in self._told_names
        if folded in self._section_names and not (is_told and is_full_name(name)):
            return True
        if is_told:
            return False
        if self._links_to_section(name):
            return True
        # Every portal's menu has its `Redaksi`.
        return not is_full_name(name) and not is_desk_name(name) and self._stands_in_menu(name)

    @cached_property
    def _told_names(self) -> frozenset[str]:
        """The authors that the metadata names, folded: a columnist's section may have the columnist's name."""
        metadata = self._metadata
        return frozenset(map(fold, (*metadata.names(metadata.article.get("author")), *metadata.meta.get("author", ()))))

    @cached_property
    def _section_names(self) -> frozenset[str]:
        """The sections that the metadata gives the article, folded."""
        metadata = self._metadata
        stated = (*metadata.meta.get("article:section", ()), *texts(metadata.article.get("articleSection")))
        names = (*stated, *metadata.breadcrumb)
        return frozenset(fold(name) for name in names if len(name) <= MAX_SECTION_LENGTH)

    def _links_to_section(self, name: str) -> bool:
        """True if a link of this text leads to a section."""
        folded = fold(name)
        links = (link for block in self._outline.blocks for link in block.links if len(link[1]) == len(name))
        return any(fold(text) == folded and SECTION_ADDRESS.search(href) for href, text in links)

    @cached_property
    def _folders(self) -> frozenset[str]:
        """The folders of the article's address, folded."""
        return frozenset(fold(unquote(part)) for part in urlsplit(self._metadata.url).path.split("/")[:-1] if part)

    def _stands_in_menu(self, name: str) -> bool:
        """True if a menu links this name to a folder of the same name."""
        folded, first_word = fold(name), name.partition(" ")[0].lower()
        links = cast("list[Element]", LINKS_CONTAINING(self._outline.root, word=first_word))
        return any(
            len(href := link.get("href") or "") < MAX_MENU_ADDRESS_LENGTH
            and fold(urlsplit(href).path) == folded == fold(text_of(link))
            and is_in_menu(link)
            for link in links
        )


def is_in_menu(link: Element) -> bool:
    """True if a link stands in a menu."""
    return any(
        ancestor.tag == "nav" or "menu" in (ancestor.get("class") or "") for ancestor in islice(link.iterancestors(), 5)
    )
