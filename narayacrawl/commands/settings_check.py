"""Check the settings of a command before anything is started: a wrong value would end in a traceback, or be passed over
in silence, as a misspelt name is."""

import difflib
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings
from scrapy.utils.conf import closest_scrapy_cfg

from narayacrawl import settings as own

DEFAULTS: Final[Mapping[str, Any]] = {
    name: getattr(module, name) for module in (default_settings, own) for name in dir(module) if name.isupper()
}
FRACTIONS: Final = frozenset({"DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT", "DNS_TIMEOUT"})
"""Settings that Scrapy reads as fractions, though their defaults are whole numbers."""
SWITCHES: Final = frozenset({"TELNETCONSOLE_ENABLED"})
"""The same for 1 and 0."""
MAY_BE_NEGATIVE: Final = frozenset(
    {"DEPTH_PRIORITY", "FEED_EXPORT_INDENT", "REDIRECT_PRIORITY_ADJUST", "RETRY_PRIORITY_ADJUST"}
)
ABOVE_ZERO: Final = frozenset(
    {"AUTOTHROTTLE_TARGET_CONCURRENCY", "CONCURRENT_ITEMS", "CONCURRENT_REQUESTS", "CONCURRENT_REQUESTS_PER_DOMAIN"}
    | {"DNS_TIMEOUT", "DOWNLOAD_TIMEOUT", "MEMUSAGE_CHECK_INTERVAL_SECONDS", "REACTOR_THREADPOOL_MAXSIZE"}
    | {"SCRAPER_SLOT_MAX_ACTIVE_SIZE"}
)
"""With 0 of these a crawl stands still, or nothing is answered in time."""
LEVELS: Final = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "ARCHIVE_COMPRESSION": ("", "gzip", "zstd"),
    **dict.fromkeys((name for name in DEFAULTS if name.endswith("LOG_LEVEL")), LEVELS),
}
FOLDERS: Final = ("ARCHIVE", "FIXTURES_DIR")
MIN_LIKENESS: Final = 0.8
MAX_NAMED: Final = 3
TRUTHS: Final = ("1", "0", "True", "False", "true", "false")


def refuse_given(settings: BaseSettings, given: Iterable[str]) -> None:
    """Raise `ValueError`, one line, for settings given on the command line, `NAME=VALUE`, whose name nobody knows but
    that is like a known one, and for what is no JSON where Scrapy reads JSON. They are not among `settings` yet."""
    wrong = []
    for name, _, value in (text.partition("=") for text in given):
        if name not in settings and (near := _like(name, settings)):
            wrong.append(f"no setting {name} (did you mean {' or '.join(near)}?)")
        elif isinstance(DEFAULTS.get(name), dict) and not _is_object(value):
            wrong.append(f"{name}={value} is no JSON object ({{…}})")
    if wrong:
        raise ValueError("; ".join(wrong))


def refuse_settings(settings: BaseSettings) -> None:
    """Raise `ValueError`, one line, for settings whose values cannot be what they stand for."""
    wrong = []
    for name in sorted(settings):
        is_set = (settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["project"]
        if is_set and name in DEFAULTS and (why := _fault(name, settings[name])):
            wrong.append(why)
    if wrong:
        raise ValueError("; ".join(wrong))


def _like(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that one resembles: in capitals, misspelt, or without its first words."""
    known = sorted(known, key=lambda other: (len(other), other))
    if name.upper() in known:
        return [name.upper()]
    near = difflib.get_close_matches(name.upper(), known, MAX_NAMED, MIN_LIKENESS)
    return near or [other for other in known if other.endswith(f"_{name.upper()}")][:MAX_NAMED]


def _fault(name: str, value: Any) -> str | None:
    """Tell in one line what is wrong with a value; None if nothing is."""
    default = DEFAULTS[name]
    if name in CHOICES:
        choices = CHOICES[name]
        is_fine = value in choices or (value is None and "" in choices) or (choices is LEVELS and type(value) is int)
        return None if is_fine else f"{name}={value} is none of {', '.join(filter(None, choices))}"
    if isinstance(default, bool) or name in SWITCHES:
        is_truth = isinstance(value, int | None) or str(value) in TRUTHS
        return None if is_truth else f"{name}={value} is neither 1 nor 0"
    if isinstance(default, int | float):
        return _fault_of_number(name, value, is_whole=isinstance(default, int) and name not in FRACTIONS)
    if name.endswith("_CODES") and not all(str(code).strip().isdecimal() for code in _entries(value)):
        return f"{name}={value} is no list of statuses (500,503)"
    if name == "LEDGER" and value and not str(value).startswith("sqlite:"):
        return f"LEDGER={value}: only SQLite is known (sqlite:///data/ledger.db)"
    if name == "LOG_FILE" and value and (Path(value).is_dir() or not Path(value).absolute().parent.is_dir()):
        return f"{name}={value}: {'a folder' if Path(value).is_dir() else 'no such folder'}"
    if name == "ALERT_WEBHOOK" and value and not str(value).startswith(("http://", "https://")):
        return f"{name}={value} is no http or https address"
    if name == "ALERT_MAIL" and any("@" not in str(address) for address in _entries(value)):
        return f"{name}={value} is no list of mail addresses"
    if name in FOLDERS and value:
        path = Path(closest_scrapy_cfg()).parent.absolute() / str(value)
        return f"{name}={value} is a file: name a folder" if path.is_file() else None
    return None


def _fault_of_number(name: str, value: Any, *, is_whole: bool) -> str | None:
    least = "above 0" if name in ABOVE_ZERO else "" if name in MAY_BE_NEGATIVE else "0 or above"
    what = "is no whole number" if is_whole else "is no number"
    wanted = f"{name}={value} {what}{f', {least}' if least else ''}"
    try:
        number = int(value) if is_whole else float(value)
    except (TypeError, ValueError, OverflowError):
        return wanted
    is_within = math.isfinite(number) and (not least or number > 0 or (number == 0 and name not in ABOVE_ZERO))
    return None if is_within else wanted


def _is_object(value: str) -> bool:
    """True if a value is a JSON object, or nothing."""
    try:
        return not value or isinstance(json.loads(value), dict)
    except ValueError:
        return False


def _entries(value: Any) -> list[Any]:
    return value.split(",") if isinstance(value, str) else list(value or ())
