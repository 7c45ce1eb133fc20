"""The page of a report: whole, self-contained, and safe whatever the portal wrote."""

import re

import pytest
from parsel import Selector

from narayacrawl.report.runs import FIELD, PICTURES, READ
from tests.report.written import WrittenLedger, before

HOSTILE = "\"><script>document.body.dataset.ran = 1</script><img src=x onerror='alert(1)'></title></style>"


def said(page: str, section: str) -> str:
    """What a section shows, its white space collapsed."""
    return " ".join((Selector(page).xpath(f"string(//section[h2/@id='{section}'])").get() or "").split())


def rows(page: str, section: str, table: int = 1) -> list[list[str]]:
    """The cells of a section's table."""
    found = Selector(page).xpath(f"(//section[h2/@id='{section}']//table)[{table}]//tr")
    return [[" ".join((cell.xpath("string()").get() or "").split()) for cell in row.css("th, td")] for row in found]


@pytest.fixture
def busy(ledger: WrittenLedger) -> WrittenLedger:
    """A portal that has seen everything once, over two years."""
    ledger.portal(timezone="Asia/Makassar")
    for ago in (0, 1, 30, 24 * 200):
        ledger.article(section="Ekonomi", ago=ago)
    ledger.article(section="Daerah", ago=26, revision=2)
    ledger.article(state="failed", revision=0, reason="not read: status 503", failures=2, next_check=before(hours=-3))
    ledger.article(state="pending", revision=0)
    ledger.day(500, 96, 40, {"downloader/request_count": 700, "narayacrawl/dropped/no_title": 4})
    told = {
        "downloader/request_count": 40, "downloader/response_bytes": 2_500_000, "narayacrawl/article/read": 40,
        "downloader/response_status_count/200": 37,
        "downloader/response_status_count/503": 3, "downloader/exception_type_count/x.y.DownloadTimeoutError": 1,
        "narayacrawl/written/first": 3, "narayacrawl/written/edit": 1, "narayacrawl/article/gone": 2,
        "narayacrawl/written/reread": 5,
        "narayacrawl/dropped/no_date": 1, "narayacrawl/dropped/unchanged": 8, "narayacrawl/article/rejected/listing": 1,
        READ: 4, f"{FIELD}authors": 1, f"{FIELD}title": 4,
        "narayacrawl/alarm/field/authors": "authors in 1 of 4",
    }  # fmt: skip
    ledger.run(ago=300, articles=1)
    ledger.run(ago=3, articles=4, stats=told)
    return ledger


def test_shows_articles_by_section_for_the_last_weeks_and_for_all_time(busy: WrittenLedger) -> None:
    page = busy.page
    assert rows(page, "articles", 1)[:2] == [
        ["published", "articles", "Ekonomi", "Daerah"], ["2026-03-10", "2", "2", "0"],
    ]  # fmt: skip
    assert sum(int(row[1]) for row in rows(page, "articles", 1)[1:]) == 4
    assert sum(int(row[1]) for row in rows(page, "articles", 2)[1:]) == 5
    assert Selector(page).css("input[name=period]::attr(id)").getall() == ["period-recent", "period-all"]


def test_columns_tell_what_they_are_where_the_pointer_rests(busy: WrittenLedger) -> None:
    assert "2026-03-10: 2 (Ekonomi 2)" in Selector(busy.page).css(".inner title::text").getall()


def test_shows_how_soon_articles_were_stored(busy: WrittenLedger) -> None:
    assert "Half within 10 min, 9 of 10 within 10 min, of 4 articles." in said(busy.page, "freshness")


def test_shows_requests_bytes_errors_and_revisions(busy: WrittenLedger) -> None:
    page = busy.page
    [head, last, *_] = rows(page, "days", 1)
    told = dict(zip(head, last, strict=True))
    shown = ("began", "requests", "MB", "status 5xx", "no answer", "first", "edits", "gone", "dropped", "runs")
    assert [told[name] for name in shown] == ["2026-03-10", "40", "2.5", "3", "1", "3", "1", "2", "1", "1"]
    assert told["reread"] == "5"
    assert sum(int(row[1].replace(",", "")) for row in rows(page, "days", 2)[1:]) == 740


