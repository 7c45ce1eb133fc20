"""Define the ledger's tables for SQLAlchemy.

Timestamps are text, ISO 8601 in UTC to the second: they sort, and any SQLite shell shows them readable.
"""

from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
    func,
    literal_column,
    or_,
)

SCHEMA: Final = 6
"""Version of the tables. A ledger of an earlier schema is upgraded when it is opened; one of a later is refused."""

metadata = MetaData()

schema = Table(
    "schema",
    metadata,
    Column("version", Integer, nullable=False),
    Column("checked", Text),  # when the whole file was last looked through for damage; null: never
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal", Text, nullable=False),
    Column("spider", Text, nullable=False),
    Column("arguments", Text, nullable=False),  # JSON
    Column("started", Text, nullable=False),
    Column("ended", Text),  # null: the run is going on, or was killed
    Column("reason", Text),  # Scrapy's finish_reason; `killed` once a later run has noticed
    Column("segment", Text),  # name of its segment and its WARC, without an ending; null if it wrote neither
    Column("acknowledged", Integer, nullable=False, default=0),  # valid bytes of the segment
    Column("articles", Integer, nullable=False, default=0),  # lines in these bytes
    Column("sealed", Integer, nullable=False, default=0),
    # JSON: every stat of the run. Null: it goes on or was killed, if it has no end; if it has one, its figures stand in
    # `days`, under the day on which it began, and nowhere else. A run is counted in one of the two.
    Column("stats", Text),
    Column("warc", Integer),  # valid bytes of its WARC, which is named as its segment is; null: it keeps none
    Column("warc_sealed", Integer, nullable=False, server_default="0"),
    # Ids are never reused: segments are named after them.
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal", Text, nullable=False),
    Column("post_id", Integer),  # WordPress' id; null while it is unknown
    Column("url", Text, nullable=False),  # as a source lists it; canonical once the page was read
    Column("state", Text, nullable=False),  # pending, done, rejected, gone, failed, removed
    Column("reason", Text),  # why it was rejected or failed
    Column("failures", Integer, nullable=False, default=0),  # in a row
    Column("code", Text),  # version of the code that rejected it
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("seen_run", Integer, nullable=False),
    Column("drawn_run", Integer, nullable=False, default=0),
    Column("last_fetched", Text),
    Column("fetched_run", Integer, nullable=False, default=0),
    Column("next_check", Text),  # when it is rechecked; null: only if a source tells of a change
    # Rechecks in a row without a change; -1 before one that a source caused, which does not count.
    Column("checks", Integer, nullable=False, server_default="0"),
    Column("lastmod", Text),  # the latest change by a source, in UTC; null if none is believed
    Column("modified", Text),  # the last edit by the page itself, in UTC
    Column("as_of", Text),  # when its last record was fetched, minus the age of a cached response
    Column("rest", Integer, nullable=False, server_default="0"),  # 1: the REST API lists it
    Column("feed", Integer, nullable=False, server_default="0"),  # 1: the feed lists it, or did when it was new
    Column("sitemap", Integer),  # id in `sources` of the sitemap file that lists it
    Column("etag", Text),
    Column("last_modified", Text),
    Column("published", Text),  # date of its record; of one that was read anew, the date that was read last
    Column("revision", Integer, nullable=False, default=0),  # 0: not written yet
    Column("hash", Text),  # of title, date and body of that revision
    Column("reading", Text),  # version of the reading that made the hash; null: one before schema 3
    Column("renewed", Text),  # hash of that revision by a later reading; null: the reading that wrote it is the last
    Column("date_precision", Text),  # of `published`: second, minute or day; null: its zeros tell
    Column("told_change", Text),  # the latest change that sources and page told of when that revision was read
    Column("shape", Text),  # of that revision, see `Shape`; null: unknown
    Column("body_length", Integer),  # characters of that revision's body; 0: none, or nobody knows; null: not looked up
    Column("source_length", Integer),  # characters of the article's text by the word of a source; null: none told
    Column("held", Text),  # since when a page that a redesign changed is held back; null: it is not
    Column("deaths", Integer, nullable=False, server_default="0"),  # of processes that were reading it, in a row
    Column("title", Text),  # fingerprint of its page's title, see `identity`; null: unknown
    # 1: another article's pages print its `post_id`, too, which tells nothing then without a second witness
    Column("shared_id", Integer, nullable=False, server_default="0"),
    Column("section", Text),  # of that revision; null: it has none, or nobody knows
    Column("stored", Text),  # when its first revision was written; null: unknown
    UniqueConstraint("portal", "post_id"),
)
sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal", Text, nullable=False),
    Column(
        "name", Text, nullable=False
    ),  # rest, feed, listing or sitemap; for a file or one of several, with its address
    Column("scope", Text, nullable=False),  # JSON of the arguments that narrow what it lists; "" if none does
    Column("url", Text),  # its address, if it had to be searched for
    Column("cursor", Text),  # where the next run resumes; null: at the start
    Column("completed", Text),  # when it was last read completely; null: never
    Column("watermark", Text),  # the latest change that it told of
    Column("visited", Text),  # when it was last read
    Column("quiet", Integer, nullable=False, server_default="0"),  # reads in a row that listed nothing new
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("etag", Text),
    Column("last_modified", Text),
    Column("lastmod", Text),  # of a sitemap file: its `lastmod` in the index when it was last read
    UniqueConstraint("portal", "name", "scope"),
)

