from typing import Any

import pytest

from narayacrawl.monitors.access import ASK
from narayacrawl.monitors.outcome import FAILED, GOOD, INTERRUPTED, UNTRUSTED, Outcome, outcome

FINE = {
    "finish_reason": "finished",
    "narayacrawl/listing/read": 3,
    "narayacrawl/article/read": 20,
    "item_scraped_count": 20,
    "downloader/response_status_count/200": 24,
    "robotstxt/response_status_count/200": 1,
}
DISBELIEVED = {
    "narayacrawl/article/failed": 3,
    "narayacrawl/article/disbelieved": 3,
    "narayacrawl/example/disbelieved": "https://x.example/a/",
}
NOTHING_READ = {"finish_reason": "finished"}
READ_BUT_NOT_WRITTEN = {key: value for key, value in FINE.items() if key != "item_scraped_count"}


@pytest.mark.parametrize(
    "stats",
    [
        pytest.param({}, id="plain"),
        pytest.param({"finish_reason": "limit"}, id="limit reached"),
        pytest.param({"finish_reason": "closespider_itemcount"}, id="closed by Scrapy's extension"),
        pytest.param({"narayacrawl/article/gone": 9}, id="articles gone"),
        pytest.param({"narayacrawl/article/failed": 2}, id="a tenth failed"),
        pytest.param({"narayacrawl/article/rejected/no_title": 5}, id="pages that are no article"),
        pytest.param({"narayacrawl/dropped/no_date": 2}, id="a tenth dropped"),
        pytest.param({"narayacrawl/dropped/unchanged": 9, "narayacrawl/dropped/outside_window": 9}, id="filtered"),
        pytest.param({"narayacrawl/article/unchanged": 80, "narayacrawl/article/failed": 10}, id="most as they were"),
        pytest.param({"robotstxt/forbidden": 4}, id="robots.txt forbids some"),
        pytest.param({"downloader/exception_count": 2, "retry/count": 2}, id="retried with success"),
        pytest.param({"robotstxt/response_status_count/404": 1}, id="no robots.txt"),
    ],
)
def test_good_crawl_is_good(stats: dict[str, Any]) -> None:
    assert outcome(FINE | stats) == Outcome(GOOD)


@pytest.mark.parametrize("dropped", [{"unchanged": 20}, {"outside_window": 20}, {"outside_window": 18, "no_date": 2}])
def test_crawl_whose_articles_were_all_filtered_is_good(dropped: dict[str, int]) -> None:
    stats = {f"narayacrawl/dropped/{reason}": count for reason, count in dropped.items()}
    assert outcome(READ_BUT_NOT_WRITTEN | stats) == Outcome(GOOD)


def test_a_redesign_that_is_held_back_makes_a_run_untrusted() -> None:
    stats = {"narayacrawl/article/held": 12, "narayacrawl/redesign": "12 of 14 differ alike", "item_scraped_count": 0}
    told = outcome(FINE | stats | {"narayacrawl/dropped/put_aside": 12})
    assert told.status == UNTRUSTED
    assert (told.reason or "").startswith("redesign? 12 known articles held back, not written, ")
    assert "12 of 14 differ alike" in (told.reason or "")


