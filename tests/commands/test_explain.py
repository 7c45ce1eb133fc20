from pathlib import Path

import pytest

from tests.conftest import ROOT, Portal, Scrapy
from tests.portals import QUICK

URL = "https://portal.example/daerah/dermaga-kayu/"
TITLE = "Dermaga Kayu Diganti Beton"
TEXT = "Tukang perahu memindahkan tambatan ke hulu selama tiang beton ditanam di muara sungai."
MORE = "Pekerjaan ditargetkan selesai sebelum angin barat datang, kata kepala dermaga kepada warga."
CANONICAL = f'<link rel="canonical" href="{URL}">'
SAVED = ROOT / "fixtures" / "kabar-pesisir.example" / "pages" / "p=32.html"


def html(content: str = "", *, head: str = CANONICAL) -> str:
    return f"""<!doctype html><html lang="id"><head>{head}</head><body class="single postid-7">
<nav>Beranda Daerah</nav><article id="post-7"><h1 class="entry-title">{TITLE}</h1>
<time class="entry-date" datetime="2026-01-04T23:30:00+00:00"></time>
<div class="entry-content"><p>AMBON, NarayaPost – {TEXT}</p><div class="iklan">Diskon akhir pekan</div>
<p>{MORE} (*)</p>{content}</div></article></body></html>"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved page that names its address."""
    path = tmp_path / "dermaga.html"
    path.write_text(html(), encoding="utf-8")
    return path


def words(output: str) -> list[list[str]]:
    """The words of each line."""
    return [line.split() for line in output.splitlines()]


def test_shows_fields_with_their_places(scrapy: Scrapy, saved: Path) -> None:
    done = scrapy("explain", str(saved))
    shown = words(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert shown[:2] == [[URL], ["article", "as", "spider", "wordpress", "reads", "it"]]
    assert ["url", URL, "link", "rel=canonical"] in shown
    assert ["title", *TITLE.split(), "h1.entry-title"] in shown
    assert ["date", "2026-01-05T06:30:00+07:00", *["time.entry-date,", "as", "2026-01-04T23:30:00+00:00"]] in shown
    assert ["editors", "–"] in shown


def test_shows_blocks_in_order_with_their_rules(scrapy: Scrapy, saved: Path) -> None:
    lines = scrapy("explain", str(saved)).stdout.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("── div.entry-content ─"))
    assert lines[start + 1 : start + 6] == [
        "→ dateline    AMBON, NarayaPost –",
        f"✓ p           {TEXT}",
        "× ad          div.iklan  Diskon akhir pekan",
        f"✓ p           {MORE}",
        "× end marker  (*)",
    ]


def test_shows_the_container_and_why(scrapy: Scrapy, saved: Path) -> None:
    shown = words(scrapy("explain", str(saved)).stdout)
    assert ["body", "article#post-7", ">", "div.entry-content"] in shown
    assert ["chosen", "by", "its", "name,", "which", "themes", "give", "to", "an", "article's", "text"] in shown
    assert ["into", "fields", "1", "dateline"] in shown
    assert ["left", "out", "1", "ad,", "1", "end", "marker"] in shown


def test_blocks_outside_are_counted(scrapy: Scrapy, saved: Path) -> None:
    output = scrapy("explain", str(saved)).stdout
    assert ["…", "1", "block", "outside:", "1", "navigation"] in words(output)
    assert "Beranda Daerah" not in output


def test_all_lists_the_blocks_outside(scrapy: Scrapy, saved: Path) -> None:
    assert ["·", "navigation", "Beranda", "Daerah"] in words(scrapy("explain", str(saved), "--all").stdout)


def test_page_without_a_body_shows_all_its_blocks(scrapy: Scrapy, saved: Path) -> None:
    saved.write_text(html().replace("entry-content", "popup"), encoding="utf-8")
    output = scrapy("explain", str(saved)).stdout
    assert "!  the body is empty" in output.splitlines()
    assert ["·", "navigation", "Beranda", "Daerah"] in words(output)


