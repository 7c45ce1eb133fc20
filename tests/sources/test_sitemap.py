"""What sitemaps let a run find, be they exact, silent about changes, or wrong."""

from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.answers import TEXT, XML, Answer
from tests.desk import Newsroom, Reader, newsroom
from tests.slow import first_quick

FILE = "/wp-sitemap-posts-post-1.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


@pytest.mark.slow
@pytest.mark.parametrize("lastmod", first_quick("urls", "none", "all"))
def test_new_and_deleted_articles_are_found_whatever_is_told(tmp_path: Path, lastmod: str) -> None:
    with newsroom(20, ("sitemap",), lastmod) as room:
        reader = Reader(room.url, tmp_path, room)
        assert reader.crawl("source=sitemap").ids == room.ids()
        assert (reader.crawl("source=sitemap").articles, len(room.paths) <= 6) == ([], True)
        deleted, added = room.delete(2), room.add(3)
        done = reader.crawl("source=sitemap")
        assert (done.ids, done.stat("article/gone")) == (room.ids(*added), 2)
        assert sorted(reader.listed("gone")) == sorted(f"{room.portal.site}{room.path_of(own)}" for own in deleted)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lastmod", "hours", "found"), [("none", 0, 0), ("none", 1.1, 4), ("urls", 0, 4), ("all", 0, 4)]
)
def test_edits_are_found_as_told_or_when_they_are_looked_at(
    tmp_path: Path, lastmod: str, hours: float, found: int
) -> None:
    with newsroom(20, ("sitemap",), lastmod) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl("source=sitemap")
        edited = room.edit(4)
        reader.pass_time(hours)
        assert reader.crawl("source=sitemap").ids == (room.ids(*edited) if found else [])


@pytest.mark.slow
def test_articles_whose_changes_are_told_are_not_looked_at(tmp_path: Path) -> None:
    with newsroom(20, ("sitemap",)) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl("source=sitemap")
        reader.pass_time(24 * 40)
        reader.crawl("source=sitemap")
        assert len(room.paths) <= 6


@pytest.mark.slow
def test_sitemap_that_stamps_all_with_its_own_moment_is_not_believed(tmp_path: Path) -> None:
    def stamped(_: str, answer: Answer) -> Answer:
        moment = (room.portal.published.clock() + timedelta(minutes=1)).isoformat()  # none is as old as an answer
        parts = [part.partition("</lastmod>") for part in answer.body.decode().split("<lastmod>")]
        text = parts[0][0] + "".join(f"<lastmod>{moment}</lastmod>{rest}" for _, _, rest in parts[1:])
        return answer._replace(body=text.encode())

    with newsroom(60, ("sitemap",)) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl("source=sitemap")
        room.rewrite(FILE, stamped)
        for _ in range(2):
            added = room.add(2)
            done = reader.crawl("source=sitemap")
            assert (done.status, done.ids, done.stat("source/sitemap/disbelieved")) == (0, room.ids(*added), 1)
            assert {*room.paths} & {*room.portal.paths()} == {room.path_of(own) for own in added}
        reader.pass_time(1.1)
        edited = room.edit(3)
        assert {*room.ids(*edited)} <= {*reader.crawl("source=sitemap").ids}


def test_every_sitemap_that_robots_txt_names_is_read(tmp_path: Path) -> None:
    with newsroom(20, ()) as room:
        halves = {"/peta-a.xml": range(1, 11), "/peta-b.xml": range(11, 21)}
        for path, numbers in halves.items():
            entries = "".join(f"<url><loc>{room.portal.site}{room.path_of(own)}</loc></url>" for own in numbers)
            room.reply(path, 200, f"<urlset {SPACE}>{entries}</urlset>", XML)
        lines = "".join(f"Sitemap: {room.portal.site}{path}\n" for path in halves)
        room.reply("/robots.txt", 200, f"User-agent: *\nDisallow:\n{lines}", TEXT)
        done = Reader(room.url, tmp_path, room).crawl("source=sitemap")
        assert (done.status, done.ids) == (0, room.ids())


def news(room: Newsroom, *numbers: int) -> str:
    told = "".join(
        f"<url><loc>{room.portal.site}{room.path_of(own)}</loc><news:news><news:publication_date>"
        f"{room.portal.published.date(own).isoformat()}</news:publication_date></news:news></url>"
        for own in numbers
    )
    return f"<urlset {SPACE} {NEWS}>{told}</urlset>"


@pytest.mark.slow
def test_what_a_sitemap_for_news_drops_is_not_looked_at(tmp_path: Path) -> None:
    with newsroom(20, ()) as room:
        room.reply("/robots.txt", 200, f"Sitemap: {room.portal.site}/news-sitemap.xml\n", TEXT)
        reader = Reader(room.url, tmp_path, room)
        room.reply("/news-sitemap.xml", 200, news(room, 18, 19, 20), XML)
        assert reader.crawl("source=sitemap").ids == room.ids(18, 19, 20)
        room.reply("/news-sitemap.xml", 200, news(room, 20, 17), XML)
        done = reader.crawl("source=sitemap")
        assert (done.ids, room.path_of(18) in room.paths) == (room.ids(17), False)


@pytest.mark.slow
def test_sitemap_for_news_alone_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    with newsroom(40, ()) as room:
        room.reply("/robots.txt", 200, f"Sitemap: {room.portal.site}/news-sitemap.xml\n", TEXT)
        room.reply("/news-sitemap.xml", 200, news(room, *range(20, 41)), XML)
        done = Reader(room.url, tmp_path, room).crawl()
        assert (done.status, done.ids) == (0, room.ids())


@pytest.mark.slow
def test_article_that_has_moved_to_another_file_is_not_looked_at(tmp_path: Path) -> None:
    with newsroom(20, ("sitemap",)) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl("source=sitemap")
        index = room.own("/wp-sitemap.xml").body.replace(b"posts-post-1", b"posts-berita-7")
        body = room.own(FILE).body.decode()
        room.reply("/wp-sitemap.xml", 200, index.decode(), XML)
        room.reply("/wp-sitemap-posts-berita-7", 200, body, XML)
        done = reader.crawl("source=sitemap")
        assert (done.status, done.stat("source/sitemap/delisted"), len(room.paths) <= 6) == (0, 0, True)
