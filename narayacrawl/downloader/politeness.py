"""How often a host may be asked: its Crawl-delay, its Retry-After, and waits that grow while it refuses."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from time import monotonic
from typing import Final

from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.internet.defer import Deferred

from narayacrawl.downloader.fetch import IMAGE, MAX_AGE, MAX_CLOCK_ERROR, REDIRECTS, header, read_http_date
from narayacrawl.language.numbers import read_number

REFUSALS: Final = (429, 503)
"""Statuses of a host that wants fewer requests, or none for now (RFC 6585, 4; RFC 9110, 15.6.4)."""
MAX_WAIT: Final = 300.0
"""Seconds that a run waits for a host that gives no other answer meanwhile, where the host tells how long."""
MAX_RETRY_AFTER: Final = 86_400
"""Seconds: no longer wait is believed."""
FIRST_BACKOFF, MAX_BACKOFF = 1.0, 16.0
"""Seconds between requests after the first refusal, and after many in a row; each doubles them."""
MAX_PACE: Final = 4.0
"""Seconds between requests at most once it answers again; no more than it has told."""
RECOVERY, TOLD_RECOVERY, REPEATED_RECOVERY = 0.5, 0.8, 0.9
"""By this factor they shrink with each answer that is none. Where the host tells how long to wait, it counts requests,
and would refuse the next ones, too; the more so if it has done so before."""
MAX_SOURCE_WAIT: Final = 4.0
"""Seconds to wait at most where a source is refused without a word of how long: it may be the only thing that is."""
MAX_REFUSED: Final = 8
"""So many articles refused in a row without a word of how long: the host serves none."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A host's word that it is to be left alone."""

    wait: float
    """Seconds from now."""
    is_told: bool
    """True if the host tells how long."""
    is_final: bool
    """True if the run is not to wait for it."""


class ImagesLast(deque[tuple[Request, "Deferred[Response]"]]):
    """The requests that wait for a host: those for images behind all others."""

    def append(self, waiting: "tuple[Request, Deferred[Response]]") -> None:
        if IMAGE in waiting[0].meta:
            super().append(waiting)
            return
        images = sum(1 for _ in takewhile(lambda other: IMAGE in other[0].meta, reversed(self)))
        self.insert(len(self) - images, waiting)


class HostSlot(Slot):
    """A host's slot in the downloader: what it was asked to wait applies to all that waits in it.

    With a Crawl-delay one request is under way at a time, and the next one leaves so long after the answer came:
    however long either travels, they reach the host no closer together.
    """

    def __init__(self, concurrency: int, delay: float, jitter: float) -> None:
        super().__init__(concurrency, delay, jitter)
        self.crawl_delay = 0.0
        """By robots.txt, in seconds."""
        self.queue = ImagesLast()
        self.images_under_way = 0
        self.under_way = 0
        """Requests that were sent and whose answer is not looked at yet."""
        self.has_answered = False
        """True if it has answered anything but robots.txt without a refusal."""
        self._backoff = 0.0
        self._recovery = RECOVERY
        self._pace = MAX_PACE
        self._not_before = 0.0
        # Since the last answer that was no refusal.
        self._refused: set[str] = set()
        self._refused_since: float | None = None

    def download_delay(self) -> float:
        """Return the least time between the last request and the next."""
        delay: float = super().download_delay()
        return max(delay, self.crawl_delay, self._backoff, self._not_before - self.lastseen)

    def free_transfer_slots(self) -> int:
        """Return how many requests may be sent now."""
        concurrency = 1 if self.crawl_delay or self._backoff else self.concurrency
        is_image_next = bool(self.queue) and IMAGE in self.queue[0][0].meta
        # One is left for an article: an image may be long in coming.
        if is_image_next and self.images_under_way >= max(1, concurrency - 1):
            return 0
        return concurrency - self.under_way

    def keep_crawl_delay(self, delay: float) -> None:
        """Keep so many seconds between requests, from the answer on that tells so."""
        self.crawl_delay, self.lastseen = delay, monotonic()

    def record_begin(self, request: Request) -> None:
        """Note that a request is under way."""
        self.under_way += 1
        self.images_under_way += IMAGE in request.meta

    def record_end(self, request: Request) -> None:
        """Note that a request is under way no more."""
        self.under_way -= 1
        self.images_under_way -= IMAGE in request.meta
        if self.crawl_delay:
            self.lastseen = monotonic()

    def record_answer(self, request: Request, response: Response) -> Refusal | None:
        """Note what a request has brought; return how the host refused it, if it did."""
        self.record_end(request)
        told = read_retry_after(response) or 0.0
        if response.status in REFUSALS or told:
            return self._refuse(request, told, monotonic())
        slower = min(self._backoff * self._recovery, self._pace)
        self._backoff = slower if slower > FIRST_BACKOFF / 10 else 0.0
        self._refused.clear()
        self._refused_since = None
        self.has_answered = self.has_answered or request.callback is not NO_CALLBACK
        return None

    def _refuse(self, request: Request, told: float, now: float) -> Refusal:
        if self._refused_since is None:
            self._refused_since = now
        is_of_all = bool(told) or is_article(request)
        if is_article(request):
            self._refused.add(request.url)
        wait = max(told, min(FIRST_BACKOFF * 2 ** request.meta.get("retry_times", 0), MAX_SOURCE_WAIT))
        if now >= self._not_before:  # else it was under way before the host was known to refuse
            repeated = REPEATED_RECOVERY if self._backoff else TOLD_RECOVERY
            self._recovery = repeated if told else RECOVERY
            self._pace = min(max(told, FIRST_BACKOFF), MAX_PACE) if told else MAX_PACE
            self._backoff = min(max(FIRST_BACKOFF, (2 if is_of_all else 1) * self._backoff), MAX_BACKOFF)
        if is_of_all:
            wait = max(told, self._backoff)
        self._not_before = max(self._not_before, now + wait)
        wait = self._not_before - now
        is_final = now - self._refused_since + wait > MAX_WAIT if told else len(self._refused) >= MAX_REFUSED
        return Refusal(wait, bool(told), is_final)


def is_article(request: Request) -> bool:
    """True if a request is one of the spider's, not for a source or robots.txt."""
    return request.callback is not None and request.callback is not NO_CALLBACK


def read_retry_after(response: Response) -> float | None:
    """Return for how many seconds an answer asks to be left alone (RFC 9110, 10.2.3), a day at most; None if it does
    not, or nobody can read it."""
    # A redirect may ask for a wait, too.
    if response.status not in REFUSALS and response.status not in REDIRECTS:
        return None
    waits = [_seconds(value.decode("latin-1").strip(), response) for value in response.headers.getlist("Retry-After")]
    return max((min(wait, MAX_RETRY_AFTER) for wait in waits if wait is not None), default=None)


def _seconds(value: str, response: Response) -> float | None:
    """Return the seconds that a header's value tells: a number, or a date by the clock of who sent it."""
    if value.isascii() and value.isdecimal():
        seconds = read_number(value)
        return MAX_RETRY_AFTER if seconds is None else seconds
    date = read_http_date(value)
    return None if date is None else max(0.0, (date - _sent_at(response)).total_seconds())


def _sent_at(response: Response) -> datetime:
    """Return when an answer left its host or a cache of it, by its own clock; now if it tells none that is
    plausible."""
    now = datetime.now(UTC)
    date = read_http_date(header(response, "Date"))
    age = read_number(header(response, "Age"), most=MAX_AGE) or 0
    sent = now if date is None else datetime.fromtimestamp(date.timestamp() + age, UTC)
    return sent if abs(sent - now) <= MAX_CLOCK_ERROR else now
