"""The page of a report in headless Chromium: it asks for nothing, complains of nothing, fits its window."""

import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest
from parsel import Selector

from narayacrawl.report.runs import FIELD, READ
from tests.conftest import Portal
from tests.report.written import WrittenLedger

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-sync", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


def chromium(page: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """What headless Chromium prints of a page; its console is on stderr."""
    profile = f"--user-data-dir={page.parent / 'profile'}"
    command = ["chromium", *QUIET, "--enable-logging=stderr", profile, *args, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


def complaints(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the page's console says."""
    return [line for line in done.stderr.splitlines() if ":CONSOLE" in line]


def report_of(ledger: WrittenLedger, url: str = "https://kabar.example/") -> str:
    """The page of a portal whose texts are endless, and would run and fetch what they can."""
    hostile = f"<script>document.body.dataset.ran = 1</script><img src={url}a.png><style>@import '{url}b.css'</style>"
    for ago in range(0, 24 * 400, 50):
        ledger.article(section=f"Kanal {ago % 9}", ago=ago)
    ledger.article(section=hostile + "m" * 300)
    ledger.article(state="failed", revision=0, reason="k" * 300 + hostile, url=f"{url}{'m' * 900}/")
    for ago in (9000, 3, 2, 1):
        stats = {READ: 9, f"{FIELD}authors": ago % 9, f"{FIELD}{'n' * 60}": 1, "downloader/request_count": 9}
        ledger.run(ago=ago, articles=9, stats=stats | {f"narayacrawl/alarm/{'p' * 90}": hostile + "q" * 300})
    return ledger.page


def test_browser_asks_for_nothing_and_runs_nothing(ledger: WrittenLedger, portal: Portal, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(report_of(ledger, portal.url), encoding="utf-8")
    done = chromium(page, "--dump-dom")
    assert (complaints(done), portal.asked) == ([], [])
    shown = Selector(done.stdout)
    assert shown.css("body").attrib == {}
    assert len(shown.css("section")) == len(Selector(page.read_text(encoding="utf-8")).css("section")) == 10


def test_console_of_a_page_that_fetches_is_heard(portal: Portal, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    page.write_text(f"{policy}<img src='{portal.url}a.png'>", encoding="utf-8")
    assert complaints(chromium(page, "--dump-dom"))


@pytest.mark.parametrize("width", [360, 1200])
def test_browser_shows_nothing_beyond_the_edge(ledger: WrittenLedger, width: int, tmp_path: Path) -> None:
    # In a frame, which may be as narrow as a phone; the page itself runs no script that could measure.
    measure = "document.body.dataset.beyond = page.scrollWidth - page.clientWidth"
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<iframe style="width: {width}px; height: 900px" srcdoc="{escape(report_of(ledger))}"></iframe>'
        f"<script>onload = () => {{ const page = frames[0].document.documentElement; {measure} }}</script>",
        encoding="utf-8",
    )
    assert Selector(chromium(frame, "--dump-dom").stdout).css("body").attrib["data-beyond"] == "0"


def test_choice_of_time_and_colours_need_no_script(ledger: WrittenLedger, tmp_path: Path) -> None:
    measure = """
    const page = frames[0].document, shown = name => getComputedStyle(page.querySelector(name)).display
    const before = [shown('.recent'), shown('.all')]
    page.getElementById('period-all').click()
    const colour = getComputedStyle(page.body).backgroundColor
    document.body.dataset.told = [...before, shown('.recent'), shown('.all'), colour].join(' ')"""
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<iframe srcdoc="{escape(report_of(ledger))}"></iframe><script>onload = () => {{{measure}}}</script>',
        encoding="utf-8",
    )
    for scheme, colour in (("1", "rgb(244, 245, 247)"), ("0", "rgb(14, 16, 19)")):
        done = chromium(frame, "--dump-dom", f"--blink-settings=preferredColorScheme={scheme}")
        told = Selector(done.stdout).css("body").attrib["data-told"]
        assert told == f"block none none block {colour}"
