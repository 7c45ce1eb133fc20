import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from narayacrawl.items import RelatedLink
from narayacrawl.pages.body.body import Body, read_body
from narayacrawl.pages.outline.outline import Outline

URL = "https://portal.example/daerah/pasar-terapung/"
TITLE = "Pasar Terapung Pindah Jam"
ONE = "Pedagang di muara mulai berjualan pukul empat pagi sejak air pasang datang lebih awal."
TWO = "Kepala pasar berkata perahu yang terlambat tetap boleh merapat di dermaga timur."
LINK = '<a href="/feri/">Feri Berhenti Sehari</a>'
RELATED = [RelatedLink("Feri Berhenti Sehari", "https://portal.example/feri/")]


def read(html: str, *, title: str = TITLE, body: str = "entry-content") -> Body:
    """The body of a page whose content element holds this."""
    page = f'<html><body><main><article><h1>{title}</h1><div class="{body}">{html}</div></article></main></body></html>'
    return read_page(page, title)


def read_page(page: str, title: str = TITLE) -> Body:
    return read_body(Outline(Selector(text=page, type="html").root, URL), title)


def shown(body: Body) -> list[str]:
    return [block.text for block in body.blocks]


# What goes


@pytest.mark.parametrize(
    "dropped",
    [
        '<div class="gmr-banner-content"><p>Diskon besar.</p></div>',
        '<div class="code-block code-block-3"><p>Diskon besar.</p></div>',
        "<p>750 x 100 AD PLACEMENT</p>",
        "<p>ADVERTISEMENT</p>",
        "<p>SCROLL TO CONTINUE WITH CONTENT</p>",
        "<p>[Gambas:Video Portal]</p>",
        f"<p>BACA JUGA: {LINK}</p>",
        f"<p><strong>Baca juga</strong>: {LINK}</p>",
        f"<p>{LINK.replace('>Feri', '>Baca Juga: Feri')}</p>",
        f"<p>Baca juga:</p><ul><li>{LINK}</li></ul>",
        f"<h3>Berita Terkait</h3><ul><li>{LINK}</li></ul>",
        f"<blockquote>Simak juga: {LINK}</blockquote>",
        "<p>Baca juga: Feri Berhenti Sehari</p>",
        f'<div class="jnews_inline_related_post_wrapper"><h4>Baca Juga</h4>{LINK}</div>',
        '<figure><img src="/a.jpg"><figcaption>Perahu di muara. Foto: Sari</figcaption></figure>',
        '<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">Perahu di muara.</p></div>',
        '<blockquote class="twitter-tweet"><p>Ramai sekali di muara!</p></blockquote><script>a()</script>',
        '<figure class="wp-block-embed"><div>https://youtu.be/x</div></figure><iframe src="//youtu.be/x"></iframe>',
        "<p>Ikuti kami di Google News untuk mendapat berita terbaru.</p>",
        "<p>Dapatkan update berita pilihan lewat saluran WhatsApp kami.</p>",
        "<p>Penulis: Bayu Adi | Editor: Rina Sari</p>",
        "<p>Sumber: Antara</p>",
        '<div id="comments"><h3>Tinggalkan Balasan</h3><ol><li>Bagus!</li></ol></div>',
        '<div class="sharedaddy"><h3>Bagikan ini:</h3><ul><li><a href="//x.example">X</a></li></ul></div>',
        '<div class="author-box"><p>Sari Wulandari menulis tentang sungai dan pasar sejak lama.</p></div>',
        '<form class="mc4wp-form"><p>Daftar buletin kami</p><input type="email"></form>',
        '<div class="tags-links">Tag: <a href="/tag/sungai/" rel="tag">sungai</a></div>',
        '<nav class="page-links">Halaman: <a href="/daerah/pasar-terapung/2/">2</a></nav>',
        '<div class="cookie-consent"><p>Situs ini memakai kuki.</p></div>',
        '<aside><p>Paling banyak dibaca</p></aside>',
        '<span class="screen-reader-text">Lewati ke isi</span>',
        f"<h2>{TITLE}</h2>",
        f"<h1>{TITLE.upper()}</h1>",
        "<style>p { color: red }</style><noscript>Aktifkan skrip</noscript><template><p>x</p></template>",
        "<button>Dengarkan</button><select><option>Besar</option></select><svg><text>x</text></svg>",
    ],
)  # fmt: skip
def test_drops_what_is_not_the_articles_text(dropped: str) -> None:
    assert shown(read(f"<p>{ONE}</p>{dropped}<p>{TWO}</p>")) == [ONE, TWO]


