"""An article as Markdown: read again by a parser, it says the same, and its fields are YAML."""

import html
import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fragment_fromstring
from markdown_it import MarkdownIt

from narayacrawl.exporters.markdown import convert, document, escaped, front_matter, link
from narayacrawl.items import Article
from tests.conftest import ROOT

GOLDEN: list[dict[str, Any]] = [
    json.loads(line)
    for path in sorted(ROOT.glob("fixtures/*/articles.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]
READER = MarkdownIt("commonmark").enable("table")
BLOCKS = ("p", "h1", "h2", "h3", "h4", "li", "blockquote", "th", "td")


def record(**fields: Any) -> dict[str, Any]:
    return GOLDEN[0] | fields


def shape(text: str) -> list[tuple[str, str]]:
    """Blocks, emphasis and links of HTML with their texts, in order: what must be the same on the way to Markdown and
    back."""
    root = fragment_fromstring(text, create_parent="div")
    shown = []
    for element in root.iter("p", "h1", "h2", "h3", "h4", "li", "blockquote", "th", "td", "em", "strong", "a"):
        own = " ".join(str(element.text_content()).split())
        if element.tag == "p" and element.getparent().tag in ("blockquote", "li"):
            continue
        if own or element.tag not in ("th", "td", "p"):
            shown.append((element.tag + (f" {element.get('href')}" if element.tag == "a" else ""), own))
    return shown


def again(body_html: str) -> list[tuple[str, str]]:
    return shape(READER.render(convert(body_html)))


@pytest.mark.parametrize("number", range(len(GOLDEN)))
def test_golden_article_says_the_same(number: int) -> None:
    assert again(GOLDEN[number]["body_html"]) == shape(GOLDEN[number]["body_html"])


@pytest.mark.parametrize(
    "body_html",
    [
        "<p># bukan judul</p><p>1. bukan daftar</p><p>2) bukan</p><p>- bukan</p><p>+ bukan</p><p>* bukan</p>",
        "<p>&gt; bukan kutipan</p><p>---</p><p>===</p><p>***</p><p>___</p><p>~~~</p><p>```</p><p>| a | b |</p>",
        "<p>a*b*c _d_ __e__ **f** `g` ~~h~~ \\ \\* [i](j) ![k](l) &lt;b&gt; &amp;amp; &amp;lt; a &lt; b &amp; c</p>",
        "<p>https://a.example/x_y_z?a=1&amp;b=2 &lt;https://b.example/&gt; redaksi@kabar.example #tagar @akun</p>",
        '<p>Kata<strong>tebal</strong>nya, <em>miring</em>nya dan <strong>"kutip"</strong>nya.</p>',
        "<p><strong>a</strong><em>b</em> <strong>x <em>y</em> z</strong> <em>(u)</em>kata<strong> x </strong>.</p>",
        "<p><strong>akhir*</strong>kata <em>_x_</em></p>",
        '<p><a href="https://x.example/a_(b)?q=1&amp;copy=2&amp;lt;=3">te]ks [x] *y*</a>, <a href="/a%20b">b</a></p>',
        "<h2>Judul # dua ##</h2><h3>1. Tiga</h3><h4>- Empat</h4>",
        "<ul><li>satu</li><li><strong>dua</strong> - x</li><li>1. tiga</li><li># empat</li></ul><p>x</p>",
        "<ol><li>satu</li><li>dua</li></ol><ul><li>tiga</li></ul>",
        "<blockquote>Baris * satu</blockquote><blockquote>&gt; dua</blockquote>",
        "<table><tr><th>a|b</th><th>c</th></tr><tr><td>1 | 2</td><td><strong>x</strong></td></tr></table>",
        "<table><tr><td>Jadwal</td></tr><tr><td>1</td><td>2</td><td>3\\</td></tr></table>",
        "<table><tr><td>|</td><td>`x|y`</td></tr></table>",
        "<p>2026\\. satu</p><p>1986. dua</p><p>(1) tiga</p><p>+62 812</p><p>= empat</p>",
    ],
)
def test_no_text_is_lost_or_taken_for_markup(body_html: str) -> None:
    assert again(body_html) == shape(body_html)


WORDS = st.text(alphabet="aä1 .-*_#+=`~[]()<>!&|\\:;'\"/@$^{}é–", max_size=25).filter(str.strip)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "em", "strong"]), WORDS), min_size=1, max_size=4))
def test_any_text_is_read_as_it_was(parts: list[tuple[str, str]]) -> None:
    texts = [f"<{tag}>{html.escape(text)}</{tag}>" if tag else html.escape(text) for tag, text in parts]
    body_html = f"<p>{''.join(texts)}</p>"
    assert again(body_html) == shape(body_html)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "Judul: \"dua\" 'tiga'",
            "---",
            "# komentar",
            "- x",
            "ya",
            "null",
            "2025-12-14",
            "a\nb",
            "tab\tx",
            "…\x85\u2028x",
        ),
        *(
            "\ufeffbom",
            "{a: b}",
            "!!python/object:x",
            "&jangkar *x",
            "% persen",
            "😀 🇮🇩",
            "\x00\x1f\x7f",
            "\\u0041 \\",
            "",
            " x ",
        ),
        *(None, True, 17, ["a: b", "---"], [{"url": "https://x.example/", "caption": None}]),
    ],
)
def test_field_is_yaml_that_says_the_same(value: object) -> None:
    written = front_matter({"title": value, "akhir": 1})
    assert written.count("\n") == 3, "a field is one line"
    assert yaml.safe_load(written.removeprefix("---\n").removesuffix("\n---")) == {"title": value, "akhir": 1}


