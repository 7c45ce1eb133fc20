"""A portal of any size on loopback: pages of real themes' markup, made on the fly, faster than a crawler asks.

    python benchmarks/portal.py --articles 100000 [--port N] [--with rest,feed,sitemap] [--lastmod urls]
    python benchmarks/portal.py --addresses 1000000

It prints its address and answers until it is ended. There are a front page and sections with their older pages, an
article for each number, robots.txt, and 404 for all else; what else a WordPress answers is there where `--with` names
it: the REST API (`rest.py`), feeds (`feeds.py`), sitemaps (`sitemaps.py`). With `--addresses` each page of the front
page's list has a thousand entries, and there are no sections: for crawls that are to find many addresses soon.

Under `/-/` is what no portal has, answered in JSON (`control.py`): what was asked for so far, and the newsroom's work.

`Portal` is the same without a server: `Portal(articles, site).record(number)` is what a crawl must have of an article.
"""

import argparse
import asyncio
import contextlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from benchmarks.answers import HTML, MISSING, NO_HEADERS, TEXT, Answer
from benchmarks.control import control
from benchmarks.desk import Desk
from benchmarks.feeds import Feeds
from benchmarks.newsroom import SECTIONS, SITE_NAME, Article, Block, Texts, shown
from benchmarks.rest import Rest
from benchmarks.server import Answerer, serve
from benchmarks.sitemaps import LASTMODS, Sitemaps
from benchmarks.themes import AD, NAMES, Theme, Values

PARTS = ("rest", "feed", "sitemap")
PER_PAGE = 15
PER_LONG_PAGE = 1000
KINDS = ("listings", "articles", "feeds", "sitemaps", "rest", "robots", "others")
BIO = "menulis tentang kampung, pasar dan sungai sejak 2016, dan mengajar menulis di sanggar setiap akhir pekan."
LIST_PATH = re.compile(r"/(?:category/([a-z]+)/)?(?:page/(\d{1,7})/)?")
ROBOTS = "User-agent: *\nDisallow: /wp-admin/\n"
WIDTHS = (("-300x169", 300), ("-768x432", 768), ("-1024x576", 1024), ("", 1200))