@pytest.mark.parametrize(
    "line",
    [
        f"<p>BACA JUGA: {LINK}</p>",
        f"<p>{LINK.replace('>Feri', '>Baca Juga: Feri')}</p>",
        f"<p>Baca juga:</p><ul><li>{LINK}</li></ul>",
        f"<p>Lihat juga :<br>{LINK}</p>",
        f"<p>Baca Juga: {LINK.replace('/feri/', '/feri/?utm_source=dalam#top')}</p>",
        f"<p>Baca Juga: {LINK}</p><p>Baca Juga: {LINK}</p>",
    ],
)
def test_keeps_the_links_of_related_lines(line: str) -> None:
    body = read(f"<p>{ONE}</p>{line}<p>{TWO}</p>")
    assert (shown(body), body.related) == ([ONE, TWO], RELATED)


def test_a_related_heading_after_the_text_is_the_themes_block() -> None:
    body = read(f"<p>{ONE}</p><p>{TWO}</p><h3>You might also like</h3><p>{LINK}</p>")
    assert (shown(body), body.related) == ([ONE, TWO], [])


def test_names_of_credit_lines_are_kept_though_the_lines_go() -> None:
    body = read(f"<p>{ONE}</p><p>Penulis: Bayu Adi</p><p>Editor: Rina Sari</p>")
    assert (shown(body), body.authors, body.editors) == ([ONE], ["Bayu Adi"], ["Rina Sari"])


def test_a_malformed_link_of_a_related_line_is_no_link() -> None:
    assert read(f'<p>{ONE}</p><p>Baca Juga: <a href="http://[x">Feri</a></p>').related == []


# What stays


@pytest.mark.parametrize(
    ("html", "kind", "text"),
    [
        ("<p>Warga dapat baca juga papan jadwal.</p>", "p", "Warga dapat baca juga papan jadwal."),
        (f"<p>Itu, baca juga {LINK}, berubah.</p>", "p", "Itu, baca juga Feri Berhenti Sehari, berubah."),
        (f"<p>{LINK}</p>", "p", "Feri Berhenti Sehari"),
        ("<blockquote>“Kami menunggu air.”</blockquote>", "blockquote", "“Kami menunggu air.”"),
        ("<blockquote><p>“Kami menunggu air.”</p></blockquote>", "blockquote", "“Kami menunggu air.”"),
        ("<h2>Jam baru</h2>", "h2", "Jam baru"),
        ("<h6>Jam baru</h6>", "h4", "Jam baru"),
        ("<h1>Jam baru</h1>", "h2", "Jam baru"),
        ("<p><strong>Jam baru</strong></p>", "p", "Jam baru"),
        ("<ol><li><p>perahu</p></li></ol>", "ol", "perahu"),
        ("<p>Ya.</p>", "p", "Ya."),
        ("<pre>pukul 04.00</pre>", "p", "pukul 04.00"),
        ("<dl><dt>perahu</dt></dl>", "p", "perahu"),
        ("<p>Iklan layanan masyarakat dipasang di dermaga.</p>", "p", "Iklan layanan masyarakat dipasang di dermaga."),
        ("<p>Editor foto itu menolak hadir.</p>", "p", "Editor foto itu menolak hadir."),
        ("<p>Google News memuat kabar itu.</p>", "p", "Google News memuat kabar itu."),
        (f"<p>{TITLE}</p>", "p", TITLE),
        ('<p class="ad-free has-background">Warga senang.</p>', "p", "Warga senang."),
        ('<div class="content-with-related"><p>Warga senang.</p></div>', "p", "Warga senang."),
        ('<div class="wp-block-group is-layout-flow"><p>Warga senang.</p></div>', "p", "Warga senang."),
        ('<a class="share" href="/x">x</a><span class="tag">Warga senang.</span>', "p", "xWarga senang."),
        ("<table><tr><th>Hari<th>Jam<tr><td>Senin<td>04.00</table>", "table", "Hari | Jam\nSenin | 04.00"),
    ],
)  # fmt: skip
def test_keeps_what_is_the_articles_text(html: str, kind: str, text: str) -> None:
    blocks = read(f"<p>{ONE}</p>{html}<p>{TWO}</p>").blocks
    assert [(block.kind, block.text) for block in blocks] == [("p", ONE), (kind, text), ("p", TWO)]


