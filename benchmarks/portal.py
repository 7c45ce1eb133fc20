"""A portal of any size on loopback: pages of real themes' markup, made on the fly, faster than a crawler asks.

    python benchmarks/portal.py --articles 100000 [--port N]
    python benchmarks/portal.py --addresses 1000000

It prints its address and answers until it is ended. There are a front page and sections with their older pages, an
article for each number, robots.txt, and 404 for all else, the REST API too. With `--addresses` each page of the front
page's list has a thousand entries, and there are no sections: for crawls that are to find many addresses soon. What was
asked for so far is told at `/-/asked`, as JSON.

`Portal` is the same without a server: `Portal(articles, site).record(number)` is what a crawl must have of an article.
"""

import argparse
import asyncio
import contextlib
import json
import re
from collections.abc import Iterator
from datetime import UTC
from functools import lru_cache
from typing import Any

from benchmarks.newsroom import SECTIONS, SITE_NAME, Article, Block, Texts, article, number_of
from benchmarks.themes import AD, NAMES, Theme, Values

PER_PAGE = 15
PER_LONG_PAGE = 1000
BIO = "menulis tentang kampung, pasar dan sungai sejak 2016, dan mengajar menulis di sanggar setiap akhir pekan."
Answer = tuple[int, bytes, bytes]
"""Status, content type and body of an answer."""
HTML, TEXT = b"text/html; charset=UTF-8", b"text/plain; charset=utf-8"
MISSING = b"<!DOCTYPE html><html lang='id'><body class='error404'><h1>Halaman tidak ditemukan</h1></body></html>"
LIST_PATH = re.compile(r"/(?:category/([a-z]+)/)?(?:page/(\d{1,7})/)?")
WIDTHS = (("-300x169", 300), ("-768x432", 768), ("-1024x576", 1024), ("", 1200))


