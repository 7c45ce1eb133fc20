import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Scrapy

URL = "https://portal.example/"
FETCHED_AT = "2026-01-05T02:00:07+00:00"
TITLES = ["Satu", "Dua"]


def article(number: int, title: str) -> dict[str, Any]:
    return {
        "url": f"{URL}{number}",
        "title": title,
        "date": "2026-01-05T09:00:00+07:00",
        "section": "Ekonomi",
        "fetched_at": FETCHED_AT,
    }


def save_page(folder: Path, path: str, body: str, status: int = 200) -> None:
    """Add a page to the saved portal."""
    name = f"{path or 'index'}.html"
    (folder / "pages" / name).write_text(body, encoding="utf-8")
    response = {
        "url": URL + path,
        "status": status,
        "headers": {"Content-Type": ["text/html; charset=UTF-8"]},
        "fetched_at": FETCHED_AT,
        "file": f"pages/{name}",
    }
    with (folder / "responses.jsonl").open("a", encoding="utf-8") as manifest:
        manifest.write(json.dumps(response) + "\n")


def write_golden(folder: Path, *articles: dict[str, Any]) -> None:
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in articles]
    (folder / "articles.jsonl").write_text("".join(lines), encoding="utf-8")


def read_golden(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def saved(project: Path) -> Path:
    """The saved portal `contoh`: two articles and their golden."""
    folder = project / "fixtures" / "contoh"
    (folder / "pages").mkdir(parents=True)
    recording = {"spider": "standin", "arguments": {"url": URL}}
    (folder / "recording.json").write_text(json.dumps(recording), encoding="utf-8")
    save_page(folder, "robots.txt", "", status=404)
    save_page(folder, "", "".join(f'<a href="/{number}">{title}</a>' for number, title in enumerate(TITLES, 1)))
    for number, title in enumerate(TITLES, 1):
        save_page(folder, str(number), f"<h1>{title}</h1>")
    write_golden(
        folder, *(article(number, title) | {"url": f"{URL}{number}"} for number, title in enumerate(TITLES, 1))
    )
    return folder


def test_replay_yields_the_recorded_articles(scrapy: Scrapy, saved: Path, tmp_path: Path) -> None:
    output = tmp_path / "articles.jsonl"
    scrapy("replay", "contoh", "-O", str(output))
    articles = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert sorted(articles, key=lambda record: str(record["url"])) == read_golden(saved)


def test_replay_as_expected_ends_with_status_0(scrapy: Scrapy, saved: Path) -> None:
    done = scrapy("replay", "contoh")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "2 articles as expected")


def test_stdout_holds_articles_and_nothing_else(scrapy: Scrapy, saved: Path) -> None:
    done = scrapy("replay", "contoh", "-o", "-:jsonl")
    assert {json.loads(line)["title"] for line in done.stdout.splitlines()} == set(TITLES)


def test_summary_tells_what_was_found(scrapy: Scrapy, saved: Path) -> None:
    lines = [line.split() for line in scrapy("replay", "contoh", "-O", "found.jsonl").stderr.splitlines()]
    assert lines == [
        ["contoh:", "2", "articles,", "2026-01-05", "to", "2026-01-05"],
        ["section", "articles", "newest"],
        ["Ekonomi", "2", "2026-01-05"],
        ["written", "to", "found.jsonl"],
        ["2", "articles", "as", "expected"],
    ]


def test_log_level_given_is_kept(scrapy: Scrapy, saved: Path) -> None:
    assert "Spider opened" in scrapy("replay", "contoh", "-L", "INFO").stderr


@pytest.mark.parametrize(
    ("golden", "lines"),
    [
        (
            [article(1, "Satu"), article(3, "Tiga")],
            ["+ https://portal.example/2", "- https://portal.example/3"],
        ),
        (
            [article(1, "Satu lama"), article(2, "Dua")],
            ["~ https://portal.example/1", '    title: "Satu lama" → "Satu"'],
        ),
    ],
)
def test_difference_from_the_golden_is_shown(
    golden: list[dict[str, Any]], lines: list[str], scrapy: Scrapy, saved: Path
) -> None:
    write_golden(saved, *golden)
    shown = scrapy("replay", "contoh").stderr.splitlines()
    assert set(lines) <= set(shown)


def failing(scrapy: Scrapy, *args: str) -> str:
    """The line of a replay that ends with status 1."""
    done = scrapy("replay", "contoh", *args)
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


