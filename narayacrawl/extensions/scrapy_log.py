"""Log at DEBUG what Scrapy tells of its start, and on a terminal the stats that it ends with."""

import logging
from collections.abc import Mapping
from typing import Final

STARTING: Final[Mapping[str, str]] = {
    "scrapy.utils.log": "",  # its version, and those of what it uses
    "scrapy.addons": "",
    "scrapy.middleware": "",  # what is enabled
    "scrapy.crawler": "Overridden settings",  # it tells of signals, too
    "scrapy.extensions.telnet": "",
}
"""How the lines of a logger begin that tell of the start; "" for all of its lines."""
STATS: Final = "scrapy.statscollectors"


class ToDebug(logging.Filter):
    """Turns a logger's INFO lines that begin so into DEBUG ones; handlers drop those unless they were asked for."""

    def __init__(self, beginning: str = "") -> None:
        super().__init__()
        self.beginning = beginning

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno == logging.INFO and str(record.msg).startswith(self.beginning):
            record.levelno, record.levelname = logging.DEBUG, logging.getLevelName(logging.DEBUG)
        return True


def lower_start_lines() -> None:
    """Have Scrapy's start logged at DEBUG."""
    for name, beginning in STARTING.items():
        _lower(name, beginning)


def lower_stats() -> None:
    """Have the stats at the end logged at DEBUG: where a person looks on, the summary tells what counts."""
    _lower(STATS, "")


def _lower(name: str, beginning: str) -> None:
    logger = logging.getLogger(name)
    if not any(isinstance(own, ToDebug) for own in logger.filters):
        logger.addFilter(ToDebug(beginning))