@pytest.mark.parametrize(
    ("stats", "status", "reason"),
    [
        pytest.param(
            DISBELIEVED | {"narayacrawl/article/read": 147},
            UNTRUSTED,
            "3 of 150 articles disbelieved, for example https://x.example/a/: see the log",
            id="three, and one in fifty",
        ),
        pytest.param(
            DISBELIEVED | {"narayacrawl/article/read": 148},
            GOOD,
            "3 of 151 articles disbelieved, for example https://x.example/a/: see the log",
            id="less than one in fifty",
        ),
        pytest.param(
            {"narayacrawl/article/failed": 2, "narayacrawl/article/disbelieved": 2},
            GOOD,
            "2 of 22 articles disbelieved: see the log",
            id="less than three",
        ),
        pytest.param(
            {
                "narayacrawl/article/subscribers_only": 9,
                "narayacrawl/example/subscribers_only": "https://x.example/c/",
            },
            GOOD,
            "9 articles for subscribers only, for example https://x.example/c/",
            id="for subscribers only",
        ),
        pytest.param(
            {
                "narayacrawl/article/read": 0,
                "item_scraped_count": 0,
                "narayacrawl/ledger/done": 70,
                "narayacrawl/article/subscribers_only": 1,
            },
            GOOD,
            "1 article for subscribers only; nothing new: 70 articles known (-a full=1 crawls all again)",
            id="for subscribers only, and nothing new",
        ),
    ],
)
def test_finished_crawl_tells_what_it_has_not_written(stats: dict[str, Any], status: int, reason: str) -> None:
    assert outcome(FINE | stats) == Outcome(status, reason)


def test_crawl_that_was_shown_only_older_articles_is_good() -> None:
    assert outcome(NOTHING_READ | {"narayacrawl/listing/older_entries": 9}) == Outcome(GOOD)


@pytest.mark.parametrize("stats", [{"finish_reason": "shutdown"}, {"finish_reason": None}])
def test_interrupted_crawl_is_neither_good_nor_failed(stats: dict[str, Any]) -> None:
    stats = {key: value for key, value in (FINE | stats).items() if value is not None}
    assert outcome(stats).status == INTERRUPTED


