"""A job as the tests schedule it."""

from pathlib import Path
from typing import Any, Final

from narayacrawl.schedule.interval import Interval
from narayacrawl.schedule.job import Job

HARD: Final = 'Data 50% "x" $HOME `id` $(id) it\'s \\n \\ ; #a & a@b.example'
"""A text in which every character has a meaning somewhere."""


def job(**fields: Any) -> Job:
    """The job that the documentation shows, but for these fields."""
    shown: dict[str, Any] = {
        "spider": "narayapost",
        "portal": "narayapost",
        "every": Interval(15),
        "contact": "newsroom data, Universitas Contoh, crawler@contoh.example",
        "python": "/srv/narayacrawl/.venv/bin/python",
        "folder": Path("/srv/narayacrawl"),
        "user": "narayacrawl",
        "alert": "editor@contoh.example",
    }
    return Job(**shown | fields)


def hard_job(folder: Path, python: str, **fields: Any) -> Job:
    """One whose every text must be quoted."""
    return job(
        contact=HARD,
        folder=folder,
        python=python,
        arguments={"url": "https://portal.example/a%20b?c=$d&e='f'", "section": HARD},
        settings={"ARCHIVE": f"/srv/{HARD}"},
        environment={"PYTHONPATH": f"/srv/{HARD}"},
        **fields,
    )
