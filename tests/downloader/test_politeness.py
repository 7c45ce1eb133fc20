"""How often a host is asked: Crawl-delay, Retry-After, and waits that grow while it refuses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred

from narayacrawl.downloader import politeness
from narayacrawl.downloader.fetch import IMAGE
from narayacrawl.downloader.politeness import MAX_REFUSED, HostSlot, read_retry_after

NOW = datetime.now(UTC).replace(microsecond=0)
URL = "https://portal.example/ekonomi/beras/"


def article(url: str = URL) -> Request:
    return Request(url, callback=print)


def answer(status: int, retry_after: object = None, url: str = URL, **headers: str) -> Response:
    told = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    return Response(url, status=status, headers=headers | told)


def in_seconds(seconds: float, *, ahead: float = 0) -> str:
    """An HTTP date so far from when the tests began, by a clock that is so much ahead."""
    return format_datetime(NOW + timedelta(seconds=seconds + ahead), usegmt=True)


@pytest.mark.parametrize(
    ("status", "retry_after", "told"),
    [
        (429, 5, 5),
        (503, "120", 120),
        (301, 3, 3),
        (308, 3, 3),
        (503, " 7 ", 7),
        (503, 0, 0),
        (503, 86_400, 86_400),
        (503, 86_401, 86_400),
        (503, "9" * 30, 86_400),
        (503, "9" * 5_000, 86_400),
        (503, None, None),
        (503, "", None),
        (503, "soon", None),
        (503, "-5", None),
        (503, "٥", None),
        (503, "Fri, 31 Dec 9999 23:59:59 -1200", None),
        (503, "Sun, 06 Nov 1994 08:49:37 GMT", 0),
        (200, 5, None),
        (304, 5, None),
        (404, 5, None),
    ],
)
def test_a_wait_is_read_as_it_is_told(status: int, retry_after: object, told: float | None) -> None:
    assert read_retry_after(answer(status, retry_after)) == told


@pytest.mark.parametrize("ahead", [0, -3_600, 3_600])
def test_a_date_is_read_by_the_clock_of_who_sent_it(ahead: float) -> None:
    response = answer(503, in_seconds(90, ahead=ahead), Date=in_seconds(0, ahead=ahead))
    assert read_retry_after(response) == 90


def test_a_date_is_read_by_our_clock_if_theirs_is_far_off() -> None:
    told = read_retry_after(answer(503, in_seconds(90), Date="Sat, 01 Jan 2000 00:00:00 GMT"))
    assert told is not None
    assert told <= 90


def test_a_cached_answer_is_as_old_as_it_says() -> None:
    assert read_retry_after(answer(503, in_seconds(90), Date=in_seconds(-60), Age="60")) == 90


def test_of_several_waits_the_longest_is_kept() -> None:
    response = Response(URL, status=503, headers={"Retry-After": ["3", "40", "soon"]})
    assert read_retry_after(response) == 40


class Clock:
    """The time that a slot is told."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(politeness, "monotonic", made)
    return made


@pytest.fixture
def slot(clock: Clock) -> HostSlot:
    return HostSlot(concurrency=2, delay=0.0, jitter=0.0)


def wait_of(slot: HostSlot, clock: Clock) -> float:
    """How long the next request waits from now on."""
    return max(0.0, slot.download_delay() + slot.lastseen - clock.now)


def ask(slot: HostSlot, clock: Clock, *responses: Response) -> None:
    """Send requests as soon as the slot lets them go, and give it these answers at once."""
    for response in responses:
        clock.now += wait_of(slot, clock)
        slot.lastseen = clock.now
        slot.under_way += 1
        slot.record_answer(article(response.url), response)


@pytest.mark.parametrize("status", [301, 429, 503])
def test_a_told_wait_is_the_host_s(slot: HostSlot, clock: Clock, status: int) -> None:
    ask(slot, clock, answer(status, 30))
    assert wait_of(slot, clock) == 30


def test_what_was_under_way_shortens_no_wait(slot: HostSlot, clock: Clock) -> None:
    slot.under_way = 3
    slot.record_answer(article(), answer(429, 30))
    slot.record_answer(article(), answer(429, 2))
    slot.record_answer(article(), answer(200))
    assert wait_of(slot, clock) == 30


def test_waits_grow_while_no_time_is_told(slot: HostSlot, clock: Clock) -> None:
    waits = []
    for _ in range(6):
        ask(slot, clock, answer(503))
        waits.append(wait_of(slot, clock))
    assert waits == [1, 2, 4, 8, 16, 16]


def test_a_told_time_that_does_not_do_grows(slot: HostSlot, clock: Clock) -> None:
    waits = []
    for _ in range(5):
        ask(slot, clock, answer(429, 3))
        waits.append(wait_of(slot, clock))
    assert waits == [3, 3, 4, 8, 16]


def test_a_host_that_answers_again_is_asked_as_before(slot: HostSlot, clock: Clock) -> None:
    ask(slot, clock, answer(503), answer(503), *[answer(200)] * 10)
    assert wait_of(slot, clock) == 0
    assert slot.free_transfer_slots() == 2


@pytest.mark.parametrize(("told", "pace"), [(2, 2), (300, 4), (None, 4)])
def test_a_host_that_has_refused_often_is_not_asked_slowly_for_long(
    slot: HostSlot, clock: Clock, told: int | None, pace: float
) -> None:
    ask(slot, clock, *[answer(429, told)] * 6, answer(200))
    assert slot.download_delay() == pace
    ask(slot, clock, *[answer(200)] * 40)
    assert slot.download_delay() == 0


