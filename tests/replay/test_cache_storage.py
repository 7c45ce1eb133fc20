import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred

from narayacrawl.replay.cache_storage import (
    FixtureCacheStorage,
    FixtureError,
    Recording,
    fixtures_folder,
    page_name,
    read_recording,
    read_responses,
    write_recording,
)

HTML = {"Content-Type": "text/html; charset=UTF-8"}
RESPONSE: dict[str, Any] = {
    "url": "https://portal.example/?b=2&a=1",
    "status": 200,
    "headers": {"Content-Type": ["text/html; charset=UTF-8"]},
    "fetched_at": "2026-01-05T02:00:07+00:00",
    "file": "pages/index.html",
}


@pytest.fixture
def spider() -> Spider:
    crawler = get_crawler()
    crawler.engine = SimpleNamespace(_slot=SimpleNamespace(closing=None))  # type: ignore[assignment]
    return crawler._create_spider("standin")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A saved portal of one page."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.html").write_text("<h1>Sátu</h1>", encoding="utf-8")
    write_manifest(tmp_path, RESPONSE)
    return tmp_path


def write_manifest(folder: Path, *lines: object) -> None:
    text = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
    (folder / "responses.jsonl").write_text(text, encoding="utf-8")


def storage(folder: Path, *, replaying: bool) -> FixtureCacheStorage:
    return FixtureCacheStorage(Settings({"HTTPCACHE_DIR": str(folder), "HTTPCACHE_IGNORE_MISSING": replaying}))


def record(folder: Path, spider: Spider, *responses: Response) -> None:
    recorder = storage(folder, replaying=False)
    recorder.open_spider(spider)
    for response in responses:
        recorder.store_response(spider, Request(response.url), response)
    recorder.close_spider(spider)


def replay(folder: Path, spider: Spider, url: str, method: str = "GET") -> Response | None:
    player = storage(folder, replaying=True)
    player.open_spider(spider)
    return player.retrieve_response(spider, Request(url, method=method))


# Replay


def test_answers_what_was_recorded(folder: Path, spider: Spider) -> None:
    response = replay(folder, spider, RESPONSE["url"])
    assert isinstance(response, HtmlResponse)
    assert (response.status, response.text) == (200, "<h1>Sátu</h1>")


def test_answer_says_when_it_was_fetched(folder: Path, spider: Spider) -> None:
    response = replay(folder, spider, RESPONSE["url"])
    assert response is not None
    assert response.headers["Date"] == b"Mon, 05 Jan 2026 02:00:07 GMT"


def test_order_of_the_query_does_not_matter(folder: Path, spider: Spider) -> None:
    response = replay(folder, spider, "https://portal.example/?a=1&b=2")
    assert response is not None
    assert response.url == "https://portal.example/?a=1&b=2"


def test_answers_redirect_without_a_body(folder: Path, spider: Spider) -> None:
    write_manifest(folder, RESPONSE | {"status": 301, "headers": {"Location": ["/baru/"]}, "file": None})
    response = replay(folder, spider, RESPONSE["url"])
    assert response is not None
    assert (response.status, response.headers["Location"], response.body) == (301, b"/baru/", b"")


def test_answers_get_only(folder: Path, spider: Spider) -> None:
    assert replay(folder, spider, RESPONSE["url"], "POST") is None


def test_lists_addresses_without_a_fixture(folder: Path, spider: Spider) -> None:
    for url in ("https://portal.example/1", "https://portal.example/2"):
        replay(folder, spider, url)
    assert spider.crawler.stats.get_value("narayacrawl/fixtures/missing") == [
        "https://portal.example/1",
        "https://portal.example/2",
    ]


