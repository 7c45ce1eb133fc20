"""What a source says of an article, and what the ledger answers: more than an address, where the source knows more."""

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class DiscoveredArticle:
    """An article as a source lists it. Moments are ISO 8601."""

    url: str
    """Its absolute address, as the source gives it."""
    id: int | None = None
    """WordPress' post id; None if the source does not tell it."""
    published: str | None = None
    """When it was published, with the portal's own offset if the source tells one; None if it tells no date."""
    lastmod: str | None = None
    """When it was last changed, in UTC to the second (`2025-12-14T14:35:12+00:00`), so that two can be compared as
    text; of a day alone, its last second. None if the source does not tell."""
    length: int | None = None
    """How many characters of text it has, or at least; None if the source does not give its text."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who lists an article."""

    name: str
    """`rest`, `sitemap`, `feed` or `listing`."""
    file: int | None = None
    """Of a sitemap, which file: its id in the ledger's table `sources`; None for one that drops old articles or that is
    read in part only."""


LISTING: Final = Source("listing")
FEED: Final = Source("feed")
REST: Final = Source("rest")


@dataclass(slots=True)
class DiscoveryResult:
    """What the ledger knew of the articles that a source listed."""

    new: int = 0
    """How many nobody knew: they are due now."""
    written: int = 0
    """How many are written already."""
    changed: int = 0
    """How many known ones are due again: the source tells of a change, or they are back."""
    known_ids: list[int] = field(default_factory=list)
    """Ledger ids of those that the ledger knew."""
    is_believed: bool = True
    """False if the source calls so many changed at once that none of it is believed."""
    removed: int = 0
    """How many were removed for good: they are never due."""

    @property
    def added_no_work(self) -> bool:
        """True if nothing is due because of this."""
        return not self.new and not self.changed
