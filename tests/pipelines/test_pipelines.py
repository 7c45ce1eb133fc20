from dataclasses import asdict, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.crawler import Crawler

from narayacrawl.items import Article, Block, Image, PublishedArticle, RelatedLink
from narayacrawl.language.text import clean_text
from narayacrawl.ledger.portal_timezone import PortalTimezone
from narayacrawl.pipelines.body import cut, normalize_body, text_of, tidy
from narayacrawl.pipelines.date import NormalizeDatePipeline, normalize_date
from narayacrawl.pipelines.dropped import Dropped
from narayacrawl.pipelines.record import body_html, record
from narayacrawl.pipelines.select import SelectArticlePipeline
from narayacrawl.pipelines.title import normalize_title
from narayacrawl.pipelines.validate import ValidateArticlePipeline
from narayacrawl.wordpress.arguments import Arguments

URL = "https://portal.example/pasar/"
TABLE = Block("table", "Cabai | 45.000\nBawang | 30.000", "<tr><td>Cabai</td><td>45.000</td></tr>")
WORDS = st.sampled_from(["a", " ", "b ", " c", "&amp;", "&lt;em&gt;", "\u00a0", "\u200b"])
PARTS = st.recursive(WORDS, lambda inner: st.lists(inner, max_size=3).map(lambda own: f"<em>{''.join(own)}</em>"))
INLINE = st.lists(PARTS, max_size=6).map("".join)


def published(*blocks: Block | str, **fields: Any) -> PublishedArticle:
    own = [Block("p", text_of(block), block) if isinstance(block, str) else block for block in blocks]
    fields = {"title": "Pasar", "date": "2025-12-14T21:35:12+07:00", "site_name": "NarayaPost", "blocks": own} | fields
    return PublishedArticle(URL, "2025-12-14T14:40:00+00:00", **fields)


def bodies(article: PublishedArticle) -> list[str]:
    return [block.html for block in normalize_body(article).blocks]


# Text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  satu \n\t dua ", "satu dua"),
        ("satu\u00a0dua\u2009tiga", "satu dua tiga"),
        ("pa\u00adsar te\u200brapung\ufeff\u2060", "pasar terapung"),
        ("\u200eArab\u200f \u202aa\u202c", "Arab a"),
        ("cafe\u0301", "café"),
        ("a\x00b\x07c\x85", "abc"),
        ("“Pasar” – Rp 5.000…", "“Pasar” – Rp 5.000…"),
        ("\u0645\u06cc\u200c\u0631\u0648\u062f", "\u0645\u06cc\u200c\u0631\u0648\u062f"),
        ("a\u200cb \u200d", "ab"),
        ("\U0001f468\u200d\U0001f33e", "\U0001f468\u200d\U0001f33e"),
        ("a\ud800b", "ab"),
        ("", ""),
    ],
)
def test_text_has_nothing_invisible_and_single_spaces(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text())
def test_cleaning_text_twice_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(st.characters(exclude_categories=[])))
def test_clean_text_can_always_be_written(text: str) -> None:
    assert "\n" not in clean_text(text).encode().decode()


# Title and other lines


def test_every_one_line_field_is_one_clean_line() -> None:
    article = published(
        title=" Pasar\nTerapung ",
        description="Isi\u00a0 berita",
        section=" Daerah",
        authors=["Sari\u200b", " ", "Sari"],
        editors=["Rina\n"],
        tags=["a", "a ", "b"],
        images=[Image("u", " Kapal\n", "  ")],
        related=[RelatedLink(" A\nB", "u")],
    )
    normalize_title(article)
    assert (article.title, article.description, article.section) == ("Pasar Terapung", "Isi berita", "Daerah")
    assert (article.authors, article.editors, article.tags) == (["Sari"], ["Rina"], ["a", "b"])
    assert (article.images, article.related) == ([Image("u", "Kapal", None)], [RelatedLink("A B", "u")])


@pytest.mark.parametrize("empty", [None, "", " \n", "\u200b"])
def test_an_empty_line_is_none(empty: str | None) -> None:
    article = normalize_title(published(title=empty, description=empty, section=empty))
    assert (article.title, article.description, article.section) == (None, None, None)


# Date


@pytest.mark.parametrize(
    ("language", "words", "date"),
    [
        ("id-ID", "2025-12-14T14:35:12+00:00", "2025-12-14T21:35:12+07:00"),
        ("id", "2025-12-14T14:35:12.480Z", "2025-12-14T21:35:12+07:00"),
        ("id-ID", "2025-12-14T22:35:12+08:00", "2025-12-14T22:35:12+08:00"),
        ("id-ID", "Minggu, 14 Desember 2025 | 21:35 WITA", "2025-12-14T21:35:00+08:00"),
        ("id-ID", "14/12/2025 21:35", "2025-12-14T21:35:00+07:00"),
        ("id-ID", "2 jam lalu", "2025-12-14T19:40:00+07:00"),
        ("en-US", "2025-12-14T14:35:12+00:00", "2025-12-14T14:35:12+00:00"),
        (None, "2025-12-14T14:35:12", "2025-12-14T14:35:12+00:00"),
        ("id-ID", "segera", None),
        ("id-ID", None, None),
    ],
)
def test_a_date_has_the_offset_of_the_portal(language: str | None, words: str | None, date: str | None) -> None:
    assert normalize_date(published(language=language, date=words)).date == date


