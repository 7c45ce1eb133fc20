"""No string of the record holds what nobody sees, whatever a page puts where."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from narayacrawl import extract

URL = "https://portal.example/daerah/pasar-terapung/"
UNSEEN = st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"]) | st.sampled_from(
    "\ufdd0\ufffe\uffff\u202e\u2067\u061c\x1b"
)
JOINERS = "\u200c\u200d"


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from strings(part, f"{name}.{key}")


def is_unseen(character: str, name: str) -> bool:
    if character == "\n":
        return name not in (".body", ".body_html", ".standfirst")
    visible = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    is_script = unicodedata.category(character) == "Cf" and (
        character in JOINERS + visible or 0x13430 <= ord(character) <= 0x1BCA3
    )
    return not is_script and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def page(x: str) -> str:
    """An article that has these characters wherever it may say something."""
    told = {
        "@type": "NewsArticle",
        "headline": f"Pasar Terapung{x}",
        "inLanguage": f"id{x}",
        "author": {"name": f"Budi{x}"},
    }
    return f"""<html lang="id{x}"><head><title>Pasar Terapung{x} Pindah Jam | Kabar{x}</title>
<meta name="description" content="Ringkasan{x}"><meta property="og:image" content="https://portal.example/a{x}.jpg">
<meta property="og:site_name" content="Kabar{x}"><link rel="canonical" href="{URL}{x}">
<meta property="article:published_time" content="2025-12-14T10:00:00+07:00">
<script type="application/ld+json">{json.dumps(told)}</script></head>
<body class="single"><nav class="breadcrumb"><a href="/">Beranda</a>
<a href="/a/">Wilayah{x}</a><a href="/d/">Daerah{x}</a></nav>
<article class="post hentry"><h1 class="entry-title">Pasar Terapung{x} Pindah Jam</h1>
<p class="excerpt">Ringkasan{x} di atas berita yang panjang.</p>
<span class="author"><a href="/author/b/">Budi{x} Santoso</a></span>
<div class="entry-content"><figure><img src="/b{x}.jpg"><figcaption>Perahu{x}. Foto: Sari{x}</figcaption></figure>
<iframe src="https://youtube.example/embed/{x}a"></iframe>
<p>YOGYAKARTA{x} – Perahu{x} kayu <a href="/c{x}/">dari{x}</a> <b>hulu{x}</b> tiba pagi ini.</p>
<p>Baca juga: <a href="/d{x}/">Kabar{x} lain dari hulu</a></p><table><tr><td>a{x}<td>b<tr><td>c<td>d{x}</table>
<ul><li>Satu{x}</ul><h2>Muara{x}</h2><blockquote>Kata{x} dia.</blockquote><p>Editor: Ani{x}</p></div>
<div class="tags"><a rel="tag" href="/tag/t/">Tag{x}</a></div></article></body></html>"""


@given(st.text(UNSEEN, min_size=1, max_size=8))
@settings(deadline=None, max_examples=60)
def test_no_string_of_the_record_holds_what_nobody_sees(unseen: str) -> None:
    record = asdict(extract(page(unseen), URL, fetched_at="2026-01-05T02:00:00+00:00"))
    assert record["title"]
    assert [(name, text) for name, text in strings(record) if any(is_unseen(own, name) for own in text)] == []
