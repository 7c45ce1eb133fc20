import pytest
from parsel import Selector

from narayacrawl.items import Image
from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.fields.images import image_url, largest_candidate, picture_key

BASE = "https://portal.example/pasar/"
UPLOADS = "https://portal.example/wp-content/uploads"
A, B = f"{UPLOADS}/a.jpg", f"{UPLOADS}/b.jpg"
TEXT = "Pedagang di muara mulai berjualan pukul empat pagi sejak air pasang datang lebih awal."


def page(above: str = "", inside: str = "", *, head: str = "", below: str = "", before: str = "") -> ArticlePage:
    text = (
        f"<html><head>{head}</head><body class='single'>{before}<h1>Pasar</h1>{above}"
        f"<div class='entry-content'><p>{TEXT}</p>{inside}</div>{below}</body></html>"
    )
    return ArticlePage(Selector(text=text, type="html"), BASE)


@pytest.mark.parametrize(
    ("srcset", "url"),
    [
        (f"{A} 300w, {B} 1024w", B),
        (f"{B} 2x, {A} 1x", B),
        (f"{A}", A),
        (f"{A} 300w,{B} 600w", B),
        (f"{A} 300w, {B} 1024.5w", B),
        ("/a,b.jpg 300w", "/a,b.jpg"),
        ("data:image/gif;base64,R0 300w", None),
        (" , ", None),
        ("", None),
    ],
)
def test_the_largest_candidate_of_a_srcset_is_taken(srcset: str, url: str | None) -> None:
    assert largest_candidate(srcset) == url


@pytest.mark.parametrize(
    ("attributes", "url"),
    [
        ('src="/wp-content/uploads/a.jpg"', A),
        ('src="//portal.example/wp-content/uploads/a.jpg"', A),
        (f'src="{B}" srcset="{B} 300w, {A} 1024w"', A),
        (f'src="data:image/gif;base64,R0" data-src="{A}"', A),
        (f'src="data:image/svg+xml,x" data-lazy-src="{A}"', A),
        (f'src="/blank.gif" data-original="{A}"', A),
        (f'src="data:," data-src="{B}" data-srcset="{B} 300w, {A} 1024w"', A),
        (f'src="data:," srcset="data:image/gif;base64,R0 1w" data-srcset="{B} 300w, {A} 1024w"', A),
        (f'src="{A}" width="1200" height="675"', A),
        (f'src="{A}" width="auto" height="²"', A),
        (f'src="{A}" width="1" height="1"', None),
        (f'src="{A}" class="avatar avatar-96"', None),
        (f'src="{A}" class="wp-smiley"', None),
        ('src="https://secure.gravatar.com/avatar/x?s=96"', None),
        ('src="/wp-content/themes/x/img/a.png"', None),
        ('src="/wp-content/plugins/x/a.png"', None),
        ('src="/wp-content/uploads/logo-portal.png"', None),
        ('src="https://s.w.org/images/core/emoji/15/72x72/1f600.png"', None),
        ('src="data:image/png;base64,AAAA"', None),
        ('src="http://[x"', None),
        ('alt="a"', None),
    ],
)
def test_an_image_has_the_address_of_its_largest_version(attributes: str, url: str | None) -> None:
    element = Selector(text=f"<img {attributes}>").css("img")[0].root
    assert image_url(element, BASE) == url


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a-300x169.jpg", "a.jpg", True),
        ("a-scaled.jpg", "a-1024x576.jpg", True),
        ("a-e1700000000000-300x169.jpg", "a.jpg", True),
        ("a.jpg?ssl=1", "a.jpg", True),
        ("a-2.jpg", "a.jpg", False),
        ("a.jpg", "a.png", False),
    ],
)
def test_sizes_of_one_upload_are_the_same_picture(one: str, other: str, same: bool) -> None:
    assert (picture_key(f"{UPLOADS}/{one}") == picture_key(f"{UPLOADS}/{other}")) is same