def test_difference_from_the_golden_fails(scrapy: Scrapy, saved: Path) -> None:
    write_golden(saved, article(1, "Lain"))
    assert failing(scrapy) == "scrapy replay: 2 differences from articles.jsonl"


def test_missing_golden_fails(scrapy: Scrapy, saved: Path) -> None:
    (saved / "articles.jsonl").unlink()
    assert failing(scrapy) == "scrapy replay: no articles.jsonl to compare with: read what was found, then --accept"


def test_empty_golden_fails(scrapy: Scrapy, saved: Path) -> None:
    write_golden(saved)
    assert failing(scrapy) == f"scrapy replay: {saved / 'articles.jsonl'}: empty, which would expect nothing"


def test_page_without_a_fixture_fails(scrapy: Scrapy, saved: Path) -> None:
    save_page(saved, "3", "")
    (saved / "pages" / "index.html").write_text('<a href="/1">1</a><a href="/4">4</a>', encoding="utf-8")
    assert failing(scrapy) == "scrapy replay: 1 page without a fixture: https://portal.example/4"


def test_unsound_manifest_fails_in_one_line(scrapy: Scrapy, saved: Path) -> None:
    with (saved / "responses.jsonl").open("a") as manifest:
        manifest.write("{\n")
    done = scrapy("replay", "contoh")
    [line] = done.stderr.splitlines()
    assert line.startswith(f"scrapy replay: {saved / 'responses.jsonl'}:5: Invalid JSON")


def test_unsound_recording_fails(scrapy: Scrapy, saved: Path) -> None:
    (saved / "recording.json").write_text("[]")
    assert failing(scrapy).startswith(f"scrapy replay: {saved / 'recording.json'}: Input should be an object")


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["kontoh"], "no saved portal 'kontoh' (did you mean contoh?)"),
        (["../contoh"], "no saved portal '../contoh' (did you mean contoh?)"),
        ([], "name a portal"),
        (["contoh", "-a", "depth=3"], "unknown argument 'depth'"),
        (
            ["contoh", "--accept", "-a", "limit=1"],
            "--accept is for the recorded arguments: leave out -a",
        ),
    ],
)
def test_wrong_call_is_one_line_and_status_2(args: list[str], line: str, scrapy: Scrapy, saved: Path) -> None:
    done = scrapy("replay", *args)
    assert (done.returncode, done.stderr) == (2, f"scrapy replay: {line}\n")


def test_argument_on_top_is_not_compared(scrapy: Scrapy, saved: Path) -> None:
    done = scrapy("replay", "contoh", "-a", "limit=1")
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, "contoh: 1 article, 2026-01-05 to 2026-01-05")


def test_replay_asks_nothing_of_the_network(scrapy: Scrapy, saved: Path) -> None:
    done = scrapy("replay", "contoh", "-L", "INFO")
    assert "'httpcache/hit': 4" in done.stderr
    assert "httpcache/miss" not in done.stderr


# --accept


def test_accept_writes_the_golden(scrapy: Scrapy, saved: Path) -> None:
    expected = read_golden(saved)
    write_golden(saved, article(1, "Satu lama"))
    assert scrapy("replay", "contoh", "--accept").returncode == 0
    assert read_golden(saved) == expected


def test_accept_shows_what_it_changes(scrapy: Scrapy, saved: Path) -> None:
    write_golden(saved, article(1, "Satu lama"))
    assert '    title: "Satu lama" → "Satu"' in scrapy("replay", "contoh", "--accept").stderr.splitlines()


def test_accept_writes_a_first_golden(scrapy: Scrapy, saved: Path) -> None:
    expected = read_golden(saved)
    (saved / "articles.jsonl").unlink()
    scrapy("replay", "contoh", "--accept")
    assert read_golden(saved) == expected


def test_failed_replay_leaves_the_golden_alone(scrapy: Scrapy, saved: Path) -> None:
    write_golden(saved, article(1, "Satu lama"))
    save_page(saved, "3", "<h1>Crash the spider</h1>")
    (saved / "pages" / "index.html").write_text('<a href="/1">1</a><a href="/3">3</a>', encoding="utf-8")
    failing(scrapy, "--accept")
    assert read_golden(saved) == [article(1, "Satu lama")]


def test_accept_is_refused_in_ci(scrapy: Scrapy, saved: Path) -> None:
    done = scrapy("replay", "contoh", "--accept", env={"CI": "true"})
    assert (done.returncode, done.stderr) == (
        2,
        "scrapy replay: --accept is not for CI: it decides what is expected\n",
    )
