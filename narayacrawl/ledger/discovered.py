"""What a source says of an article: more than an address, where it knows more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """An article as a source names it. Moments are ISO 8601."""

    url: str
    """Its absolute address, as the source gives it."""
    id: int | None = None
    """WordPress' post id; None where the source does not tell it."""
    published: str | None = None
    """When it was published, with the portal's own offset where the source tells one; None where it tells none."""
    lastmod: str | None = None
    """When it was last changed, in UTC to the second (`2025-12-14T14:35:12+00:00`), so that two can be compared as
    text; of a day alone, its last second. None where the source does not tell."""
