"""robots.txt, read again after a day, and what it asks of the downloader."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from narayacrawl.downloader import robots
from narayacrawl.downloader.robots import MAX_AGE, RobotsTxtMiddleware

PAGE = "https://portal.example/ekonomi/beras/"
AGENT = "narayacrawl/0.1 (crawler@contoh.example)"


class Portal:
    """Answers robots.txt with what is set, and notes how often it was asked, and what the downloader was told."""

    def __init__(self) -> None:
        self.text = ""
        self.status = 200
        self.asked = 0
        self.delays: list[float] = []
        self.downloader = SimpleNamespace(host=lambda _: SimpleNamespace(keep_crawl_delay=self.delays.append))

    async def download_async(self, request: Request) -> Response:
        await asyncio.sleep(0)
        self.asked += 1
        if self.status == 0:
            raise OSError("connection refused")
        return Response(request.url, status=self.status, body=self.text.encode())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    time = SimpleNamespace(now=1_000.0)
    monkeypatch.setattr(robots, "monotonic", lambda: time.now)
    return time


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def middleware(portal: Portal) -> RobotsTxtMiddleware:
    crawler: Any = get_crawler(Spider, {"ROBOTSTXT_OBEY": True, "USER_AGENT": AGENT})
    assert isinstance(crawler, Crawler)
    crawler.engine = portal  # type: ignore[assignment]
    return RobotsTxtMiddleware.from_crawler(crawler)


def is_allowed(middleware: RobotsTxtMiddleware, url: str = PAGE) -> bool:
    try:
        asyncio.run(middleware.process_request(Request(url)))
    except IgnoreRequest:
        return False
    return True


def test_robots_txt_is_read_once_a_day(middleware: RobotsTxtMiddleware, portal: Portal, clock: SimpleNamespace) -> None:
    asked = []
    for hours in (0, 1, 22, 2, 1):
        clock.now += hours * 3_600
        is_allowed(middleware)
        asked.append(portal.asked)
    assert asked == [1, 1, 1, 2, 2]


def test_what_a_later_robots_txt_forbids_is_not_asked_for(
    middleware: RobotsTxtMiddleware, portal: Portal, clock: SimpleNamespace
) -> None:
    assert is_allowed(middleware)
    portal.text = "User-agent: *\nDisallow: /"
    clock.now += MAX_AGE + 1
    assert not is_allowed(middleware)


@pytest.mark.parametrize("status", [0, 500, 503])
def test_the_last_robots_txt_counts_where_a_later_one_does_not_come(
    middleware: RobotsTxtMiddleware, portal: Portal, clock: SimpleNamespace, status: int
) -> None:
    portal.text = "User-agent: *\nDisallow: /"
    assert not is_allowed(middleware)
    portal.text, portal.status = "", status
    clock.now += MAX_AGE + 1
    assert not is_allowed(middleware)


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: narayacrawl\nCrawl-delay: 5\n\nUser-agent: *\nCrawl-delay: 1", 5),
        ("User-agent: googlebot\nCrawl-delay: 5", 0),
        ("User-agent: *\nCrawl-delay: 60", 60),
        ("User-agent: *\nCrawl-delay: 61", 60),
        ("User-agent: *\nCrawl-delay: 1e300", 60),
        ("User-agent: *\nCrawl-delay: -3", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("User-agent: *\nCrawl-delay: inf", 0),
        ("User-agent: *\nCrawl-delay: sebentar", 0),
        ("<html><body>Laman tidak ada</body></html>", 0),
        ("", 0),
    ],
)
def test_the_crawl_delay_for_our_user_agent_is_kept(
    middleware: RobotsTxtMiddleware, portal: Portal, text: str, delay: float
) -> None:
    portal.text = text
    is_allowed(middleware)
    assert portal.delays == [delay]


def test_a_crawl_delay_that_is_taken_back_is_kept_no_more(
    middleware: RobotsTxtMiddleware, portal: Portal, clock: SimpleNamespace
) -> None:
    for portal.text in ("User-agent: *\nCrawl-delay: 9", ""):
        is_allowed(middleware)
        clock.now += MAX_AGE + 1
    assert portal.delays == [9, 0]


@pytest.mark.parametrize(("seconds", "warned"), [(60, False), (61, True)])
def test_a_crawl_delay_over_a_minute_is_warned_of(
    middleware: RobotsTxtMiddleware, portal: Portal, caplog: pytest.LogCaptureFixture, seconds: int, warned: bool
) -> None:
    portal.text = f"User-agent: *\nCrawl-delay: {seconds}"
    is_allowed(middleware)
    assert ("robots.txt asks for" in caplog.text) == warned
