import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Portal, Scrapy
from tests.portals import QUICK, Post, WordPress
from tests.sources.test_timezone import LOCAL, POSTS, by_article, by_front_page, by_setting


@pytest.fixture
def fixtures(project: Path) -> Path:
    return project / "fixtures"


def record(scrapy: Scrapy, portal: Portal, spider: str = "standin", *args: str) -> tuple[int, str]:
    """Exit status and the last line of stderr."""
    done = scrapy("record", spider, "-a", f"url={portal.url}", *args)
    return done.returncode, done.stderr.splitlines()[-1]


def titles(folder: Path) -> set[str]:
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return {json.loads(line)["title"] for line in lines}


@pytest.mark.slow
def test_recorded_portal_can_be_replayed(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu", "Dua")
    record(scrapy, portal)
    assert scrapy("replay", "standin").returncode == 0


@pytest.mark.slow
def test_replay_of_a_recording_does_not_reach_the_portal(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu", "Dua")
    record(scrapy, portal)
    portal.asked.clear()
    scrapy("replay", "standin")
    assert portal.asked == []


@pytest.mark.slow
def test_record_saves_pages_under_readable_names(scrapy: Scrapy, portal: Portal, fixtures: Path) -> None:
    portal.add_articles("Satu", "Dua")
    record(scrapy, portal)
    names = {path.name for path in (fixtures / "standin" / "pages").iterdir()}
    assert names == {"robots.txt.html", "index.html", "1.html", "2.html"}


@pytest.mark.slow
def test_record_saves_spider_and_arguments(scrapy: Scrapy, portal: Portal, fixtures: Path) -> None:
    portal.add_articles("Satu", "Dua")
    record(scrapy, portal, "standin", "-a", "limit=1")
    recording = json.loads((fixtures / "standin" / "recording.json").read_text(encoding="utf-8"))
    assert recording == {"spider": "standin", "arguments": {"url": portal.url, "limit": "1"}}


@pytest.mark.slow
def test_record_writes_the_golden(scrapy: Scrapy, portal: Portal, fixtures: Path) -> None:
    portal.add_articles("Satu", "Dua")
    record(scrapy, portal)
    assert titles(fixtures / "standin") == {"Satu", "Dua"}


@pytest.mark.slow
def test_record_saves_redirects(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu")
    portal.add("/1/", "", status=301, Location="/baru/")
    portal.add("/baru/", "<h1>Baru</h1>")
    record(scrapy, portal)
    assert scrapy("replay", "standin").returncode == 0


@pytest.mark.slow
def test_any_portal_is_recorded_under_its_host(scrapy: Scrapy, portal: Portal, fixtures: Path) -> None:
    portal.add_articles("Satu")
    record(scrapy, portal, "wordpress")
    assert [path.name for path in fixtures.iterdir()] == ["127.0.0.1"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("witness", "zone", "source"),
    [
        (by_setting, "Asia/Makassar", "auto"),
        (by_front_page, "Asia/Jayapura", "listing"),
        (by_article, "Asia/Makassar", "auto"),
    ],
)
def test_a_replay_keeps_the_zone_that_the_portal_told(
    witness: Callable[[WordPress, str], None], zone: str, source: str, scrapy: Scrapy, portal: Portal, tmp_path: Path
) -> None:
    site = WordPress(portal)
    site.open(POSTS)
    witness(site, zone)
    place = ["-s", f"FIXTURES_DIR={tmp_path}"]
    quick = [word for setting in QUICK for word in ("-s", setting)]
    asked = ["-a", f"url={portal.url}", "-a", f"source={source}"]
    done = scrapy("record", "wordpress", *asked, *quick, *place, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    golden = (tmp_path / "127.0.0.1" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["date"] for line in golden} == {LOCAL[zone]}
    portal.pages.clear()
    assert scrapy("replay", "127.0.0.1", *place, cwd=ROOT).returncode == 0


@pytest.mark.slow
def test_record_takes_the_place_of_the_former_recording(scrapy: Scrapy, portal: Portal, fixtures: Path) -> None:
    portal.add_articles("Satu", "Dua")
    record(scrapy, portal)
    portal.add_articles("Tiga")
    record(scrapy, portal)
    assert titles(fixtures / "standin") == {"Tiga"}
    assert not (fixtures / "standin" / "pages" / "2.html").exists()


@pytest.mark.slow
def test_record_shows_what_changed(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu")
    record(scrapy, portal)
    portal.add_articles("Satu baru")
    assert '"Satu" → "Satu baru"' in scrapy("record", "standin", "-a", f"url={portal.url}").stderr


@pytest.mark.slow
def test_failed_crawl_leaves_the_former_recording_alone(scrapy: Scrapy, portal: Portal, fixtures: Path) -> None:
    portal.add_articles("Satu")
    record(scrapy, portal)
    portal.add("/", "Forbidden", status=403)
    status, line = record(scrapy, portal)
    assert (status, line.partition(": set ")[0]) == (1, "scrapy record: blocked: 1 of 1 answers were 403")
    assert titles(fixtures / "standin") == {"Satu"}
    assert [path.name for path in fixtures.iterdir()] == ["standin"]


@pytest.mark.slow
def test_article_that_could_not_be_fetched_is_not_recorded(scrapy: Scrapy, portal: Portal, fixtures: Path) -> None:
    portal.add_articles(*(f"Berita {number}" for number in range(20)))
    portal.add("/7/", "Busy", status=503)
    assert record(scrapy, portal) == (1, "scrapy record: 1 article could not be fetched: record again")
    assert list(fixtures.iterdir()) == []


@pytest.mark.slow
def test_record_suggests_a_limit(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu")
    done = scrapy("record", "standin", "-a", f"url={portal.url}")
    assert "scrapy record: the whole portal; -a limit=30 records a part of it\n" in done.stderr


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["standing"], "no spider 'standing' (did you mean standin?)"),
        (["wordpress"], "the spider wordpress needs -a url=https://…"),
        ([], "name a spider"),
    ],
)
def test_wrong_call_is_one_line_and_status_2(args: list[str], line: str, scrapy: Scrapy) -> None:
    done = scrapy("record", *args, "-L", "ERROR")
    assert (done.returncode, done.stderr) == (2, f"scrapy record: {line}\n")


@pytest.mark.slow
def test_recording_that_a_limit_cuts_off_holds_what_its_replay_asks_for(
    scrapy: Scrapy, portal: Portal, tmp_path: Path
) -> None:
    posts = [Post(number) for number in range(1, 13)]
    WordPress(portal).open(posts[:6], posts[6:])
    place = ["-s", f"FIXTURES_DIR={tmp_path}"]
    quick = [word for setting in QUICK for word in ("-s", setting)]
    done = scrapy("record", "wordpress", "-a", f"url={portal.url}", "-a", "limit=5", *quick, *place, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    portal.pages.clear()
    done = scrapy("replay", "127.0.0.1", *place, "-L", "INFO", cwd=ROOT)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "5 articles as expected")
    assert "ERROR" not in done.stderr


@pytest.mark.slow
def test_page_that_a_recording_lacks_is_fetched_when_it_is_completed(
    scrapy: Scrapy, portal: Portal, fixtures: Path
) -> None:
    portal.add_articles("Satu", "Dua")
    record(scrapy, portal)
    responses = fixtures / "standin" / "responses.jsonl"
    lines = responses.read_text(encoding="utf-8").splitlines(keepends=True)
    responses.write_text("".join(line for line in lines if "/2/" not in line), encoding="utf-8")
    assert scrapy("replay", "standin").returncode == 1
    portal.asked.clear()
    assert scrapy("replay", "standin", "--complete").returncode == 0
    assert portal.asked == ["/2/"]
    assert "without a fixture" not in scrapy("replay", "standin").stderr


def test_record_is_refused_in_ci(scrapy: Scrapy, portal: Portal) -> None:
    done = scrapy("record", "standin", "-a", f"url={portal.url}", "--nolog", env={"CI": "1"})
    assert (done.returncode, done.stderr) == (2, "scrapy record: record is not for CI: it decides what is expected\n")
    assert portal.asked == []