def test_a_host_that_counts_requests_is_asked_more_slowly_for_longer(clock: Clock) -> None:
    untold, told = HostSlot(2, 0.0, 0.0), HostSlot(2, 0.0, 0.0)
    ask(untold, clock, answer(429), answer(429), *[answer(200)] * 3)
    ask(told, clock, answer(429, 1), answer(429, 1), *[answer(200)] * 3)
    assert told.download_delay() > 2 * untold.download_delay() > 0


@pytest.mark.parametrize(
    "trouble", [lambda slot: slot.keep_crawl_delay(5), lambda slot: slot._refuse(article(), 0, 1_000)]
)
def test_a_host_that_asks_for_room_gets_one_request_at_a_time(
    slot: HostSlot, trouble: Callable[[HostSlot], object]
) -> None:
    trouble(slot)
    slot.under_way = 1
    assert slot.free_transfer_slots() == 0


def test_a_crawl_delay_begins_with_the_answer(slot: HostSlot, clock: Clock) -> None:
    slot.keep_crawl_delay(2)
    clock.now += 2
    slot.lastseen, slot.under_way = clock.now, 1
    clock.now += 10
    slot.record_answer(article(), answer(200))
    assert wait_of(slot, clock) == 2


def test_a_crawl_delay_is_the_least_whatever_the_delay_is(clock: Clock) -> None:
    slot = HostSlot(concurrency=2, delay=2.0, jitter=0.5)
    slot.keep_crawl_delay(2)
    assert min(slot.download_delay() for _ in range(100)) == 2
    slot.delay = 30  # AutoThrottle's
    assert slot.download_delay() > 10


def final(slot: HostSlot, clock: Clock, *responses: Response) -> list[bool]:
    """Which of these refusals end the run."""
    told = []
    for response in responses:
        clock.now += wait_of(slot, clock)
        slot.lastseen, slot.under_way = clock.now, 1
        refusal = slot.record_answer(article(response.url), response)
        told.append(refusal is not None and refusal.is_final)
    return told


def test_five_minutes_are_waited_out_and_no_more(slot: HostSlot, clock: Clock) -> None:
    assert final(slot, clock, answer(503, 300)) == [False]
    assert final(HostSlot(2, 0.0, 0.0), clock, answer(503, 301)) == [True]


def test_five_minutes_are_counted_from_the_last_other_answer(slot: HostSlot, clock: Clock) -> None:
    assert final(slot, clock, *[answer(503, 120)] * 3) == [False, False, True]
    slot = HostSlot(2, 0.0, 0.0)
    assert final(slot, clock, answer(503, 200), answer(200), answer(503, 200), answer(200)) == [False] * 4


def test_a_host_that_refuses_every_address_is_left_alone(slot: HostSlot, clock: Clock) -> None:
    refused = [answer(503, url=f"{URL}{number}") for number in range(MAX_REFUSED)]
    assert final(slot, clock, *refused) == [False] * (MAX_REFUSED - 1) + [True]


def test_a_source_that_is_refused_is_not_the_host(slot: HostSlot, clock: Clock) -> None:
    waits = []
    for number in range(3):
        for tries in range(4):
            clock.now += wait_of(slot, clock)
            slot.lastseen, slot.under_way = clock.now, 1
            request = Request(f"{URL}{number}", meta={"retry_times": tries})
            refusal = slot.record_answer(request, answer(503))
            assert refusal is not None
            assert not refusal.is_final
            waits.append(refusal.wait)
    assert waits == [1, 2, 4, 4] * 3


def test_one_address_that_is_always_refused_is_not_the_host(slot: HostSlot, clock: Clock) -> None:
    assert not any(final(slot, clock, *[answer(503)] * 40))


@pytest.mark.parametrize(("crawl_delay", "least"), [(0.0, 2.0), (5.0, 5.0)])
def test_a_host_that_answers_slowly_is_asked_less(clock: Clock, crawl_delay: float, least: float) -> None:
    crawler: Any = get_crawler(Spider, {"AUTOTHROTTLE_ENABLED": True, "DOWNLOAD_DELAY": 0.1})
    slot = HostSlot(concurrency=2, delay=0.1, jitter=0.0)
    slot.keep_crawl_delay(crawl_delay)
    crawler.engine = SimpleNamespace(downloader=SimpleNamespace(slots={"portal.example": slot}))
    throttle = AutoThrottle.from_crawler(crawler)
    throttle._spider_opened(crawler.spider)
    request = Request(URL, meta={"download_slot": "portal.example", "download_latency": 2.0})
    throttle._response_downloaded(answer(200), request, crawler.spider)
    assert slot.download_delay() == least


def test_images_wait_behind_pages_and_leave_one_of_two_places(slot: HostSlot) -> None:
    def wait(name: str, meta: dict[str, bool]) -> None:
        slot.queue.append((Request(f"https://kabar.example/{name}", meta=meta), Deferred()))

    for name in ("a.jpg", "b.jpg"):
        wait(name, {IMAGE: True})
    wait("1/", {})
    wait("c.jpg", {IMAGE: True})
    wait("2/", {})
    assert [request.url[-1] for request, _ in slot.queue] == ["/", "/", "g", "g", "g"]
    slot.record_begin(slot.queue.pop()[0])
    assert slot.free_transfer_slots() == 1, "a page is next"
    for _ in range(2):
        slot.queue.popleft()
    assert slot.free_transfer_slots() == 0, "an image is next, and one is under way"