portals = Table(
    "portals",
    metadata,
    Column("portal", Text, primary_key=True),
    Column("retry_after", Text),  # no request before this moment, by the portal's word; null: it told none
    Column("accepted", Integer, nullable=False, server_default="0"),  # 1: the next run takes a redesign as it is
    Column("timezone", Text),  # IANA name or offset of its dates that tell none; null: not known
    Column("accepted_run", Integer),  # the last run that took its pages as they were; null: none has
    Column("structure", Text),  # JSON: how its front page and a listing were built when a run last read them
    sqlite_with_rowid=False,
)

days = Table(
    "days",
    metadata,
    Column("portal", Text, primary_key=True),
    Column("day", Text, primary_key=True),  # YYYY-MM-DD in UTC
    Column("runs", Integer, nullable=False),  # that began on it and were folded into this row
    Column("articles", Integer, nullable=False),  # lines that they wrote
    Column("stats", Text, nullable=False),  # JSON: sums of their stats; the highest of those that tell how things stand
    sqlite_with_rowid=False,
)

# A run looks for what is open, lacking or stale among a million articles that are neither: an index for each question
# holds nothing else. SQLite takes it where the question repeats its condition to the letter, constants, too.
IS_DONE: Final = articles.c.state == literal_column("'done'")
IS_OPEN: Final = articles.c.state != literal_column("'done'")
IS_NOT_IN_REST: Final = articles.c.rest == literal_column("0")
IS_NOT_IN_SITEMAP: Final = articles.c.sitemap.is_(None)
IS_STALE: Final = and_(
    or_(articles.c.rest == literal_column("1"), articles.c.sitemap.is_not(None)),
    func.coalesce(
        and_(
            articles.c.lastmod < articles.c.as_of,  # what was edited in the second it was fetched may be either
            or_(articles.c.modified.is_(None), articles.c.modified <= articles.c.lastmod),
        ),
        literal_column("0"),
    )
    == literal_column("0"),
)
"""A source lists the article, and does not tell that it is unchanged since it was fetched."""
IS_EDITED_LATER: Final = articles.c.modified > articles.c.lastmod
IS_UNMEASURED: Final = and_(articles.c.body_length.is_(None), articles.c.revision > literal_column("0"))