def test_what_is_asked_for_while_the_crawl_ends_is_not_missing(folder: Path, spider: Spider) -> None:
    spider.crawler.engine._slot.closing = Deferred()  # type: ignore[union-attr]
    assert replay(folder, spider, "https://portal.example/1") is None
    assert spider.crawler.stats.get_value("narayacrawl/fixtures/missing") is None


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["{\n"], "responses.jsonl:1: Invalid JSON"),
        ([RESPONSE, "\n", '{"url": "u"}\n'], "responses.jsonl:3: status: Field required"),
        ([RESPONSE | {"status": "ok"}], "responses.jsonl:1: status: Input should be a valid integer"),
        ([RESPONSE | {"status": 1000}], "responses.jsonl:1: status: Input should be less than or equal to 599"),
        ([RESPONSE | {"headers": {"A": "b"}}], "responses.jsonl:1: headers: A: Input should be a valid array"),
        ([RESPONSE | {"headers": {"A": ["–"]}}], "responses.jsonl:1: headers: .* beyond Latin-1"),
        ([RESPONSE | {"fetched_at": "2026-01-05T02:00:07"}], "responses.jsonl:1: fetched_at: .* timezone"),
        ([RESPONSE | {"fetched": 1}], "responses.jsonl:1: fetched: Extra inputs"),
        ([RESPONSE, RESPONSE], "responses.jsonl:2: recorded twice: https://portal.example/"),
        ([RESPONSE | {"file": "pages/none.html"}], "responses.jsonl:1: no file of pages/: 'pages/none.html'"),
    ],
)
def test_names_the_line_that_is_wrong(lines: list[object], complaint: str, folder: Path) -> None:
    write_manifest(folder, *lines)
    with pytest.raises(FixtureError, match=complaint):
        storage(folder, replaying=True)


@pytest.mark.parametrize(
    "file",
    [
        "../secret",
        "/etc/passwd",
        "pages/../secret",
        "pages/sub/x.html",
        "secret",
        "pages",
        "pages/",
        "pages/..",
        "pages/\0",
        "",
    ],
)
def test_refuses_file_outside_of_pages(file: str, folder: Path) -> None:
    (folder / "secret").touch()
    write_manifest(folder, RESPONSE | {"file": file})
    with pytest.raises(FixtureError, match=r"responses\.jsonl:1: no file of pages/"):
        read_responses(folder)


def test_refuses_link_that_leads_out_of_pages(folder: Path) -> None:
    (folder / "secret").touch()
    (folder / "pages" / "link.html").symlink_to(folder / "secret")
    write_manifest(folder, RESPONSE | {"file": "pages/link.html"})
    with pytest.raises(FixtureError, match="no file of pages/"):
        read_responses(folder)


def test_replay_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match=r"responses\.jsonl: No such file"):
        storage(tmp_path, replaying=True)


# Record


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    return tmp_path


def test_recorded_response_is_answered(empty: Path, spider: Spider) -> None:
    record(empty, spider, TextResponse("https://portal.example/a", headers=HTML, body=b"<p>a</p>"))
    response = replay(empty, spider, "https://portal.example/a")
    assert response is not None
    assert (response.status, response.body) == (200, b"<p>a</p>")


def test_recording_answers_nothing(empty: Path, spider: Spider) -> None:
    recorder = storage(empty, replaying=False)
    request = Request("https://portal.example/a")
    recorder.store_response(spider, request, Response(request.url, status=503))
    assert recorder.retrieve_response(spider, request) is None


def test_last_answer_of_an_address_is_kept(empty: Path, spider: Spider) -> None:
    url = "https://portal.example/a"
    record(
        empty, spider, Response(url, status=503, headers=HTML, body=b"busy"), Response(url, headers=HTML, body=b"page")
    )
    [response] = read_responses(empty).values()
    assert (response.status, (empty / (response.file or "")).read_bytes()) == (200, b"page")