@pytest.mark.parametrize(
    "name", ["has-sidebar", "content-with-related", "ad-free", "with-comments", "no-banner", "right-sidebar"]
)
def test_an_unlucky_class_name_of_a_wrapper_costs_no_text(name: str) -> None:
    page = f'<body><div class="{name}"><div class="row"><h1>{TITLE}</h1><p>{ONE}</p><p>{TWO}</p></div></div></body>'
    assert shown(read_page(page)) == [ONE, TWO]


def test_a_wrapper_named_like_a_rule_is_believed_only_while_it_holds_little() -> None:
    page = f'<body><div class="has-sidebar related-layout"><h1>{TITLE}</h1>{f"<p>{ONE}</p>" * 20}</div></body>'
    assert shown(read_page(page)) == [ONE] * 20


# Kinds of articles


def test_a_list_may_be_the_article() -> None:
    items = [f"Nomor {number} adalah perahu kayu dari hulu sungai" for number in range(1, 11)]
    body = read(f"<ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>")
    assert [(block.kind, block.text) for block in body.blocks] == [("ol", item) for item in items]


def test_a_table_may_be_the_article() -> None:
    rows = [("Cabai", "45.000"), ("Bawang", "30.000"), ("Garam", "5.000")]
    body = read(f"<table>{''.join(f'<tr><td>{name}</td><td>{price}</td></tr>' for name, price in rows)}</table>")
    assert shown(body) == ["Cabai | 45.000\nBawang | 30.000\nGaram | 5.000"]


def test_an_empty_cell_keeps_its_column() -> None:
    assert shown(read("<table><tr><td>A<td><td>C<tr><td>1<td>2<td>3</table>")) == ["A |  | C\n1 | 2 | 3"]


def test_a_table_of_the_pages_layout_is_no_table() -> None:
    body = read(f"<table><tr><td><p>{ONE * 6}</p></td><td><p>{TWO * 6}</p></td></tr></table>")
    assert [block.kind for block in body.blocks] == ["p", "p"]


def test_a_brief_may_be_one_sentence() -> None:
    assert shown(read("<p>Pasar tutup.</p>")) == ["Pasar tutup."]


def test_keeps_all_of_a_long_text_in_order() -> None:
    paragraphs = [f"Paragraf {number} " + "tentang pasar di muara sungai itu. " * 8 for number in range(400)]
    assert shown(read("".join(f"<p>{text}</p>" for text in paragraphs))) == [text.strip() for text in paragraphs]


@pytest.mark.parametrize(
    "text",
    [
        "Рынок на воде открывается раньше, потому что прилив приходит до рассвета.",
        "يفتح السوق العائم أبوابه قبل الفجر لأن المد يأتي مبكرا هذا العام في المدينة.",
        "ตลาดน้ำเปิดเร็วขึ้นเพราะน้ำขึ้นก่อนรุ่งสางในเดือนนี้และชาวบ้านก็ยินดี",
        "由于潮水在黎明前到来,水上市场比往年更早开门,附近的居民都表示欢迎这一变化。",
    ],
    ids=["Cyrillic", "Arabic", "Thai", "Chinese"],
)
@pytest.mark.parametrize("name", ["entry-content", "x7"])
def test_reads_text_of_any_script(name: str, text: str) -> None:
    assert shown(read(f"<p>{text}</p><p>{text}</p>", body=name)) == [text, text]


# Lines and inline elements


@pytest.mark.parametrize(
    "html",
    [
        f"<div>{ONE}</div><div>{TWO}</div>",
        f"<div><div>{ONE}</div></div>{TWO}",
        f"{ONE}<br><br>{TWO}",
        f"{ONE}<br />&nbsp;<br/>{TWO}",
        f"<p>{ONE}<br>{TWO}</p>",
        f"{ONE}<p></p>{TWO}",
        f"<span><p>{ONE}</p></span><p>{TWO}",
        f"<p>{ONE}<!-- iklan --></p><!--more-->{TWO}<!-- akhir -->",
        f"<p>{ONE}<p>{TWO}",
    ],
)
@pytest.mark.parametrize("name", ["entry-content", "x7"])
def test_parts_paragraphs_however_they_are_written(name: str, html: str) -> None:
    assert shown(read(html, body=name)) == [ONE, TWO]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("Pasar terapung<br>pindah jam", ["Pasar terapung pindah jam"]),
        ("Pasar pindah.<br>Warga senang.", ["Pasar pindah.", "Warga senang."]),
        ("Pasar pindah.<br>pukul empat", ["Pasar pindah.", "pukul empat"]),
        ("Pasar terapung<br><br>pindah jam", ["Pasar terapung", "pindah jam"]),
        ("<br>Pasar<!-- x --> pindah<br>", ["Pasar pindah"]),
        ("<b>Pasar.<br>Pindah.</b>", ["Pasar.", "Pindah."]),
        ("H<sub>2</sub>O", ["H2O"]),
    ],
)
def test_a_single_break_ends_a_line_unless_the_sentence_runs_on(html: str, lines: list[str]) -> None:
    assert shown(read(f"<p>{html}</p>")) == lines