@pytest.mark.parametrize("number", range(0, len(GOLDEN), 7))
def test_fields_stand_on_top(number: int) -> None:
    _, fields, _ = re.split(r"^---$\n?", document(GOLDEN[number]), maxsplit=2, flags=re.MULTILINE)
    expected = {name: value for name, value in GOLDEN[number].items() if name not in ("body", "body_html")}
    assert yaml.safe_load(fields) == expected
    assert {*expected} == {*Article.__slots__} - {"body", "body_html"}


def test_document_shows_what_the_record_has() -> None:
    own = record(
        title="Harga *beras* naik: # 1",
        standfirst="Satu.\n\nDua.",
        dateline="KEBUMEN, NarayaPost",
        body_html="<p>Beras naik.</p>",
        images=[
            {"url": "https://x.example/a (1).jpg", "caption": "Pasar [pagi]", "credit": "KAI/Heri"},
            {"url": "https://x.example/b.jpg", "caption": None, "credit": None},
        ],
        media=[{"kind": "video", "url": "https://v.example/1"}],
        related=[{"title": "Baca *juga*", "url": "https://x.example/juga/"}],
    )
    text = document(own, lambda url: "../images/full/b.jpg" if url.endswith("b.jpg") else None)
    assert (
        text.split("\n---\n", 1)[1]
        == """
# Harga \\*beras\\* naik: \\# 1

<em>Satu.</em>

<em>Dua.</em>

![Pasar \\[pagi\\]](<https://x.example/a%20(1).jpg>)

<em>Pasar \\[pagi\\] (KAI/Heri)</em>

**KEBUMEN, NarayaPost** – Beras naik.

![](../images/full/b.jpg)

## Media

- [video](https://v.example/1)

## Related

- [Baca \\*juga\\*](https://x.example/juga/)
"""
    )


def test_markup_nested_without_end_leaves_its_text() -> None:
    deep = f"<p>{'<em>' * 3000}dalam{'</em>' * 3000}</p>"
    assert document(record(body_html=deep, body="dalam # sekali\n\n- dua")).endswith("dalam \\# sekali\n\n\\- dua\n")


@pytest.mark.parametrize("text", ["# x", "1. x", "a\\", "*", "", "[x](y)"])
def test_one_line_is_escaped(text: str) -> None:
    assert " ".join(fragment_fromstring(READER.render(escaped(text)) or "<p></p>").text_content().split()) == text


def test_address_is_one_target() -> None:
    assert READER.render(f"[x]({link('https://x.example/<a> (b')})").count("<a ") == 1
