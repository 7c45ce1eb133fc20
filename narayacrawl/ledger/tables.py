"""Define the ledger's tables for SQLAlchemy.

Timestamps are text, ISO 8601 in UTC to the second: they sort, and any SQLite shell shows them readable.
"""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

SCHEMA: Final = 5
"""Version of the tables. A ledger of an earlier schema is upgraded when it is opened; one of a later is refused."""

metadata = MetaData()

schema = Table("schema", metadata, Column("version", Integer, nullable=False))

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
    Column("segment", Text),  # name of its segment, without an ending; null if it wrote nothing
    Column("acknowledged", Integer, nullable=False, default=0),  # valid bytes of the segment
    Column("articles", Integer, nullable=False, default=0),  # lines in these bytes
    Column("sealed", Integer, nullable=False, default=0),
    Column("stats", Text),  # JSON: every stat of the run
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
    Column("stats", Text, nullable=False),  # JSON: sums of their stats
    sqlite_with_rowid=False,
)

# SQLite appends the id to every index: the first two sort a portal's articles by id.
Index("articles_all", articles.c.portal)
Index("articles_open", articles.c.portal, sqlite_where=articles.c.state != "done")
Index("articles_due", articles.c.portal, articles.c.next_check, sqlite_where=articles.c.state == "done")

addresses = Table(
    "addresses",
    metadata,
    Column("portal", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # the same for all spellings of an address, see `narayacrawl.urls.key`
    Column("article", Integer, ForeignKey("articles.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)
