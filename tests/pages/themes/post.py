"""Themes as files: what stands in `body` on the page of a post, with a placeholder where a template calls WordPress."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.pages.themes.story import OTHERS, SITE, UPLOADS, Story

NAME = "Kabar Dermaga"
SECTION, SECTION_URL = "Kabar Daerah", f"{SITE}/category/daerah/"
TAGS = ("sungai barito", "transportasi")
URL = f"{SITE}/daerah/feri-malam-sungai-barito/"
PUBLISHED, SHOWN = "2025-12-14T21:35:12+07:00", "Minggu, 14 Desember 2025 | 21:35 WIB"
LEAD = f"{UPLOADS}/feri-malam.jpg"
CAPTION = "Feri Ulin Jaya merapat di dermaga seberang. (Foto: Bayu Pratama)"
ABOUT = (
    "Sari Wulandari meliput perhubungan dan pasar sejak 2016. Ia tumbuh di tepi sungai, menulis buku tentang perahu "
    "dagang, dan mengajar menulis di sanggar kampung setiap akhir pekan."
)
GREETING = (
    "Kabar Dermaga adalah portal berita warga tepian sungai. Kami menulis tentang pasar, perahu, sekolah dan cuaca, "
    "dan menerima kiriman tulisan dari pembaca. Redaksi berkantor di lantai dua pasar lama, buka setiap hari kerja "
    "sampai pukul lima sore."
)
ADSENSE = '<ins class="adsbygoogle" data-ad-slot="123"></ins><script>adsbygoogle.push()</script>'
SHARE = (
    '<a href="https://www.facebook.com/sharer.php?u=x"><span>Facebook</span></a><a href="#"><span>WhatsApp</span></a>'
)
# A related line as editors write it, where the theme has no block for it.
RELATED = '<p><strong>Baca juga: <a href="{url}">{title}</a></strong></p>'
PARTIAL = re.compile(r'<template id="([^"]+)">(.*?)</template>\n', re.DOTALL)
PRINTED: dict[str, str] = dict(PARTIAL.findall((Path(__file__).parent / "wordpress.html").read_text("utf-8")))
"""What WordPress prints below every post, and the bar of the plugin Cookie Notice."""


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


class Call:
    """A template's call: `{author[fn]}` is `call("fn")`; its arguments part at bars, `-` is an empty one."""

    def __init__(self, call: Callable[..., str]) -> None:
        self.call = call

    def __getitem__(self, arguments: str) -> str:
        return self.call(*("" if argument == "-" else argument for argument in arguments.split("|")))


# What WordPress' functions print in every theme


def menu(names: str) -> str:
    """`wp_nav_menu()`."""
    entries = ("Daerah", "Ekonomi", "Olahraga", "Opini", "Hiburan", "Video")
    items = "".join(
        f'<li id="menu-item-{n}" class="menu-item menu-item-type-taxonomy menu-item-{n}">'
        f'<a href="{SITE}/category/{slug(name)}/">{name}</a></li>'
        for n, name in enumerate(entries, 20)
    )
    return f'<div class="menu-utama-container"><ul id="menu-utama" class="{names}">{items}</ul></div>'


def comments(title: str, area: str) -> str:
    """`comments_template()` with one comment and the form."""
    return PRINTED["comments"].format(title=title, area=area, url=URL, site=SITE)


def widgets(box: str, card: str) -> str:
    """A sidebar's widgets: search, popular articles in the theme's cards, recent ones, a text, a newsletter."""
    parts = (
        ("search-2", "widget_search", '<form role="search" class="search-form"><label>Cari untuk:</label></form>'),
        ("popular-2", "widget_popular", f'<h2 class="widget-title">Terpopuler</h2><ul>{cards(card)}</ul>'),
        ("recent-posts-2", "widget_recent_entries", f'<h2 class="widget-title">Berita Terbaru</h2>'
         f'<ul>{cards("<li>{link}</li>")}</ul>'),
        ("text-3", "widget_text", f'<h2 class="widget-title">Tentang Kami</h2><div class="textwidget"><p>{GREETING}</p>'
         f"<p>{GREETING}</p></div>"),
        ("newsletter-4", "widget_mc4wp_form_widget", '<form class="mc4wp-form"><p>Dapatkan rangkuman berita pagi '
         'di kotak surat Anda, tanpa biaya.</p><input type="email"></form>'),
    )  # fmt: skip
    return "".join(box.format(id=own[0], kind=own[1], inside=own[2]) for own in parts)