def test_shows_which_share_of_the_articles_has_each_field(busy: WrittenLedger) -> None:
    page = busy.page
    assert [row[:3] for row in rows(page, "fields")[1:]] == [["title", "100 %", "100 %"], ["authors", "25 %", "25 %"]]
    assert rows(page, "fields", 2)[1] == ["2026-03-10 02:00", "4", "100 %", "25 %"]


def test_posts_of_pictures_need_no_body(ledger: WrittenLedger) -> None:
    ledger.run(stats={READ: 4, PICTURES: 3, f"{FIELD}body": 1, f"{FIELD}title": 4})
    ledger.run(stats={READ: 2, PICTURES: 2, f"{FIELD}title": 2})
    page = ledger.page
    assert [row[:3] for row in rows(page, "fields")[1:]] == [["title", "100 %", "100 %"], ["body", "100 %", "–"]]


def test_shows_for_which_reasons_articles_were_not_written(busy: WrittenLedger) -> None:
    assert [row[:3] for row in rows(busy.page, "drops")[1:]] == [
        ["dropped: no title", "0", "4"], ["gone", "2", "2"], ["dropped: no date", "1", "1"],
        ["no article: listing", "1", "1"],
    ]  # fmt: skip


def test_shows_alarms_and_that_the_last_run_is_not_to_be_trusted(busy: WrittenLedger) -> None:
    page = busy.page
    moment = "2026-03-10 02:00"
    assert rows(page, "alarms")[1] == ["field/authors", "1", moment, moment, "authors in 1 of 4"]
    assert Selector(page).css(".verdict.bad").xpath("string()").get() == (
        f"Last run {moment} UTC: not to be trusted (status 3): 1 alarm (field/authors): authors in 1 of 4"
    )


def test_shows_the_last_failures_and_how_to_explain_them(busy: WrittenLedger) -> None:
    assert "not read: status 503 2 times in a row" in said(busy.page, "failures")
    assert Selector(busy.page).css(".failures code::text").getall() == [
        "scrapy explain https://kabar.example/berita-6/"
    ]


def test_command_is_quoted_for_a_shell(ledger: WrittenLedger) -> None:
    ledger.article(state="failed", revision=0, url="https://kabar.example/?p=7&x=$(reboot)'")
    [command] = Selector(ledger.page).css(".failures code::text").getall()
    assert command == "scrapy explain 'https://kabar.example/?p=7&x=$(reboot)'\"'\"''"


def test_shows_what_waits_and_until_when_the_portal_does(busy: WrittenLedger) -> None:
    page = busy.page
    assert [row[:2] for row in rows(page, "waiting")[1:]] == [
        ["pending", "1"], ["failed", "1"], ["rejected", "0"], ["gone", "0"], ["removed", "0"], ["held", "0"],
        ["due", "0"],
    ]  # fmt: skip
    assert "wants no request" not in page


def test_tells_when_the_portal_wants_the_next_request(ledger: WrittenLedger) -> None:
    ledger.portal(retry_after="2026-03-10T09:30:00+00:00")
    assert "The portal wants no request before 2026-03-10 09:30 UTC." in said(ledger.page, "waiting")


def test_lists_the_last_runs_with_status_reason_and_duration(busy: WrittenLedger) -> None:
    busy.run(ago=1, unfinished=True, ended=None, reason="killed", articles=2)
    busy.run(ago=0.5, unfinished=True, ended=None, reason=None)
    assert [[*row[:3], row[4], row[-1]] for row in rows(busy.page, "runs")[1:]] == [
        ["2026-03-10 04:30", "–", "goes on, or was killed", "0", "–"],
        ["2026-03-10 04:00", "–", "killed", "2", "killed"],
        ["2026-03-10 02:00", "30 s", "3 not to be trusted", "4", "finished"],
        ["2026-02-25 17:00", "30 s", "0 good", "1", "finished"],
    ]


def test_says_which_zone_days_and_moments_are_in(busy: WrittenLedger) -> None:
    [told] = [line for line in Selector(busy.page).css("header p.soft").xpath("string()").getall() if "As of" in line]
    assert told.startswith("As of 2026-03-10 05:00 UTC, from the ledger.")
    assert "time zone: Asia/Makassar" in told


# What there is little or much of


def test_portal_without_anything_has_a_page(ledger: WrittenLedger) -> None:
    page = ledger.page
    assert Selector(page).css(".verdict::text").get() == "No run yet."
    assert not Selector(page).css("input")
    assert "No article with a date is written yet." in said(page, "articles")