@pytest.mark.parametrize(
    ("stats", "reason"),
    [
        pytest.param(
            FINE | {"narayacrawl/output/failed": "No space left on device: a.jsonl", "finish_reason": "output_failed"},
            "output failed: No space left on device: a.jsonl",
            id="output",
        ),
        pytest.param(
            FINE | {"feedexport/failed_count/FileFeedStorage": 1},
            "output failed: a feed could not be stored (1 FileFeedStorage): see the log",
            id="feed not stored",
        ),
        pytest.param(
            FINE | {"narayacrawl/fixtures/missing": ["https://x.example/a", "https://x.example/b"]},
            "2 pages without a fixture: https://x.example/a, https://x.example/b",
            id="fixtures missing",
        ),
        pytest.param(
            NOTHING_READ
            | {
                "robotstxt/forbidden": 1,
                "robotstxt/response_status_count/200": 1,
                "downloader/response_status_count/200": 1,
                "downloader/exception_type_count/scrapy.exceptions.IgnoreRequest": 1,
                "narayacrawl/listing/failed": 1,
            },
            "blocked by robots.txt: it forbids all of 1 page asked for",
            id="robots.txt forbids all",
        ),
        pytest.param(
            NOTHING_READ
            | {
                "downloader/exception_type_count/scrapy.exceptions.DownloadConnectionRefusedError": 4,
                "narayacrawl/listing/failed": 1,
            },
            "unreachable: no page was answered (4 DownloadConnectionRefusedError): nothing listens at that host and"
            " port",
            id="unreachable",
        ),
        pytest.param(
            NOTHING_READ
            | {
                "downloader/response_status_count/403": 12,
                "downloader/response_status_count/200": 1,
                "robotstxt/response_status_count/200": 1,
                "narayacrawl/listing/failed": 3,
            },
            f"blocked: 12 of 12 answers were 403: {ASK}",
            id="blocked",
        ),
        pytest.param(
            NOTHING_READ
            | {
                "downloader/response_status_count/403": 11,
                "robotstxt/response_status_count/403": 1,
                "narayacrawl/source/response_status_count/403": 9,
                "narayacrawl/wall/Cloudflare": 11,
                "narayacrawl/listing/failed": 1,
            },
            f"blocked: 11 of 11 answers were 403, by Cloudflare: {ASK}",
            id="blocked by a wall, robots.txt and sources, too",
        ),
        pytest.param(
            NOTHING_READ
            | {"downloader/response_status_count/503": 2, "narayacrawl/wall/a page that a browser is to solve": 2},
            f"blocked: 2 of 2 answers were 503, by a page that a browser is to solve: {ASK}",
            id="challenge",
        ),
        pytest.param(
            NOTHING_READ | {"downloader/response_status_count/401": 1},
            "blocked: 1 of 1 answers were 401: give user name and password as the spider's http_user, http_pass,"
            " http_auth_domain",
            id="password",
        ),
        pytest.param(
            NOTHING_READ
            | {
                "downloader/exception_type_count/scrapy.exceptions.DownloadFailedError": 2,
                "narayacrawl/portal/other_scheme": "http://127.0.0.1:8000/",
            },
            "https is asked of a port that answers http: crawl it with -a url=http://127.0.0.1:8000/",
            id="https of an http port",
        ),
        pytest.param(
            NOTHING_READ
            | {
                "downloader/response_status_count/400": 2,
                "robotstxt/response_status_count/400": 1,
                "narayacrawl/portal/other_scheme": "https://127.0.0.1:8000/",
            },
            "http is asked of a port that answers https: crawl it with -a url=https://127.0.0.1:8000/",
            id="http of an https port",
        ),
        pytest.param(
            NOTHING_READ
            | {
                "downloader/exception_type_count/scrapy.exceptions.DownloadFailedError": 2,
                "narayacrawl/portal/certificate": "certificate verify failed",
            },
            "unreachable: no page was answered (2 DownloadFailedError): its certificate is not valid for it; where the"
            " portal is yours, -s DOWNLOAD_VERIFY_CERTIFICATES=0",
            id="certificate",
        ),
        pytest.param(
            NOTHING_READ
            | {
                "downloader/response_status_count/200": 2,
                "narayacrawl/listing/read": 1,
                "narayacrawl/listing/empty": 1,
                "narayacrawl/portal/named": "http://127.0.0.1:8000/",
            },
            "the portal's own links lead to http://127.0.0.1:8000/: crawl it with -a url=http://127.0.0.1:8000/",
            id="the portal calls itself otherwise",
        ),
        pytest.param(
            NOTHING_READ | {"downloader/response_status_count/503": 3, "narayacrawl/listing/failed": 1},
            "server error: 3 of 3 answers were 503: the next run tries again",
            id="server error",
        ),
        pytest.param(
            NOTHING_READ | {"downloader/response_status_count/404": 1, "narayacrawl/listing/failed": 1},
            "not found: 1 of 1 answers were 404: open the address in a browser",
            id="wrong address",
        ),
        pytest.param(
            FINE | {"spider_exceptions/count": 3, "spider_exceptions/KeyError": 2, "spider_exceptions/ValueError": 1},
            "the spider raised 3 errors (2 KeyError, 1 ValueError): see the log",
            id="crash in the spider",
        ),
        pytest.param(
            FINE | {"item_error_count": 1}, "the pipelines raised 1 error: see the log", id="crash in a pipeline"
        ),
        pytest.param(
            FINE | {"narayacrawl/listing/failed": 2, "downloader/response_status_count/503": 6},
            "2 listings could not be fetched (6 status 503)",
            id="listing failed",
        ),
        pytest.param(FINE | {"narayacrawl/listing/empty": 1}, "listing without links: 1", id="listing empty"),
        pytest.param(
            FINE | {"narayacrawl/article/failed": 3, "downloader/response_status_count/403": 3},
            "3 of 23 articles lost: 3 failed (3 status 403)",
            id="more than a tenth failed",
        ),
        pytest.param(
            FINE | {"narayacrawl/dropped/no_date": 2, "narayacrawl/dropped/no_body": 1},
            "3 of 20 articles lost: 3 dropped (2 no_date, 1 no_body)",
            id="more than a tenth dropped",
        ),
        pytest.param(
            FINE | {"narayacrawl/dropped/no_date": 2, "narayacrawl/article/failed": 1},
            "3 of 21 articles lost: 1 failed, 2 dropped (2 no_date)",
            id="more than a tenth failed or dropped",
        ),
        pytest.param(
            FINE | DISBELIEVED | {"narayacrawl/example/failed": "https://x.example/b/"},
            "3 of 23 articles lost: 3 failed, 3 of them disbelieved, for example https://x.example/a/",
            id="more than a tenth disbelieved",
        ),
        pytest.param(
            FINE | {"narayacrawl/article/held": 20, "narayacrawl/article/failed": 3},
            "3 of 23 articles lost: 3 failed",
            id="failed goes before held back",
        ),
        pytest.param(FINE | {"finish_reason": "memusage_exceeded"}, "stopped early: memusage_exceeded", id="stopped"),
        pytest.param(NOTHING_READ, "nothing written: no article was found", id="nothing found"),
        pytest.param(
            READ_BUT_NOT_WRITTEN, "nothing written: 20 articles read, none kept", id="another pipeline keeps none"
        ),
        pytest.param(
            READ_BUT_NOT_WRITTEN | {"narayacrawl/dropped/no_date": 20},
            "20 of 20 articles lost: 20 dropped (20 no_date)",
            id="all dropped",
        ),
        pytest.param(
            READ_BUT_NOT_WRITTEN | {"narayacrawl/dropped/no_date": 17, "narayacrawl/dropped/outside_window": 3},
            "17 of 20 articles lost: 17 dropped (17 no_date)",
            id="most dropped, the rest filtered",
        ),
    ],
)
def test_failed_crawl_says_why(stats: dict[str, Any], reason: str) -> None:
    assert outcome(stats) == Outcome(FAILED, reason)


