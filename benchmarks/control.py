"""What only a benchmark asks of a portal, under `/-/`; answered in JSON, and not counted.

/-/asked[?reset=1]          how often each kind of page was asked for, from now on counted anew
/-/add?n=5                  publish so many articles; told are their numbers
/-/edit?n=10&seed=1         give so many, chosen by the seed, a paragraph more
/-/delete?n=3&seed=1        take so many away
/-/record?number=7          what a crawl must have of an article
"""

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from benchmarks.answers import JSON, Answer

if TYPE_CHECKING:
    from benchmarks.portal import Portal


def control(portal: "Portal", path: str) -> Answer | None:
    """The answer to what a benchmark asks; None where it is nothing of the above."""
    plain, _, words = path.partition("?")
    try:
        given = {name: int(value) for name, value in parse_qsl(words)}
        told = _told(portal, plain.removeprefix("/-/"), given)
    except (KeyError, ValueError) as error:
        return Answer(400, JSON, json.dumps({"error": repr(error)}).encode())
    return None if told is None else Answer(200, JSON, json.dumps(told).encode())


def _told(portal: "Portal", action: str, given: dict[str, int]) -> dict[str, Any] | list[int] | None:
    desk, numbers = portal.desk, []
    match action:
        case "asked":
            told = portal.asked.copy()
            if given.get("reset"):
                portal.asked = dict.fromkeys(told, 0)
            return told
        case "record":
            return portal.record(given["number"])
        case "add":
            numbers = desk.add(given.get("n", 1))
        case "edit":
            numbers = desk.edit(given.get("n", 1), given.get("seed", 1))
        case "delete":
            numbers = desk.delete(given.get("n", 1), given.get("seed", 1))
        case _:
            return None
    portal.changed()
    return numbers
