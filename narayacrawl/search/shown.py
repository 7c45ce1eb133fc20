"""Print found articles: in a terminal with colours, in a pipe with `*` around what was asked for."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Final

import orjson
from rich.console import Console
from rich.text import Text

from narayacrawl.archive.diff import shown
from narayacrawl.exporters.sqlite import TOKENIZER
from narayacrawl.language.text import without_unseen
from narayacrawl.search.index import COLUMNS, Found, texts

BEGIN: Final = "\x02"
END: Final = "\x03"
"""Stand around a found word until it is printed."""
NO_MARKS: Final = str.maketrans("", "", BEGIN + END)
SNIPPET_WORDS: Final = 28


def print_found(console: Console, found: Sequence[Found], query: str) -> None:
    """Print title, day, section, portal, address and the best part of the text of each article."""
    records = [orjson.loads(own.line) for own in found]
    for number, (record, (title, snippet)) in enumerate(zip(records, _marked(records, query), strict=True)):
        if number:
            console.print()
        moment = (record.get("date") or "")[:16].replace("T", " ")
        parts = [moment, record.get("section"), record.get("portal")]
        # In a pipe a line is whole.
        is_whole = not console.is_terminal
        console.print(_text(title, "bold", console), soft_wrap=is_whole)
        console.print(Text(" · ".join(shown(part) for part in parts if part), style="cyan"), soft_wrap=is_whole)
        console.print(Text(shown(record["url"]), style="blue"), soft_wrap=True)
        console.print(_text(snippet, "", console), soft_wrap=is_whole)


def _marked(records: Sequence[dict[str, Any]], query: str) -> Iterator[tuple[str, str]]:
    """Yield title and best part of the text of each, with marks: SQLite's, so that what it finds is what is marked."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE shown USING fts5({', '.join(COLUMNS)}, tokenize='{TOKENIZER}')")
        rows = ((number, *(text.translate(NO_MARKS) for text in texts(own))) for number, own in enumerate(records))
        connection.executemany(f"INSERT INTO shown (rowid, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?)", rows)  # noqa: S608
        statement = (
            "SELECT highlight(shown, 0, ?, ?), snippet(shown, 1, ?, ?, '…', ?) FROM shown"
            " WHERE shown MATCH ? ORDER BY rowid"
        )
        yield from connection.execute(statement, [BEGIN, END, BEGIN, END, SNIPPET_WORDS, query])


def _text(marked: str, style: str, console: Console) -> Text:
    """Return a text with what was found standing out."""
    text = Text(style=style)
    for position, part in enumerate(re.split(f"[{BEGIN}{END}]", " ".join(marked.split()))):
        clean = without_unseen(part)
        if position % 2 == 0:
            text.append(clean)
        elif console.color_system is None:
            text.append(f"*{clean}*")
        else:
            text.append(clean, style="bold yellow")
    return text