def test_portal_of_one_run_has_no_choice_of_time(ledger: WrittenLedger) -> None:
    ledger.run()
    ledger.article()
    page = ledger.page
    assert not Selector(page).css("input, .all, .recent")
    assert len(Selector(page).css(".always")) == 3


def test_portal_that_has_published_nothing_for_long_says_so(ledger: WrittenLedger) -> None:
    ledger.run(ago=24 * 300)
    ledger.article(ago=24 * 200)
    page = Selector(ledger.page)
    assert page.css(".recent p::text").getall().count("No article of this time.") == 2
    assert page.css(".all figure")


def test_articles_without_a_date_or_section_are_told(ledger: WrittenLedger) -> None:
    ledger.run(ago=2)
    ledger.article(published=None)
    ledger.article(published="0001-01-01T00:00:00+00:00")
    ledger.article()
    page = ledger.page
    assert "Not drawn: 1 without a date, 1 dated before 1996 or in the future." in said(page, "articles")
    assert rows(page, "sections")[1][:4] == ["no section", "1", "3", "100 %"]


@pytest.mark.slow
def test_page_of_many_years_runs_and_sections_stays_small(ledger: WrittenLedger) -> None:
    stats = {f"{FIELD}field_{number}": 1 for number in range(30)} | {READ: 1, "downloader/request_count": 9}
    for ago in range(3650):
        ledger.day(ago + 400, 96, 100, stats)
    for number in range(1200):
        ledger.article(section=f"Kanal {number} {'m' * 300}", ago=number * 73)
    for number in range(100):
        ledger.run(ago=number, articles=1, stats=stats)
    page = ledger.page
    assert len(page.encode()) < 1_000_000
    assert len(rows(page, "sections")) == 22
    assert rows(page, "sections")[-1][0] == "1180 others"


# Safety


@pytest.fixture
def hostile(ledger: WrittenLedger) -> str:
    """The page of a portal each of whose texts is an attack."""
    ledger.portal(timezone="Asia/Jakarta")
    ledger.run(ago=900, articles=1)
    for ago in (0, 24 * 365):
        ledger.article(section=HOSTILE, ago=ago)
    for url in ("javascript:alert(1)", f"https://kabar.example/{HOSTILE}", "https://kabar.example/\u202egpj.exe"):
        ledger.article(state="failed", revision=0, url=url, reason=HOSTILE)
    names = ("alarm/", "field/", "dropped/", "article/rejected/", "example/")
    stats = {f"narayacrawl/{name}{HOSTILE}": 1 for name in names} | {READ: 1, "finish_reason": HOSTILE}
    ledger.run(stats=stats, reason=HOSTILE)
    return ledger.page


def test_texts_of_the_portal_are_escaped(hostile: str) -> None:
    tags = set(re.findall(r"<([a-z][a-z0-9]*)", hostile))
    assert tags.isdisjoint({"script", "img", "iframe", "link", "object", "embed", "form", "base", "image", "use"})
    page = Selector(hostile)
    assert len(page.css("title")) == 1 + len(page.css("svg title"))
    attributes = {name for element in page.xpath("//*") for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")}
    assert "\u202e" not in hostile


def test_only_web_addresses_are_linked(hostile: str) -> None:
    assert len(Selector(hostile).xpath("//@href").getall()) == 2
    assert all(url.startswith("https://kabar.example/") for url in Selector(hostile).xpath("//@href").getall())


def test_style_fetches_nothing(hostile: str) -> None:
    [style] = Selector(hostile).css("style::text").getall()
    assert "url(" not in style
    assert "@import" not in style


def test_policy_forbids_scripts_and_fetching(hostile: str) -> None:
    policy = Selector(hostile).css("meta[http-equiv='Content-Security-Policy']::attr(content)").get()
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def test_every_plot_is_described_and_every_heading_has_its_own_id(busy: WrittenLedger) -> None:
    page = Selector(busy.page)
    for drawing in page.css("svg"):
        parent = drawing.xpath("ancestor::svg")
        assert parent or drawing.attrib.get("aria-hidden") == "true" or drawing.attrib["aria-label"]
    ids = page.xpath("//@id").getall()
    assert len(ids) == len(set(ids))
