"""What the REST API adds to an article."""

import pytest

from narayacrawl.items import PublishedArticle
from narayacrawl.sources.rest_details import add_rest_details
from narayacrawl.sources.rest_parser import RestPost


@pytest.mark.parametrize(
    ("date", "source", "result"),
    [
        ("2025-12-14T13:35:12+00:00", "json-ld", "2025-12-14T21:35:12+08:00"),
        ("2025-12-14T13:35:12Z", "opengraph", "2025-12-14T21:35:12+08:00"),
        ("2025-12-14T20:00:00+00:00", "json-ld", "2025-12-14T20:00:00+00:00"),
        ("2025-12-14T21:35:12+08:00", "time", "2025-12-14T21:35:12+08:00"),
        ("14 Desember 2025", "text", "2025-12-14T21:35:12+08:00"),
        (None, None, "2025-12-14T21:35:12+08:00"),
    ],
)
def test_the_api_completes_a_date_with_its_second_and_offset(date: str | None, source: str | None, result: str) -> None:
    page = PublishedArticle("https://portal.example/pasar/", None, date=date, date_source=source)
    post = RestPost(31, page.url, 1, "2025-12-14T21:35:12+08:00", None, None, None)
    assert add_rest_details(page, post).date == result
