"""Inline HTML of one block, as it is read: text, links, strong and emphasised words; nothing else is kept."""

import re
from html import escape, unescape

KEPT = {"a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em"}
BREAK = "\x1e"  # stands for <br> until the block is complete: no page has this character
SPECIAL = re.compile("[&<>]")
TAG = re.compile(r"<[^>]*>")
SENTENCE_END = tuple('.!?…:;"”’»)]*')


def plain(html: str) -> str:
    """The text of inline HTML, white space collapsed."""
    if "<" in html:
        html = TAG.sub("", html)
    return " ".join((unescape(html) if "&" in html else html).split())


def closing(opened: list[str]) -> str:
    """The closing tags of these opening ones, inside out."""
    return "".join(f"</{tag[1:].split(' ', 1)[0].rstrip('>')}>" for tag in reversed(opened))


class Inline:
    """The block that is being read; `parts` is empty where nothing was read. A block that ends inside a link or bold
    text closes it, and the next one opens it again."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._opened: list[str] = []
        self._link: tuple[str, int] | None = None  # address of the open link, and where among the parts it began
        self._links: list[tuple[str, str]] = []

    def text(self, text: str | None) -> None:
        """Add text; white space before any other is nothing."""
        if text and (self.parts or not text.isspace()):
            self.parts.append(escape(text, quote=False) if SPECIAL.search(text) else text)

    def line_break(self) -> None:
        self.parts.append(BREAK)

    def start(self, tag: str, href: str | None) -> None:
        """An inline element begins; `href` is a link's address, None where it leads nowhere."""
        if tag == "a":
            if href is None or self._link is not None:
                return
            self._opened.append(f'<a href="{escape(href)}">')
            self.parts.append(self._opened[-1])
            self._link = (href, len(self.parts))
        elif tag in KEPT:
            self._opened.append(f"<{KEPT[tag]}>")
            self.parts.append(self._opened[-1])

    def end(self, tag: str) -> None:
        """An inline element ends."""
        name = KEPT.get(tag)
        if name is None or not self._opened or not self._opened[-1].startswith(f"<{name}"):
            return
        self._opened.pop()
        if tag == "a":
            self._end_link()
        self.parts.append(f"</{name}>")

    def _end_link(self) -> None:
        if self._link is not None:
            href, start = self._link
            text = plain("".join(self.parts[start:]).replace(BREAK, " "))
            if text:
                self._links.append((href, text))
            self._link = None

    def take(self) -> tuple[list[str], list[tuple[str, str]]]:
        """What was read since the last call: its lines as inline HTML, and its links as (address, text)."""
        open_link = self._link
        self._end_link()
        html = "".join(self.parts) + closing(self._opened)
        links, self._links = self._links, []
        self.parts = list(self._opened)
        if open_link is not None:
            self._link = (open_link[0], len(self.parts))
        return (lines(html) if BREAK in html else [" ".join(html.split())]), links


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
    opened: list[str] = []
    for part in parts:
        line = "".join(opened) + part
        opened = []
        for tag in TAG.findall(line):
            if not tag.startswith("</"):
                opened.append(tag)
            elif opened:
                opened.pop()
        out.append(line + closing(opened))
    return out
