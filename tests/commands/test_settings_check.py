import pytest
from scrapy.settings import Settings

from narayacrawl.commands.settings_check import refuse_given, refuse_settings
from tests.conftest import Scrapy


def checked(*given: str) -> str:
    """What is said of settings given on the command line; "" for nothing."""
    settings = Settings()
    settings.setmodule("narayacrawl.settings")
    try:
        refuse_given(settings, given)
        settings.setdict(dict(one.split("=", 1) for one in given), priority="cmdline")
        refuse_settings(settings)
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("DOWNLOAD_DELAY=abc", "DOWNLOAD_DELAY=abc is no number, 0 or above"),
        ("DOWNLOAD_DELAY=-1", "DOWNLOAD_DELAY=-1 is no number, 0 or above"),
        ("DOWNLOAD_DELAY=nan", "DOWNLOAD_DELAY=nan is no number, 0 or above"),
        ("DOWNLOAD_DELAY=1e999", "DOWNLOAD_DELAY=1e999 is no number, 0 or above"),
        ("DOWNLOAD_TIMEOUT=", "DOWNLOAD_TIMEOUT= is no number, above 0"),
        ("CONCURRENT_REQUESTS=x", "CONCURRENT_REQUESTS=x is no whole number, above 0"),
        ("CONCURRENT_REQUESTS_PER_DOMAIN=0", "CONCURRENT_REQUESTS_PER_DOMAIN=0 is no whole number, above 0"),
        ("RETRY_TIMES=2.5", "RETRY_TIMES=2.5 is no whole number, 0 or above"),
        ("REQUEST_BUDGET=-1", "REQUEST_BUDGET=-1 is no whole number, 0 or above"),
        ("AUTOTHROTTLE_ENABLED=yes", "AUTOTHROTTLE_ENABLED=yes is neither 1 nor 0"),
        ("RESPECT_NOARCHIVE=on", "RESPECT_NOARCHIVE=on is neither 1 nor 0"),
        ("ARCHIVE_COMPRESSION=lz4", "ARCHIVE_COMPRESSION=lz4 is none of gzip, zstd"),
        ("LEDGER=postgresql://a/b", "LEDGER=postgresql://a/b: only SQLite is known (sqlite:///data/ledger.db)"),
        ("LOG_LEVEL=LOUD", "LOG_LEVEL=LOUD is none of CRITICAL, ERROR, WARNING, INFO, DEBUG"),
        ("LOG_FILE=/nowhere/log", "LOG_FILE=/nowhere/log: no such folder"),
        ("RETRY_HTTP_CODES=5xx", "RETRY_HTTP_CODES=5xx is no list of statuses (500,503)"),
        ("FEEDS={", "FEEDS={ is no JSON object ({…})"),
        ("ITEM_PIPELINES=[1]", "ITEM_PIPELINES=[1] is no JSON object ({…})"),
        (f"ARCHIVE={__file__}", f"ARCHIVE={__file__} is a file: name a folder"),
        (f"FIXTURES_DIR={__file__}", f"FIXTURES_DIR={__file__} is a file: name a folder"),
        ("ARCIHVE=x", "no setting ARCIHVE (did you mean ARCHIVE?)"),
        ("download_delay=3", "no setting download_delay (did you mean DOWNLOAD_DELAY?)"),
        ("COMPRESSION=gzip", "no setting COMPRESSION (did you mean ARCHIVE_COMPRESSION?)"),
    ],
)
def test_wrong_setting_is_told_in_one_line(given: str, line: str) -> None:
    assert checked(given) == line


@pytest.mark.parametrize(
    "given",
    [
        "DOWNLOAD_DELAY=0.25",
        "DOWNLOAD_TIMEOUT=7.5",
        "RETRY_PRIORITY_ADJUST=-2",
        "AUTOTHROTTLE_ENABLED=False",
        "ARCHIVE=",
        "ARCHIVE_COMPRESSION=",
        "LEDGER=",
        "LEDGER=sqlite:////srv/ledger.db",
        'FEEDS={"a.jsonl": {"format": "jsonl"}}',
        "FEEDS=",
        "RETRY_HTTP_CODES=500,503",
        "LOG_LEVEL=DEBUG",
        "SPLASH_URL=http://localhost:8050",  # of another package, which nobody here knows
        "IMAGES_STORE=pictures",
    ],
)
def test_right_setting_is_taken(given: str) -> None:
    assert checked(given) == ""


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert checked("RETRY_TIMES=x", "DOWNLOAD_DELAY=y").count(" is no ") == 2


@pytest.mark.parametrize("command", ["crawl standin", "export standin -O -", "ledger"])
def test_no_command_begins_with_a_wrong_setting(command: str, scrapy: Scrapy) -> None:
    name = command.split()[0]
    done = scrapy(*command.split(), "-s", "DOWNLOAD_DELAY=abc")
    line = f"scrapy {name}: DOWNLOAD_DELAY=abc is no number, 0 or above\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", line)