# SQLite appends the id to every index: those of the portal alone sort its articles by id.
Index("articles_all", articles.c.portal)
Index("articles_open", articles.c.portal, sqlite_where=IS_OPEN)
Index("articles_due", articles.c.portal, articles.c.next_check, sqlite_where=IS_DONE)
Index("articles_stale", articles.c.portal, articles.c.next_check, sqlite_where=and_(IS_DONE, IS_STALE))
Index("articles_edited_later", articles.c.portal, sqlite_where=and_(IS_DONE, IS_EDITED_LATER))
Index("articles_not_in_rest", articles.c.portal, sqlite_where=IS_NOT_IN_REST)
Index("articles_not_in_sitemap", articles.c.portal, sqlite_where=IS_NOT_IN_SITEMAP)
Index("articles_in_sitemap", articles.c.sitemap, sqlite_where=articles.c.sitemap.is_not(None))
Index("articles_unmeasured", articles.c.portal, sqlite_where=IS_UNMEASURED)

IS_GOING_ON: Final = and_(runs.c.ended.is_(None), runs.c.reason.is_(None))
"""The run is going on, or was killed and no later run has noticed."""
HAS_SEGMENT: Final = runs.c.segment.is_not(None)
HAS_WRITTEN: Final = runs.c.articles > literal_column("0")
Index("runs_of_portal", runs.c.portal)
Index("runs_written", runs.c.portal, sqlite_where=HAS_WRITTEN)
HAS_STATS: Final = runs.c.stats.is_not(None)
Index("runs_going_on", runs.c.portal, sqlite_where=IS_GOING_ON)
Index("runs_with_stats", runs.c.portal, runs.c.started, sqlite_where=HAS_STATS)
# All that recovery asks for: the rows themselves hold the stats of every run.
HAS_UNSEALED_WARC: Final = and_(runs.c.warc.is_not(None), runs.c.warc_sealed == literal_column("0"))
Index("runs_unsealed_warc", runs.c.portal, sqlite_where=HAS_UNSEALED_WARC)
Index("runs_segments", runs.c.portal, runs.c.id, runs.c.segment, runs.c.acknowledged, runs.c.sealed,
      sqlite_where=HAS_SEGMENT)  # fmt: skip

pages = Table(
    "pages",
    metadata,
    # The newest kept page of each article. One that came again with the same payload leaves its row as it is.
    Column("article", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("run", Integer, ForeignKey("runs.id"), nullable=False),  # in whose WARC it is
    Column("offset", Integer, nullable=False),  # there, of the `metadata` record that names its records
    Column("uri", Text, nullable=False),  # that answered with its first page
    Column("moment", Text, nullable=False),  # of that answer, the WARC-Date of its record
    Column("record", Text, nullable=False),  # id of that record, `<urn:uuid:…>`
    Column("digest", Text, nullable=False),  # of its payload, `sha1:…`
    Column("reread", Text),  # version of the code that last read it again and wrote what differed; null: none has
)
Index("pages_of_run", pages.c.run, pages.c.offset)

STATISTICS: Final = {
    (articles.name, "sqlite_autoindex_articles_1"): "1000000 1000000 1",
    (articles.name, "articles_all"): "1000000 1000000",
    (articles.name, "articles_due"): "1000000 1000000 100",
    (articles.name, "articles_in_sitemap"): "1000000 1000",
    (articles.name, "articles_open"): "1000 1000",
    (articles.name, "articles_stale"): "100 100 10",
    (articles.name, "articles_edited_later"): "100 100",
    (articles.name, "articles_not_in_rest"): "1000 1000",
    (articles.name, "articles_not_in_sitemap"): "1000 1000",
    (articles.name, "articles_unmeasured"): "100 100",
    (runs.name, "runs_going_on"): "1 1",
    (runs.name, "runs_of_portal"): "30000 30000",
    (runs.name, "runs_written"): "10000 10000",
    (runs.name, "runs_with_stats"): "30000 30000 1",
    (runs.name, "runs_unsealed_warc"): "1 1",
    (runs.name, "runs_segments"): "30000 30000 1 1 1 1",
    (pages.name, "pages_of_run"): "1000000 100 1",
}
"""Rows of each index, and rows with one value of its first columns, as in a ledger of many years: SQLite chooses an
index by them, and without them whichever was made first. They are never measured."""

addresses = Table(
    "addresses",
    metadata,
    Column("portal", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # the same for all spellings of an address, see `narayacrawl.urls.key`
    Column("article", Integer, ForeignKey("articles.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)
