"""The HTML page of an explanation: whole, self-contained, and safe whatever the explained page holds."""

import re
import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest
from parsel import Selector

from narayacrawl.explain import html_page
from narayacrawl.explain.page import Page, explained
from narayacrawl.explain.rule_names import RULES, rule_of
from narayacrawl.pages.outline.regions import REGION_GLOBS, TAG_REGIONS
from narayacrawl.wordpress import WordPressSpider
from tests.conftest import Portal

URL = "https://portal.example/daerah/dermaga-kayu/"
TEXT = "Tukang perahu memindahkan tambatan ke hulu selama tiang beton ditanam di muara sungai."
HOSTILE = """
<p>{text} &lt;script&gt;document.body.dataset.ran = 1&lt;/script&gt; &lt;img src="{url}a.png" onerror="alert(1)"&gt;</p>
<p><a href="javascript:alert(1)">{text}</a><img src='{url}b.png?"onerror="alert(1)' class="x&quot; onclick=&quot;y"></p>
<div class="iklan&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; iklan">{text}<script src="{url}c.js"></script></div>
<iframe src="{url}d.html"></iframe><iframe src="javascript:alert(1)"></iframe>
<p style="background: url({url}e.png)">&lt;/style&gt;&lt;link rel=stylesheet href={url}f.css&gt; {text}</p>
"""
needs_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")


def rendered(content: str, *, title: str = "Dermaga Kayu", head: str = "", url: str = URL) -> str:
    html = (
        f'<html lang="id"><head>{head}</head><body class="single postid-7"><nav>Beranda</nav>'
        f'<article id="post-7"><h1>{title}</h1><time datetime="2026-01-05T06:30:00+07:00"></time>'
        f'<div class="entry-content">{content}</div></article></body></html>'
    )
    return html_page(explained(Page(html, url), WordPressSpider), spider="wordpress")


def blocks(page: str) -> list[tuple[str, str]]:
    """What each block says of itself, and its text."""
    return [
        (" ".join(block.css(".outcome ::text").getall()).strip(), "".join(block.css(".text ::text").getall()))
        for block in Selector(page).css("li.block")
    ]


def test_tells_each_block_in_words() -> None:
    page = rendered(f'<p>AMBON, NarayaPost – {TEXT}</p><div class="iklan">Diskon</div><h2>Tiang</h2><p>{TEXT} (*)</p>')
    told = [(re.sub(r"\s+", " ", outcome), text) for outcome, text in blocks(page)]
    assert told == [
        ("· navigation outside", "Beranda"),
        ("→ h1 read into title", "Dermaga Kayu"),
        ("→ dateline read into dateline", "AMBON, NarayaPost –"),
        ("✓ paragraph kept", TEXT),
        ("× ad left out div.iklan", "Diskon"),
        ("✓ h2 kept", "Tiang"),
        ("✓ paragraph kept", TEXT),
        ("× end marker left out", "(*)"),
    ]


def test_standfirst_is_shown_as_a_field() -> None:
    html = f'<h1>Dermaga Kayu</h1><p class="lead">{TEXT}</p><div class="entry-content">{f"<p>{TEXT[9:]}</p>" * 3}</div>'
    page = html_page(explained(Page(f'<body class="single">{html}</body>', URL), WordPressSpider), spider="wordpress")
    told = {text: " ".join(outcome.split()) for outcome, text in blocks(page)}
    assert told[TEXT] == "→ paragraph read into standfirst p.lead"


def test_legend_counts_the_blocks_of_each_rule() -> None:
    page = Selector(rendered(f'<p>{TEXT}</p><div class="iklan">a</div><div class="iklan">b</div>'))
    keys = [" ".join(label.css("span:not(.mark)::text").getall()) for label in page.css("fieldset label")]
    assert keys == ["kept 1", "navigation 1", "ad 2", "other 1"]


def test_legend_bears_the_marks_of_the_blocks() -> None:
    related = '<p>Baca juga: <a href="/a/">Pasar pindah ke tepi jalan</a></p>'
    page = Selector(rendered(f'<p>AMBON, NarayaPost – {TEXT}</p>{related}<div class="iklan">a</div>'))
    labels = {label.css("span:not(.mark)::text").get(): label.css(".mark::text").get() for label in page.css("label")}
    shown: dict[str | None, set[str]] = {}
    for block in page.css("li.block"):
        mark, name = block.css(".outcome b span::text").get(), (block.css(".outcome b::text").getall())[-1].strip()
        shown.setdefault("kept" if mark == "✓" else name, set()).add(mark or "")
    named = {name: set(marks or "") for name, marks in labels.items() if name in shown}
    assert named == {name: marks for name, marks in shown.items() if name in named}
    assert {"dateline", "related", "ad", "kept"} <= named.keys()


def test_legend_s_boxes_hide_the_blocks_of_their_rule() -> None:
    page = Selector(rendered(f'<p>{TEXT}</p><div class="iklan">Diskon</div>'))
    style = page.css("style::text").get() or ""
    for box in page.css("fieldset input::attr(id)").getall():
        assert f".page:has(#{box}:not(:checked)) .{box}{{display:none}}" in style
        assert page.css(f"li.{box}")