@pytest.mark.parametrize(
    ("html", "inline"),
    [
        ("<p>a <b>b <i>c</i></b> d</p>", ["a <strong>b <em>c</em></strong> d"]),
        ('<p><a href="/x?a=1&amp;b=2" class="y">a</a></p>', ['<a href="https://portal.example/x?a=1&amp;b=2">a</a>']),
        ('<p><a href="#x">a</a> <a href="javascript:b()">b</a></p>', ["a b"]),
        ("<p><u><span style='x'>a</span></u> &lt;b&gt; &amp; c</p>", ["a &lt;b&gt; &amp; c"]),
        ("<strong>a <p>b</p> c</strong>", ["<strong>a </strong>", "<strong>b</strong>", "<strong> c</strong>"]),
        ("<p><b>a<br><br>b</b></p>", ["<strong>a</strong>", "<strong>b</strong>"]),
        ('<a href="/x"><p>a</p><p>b</p></a>', ['<a href="https://portal.example/x">a</a>', '<a href="https://portal.example/x">b</a>']),
    ],
)  # fmt: skip
def test_inline_html_is_clean_and_whole_in_every_block(html: str, inline: list[str]) -> None:
    assert [block.html for block in read(html).blocks] == inline


# Containers


@pytest.mark.parametrize(
    "page",
    [
        f"<body><div><h1>{TITLE}</h1><div><p>{ONE}</p><p>{TWO}</p></div></div></body>",
        f"<body><h1>{TITLE}</h1><p>{ONE}</p><p>{TWO}</p><footer><p>Alamat redaksi di kota itu.</p></footer>",
        f'<h1>{TITLE}</h1><div class="x7"><p>{ONE}</p><p>{TWO}</p></div><div class="sidebar"><p>{LINK}</p></div>',
        f'<article itemprop="articleBody"><p>{ONE}</p><p>{TWO}</p></article>',
    ],
)  # fmt: skip
def test_finds_the_text_without_a_containers_known_name(page: str) -> None:
    assert shown(read_page(page)) == [ONE, TWO]


def test_a_container_with_a_bodys_name_is_not_believed_when_it_holds_little() -> None:
    page = f'<div class="post-content"><p>{ONE}</p></div><div class="x7"><h1>{TITLE}</h1>{f"<p>{TWO}</p>" * 9}</div>'
    assert shown(read_page(page)) == [TWO] * 9


def test_a_card_with_a_bodys_name_is_not_the_body() -> None:
    cards = f'<div class="related-posts"><div class="entry-content"><p>{TWO * 9}</p></div></div>'
    assert shown(read_page(f'<div class="entry-content"><p>{ONE}</p></div>{cards}')) == [ONE]


@pytest.mark.parametrize("page", ["<html></html>", "<body></body>", "<body><img src='/a.jpg'></body>", "<frameset/>"])
def test_a_page_without_text_has_no_blocks(page: str) -> None:
    assert read_page(page).blocks == []


TAGS = ["<p>", "</p>", "<b>", "</b>", "<a href='/x'>", "</a>", "<br>", "<div>", "<td>", "<li>", "<table>"]


@given(st.lists(st.sampled_from([*TAGS, "kata", " ", "Baca juga: "]), max_size=14))
def test_no_text_is_lost_or_doubled_by_broken_markup(parts: list[str]) -> None:
    body = read("".join(parts))
    kept = "".join(shown(body)).count("kata") + sum(link.title.count("kata") for link in body.related)
    assert kept <= parts.count("kata")
    assert "Baca juga: " in parts or kept == parts.count("kata")