@pytest.mark.parametrize(
    ("own", "images"),
    [
        (page(f'<img class="wp-post-image" src="{A}">'), [Image(A)]),
        (page(f'<figure class="post-thumbnail"><img src="{A}"></figure>'), [Image(A)]),
        (page(f'<div><img src="{A}"></div>'), [Image(A)]),
        (page(before=f'<img class="wp-post-image" src="{A}">'), [Image(A)]),
        (page(before=f'<img src="{A}">', head=f'<meta property="og:image" content="{A}">'), [Image(A)]),
        (page(before=f'<img src="{A}">'), []),
        (page(head=f'<meta property="og:image" content="{A}">'), [Image(A)]),
        (page(head='<meta property="og:image" content="/wp-content/uploads/a.jpg">'), [Image(A)]),
        (page(head=f'<meta name="twitter:image" content="{A}">'), [Image(A)]),
        (page(head='<meta property="og:image" content="http://[x">'), []),
        (page(f'<img class="wp-post-image" src="{A}">', head=f'<meta property="og:image" content="{B}">'), [Image(A)]),
        (page(below=f'<div class="related-posts"><img src="{A}"></div>'), []),
        (page(f'<div class="author-box"><img src="{A}"></div>'), []),
        (page(f'<noscript><img src="{A}"></noscript>'), [Image(A)]),
        (page('<noscript><img src="https://hitung.example/p?c1=2&c2=7"></noscript>'), []),
        (page('<noscript><img src="https://hitung.example/a.jpg" width="1" height="1"></noscript>'), []),
        (page(f'<noscript><img src="{A}" style="display:none"></noscript>'), []),
    ],
    ids=["WordPress", "wrapper", "below the title", "marked above it", "told above it", "chrome", "OpenGraph",
         "relative", "Twitter", "malformed", "shown goes first", "related", "author box", "noscript", "counter",
         "counter named like a picture", "hidden"],
)  # fmt: skip
def test_the_lead_image_has_several_places(own: ArticlePage, images: list[Image]) -> None:
    assert own.images == images


LD = '<script type="application/ld+json">{"@graph": [%s]}</script>'
ORGANIZATION = '{"@type": "Organization", "@id": "#o", "logo": {"@type": "ImageObject", "url": "%s"}}'


@pytest.mark.parametrize(
    ("head", "is_lead"),
    [
        (f'<meta property="og:image" content="{A}">', True),
        (f'<meta name="twitter:image" content="{A}">', True),
        (LD % f'{{"@type": "NewsArticle", "image": {{"@type": "ImageObject", "url": "{A}"}}}}', True),
        (LD % f'{{"@type": "NewsArticle", "image": {{"@id": "#i"}}}}, {{"@id": "#i", "@type": "X", "url": "{A}"}}',
         True),
        (f'<meta property="og:image" content="{UPLOADS}/logo.png"><meta name="twitter:image" content="{A}">', True),
        (f'<meta property="og:image" content="{UPLOADS}/b-1200x630.jpg">', False),
        (f'<meta property="og:image" content="{UPLOADS}/2025/b.webp">', False),
        (f'<meta property="og:image" content="{UPLOADS}/default-warta.jpg">', False),
        (f'<meta property="og:image" content="{UPLOADS}/cropped-warta-512x512.jpg">', False),
        (f'<meta property="og:image" content="{UPLOADS}/warta-og-image.jpg">', False),
        (f'<meta property="og:image" content="{UPLOADS}/warta_share.jpg">', False),
        (f'<meta property="og:image" content="{UPLOADS}/Cover.jpg">', False),
        ('<meta property="og:image" content="https://portal.example/gambar/a.jpg">', False),
        ('<meta property="og:image" content="https://portal.example/wp-content/themes/x/a.jpg">', False),
        (f'<meta property="og:image" content="{A}">' + LD % (ORGANIZATION % A), False),
        (f'<meta property="og:image" content="{A}">' + LD % (ORGANIZATION % B), True),
    ],
    ids=["OpenGraph", "Twitter", "JSON-LD", "JSON-LD reference", "behind a logo", "another size", "another format",
         "default", "site icon", "og image", "share", "cover", "no upload", "theme", "the logo", "another logo"],
)  # fmt: skip
def test_a_lead_image_that_only_the_metadata_names_goes_before_the_bodys(head: str, is_lead: bool) -> None:
    assert page(inside=f'<img src="{B}">', head=head).images == [*([Image(A)] if is_lead else []), Image(B)]


