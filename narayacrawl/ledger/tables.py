"""The ledger's tables, as SQLAlchemy describes them.

Moments are text, ISO 8601 in UTC to the second, so that they sort and can be read with any SQLite shell.
"""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

SCHEMA: Final = 2
"""Version of the layout. A ledger of schema 1 is upgraded when it is opened; any other number is refused."""


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
    Column("ended", Text),  # null: going on, or killed
    Column("reason", Text),  # Scrapy's finish_reason; `killed` once a later run has found it so
    Column("segment", Text),  # name of its segment in the archive, without an ending; null where nothing was written
    Column("acknowledged", Integer, nullable=False, default=0),  # bytes of the segment that count
    Column("articles", Integer, nullable=False, default=0),  # lines within them
    Column("sealed", Integer, nullable=False, default=0),
    Column("stats", Text),  # JSON: every stat of the run
    # Ids are never used again, and segments are named after them.
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal", Text, nullable=False),
    Column("post_id", Integer),  # WordPress' own; null until a page has told it
    Column("url", Text, nullable=False),  # as a listing gave it; the canonical one once it was read
    Column("state", Text, nullable=False),  # pending, done, rejected, gone, failed
    Column("reason", Text),  # why it is rejected or failed
    Column("failures", Integer, nullable=False, default=0),  # in a row
    Column("code", Text),  # version of the reading that rejected it
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("seen_run", Integer, nullable=False),
    Column("drawn_run", Integer, nullable=False, default=0),
    Column("last_fetched", Text),
    Column("fetched_run", Integer, nullable=False, default=0),
    Column("next_check", Text),  # when to ask again; null: not of itself
    # Looks in a row that found nothing changed; one that a source asks for does not count: -1 before it.
    Column("checks", Integer, nullable=False, server_default="0"),
    Column("lastmod", Text),  # the latest change that a source told of, in UTC; null where none is believed
    Column("modified", Text),  # the last edit as the page itself told it, in UTC
    Column("as_of", Text),  # of its last line: when that was fetched, less its age in a cache
    Column("rest", Integer, nullable=False, server_default="0"),  # 1: the REST API names it
    Column("feed", Integer, nullable=False, server_default="0"),  # 1: the feed names it, or did when it was new
    Column("sitemap", Integer),  # the file of the sitemap that names it, see `sources`
    Column("etag", Text),
    Column("last_modified", Text),
    Column("published", Text),  # the record's date
    Column("revision", Integer, nullable=False, default=0),  # 0: nothing was written yet
    Column("hash", Text),  # of title, date and body of that revision
    UniqueConstraint("portal", "post_id"),
)
sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal", Text, nullable=False),
    Column("name", Text, nullable=False),  # rest, feed, listing or sitemap; of a file or series, then its address
    Column("scope", Text, nullable=False),  # JSON of the arguments that narrow what it names; "" where none does
    Column("url", Text),  # its address, where one had to be found
    Column("cursor", Text),  # where the next run goes on; null: at the front
    Column("completed", Text),  # when it was last read to its end; null: never
    Column("watermark", Text),  # the latest change it has told of
    Column("visited", Text),  # when it was last read
    Column("quiet", Integer, nullable=False, server_default="0"),  # visits in a row that named nothing new
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("etag", Text),
    Column("last_modified", Text),
    Column("lastmod", Text),  # of a sitemap's file, as the index told it when it was read
    UniqueConstraint("portal", "name", "scope"),
)

# SQLite keeps the id at the end of every index: these two give the articles of a portal in the order of their ids.
Index("articles_all", articles.c.portal)
Index("articles_open", articles.c.portal, sqlite_where=articles.c.state != "done")
Index("articles_due", articles.c.portal, articles.c.next_check, sqlite_where=articles.c.state == "done")

addresses = Table(
    "addresses",
    metadata,
    Column("portal", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # what all spellings of an address share, see `narayacrawl.urls.key`
    Column("article", Integer, ForeignKey("articles.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)
