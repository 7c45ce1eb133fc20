"""Which of the dates of a page is that of its publication: by labels, forms, and where it stands."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from narayacrawl.language.dates import parse_date
from narayacrawl.pages.article import ArticlePage
from tests.pages.fields.test_dates import (
    BROKEN,
    FETCHED,
    LATER,
    SHOWN,
    UTC,
    WIB,
    ld_json,
    meta,
    page,
)

EARLY, LATE = "14 Des 2025, 21:35 WIB", "15 Des 2025, 08:00 WIB"
EARLY_MOMENT, LATE_MOMENT = "2025-12-14T21:35:00+07:00", "2025-12-15T08:00:00+07:00"


def moments(own: ArticlePage) -> tuple[str | None, str | None]:
    """The publication and modification date of a page as moments of Jakarta, read as the pipeline does."""
    found = (own.dates.published, own.dates.modified)
    now = datetime.fromisoformat(FETCHED)
    parsed = (parse_date(text, ZoneInfo("Asia/Jakarta"), now=now) if text else None for text in found)
    published, modified = (moment.isoformat() if moment else None for moment in parsed)
    return published, modified


@pytest.mark.parametrize(
    "above",
    [
        f"<p>Diperbarui {LATE} | Diterbitkan {EARLY}</p>",
        f"<p>Diterbitkan {EARLY} | Diperbarui {LATE}</p>",
        f"<p>Terbit: {EARLY} - Terakhir diperbarui: {LATE}</p>",
        f"<p>{EARLY} (diperbarui {LATE})</p>",
        f"<p>{EARLY} (terbit) {LATE} (diperbarui)</p>",
        f"<span class='post-date'>Diperbarui {LATE} Diterbitkan {EARLY}</span>",
        f"<div class='meta-waktu'>Tayang {EARLY}, pembaruan {LATE}</div>",
        f"<p class='waktu'>Diperbarui <time>{LATE}</time><br>Diterbitkan <time>{EARLY}</time></p>",
        f"<p class='waktu'><b>Diperbarui:</b> <time>{LATE}</time> <b>Terbit:</b> <time>{EARLY}</time></p>",
        f"<div><span>Updated on</span><time>{LATE}</time><span>Published on</span><time>{EARLY}</time></div>",
        f"<div><i></i>Terakhir diperbarui pada <time datetime='{LATE_MOMENT}'>tadi</time></div>"
        f"<div>Terbit <time datetime='{EARLY_MOMENT}'>kemarin</time></div>",
        f"<p>Diperbarui</p><p>{LATE}</p><p>Diterbitkan</p><p>{EARLY}</p>",
    ],
    ids=["edit first", "edit last", "dash", "edit in brackets", "labels behind", "one element", "block", "before time",
         "labels of their own", "English", "attributes", "label above"],
)  # fmt: skip
def test_labels_tell_the_publish_date_from_the_edits(above: str) -> None:
    published, modified = moments(page(above))
    assert published == EARLY_MOMENT
    assert modified in (LATE_MOMENT, None)


@pytest.mark.parametrize(
    "above",
    [
        f"<p>Diperbarui: <time datetime='{LATE_MOMENT}'>15 Des</time></p>",
        f"<p><b>Terakhir diperbarui</b> <time datetime='{LATE_MOMENT}'>15 Des</time></p>",
        f"<p><span>Last updated on</span> <span class='date'>{LATE}</span></p>",
        f"<p>Tanggal pembaruan: {LATE}</p>",
        f"<p class='date'>{EARLY} (diperbarui)</p>",
    ],
)
def test_a_date_labelled_as_an_edit_is_no_publish_date(above: str) -> None:
    assert page(above).dates.published is None


@pytest.mark.parametrize(
    "above",
    [
        f"<p>Terbit/diperbarui: {EARLY}</p>",
        f"<p>Terbit <time class='updated'>{EARLY}</time></p>",
    ],
    ids=["one date for both", "a class of hAtom"],
)
def test_a_date_that_only_seems_an_edit_is_the_publish_date(above: str) -> None:
    assert moments(page(above)) == (EARLY_MOMENT, None)


@pytest.mark.parametrize(
    ("own", "moment"),
    [
        (page("<span class='date'>sejam yang lalu</span>"), "2025-12-14T21:00:00+07:00"),
        (page("<span class='date'>Diterbitkan semenit lalu</span>"), "2025-12-14T21:59:00+07:00"),
        (page("<p>Oleh Sari | 2 jam yang lalu | Pasar</p>"), "2025-12-14T20:00:00+07:00"),
        (page("<p class='date'>Kemarin pukul 8.15 malam</p>"), "2025-12-13T20:15:00+07:00"),
        (page("<p>Minggu (14/12/25)</p>"), "2025-12-14T00:00:00+07:00"),
        (page("<p class='meta'>Sari | 14 Des 25, 8.15 malam</p>"), "2025-12-14T20:15:00+07:00"),
        (page(f"<span class='date' data-published='{WIB}'>2 jam lalu</span>"), WIB),
        (page("<span class='waktu-tayang' data-timestamp='1765722912'>14 Desember 2025</span>"), WIB),
        (page("<abbr class='timeago' title='14 Desember 2025 21:35 WIB'>2 jam lalu</abbr>"), EARLY_MOMENT),
        (page("<span class='date' data-time-limit='30'>14 Desember 2025</span>"), "2025-12-14T00:00:00+07:00"),
        (page("<p class='caption'>14 Desember 2025 | Pasar</p>"), "2025-12-14T00:00:00+07:00"),
        (page(head=ld_json(datePublished=1765722912)), WIB),
        (page(head=ld_json(datePublished=1765722912000)), WIB),
        (page(head=ld_json(datePublished="1765722912")), WIB),
        (page(head=ld_json(datePublished={"@type": "DateTime", "@value": WIB})), WIB),
        (page(head=ld_json(datePublished=[WIB, LATER])), WIB),
        (page(head=ld_json(datePublished=True, dateCreated=WIB)), WIB),
        (page(head=meta(article__published_time="1765722912")), WIB),
        (page(head=BROKEN.replace('"', "&quot;").replace("&quot;", '"', 2).replace(";>", ">")), UTC),
        (page(head=BROKEN.replace(f'"{UTC}"', "1765722912")), WIB),
    ],
    ids=["an hour", "labelled", "between bars", "yesterday", "short year in brackets", "short year in words",
         "data", "stamp", "title", "no date of data", "caption",
         "epoch", "milliseconds", "epoch as text", "typed value", "list", "truth",
         "epoch of OpenGraph", "entities", "epoch in broken JSON"],
)  # fmt: skip
def test_the_publish_date_has_several_forms(own: ArticlePage, moment: str) -> None:
    published, _ = moments(own)
    assert published is not None
    assert datetime.fromisoformat(published) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("wrong", ["2052-12-14T21:35:12+07:00", "1970-01-01T00:00:00+00:00", "-0001-11-30T00:00:00Z"])
def test_metadata_of_another_age_loses_to_the_shown_date(wrong: str) -> None:
    assert page(f"<p>{SHOWN}</p>", head=ld_json(datePublished=wrong)).dates.published == SHOWN


def test_metadata_after_the_fetch_is_kept_where_nothing_else_tells_a_date() -> None:
    assert page(head=ld_json(datePublished="2052-12-14T21:35:12+07:00")).dates.published == "2052-12-14T21:35:12+07:00"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"before": f"<div class='top-bar'><span class='date'>{SHOWN}</span></div>"},
        {"before": f"<div class='atas'><span class='tanggal-hari-ini date'>{SHOWN}</span></div>"},
        {"before": f"<header><p>{SHOWN}</p></header>"},
        {"before": f"<div><p>{SHOWN}</p></div>"},
        {"below": f"<footer><p class='date'>{SHOWN}</p></footer>"},
        {"below": f"<p class='date'>Hak cipta {SHOWN}</p>"},
        {"above": f"<p>© Portal {SHOWN}</p>"},
        {"above": "<div class='widget'><p>Harga emas 14 Desember 2025</p></div>"},
        {"below": "<div class='widget'><p>Harga emas diperbarui 14 Desember 2025</p></div>"},
    ],
)
def test_a_date_of_the_page_is_not_the_articles(elsewhere: dict[str, str]) -> None:
    assert page(**elsewhere).dates.published is None