@pytest.mark.parametrize(
    ("shown", "told", "images"),
    [
        ("perahu-kayu.jpg", "perahu-kayu_fb.jpg", 1),
        ("perahu-kayu-2.jpg", "perahu-kayu.jpg", 1),
        ("perahu.jpg", "perahunya.jpg", 2),
        ("img-1.jpg", "img-2.jpg", 2),
    ],
)
def test_a_crop_for_sharing_is_no_second_picture(shown: str, told: str, images: int) -> None:
    head = f'<meta property="og:image" content="{UPLOADS}/{told}">'
    assert len(page(inside=f'<img src="{UPLOADS}/{shown}">', head=head).images) == images


@pytest.mark.parametrize("url", [f"{UPLOADS}/logo-warta.png", "https://s0.example/i/blank.jpg"])
def test_the_portals_own_picture_is_no_lead_image(url: str) -> None:
    assert page(head=f'<meta property="og:image" content="{url}">').images == []


BLANK = "data:image/gif;base64,R0lGOD"


@pytest.mark.parametrize(
    "late",
    ["", f'<img src="{BLANK}" class="lazy">', f'<img src="{BLANK}" data-src="{A}">',
     f'<img src="/tunggu.gif" data-srcset="{A} 800w">',
     f'<img src="{A}">'],
    ids=["alone", "placeholder", "data-src", "data-srcset", "loaded at once"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["above", "inside"])
def test_the_picture_of_a_noscript_keeps_its_caption_and_is_counted_once(late: str, place: str) -> None:
    figure = f'<p>{late}<noscript><img src="{A}"></noscript></p><p class="wp-element-caption">Perahu. Foto: Sari</p>'
    assert page(**{place: figure}).images == [Image(A, "Perahu.", "Sari")]


@pytest.mark.parametrize(
    ("figure", "caption", "credit"),
    [
        (f'<figure><img src="{A}"><figcaption>Perahu. Foto: Sari</figcaption></figure>', "Perahu.", "Sari"),
        (f'<figure><img src="{A}"><figcaption>Foto: Sari</figcaption></figure>', None, "Sari"),
        (f'<figure><img src="{A}"><figcaption>Perahu merapat.</figcaption></figure>', "Perahu merapat.", None),
        (f'<div class="wp-caption"><img src="{A}"><p class="wp-caption-text">Perahu.</p></div>', "Perahu.", None),
        (f'<img src="{A}"><p class="image-caption">Perahu.</p>', "Perahu.", None),
        (f'<img src="{A}"><p>Warga menunggu perahu di dermaga.</p>', None, None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["above", "inside"])
def test_a_caption_is_parted_from_its_credit(figure: str, caption: str | None, credit: str | None, place: str) -> None:
    assert page(**{place: figure}).images == [Image(A, caption, credit)]


@pytest.mark.parametrize(
    ("inside", "caption", "credit"),
    [
        ("Perahu merapat<br>Foto: Sari", "Perahu merapat", "Sari"),
        ("Perahu merapat<br/>(Dok. Humas)", "Perahu merapat", "Dok. Humas"),
        ("Perahu merapat<br>di muara. Foto: Sari", "Perahu merapat di muara.", "Sari"),
        ("<p>Perahu merapat.</p><p>Foto: Sari</p>", "Perahu merapat.", "Sari"),
        ('Perahu merapat <span class="media-credit">Sari / Warta</span>', "Perahu merapat", "Sari / Warta"),
        ('Perahu merapat<span class="imageCredit">Sari</span>', "Perahu merapat", "Sari"),
        ('Perahu merapat <cite class="kredit-foto">oleh warga</cite>', "Perahu merapat", "oleh warga"),
        ('<span class="photo-source">Sari</span> Perahu merapat', "Perahu merapat", "Sari"),
        ('<i class="x-copyright">Foto: Sari Adi</i>', None, "Sari Adi"),
        ('<span class="credit">Sari</span>', None, "Sari"),
        ('Perahu merapat <div class="photographer">Sari (Warta)</div>', "Perahu merapat", "Sari (Warta)"),
        ("Perahu merapat <em>(Sari Adi)</em>", "Perahu merapat", "Sari Adi"),
        ("Perahu merapat <em>(Warta/Sari)</em>", "Perahu merapat", "Warta/Sari"),
        ("Perahu merapat <small>Sari Adi</small>", "Perahu merapat", "Sari Adi"),
        ('Perahu merapat. <span class="q7">Sari Adi</span>', "Perahu merapat.", "Sari Adi"),
        ("<span>Perahu merapat</span> <span>Sari Adi</span>", "Perahu merapat", "Sari Adi"),
        ("<em>Perahu merapat (Foto: Sari)</em>", "Perahu merapat", "Sari"),
        ("Perahu milik <em>Sari Adi</em>", "Perahu milik Sari Adi", None),
        ("Sari <em>(kiri)</em>", "Sari (kiri)", None),
        ("Perahu di <b>Muara Angke</b>", "Perahu di Muara Angke", None),
        ('<span class="credit">Perahu kayu yang merapat di muara</span>', "Perahu kayu yang merapat di muara", None),
        ('Perahu <span class="resource">Muara Angke</span>', "Perahu Muara Angke", None),
        ("Ketua nelayan<br>Sari Adi", "Ketua nelayan Sari Adi", None),
        ("Perahu <i></i>", "Perahu", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["above", "inside"])
def test_a_credit_has_a_line_or_an_element_of_its_own(
    inside: str, caption: str | None, credit: str | None, place: str
) -> None:
    assert page(**{place: f'<figure><img src="{A}"><figcaption>{inside}</figcaption></figure>'}).images == [
        Image(A, caption, credit)
    ]


def test_a_second_caption_below_a_picture_is_not_joined_to_its_own() -> None:
    captions = "<p class='wp-caption-text'>Perahu.</p><p class='wp-caption-text'>Lihat juga foto lain.</p>"
    assert page("", f'<div><img src="{A}">{captions}</div>').images == [Image(A, "Perahu.")]


PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
LAZY = f'<img src="{PLACEHOLDER}" data-src="{A}">'
TWIN = f'<noscript><img src="{A}"></noscript>'


@pytest.mark.parametrize(
    "picture",
    [
        LAZY + TWIN,
        TWIN + LAZY,
        f'<a href="{A}">{LAZY}{TWIN}</a>',
        f'<img src="{PLACEHOLDER}" data-lazy-srcset="{UPLOADS}/a-300x169.jpg 300w, {A} 1024w">{TWIN}',
        f'<img src="/wp-content/plugins/lazy/placeholder.gif" data-original="{A}">{TWIN}',
    ],
    ids=["after", "before", "in a link", "srcset", "a file in its place"],
)
@pytest.mark.parametrize("place", ["above", "inside"])
def test_the_twin_of_a_picture_that_loads_late_leaves_it_its_caption(picture: str, place: str) -> None:
    figure = f"<figure>{picture}<figcaption>Perahu. Foto: Sari</figcaption></figure>"
    assert page(**{place: figure}).images == [Image(A, "Perahu.", "Sari")]


def test_two_pictures_that_load_late_are_a_gallery() -> None:
    second, twin = LAZY.replace(A, B), TWIN.replace(A, B)
    gallery = f"<figure>{LAZY}{TWIN}{second}{twin}<figcaption>Perahu. Foto: Sari</figcaption></figure>"
    assert page("", gallery).images == [Image(A), Image(B)]


AMP = f'<amp-img src="{A}"></amp-img>'


@pytest.mark.parametrize(
    ("pictures", "images"),
    [
        (AMP + AMP.replace(A, B), [Image(A), Image(B)]),
        (f'<amp-img src="{A}"><noscript><img src="{A}"></noscript></amp-img>', [Image(A, "Perahu.", "Sari")]),
        (f'<amp-img src="{A}"><img fallback src="{A}"></amp-img>', [Image(A, "Perahu.", "Sari")]),
    ],
    ids=["a gallery", "a twin", "a fallback"],
)
def test_pictures_of_amp_are_captioned_as_others_are(pictures: str, images: list[Image]) -> None:
    assert page("", f"<figure>{pictures}<figcaption>Perahu. Foto: Sari</figcaption></figure>").images == images


def test_the_lead_image_comes_first_and_once() -> None:
    inside = f'<img src="{UPLOADS}/a-300x169.jpg"><p>{TEXT}</p><img src="{B}"><img src="{B}">'
    assert page(f'<img src="{A}">', inside).images == [Image(A), Image(B)]


def test_the_caption_of_a_gallery_belongs_to_no_single_picture() -> None:
    gallery = (
        f'<figure><figure><img src="{A}"></figure><figure><img src="{B}"></figure><figcaption>X</figcaption></figure>'
    )
    assert page("", gallery).images == [Image(A), Image(B)]


@pytest.mark.parametrize(
    ("href", "shown"),
    [("/feri/", False), (BASE, True), (A, True), (f"{BASE}foto-perahu/", True), ("#", True)],
    ids=["another article", "itself", "the picture", "its attachment page", "nowhere"],
)
def test_a_picture_above_the_title_that_leads_to_another_article_is_no_lead_image(href: str, shown: bool) -> None:
    before = f"<div><a href='{href}'><img class='wp-post-image' src='{A}'></a></div>"
    assert (page(f"<img src='{B}'>", before=before).images[0].url == A) is shown


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ('<div id="bawah-foto">Perahu merapat di muara. (Foto: Sari)</div>', "Perahu merapat di muara.", "Sari"),
        ('<div class="ket-foto">Perahu merapat di muara</div>', "Perahu merapat di muara", None),
        ('<p class="lead">Perahu sayur merapat lebih pagi di muara.</p>', None, None),
        ("<p>Oleh: Sari Wulandari</p>", None, None),
        ('<div class="entry-meta">Sari | Sumber: Warta Muara</div>', None, None),
    ],
)
def test_a_line_below_the_lead_image_with_a_credit_is_its_caption(
    line: str, caption: str | None, credit: str | None
) -> None:
    assert page(f'<div><img src="{A}"></div>{line}').images == [Image(A, caption, credit)]


@pytest.mark.parametrize("names", ["h-10 w-10 rounded-full", "rounded-circle me-2", "img-circle"])
def test_the_round_picture_beside_the_byline_is_no_lead_image(names: str) -> None:
    byline = f'<div><img class="{names}" src="/sari.jpg"><a href="/author/sari/">Sari Wulandari</a></div>'
    assert page(f'{byline}<figure><img class="w-full rounded-lg" src="{A}"></figure>').images == [Image(A)]


def test_a_line_that_shares_its_element_with_amps_picture_is_its_caption() -> None:
    assert page(f'<div><amp-img src="{A}"></amp-img><p>Perahu di muara</p></div>').images == [
        Image(A, "Perahu di muara")
    ]
