"""Read the JSON of a page's scripts, also where people or plugins broke it: comments, bad escapes, bare quotes,
entities, spare commas, several documents in one script. Good JSON is parsed as it is; only what fails is repaired, in
one pass over the text."""

import json
import re
from html import unescape
from typing import Any

STRAY_CHARACTERS = "\ufeff; \t\r\n"
# Plugins wrap the document in a comment or CDATA section.
SCRIPT_WRAPPER = re.compile(
    r"^(?:<!--|(?:/\*|//)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?://\s*)?-->$|(?:/\*\s*|//\s*)?\]\]>(?:\s*\*/)?$"
)
ESCAPED_QUOTES = re.compile(r"[\[{][\s\[{]*&(?:quot|#0?34|#x22);")
OUTSIDE_STRING = re.compile(r'["/,{}\[\]]')
INSIDE_STRING = re.compile(r'["\\]')
GOOD_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
OPENING_BRACKET = re.compile(r"[{\[]")
COMMENT_AHEAD = re.compile(r"\s{0,99}/(?=[/*])")
CLOSING_BRACKET = re.compile(r"\s*(?:$|[}\]])")
BEFORE_VALUE = re.compile(r"\s{0,99}:")
# What follows a string that ends: the end of what it stands in, the next key, the next entry.
AFTER_VALUE = re.compile(
    r'\s{0,99}(?:$|[}\]]\s{0,99}(?:$|[,}\]{;])|/[/*]|,\s{0,99}(?:"[^"]{0,120}"\s{0,99}:|[}\]]|/[/*]))'
)
AFTER_ENTRY = re.compile(
    r'\s{0,99}(?:$|[}\]]\s{0,99}(?:$|[,}\]{;])|/[/*]|,\s{0,99}(?:["{\[\d\-\]}]|true|false|null|/[/*]))'
)
# No white space in JSON, but found between its parts.
STRAY_SPACE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 160, 8232, 8233, 65279), " ")
DECODER = json.JSONDecoder(strict=False)


def read_json(text: str) -> Any:
    """Parse JSON leniently. A list if the text holds several documents; None if it holds none that can be mended."""
    text = text.strip(STRAY_CHARACTERS)
    if not text.startswith(("{", "[")):
        text = SCRIPT_WRAPPER.sub("", text).strip(STRAY_CHARACTERS)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return _documents(repaired(unescape(text) if ESCAPED_QUOTES.match(text) else text))


def _documents(text: str) -> Any:
    """Parse the documents that stand one after another."""
    documents: list[Any] = []
    start = 0
    while opening := OPENING_BRACKET.search(text, start):
        try:
            document, start = DECODER.raw_decode(text, opening.start())
        except (ValueError, RecursionError):
            break
        documents.append(document)
    return documents[0] if len(documents) == 1 else documents or None


def repaired(text: str) -> str:
    """Return a JSON text without comments and spare commas, its strings escaped as they must be."""
    parts: list[str] = []
    open_brackets: list[str] = []
    position, is_value = 0, False
    while token := OUTSIDE_STRING.search(text, position):
        between, mark = text[position : token.start()], token[0]
        if ":" in between:
            is_value = True
        parts.append(between.translate(STRAY_SPACE))
        position = token.end()
        if mark == '"':
            in_list = not open_brackets or open_brackets[-1] == "["
            ending = AFTER_ENTRY if in_list else AFTER_VALUE if is_value else BEFORE_VALUE
            position = _append_string(text, position, ending, parts)
        elif mark == "/":
            position = _after_comment(text, position)
        elif mark == ",":
            is_value = False
            rest = position
            while (slash := COMMENT_AHEAD.match(text, rest)) is not None:
                rest = _after_comment(text, slash.end())
            position = rest
            if not CLOSING_BRACKET.match(text, rest):
                parts.append(mark)
        else:
            is_value = False
            if mark in "{[":
                open_brackets.append(mark)
            elif open_brackets:
                open_brackets.pop()
            parts.append(mark)
    parts.append(text[position:].translate(STRAY_SPACE))
    return "".join(parts)


def _after_comment(text: str, position: int) -> int:
    """Return where the comment ends whose first slash stands before this position; the position if there is none."""
    if text.startswith("/", position):
        end = text.find("\n", position)
        return len(text) if end < 0 else end
    if text.startswith("*", position):
        end = text.find("*/", position + 1)
        return len(text) if end < 0 else end + 2
    return position


def _append_string(text: str, position: int, ending: re.Pattern[str], parts: list[str]) -> int:
    """Append the string that opens before this position; return where it ends."""
    parts.append('"')
    while mark := INSIDE_STRING.search(text, position):
        parts.append(text[position : mark.start()])
        position = mark.end()
        if mark[0] == "\\":
            if escape := GOOD_ESCAPE.match(text, mark.start()):
                parts.append(escape[0])
                position = escape.end()
        elif ending.match(text, position):
            parts.append('"')
            return position
        else:
            parts.append('\\"')
    parts.append(text[position:])
    return len(text)
