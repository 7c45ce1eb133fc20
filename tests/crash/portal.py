"""A portal on loopback in a process of its own, and the truth of what it publishes.

    python -m tests.crash.portal [--articles N] [--port N] [--edition N] [--hold N [--whole]]

It prints its address and answers at once. With `--hold N` only the first N requests for articles are answered, with
`--whole` those, too, that come before the REST API was asked, without which no article is whole; all others wait for
`/-/release/`. `/-/held/` is answered when one waits, `/-/answered/` tells the paths that were answered so far, as JSON.
"""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin
from urllib.request import urlopen

from tests.conftest import ROOT, Portal
from tests.portals import SECTIONS, Post, Record, WordPress

LONGEST = 120
"""Seconds after which what is waited for is taken not to come."""
PER_PAGE = 10
API = "/wp-json/"
PART = " ".join(f"Pada catatan ke-{line} juru timbang menyebut berat muatan dan nama perahu." for line in range(1, 9))


def posts(count: int, edition: int = 1) -> list[Post]:
    """The posts of the portal, newest first; every fifth has two pages. Another edition has other texts, and
    tells that they were edited."""
    edited = datetime.now(UTC) + timedelta(minutes=1)  # surely after the former edition was read
    return [
        Post(
            number,
            section="ekonomi" if number % 3 else "daerah",
            date=f"2026-0{1 + number % 2}-{1 + number % 28:02d}T{number % 24:02d}:{number % 60:02d}:07+07:00",
            parts=tuple(
                f"Perahu nomor {number} menepi, bagian {part} dari catatan {edition}. {PART}"
                for part in range(1, 2 if number % 5 else 3)
            ),
            modified="" if edition == 1 else edited.isoformat(timespec="seconds"),
        )
        for number in range(count, 0, -1)
    ]


def truth(url: str, count: int) -> dict[int, Record]:
    """What the record of each post must say, by its id."""
    return {
        post.id: {
            "id": post.id,
            "url": urljoin(url, post.path),
            "title": post.title,
            "date": post.date,
            "body": "\n\n".join(post.texts),
        }
        for post in posts(count)
    }


def publish(url: str, count: int, edition: int = 1) -> Portal:
    """The pages of the portal: articles, front page and sections with their older pages."""
    site = WordPress(Portal(url))
    every = posts(count, edition)
    site.publish(*every)
    lists = {"/": every} | {f"/category/{slug}/": [post for post in every if post.section == slug] for slug in SECTIONS}
    for path, listed in lists.items():
        pages = [listed[start : start + PER_PAGE] for start in range(0, len(listed), PER_PAGE)]
        site.list_posts(path, *(pages or [[]]))
    picture = site.page("attachment single single-attachment attachmentid-900", "<h1>Foto Dermaga</h1>")
    site.server.add("/ekonomi/foto-dermaga/", picture)
    site.server.add("/robots.txt", "User-agent: *\nDisallow: /wp-admin/\n")
    return site.server


@dataclass
class Answers:
    """What is answered when."""

    portal: Portal
    hold: int | None = None
    """So many articles are answered at once; None: all."""
    whole: bool = False
    """Whether those before the REST API was asked are, too."""
    answered: list[str] = field(default_factory=list)
    held: asyncio.Event = field(default_factory=asyncio.Event)
    told: bool = False
    """Whether the REST API was asked."""
    released: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body."""
        if path.startswith("/-/"):
            return 200, "application/json", json.dumps(await self.control(path)).encode()
        is_article = path.startswith(tuple(f"/{slug}/" for slug in SECTIONS))
        self.asked += is_article
        if is_article and self.hold is not None and self.asked > self.hold and (self.told or not self.whole):
            self.held.set()
            await self.released.wait()
        status, headers, body = self.portal.pages.get(path, (404, {"Content-Type": "text/html"}, "<h1>Hilang</h1>"))
        return status, headers["Content-Type"], body.encode()

    async def control(self, path: str) -> list[str]:
        if path == "/-/held/":
            await self.held.wait()
        elif path == "/-/release/":
            self.released.set()
        return self.answered

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode("latin-1")
                status, kind, body = await self.answer(path)
                writer.write(
                    f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                )
                writer.write(body)
                await writer.drain()
                self.answered += [] if path.startswith("/-/") else [path]
                self.told |= path.startswith(API)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # whoever asked has gone
        finally:
            writer.close()


async def serve(options: argparse.Namespace) -> None:
    answers: list[Answers] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answers[0].connected(reader, writer)

    server = await asyncio.start_server(connected, "127.0.0.1", options.port)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    answers.append(Answers(publish(url, options.articles, options.edition), options.hold, options.whole))
    print(url, flush=True)
    await server.serve_forever()


@dataclass(frozen=True)
class Served:
    """A portal that answers."""

    url: str
    articles: int

    def tell(self, what: str) -> list[str]:
        """Ask the server's `/-/WHAT/`: the paths answered so far."""
        with urlopen(urljoin(self.url, f"/-/{what}/"), timeout=LONGEST) as answer:
            answered: list[str] = json.load(answer)
            return answered

    def sent(self) -> set[int]:
        """The posts that were sent whole so far, with what the REST API had to say of them."""
        answered = set(self.tell("answered"))
        if not any(path.startswith(API) for path in answered):
            return set()
        pages = {
            post.id: {post.path, *(f"{post.path}{part}/" for part in range(2, len(post.texts) + 1))}
            for post in posts(self.articles)
        }
        return {post for post, own in pages.items() if own <= answered}

    @property
    def truth(self) -> dict[int, Record]:
        return truth(self.url, self.articles)


@contextmanager
def served(articles: int, *options: str) -> Iterator[Served]:
    """The portal, answering while this lasts."""
    command = [sys.executable, "-m", "tests.crash.portal", "--articles", str(articles), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield Served(process.stdout.readline().strip(), articles)
        finally:
            process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--hold", type=int)
    parser.add_argument("--edition", type=int, default=1)
    parser.add_argument("--whole", action="store_true")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
