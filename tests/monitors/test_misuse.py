from typing import Any

import pytest

from narayacrawl.monitors.misuse import misuse
from narayacrawl.monitors.outcome import MISUSED, Outcome, outcome


@pytest.mark.parametrize(
    ("stats", "line"),
    [
        ({"narayacrawl/portal/part": "url: it is a part of a portal"}, "url: it is a part of a portal"),
        (
            {"narayacrawl/section/unknown": ["ekonmi"], "narayacrawl/section/known": ["daerah", "ekonomi"]},
            "section: the portal has no 'ekonmi' (did you mean ekonomi?); there are: daerah, ekonomi",
        ),
        (
            {"narayacrawl/section/unknown": ["zz"], "narayacrawl/section/known": [f"s{n:02}" for n in range(40)]},
            f"section: the portal has no 'zz'; there are: {', '.join(f's{n:02}' for n in range(30))}, …",
        ),
        ({"narayacrawl/section/unknown": ["a", "b"]}, "section: the portal has no 'a', 'b'"),
    ],
)
def test_what_the_portal_does_not_have_is_told(stats: dict[str, Any], line: str) -> None:
    assert misuse(stats) == line


def test_crawl_was_called_wrongly_however_much_it_has_written() -> None:
    stats = {"finish_reason": "finished", "item_scraped_count": 20, "narayacrawl/portal/part": "url: a part"}
    assert outcome(stats) == Outcome(MISUSED, "url: a part")
