"""Answer what a benchmark asks of its portal, and no crawl: JSON under `/-/`, not counted as requests.

/-/asked[?reset=1]          requests so far by kind; with `reset` they are counted anew
/-/add?n=5                  publish five articles; answers with their numbers
/-/edit?n=10&seed=1         add a paragraph to ten articles, chosen by the seed; answers with their numbers
/-/delete?n=3&seed=1        delete three articles, chosen by the seed; answers with their numbers
/-/record?number=7          what a crawl's record of an article must contain
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from benchmarks.answers import JSON, Answer
from benchmarks.content import Content


def control(path: str, content: Content, request_counts: dict[str, int], refresh: Callable[[], None]) -> Answer | None:
    """Return the answer at a path below `/-/`, None if there is none; `refresh` is called after articles changed."""
    action, _, query = path.removeprefix("/-/").partition("?")
    try:
        arguments = {name: int(value) for name, value in parse_qsl(query)}
        result = _result(action, arguments, content, request_counts, refresh)
    except (KeyError, ValueError) as error:
        return Answer(400, JSON, json.dumps({"error": repr(error)}).encode())
    return None if result is None else Answer(200, JSON, json.dumps(result).encode())


def _result(
    action: str,
    arguments: dict[str, int],
    content: Content,
    request_counts: dict[str, int],
    refresh: Callable[[], None],
) -> dict[str, Any] | list[int] | None:
    published, numbers = content.published, []
    match action:
        case "asked":
            counts = request_counts.copy()
            if arguments.get("reset"):
                request_counts.update(dict.fromkeys(request_counts, 0))
            return counts
        case "record":
            return content.record(arguments["number"])
        case "add":
            numbers = published.add(arguments.get("n", 1))
        case "edit":
            numbers = published.edit(arguments.get("n", 1), arguments.get("seed", 1))
        case "delete":
            numbers = published.delete(arguments.get("n", 1), arguments.get("seed", 1))
        case _:
            return None
    refresh()
    return numbers
