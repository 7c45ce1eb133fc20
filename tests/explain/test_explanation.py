"""What an explanation tells of a page: each field's place, each block's outcome."""

from dataclasses import fields
from pathlib import Path

import pytest

from narayacrawl import extract
from narayacrawl.explain.block_outcomes import ExplainedBlock, align_with_body
from narayacrawl.explain.explanation import NOTHING_WRITTEN, Explanation, Field
from narayacrawl.explain.page import Page, explained
from narayacrawl.items import Article
from narayacrawl.pages import ArticlePage
from narayacrawl.wordpress import WordPressSpider
from tests.conftest import ROOT

URL = "https://portal.example/daerah/dermaga-kayu/"
TITLE = "Dermaga Kayu Diganti Beton Sebelum Musim Angin Barat"
TEXT = "Tukang perahu memindahkan tambatan ke hulu selama tiang beton ditanam di muara sungai."
MORE = "Pekerjaan ditargetkan selesai sebelum angin barat datang, kata kepala dermaga kepada warga."
UTC = "2026-01-04T23:30:00+00:00"
PUBLISHED = f'"datePublished": "{UTC}"'
PART = '"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": false}'
HEADER = (
    f'<h1 class="entry-title">{TITLE}</h1><p class="byline">Oleh <a class="fn" href="/author/rina/">Rina Sari</a></p>'
)
PARAGRAPHS = f"<p>{TEXT}</p><p>{MORE}</p>"


def json_ld(members: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {members}}}</script>'


JSON_LD = json_ld(PUBLISHED)


def explain(
    content: str = PARAGRAPHS,
    *,
    head: str = JSON_LD,
    above: str = HEADER,
    below: str = "",
    names: str = "single postid-7",
    page: type[ArticlePage] = ArticlePage,
) -> Explanation:
    """A page whose article holds `content` in its `.entry-content`, explained."""

    class Spider(WordPressSpider):
        article_page = page

    html = (
        f'<html lang="id"><head>{head}</head><body class="{names}"><main><article id="post-7">{above}'
        f'<div class="entry-content">{content}</div></article></main>{below}</body></html>'
    )
    return explained(Page(html, URL), Spider)


def field(explanation: Explanation, name: str) -> Field:
    [own] = [own for own in explanation.fields if own.name == name]
    return own


def outcomes(blocks: list[ExplainedBlock]) -> list[tuple[str, str | None, str]]:
    return [(block.outcome, block.rule, block.text) for block in blocks]


# Fields


