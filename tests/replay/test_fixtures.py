"""The saved portals, through the real engine, pipelines and exporter: they yield what they are expected to yield."""

import gzip
import json
from dataclasses import fields
from pathlib import Path

import pytest

from narayacrawl.items import Article
from tests.conftest import ROOT, Scrapy
from tests.portals import Record

FIXTURES = ROOT / "fixtures"
PORTALS = sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir())
SMALLEST = min(PORTALS, key=lambda portal: len(list((FIXTURES / portal / "pages").iterdir())))


def by_url(lines: str) -> dict[str, list[Record]]:
    """The records of JSON Lines under their addresses: one each, unless an article was written twice."""
    records: dict[str, list[Record]] = {}
    for line in lines.splitlines():
        record = json.loads(line)
        records.setdefault(record["url"], []).append(record)
    return records


def golden(portal: str) -> str:
    return (FIXTURES / portal / "articles.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("portal", PORTALS)
def test_replay_yields_the_expected_articles(portal: str, scrapy: Scrapy, tmp_path: Path) -> None:
    output = tmp_path / "articles.jsonl"
    log = scrapy("replay", portal, "-O", str(output), "-L", "INFO", cwd=ROOT).stderr
    assert "'narayacrawl/fixtures/missing'" not in log, "a page was asked for that has no fixture"
    assert "'narayacrawl/date/" in log, "no stat tells where the dates were found"
    assert by_url(output.read_text(encoding="utf-8")) == by_url(golden(portal))


@pytest.mark.parametrize("portal", PORTALS)
def test_golden_tells_the_fields_of_the_record_in_their_order(portal: str) -> None:
    orders = {tuple(json.loads(line)) for line in golden(portal).splitlines()}
    assert orders == {tuple(field.name for field in fields(Article))}


def test_compressed_feed_holds_the_same_articles(scrapy: Scrapy, tmp_path: Path) -> None:
    output = tmp_path / "articles.jsonl.gz"
    feed = {"format": "jsonl", "postprocessing": ["scrapy.extensions.postprocessing.GzipPlugin"]}
    scrapy("replay", SMALLEST, "-s", f"FEEDS={json.dumps({str(output): feed})}", cwd=ROOT)
    with gzip.open(output, "rt", encoding="utf-8") as lines:
        assert by_url(lines.read()) == by_url(golden(SMALLEST))
