"""What a page may make the parser do: its time and memory grow with the page, or the page is refused."""

from collections.abc import Callable

import pytest

from narayacrawl import extract
from narayacrawl.pages import PageRefused, parse_html
from narayacrawl.pages.html_parser import MAX_WEIGHT
from tests.growth import grows_in_proportion
from tests.pages.test_bounds import TEXT, TITLE, URL, page
from tests.slow import first_quick, only_quick


def names(count: int) -> list[str]:
    return [f"a{number:x}" for number in range(count)]


CROWDED: dict[str, Callable[[int], str]] = {
    "bare": lambda n: " ".join(names(n)),
    "with a value": lambda n: " ".join(f"{name}=x" for name in names(n)),
    "quoted": lambda n: " ".join(f'{name}="x"' for name in names(n)),
    "without space": lambda n: "".join(f"{name}='x'" for name in names(n)),
    "parted by slashes": lambda n: "/".join(names(n)),
    "parted by lines": lambda n: "\n".join(names(n)),
    "with the ends of tags": lambda n: " ".join(f'{name}=">"' for name in names(n)),
    "with the starts of tags": lambda n: " ".join(f"{name}='<b'" for name in names(n)),
    "with tags here and there": lambda n: " ".join(f"{own} {own}x='<p>'" * (own[-1] == "0") or own for own in names(n)),
    "named like the starts of tags": lambda n: " ".join(f"{name}<b" for name in names(n)),
}  # fmt: skip


@pytest.mark.parametrize("kind", CROWDED)
def test_a_tag_of_many_attributes_takes_time_in_proportion(kind: str) -> None:
    assert grows_in_proportion(lambda n: page(f"<p {CROWDED[kind](n)}>{TEXT}</p>"), parse_html, 4_000)


@pytest.mark.parametrize("kind", CROWDED)
def test_a_tag_of_many_attributes_keeps_its_text(kind: str) -> None:
    article = extract(page(f"<p {CROWDED[kind](6_000)}>Perahu kayu dari hulu sungai.</p>"), URL)
    assert (article.title, article.body.split("\n\n")[1]) == (TITLE, "Perahu kayu dari hulu sungai.")


def test_quotation_marks_of_a_script_hide_no_tag_of_many_attributes() -> None:
    hidden = f'<script>a <b="</script><p {" ".join(names(6_000))}>x</p><i title=\'">y</i>'
    assert max(len(element.attrib) for element in parse_html(page(hidden)).root.iter()) < 6_000


@pytest.mark.parametrize(
    "kept",
    [
        f"<p {' '.join(f'{name}={name}' for name in names(400))}>x</p>" + "<br>" * 5_000,
        f'<div data-settings="{"satu dua " * 5_000}" id="a">x</div>',
        f"<script>for (i = 0; i <n; i++) {{ {'a + b ' * 5_000} }}</script>" + '<p id="a">x</p>',
        f"<script type='application/ld+json'>\"<p {'satu ' * 6_000}\"</script>",
        f"<!-- <p {'satu ' * 6_000}> --><p id='a'>x</p>",
    ],
    ids=["four hundred attributes", "a long attribute", "a script", "JSON-LD", "a comment"],
)
def test_attributes_and_scripts_of_other_pages_are_kept(kept: str) -> None:
    root = parse_html(page(kept)).root
    longest = max((len(script.text or "") for script in root.iter("script")), default=30_000)
    assert (longest >= 30_000, bool(root.xpath("//*[@id='a' or @a0]")) or "ld+json" in kept) == (True, True)