@pytest.mark.parametrize(
    ("explanation", "name", "source"),
    [
        (explain(), "url", "where the page was answered"),
        (explain(head=f'{JSON_LD}<link rel="canonical" href="{URL}">'), "url", "link rel=canonical"),
        (explain(head=f'{JSON_LD}<meta property="og:url" content="{URL}">'), "url", "meta og:url"),
        (explain(), "id", "body class postid-7"),
        (explain(names="single"), "id", "comment form or article id"),
        (explain(names="single", head='<link rel="shortlink" href="/?p=7">'), "id", "link rel=shortlink"),
        (explain(), "title", "h1.entry-title"),
        (explain(above="", head=f'<meta property="og:title" content="{TITLE}">'), "title", "meta og:title"),
        (explain(above="", head=f"<title>{TITLE}</title>"), "title", "title tag"),
        (explain(head='<meta name="description" content="Tiang beton.">'), "description", "meta description"),
        (explain(), "date", "JSON-LD"),
        (explain(head=f'<meta property="article:published_time" content="{UTC}">'), "date", "OpenGraph"),
        (explain(head="", above=f'{HEADER}<time class="terbit" datetime="{UTC}"></time>'), "date", "time.terbit"),
        (explain(head="", above=f'{HEADER}<p class="tanggal">5 Januari 2026 06.30 WIB</p>'), "date", "p.tanggal"),
        (explain(), "authors", "byline a.fn"),
        (explain(above=f"<h1>{TITLE}</h1>", head='<meta name="author" content="Bayu Aji">'), "authors", "meta author"),
        (explain(f"{PARAGRAPHS}<p>Penulis: Sekar Arum</p>", above=f"<h1>{TITLE}</h1>"), "authors", "credit line"),
        (explain(f"{PARAGRAPHS}<p>Editor: Sekar Arum</p>"), "editors", "credit line"),
        (explain(head='<meta property="article:section" content="Daerah">'), "section", "meta article:section"),
        (explain(above=f'{HEADER}<i itemprop="articleSection">Desa</i>'), "section", "microdata articleSection"),
        (
            explain(above=f'{HEADER}<a rel="category tag" href="/category/daerah/">Daerah</a>'),
            "section",
            "category link",
        ),
        (
            explain(head='<meta property="article:tag" content="dermaga">'),
            "tags",
            "meta article:tag or JSON-LD keywords",
        ),
        (explain(below='<a rel="tag" href="/tag/dermaga/">dermaga</a>'), "tags", "links to tags"),
        (explain(f'<img src="/dermaga.jpg">{PARAGRAPHS}'), "images", "body"),
        (explain(above=f'{HEADER}<img class="lead-image" src="/a.jpg">'), "images", "img.lead-image"),
        (explain(head='<meta property="og:image" content="/a.jpg">'), "images", "meta og:image or twitter:image"),
        (explain(), "language", "html lang"),
        (explain(), "date_precision", "seconds in the date's text"),
        (explain(head="", above=f"{HEADER}<p class='tanggal'>5 Januari 2026 06.30 WIB</p>"), "date_precision",
         "hour and minute in the date's text"),
        (explain(head="", above=f"{HEADER}<p class='tanggal'>5 Januari 2026</p>"), "date_precision",
         "no time of day in the date's text"),
        (explain(), "words", "counted in the body"),
        (explain(), "free", None),
        (explain(head='<meta property="article:content_tier" content="free">'), "free", "meta article:content_tier"),
        (explain(head=json_ld('"isAccessibleForFree": "False"')), "free", "JSON-LD isAccessibleForFree"),
        (explain(head=json_ld(f'"isAccessibleForFree": "False", {PART}')), "free", "JSON-LD isAccessibleForFree"),
        (explain(head=json_ld(PART)), "free", "JSON-LD hasPart"),
        (explain(f'{PARAGRAPHS}<div class="rcp_restricted">Masuk</div>'), "free", "message of a membership plugin"),
    ],
)  # fmt: skip
def test_names_the_place_of_a_field(explanation: Explanation, name: str, source: str) -> None:
    assert field(explanation, name).origin == source


def test_shows_the_published_words_of_a_date_in_utc() -> None:
    assert field(explain(), "date") == Field("date", ["2026-01-05T06:30:00+07:00"], "JSON-LD", UTC)


def test_field_as_published_is_not_told_twice() -> None:
    assert field(explain(), "title") == Field("title", [TITLE], "h1.entry-title")


def test_field_that_is_missing_has_no_place() -> None:
    assert field(explain(), "tags") == Field("tags", [])


def test_every_field_of_the_record_is_explained_but_the_text_and_what_no_page_says() -> None:
    explained_fields = {own.name for own in explain().fields}
    others = {"portal", "body", "body_html", "revision", "change", "fetched_at"}
    assert explained_fields | others == {own.name for own in fields(Article)}


@pytest.mark.parametrize(
    ("head", "values"),
    [
        ("", []),
        ('<meta property="article:content_tier" content="free">', ["yes"]),
        ('<meta property="article:content_tier" content="locked">', ["no, for subscribers"]),
    ],
)
def test_tells_for_whom_the_text_is(head: str, values: list[str]) -> None:
    assert field(explain(head=head), "free").values == values


