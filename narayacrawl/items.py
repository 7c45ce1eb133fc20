"""Define the record, and what a page says before it is normalised.

A page yields a `PublishedArticle`: strings as they stand on the page. The pipelines turn it into an `Article`: one line
of JSON Lines. The docstrings here are the contract; the JSON Schema in the package is generated from `Article`.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

BlockKind = Literal["p", "h2", "h3", "h4", "ul", "ol", "blockquote", "table"]
"""The kind of a block. `ul` and `ol` are one item of such a list; a table is one block."""

DatePrecision: TypeAlias = Literal["second", "minute", "day"]
"""How exact a date is that a page tells."""

RevisionChange: TypeAlias = Literal["first", "edit", "reread"]
"""What made a revision: the first sight of the article, an edit by the newsroom, or better rules that read its kept
page again."""

MediaKind: TypeAlias = Literal["video", "audio", "embed"]
"""What a player or an embed is: `embed` is anything but a video and a sound."""


@dataclass(slots=True)
class Block:
    """One block of a body, in reading order.

    `html` is inline HTML (`a`, `strong`, `em`) with absolute addresses, or a table's rows. `text` is what a reader
    sees: of a table, a row a line with ` | ` between cells. `page` is the page of a split article, from 1.
    """

    kind: BlockKind
    text: str
    html: str
    page: int = 1


@dataclass(slots=True)
class Image:
    """A picture that belongs to the article."""

    url: str
    """Absolute address, as the page gives it: the largest one that the markup names."""
    caption: str | None = None
    """The caption without its credit; None where there is none."""
    credit: str | None = None
    """Photographer, agency or source as printed, without the label `Foto:`; None where the caption names none."""


@dataclass(slots=True)
class Media:
    """A player or an embed that belongs to the article."""

    kind: str = field(metadata={"json_schema_extra": {"enum": [*get_args(MediaKind)]}})
    """`video`, `audio`, or `embed` for anything else: a post of another network, a document, a map."""
    url: str
    """Absolute address of what is played or shown, without tracking parameters."""


@dataclass(slots=True)
class RelatedLink:
    """A link of a related line (`BACA JUGA: …`) inside the body."""

    title: str
    """The headline that is linked, without the label."""
    url: str
    """Absolute address without tracking parameters."""


@dataclass(slots=True)
class PublishedArticle:
    """What one page says, as found: the page's own strings, and the blocks that belong to the article."""

    url: str
    """The canonical address, absolute, without tracking parameters."""
    fetched_at: str | None
    """When the answer came, ISO 8601 in UTC; relative dates are read against it. None if unknown."""
    id: int | None = None
    title: str | None = None
    description: str | None = None
    standfirst: str | None = None
    date: str | None = None
    """The chosen date as the page writes it: `2025-12-14T14:35:12+00:00` or `Minggu, 14 Desember 2025 | 21:35 WIB`."""
    date_source: str | None = None
    """Where `date` was found: json-ld, opengraph, time, text, rest, …"""
    date_precision: DatePrecision | None = None
    """Always None as published: normalising the date tells it."""
    modified: str | None = None
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    section: str | None = None
    sections: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    dateline: str | None = None
    """Always None as published: the first block still opens with it."""
    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    related: list[RelatedLink] = field(default_factory=list)
    language: str | None = None
    free: bool | None = None
    portal: str | None = None
    site_name: str | None = None
    """The name of the portal as the page prints it: datelines and bylines carry it."""

    def __str__(self) -> str:
        """Return the address: what the log prints of an item."""
        return self.url


@dataclass(slots=True)
class Article:
    """One article of a portal, normalised."""

    url: str
    """Canonical absolute URL without tracking parameters."""
    id: int | None
    """The portal's own post id (WordPress `?p=ID`); None where the page does not tell it."""
    portal: str
    """The spider's name; of the any-portal spider `wordpress`, and of `extract`, the host, without `www.`."""
    site_name: str | None
    """The portal's name as the page prints it; None where it prints none."""
    title: str
    """The headline as a reader sees it: no site name, Unicode NFC, one line."""
    description: str | None
    """The portal's own summary (meta description), one line; None where it gives none."""
    standfirst: str | None
    """What the page prints between headline and text, set apart: a written excerpt, a lede; several paragraphs with one
    empty line between two. None where there is none, or it only repeats how the text begins. Not part of `body`."""
    date: str | None
    """When it was published, ISO 8601 to the second with the portal's local offset, `2025-12-14T21:35:12+07:00`.
    A crawl drops an article without one; `extract` gives None where nobody can read it."""
    date_precision: str | None = field(metadata={"json_schema_extra": {"enum": [*get_args(DatePrecision), None]}})
    """What the page told of `date`, `second`, `minute` or `day`: what is finer is zero; None where `date` is."""
    modified: str | None
    """The last edit, same form; None where it equals `date` or is unknown."""
    authors: list[str]
    """Names as printed: the byline's first, then those of `Penulis` and `Reporter` lines; [] where there are none."""
    editors: list[str]
    """Names of `Editor` lines, as printed."""
    section: str | None
    """Name of the primary category, the child where it is one; None where the page does not tell it."""
    sections: list[str]
    """The path to it, the parent first; `section` is its last. [] where there is none."""
    tags: list[str]
    """Names of the tags, in the page's order."""
    dateline: str | None
    """`YOGYAKARTA, NarayaPost`: taken off the first paragraph, without its dash; None where it opens without one."""
    body: str
    """Paragraphs, subheadings, list items, quotations and tables in reading order, one empty line between two;
    "" for an article of images only."""
    body_html: str
    """The same blocks as clean HTML, a block or a list a line: p h2 h3 h4 ul ol li blockquote table tr th td a em
    strong."""
    words: int
    """How many words `body` has."""
    images: list[Image]
    """The lead image first, then those of the body in order."""
    media: list[Media]
    """The players and embeds of the article in order: a player above the text first."""
    related: list[RelatedLink]
    """The related lines inside the body, in order."""
    language: str
    """BCP 47 tag as the page declares it (`id`, `id-ID`); `und` where it declares none."""
    free: bool | None
    """False where the page says that its text is for subscribers, true where it says that it is for all; None where it
    says neither."""
    revision: int
    """1 when first seen, one more for each edit that changed title, date or body, and for each reread that changed a
    field."""
    change: str | None = field(metadata={"json_schema_extra": {"enum": [*get_args(RevisionChange), None]}})
    """What made this revision: `first`, `edit` (the newsroom's) or `reread` (its kept page, read by better rules);
    None in what a version wrote that did not tell it."""
    fetched_at: str | None
    """When the answer came, ISO 8601 in UTC, `2025-12-14T14:40:00+00:00`; in a replay, when it was recorded.
    Always set by a crawl; None from `extract` unless it was told."""

    def __str__(self) -> str:
        """Return the address: what the log prints of an item."""
        return self.url


def digest(title: str, date: str | None, body: str) -> str:
    """Return the hash of title, date and body, another one after every visible edit: SHA-256 in hexadecimal."""
    return hashlib.sha256("\0".join((title, date or "", body)).encode()).hexdigest()


def article_schema() -> dict[str, Any]:
    """Return the JSON Schema of the record (draft 2020-12), kept in the package as `article.schema.json`."""
    from itemadapter import ItemAdapter

    schema = ItemAdapter.get_json_schema(Article)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Article", **schema}
