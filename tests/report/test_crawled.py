"""The report of a portal that was really crawled."""

from pathlib import Path

import pytest
from parsel import Selector

from tests.desk import SPIDER, Reader, newsroom
from tests.report.test_page import rows

pytestmark = pytest.mark.slow


def test_report_of_two_crawls_tells_what_they_wrote(tmp_path: Path) -> None:
    with newsroom(6) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl()
        room.add(2)
        room.edit(1)
        reader.crawl()
    known = reader.sql(
        "SELECT count(*), count(stored), min(stored) >= min(first_seen) FROM articles WHERE revision > 0"
    )
    assert known == [(8, 8, 1)]
    status, page = reader.scrapy("report", SPIDER, "-O", "-")
    assert status == 0
    head, last, first = rows(page, "runs")
    told = [dict(zip(head, run, strict=True)) for run in (first, last)]
    assert [(run["status"], run["written"], run["edits"], run["end"]) for run in told] == [
        ("0 good", "6", "0", "finished"), ("0 good", "3", "1", "finished"),
    ]  # fmt: skip
    tiles = dict(zip(*(Selector(page).css(f".tiles {name}::text").getall() for name in ("dt", "dd")), strict=True))
    assert (tiles["articles"], tiles["later revisions"], tiles["runs"], tiles["waiting"]) == ("8", "1", "2", "0")