@pytest.mark.parametrize("name", ["url", "id", "title", "date", "date_precision", "words", "authors", "language"])
def test_every_field_of_a_saved_page_has_a_place(name: str) -> None:
    path = ROOT / "fixtures" / "narayapost" / "pages" / "daerah-pasar-terapung-pindah-jam.html"
    assert field(explained(Page(path.read_text(encoding="utf-8"), URL), WordPressSpider), name).origin


def test_own_selector_is_the_place() -> None:
    class OwnPage(ArticlePage):
        title_css = ".judul"

    explanation = explain(above='<p class="judul">Dermaga Kayu Diganti</p>', page=OwnPage)
    assert field(explanation, "title").origin == "title_css .judul"


# The container


def test_names_the_container_and_why() -> None:
    explanation = explain()
    assert (explanation.container, explanation.container_reason) == (
        "main > article#post-7 > div.entry-content",
        "by its name, which themes give to an article's text",
    )


def test_container_without_a_name_is_chosen_by_its_text() -> None:
    text = f'<div class="kolom">{HEADER}<div class="kiri">{PARAGRAPHS}</div></div>'
    html = f'<html><body class="single">{text}</body></html>'
    explanation = explained(Page(html, URL), WordPressSpider)
    assert explanation.container == "div.kolom > div.kiri"
    assert explanation.container_reason.startswith("by its text")


def test_own_selector_that_matches_is_the_reason() -> None:
    class OwnPage(ArticlePage):
        body_css = ".entry-content"

    assert explain(page=OwnPage).container_reason == "named by body_css .entry-content"


def test_own_selector_that_matches_nothing_is_a_warning() -> None:
    class OwnPage(ArticlePage):
        body_css = ".kolom-kiri"

    assert explain(page=OwnPage).warnings[0] == "body_css .kolom-kiri matches nothing on this page"


def test_page_without_text_has_no_container() -> None:
    explanation = explained(Page(f'<body class="single"><h1>{TITLE}</h1></body>', URL), WordPressSpider)
    assert (explanation.container, explanation.blocks_at("inside")) == (None, [])
    assert explanation.warnings == ["the body is empty"]


# Blocks


@pytest.mark.parametrize(
    ("block", "rule", "outcome"),
    [
        ('<p>Baca juga: <a href="/perahu/">Perahu Sayur Bersandar Sebelum Subuh</a></p>', "related", "field"),
        ("<p>Editor: Sekar Arum</p>", "credit line", "field"),
        ('<div class="iklan">Pasang iklan di sini</div>', "ad", "dropped"),
        ("<p>750 x 100 AD PLACEMENT</p>", "placeholder", "dropped"),
        ("<p>Ikuti kami di Google News</p>", "blurb", "dropped"),
        ('<div class="sharedaddy">Bagikan ke teman</div>', "share", "dropped"),
        ('<div class="page-links">Halaman <a href="2/">2</a></div>', "navigation", "dropped"),
        ('<iframe src="/video/9"></iframe>', "embed", "dropped"),
    ],
)
def test_names_the_rule_that_left_out_a_block(block: str, rule: str, outcome: str) -> None:
    [own] = [own for own in explain(f"{PARAGRAPHS}{block}").blocks_at("inside") if own.outcome != "kept"]
    assert (own.rule, own.outcome) == (rule, outcome)


def test_blocks_of_the_body_are_kept_in_order() -> None:
    explanation = explain(f"<p>{TEXT}</p><h2>Tiang</h2><ul><li>satu</li></ul><img src='/a.jpg'><p>{MORE}</p>")
    assert [(block.kind, block.outcome) for block in explanation.blocks_at("inside")] == [
        ("p", "kept"), ("h2", "kept"), ("ul", "kept"), ("image", "kept"), ("p", "kept"),
    ]  # fmt: skip


def test_dateline_and_end_marker_are_blocks_of_their_own() -> None:
    explanation = explain(f"<p>AMBON, NarayaPost – {TEXT}</p><p>{MORE} (*)</p>")
    assert outcomes(explanation.blocks_at("inside")) == [
        ("field", "dateline", "AMBON, NarayaPost –"),
        ("kept", None, TEXT),
        ("kept", None, MORE),
        ("dropped", "end marker", "(*)"),
    ]


