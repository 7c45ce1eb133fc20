"""A portal that answers its articles with status 200 and something else: nothing false is written, the run does not end
well, and the first run after the repair is complete and exact."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.answers import HTML, JSON, Answer
from tests.desk import Newsroom, Reader, newsroom
from tests.slow import only_quick

ARTICLES = 21
PHP_ERROR = (
    "<br />\n<b>Fatal error</b>:  Uncaught Error: Call to undefined function tampilkan_iklan() in "
    "/srv/www/wp-content/themes/muara/single.php:31\nStack trace:\n#0 {main}\n  thrown in "
    "<b>/srv/www/wp-content/themes/muara/single.php</b> on line <b>31</b><br />\n"
)
DIE = (
    '<!DOCTYPE html><html lang="id"><head><title>WordPress › Galat</title></head><body id="error-page">'
    '<div class="wp-die-message"><p>Situs ini sedang mengalami gangguan teknis yang berat.</p></div></body></html>'
)
DATABASE = (
    "<!DOCTYPE html><html><head><title>Galat Basis Data</title></head>"
    "<body><h1>Gagal tersambung ke basis data</h1></body></html>"
)
MAINTENANCE = """<!DOCTYPE html><html lang="id"><head><title>Sedang Dirawat</title>
<link rel="canonical" href="{site}/"></head><body class="page page-id-9"><main><h1>Situs Sedang Dirawat</h1>
<time datetime="2026-01-05T09:00:00+07:00">5 Januari 2026</time>
<p>Kami sedang memperbarui peladen dan kembali melayani pembaca pada pukul lima sore nanti.</p></main></body></html>"""
BARE_MAINTENANCE = re.sub(r' class="page page-id-9"|<link[^>]*>', "", MAINTENANCE)
CHALLENGE = (
    "<!DOCTYPE html><html><head><title>Tunggu sebentar</title></head><body><noscript>JavaScript wajib aktif"
    '</noscript><div id="tantangan"></div><script src="/cdn-cgi/tantangan.js"></script></body></html>'
)
NOT_FOUND = json.dumps({"code": "rest_no_route", "message": "Alamat tidak dikenal.", "data": {"status": 404}})
CONTENT = re.compile(r'(<div class="entry-content">)(.*)(</div></article>)', re.DOTALL)


def behind_script(page: str, left: str = "") -> str:
    return CONTENT.sub(rf'\1<div id="isi">{left}</div><script>muat("isi")</script>\3', page)


FAULTS: dict[str, Callable[[str, str], tuple[bytes, str]]] = {
    "fatal error after the header": lambda page, _: (HTML, page.partition("<p>")[0] + PHP_ERROR),
    "fatal error in the text": lambda page, _: (HTML, "</p>".join(page.split("</p>")[:2]) + PHP_ERROR),
    "WordPress dies after the header": lambda page, _: (HTML, page.partition("<p>")[0] + DIE),
    "cut after the first paragraph": lambda page, _: (HTML, page.partition("</p>")[0]),
    "database error": lambda _, __: (HTML, DATABASE),
    "maintenance": lambda _, site: (HTML, MAINTENANCE.replace("{site}", site)),
    "maintenance without a name": lambda _, __: (HTML, BARE_MAINTENANCE),
    "challenge": lambda _, __: (HTML, CHALLENGE),
    "body behind a script": lambda page, _: (HTML, behind_script(page)),
    "body behind a script, and a picture": lambda page, _: (HTML, behind_script(page, '<img src="/foto.jpg">')),
    "notice in place of the body": lambda page, _: (HTML, behind_script(page, "<p>Aktifkan skrip di peramban.</p>")),
    "not found, as JSON": lambda _, __: (JSON, NOT_FOUND),
    "nothing": lambda _, __: (HTML, ""),
}
PARTS = {"whole": ("rest", "feed", "sitemap"), "without API and feed": ("sitemap",)}


def spoil(room: Newsroom, fault: str, share: int) -> None:
    """From now on one article of so many is answered so."""
    paths = {room.path_of(number) for number in range(1, ARTICLES + 1) if number % share == 0}

    def answer(path: str, headers: Any) -> Answer | None:
        if path not in paths:
            return None
        own = room.own(path, headers)
        kind, body = FAULTS[fault](own.body.decode(), room.portal.site)
        return own._replace(kind=kind, body=body.encode())

    room.replies.insert(0, answer)


def true_of(room: Newsroom, record: dict[str, Any]) -> bool:
    """True if a record has the title and text that the portal's own page has."""
    number = next(n for n in range(1, ARTICLES + 1) if room.id_of(n) == record["id"])
    page = room.own(room.path_of(number)).body.decode()
    texts = [part.partition("</p>")[0] for part in page.split("<p>")[1:]]
    return record["body"].endswith("\n\n".join(texts[1:])) and record["title"] in page


CASES = [
    *((fault, "without API and feed", 1, False) for fault in FAULTS),
    *((fault, "without API and feed", 7, False) for fault in FAULTS if fault.startswith(("cut", "body", "notice"))),
    *((fault, "whole", 7, True) for fault in FAULTS),
    ("body behind a script, and a picture", "whole", 1, False),
    ("body behind a script, and a picture", "without API and feed", 1, True),
]
QUICK = ("notice in place of the body, without API and feed, 1 of 1, fresh",)


def name(fault: str, having: str, share: int, known: bool) -> str:
    return f"{fault}, {having}, 1 of {share}, {'known' if known else 'fresh'}"


@pytest.mark.parametrize("case", only_quick([name(*case) for case in CASES], QUICK))
def test_nothing_false_is_written_and_the_repair_is_noticed(case: str, tmp_path: Path) -> None:
    [(fault, having, share, known)] = (own for own in CASES if name(*own) == case)
    with newsroom(ARTICLES, PARTS[having]) as room:
        reader = Reader(room.url, tmp_path, room)
        if known:
            assert reader.crawl().status == 0
        spoil(room, fault, share)
        first = reader.crawl("full=1" if known else "full=0")
        written = reader.archived()
        room.replies.clear()
        after = reader.crawl()
        assert [record["url"] for record in written if not true_of(room, record)] == []
        assert first.status != 0
        assert after.status == 0
        assert sorted(reader.revisions().items()) == [(number, [1]) for number in room.ids()]
        assert all(true_of(room, record) for record in reader.archived())