class Portal:
    """The pages of a portal at `site` (without a slash at its end), each made when it is asked for."""

    def __init__(
        self,
        articles: int,
        site: str,
        *,
        long_lists: bool = False,
        having: Collection[str] = (),
        lastmod: str = "urls",
        desk: Desk | None = None,
    ) -> None:
        """`having` names the parts of a WordPress that are there beside pages, `lastmod` what its sitemaps tell."""
        self.site, self.desk = site, desk or Desk(articles)
        self.per_page = PER_LONG_PAGE if long_lists else PER_PAGE
        self.sections = () if long_lists else (*SECTIONS,)
        self.asked = dict.fromkeys(KINDS, 0)
        self.texts = Texts()
        self.card_values = lru_cache(maxsize=5_000)(self._card_values)
        self.themes = [Theme(name, site, self._cards) for name in NAMES]
        self.rest = Rest(self) if "rest" in having else None
        self.feeds = Feeds(self) if "feed" in having else None
        self.sitemaps = Sitemaps(self, lastmod) if "sitemap" in having else None

    # What there is

    def record(self, number: int) -> dict[str, Any]:
        """What a crawl's record of an article must say of it: `id`, `url`, `title`, `date`, `authors`, `section`,
        `tags`, `dateline`, `body`, `modified`."""
        own = self.desk.article(number)
        dateline, blocks = self.texts.blocks(own)
        return {
            "url": f"{self.site}{own.path}",
            "id": own.id,
            "title": own.title,
            "date": own.date.isoformat(),
            "modified": own.edited.isoformat() if own.edited else None,
            "authors": [own.author],
            "section": SECTIONS[own.section],
            "tags": [*own.tags],
            "dateline": dateline,
            "body": "\n\n".join(block.text for block in blocks if block.text),
        }

    def paths(self) -> list[str]:
        """The path of every article, newest first."""
        return [self.desk.article(number).path for number in reversed(self.desk.numbers())]

    def list_pages(self, section: str = "") -> int:
        """How many pages the list of a section has; without one, the front page's."""
        return max(1, -(-len(self._numbers(section)) // self.per_page))

    def _numbers(self, section: str) -> Sequence[int]:
        return self.desk.numbers(*([section] if section else ()))

    def changed(self) -> None:
        """Forget what pages show of other articles: the newsroom has worked."""
        self.card_values.cache_clear()
        self.themes = [Theme(name, self.site, self._cards) for name in NAMES]

    # Pages

    def answer(self, path: str, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        """What is answered at a path with its query; the names of `headers` are in lower case."""
        if own := self.desk.find(path):
            self.asked["articles"] += 1
            return Answer(200, HTML, self._article(own))
        if (match := LIST_PATH.fullmatch(path)) and (match[1] is None or match[1] in self.sections):
            section, at = match[1] or "", int(match[2] or 1)
            if (match[2] is None or at > 1) and at <= self.list_pages(section):
                self.asked["listings"] += 1
                return Answer(200, HTML, self._list(section, at))
        if path.startswith("/-/"):
            return control(self, path) or MISSING
        kind, answer = self._other(path, headers)
        self.asked[kind] += 1
        return answer or MISSING

    def _other(self, path: str, headers: Mapping[str, str]) -> tuple[str, Answer | None]:
        """What is no page: its kind, and the answer where there is one."""
        plain, _, words = path.partition("?")
        query = dict(parse_qsl(words, keep_blank_values=True))
        if path == "/robots.txt":
            named = f"\nSitemap: {self.site}/wp-sitemap.xml\n" if self.sitemaps else ""
            return "robots", Answer(200, TEXT, (ROBOTS + named).encode())
        if self.rest and (answer := self.rest.answer(plain, query)):
            return "rest", answer
        if self.feeds and (answer := self.feeds.answer(plain, query, headers)):
            return "feeds", answer
        if self.sitemaps and (answer := self.sitemaps.answer(plain)):
            return "sitemaps", answer
        was_there = bool(self.desk.deleted) and self.desk.was_at(plain)
        return "articles" if was_there else "others", None

    def _theme(self, number: int) -> Theme:
        return self.themes[number // len(SECTIONS) % len(self.themes)]

    def _article(self, own: Article) -> bytes:
        theme, values = self._theme(own.number), self.card_values(own.number).copy()
        older = self.card_values(self.desk.at_or_before(own.number - 1))
        related = [self.desk.at_or_before(own.number - step * 11 - own.number % 5) for step in range(1, 5)]
        image = values[b"image"].decode()
        terms = [f'<a href="{self.site}/tag/{tag.replace(" ", "-")}/" rel="tag">{tag}</a>' for tag in own.tags]
        names = f"post-{own.id} post type-post status-publish format-standard has-post-thumbnail hentry"
        values |= {
            b"utc": own.date.astimezone(UTC).isoformat().encode(),
            b"shown": shown(own.date).encode(),
            b"edited_iso": own.modified.isoformat().encode(),
            b"edited": own.modified.astimezone(UTC).isoformat().encode(),
            b"edited_shown": shown(own.modified).encode(),
            b"views": b"%d" % (own.number * 37 % 9_973),
            b"caption": self.caption(own).encode(),
            b"srcset": ", ".join(f"{image}{name}.jpg {width}w" for name, width in WIDTHS).encode(),
            b"post_class": f"{names} category-{own.section} tag-{own.tags[0].replace(' ', '-')}".encode(),
            b"tags": ", ".join(terms).encode(),
            b"tag_items": "".join(f"<li>{term}</li>" for term in terms).encode(),
            b"tag_words": '","'.join(own.tags).encode(),
            b"bio": f"{own.author} {BIO}".encode(),
            b"older_url": older[b"url"],
            b"older_title": older[b"title"],
            b"related": b"".join([theme.card % self.card_values(number) for number in related]),
            b"content": self.content(own).encode(),
        }
        return theme.post % values

    def caption(self, own: Article) -> str:
        """The words below the article's picture."""
        return f"Suasana di {own.title.split(' ', 2)[2]}. (Foto: {own.author}/{SITE_NAME})"

    def excerpt(self, own: Article) -> str:
        """The article's summary."""
        return f"{own.title} menjadi perhatian warga pekan ini, demikian laporan {own.number}."

    def content(self, own: Article) -> str:
        """The HTML of an article's text: `the_content()`, which API and feeds give, too."""
        return "\n\n".join(self._content(own, *self.texts.blocks(own)))

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
        listed = self._numbers(section)
        end = len(listed) - (at - 1) * self.per_page
        numbers = listed[max(0, end - self.per_page) : end][::-1]
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
        own = self.desk.article(number)
        return {
            b"id": b"%d" % own.id,
            b"url": f"{self.site}{own.path}".encode(),
            b"slug": own.slug.encode(),
            b"title": own.title.encode(),
            b"iso": own.date.isoformat().encode(),
            b"day": shown(own.date).split(", ")[1].split(" |")[0].encode(),
            b"image": f"{self.site}/wp-content/uploads/2025/12/foto-{own.id}".encode(),
            b"section": own.section.encode(),
            b"section_name": SECTIONS[own.section].encode(),
            b"author": own.author.encode(),
            b"writer": own.author.lower().replace(" ", "-").encode(),
            b"excerpt": self.excerpt(own).encode(),
        }

    def _cards(self, card: bytes, count: int) -> str:
        """The newest articles' cards."""
        numbers = self.desk.numbers()[-count:][::-1]
        return b"".join([card % self.card_values(number) for number in numbers]).decode()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--articles", type=int, default=100_000)
    sizes.add_argument("--addresses", type=int)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--with", dest="having", default="", metavar="PARTS", help=f"of {','.join(PARTS)}, or all")
    parser.add_argument("--lastmod", choices=LASTMODS, default="urls", help="what sitemaps tell it of")
    options = parser.parse_args()
    size, is_long = options.addresses or options.articles, options.addresses is not None
    having = PARTS if options.having == "all" else [part for part in options.having.split(",") if part]
    if unknown := {*having} - {*PARTS}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")

    def answerer(site: str) -> Answerer:
        return Portal(size, site, long_lists=is_long, having=having, lastmod=options.lastmod).answer

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(answerer, options.port))


if __name__ == "__main__":
    main()