def cards(card: str, first: str = "0") -> str:
    """Other articles; `card` is the theme's, with {link}, {url}, {title}, {image} and {excerpt}."""
    return "".join(
        card.format(link=o.link, url=o.url, title=o.title, image=o.image, excerpt=o.excerpt)
        for o in OTHERS[int(first) :]
    )


def head(story: Story) -> str:
    """`wp_head()`: nothing but the document's title, or what Yoast SEO adds to it."""
    title = f"<title>{story.title} - {NAME}</title>"
    if not story.told:
        return title
    graph = [
        {"@type": "NewsArticle", "headline": story.title, "datePublished": "2025-12-14T14:35:12+00:00",
         "dateModified": "2025-12-14T14:35:12+00:00", "articleSection": [SECTION], "keywords": [*TAGS],
         "author": [{"@type": "Person", "name": name} for name in story.people], "inLanguage": "id"},
        {"@type": "WebSite", "name": NAME, "url": f"{SITE}/"},
    ]  # fmt: skip
    stated = json.dumps({"@context": "https://schema.org", "@graph": graph})
    return f"""{title}<link rel="canonical" href="{URL}"><meta property="og:locale" content="id_ID">
<meta property="og:type" content="article"><meta property="og:title" content="{story.title} - {NAME}">
<meta property="og:site_name" content="{NAME}"><meta property="article:published_time"
content="2025-12-14T14:35:12+00:00"><meta property="og:image" content="{LEAD}">
<link rel="shortlink" href="{SITE}/?p=412">
<script type="application/ld+json">{stated}</script>"""


@dataclass(frozen=True)
class Theme:
    """A theme: its single post's page, a file of its name, and what that does not show."""

    name: str
    captioned: bool = True
    """Whether it prints the lead image's caption."""
    pictured: bool = True
    """Whether it prints the lead image."""
    tagged: bool = True
    timed: bool = True
    """Whether it prints the hour, or only the day."""
    signed: bool = True
    """Whether it prints the author."""
    dated: bool = True
    """Whether it prints the day."""
    filed: bool = True
    """Whether it prints the section."""
    posted: bool = True
    """Whether WordPress' body class tells that it is a post, and which."""

    @cached_property
    def markup(self) -> str:
        name = re.sub(r"\W+", "-", self.name.lower())
        return (Path(__file__).parent / f"{name}.html").read_text("utf-8")

    def body(self, story: Story) -> str:
        partial = {"related": RELATED} | dict(PARTIAL.findall(self.markup))

        def author(names: str) -> str:
            """`the_author_posts_link()`, or of several authors what Co-Authors Plus makes of it."""
            return " dan ".join(
                f'<a href="{SITE}/author/{slug(name)}/" title="Posts by {name}" class="{names}" rel="author">{name}</a>'
                for name in story.people
            )

        def tags(between: str, rel: str = ' rel="tag"') -> str:
            return between.join(f'<a href="{SITE}/tag/{slug(tag)}/"{rel}>{tag}</a>' for tag in TAGS)

        return PARTIAL.sub("", self.markup).format(
            title=story.title,
            content=story.content(partial["related"]),
            people=" dan ".join(story.people),
            classes="post-412 post type-post status-publish format-standard has-post-thumbnail hentry category-daerah",
            lead=Call(lambda names: story.picture(LEAD, names)),
            author=Call(author),
            time=Call(lambda names: f'<time class="{names}" datetime="{PUBLISHED}">{SHOWN}</time>'),
            category=Call(lambda names, rel: f'<a href="{SECTION_URL}" class="{names}" rel="{rel}">{SECTION}</a>'),
            tags=Call(tags),
            terms=Call(lambda between: tags(between, "")),
            menu=Call(menu),
            comments=Call(comments),
            cards=Call(lambda card, first="0": cards(partial[card], first)),
            widgets=Call(lambda box, card: widgets(partial[box], partial[card])),
            about=ABOUT,
            caption=CAPTION,
            greeting=GREETING,
            name=NAME,
            published=PUBLISHED,
            section=SECTION,
            shown=SHOWN,
            site=SITE,
            url=URL,
            share=SHARE,
            adsense=ADSENSE,
        )

    def page(self, story: Story) -> str:
        names = "single single-post postid-412 single-format-standard" if self.posted else ""
        return (
            f'<!DOCTYPE html><html lang="id"><head><meta charset="UTF-8">{head(story)}</head>'
            f'<body class="{names}">{self.body(story)}{PRINTED["cookies"]}</body></html>'
        )