def test_manifest_is_sorted_by_address(empty: Path, spider: Spider) -> None:
    record(empty, spider, *(Response(f"https://portal.example/{name}", headers=HTML) for name in "bca"))
    lines = (empty / "responses.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["url"][-1] for line in lines] == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["Content-Encoding", "Transfer-Encoding", "Content-Length", "Set-Cookie"])
def test_header_is_not_saved(name: str, empty: Path, spider: Spider) -> None:
    record(empty, spider, Response("https://portal.example/", headers={name: "x", "Link": "</wp-json/>"}))
    assert json.loads((empty / "responses.jsonl").read_bytes())["headers"] == {"Link": ["</wp-json/>"]}


def test_header_of_any_bytes_comes_back(empty: Path, spider: Spider) -> None:
    record(empty, spider, Response("https://portal.example/", headers={"X-Site": b"caf\xe9 \xff"}))
    response = replay(empty, spider, "https://portal.example/")
    assert response is not None
    assert response.headers["X-Site"] == b"caf\xe9 \xff"


def test_post_is_not_saved(empty: Path, spider: Spider) -> None:
    recorder = storage(empty, replaying=False)
    url = "https://portal.example/"
    recorder.store_response(spider, Request(url, method="POST"), Response(url, body=b"x"))
    recorder.close_spider(spider)
    assert read_responses(empty) == {}


def test_names_that_differ_in_case_are_two_files(empty: Path, spider: Spider) -> None:
    record(
        empty,
        spider,
        Response("https://portal.example/Berita/", headers=HTML, body=b"1"),
        Response("https://portal.example/berita/", headers=HTML, body=b"2"),
    )
    assert len({path.name.lower() for path in (empty / "pages").iterdir()}) == 2


@pytest.mark.parametrize(
    ("url", "content_type", "name"),
    [
        ("https://x.example/", "text/html; charset=UTF-8", "index.html"),
        ("https://x.example", "text/html", "index.html"),
        ("https://x.example/ekonomi/page/2/", "text/html", "ekonomi-page-2.html"),
        ("https://x.example/?p=12", "text/html", "p=12.html"),
        ("https://x.example/berita/?page=2", "text/html", "berita-page=2.html"),
        ("https://x.example/robots.txt", "text/plain", "robots.txt"),
        ("https://x.example/wp-sitemap.xml", "application/xml", "wp-sitemap.xml"),
        ("https://x.example/feed/", "application/rss+xml; charset=UTF-8", "feed.xml"),
        ("https://x.example/wp-json/wp/v2/posts?page=1", "application/json", "wp-json-wp-v2-posts-page=1.json"),
        ("https://x.example/foto", "IMAGE/PNG", "foto.bin"),
        ("https://x.example/%2e%2e/%2fetc/passwd", "text/html", "etc-passwd.html"),
        ("https://x.example/%D8%A3%D8%AE/", "text/html", "index.html"),
    ],
)
def test_page_is_named_after_its_address(url: str, content_type: str, name: str) -> None:
    assert page_name(url, content_type) == name


@pytest.mark.parametrize("path", ["con", "NUL", "aux.tar", "a" * 300, "%00%0a:*?%22%3C%3E|"])
def test_page_name_suits_any_file_system(path: str) -> None:
    name = page_name(f"https://x.example/{path}", "text/html")
    assert len(name) < 120
    assert not set(name) & set('\0\n:*?"<>|/\\')
    assert name.partition(".")[0].lower() not in {"con", "nul", "aux"}


# recording.json and the folder


def test_recording_comes_back(tmp_path: Path) -> None:
    recording = Recording(spider="wordpress", arguments={"url": "https://portal.example/"})
    write_recording(tmp_path, recording)
    assert read_recording(tmp_path) == recording


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "recording.json: Invalid JSON"),
        ('{"spider": "a"}', "recording.json: arguments: Field required"),
        (
            '{"spider": "a", "arguments": {"limit": 3}}',
            "recording.json: arguments: limit: Input should be a valid string",
        ),
    ],
)
def test_refuses_unusable_recording(text: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "recording.json").write_text(text, encoding="utf-8")
    with pytest.raises(FixtureError, match=complaint):
        read_recording(tmp_path)


def test_fixtures_are_beside_scrapy_cfg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scrapy.cfg").touch()
    (tmp_path / "package").mkdir()
    monkeypatch.chdir(tmp_path / "package")
    assert fixtures_folder(Settings({"FIXTURES_DIR": "fixtures"})) == tmp_path / "fixtures"


def test_completing_answers_what_was_recorded_and_saves_the_rest(folder: Path, spider: Spider) -> None:
    storage = FixtureCacheStorage(Settings({"HTTPCACHE_DIR": str(folder), "FIXTURES_COMPLETE": True}))
    known, new = RESPONSE["url"], "https://portal.example/index/"
    answered = storage.retrieve_response(spider, Request(known))
    assert answered is not None
    assert answered.body == "<h1>Sátu</h1>".encode()
    assert storage.retrieve_response(spider, Request(new)) is None
    storage.store_response(spider, Request(new), Response(new, headers=HTML, body=b"<h1>Dua</h1>"))
    storage.close_spider(spider)
    assert [response.url for response in read_responses(folder).values()] == [known, new]
    assert len(list((folder / "pages").iterdir())) == 2
