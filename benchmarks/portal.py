"""Serve a portal of any size on loopback: pages in the markup of real themes, generated faster than a crawler asks.

    python benchmarks/portal.py --articles 100000 [--port N] [--with rest,feed,sitemap] [--lastmod urls]
    python benchmarks/portal.py --addresses 1000000

It prints its address and serves until it is interrupted: the front page and section listings with their older pages, an
article for each number, robots.txt, and 404 for everything else. `--with` adds other parts of WordPress: the REST API
(`rest.py`), feeds (`feeds.py`), sitemaps (`sitemaps.py`). With `--addresses` each page of the front page's list has a
thousand entries, and there are no sections: for crawls that must discover many addresses quickly.

Paths under `/-/` control it (`control.py`): they count requests, and add, edit and delete articles.

`Portal` is the same without a server; `Portal(articles, site).content.record(number)` is what a crawl's record of an
article must contain.
"""

import argparse
import asyncio
import contextlib
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC
from urllib.parse import parse_qsl

from benchmarks.answers import HTML, MISSING, NO_HEADERS, TEXT, Answer
from benchmarks.articles import SECTIONS, Article, display_date
from benchmarks.content import Content
from benchmarks.control import control
from benchmarks.feeds import Feeds
from benchmarks.published import PublishedArticles
from benchmarks.rest import Rest
from benchmarks.server import AnswerFunction, serve
from benchmarks.sitemaps import LASTMODS, Sitemaps
from benchmarks.themes import NAMES, Theme, Values

PARTS = ("rest", "feed", "sitemap")
PER_PAGE = 15
PER_LONG_PAGE = 1000
KINDS = ("listings", "articles", "feeds", "sitemaps", "rest", "robots", "others")
BIO = "menulis tentang kampung, pasar dan sungai sejak 2016, dan mengajar menulis di sanggar setiap akhir pekan."
LIST_PATH = re.compile(r"/(?:category/([a-z]+)/)?(?:page/(\d{1,7})/)?")
ROBOTS = "User-agent: *\nDisallow: /wp-admin/\n"
WIDTHS = (("-300x169", 300), ("-768x432", 768), ("-1024x576", 1024), ("", 1200))


