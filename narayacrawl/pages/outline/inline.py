"""Inline content of one block, as it is read: text, links, strong and emphasised words; nothing else is kept."""

import re
from collections.abc import Sequence
from html import escape, unescape
from itertools import groupby
from typing import NamedTuple, cast

from narayacrawl.urls import absolute

KEPT = {"a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em"}
SPECIAL = re.compile("[&<>]")
LONG = 50_000
TAG = re.compile(r"<[^<>]*>")
SENTENCE_END = tuple('.!?…:;"”’»)]*。！？」』）؟۔।')


class Start(NamedTuple):
    """An element begins: `a`, `strong`, `em`, in a table `tr`, `th`, `td`; `href` is a link's address as the page has
    it, "" for the others."""

    name: str
    href: str = ""


class End(NamedTuple):
    """An element ends."""

    name: str


class Break(NamedTuple):
    """A `<br>`."""


Part = str | Start | End | Break
BREAK = Break()
STARTS = {name: Start(name) for name in (*KEPT.values(), "tr", "th", "td")}
ENDS = {name: End(name) for name in STARTS}


class Line(NamedTuple):
    """A line of a block: what a reader sees, on one line; its links as (address, text); what it was made of."""

    text: str
    links: list[tuple[str, str]]
    parts: list[Part]


class Inline:
    """The block that is being read: `parts` are its texts and tags, in order, `tagged` tells whether there are tags. A
    block that ends inside a link or bold text closes it, and the next one opens it again."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._opened: list[Start] = []
        self._link: int | None = None  # where among the parts the open link began
        self._links: list[tuple[str, str]] = []
        self._nested = dict.fromkeys(KEPT.values(), 0)  # elements open within another of their kind: they say nothing
        self.tagged = False
        self._broken = False  # whether there is a line break

    def line_break(self) -> None:
        self.parts.append(BREAK)
        self.tagged = self._broken = True

    def start(self, tag: str, href: str | None) -> None:
        """An inline element of `KEPT` begins; `href` is a link's address, None where it leads nowhere."""
        if tag == "a":
            if not href or self._link is not None:
                return
            start = Start("a", href)
            self._link = len(self.parts)
        else:
            start = STARTS[KEPT[tag]]
            if start in self._opened:
                self._nested[start.name] += 1
                return
        self._opened.append(start)
        self.parts.append(start)
        self.tagged = True

    def end(self, tag: str) -> None:
        """An inline element of `KEPT` ends."""
        name = KEPT[tag]
        if self._nested[name]:
            self._nested[name] -= 1
            return
        if not self._opened or self._opened[-1].name != name:
            return
        opened = self._opened.pop()
        if tag == "a":
            self._end_link(opened)
        self.parts.append(ENDS[name])

    def _end_link(self, start: Start) -> None:
        inside = self.parts[cast("int", self._link) + 1 :]
        if (
            text := " ".join(inside[0].split())
            if len(inside) == 1 and type(inside[0]) is str
            else text_of_parts(inside)
        ):
            self._links.append((start.href, text))
        self._link = None

    def take(self) -> list[Line]:
        """The lines that were read since the last call, empty ones left out."""
        parts, opened = self.parts.copy(), self._opened
        link = next((start for start in opened if start.name == "a"), None) if opened else None
        if link is not None:
            self._end_link(link)
        broken, links = self._broken, self._links
        self._broken, self._links, self.tagged = False, [], bool(opened)
        self.parts[:] = opened
        if opened:
            parts += [ENDS[start.name] for start in reversed(opened)]
        if link is not None:
            self._link = opened.index(link)
        if broken:
            own = [Line(text_of_parts(line), links_of_parts(line), line) for line in lines(parts)]
            return [line for line in own if line.text]
        # A block that is a link and nothing else was read with it.
        text = links[0][1] if links and len(parts) == 3 else text_of_parts(parts)
        return [Line(text, links, parts)] if text else []


def text_of_parts(parts: Sequence[Part]) -> str:
    """What a reader sees of these, on one line."""
    seen = [part if type(part) is str else " " for part in parts if type(part) is str or part is BREAK]
    return one_line("".join(seen))


def links_of_parts(parts: list[Part]) -> list[tuple[str, str]]:
    """The (address, text) of the links among these."""
    links: list[tuple[str, str]] = []
    first = 0
    for position, part in enumerate(parts):
        if type(part) is Start and part.name == "a":
            first = position
        elif type(part) is End and part.name == "a" and (text := text_of_parts(parts[first + 1 : position])):
            links.append((cast("Start", parts[first]).href, text))
    return links


def html_of_parts(parts: Sequence[Part], base: str) -> str:
    """These as inline HTML, white space collapsed, addresses absolute; a link whose address is none is plain text."""
    out: list[str] = []
    leads = True  # whether the open link leads somewhere
    for part in parts:
        if type(part) is str:
            out.append(escape(part, quote=False) if SPECIAL.search(part) else part)
        elif type(part) is Start:
            url = absolute(part.href, base) if part.href else None
            leads = not part.href or url is not None
            if leads:
                out.append(f'<a href="{escape(url)}">' if url else f"<{part.name}>")
        elif type(part) is End:
            if leads or part.name != "a":
                out.append(f"</{part.name}>")
        else:
            out.append(" ")
    return one_line("".join(out))


def one_line(text: str) -> str:
    """A text with its white space collapsed; a long one part by part, since all its words take ten times its memory."""
    if len(text) <= LONG:
        return " ".join(text.split())
    out: list[str] = []
    spaced = False
    for start in range(0, len(text), LONG):
        part = text[start : start + LONG]
        if not part.isspace():
            if out and (spaced or part[0].isspace()):
                out.append(" ")
            out.append(" ".join(part.split()))
        spaced = part[-1].isspace()
    return "".join(out)


def plain(html: str) -> str:
    """The text of inline HTML, white space collapsed."""
    return " ".join(unescape(TAG.sub("", html)).split())


def lines(parts: list[Part]) -> list[list[Part]]:
    """The parts cut where `<br>` ends a line: always at two of them, at one unless it breaks a running sentence. Each
    line has the elements closed that it opens and opened that it closes."""
    out: list[list[Part]] = []
    breaks, before = 0, ""
    for is_break, run in groupby(parts, key=lambda part: part is BREAK):
        own = list(run)
        if is_break:
            breaks += len(own)
            continue
        text = text_of_parts(own)
        if not text:  # tags and white space: they belong to the line before, and end none
            if out:
                out[-1] += own
            else:
                out.append(own)
            continue
        if out and (not before or (breaks == 1 and not before.endswith(SENTENCE_END) and text[0].islower())):
            out[-1] += [" ", *own]
        else:
            out.append(own)
        breaks, before = 0, text
    return balanced(out)


def balanced(lines_of_block: list[list[Part]]) -> list[list[Part]]:
    """The lines of one block, each with the inline elements closed that it opens and opened that it closes."""
    out: list[list[Part]] = []
    opened: list[Start] = []
    for parts in lines_of_block:
        line: list[Part] = [*opened, *parts]
        for part in parts:
            if type(part) is Start:
                opened.append(part)
            elif type(part) is End and opened:
                opened.pop()
        out.append(line + [ENDS[start.name] for start in reversed(opened)])
    return out
