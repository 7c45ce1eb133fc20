"""An exported database as Datasette shows it, with no configuration."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from narayacrawl.archive.writer import segment_line
from narayacrawl.exporters.files import write_all
from narayacrawl.exporters.sqlite import SqliteFile
from tests.archived import article

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("datasette") is None, reason="datasette is not installed"),
]
BODY = "\n\n".join(f"Paragraf {number}: harga beras di pasar induk naik lagi." for number in range(80))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("datasette") / "kabar.db"
    articles = [
        article(1, title="Harga Beras Naik", section="Ekonomi", body=BODY),
        article(2, title="Panen Gabah", section="Ekonomi", date="2025-12-01T07:00:00+07:00"),
        article(3, title="Dermaga", body="Beras diangkut perahu."),
    ]
    write_all([segment_line(own).rstrip(b"\n") for own in articles], [lambda: SqliteFile(path)], [])
    return path


def got(database: Path, address: str) -> str:
    command = [sys.executable, "-m", "datasette", str(database), "--get", address]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def test_articles_are_searched_and_counted_by_section_and_month(database: Path) -> None:
    told: dict[str, Any] = json.loads(got(database, "/kabar/articles.json?_search=beras&_facet=section&_facet=month"))
    facets = {
        name: {one["value"]: one["count"] for one in facet["results"]} for name, facet in told["facet_results"].items()
    }
    assert facets == {"section": {"Ekonomi": 1, "Daerah": 1}, "month": {"2025-11": 2}}
    assert told["filtered_table_rows_count"] == 2


def test_title_leads_to_the_whole_text(database: Path) -> None:
    assert '<a href="/kabar/texts/1">Harga Beras Naik</a>' in got(database, "/kabar/articles?_search=beras")
    page = got(database, "/kabar/texts/1")
    assert all(paragraph in page for paragraph in BODY.split("\n\n"))
