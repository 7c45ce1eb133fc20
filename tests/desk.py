"""The benchmarks' newsroom behind a server of this process, and crawls of it that one archive remembers."""

import asyncio
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import narayacrawl.pipelines.archive
from benchmarks.answers import HTML, JSON, TEXT, Answer
from benchmarks.articles import Article
from benchmarks.portal import PARTS, Portal
from benchmarks.server import Server
from tests import forked
from tests.crash import launch
from tests.crash.trial import QUICK
from tests.portals import Crawl, Record

SPIDER: Final = "narayapost"

Replies = Callable[[str, Mapping[str, str]], Answer | None]
"""The answer to a path with its query, asked for with these headers; None where the portal's own will do."""


@dataclass
class Newsroom:
    """A portal that is at work while it is crawled."""

    portal: Portal
    replies: list[Replies] = field(default_factory=list)
    """Asked in order before the portal is."""
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    """Every path asked for since the last crawl began, and with which headers."""

    @property
    def url(self) -> str:
        return f"{self.portal.site}/"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        self.asked.append((path, headers))
        told = (reply(path, headers) for reply in self.replies)
        return next((answer for answer in told if answer), None) or self.portal.answer(path, headers)

    # What its newsroom does

    def add(self, count: int) -> list[int]:
        return self._worked(self.portal.published.add(count))

    def edit(self, count: int, seed: int = 1) -> list[int]:
        return self._worked(self.portal.published.edit(count, seed))

    def delete(self, count: int, seed: int = 1) -> list[int]:
        return self._worked(self.portal.published.delete(count, seed))

    def delete_these(self, *numbers: int) -> None:
        self.portal.published.deleted |= {*numbers}
        self.portal.published._sequences.clear()
        self.portal.refresh()

    def _worked(self, numbers: list[int]) -> list[int]:
        self.portal.refresh()
        return numbers

    # What is known of it

    def path_of(self, number: int) -> str:
        return self.portal.published.article(number).path

    def id_of(self, number: int) -> int:
        return self.portal.published.article(number).id

    def ids(self, *numbers: int) -> list[int]:
        """The post ids of these articles, of all that are published where none is named; ascending."""
        return sorted(self.id_of(number) for number in numbers or self.portal.published.numbers())

    def own(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """What the portal itself answers."""
        return self.portal.answer(path, headers or {})

    # What it is made to answer

    def reply(self, starts: str | tuple[str, ...], status: int, body: str = "", kind: bytes = HTML) -> None:
        """Answer so whatever begins with this path."""
        self.replies.insert(0, lambda path, _: Answer(status, kind, body.encode()) if path.startswith(starts) else None)

    def forbid(self, *paths: str) -> None:
        """Forbid paths in robots.txt."""
        lines = "".join(f"Disallow: {path}\n" for path in paths)
        self.reply("/robots.txt", 200, f"User-agent: *\n{lines}", TEXT)

    def rewrite(self, starts: str | tuple[str, ...], change: Callable[[str, Answer], Answer]) -> None:
        """Answer what the portal does, changed; `change` is given the path, too."""
        self.replies.insert(0, lambda path, headers: (
            change(path, self.own(path, headers)) if path.startswith(starts) else None
        ))  # fmt: skip

    def redirect(self, path: str, target: str) -> None:
        self.replies.insert(0, lambda asked, _: (
            Answer(301, HTML, b"", {"Location": f"{self.portal.site}{target}"}) if asked == path else None
        ))  # fmt: skip


def posts_of(answer: Answer, change: Callable[[list[Any]], list[Any]]) -> Answer:
    """An answer of the REST API with other posts; a refusal stays what it is."""
    told = json.loads(answer.body)
    return answer._replace(body=json.dumps(change(told)).encode()) if isinstance(told, list) else answer


def refusal(status: int) -> Answer:
    """What a security plugin answers where the API should be."""
    told = {"code": "rest_not_logged_in", "message": "Anda belum masuk.", "data": {"status": status}}
    return Answer(status, JSON, json.dumps(told).encode())


def begin(prepare: Callable[[], object] | None) -> None:
    """What each crawl's process begins with: batches as large as a real run's."""
    narayacrawl.pipelines.archive.BATCH_SIZE = 50  # type: ignore[misc]
    if prepare:
        prepare()


def thin_text(portal: Portal, own: Article) -> str:
    """The HTML of an article's text, for page, API and feed: its first paragraphs and its last ones."""
    head, *paragraphs = portal.content.record(own.number)["body"].split("\n\n")
    return "".join(f"<p>{part}</p>" for part in (head, *paragraphs[: own.edits + 1], *paragraphs[-own.edits - 1 :]))


def thin(portal: Portal, own: Article) -> bytes:
    """The page of an article and nothing around it: most of what a crawl of a theme's pages takes is to read those."""
    record, text = portal.content.record(own.number), thin_text(portal, own)
    return f"""<!DOCTYPE html><html lang="id"><head><title>{own.title}</title>
<link rel="canonical" href="{record["url"]}"><link rel="shortlink" href="{portal.site}/?p={own.id}">
<meta property="article:published_time" content="{own.date.isoformat()}">
<meta property="article:modified_time" content="{own.modified.isoformat()}"></head>
<body class="single single-post postid-{own.id}"><article id="post-{own.id}" class="post-{own.id} post hentry">
<h1 class="entry-title">{own.title}</h1><div class="entry-content">{text}</div></article></body></html>""".encode()


@contextmanager
def served(*protocols: Callable[[], asyncio.Protocol]) -> Iterator[list[str]]:
    """The addresses of servers on loopback that speak these protocols while this lasts, in a thread of their own."""
    loop = asyncio.new_event_loop()
    servers = [loop.run_until_complete(loop.create_server(make, "127.0.0.1", 0)) for make in protocols]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield [f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in servers]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for server in servers:
            server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@contextmanager
def newsroom(
    articles: int, having: tuple[str, ...] = PARTS, lastmod: str = "urls", *, themed: bool = False
) -> Iterator[Newsroom]:
    """A portal of so many articles that answers while this lasts; with `themed` articles' pages are whole ones."""
    rooms: list[Newsroom] = []
    with served(lambda: Server(rooms[0].answer)) as [site]:
        rooms.append(Newsroom(Portal(articles, site, having=having, lastmod=lastmod)))
        if not themed:
            portal = rooms[0].portal
            portal.article_page = lambda article: thin(portal, article)  # type: ignore[method-assign]
            portal.content.html = lambda article: thin_text(portal, article)  # type: ignore[method-assign]
        yield rooms[0]


@dataclass
class Reader:
    """Crawls a portal again and again, with one archive."""

    url: str
    folder: Path
    room: Newsroom | None = None
    """Its record of what was asked for begins anew with each crawl."""
    prepare: Callable[[], object] | None = None
    """Called in each crawl's process before it begins."""

    @property
    def ledger(self) -> Path:
        return self.folder / "data" / "ledger.db"

    def scrapy(self, *words: str) -> tuple[int, str]:
        """The exit status of a command of the project, and what it printed."""
        settings = {"ARCHIVE": str(self.folder / "data")} | QUICK
        # Before what the call says: the last word on a setting counts.
        command, *rest = words
        words = (command, *(word for name, value in settings.items() for word in ("-s", f"{name}={value}")), *rest)
        status = forked.status(forked.process(launch.child, words, self.folder, "", 0, partial(begin, self.prepare)))
        if status is None:
            raise TimeoutError((self.folder / "log").read_text())
        return status, (self.folder / "out").read_text()

    def crawl(self, *args: str) -> Crawl:
        """One run; `args` are spider arguments, `name=value`, or settings, `NAME=value`."""
        if self.room:
            self.room.asked.clear()
        options = [word for arg in args for word in ("-s" if arg[0].isupper() else "-a", arg)]
        output = self.folder / "articles.jsonl"
        output.unlink(missing_ok=True)
        status, _ = self.scrapy("crawl", SPIDER, "-a", f"url={self.url}", *options, "-O", f"{output}:jsonl")
        written = output.read_bytes().splitlines() if output.exists() else []
        return Crawl(status, [json.loads(line) for line in written], (self.folder / "log").read_text())

    def archived(self) -> list[Record]:
        """Every line of the archive, in order of their writing."""
        paths = sorted((self.folder / "data" / SPIDER).glob("*.jsonl"))
        return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]

    def revisions(self) -> dict[int, list[int]]:
        """The revisions that the archive has of each post."""
        found: dict[int, list[int]] = {}
        for record in self.archived():
            found.setdefault(record["id"], []).append(record["revision"])
        return found

    def listed(self, state: str) -> list[str]:
        """The addresses that `scrapy ledger` lists."""
        return [line.partition("\t")[0] for line in self.scrapy("ledger", state, SPIDER)[1].splitlines()]

    def sql(self, statement: str, *values: object) -> list[Any]:
        """What a statement gives of the ledger."""
        connection = sqlite3.connect(self.ledger)
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def pass_time(self, hours: float) -> None:
        """Have whatever the ledger noted been noted so much earlier."""
        for table, names in (("articles", ("last_fetched", "next_check")), ("sources", ("visited", "completed"))):
            for name in names:
                earlier = f"strftime('%Y-%m-%dT%H:%M:%S+00:00', {name}, '-{int(hours * 3600)} seconds')"
                self.sql(f"UPDATE {table} SET {name} = {earlier} WHERE {name} IS NOT NULL")