def test_end_marker_on_a_line_of_its_own_is_left_out() -> None:
    assert outcomes(explain(f"{PARAGRAPHS}<p>(*)</p>").blocks_at("inside"))[-1] == ("dropped", "end marker", "(*)")


def test_kept_text_is_the_record_s() -> None:
    explanation = explain(f"<p>{TEXT}\u200b &nbsp; (e\u0301)</p><p>{MORE}</p>")
    assert [block.text for block in explanation.kept] == [f"{TEXT} (é)", MORE]


def test_region_that_is_not_read_shows_its_text_and_element() -> None:
    region = '<div class="iklan atas"><p>Diskon</p><p>akhir pekan</p><script>x()</script></div>'
    [own] = [own for own in explain(f"{PARAGRAPHS}{region}").blocks_at("inside") if own.outcome != "kept"]
    assert (own.kind, own.element, own.text) == ("region", "div.iklan", "Diskon akhir pekan")


def test_block_in_a_region_names_the_region() -> None:
    related = '<div class="berita-terkait"><p><a href="/perahu/">Perahu Sayur Bersandar Sebelum Subuh</a></p></div>'
    [own] = [own for own in explain(f"{PARAGRAPHS}{related}").blocks_at("inside") if own.outcome != "kept"]
    assert (own.rule, own.element) == ("related", "div.berita-terkait")


def test_blocks_outside_the_container_tell_the_field_they_gave() -> None:
    explanation = explain(below="<aside>Terpopuler</aside>")
    assert [(block.outcome, block.field) for block in explanation.blocks_at("above")] == [
        ("field", "title"),
        ("field", "authors"),
    ]
    assert outcomes(explanation.blocks_at("below")) == [("outside", "sidebar", "Terpopuler")]


def test_standfirst_above_the_container_is_a_field() -> None:
    lead = f'<p class="lead">{MORE[:80]} sebelum musim berganti.</p>'
    explanation = explain(f"<p>{TEXT}</p>" * 3, above=f"{HEADER}{lead}")
    [own] = [block for block in explanation.blocks_at("above") if block.field == "standfirst"]
    assert (own.text, own.element, own.outcome) == (f"{MORE[:80]} sebelum musim berganti.", "p.lead", "field")
    assert len(explanation.kept) == 3


def test_media_sections_and_the_site_name_tell_their_origins() -> None:
    crumbs = '<div class="breadcrumb"><a href="/d/">Daerah</a><a href="/d/pesisir/">Pesisir</a></div>'
    player = '<iframe class="peta" src="https://peta.example/muara"></iframe>'
    explanation = explain(f"{PARAGRAPHS}{player}<p>{MORE}</p>", above=f"{crumbs}{HEADER}")
    found = {field.name: (field.values, field.origin) for field in explanation.fields}
    assert found["media"] == (["embed https://peta.example/muara"], "iframe.peta")
    assert found["sections"] == (["Daerah › Pesisir"], "breadcrumb")


def test_caption_is_read_into_the_images() -> None:
    figure = "<figure><img src='/a.jpg'><figcaption>Tiang beton. Foto: Bayu</figcaption></figure>"
    caption = next(block for block in explain(f"{figure}{PARAGRAPHS}").blocks_at("inside") if block.kind == "caption")
    assert (caption.rule, caption.field) == ("caption", "images")


def test_counts_by_rule() -> None:
    ads = '<div class="iklan">a</div><div class="iklan">b</div><p>Ikuti kami di Google News</p>'
    explanation = explain(f"{PARAGRAPHS}{ads}", below="<nav>Beranda</nav><p>Hak cipta</p>")
    assert explanation.dropped == {"ad": 2, "blurb": 1}
    assert explanation.outside == {"other": 2, "meta": 1, "navigation": 1}