def test_fields_are_a_table_with_a_place_for_each_value() -> None:
    rows = Selector(rendered(f"<p>{TEXT}</p>")).css("table tr")
    told = {row.css("th::text").get(): row.css("td").xpath("string()").getall() for row in rows}
    assert told["title"] == ["Dermaga Kayu", "h1"]
    assert told["editors"] == ["–", ""]


def test_page_that_is_no_article_says_so_first() -> None:
    html = '<html><body class="archive"><h1>Daerah</h1></body></html>'
    page = Selector(html_page(explained(Page(html, URL), WordPressSpider), spider="wordpress"))
    assert page.css(".verdict::text").get() == "No article: listing (the body's class is archive)"
    assert "No body: no element of the page holds running text" in (page.xpath("string(//main)").get() or "")


def test_long_text_that_is_left_out_is_cut() -> None:
    page = rendered(f'<p>{TEXT * 20}</p><div class="iklan">{"kata " * 200}</div>')
    [text] = [text for outcome, text in blocks(page) if "ad" in outcome.split()]
    assert text.endswith("… (999 characters)")
    assert len(text) < 450


def test_long_text_of_the_body_is_whole() -> None:
    assert ("✓ paragraph kept", "kata " * 200 + "akhir") in [
        (" ".join(outcome.split()), text) for outcome, text in blocks(rendered(f"<p>{'kata ' * 200}akhir</p>"))
    ]


def test_every_region_has_its_words_in_the_legend() -> None:
    assert {*REGION_GLOBS, *TAG_REGIONS.values()} <= RULES.keys()


def test_rule_without_words_is_shown_all_the_same() -> None:
    assert rule_of("a rule to come") == ("page", "")


# Safety


@pytest.fixture
def hostile() -> str:
    title = "&lt;script&gt;document.body.dataset.ran = 1&lt;/script&gt;&quot;&gt;"
    return rendered(
        HOSTILE.format(text=TEXT, url=URL), title=title, head='<meta name="author" content="<b onclick=&quot;x&quot;>">'
    )


def test_text_of_the_page_is_escaped(hostile: str) -> None:
    tags = set(re.findall(r"<([a-z][a-z0-9]*)", hostile))
    assert tags.isdisjoint({"script", "img", "iframe", "link", "object", "embed", "form", "svg", "base"})
    page = Selector(hostile)
    attributes = {name for element in page.xpath("//*") for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")}


def test_only_the_page_s_own_address_is_linked(hostile: str) -> None:
    assert Selector(hostile).xpath("//@href").getall() == [URL]


def test_address_that_is_none_of_the_web_is_no_link() -> None:
    assert Selector(rendered(f"<p>{TEXT}</p>", url="javascript:alert(1)")).xpath("//@href").getall() == []


def test_style_fetches_nothing(hostile: str) -> None:
    [style] = Selector(hostile).css("style::text").getall()
    assert "url(" not in style
    assert "@import" not in style


def test_policy_forbids_scripts_and_fetching(hostile: str) -> None:
    policy = Selector(hostile).css("meta[http-equiv='Content-Security-Policy']::attr(content)").get()
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


# In a browser


def chromium(page: Path, *args: str) -> str:
    """What headless Chromium prints of a page."""
    quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-sync", *quiet]
    profile = f"--user-data-dir={page.parent / 'profile'}"
    done = subprocess.run(
        ["chromium", *options, profile, *args, page.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


@pytest.mark.slow
@needs_chromium
def test_browser_shows_blocks_and_legend_and_runs_no_script(portal: Portal, tmp_path: Path) -> None:
    page = tmp_path / "explained.html"
    html = rendered(HOSTILE.format(text=TEXT, url=portal.url), title="&lt;script&gt;document.body.dataset.ran = 1")
    page.write_text(html, encoding="utf-8")
    shown = chromium(page, "--dump-dom")
    assert blocks(shown) == blocks(html)
    assert len(Selector(shown).css("fieldset label")) == len(Selector(html).css("fieldset label")) > 2
    assert Selector(shown).css("body").attrib == {}
    assert portal.asked == []


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("width", [360, 1200])
def test_browser_shows_nothing_beyond_the_edge(width: int, tmp_path: Path) -> None:
    endless = f'<p>{"m" * 900}</p><img src="/{"k" * 900}.jpg"><div class="iklan" id="{"i" * 30}">{"d" * 900}</div>'
    html = rendered(f"<p>{TEXT * 20}</p>{endless}", title="J" * 90)
    # In a frame, which may be as narrow as a phone; the page itself runs no script that could measure.
    measure = "document.body.dataset.beyond = page.scrollWidth - page.clientWidth"
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<iframe style="width: {width}px; height: 900px" srcdoc="{escape(html)}"></iframe>'
        f"<script>onload = () => {{ const page = frames[0].document.documentElement; {measure} }}</script>",
        encoding="utf-8",
    )
    assert Selector(chromium(frame, "--dump-dom")).css("body").attrib["data-beyond"] == "0"


@pytest.mark.slow
@needs_chromium
def test_browser_draws_the_page(tmp_path: Path) -> None:
    page, picture = tmp_path / "explained.html", tmp_path / "explained.png"
    page.write_text(rendered(f"<p>{TEXT}</p>"), encoding="utf-8")
    chromium(page, "--window-size=1200,900", f"--screenshot={picture}")
    assert picture.read_bytes().startswith(b"\x89PNG")
