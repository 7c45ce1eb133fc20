"""Learn a portal's time zone before its first article is read, and tell of what is learned otherwise later.

Only what cannot be an accident counts: WordPress' own setting, an offset other than UTC's that all dates of a page
have, the zone's name behind most of its times. `+00:00` tells nothing: plugins write all dates in UTC.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from zoneinfo import available_timezones

from scrapy.http import Response

from narayacrawl.ledger.database import timestamp
from narayacrawl.sources.discovery import Discovery, SourceError
from narayacrawl.sources.rest_api import api_roots

logger = logging.getLogger(__name__)

SETTING_FIELDS: Final = "gmt_offset,timezone_string"
MAX_SETTING_SIZE: Final = 2_000_000
MAX_FEED_SIZE: Final = 1_000_000
_MOMENT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?"
STATED_BY: Final = ("published_time", "modified_time", "datePublished", "dateModified", "datetime=")
"""What stands before a date in a page's metadata, and in the date that it shows."""
STATED_OFFSET: Final = re.compile(rf"""["'\s:=>]{{0,5}}(?:content\s?=\s?["']?)?{_MOMENT}([+-]\d\d:?\d\d)""")
FEED_OFFSET: Final = re.compile(
    r"<(?:\w+:)?(?:lastBuildDate|pubDate|updated|published|date)>[^<]{0,40}?\d:\d\d\s?"
    r"(?:\.\d{1,9})?\s?(Z|GMT|UTC|WITA|WIT|WIB|[+-]\d\d?(?::?\d\d)?)\s{0,9}<",
    re.IGNORECASE,
)
NAMED_ZONE: Final = re.compile(r"(?:19|20)\d\d\W{0,5}(?:(?:pukul|jam)\W{0,3})?\d\d?[.:]\d\d\W{0,2}(WITA|WIT|WIB)\b")
ZONES: Final = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
OFFSETS: Final = {"+07:00": "Asia/Jakarta", "+08:00": "Asia/Makassar", "+09:00": "Asia/Jayapura"}
"""The offsets of Indonesia's zones, which have no summer time: they tell all."""
MAX_TEXT: Final = 2_000_000
"""Characters of a page that are looked at."""


async def learn_timezone(discovery: Discovery) -> None:
    """Learn the portal's zone if neither its spider nor its ledger knows it: from the front page, WordPress' settings
    and the feed."""
    own = discovery.timezone
    if own.name is not None:
        return None
    front = discovery.portal.text(discovery.front_page) if discovery.front_page is not None else ""
    stated = stated_offset(front)
    if stated in OFFSETS.values():
        return tell(discovery, stated, "front page")
    asked = discovery.state_of("timezone")
    if not asked.completed and (setting := await _setting(discovery)):
        return tell(discovery, setting, "REST API")
    if told := stated or named_zone(front):
        return tell(discovery, told, "front page")
    if discovery.front_page is None or asked.completed:
        return None
    discovery.save_state(asked, completed=timestamp())  # what tells nothing is asked once
    try:
        response = await discovery.fetch_page("/feed/", max_size=MAX_FEED_SIZE)
    except SourceError:
        return None
    return tell(discovery, feed_offset(response) if response.status == 200 else None, "feed")


def tell(discovery: Discovery, name: str | None, witness: str) -> None:
    """Take what the portal tells of its zone: learn it, or say where it is another one than is known."""
    own = discovery.timezone
    if name is None:
        return
    outcome = own.tell(name)
    if outcome == "learned":
        logger.info("time zone: %s (%s)", name, witness)
        read = discovery.crawler.stats.get_value("narayacrawl/article/read", 0)
        if read:
            discovery.count("timezone/learned_late")
            logger.warning("time zone learned late: %d articles were read before in that of Jakarta", read)
    elif outcome == "other":
        if not discovery.crawler.stats.get_value("narayacrawl/timezone/other"):
            logger.warning("time zone: %s tells %s, but it is kept as %s: nothing is changed", witness, name, own.name)
        discovery.count("timezone/other")


