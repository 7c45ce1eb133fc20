"""Inline HTML of one block, as it is read: text, links, strong and emphasised words; nothing else is kept."""

import re
from html import escape, unescape
from typing import NamedTuple

KEPT = {"a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em"}
SPECIAL = re.compile("[&<>]")
QUOTED = re.compile("[&<>\"']")
TAG = re.compile(r"<[^>]*>")
SENTENCE_END = tuple('.!?…:;"”’»)]*')


def plain(html: str) -> str:
    """The text of inline HTML, white space collapsed."""
    if "<" in html:
        html = TAG.sub("", html)
    return " ".join((unescape(html) if "&" in html else html).split())


class Tag(str):
    """A part of a block that is no text."""

    __slots__ = ()


BREAK = Tag("\x1e")  # stands for <br> until the block is complete: no page has this character
ENDS = {name: Tag(f"</{name}>") for name in KEPT.values()}
STARTS = {name: Tag(f"<{name}>") for name in KEPT.values()}


def closing(opened: list[Tag]) -> str:
    """The closing tags of these opening ones, inside out."""
    return "".join(f"</{tag[1:].split(' ', 1)[0].rstrip('>')}>" for tag in reversed(opened))


def escaped(text: str) -> str:
    return escape(text, quote=False) if SPECIAL.search(text) else text


class Line(NamedTuple):
    """A line of a block: what a reader sees, the same as inline HTML, and its links as (address, text)."""

    text: str
    html: str
    links: list[tuple[str, str]]


class Inline:
    """The block that is being read; `parts` is empty where nothing was read. A block that ends inside a link or bold
    text closes it, and the next one opens it again."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._opened: list[Tag] = []
        self._link: tuple[str, int] | None = None  # address of the open link, and where among the parts it began
        self._links: list[tuple[str, str]] = []
        self._tagged = False  # whether there is a tag among the parts
        self._broken = False  # whether there is a line break

    def text(self, text: str) -> None:
        """Add text; white space before any other is nothing."""
        if self.parts or not text.isspace():
            self.parts.append(text)

    def line_break(self) -> None:
        self.parts.append(BREAK)
        self._tagged = self._broken = True

    def start(self, tag: str, href: str | None) -> None:
        """An inline element begins; `href` is a link's address, None where it leads nowhere."""
        if tag == "a":
            if href is None or self._link is not None:
                return
            start = Tag(f'<a href="{escape(href) if QUOTED.search(href) else href}">')
            self._link = (href, len(self.parts) + 1)
        elif tag in KEPT:
            start = STARTS[KEPT[tag]]
        else:
            return
        self._opened.append(start)
        self.parts.append(start)
        self._tagged = True

    def end(self, tag: str) -> None:
        """An inline element ends."""
        name = KEPT.get(tag)
        if name is None or not self._opened or not self._opened[-1].startswith(f"<{name}"):
            return
        self._opened.pop()
        if tag == "a":
            self._end_link()
        self.parts.append(ENDS[name])
        self._tagged = True

    def _end_link(self) -> None:
        if self._link is not None:
            href, start = self._link
            text = joined(self.parts[start:])
            if text:
                self._links.append((href, text))
            self._link = None

    def take(self) -> list[Line]:
        """The lines that were read since the last call, empty ones left out."""
        parts, tagged, broken, open_link = self.parts, self._tagged, self._broken, self._link
        self._broken = False
        if not tagged:
            self.parts = []
            text = " ".join("".join(parts).split())
            return [Line(text, escaped(text), [])] if text else []
        self._end_link()
        links, self._links = self._links, []
        self.parts, self._tagged = list[str](self._opened), bool(self._opened)
        if open_link is not None:
            self._link = (open_link[0], len(self.parts))
        if not broken:
            text = joined(parts)
            if not text:
                return []
            html = "".join([part if type(part) is Tag else escaped(part) for part in parts]) + closing(self._opened)
            return [Line(text, " ".join(html.split()), links)]
        html = "".join([part if type(part) is Tag else escaped(part) for part in parts]) + closing(self._opened)
        own = [Line(plain(line), line, []) for line in lines(html)]
        return [line._replace(links=[link for link in links if link[1] in line.text]) for line in own if line.text]


def joined(parts: list[str]) -> str:
    """The text among the parts, on one line."""
    return " ".join(
        "".join([" " if part is BREAK else part for part in parts if type(part) is str or part is BREAK]).split()
    )


def lines(html: str) -> list[str]:
    """Inline HTML cut where `<br>` ends a line: always at two of them, at one unless it breaks a running sentence."""
    out: list[str] = []
    breaks = 0
    for part in html.split(BREAK):
        text = plain(part)
        if not text and not TAG.search(part):
            breaks += 1
            continue
        before = plain(out[-1]) if out else ""
        if out and breaks == 0 and before and text and not before.endswith(SENTENCE_END) and text[0].islower():
            out[-1] = f"{out[-1]} {part}"
        else:
            out.append(part)
        breaks = 0
    return balanced([" ".join(line.split()) for line in out])


def balanced(parts: list[str]) -> list[str]:
    """The lines of one block, each with the inline elements closed that it opens and opened that it closes."""
    out: list[str] = []
    opened: list[Tag] = []
    for part in parts:
        line = "".join(opened) + part
        opened = []
        for tag in TAG.findall(line):
            if not tag.startswith("</"):
                opened.append(Tag(tag))
            elif opened:
                opened.pop()
        out.append(line + closing(opened))
    return out
