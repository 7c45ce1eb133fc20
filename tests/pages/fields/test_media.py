"""Players and embeds of an article: which belong to it, where they lead, and what they are."""

import pytest

from narayacrawl import extract
from narayacrawl.items import Media
from narayacrawl.pages import ArticlePage, parse_html
from tests.growth import grows_in_proportion

URL = "https://portal.example/daerah/pasar-terapung/"
TEXT = "<p>Pedagang pindah ke hulu sungai sejak Senin pagi karena air pasang, kata kepala pasar di tepi sungai.</p>"
VIDEO = "https://www.youtube.com/embed/abcdefghijk"


def page(inside: str, *, above: str = "", before: str = "", below: str = "") -> str:
    return (
        '<html lang="id"><head><title>Pasar Terapung Pindah Jam</title></head><body class="single">'
        f'<article class="post hentry">{before}<h1 class="entry-title">Pasar Terapung Pindah Jam</h1>{above}'
        f'<div class="entry-content">{TEXT}{inside}{TEXT.replace("Senin", "Selasa")}</div></article>{below}'
        "</body></html>"
    )


def media(inside: str, *, above: str = "", before: str = "", below: str = "") -> list[tuple[str, str]]:
    found = extract(page(inside, above=above, before=before, below=below), URL).media
    return [(own.kind, own.url) for own in found]


@pytest.mark.parametrize(
    ("markup", "kind", "url"),
    [
        (f'<iframe src="{VIDEO}"></iframe>', "video", VIDEO),
        (f'<p><iframe src="about:blank" data-src="{VIDEO}"></iframe></p>', "video", VIDEO),
        (
            f'<iframe data-lazy-src="{VIDEO}"></iframe><noscript><iframe src="{VIDEO}"></iframe></noscript>',
            "video",
            VIDEO,
        ),
        (f'<div class="rll-youtube-player" data-src="{VIDEO}"></div>', "video", VIDEO),
        ('<lite-youtube videoid="abcdefghijk"></lite-youtube>', "video", VIDEO),
        ('<amp-youtube data-videoid="abcdefghijk" width="480"></amp-youtube>', "video", VIDEO),
        ('<iframe src="//player.vimeo.com/video/77"></iframe>', "video", "https://player.vimeo.com/video/77"),
        (
            '<video><source src="/u/banjir.mp4"><source src="/u/banjir.webm"></video>',
            "video",
            "https://portal.example/u/banjir.mp4",
        ),
        (
            '<figure class="wp-block-audio"><audio src="/u/siar.mp3"></audio></figure>',
            "audio",
            "https://portal.example/u/siar.mp3",
        ),
        (
            '<iframe src="https://open.spotify.com/embed/episode/4x"></iframe>',
            "audio",
            "https://open.spotify.com/embed/episode/4x",
        ),
        ('<iframe src="https://peta.example/muara"></iframe>', "embed", "https://peta.example/muara"),
        (
            '<blockquote class="twitter-tweet"><p>Air pasang <a href="https://t.co/x">t.co</a></p>— Kantor '
            '<a href="https://twitter.com/kantor/status/12345?ref_src=twsrc">Senin</a></blockquote>',
            "embed",
            "https://twitter.com/kantor/status/12345",
        ),
        (
            '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/Abc/?utm_source=x">'
            "<a href=/lain>Lihat</a></blockquote>",
            "embed",
            "https://www.instagram.com/p/Abc/",
        ),
        (
            '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\nhttps://youtu.be/abcdefghijk\n</div></figure>',
            "video",
            "https://youtu.be/abcdefghijk",
        ),
    ],
)
def test_player_inside_the_text_is_told(markup: str, kind: str, url: str) -> None:
    assert media(markup) == [(kind, url)]