@pytest.mark.parametrize(
    ("cause", "effect"),
    [
        ({"narayacrawl/output/failed": "disk full"}, {"finish_reason": "shutdown"}),
        ({"narayacrawl/fixtures/missing": ["https://x.example/a"]}, {"narayacrawl/listing/failed": 1}),
        ({"narayacrawl/fixtures/missing": ["https://x.example/a"]}, {"finish_reason": "closespider_itemcount"}),
        ({"spider_exceptions/count": 1}, {"finish_reason": "start_error"}),
        ({"narayacrawl/listing/failed": 1}, {"narayacrawl/listing/empty": 1}),
        ({"narayacrawl/listing/empty": 1}, {"item_scraped_count": 0}),
        ({"narayacrawl/article/failed": 20}, {"item_scraped_count": 0}),
    ],
)
def test_names_the_cause_rather_than_its_effect(cause: dict[str, Any], effect: dict[str, Any]) -> None:
    assert outcome(FINE | cause | effect) == outcome(FINE | cause)


@pytest.mark.parametrize(
    "stats",
    [
        {"narayacrawl/portal/named": "http://127.0.0.1:8000/"},
        {"narayacrawl/portal/other_scheme": "http://127.0.0.1:8000/"},
        {"narayacrawl/wall/Cloudflare": 1, "downloader/response_status_count/403": 1},
    ],
)
def test_hint_is_given_only_where_nothing_was_read(stats: dict[str, Any]) -> None:
    assert outcome(FINE | stats) == Outcome(GOOD)


def test_a_redesign_that_is_read_as_before_is_told_of_a_good_run() -> None:
    stats = {"narayacrawl/structure/changed": "front page: theme a → b", "narayacrawl/structure/read_as_before": 10}
    told = outcome(stats | {"finish_reason": "finished", "narayacrawl/ledger/done": 12})
    reason = "the portal is built otherwise (front page: theme a → b): 10 known articles read as before"
    assert (told.status, told.reason) == (0, f"{reason}; nothing new: 12 articles known (-a full=1 crawls all again)")