@pytest.mark.parametrize(
    ("texts", "body", "found"),
    [
        (["a", "b"], "a\n\nb", ["a", "b"]),
        (["Kota – a", "b"], "a\n\nb", ["a", "b"]),
        (["NarayaPost –", "satu", "dua"], "satu\n\ndua", [None, "satu", "dua"]),
        (["satu", "dua", "(*)"], "satu\n\ndua", ["satu", "dua", None]),
        (["e\u0301a", "(*)"], "éa", ["éa", None]),
        (["(*)"], "", [None]),
        ([], "", []),
    ],
)
def test_aligns_blocks_with_the_record(texts: list[str], body: str, found: list[str | None]) -> None:
    assert align_with_body(texts, body) == found


@pytest.mark.parametrize("path", sorted(ROOT.glob("fixtures/*/pages/*.html")), ids=lambda path: path.stem)
def test_kept_blocks_of_a_saved_page_are_its_body(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    kept = explained(Page(html, URL), WordPressSpider).kept
    assert "\n\n".join(block.text for block in kept) == extract(html, URL).body


# Why there is no article

CARDS = "".join(
    f'<article class="post"><h2 class="entry-title"><a href="/ekonomi/berita-{n}/">'
    f"Harga beras naik di pasar {n}</a></h2></article>"
    for n in (1, 2)
)


@pytest.mark.parametrize(
    ("explanation", "rejection"),
    [
        (explain(), None),
        (
            explain(names="archive category"),
            "category page (the body's class is category)",
        ),
        (explain(names="archive"), "listing (the body's class is archive)"),
        (
            explain(below=CARDS, names="home blog"),
            "front page (the body's class is home): a crawl follows its links to 2 articles",
        ),
        (explain(names="page page-id-2"), "static page (the body's class is page)"),
        (explain(above=""), "no title (no heading and no metadata tell one)"),
        (explain(head=""), "no date"),
        (explain("", above=f"{HEADER}<time datetime='{UTC}'></time>"), "no body"),
        (
            explain('<form class="post-password-form"><input name="post_password" id="pwbox-7"></form>'),
            "protected (its text stands behind a password form)",
        ),
    ],
)
def test_tells_why_a_page_is_no_article(explanation: Explanation, rejection: str | None) -> None:
    assert explanation.rejection == rejection


def test_short_body_names_what_rules_left_out() -> None:
    popup = f'<div class="popup-isi"><p>{TEXT}</p><p>{TEXT}</p></div><div class="iklan">Diskon</div><p>Simak.</p>'
    assert explain(popup).warnings == [
        "the body is short: 6 characters",
        f"left out, with characters outside links: popup: div.popup-isi ({2 * len(TEXT) + 1})",
    ]


def test_another_container_with_a_body_s_name_is_a_warning() -> None:
    other = f'<div class="post-content">{PARAGRAPHS * 2}</div>'
    assert "div.post-content is named like a body too" in explain(PARAGRAPHS * 3, below=other).warnings[0]


def test_split_article_says_that_its_pages_are_joined() -> None:
    links = '<div class="page-links"><a class="post-page-numbers" href="/daerah/dermaga-kayu/2/">2</a></div>'
    assert "page 1 of 2: a crawl joins the bodies of all pages" in explain(f"{PARAGRAPHS}{links}").warnings


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://portal.example/", "front page"),
        ("https://portal.example/category/ekonomi/", "listing"),
        ("https://portal.example/?s=beras", "listing"),
        ("https://portal.example/page/2/", "listing"),
    ],
)
def test_address_of_a_listing_is_no_article_whatever_its_page_says(url: str, kind: str) -> None:
    html = (
        f"<html><head>{JSON_LD}</head><body>{HEADER}<div class='entry-content'>{PARAGRAPHS}</div>{CARDS}</body></html>"
    )
    explanation = explained(Page(html, url), WordPressSpider)
    assert explanation.rejection == (
        f"{kind} (no article has an address like that): a crawl follows its links to 2 articles"
    )
    assert explanation.warnings[0] == NOTHING_WRITTEN
