"""The year of a publication date that a page shows without one."""

import pytest
from parsel import Selector

from narayacrawl.pages.article import ArticlePage
from tests.pages.fields.test_dates import TEXT, TITLE

SLUG = "https://portal.example/pasar-terapung/"
DATED, UNDATED = "2024-06-24 11.30 wib", None
NEAR, FAR = "2024-06-25T02:00:00+00:00", "2024-11-02T02:00:00+00:00"


def published(
    shown: str = "24 Juni, 11.30 WIB",
    *,
    url: str = SLUG,
    fetched_at: str | None = None,
    head: str = "",
    body_id: str = "",
    foot: str = "",
) -> str | None:
    """The publication date of a page that shows one without its year."""
    text = (
        f"<html lang='id'><head>{head}</head><body id='{body_id}'><article class='hentry'><h1>{TITLE}</h1>"
        f"<p class='tanggal-berita'>{shown}</p><div class='entry-content'><p>{TEXT}</p></div></article>"
        f"<footer><p>{foot}</p></footer></body></html>"
    )
    return ArticlePage(Selector(text=text, type="html"), url, fetched_at=fetched_at).dates.published


def og_image(month: str) -> str:
    return f"<meta property='og:image' content='https://portal.example/wp-content/uploads/{month}/muara.jpg'>"


@pytest.mark.parametrize(
    ("date", "words"),
    [
        (published(url="https://portal.example/2024/06/pasar-terapung/"), DATED),
        (published(url="https://portal.example/2024/06/24/pasar-terapung/"), DATED),
        (published(url="https://portal.example/berita-20240624-pasar-terapung/"), DATED),
        (published(head=og_image("2024/06"), fetched_at=FAR), DATED),
        (published(body_id="berita20240624_71"), DATED),
        (published(fetched_at=NEAR), DATED),
        (published("Oleh Sari Dewi | 24 Juni, 11.30 WIB | Pasar", fetched_at=NEAR), DATED),
        (published("Senin, 24 Juni, 11.30 WIB", fetched_at=FAR), "senin, 2024-06-24 11.30 wib"),
        (published("Senin, 24 Juni, 11.30 WIB", foot="© 2019-2024 Portal Muara"), "senin, 2024-06-24 11.30 wib"),
        (published("Minggu, 31 Desember", fetched_at="2024-01-02T02:00:00+00:00"), "minggu, 2023-12-31"),
    ],
    ids=["month in the address", "day in the address", "day in the slug", "picture", "id", "fetched the day after",
         "byline", "weekday", "copyright and weekday", "turn of the year"],
)  # fmt: skip
def test_the_year_is_told_by_what_else_names_the_day(date: str | None, words: str) -> None:
    assert date == words


@pytest.mark.parametrize(
    "date",
    [
        published(),
        published(fetched_at=FAR),
        published(foot="© 2024 Portal Muara"),
        published("Selasa, 24 Juni", fetched_at=NEAR),
        published(fetched_at=NEAR, head=og_image("2021/03")),
        published(head=og_image("2023/06"), url="https://portal.example/2024/06/pasar-terapung/"),
        published(url="https://portal.example/2024/06/pasar-terapung/", fetched_at="2024-06-20T02:00:00+00:00"),
        published("24 Juni - 2 Juli", fetched_at=NEAR),
        published("24 pedagang, 3 perahu", fetched_at=NEAR),
    ],
    ids=["nothing", "long ago", "copyright alone", "another weekday", "an old picture", "two years", "after the fetch",
         "two days", "a count"],
)  # fmt: skip
def test_a_year_that_is_not_sure_is_none(date: str | None) -> None:
    assert date is None
