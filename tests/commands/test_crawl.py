import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from narayacrawl.wordpress.arguments import Arguments
from tests.conftest import Portal, Scrapy


def test_good_crawl_ends_with_status_0(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu")
    assert scrapy("crawl", "standin", "-a", f"url={portal.url}").returncode == 0


def test_good_crawl_says_nothing_without_a_log(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu")
    done = scrapy("crawl", "standin", "-a", f"url={portal.url}", "--nolog")
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["standin", "-a", "urll=x"], "unknown argument 'urll'"),
        (["standin", "-a", "url"], "Invalid -a value, use -a NAME=VALUE"),
        (["standing"], "no spider 'standing' (did you mean standin?)"),
        (["zzz"], "no spider 'zzz' (there are: standin, wordpress)"),
        ([], "name a spider"),
        ([""], "name a spider"),
        (["standin ", "-a", "urll=x"], "unknown argument 'urll'"),
        (["a/b"], "no spider 'a/b' (there are: standin, wordpress)"),
        (["standin", "-s", "SPIDER_MODULES=tidak_ada"], "SPIDER_MODULES names tidak_ada, which is not there"),
        (["standin", "wordpress"], "name one spider, not standin wordpress"),
        (["standin", "--full"], "no such option: --full (scrapy crawl -h lists them)"),
        (["standin", "-a"], "argument -a: expected one argument"),
        (["standin", "-a", "url=x", "-a", "url=y"], "url is given twice: url=x and url=y"),
        (["standin", "-s", "ARCIHVE=x"], "no setting ARCIHVE (did you mean ARCHIVE?)"),
        (["standin", "--pidfile", "/nowhere/pid"], "/nowhere/pid: No such file or directory"),
        (
            ["https://a.example/", "-a", "url=https://b.example/"],
            "https://a.example/ and url=https://b.example/ both say which portal: leave out one",
        ),
    ],
)
def test_wrong_call_is_one_line_and_status_2(args: list[str], line: str, scrapy: Scrapy) -> None:
    done = scrapy("crawl", *args, "-L", "ERROR")
    assert (done.returncode, done.stderr) == (2, f"scrapy crawl: {line}\n")


def test_help_lists_the_arguments_of_a_portals_spider(scrapy: Scrapy) -> None:
    done = scrapy("crawl", "wordpress", "--help")
    assert done.returncode == 0
    listed = [line.split("=")[0] for line in done.stdout.splitlines() if line.startswith("  -a ") and "=" in line]
    given_by_users = [name for name, own in Arguments.model_fields.items() if own.alias is None]
    assert [name for name in listed if name != "  -a NAME"] == [f"  -a {name}" for name in given_by_users]


def test_portal_may_be_named_by_its_address_alone(scrapy: Scrapy, portal: Portal) -> None:
    done = scrapy("crawl", portal.url, "-s", "ARCHIVE=", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
    assert done.stderr.splitlines()[-1].startswith("scrapy crawl: not found: ")
    assert portal.asked[:2] == ["/robots.txt", "/"]


def test_wrong_argument_makes_no_request(scrapy: Scrapy, portal: Portal) -> None:
    scrapy("crawl", "standin", "-a", f"url={portal.url}", "-a", "limits=3")
    assert portal.asked == []


def failing(scrapy: Scrapy, url: str, *args: str) -> str:
    """The line of a crawl that ends with status 1."""
    done = scrapy("crawl", "standin", "-a", f"url={url}", *args)
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


def test_unreachable_portal_fails(scrapy: Scrapy) -> None:
    line = failing(scrapy, "http://127.0.0.1:9/", "-s", "ROBOTSTXT_OBEY=False")
    told = "no page was answered (1 DownloadConnectionRefusedError): nothing listens at that host and port"
    assert line == f"scrapy crawl: unreachable: {told}"


def test_blocked_crawl_fails(scrapy: Scrapy, portal: Portal) -> None:
    portal.add("/", "Forbidden", status=403)
    assert failing(scrapy, portal.url).startswith("scrapy crawl: blocked: 1 of 1 answers were 403: set NARAYACRAWL_")


def test_crawl_forbidden_by_robots_fails(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu")
    portal.add("/robots.txt", "User-agent: *\nDisallow: /")
    assert failing(scrapy, portal.url) == "scrapy crawl: blocked by robots.txt: it forbids all of 1 page asked for"


def test_listing_without_links_fails(scrapy: Scrapy, portal: Portal) -> None:
    portal.add("/", "<p>Tidak ada</p>")
    assert failing(scrapy, portal.url) == "scrapy crawl: listing without links: 1"


def test_crash_in_the_spider_fails(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu", "Crash the spider")
    assert failing(scrapy, portal.url) == ("scrapy crawl: the spider raised 1 error (1 RuntimeError): see the log")


def test_crash_in_a_pipeline_fails(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu", "Crash the pipeline")
    assert failing(scrapy, portal.url) == "scrapy crawl: the pipelines raised 1 error: see the log"


def test_crash_before_the_start_fails_with_its_error(scrapy: Scrapy) -> None:
    assert failing(scrapy, "unthinkable") == "scrapy crawl: RuntimeError: no such url"


def test_crash_before_the_start_is_logged_with_its_traceback(scrapy: Scrapy) -> None:
    assert "Traceback" in scrapy("crawl", "standin", "-a", "url=unthinkable").stderr


def test_interrupted_crawl_ends_with_status_5(project: Path, environment: dict[str, str], portal: Portal) -> None:
    portal.add_articles(*(f"Berita {number}" for number in range(1000)))
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "standin",
        "-a",
        f"url={portal.url}",
        "-s",
        "DOWNLOAD_DELAY=0.2",
    ]
    with subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, text=True, env=environment) as process:
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        assert process.stderr is not None
        for line in process.stderr:
            if "Spider opened" in line:
                process.send_signal(signal.SIGINT)
        watchdog.cancel()
    assert (process.returncode, line) == (5, "scrapy crawl: interrupted\n")
