"""Read the inline content of one block: text, links, strong and emphasised words; every other tag is left out."""

import re
from collections.abc import Sequence
from html import escape, unescape
from itertools import groupby
from typing import NamedTuple, cast

from narayacrawl.language.text import one_line
from narayacrawl.urls import absolute

INLINE_TAGS = {"a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em"}
HTML_SPECIAL = re.compile("[&<>]")
MAX_CODE_LENGTH = 1_000
HTML_TAG = re.compile(r"<[^<>]*>")
SENTENCE_END = tuple('.!?…:;"”’»)]*。！？」』）؟۔।')


class StartTag(NamedTuple):
    """The start of an inline element: `a`, `strong`, `em`, in a table `tr`, `th`, `td`. `href` is a link's address as
    the page writes it, "" for other elements."""

    name: str
    href: str = ""


class EndTag(NamedTuple):
    """The end of an inline element."""

    name: str


class LineBreak(NamedTuple):
    """A `<br>`."""


InlineToken = str | StartTag | EndTag | LineBreak
LINE_BREAK = LineBreak()
START_TAGS = {name: StartTag(name) for name in (*INLINE_TAGS.values(), "tr", "th", "td")}
END_TAGS = {name: EndTag(name) for name in START_TAGS}


class Line(NamedTuple):
    """One line of a block: its text, its links as (address, text), and the tokens it was made from."""

    text: str
    links: list[tuple[str, str]]
    tokens: list[InlineToken]


class InlineReader:
    """Collect the texts and tags of the block that is being read as `tokens`. `has_tags` is True if there are tags
    among them. A block that ends inside a link or bold text closes it, and the next block opens it again."""

    def __init__(self) -> None:
        self.tokens: list[InlineToken] = []
        self._open_tags: list[StartTag] = []
        self._link_start: int | None = None  # index of the token that opened the current link
        self._links: list[tuple[str, str]] = []
        # Elements inside another of the same tag are counted and ignored.
        self._nested_same_tag = dict.fromkeys(INLINE_TAGS.values(), 0)
        self.has_tags = False
        self._has_line_break = False

    def line_break(self) -> None:
        """Add a `<br>`."""
        self.tokens.append(LINE_BREAK)
        self.has_tags = self._has_line_break = True

    def start(self, tag: str, href: str | None) -> None:
        """Open one of `INLINE_TAGS`; `href` is a link's address, None where it leads nowhere."""
        if tag == "a":
            if not href or self._link_start is not None:
                return
            start = StartTag("a", href)
            self._link_start = len(self.tokens)
        else:
            start = START_TAGS[INLINE_TAGS[tag]]
            if start in self._open_tags:
                self._nested_same_tag[start.name] += 1
                return
        self._open_tags.append(start)
        self.tokens.append(start)
        self.has_tags = True

    def end(self, tag: str) -> None:
        """Close one of `INLINE_TAGS`."""
        name = INLINE_TAGS[tag]
        if self._nested_same_tag[name]:
            self._nested_same_tag[name] -= 1
            return
        if not self._open_tags or self._open_tags[-1].name != name:
            return
        start = self._open_tags.pop()
        if tag == "a":
            self._end_link(start)
        self.tokens.append(END_TAGS[name])

    def _end_link(self, start: StartTag) -> None:
        linked = self.tokens[cast("int", self._link_start) + 1 :]
        if (
            text := " ".join(linked[0].split())
            if len(linked) == 1 and type(linked[0]) is str
            else text_of_tokens(linked)
        ):
            self._links.append((start.href, text))
        self._link_start = None

    def take_lines(self) -> list[Line]:
        """Return the lines read since the last call, without empty ones."""
        tokens, open_tags = self.tokens.copy(), self._open_tags
        open_link = next((start for start in open_tags if start.name == "a"), None) if open_tags else None
        if open_link is not None:
            self._end_link(open_link)
        has_line_break, links = self._has_line_break, self._links
        self._has_line_break, self._links, self.has_tags = False, [], bool(open_tags)
        self.tokens[:] = open_tags
        if open_tags:
            tokens += [END_TAGS[start.name] for start in reversed(open_tags)]
        if open_link is not None:
            self._link_start = open_tags.index(open_link)
        if has_line_break:
            pieces = [Line(text_of_tokens(piece), links_of_tokens(piece), piece) for piece in split_lines(tokens)]
            return [piece for piece in pieces if piece.text]
        # The text of a block that is a single link was computed when the link ended.
        text = links[0][1] if links and len(tokens) == 3 else text_of_tokens(tokens)
        return [Line(text, links, tokens)] if text else []