@pytest.mark.parametrize(
    "markup",
    [
        '<iframe src="https://ad.doubleclick.net/x"></iframe>',
        '<div class="ads-tengah"><iframe src="https://peta.example/x"></iframe></div>',
        '<iframe src="https://hitung.example/x" width="1" height="1"></iframe>',
        '<iframe src="https://www.googletagmanager.com/ns.html?id=1"></iframe>',
        '<iframe src="https://www.facebook.com/plugins/like.php?href=x"></iframe>',
        '<div class="share-buttons"><iframe src="https://peta.example/x"></iframe></div>',
        f'<div class="related-posts"><iframe src="{VIDEO}"></iframe><a href="/lain/">Lain</a></div>',
        '<iframe class="wp-embedded-content" src="https://portal.example/feri/embed/"></iframe>',
        '<iframe src="about:blank"></iframe><iframe></iframe><iframe src="javascript:x()"></iframe>',
        '<iframe src="https://nama:sandi@peta.example/x"></iframe>',
        '<blockquote class="twitter-tweet"><a href="https://twitter.com/hashtag/banjir">#banjir</a></blockquote>',
    ],
)
def test_what_is_no_media_of_the_article_is_left_out(markup: str) -> None:
    assert media(markup) == []


def test_player_around_the_headline_belongs_to_the_article() -> None:
    player = f'<div class="video"><iframe src="{VIDEO}"></iframe></div>'
    assert media("", above=player) == media("", before=player) == [("video", VIDEO)]


def test_player_that_closes_a_text_without_a_named_container_belongs_to_it() -> None:
    html = (
        "<html><head><title>Pasar Terapung Pindah Jam</title></head><body><main><h1>Pasar Terapung Pindah Jam</h1>"
        f'<div>{TEXT}{TEXT.replace("Senin", "Selasa")}<iframe src="{VIDEO}"></iframe></div></main></body></html>'
    )
    assert extract(html, URL).media == [Media("video", VIDEO)]


@pytest.mark.parametrize(
    ("name", "is_media"),
    [
        ("embed-responsive", True),
        ("post-embed-block", True),
        ("kotak-video-player", True),
        ("iklan", False),
        ("text-to-speech", False),
    ],
)
def test_wrapper_of_a_player_tells_whose_it_is(name: str, *, is_media: bool) -> None:
    assert bool(media(f'<div class="{name}"><iframe src="https://peta.example/muara"></iframe></div>')) is is_media


@pytest.mark.parametrize("region", ['aside class="sidebar"', 'section class="comments"', "footer"])
def test_player_outside_the_article_does_not(region: str) -> None:
    assert media("", below=f'<{region}><iframe src="{VIDEO}"></iframe></{region.split()[0]}>') == []


def test_one_video_is_told_once() -> None:
    addresses = (
        VIDEO,
        f"{VIDEO}?rel=0",
        "https://youtu.be/abcdefghijk",
        "https://www.youtube-nocookie.com/embed/abcdefghijk",
    )
    assert len(media("".join(f'<iframe src="{address}"></iframe>' for address in addresses))) == 1


def test_media_keep_the_order() -> None:
    players = '<iframe src="https://peta.example/a"></iframe>', '<audio src="/b.mp3"></audio>'
    markup = TEXT.join([*players, '<video src="/c.mp4"></video>'])
    assert [kind for kind, _ in media(markup)] == ["embed", "audio", "video"]


def test_media_of_all_pages_of_a_split_article_are_told() -> None:
    def read(number: int) -> ArticlePage:
        players = f'<iframe src="{VIDEO}"></iframe><iframe src="https://peta.example/{number}"></iframe>'
        return ArticlePage(parse_html(page(players)), URL)

    assert read(1).published([read(2).as_following()]).media == [
        Media("video", VIDEO),
        Media("embed", "https://peta.example/1"),
        Media("embed", "https://peta.example/2"),
    ]


def test_page_of_players_costs_what_it_holds() -> None:
    def make(count: int) -> str:
        return page("".join(f'<iframe src="https://peta.example/{number}"></iframe>' for number in range(count)))

    assert grows_in_proportion(make, lambda html: extract(html, URL), 1_000)
    assert len(extract(make(1_000), URL).media) == 200