def see_page(discovery: Discovery, text: str) -> None:
    """Learn the zone from an article's page, or compare what it tells."""
    if discovery.timezone.name is not None:
        return tell(discovery, stated_offset(text, STATED_BY[:1]), "article")
    return tell(discovery, stated_offset(text) or named_zone(text), "article")


def see_offsets(discovery: Discovery, moments: Iterable[str | None], witness: str) -> None:
    """Learn the zone from a source's moments, ISO 8601, or compare what they tell."""
    tell(discovery, agreed(moment[19:] for moment in moments if moment), witness)


def stated_offset(text: str, words: Sequence[str] = STATED_BY) -> str | None:
    """Return the zone that all dates of a page's metadata have, without those in UTC; None if they tell none."""
    return agreed(
        match[1] for word in words for place in _places(word, text) if (match := STATED_OFFSET.match(text, place))
    )


def _places(word: str, text: str) -> Iterator[int]:
    """Yield where a word ends in a text."""
    place = text.find(word, 0, MAX_TEXT)
    while place != -1:
        yield place + len(word)
        place = text.find(word, place + 1, MAX_TEXT)


def named_zone(text: str) -> str | None:
    """Return the zone whose name follows most of a page's dates; None if none does."""
    counts = Counter(match[1].upper() for match in NAMED_ZONE.finditer(text[:MAX_TEXT]))
    [(name, count), *_] = counts.most_common(1) or [("", 0)]
    return ZONES[name] if 2 * count > counts.total() else None


def feed_offset(response: Response) -> str | None:
    """Return the zone that all dates of a feed have, without those in UTC; None if they tell none."""
    text = response.body[:MAX_TEXT].decode("utf-8", "replace")
    return agreed(match[1] for match in FEED_OFFSET.finditer(text))


def agreed(offsets: Iterable[str]) -> str | None:
    """Return the zone of offsets, or names, that are all the same, without those of UTC; None if there is none."""
    found = {zone for offset in offsets if (zone := _zone(offset.upper()))}
    return found.pop() if len(found) == 1 else None


def _zone(offset: str) -> str | None:
    if offset in ZONES:
        return ZONES[offset]
    if not offset or offset[0] not in "+-":
        return None
    digits = offset[1:].replace(":", "")
    hours, minutes = (digits, "00") if len(digits) < 3 else (digits[:-2], digits[-2:])
    if int(hours) > 14 or int(minutes) > 59 or not int(hours + minutes):
        return None
    told = f"{offset[0]}{hours:0>2}:{minutes}"
    return OFFSETS.get(told, told)


def _likely(roots: list[str]) -> list[str]:
    """Return of each form of the API's address the first."""
    first: dict[bool, str] = {}
    for root in roots:
        first.setdefault("?" in root, root)
    return list(first.values())


async def _setting(discovery: Discovery) -> str | None:
    """Return the zone that WordPress is set to; None if its REST API does not tell."""
    roots = api_roots(discovery.portal, discovery.front_page)
    # Where only some addresses are asked for, nothing shows where else it may be.
    for root in roots[:1] if discovery.front_page is None else _likely(roots):
        url = f"{root}{'&' if '?' in root else '?'}_fields={SETTING_FIELDS}"
        try:
            response = await discovery.fetch_page(url, max_size=MAX_SETTING_SIZE)
        except SourceError:
            return None
        if response.status == 200 and (told := read_setting(response.body)):
            return told
    return None


def read_setting(body: bytes) -> str | None:
    """Return the zone in an answer of the REST API's root: an IANA name or an offset; None if it tells none."""
    begin, end = body.find(b"{"), body.rfind(b"}")
    try:
        root: Any = json.loads(body[begin : end + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(root, dict):
        return None
    name, offset = root.get("timezone_string"), root.get("gmt_offset")
    if isinstance(name, str) and name in available_timezones():
        return name
    try:
        minutes = round(float(offset) * 60)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    if isinstance(offset, bool) or abs(minutes) > 14 * 60:
        return None
    told = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return "UTC" if not minutes else OFFSETS.get(told, told)
