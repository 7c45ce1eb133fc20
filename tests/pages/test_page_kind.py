"""What an article's page has, and a page in its place has not."""

import pytest

from narayacrawl.pages import ArticlePage, parse_html
from narayacrawl.pages.broken_page import error_in, is_closed

URL = "https://portal.example/ekonomi/perahu-sayur-bersandar-subuh/"
TITLE = "Perahu Sayur Bersandar Sebelum Subuh"
TEXT = "Awak perahu menurunkan bayam dan kangkung di tangga dermaga."


def article(content: str, *, head: str = "", beside: str = "") -> ArticlePage:
    return ArticlePage(
        parse_html(f"""<html><head><title>{TITLE}</title>{head}</head><body class="single single-post postid-7">
<main><article class="post hentry"><h1 class="entry-title">{TITLE}</h1><img class="wp-post-image" src="/utama.jpg">
<div class="entry-content">{content}</div></article></main>{beside}</body></html>"""),
        URL,
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"<p>{TEXT}</p>", id="one sentence"),
        pytest.param("<p>Hujan reda.</p>", id="two words"),
        pytest.param('<figure class="wp-block-image"><img src="/a.jpg" width="800"></figure>', id="a picture"),
        pytest.param('<div class="gallery"><img src="/a.jpg"><img src="/b.jpg"></div>', id="a gallery"),
        pytest.param(
            '<noscript><img src="/a.jpg"></noscript><img data-src="/a.jpg" src="data:x">', id="a lazy picture"
        ),
        pytest.param('<iframe src="https://www.youtube.com/embed/x"></iframe>', id="a video"),
        pytest.param(
            '<div class="wp-block-embed"><iframe data-src="https://player.example/"></iframe></div>', id="lazy"
        ),
        pytest.param('<video><source src="/a.mp4"></video>', id="own video"),
        pytest.param('<audio src="/a.mp3"></audio>', id="sound"),
    ],
)
def test_text_pictures_and_players_are_content(content: str) -> None:
    assert article(content).has_own_content


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="nothing"),
        pytest.param('<div id="app"></div><script>muat()</script>', id="a script"),
        pytest.param("<noscript>Aktifkan JavaScript</noscript>", id="noscript"),
        pytest.param('<iframe src="https://x.doubleclick.net/ad"></iframe>', id="an ad"),
        pytest.param('<iframe src="about:blank"></iframe><iframe></iframe>', id="empty frames"),
        pytest.param(
            '<div class="sharedaddy"><iframe src="https://like.example/"></iframe></div>', id="a share button"
        ),
        pytest.param('<div class="related-posts"><img src="/lain.jpg"><a href="/lain/">Lain</a></div>', id="related"),
    ],
)
def test_an_empty_article_has_no_content(content: str) -> None:
    assert not article(content).has_own_content


def test_picture_of_the_metadata_is_no_content() -> None:
    assert not article("", head='<meta property="og:image" content="/a.jpg">').has_own_content


def test_text_below_an_empty_article_is_not_its_own() -> None:
    beside = "".join(f"<section><p>{TEXT} Kotak ke-{number} di bawah berita.</p></section>" for number in range(9))
    assert not article("", beside=beside).has_own_content


def test_lead_image_with_a_caption_is_content() -> None:
    page = article("", head="")
    html = f"""<html><body class="single postid-7"><article class="post hentry"><h1>{TITLE}</h1>
<figure><img class="wp-post-image" src="/utama.jpg"><figcaption>Perahu di dermaga. Foto: Rina</figcaption></figure>
<div class="entry-content"></div></article></body></html>"""
    assert (page.has_own_content, ArticlePage(parse_html(html), URL).has_own_content) == (False, True)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<h1>{TITLE}</h1><p>{TEXT}</p>", True),
        ("<h1>Situs Sedang Dirawat</h1><p>Kami segera kembali.</p>", False),
        ('<meta property="og:type" content="article"><h1>Situs Sedang Dirawat</h1>', True),
        ('<h1>Warta</h1><article id="post-7">x</article>', True),
        ("", False),
    ],
)
def test_page_is_identified_by_what_an_error_page_has_not(html: str, expected: bool) -> None:
    assert ArticlePage(parse_html(f"<html>{html}</html>"), URL).is_identified is expected


CLOSED = "<html><body><p>a</p></body></html>"
PHP = "<b>Fatal error</b>:  Uncaught Error in <b>/srv/a.php</b> on line <b>3</b><br />"


@pytest.mark.parametrize(
    ("html", "is_broken"),
    [
        (CLOSED, False),
        (f"<html><body><p>a{PHP}", True),
        (f"<html><body><p>a{PHP.replace('<b>', '').replace('</b>', '')}", True),
        (f"<html><body><pre>{PHP}</pre></body></html>", False),
        (f'{CLOSED}<body id="error-page"><p>x', True),
        ("<html><body><div class='wp-die-message'>x</div></body></html>", True),
        ("<html><body><p>Kelas <code>wp-die-message</code> dan Fatal error: ada.</p></body></html>", False),
    ],
)
def test_error_that_broke_a_page_off_is_seen(html: str, is_broken: bool) -> None:
    assert (error_in(html) is not None) is is_broken


@pytest.mark.parametrize(
    ("html", "expected"),
    [(CLOSED, True), (f"{CLOSED}<!-- cache -->", True), ("<html><body><p>a</BODY >", True), ("<html><p>a", False)],
)
def test_tells_whether_a_page_comes_to_its_end(html: str, expected: bool) -> None:
    assert is_closed(html) is expected