def test_line_is_whole_in_a_pipe(scrapy: Scrapy, saved: Path) -> None:
    saved.write_text(html(f"<p>{MORE * 9}</p>"), encoding="utf-8")
    assert MORE * 9 in scrapy("explain", str(saved), env={"COLUMNS": "80"}).stdout


def test_page_cannot_speak_to_the_terminal(scrapy: Scrapy, saved: Path) -> None:
    saved.write_text(html(f"<p>\x1b]0;judul\x07\x1b[2J\u202e[bold red]{MORE}</p>"), encoding="utf-8")
    output = scrapy("explain", str(saved)).stdout
    assert f"✓ p           ]0;judul[2J[bold red]{MORE}" in output.splitlines()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "single postid-7",
            "archive",
            "no article: listing (the body's class is archive)",
        ),
        ("datetime=", "data-jam=", "no article: no date"),
    ],
)
def test_tells_why_a_page_is_no_article(old: str, new: str, line: str, scrapy: Scrapy, saved: Path) -> None:
    saved.write_text(html().replace(old, new), encoding="utf-8")
    done = scrapy("explain", str(saved))
    assert (done.returncode, done.stdout.splitlines()[1]) == (0, f"{line}  as spider wordpress reads it")


# Files


def test_page_of_a_saved_portal_has_its_address_and_spider(scrapy: Scrapy) -> None:
    done = scrapy("explain", str(SAVED), cwd=ROOT)
    assert done.stdout.splitlines()[:2] == [
        "https://kabar-pesisir.example/?p=32",
        "article  as spider wordpress reads it",
    ]


def test_spider_is_that_of_the_address(scrapy: Scrapy, saved: Path) -> None:
    done = scrapy("explain", str(saved), "--url", "https://narayapost.com/daerah/dermaga-kayu/", cwd=ROOT)
    assert done.stdout.splitlines()[1] == "article  as spider narayapost reads it"


def test_spider_is_the_one_named(scrapy: Scrapy, saved: Path) -> None:
    done = scrapy("explain", str(saved), "--spider", "narayapost", cwd=ROOT)
    assert done.stdout.splitlines()[1] == "article  as spider narayapost reads it"


def test_address_may_be_that_of_opengraph(scrapy: Scrapy, saved: Path) -> None:
    saved.write_text(html(head=f'<meta property="og:url" content="{URL}">'), encoding="utf-8")
    assert scrapy("explain", str(saved)).stdout.splitlines()[0] == URL


def test_encoding_is_the_one_that_the_page_declares(scrapy: Scrapy, saved: Path) -> None:
    page = html("<p>Kafé terapung buka lagi.</p>", head=f'<meta charset="iso-8859-1">{CANONICAL}').replace("–", "-")
    saved.write_bytes(page.encode("latin-1"))
    assert "Kafé terapung buka lagi." in scrapy("explain", str(saved)).stdout


# Addresses


def test_explains_a_page_of_the_web_with_one_request(scrapy: Scrapy, portal: Portal) -> None:
    portal.add("/dermaga/", html())
    done = scrapy("explain", f"{portal.url}dermaga/")
    assert (done.returncode, done.stderr) == (0, "")
    assert ["title", *TITLE.split(), "h1.entry-title"] in words(done.stdout)
    assert portal.asked == ["/robots.txt", "/dermaga/"]


def test_follows_a_redirect(scrapy: Scrapy, portal: Portal) -> None:
    portal.add("/lama/", "", status=301, Location="/dermaga/")
    portal.add("/dermaga/", html())
    assert scrapy("explain", f"{portal.url}lama/").stdout.splitlines()[0] == f"{portal.url}dermaga/"


def failing(scrapy: Scrapy, *args: str) -> str:
    """The only line of an explanation that ends with status 1."""
    done = scrapy("explain", *args)
    [line] = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    return line.removeprefix("scrapy explain: ")