def test_the_spiders_zone_goes_before_the_language() -> None:
    crawler = cast(Crawler, SimpleNamespace(spidercls=SimpleNamespace(timezone="Asia/Makassar")))
    article = published(language="id-ID", date="2025-12-14T14:35:12Z")
    assert NormalizeDatePipeline.from_crawler(crawler).process_item(article).date == "2025-12-14T22:35:12+08:00"


@pytest.mark.parametrize(
    ("words", "modified"),
    [
        ("2025-12-14T15:00:00Z", "2025-12-14T22:00:00+07:00"),
        ("2025-12-14T23:00:00+08:00", "2025-12-14T22:00:00+07:00"),
        ("2025-12-14T14:35:12Z", None),
        ("2025-12-14T10:00:00Z", None),
        ("kapan-kapan", None),
        (None, None),
    ],
)
def test_an_edit_is_told_only_where_it_is_later(words: str | None, modified: str | None) -> None:
    assert normalize_date(published(language="id-ID", modified=words)).modified == modified


# Body


@pytest.mark.parametrize(
    ("words", "precision"),
    [
        ("2025-12-14T14:35:12Z", "second"),
        ("Minggu, 14 Desember 2025 | 21:35 WIB", "minute"),
        ("14 Desember 2025", "day"),
        ("segera", None),
        (None, None),
    ],
)
def test_tells_how_exact_the_date_is(words: str | None, precision: str | None) -> None:
    assert normalize_date(published(language="id-ID", date=words)).date_precision == precision


def test_a_standfirst_keeps_its_paragraphs() -> None:
    article = normalize_title(published(standfirst=" Jam\u00a0baru\n di muara. \n\n \n\nWarga senang. "))
    assert article.standfirst == "Jam baru di muara.\n\nWarga senang."


@pytest.mark.parametrize(
    ("opening", "dateline", "rest"),
    [
        ("NarayaPost – Warga turun.", "NarayaPost", "Warga turun."),
        ("<strong>NarayaPost</strong> – Warga turun.", "NarayaPost", "Warga turun."),
        ("<strong>NarayaPost – </strong>Warga turun.", "NarayaPost", "Warga turun."),
        ("<strong>YOGYAKARTA, <em>NarayaPost</em></strong>\u00a0– Warga.", "YOGYAKARTA, NarayaPost", "Warga."),
        ("<strong>SOLO, NarayaPost – Warga</strong> turun.", "SOLO, NarayaPost", "<strong>Warga</strong> turun."),
        ('<a href="/">NarayaPost</a> – A &amp; B.', "NarayaPost", "A &amp; B."),
        ("<strong> <em> NarayaPost –</em></strong> Warga.", "NarayaPost", "Warga."),
        ("portal.example – Warga.", "portal.example", "Warga."),
        ("Warga turun – NarayaPost menulis.", None, "Warga turun – NarayaPost menulis."),
        ("<strong>Suka Makmur</strong> – Warga turun.", "Suka Makmur", "Warga turun."),
        ("<strong>Suka Makmur – </strong>Warga turun.", "Suka Makmur", "Warga turun."),
        ("Suka Makmur – Warga turun.", None, "Suka Makmur – Warga turun."),
        ("<strong>Suka Makmur</strong> – desa itu – hujan.", None, "<strong>Suka Makmur</strong> – desa itu – hujan."),
        ("<strong>BMKG</strong> – Badan itu bersiap.", None, "<strong>BMKG</strong> – Badan itu bersiap."),
        ("<strong>Opini</strong> – Warga turun.", None, "<strong>Opini</strong> – Warga turun."),
    ],
)
def test_takes_the_dateline_off_text_and_html(opening: str, dateline: str | None, rest: str) -> None:
    article = normalize_body(published(opening))
    assert (article.dateline, article.blocks) == (dateline, [Block("p", text_of(rest), rest)])


def test_a_dateline_may_stand_under_a_heading_or_alone() -> None:
    article = normalize_body(published(Block("h2", "Cuaca", "Cuaca"), "SOLO, NarayaPost –", "Hujan turun."))
    assert (article.dateline, [b.text for b in article.blocks]) == ("SOLO, NarayaPost", ["Cuaca", "Hujan turun."])


def test_bold_names_that_open_every_paragraph_are_no_dateline() -> None:
    names = ["<strong>Rafi Harun</strong> – Kiper itu hadir.", "<strong>Dewa Made</strong> – Kapten itu cedera."]
    assert bodies(published(*names))[0] == names[0]


def test_only_the_first_paragraph_has_a_dateline() -> None:
    assert bodies(published("Hujan turun.", "SOLO, NarayaPost – Warga.")) == [
        "Hujan turun.",
        "SOLO, NarayaPost – Warga.",
    ]


