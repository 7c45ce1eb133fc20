"""Wrappers of an article that are named like one of its parts."""

import pytest

from narayacrawl import Article, extract

URL = "https://portal.example/daerah/perahu-sayur/"
TITLE = "Perahu Sayur Bersandar Lebih Pagi"
EXCERPT = "Jam sandar baru berlaku sampai akhir musim hujan."
ONE = "Perahu sayur dari hulu kini bersandar pukul empat pagi."
TWO = "Pedagang di pasar bawah menyambut jam baru itu dengan lega."
PICTURE = '<div class="post-thumbnail"><img src="/a.jpg"></div><p class="thumb-caption">Perahu sayur di muara.</p>'
SHARE = '<a href="https://www.facebook.com/sharer.php?u=x">Facebook</a>'


def read(post: str) -> Article:
    html = f'<html lang="id"><head><title>{TITLE} - Kabar Muara</title></head><body class="single">{post}</body></html>'
    return extract(html, URL)


@pytest.mark.parametrize("wrapper", ["read-single social-after-title", "share-above", "post-social-wrap"])
def test_a_wrapper_named_after_its_share_links_is_read(wrapper: str) -> None:
    article = read(
        f'<article class="hentry"><div class="{wrapper}"><h1>{TITLE}</h1><div class="post-excerpt">{EXCERPT}</div>'
        f'{SHARE}{PICTURE}<div class="entry-content"><p>{ONE}</p><p>{TWO}</p></div></div></article>'
    )
    assert (article.title, article.standfirst, article.body) == (TITLE, EXCERPT, f"{ONE}\n\n{TWO}")
    assert [image.caption for image in article.images] == ["Perahu sayur di muara."]


@pytest.mark.parametrize(
    "box", [f"<h3>Bagikan</h3>{SHARE}", f"<h1>{TITLE}</h1><p>Bagikan berita ini ke teman Anda</p>{SHARE}"]
)
def test_a_box_of_share_links_is_none(box: str) -> None:
    article = read(
        f'<article class="hentry"><h1>{TITLE}</h1><div class="entry-content"><p>{ONE}</p>'
        f'<div class="social-share">{box}</div><p>{TWO}</p></div></article>'
    )
    assert article.body == f"{ONE}\n\n{TWO}"


def test_the_widget_that_holds_bloggers_posts_is_no_sidebar() -> None:
    article = read(
        '<div class="Header"><h1><a href="/">Kabar Muara</a></h1></div><div class="widget Blog" id="Blog1">'
        f'<div class="blog-posts hfeed"><div class="post"><h3 class="post-title entry-title">{TITLE}</h3>'
        f'<div class="post-body entry-content"><p>{ONE}</p><p>{TWO}</p></div></div></div></div>'
        '<div class="widget PopularPosts"><div class="post-content"><a href="/pasar/">Pasar Terapung</a></div></div>'
    )
    assert (article.title, article.body) == (TITLE, f"{ONE}\n\n{TWO}")
