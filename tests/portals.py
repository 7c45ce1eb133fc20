"""A news portal as WordPress' own themes write it, served on loopback, and the real spiders run against it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urljoin

from tests.conftest import ROOT, Portal, Scrapy

Record = dict[str, Any]

SECTIONS = {"ekonomi": "Ekonomi Pasar", "daerah": "Kabar Daerah"}
"""Slug and name of the sections that the menu shows."""

QUICK = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "RETRY_TIMES=0", "HTTPPROXY_ENABLED=False", "ARCHIVE=")


@dataclass(frozen=True)
class Post:
    """One post. `parts` are the texts of its pages; `date` is what its `time` element says."""

    id: int
    section: str = "ekonomi"
    date: str = "2026-01-05T09:00:00+07:00"
    parts: tuple[str, ...] = ()
    modified: str = field(default="", kw_only=True)
    """When it was edited, by its metadata; empty if they do not tell."""

    @property
    def title(self) -> str:
        return f"Perahu Sayur Nomor {self.id} Bersandar Sebelum Subuh"

    @property
    def path(self) -> str:
        return f"/{self.section}/perahu-sayur-{self.id}/"

    @property
    def texts(self) -> tuple[str, ...]:
        return self.parts or (f"Awak perahu nomor {self.id} menurunkan bayam dan kangkung di tangga dermaga.",)


@dataclass
class WordPress:
    """Writes pages to a server. `url` is the address that the pages give for themselves and link to."""

    server: Portal
    url: str = ""
    menu: tuple[str, ...] = tuple(f"/category/{slug}/" for slug in SECTIONS)

    def at(self, path: str) -> str:
        return urljoin(self.url or self.server.url, path)

    def page(self, body_class: str, main: str, *, head: str = "", beside: str = "") -> str:
        names = {f"/category/{slug}/": name for slug, name in SECTIONS.items()}
        menu = "".join(f'<li><a href="{self.at(path)}">{names.get(path, "Lainnya")}</a></li>' for path in self.menu)
        return f"""<!DOCTYPE html>
<html lang="id"><head><meta charset="UTF-8"><title>Kabar Dermaga</title>{head}</head>
<body class="{body_class}"><header class="site-header"><p class="site-title">Kabar Dermaga</p>
<nav class="main-navigation"><ul class="menu">{menu}</ul></nav></header>
<main id="primary">{main}</main><aside class="widget-area sidebar">{beside}</aside></body></html>"""

    # Articles

    def article(
        self,
        post: Post,
        *,
        part: int = 1,
        linked: bool = True,
        canonical: str | None = None,
        wrapper: str = "site",
        content: str | None = None,
    ) -> str:
        """The page of a post, or of one part of it; `linked`: it links to its other parts."""
        own = self.at(post.path) + (f"{part}/" if part > 1 else "")
        head = f'<link rel="canonical" href="{self.at(canonical) if canonical else own}">'
        head += f'<link rel="shortlink" href="{self.at(f"/?p={post.id}")}">'
        paged = f" paged-{part} single-paged-{part}" if part > 1 else ""
        links = "".join(
            f'<a class="post-page-numbers" href="{self.at(post.path)}{number}/">{number}</a>'
            for number in range(2, len(post.texts) + 1)
            if linked and number != part
        )
        text = f"<p>{escape(post.texts[part - 1])}</p>" if content is None else content
        name = SECTIONS.get(post.section, post.section)
        main = f"""<div class="{wrapper}"><article id="post-{post.id}" class="post-{post.id} post type-post hentry">
<header class="entry-header"><h1 class="entry-title">{post.title}</h1><div class="entry-meta">
<time class="entry-date published" datetime="{post.date}">{post.date[:10]}</time>
<span class="cat-links"><a href="{self.at(f"/category/{post.section}/")}" rel="category tag">{name}</a></span>
</div></header><div class="entry-content">{text}<div class="page-links">{links}</div></div></article></div>"""
        if post.modified:
            head += f'<meta property="article:modified_time" content="{post.modified}">'
        return self.page(f"single single-post postid-{post.id}{paged}", main, head=head)

    def publish(self, *posts: Post) -> None:
        """Answer each post at its address, all its parts linked."""
        for post in posts:
            self.server.add(post.path, self.article(post))
            for part in range(2, len(post.texts) + 1):
                self.server.add(f"{post.path}{part}/", self.article(post, part=part))

    # Listings

    def card(self, post: Post, path: str = "") -> str:
        return f"""<article class="post-{post.id} post hentry"><h2 class="entry-title">
<a href="{self.at(path or post.path)}" rel="bookmark">{post.title}</a></h2>
<time class="entry-date published" datetime="{post.date}"></time></article>"""

    def listing(self, cards: Iterable[str], *, older: str = "", newer: str = "", beside: Iterable[str] = ()) -> str:
        links = "".join(
            f'<a class="{name} page-numbers" href="{self.at(path)}">Laman</a>'
            for name, path in (("prev", newer), ("next", older))
            if path
        )
        main = f'{"".join(cards)}<nav class="navigation pagination"><div class="nav-links">{links}</div></nav>'
        return self.page("home blog" if not newer else "blog paged", main, beside="".join(beside))

    def list_posts(self, path: str, *pages: Sequence[Post], linked: bool = True, beside: Sequence[Post] = ()) -> None:
        """Answer a listing at `path` and its older pages at `page/2/` …, with links between them where `linked`."""
        addresses = [path, *(f"{path}page/{number}/" for number in range(2, len(pages) + 1))]
        for number, (address, posts) in enumerate(zip(addresses, pages, strict=True)):
            older = addresses[number + 1] if linked and number + 1 < len(pages) else ""
            newer = addresses[number - 1] if linked and number else ""
            cards = map(self.card, posts)
            self.server.add(address, self.listing(cards, older=older, newer=newer, beside=map(self.card, beside)))

    def open(self, *pages: Sequence[Post]) -> None:
        """Publish posts and list them on the front page and its older pages; the sections list nothing."""
        self.publish(*(post for posts in pages for post in posts))
        self.list_posts("/", *pages)
        for path in self.menu:
            self.list_posts(path, [])


@dataclass
class Crawl:
    """What a crawl of the real project gave."""

    status: int
    articles: list[Record]
    log: str

    @property
    def ids(self) -> list[int]:
        """The posts written, in ascending order."""
        return sorted(record["id"] for record in self.articles)

    @property
    def last_line(self) -> str:
        return self.log.splitlines()[-1]

    def stat(self, name: str) -> int:
        """The figure in the stats that the log shows at the end; 0 where it shows none."""
        _, _, figure = self.log.partition(f"'narayacrawl/{name}': ")
        return int(figure.split(",")[0].split("}")[0]) if figure else 0


def crawl(
    scrapy: Scrapy,
    url: str,
    *args: str,
    spider: str = "wordpress",
    output: str = "-",
    env: dict[str, str] | None = None,
) -> Crawl:
    """Crawl the portal at `url` ("": by other arguments); `args` are spider arguments, `name=value`, or settings,
    `NAME=value`. Only what goes to stdout is read back."""
    options = [word for setting in QUICK for word in ("-s", setting)]
    for arg in [f"url={url}" if url else "", *args]:
        if arg:
            options += ["-s" if arg[0].isupper() else "-a", arg]
    done = scrapy("crawl", spider, *options, "-O", f"{output}:jsonl", cwd=ROOT, env=env)
    return Crawl(done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr)