@pytest.mark.parametrize(
    ("last", "rest"),
    [
        (["Warga turun. (*)"], ["Warga turun."]),
        (["Warga turun. <strong>(*)</strong>"], ["Warga turun."]),
        (["<strong>Warga turun.(*)</strong>"], ["<strong>Warga turun.</strong>"]),
        (["Warga turun.", "***"], ["Warga turun."]),
        (["Warga turun. (ant/jpp)", "(*)"], ["Warga turun."]),
        (["Warga turun (Kota)."], ["Warga turun (Kota)."]),
        (["A. (*)", "Warga turun."], ["A. (*)", "Warga turun."]),
        (["Warga turun. (*)", TABLE], ["Warga turun.", TABLE.html]),
        (["(*)"], []),
    ],
)
def test_takes_the_ending_off_the_last_paragraph(last: list[Block | str], rest: list[str]) -> None:
    assert bodies(published(*last)) == rest


def test_blocks_without_text_go() -> None:
    assert bodies(published("\u00a0", "a", "<strong>\u200b</strong>", "b")) == ["a", "b"]


def test_white_space_is_single_across_tags() -> None:
    block = normalize_body(published("Harga <strong> cabai </strong> turun<em> </em>lagi ")).blocks[0]
    assert (block.text, block.html) == ("Harga cabai turun lagi", "Harga <strong>cabai </strong>turun lagi")


def test_a_table_keeps_its_lines() -> None:
    text = "Cabai |  45.000\n\u200b\nBawang | 30.000"
    assert normalize_body(published(replace(TABLE, text=text))).blocks == [TABLE]


@given(INLINE)
def test_a_blocks_text_is_what_its_html_shows(html: str) -> None:
    for block in normalize_body(published(html, site_name=None)).blocks:
        assert block.text == text_of(block.html) == clean_text(block.text)


@given(INLINE, st.integers(0, 12), st.integers(0, 12))
def test_cutting_html_cuts_the_same_text(html: str, start: int, length: int) -> None:
    html = tidy(html)
    assert text_of(cut(html, start, start + length)) == text_of(html)[start : start + length].strip()


# The record


def test_html_joins_the_items_of_a_list_and_is_sanitised() -> None:
    blocks = [
        Block("p", "", '<a href="javascript:a()" onclick="a()">satu</a><script>a()</script>'),
        Block("ul", "", "dua"),
        Block("ul", "", '<a href="https://x.example/?a=1&amp;b=2">tiga</a>'),
        Block("ol", "", "empat"),
        TABLE,
    ]
    assert body_html(blocks).split("\n") == [
        "<p><a>satu</a></p>",
        '<ul><li>dua</li><li><a href="https://x.example/?a=1&amp;b=2">tiga</a></li></ul>',
        "<ol><li>empat</li></ol>",
        "<table><tr><td>Cabai</td><td>45.000</td></tr></table>",
    ]


def test_html_of_a_long_body_is_that_of_its_parts() -> None:
    part = [
        Block("p", "", f"<em>satu</em> &amp; {'dua ' * 5_000}"),
        Block("ul", "", "tiga"),
        Block("ul", "", "<b>empat"),
        TABLE,
    ]
    assert body_html(part * 20) == "\n".join([body_html(part)] * 20)


def test_the_body_parts_its_blocks_by_an_empty_line() -> None:
    assert record(published("satu", TABLE)).body == "satu\n\nCabai | 45.000\nBawang | 30.000"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"title": None}, "no title"), ({"date": None}, "no date"), ({"blocks": []}, "no body")],
)
def test_drops_what_is_no_article(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Dropped, match=f"^{reason}: {URL}$") as dropped:
        ValidateArticlePipeline().process_item(published("satu", **fields))
    assert dropped.value.reason == reason.replace(" ", "_")


def test_keeps_an_article_of_images_only() -> None:
    assert ValidateArticlePipeline().process_item(published(images=[Image("https://x/a.jpg")])).body == ""


# Selection


def select(**arguments: str) -> SelectArticlePipeline:
    return SelectArticlePipeline(Arguments.parse(arguments).scope(), PortalTimezone("Asia/Jakarta"))


def dated(date: str) -> Article:
    return Article(**asdict(record(published("satu"))) | {"date": date})


@pytest.mark.parametrize(
    ("date", "passes"),
    [
        ("2025-12-12T23:59:59+07:00", False),
        ("2025-12-13T00:00:00+07:00", True),
        ("2025-12-14T23:59:59+07:00", True),
        ("2025-12-15T00:00:00+07:00", False),
        ("2025-12-15T00:30:00+08:00", True),
        ("2025-12-12T17:00:00+00:00", True),
    ],
)
def test_the_window_counts_days_of_the_portal(date: str, passes: bool) -> None:
    pipeline = select(since="2025-12-13", until="2025-12-14")
    if passes:
        assert pipeline.process_item(dated(date)).date == date
    else:
        with pytest.raises(Dropped, match="outside window"):
            pipeline.process_item(dated(date))