class Portal:
    """The pages of a portal at `site` (without a slash at its end), each made when it is asked for."""

    def __init__(self, articles: int, site: str, *, long_lists: bool = False) -> None:
        self.articles, self.site = articles, site
        self.per_page = PER_LONG_PAGE if long_lists else PER_PAGE
        self.sections = () if long_lists else (*SECTIONS,)
        self.asked = {"listings": 0, "articles": 0, "others": 0}
        self.texts = Texts()
        self.card_values = lru_cache(maxsize=5_000)(self._card_values)
        self.themes = [Theme(name, site, self._cards) for name in NAMES]

    # What there is

    def record(self, number: int) -> dict[str, Any]:
        """What a crawl's record of an article must say of it: `id`, `url`, `title`, `date`, `authors`, `section`,
        `tags`, `dateline`, `body`."""
        own = article(number)
        dateline, blocks = self.texts.blocks(own)
        return {
            "url": f"{self.site}{own.path}",
            "id": own.id,
            "title": own.title,
            "date": own.date.isoformat(),
            "authors": [own.author],
            "section": SECTIONS[own.section],
            "tags": [*own.tags],
            "dateline": dateline,
            "body": "\n\n".join(block.text for block in blocks if block.text),
        }

    def paths(self) -> list[str]:
        """The path of every article, newest first."""
        return [article(number).path for number in range(self.articles, 0, -1)]

    def list_pages(self, section: str = "") -> int:
        """How many pages the list of a section has; without one, the front page's."""
        return max(1, -(-self._count(section) // self.per_page))

    def _count(self, section: str) -> int:
        return len(range(self._newest(section), 0, -self._step(section)))

    def _step(self, section: str) -> int:
        return len(SECTIONS) if section else 1

    def _newest(self, section: str) -> int:
        """The number of a section's newest article; 0 or less where it has none."""
        if not section:
            return self.articles
        return self.articles - (self.articles - [*SECTIONS].index(section)) % len(SECTIONS)

    # Pages

    def answer(self, path: str) -> Answer:
        """What is answered at a path."""
        number = number_of(path)
        if number is not None and 0 < number <= self.articles and path == (own := article(number)).path:
            self.asked["articles"] += 1
            return 200, HTML, self._article(own)
        if (match := LIST_PATH.fullmatch(path)) and (match[1] is None or match[1] in self.sections):
            section, at = match[1] or "", int(match[2] or 1)
            if (match[2] is None or at > 1) and at <= self.list_pages(section):
                self.asked["listings"] += 1
                return 200, HTML, self._list(section, at)
        if path == "/robots.txt":
            return 200, TEXT, b"User-agent: *\nDisallow: /wp-admin/\n"
        if path == "/-/asked":
            return 200, TEXT, json.dumps(self.asked).encode()
        self.asked["others"] += 1
        return 404, HTML, MISSING

    def _theme(self, number: int) -> Theme:
        return self.themes[number // len(SECTIONS) % len(self.themes)]

    def _article(self, own: Article) -> bytes:
        theme, values = self._theme(own.number), self.card_values(own.number).copy()
        older = self.card_values(max(1, own.number - 1))
        related = [max(1, own.number - step * 11 - own.number % 5) for step in range(1, 5)]
        image = values[b"image"].decode()
        terms = [f'<a href="{self.site}/tag/{tag.replace(" ", "-")}/" rel="tag">{tag}</a>' for tag in own.tags]
        dateline, blocks = self.texts.blocks(own)
        content = "\n\n".join(self._content(own, dateline, blocks))
        names = f"post-{own.id} post type-post status-publish format-standard has-post-thumbnail hentry"
        values |= {
            b"utc": own.date.astimezone(UTC).isoformat().encode(),
            b"shown": own.shown_date.encode(),
            b"views": b"%d" % (own.number * 37 % 9_973),
            b"caption": f"Suasana di {own.title.split(' ', 2)[2]}. (Foto: {own.author}/{SITE_NAME})".encode(),
            b"srcset": ", ".join(f"{image}{name}.jpg {width}w" for name, width in WIDTHS).encode(),
            b"post_class": f"{names} category-{own.section} tag-{own.tags[0].replace(' ', '-')}".encode(),
            b"tags": ", ".join(terms).encode(),
            b"tag_items": "".join(f"<li>{term}</li>" for term in terms).encode(),
            b"tag_words": '","'.join(own.tags).encode(),
            b"bio": f"{own.author} {BIO}".encode(),
            b"older_url": older[b"url"],
            b"older_title": older[b"title"],
            b"related": b"".join([theme.card % self.card_values(number) for number in related]),
            b"content": content.encode(),
        }
        return theme.post % values

    def _content(self, own: Article, dateline: str, blocks: list[Block]) -> Iterator[str]:
        """The article's text as the block editor prints it, with what editors and plugins put between."""
        items: list[str] = []
        for position, (kind, html, _) in enumerate(blocks):
            if items and kind != "li":
                yield f'<ul class="wp-block-list">{"".join(items)}</ul>'
                items = []
            if kind == "related":
                other = self.card_values(int(html))
                url, title = other[b"url"].decode(), other[b"title"].decode()
                yield f'<p><strong>BACA JUGA: <a href="{url}">{title}</a></strong></p>'
            elif kind == "li":
                items.append(f"<li>{html}</li>")
            elif kind == "h2":
                yield f'<h2 class="wp-block-heading">{html}</h2>'
            elif kind == "blockquote":
                yield f'<blockquote class="wp-block-quote is-layout-flow"><p>{html}</p></blockquote>'
            else:
                yield f"<p><strong>{dateline}</strong> – {html}</p>" if position == 0 else f"<p>{html}</p>"
            if position == 4:
                yield f"<div class='code-block code-block-2' style='margin: 8px auto; text-align: center;'>{AD}</div>"
            if position == 7 and own.number % 3 == 0:
                address = f"{self.site}/wp-content/uploads/2025/12/lampiran-{own.id}"
                yield (
                    f'<figure class="wp-block-image size-large"><img loading="lazy" width="1024" height="576" '
                    f'src="{address}-1024x576.jpg" alt="" class="wp-image-{own.id}" '
                    f'srcset="{address}-1024x576.jpg 1024w, {address}-300x169.jpg 300w" />'
                    f'<figcaption class="wp-element-caption">Warga di tepian sungai. '
                    f"(Foto: Dok. Pengelola)</figcaption></figure>"
                )

    def _list(self, section: str, at: int) -> bytes:
        step, newest = self._step(section), self._newest(section)
        first = newest - (at - 1) * self.per_page * step
        numbers = range(first, max(0, first - self.per_page * step), -step)
        theme = self.themes[[*SECTIONS].index(section) % len(self.themes) if section else 0]
        path = f"/category/{section}/" if section else "/"
        kind = f"archive category category-{section}" if section else "home blog"
        values: Values = {
            b"heading": (SECTIONS[section] if section else "Berita Terbaru").encode(),
            b"own_url": self._list_url(path, at).encode(),
            b"kind": (f"{kind} paged paged-{at}" if at > 1 else kind).encode(),
            b"entries": b"".join([theme.entry % self._card_values(number) for number in numbers]),
            b"pagination": self._pagination(path, at, self.list_pages(section)).encode(),
        }
        return theme.list % values

    def _list_url(self, path: str, at: int) -> str:
        return f"{self.site}{path}page/{at}/" if at > 1 else f"{self.site}{path}"

    def _pagination(self, path: str, at: int, last: int) -> str:
        """`paginate_links()`: the first and last page and those beside this one."""
        out = [f'<a class="prev page-numbers" href="{self._list_url(path, at - 1)}">Sebelumnya</a>'] if at > 1 else []
        shown, before = sorted({1, at - 1, at, at + 1, last} & {*range(1, last + 1)}), 0
        for number in shown:
            if number > before + 1:
                out.append('<span class="page-numbers dots">&hellip;</span>')
            if number == at:
                out.append(f'<span aria-current="page" class="page-numbers current">{number}</span>')
            else:
                out.append(f'<a class="page-numbers" href="{self._list_url(path, number)}">{number}</a>')
            before = number
        if at < last:
            out.append(f'<a class="next page-numbers" href="{self._list_url(path, at + 1)}">Berikutnya</a>')
        return "\n".join(out)

    # Cards

    def _card_values(self, number: int) -> Values:
        """What a card shows of an article."""
        own = article(number)
        slug = own.path.split("/")[2]
        return {
            b"id": b"%d" % own.id,
            b"url": f"{self.site}{own.path}".encode(),
            b"slug": slug.encode(),
            b"title": own.title.encode(),
            b"iso": own.date.isoformat().encode(),
            b"day": own.shown_date.split(", ")[1].split(" |")[0].encode(),
            b"image": f"{self.site}/wp-content/uploads/2025/12/foto-{own.id}".encode(),
            b"section": own.section.encode(),
            b"section_name": SECTIONS[own.section].encode(),
            b"author": own.author.encode(),
            b"writer": own.author.lower().replace(" ", "-").encode(),
            b"excerpt": f"{own.title} menjadi perhatian warga pekan ini, demikian laporan {own.number}.".encode(),
        }

    def _cards(self, card: bytes, count: int) -> str:
        """The newest articles' cards."""
        numbers = range(self.articles, max(0, self.articles - count), -1)
        return b"".join([card % self.card_values(number) for number in numbers]).decode()


class Server(asyncio.Protocol):
    """HTTP/1.1 with kept connections, for GET without a body: all that a crawler asks."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self.waiting = (self.waiting + data).split(b"\r\n\r\n")
        for request in requests:
            path = request.split(b" ", 2)[1].decode("latin-1")
            status, kind, body = self.portal.answer(path)
            head = b"HTTP/1.1 %d \r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n" % (status, kind, len(body))
            self.transport.write(head + body)


async def serve(articles: int, port: int, *, long_lists: bool) -> None:
    """Answer until ended; the address is printed once it answers."""
    portals: list[Portal] = []
    server = await asyncio.get_running_loop().create_server(lambda: Server(portals[0]), "127.0.0.1", port)
    site = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    portals.append(Portal(articles, site, long_lists=long_lists))
    print(f"{site}/", flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--articles", type=int, default=100_000)
    size.add_argument("--addresses", type=int)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            serve(options.addresses or options.articles, options.port, long_lists=options.addresses is not None)
        )


if __name__ == "__main__":
    main()