class Portal:
    """A WordPress portal at `site`, which has no slash at its end; each page is generated when it is requested."""

    def __init__(
        self,
        articles: int,
        site: str,
        *,
        long_lists: bool = False,
        having: Collection[str] = (),
        lastmod: str = "urls",
        published: PublishedArticles | None = None,
    ) -> None:
        """Take which PARTS of WordPress there are beside pages as `having`, and one of LASTMODS as `lastmod`."""
        self.site, self.published = site, published or PublishedArticles(articles)
        self.content = Content(site, self.published)
        self.per_page = PER_LONG_PAGE if long_lists else PER_PAGE
        self.sections = () if long_lists else (*SECTIONS,)
        self.request_counts = dict.fromkeys(KINDS, 0)
        self.themes = [Theme(name, site, self._cards) for name in NAMES]
        self.rest = Rest(self.content) if "rest" in having else None
        self.feeds = Feeds(self.content, self.sections) if "feed" in having else None
        self.sitemaps = Sitemaps(site, self.published, lastmod) if "sitemap" in having else None

    def paths(self) -> list[str]:
        """Return the paths of all articles, newest first."""
        return [self.published.article(number).path for number in reversed(self.published.numbers())]

    def list_pages(self, section: str = "") -> int:
        """Return how many pages the list of a section has, or without one that of the front page."""
        return max(1, -(-len(self._numbers(section)) // self.per_page))

    def _numbers(self, section: str) -> Sequence[int]:
        return self.published.numbers(*([section] if section else ()))

    def refresh(self) -> None:
        """Show the articles as they are now: call it after some were added, edited or deleted."""
        self.content.card_values.cache_clear()
        self.themes = [Theme(name, self.site, self._cards) for name in NAMES]

    # Pages

    def answer(self, path: str, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        """Return the answer at a path with its query; the names of `headers` are in lower case."""
        if article := self.published.find(path):
            self.request_counts["articles"] += 1
            return Answer(200, HTML, self.article_page(article))
        if (match := LIST_PATH.fullmatch(path)) and (match[1] is None or match[1] in self.sections):
            section, page = match[1] or "", int(match[2] or 1)
            if (match[2] is None or page > 1) and page <= self.list_pages(section):
                self.request_counts["listings"] += 1
                return Answer(200, HTML, self._list_page(section, page))
        if path.startswith("/-/"):
            return control(path, self.content, self.request_counts, self.refresh) or MISSING
        kind, answer = self._other(path, headers)
        self.request_counts[kind] += 1
        return answer or MISSING

    def _other(self, path: str, headers: Mapping[str, str]) -> tuple[str, Answer | None]:
        """Return the kind of a request that is not for a page, and its answer, None for 404."""
        plain, _, query_string = path.partition("?")
        query = dict(parse_qsl(query_string, keep_blank_values=True))
        if path == "/robots.txt":
            sitemap = f"\nSitemap: {self.site}/wp-sitemap.xml\n" if self.sitemaps else ""
            return "robots", Answer(200, TEXT, (ROBOTS + sitemap).encode())
        if self.rest and (answer := self.rest.answer(plain, query)):
            return "rest", answer
        if self.feeds and (answer := self.feeds.answer(plain, query, headers)):
            return "feeds", answer
        if self.sitemaps and (answer := self.sitemaps.answer(plain)):
            return "sitemaps", answer
        is_deleted = bool(self.published.deleted) and self.published.was_at(plain)
        return "articles" if is_deleted else "others", None

    def _theme(self, number: int) -> Theme:
        return self.themes[number // len(SECTIONS) % len(self.themes)]

    def article_page(self, article: Article) -> bytes:
        """Return the page of an article in its theme."""
        content, theme = self.content, self._theme(article.number)
        values = content.card_values(article.number).copy()
        older = content.card_values(self.published.at_or_before(article.number - 1))
        related = [self.published.at_or_before(article.number - step * 11 - article.number % 5) for step in range(1, 5)]
        image = values[b"image"].decode()
        terms = [f'<a href="{self.site}/tag/{tag.replace(" ", "-")}/" rel="tag">{tag}</a>' for tag in article.tags]
        names = f"post-{article.id} post type-post status-publish format-standard has-post-thumbnail hentry"
        values |= {
            b"utc": article.date.astimezone(UTC).isoformat().encode(),
            b"shown": display_date(article.date).encode(),
            b"edited_iso": article.modified.isoformat().encode(),
            b"edited": article.modified.astimezone(UTC).isoformat().encode(),
            b"edited_shown": display_date(article.modified).encode(),
            b"views": b"%d" % (article.number * 37 % 9_973),
            b"caption": content.caption(article).encode(),
            b"srcset": ", ".join(f"{image}{name}.jpg {width}w" for name, width in WIDTHS).encode(),
            b"post_class": f"{names} category-{article.section} tag-{article.tags[0].replace(' ', '-')}".encode(),
            b"tags": ", ".join(terms).encode(),
            b"tag_items": "".join(f"<li>{term}</li>" for term in terms).encode(),
            b"tag_words": '","'.join(article.tags).encode(),
            b"bio": f"{article.author} {BIO}".encode(),
            b"older_url": older[b"url"],
            b"older_title": older[b"title"],
            b"related": b"".join([theme.card % content.card_values(number) for number in related]),
            b"content": content.html(article).encode(),
        }
        return theme.post % values

    def _list_page(self, section: str, page: int) -> bytes:
        listed = self._numbers(section)
        end = len(listed) - (page - 1) * self.per_page
        numbers = listed[max(0, end - self.per_page) : end][::-1]
        theme = self.themes[[*SECTIONS].index(section) % len(self.themes) if section else 0]
        path = f"/category/{section}/" if section else "/"
        kind = f"archive category category-{section}" if section else "home blog"
        values: Values = {
            b"heading": (SECTIONS[section] if section else "Berita Terbaru").encode(),
            b"own_url": self._list_url(path, page).encode(),
            b"kind": (f"{kind} paged paged-{page}" if page > 1 else kind).encode(),
            b"entries": b"".join([theme.entry % self.content.entry_values(number) for number in numbers]),
            b"pagination": self._pagination(path, page, self.list_pages(section)).encode(),
        }
        return theme.list % values

    def _list_url(self, path: str, page: int) -> str:
        return f"{self.site}{path}page/{page}/" if page > 1 else f"{self.site}{path}"

    def _pagination(self, path: str, page: int, last: int) -> str:
        """Return the links that `paginate_links()` prints: to the first and last page and those beside this one."""
        links: list[str] = []
        if page > 1:
            links.append(f'<a class="prev page-numbers" href="{self._list_url(path, page - 1)}">Sebelumnya</a>')
        previous = 0
        for number in sorted({1, page - 1, page, page + 1, last} & {*range(1, last + 1)}):
            if number > previous + 1:
                links.append('<span class="page-numbers dots">&hellip;</span>')
            if number == page:
                links.append(f'<span aria-current="page" class="page-numbers current">{number}</span>')
            else:
                links.append(f'<a class="page-numbers" href="{self._list_url(path, number)}">{number}</a>')
            previous = number
        if page < last:
            links.append(f'<a class="next page-numbers" href="{self._list_url(path, page + 1)}">Berikutnya</a>')
        return "\n".join(links)

    def _cards(self, card: bytes, count: int) -> str:
        """Return the cards of the newest articles."""
        numbers = self.published.numbers()[-count:][::-1]
        return b"".join([card % self.content.card_values(number) for number in numbers]).decode()


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

    def answer_function(site: str) -> AnswerFunction:
        return Portal(size, site, long_lists=is_long, having=having, lastmod=options.lastmod).answer

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(answer_function, options.port))


if __name__ == "__main__":
    main()