DEEP: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "div": (lambda n: "<div>" * n, lambda n: "</div>" * n),
    "unclosed div": (lambda n: "<div>" * n, lambda n: ""),
    "unclosed b": (lambda n: "<b>" * n, lambda n: ""),
    "unclosed b in every paragraph": (lambda n: f"<p><b>{TEXT}</p>" * n, lambda n: ""),
    "list": (lambda n: "<ul><li>" * n, lambda n: "</ul>" * n),
    "table": (lambda n: "<table><tr><td>" * n, lambda n: ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("depth", [100, 2_040, 3_000, 20_000])
def test_a_page_is_read_to_its_end_however_deep(kind: str, depth: int) -> None:
    before, after = DEEP[kind]
    text = "".join(parse_html(f"{before(depth)}<p>Di dalam.</p>{after(depth)}<p>Di akhir.</p>").root.itertext())
    assert "Di dalam." in text
    assert text.rstrip().endswith("Di akhir.")


HEAVY = {
    "paragraphs of a letter": lambda: "<p>a" * 1_000_000,
    "paragraphs that end": lambda: "<p>a</p>" * 600_000,
    "ends of paragraphs": lambda: "</p>" * 1_000_000,
    "ends of paragraphs in capitals": lambda: "</P>" * 1_000_000,
    "attributes": lambda: "<li a=1 b=2 c=3 d=4 e=5>x" * 160_000,
    "bare attributes": lambda: "<p a b c d e f g h i j k l m n o>x" * 120_000,
    "a long text": lambda: "perahu " * 2_000_000,
    "a long attribute": lambda: f'<p title="{"perahu " * 2_000_000}">x</p>',
}


@pytest.mark.parametrize("kind", only_quick(HEAVY, ("attributes", "a long text")))
def test_a_page_too_heavy_to_read_is_refused_in_one_line(kind: str) -> None:
    with pytest.raises(PageRefused, match=r"^(?:too much markup: more than [\d,]+ elements in )?[\d,]+ bytes[^\n]*$"):
        extract(page(HEAVY[kind]()), URL)


ORDINARY = {
    "a live blog": lambda: f'<p>{TEXT} <a href="/x/">Kabar hulu</a></p>' * 5_000,
    "three megabytes of style and data": lambda: (
        "<style>.a > .b{color:red}</style>" * 40_000 + '<script>var data = {"a": "<p>b</p>"};</script>' * 40_000
    ),
    "seven megabytes of text": lambda: f"<p>{TEXT}</p>" * 75_000,
    "two hundred thousand spans": lambda: "<span></span>" * 200_000,
}


@pytest.mark.parametrize("kind", first_quick(*ORDINARY))
def test_a_large_page_is_read(kind: str) -> None:
    html = page(ORDINARY[kind]())
    assert len(html) < MAX_WEIGHT
    assert len(list(parse_html(html).root.iter("p"))) >= 2


@pytest.mark.parametrize("text", ["&", "&nbsp", "<", "&lt;", '"', "& <b", "&amp;amp;"])
def test_references_in_a_text_take_the_sanitiser_time_in_proportion(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    html = page(f"<p>{escaped * 1_500}</p>")
    assert extract(html, URL).body_html.count(escaped.replace("&quot;", '"')) == 1_500
    assert grows_in_proportion(lambda n: page(f"<p>{escaped * n}</p>"), lambda html: extract(html, URL), 20_000)


NESTED = {
    "headings": "<h1><div>",
    "second headings": "<h2><div>",
    "dates": '<h1><div class="date">',
    "categories": '<h1><div class="category">',
    "bylines": '<h1><div class="author">',
    "sidebars": '<h1><div class="sidebar">',
}


@pytest.mark.parametrize("kind", first_quick(*NESTED))
def test_fields_around_the_whole_page_take_time_in_proportion(kind: str) -> None:
    def read(html: str) -> None:
        extract(html, URL)

    assert grows_in_proportion(lambda n: NESTED[kind] * 200 + f"<p>{TEXT}</p>" * n, read, 1_500)


def test_an_address_of_a_megabyte_is_none() -> None:
    article = extract(page(f'<p>Ya <a href="/?{"a=1&" * 250_000}">kabar</a> hulu</p>'), URL)
    assert "<p>Ya kabar hulu</p>" in article.body_html