@pytest.mark.parametrize("status", [403, 404, 503])
def test_error_of_the_server_fails(status: int, scrapy: Scrapy, portal: Portal) -> None:
    portal.add("/dermaga/", html(), status=status)
    assert failing(scrapy, f"{portal.url}dermaga/") == f"status {status}: {portal.url}dermaga/"
    assert portal.asked == ["/robots.txt", "/dermaga/"]


@pytest.mark.slow
def test_portal_that_wants_no_request_yet_is_told(scrapy: Scrapy, portal: Portal) -> None:
    portal.add("/dermaga/", html(), status=503, **{"Retry-After": "3600"})
    line = failing(scrapy, f"{portal.url}dermaga/", "-s", "LOG_LEVEL=ERROR")
    assert line.startswith("the portal wants no request before ")
    assert portal.asked == ["/robots.txt", "/dermaga/"]


def test_page_forbidden_by_robots_fails(scrapy: Scrapy, portal: Portal) -> None:
    portal.add("/robots.txt", "User-agent: *\nDisallow: /dermaga/")
    assert failing(scrapy, f"{portal.url}dermaga/") == f"Forbidden by robots.txt: {portal.url}dermaga/"
    assert portal.asked == ["/robots.txt"]


def test_answer_that_is_no_html_fails(scrapy: Scrapy, portal: Portal) -> None:
    portal.pages["/laporan.pdf"] = (200, {"Content-Type": "application/pdf"}, "%PDF-1.7")
    assert failing(scrapy, f"{portal.url}laporan.pdf") == f"no HTML but application/pdf: {portal.url}laporan.pdf"


def test_unreachable_host_fails(scrapy: Scrapy) -> None:
    line = failing(scrapy, "http://127.0.0.1:9/dermaga/", "-s", "ROBOTSTXT_OBEY=False")
    assert line.startswith("not fetched (DownloadConnectionRefusedError: ")
    assert line.endswith("): http://127.0.0.1:9/dermaga/")


def test_real_project_explains_an_address_without_pipelines_or_feeds(scrapy: Scrapy, portal: Portal) -> None:
    portal.add("/dermaga/", html())
    options = [word for setting in QUICK for word in ("-s", setting)]
    done = scrapy("explain", f"{portal.url}dermaga/", "--spider", "narayapost", *options, cwd=ROOT)
    assert done.stdout.splitlines()[1] == "article  as spider narayapost reads it"


# Wrong calls


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ([], "name a page"),
        (["a.html", "b.html"], "name one page, not a.html b.html"),
        (["hilang.html"], "no such file: hilang.html (an address begins with https://)"),
        (["https://"], "no address: https://"),
        (["https://portal.example/", "--url", URL], "--url is for a saved page"),
        (["scrapy.cfg", "--url", "dermaga"], "no address: dermaga"),
        (["scrapy.cfg"], "scrapy.cfg names no canonical address: give it with --url"),
        (["scrapy.cfg", "--spider", "standing"], "no spider 'standing' (did you mean standin?)"),
    ],
)
def test_wrong_call_is_one_line_and_status_2(args: list[str], line: str, scrapy: Scrapy) -> None:
    done = scrapy("explain", *args)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"scrapy explain: {line}\n")


# --html


def test_writes_an_html_page_beside(scrapy: Scrapy, saved: Path, tmp_path: Path) -> None:
    output = tmp_path / "explained.html"
    done = scrapy("explain", str(saved), "--html", str(output))
    assert (done.returncode, done.stderr) == (0, f"written to {output}\n")
    assert f"<title>{TITLE} – explained</title>" in output.read_text(encoding="utf-8")
    assert done.stdout.startswith(URL)


def test_html_page_that_cannot_be_written_fails(scrapy: Scrapy, saved: Path, tmp_path: Path) -> None:
    output = tmp_path / "hilang" / "explained.html"
    assert failing(scrapy, str(saved), "--html", str(output)) == f"{output}: No such file or directory"
