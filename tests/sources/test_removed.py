"""Articles that are taken away, led elsewhere, or back: what the ledger holds of them, and what is written."""

from pathlib import Path

import pytest

from tests.desk import Newsroom, Reader, newsroom
from tests.slow import first_quick

ARTICLES = 20
OLD = 3
"""An article that is not on the front page."""


def url_of(room: Newsroom, number: int) -> str:
    return f"{room.portal.site}{room.path_of(number)}"


def take_away(room: Newsroom, how: str) -> None:
    """Delete the old article; its address answers so."""
    path = room.path_of(OLD)
    if how == "410":
        room.reply(path, 410)
    elif how == "the front page":
        room.redirect(path, "/")
    elif how == "another article":
        room.redirect(path, room.path_of(12))
    room.delete_these(OLD)


def bring_back(room: Newsroom) -> None:
    room.replies.clear()
    room.portal.published.deleted.clear()
    room.portal.published._sequences.clear()
    room.portal.refresh()


HOW = first_quick("404", "410", "the front page", "another article")


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("source", first_quick("auto", "sitemap"))
def test_article_that_is_taken_away_is_gone(room: Newsroom, known: Reader, how: str, source: str) -> None:
    if source == "sitemap":
        known.crawl("source=sitemap")
    take_away(room, how)
    done = known.crawl(f"source={source}")
    assert (done.status, done.articles, done.stat("article/gone")) == (0, [], 1)
    assert known.listed("gone") == [url_of(room, OLD)]


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_article_that_is_taken_away_is_gone_when_it_is_looked_at(tmp_path: Path, how: str) -> None:
    with newsroom(ARTICLES, having=()) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl()
        take_away(room, how)
        reader.pass_time(1.1)
        assert reader.crawl().stat("article/gone") == 1
        assert reader.listed("gone") == [url_of(room, OLD)]


@pytest.mark.slow
def test_article_that_is_gone_is_not_asked_for_by_the_next_run(room: Newsroom, known: Reader) -> None:
    take_away(room, "404")
    known.crawl()
    assert (known.crawl().status, room.path_of(OLD) in room.paths) == (0, False)


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_article_that_others_are_led_to_is_not_written_again(room: Newsroom, known: Reader, how: str) -> None:
    take_away(room, how)
    known.crawl()
    assert {number: own for number, own in known.revisions().items() if own != [1]} == {}


@pytest.mark.slow
def test_old_slug_that_leads_to_its_article_is_no_article(room: Newsroom, known: Reader) -> None:
    old = "/ekonomi/judul-lama-sekali-41/"
    body = room.own("/").body
    room.rewrite("/", lambda path, answer: (
        answer._replace(body=body.replace(room.path_of(18).encode(), old.encode())) if path == "/" else answer
    ))  # fmt: skip
    room.redirect(old, room.path_of(OLD))
    found = [(known.crawl().status, old in room.paths) for _ in range(2)]
    assert found == [(0, True), (0, False)]
    assert (len(known.archived()), known.listed("gone"), known.listed("pending")) == (ARTICLES, [], [])


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_article_that_is_back_as_it_was_is_known_and_no_revision(room: Newsroom, known: Reader, how: str) -> None:
    take_away(room, how)
    known.crawl()
    bring_back(room)
    done = known.crawl()
    assert (done.status, done.articles, room.path_of(OLD) in room.paths) == (0, [], True)
    assert (known.listed("gone"), len(known.archived())) == ([], ARTICLES)


@pytest.mark.slow
def test_article_that_is_back_with_another_text_is_its_next_revision(room: Newsroom, known: Reader) -> None:
    take_away(room, "404")
    known.crawl()
    bring_back(room)
    room.portal.published._edited[OLD] = [room.portal.published.clock()]
    done = known.crawl()
    assert [(record["id"], record["revision"]) for record in done.articles] == [(room.id_of(OLD), 2)]


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_article_that_is_back_on_a_portal_of_pages_is_found_after_an_hour(tmp_path: Path, how: str) -> None:
    with newsroom(ARTICLES, having=()) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl()
        take_away(room, how)
        reader.pass_time(1.1)
        reader.crawl()
        bring_back(room)
        reader.crawl()
        assert len(reader.listed("gone")) == 1
        reader.pass_time(1.1)
        assert (reader.crawl().status, reader.listed("gone")) == (0, [])


@pytest.mark.slow
def test_most_of_the_portal_that_is_named_no_more_is_not_believed(tmp_path: Path) -> None:
    with newsroom(120) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl()
        room.delete_these(*range(1, 100))
        done = reader.crawl("source=rest")
        assert (done.status, done.stat("source/rest/disbelieved"), reader.listed("gone")) == (0, 1, [])


@pytest.mark.slow
def test_last_file_of_a_sitemap_that_is_there_no_more_is_noticed(tmp_path: Path) -> None:
    with newsroom(ARTICLES) as room:
        reader = Reader(room.url, tmp_path, room)
        index = room.own("/wp-sitemap.xml").body
        last, newest = b"<sitemap><loc>%b/wp-sitemap-posts-post-2.xml</loc></sitemap>", url_of(room, ARTICLES)
        more = index.replace(b"</sitemapindex>", last % room.portal.site.encode() + b"</sitemapindex>")
        room.rewrite("/wp-sitemap.xml", lambda _, answer: answer._replace(body=more))
        head, _, entry = room.own("/wp-sitemap-posts-post-1.xml").body.rpartition(b"<url>")
        start = head.partition(b"<url>")[0]
        room.rewrite("/wp-sitemap-posts-post-1", lambda _, answer: answer._replace(body=head + b"</urlset>"))
        room.rewrite("/wp-sitemap-posts-post-2", lambda _, answer: answer._replace(
            status=200, kind=b"application/xml", body=start + b"<url>" + entry
        ))  # fmt: skip
        assert len(reader.crawl("source=sitemap").articles) == ARTICLES
        room.replies.clear()
        room.delete_these(ARTICLES)
        done = reader.crawl("source=sitemap")
        assert (done.status, reader.listed("gone")) == (0, [newest])


@pytest.mark.slow
def test_source_is_believed_again_once_most_of_what_it_named_is_gone(tmp_path: Path) -> None:
    with newsroom(120) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl()
        room.delete(80)
        reader.crawl()
        reader.pass_time(2)
        assert reader.crawl().stat("article/gone") == 80
        done = reader.crawl()
        assert (done.status, done.stat("source/rest/disbelieved"), done.stat("source/rest/complete")) == (0, 0, 1)