def text_of_tokens(tokens: Sequence[InlineToken]) -> str:
    """Return the visible text of tokens on one line."""
    texts = [token if type(token) is str else " " for token in tokens if type(token) is str or token is LINE_BREAK]
    return one_line("".join(texts))


def bold_opening(tokens: Sequence[InlineToken]) -> str:
    """Return the bold text that tokens open with; "" if none."""
    if len(tokens) > 2 and tokens[0] == START_TAGS["strong"] and type(tokens[1]) is str:
        return tokens[1]
    return ""


def links_of_tokens(tokens: list[InlineToken]) -> list[tuple[str, str]]:
    """Return the (address, text) of the links among tokens."""
    links: list[tuple[str, str]] = []
    start = 0
    for position, token in enumerate(tokens):
        if type(token) is StartTag and token.name == "a":
            start = position
        elif type(token) is EndTag and token.name == "a" and (text := text_of_tokens(tokens[start + 1 : position])):
            links.append((cast("StartTag", tokens[start]).href, text))
    return links


def html_of_tokens(tokens: Sequence[InlineToken], base: str) -> str:
    """Write tokens as inline HTML with collapsed white space and absolute addresses; a link without a usable address
    becomes plain text."""
    html: list[str] = []
    is_link = True  # False inside a link without a usable address
    for token in tokens:
        if type(token) is str:
            html.append(escape(token, quote=False) if HTML_SPECIAL.search(token) else token)
        elif type(token) is StartTag:
            url = absolute(token.href, base) if token.href else None
            is_link = not token.href or url is not None
            if is_link:
                html.append(f'<a href="{escape(url)}">' if url else f"<{token.name}>")
        elif type(token) is EndTag:
            if is_link or token.name != "a":
                html.append(f"</{token.name}>")
        else:
            html.append(" ")
    return one_line("".join(html))


def decode_address(code: str) -> str:
    """Return the e-mail address that Cloudflare keeps from robots (`data-cfemail`): hexadecimal, each byte XOR the
    first. "" if it is none."""
    try:
        key, *rest = bytes.fromhex(code[:MAX_CODE_LENGTH])
        address = bytes(byte ^ key for byte in rest).decode()
    except ValueError:
        return ""
    return address if "@" in address and address.isprintable() else ""


def plain_text(html: str) -> str:
    """Return the text of inline HTML with collapsed white space."""
    return " ".join(unescape(HTML_TAG.sub("", html)).split())


def split_lines(tokens: list[InlineToken]) -> list[list[InlineToken]]:
    """Split tokens where `<br>` ends a line: always at two of them, at a single one unless it stands inside a running
    sentence. Each line closes the elements it opens and opens those it closes."""
    found: list[list[InlineToken]] = []
    line_breaks, previous_text = 0, ""
    for is_break, run in groupby(tokens, key=lambda token: token is LINE_BREAK):
        run_tokens = list(run)
        if is_break:
            line_breaks += len(run_tokens)
            continue
        text = text_of_tokens(run_tokens)
        if not text:  # tags and white space belong to the line before
            if found:
                found[-1] += run_tokens
            else:
                found.append(run_tokens)
            continue
        if found and (
            not previous_text or (line_breaks == 1 and not previous_text.endswith(SENTENCE_END) and text[0].islower())
        ):
            found[-1] += [" ", *run_tokens]
        else:
            found.append(run_tokens)
        line_breaks, previous_text = 0, text
    return balance_tags(found)


def balance_tags(lines_of_block: list[list[InlineToken]]) -> list[list[InlineToken]]:
    """Close in each line the inline elements it opens, and open again in the next line those that go on."""
    found: list[list[InlineToken]] = []
    open_tags: list[StartTag] = []
    for tokens in lines_of_block:
        line: list[InlineToken] = [*open_tags, *tokens]
        for token in tokens:
            if type(token) is StartTag:
                open_tags.append(token)
            elif type(token) is EndTag and open_tags:
                open_tags.pop()
        found.append(line + [END_TAGS[start.name] for start in reversed(open_tags)])
    return found
