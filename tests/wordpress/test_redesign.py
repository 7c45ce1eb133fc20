"""A portal whose pages change while its articles do not, and the other way round."""

import re

import pytest

from benchmarks.answers import Answer
from tests.desk import Newsroom, Reader
from tests.wordpress.conftest import KNOWN

pytestmark = pytest.mark.slow

FIRST_PARAGRAPH = re.compile(rb'(<div class="entry-content">)<p>.*?</p>', re.DOTALL)
EXCERPT = b'<div class="post-excerpt"><p>Ringkasan yang ditulis redaksi untuk pembaca di muara sungai.</p></div>'


def pages(room: Newsroom) -> tuple[str, ...]:
    return tuple(room.path_of(number) for number in room.portal.published.numbers())


def lose_the_first_paragraph(room: Newsroom, *numbers: int) -> None:
    """Let the theme show the text of these articles, or of all, without its first paragraph."""

    def change(_: str, answer: Answer) -> Answer:
        return answer._replace(body=FIRST_PARAGRAPH.sub(rb"\1", answer.body, count=1))

    room.rewrite(tuple(map(room.path_of, numbers)) or pages(room), change)


def test_a_redesign_is_held_back_and_new_articles_are_written(room: Newsroom, reader: Reader) -> None:
    lose_the_first_paragraph(room)
    added = room.add(2)
    crawl = reader.crawl("full=1")
    assert crawl.status == 3
    assert sorted(article["id"] for article in crawl.articles) == room.ids(*added)
    assert crawl.stat("article/held") == KNOWN
    assert "body: another beginning" in crawl.log
    # The next run looks again, and still waits for whoever decides.
    assert (reader.crawl().status, len(reader.archived())) == (3, KNOWN + 2)
    assert len(reader.listed("held")) == KNOWN


def test_what_the_user_accepts_is_written_once(room: Newsroom, reader: Reader) -> None:
    lose_the_first_paragraph(room)
    assert reader.crawl("full=1").status == 3
    assert reader.scrapy("ledger", "accept", "narayapost")[0] == 0
    crawl = reader.crawl()
    assert (crawl.status, len(crawl.articles), reader.listed("held")) == (0, KNOWN, [])
    assert reader.sql("SELECT accepted FROM portals") == [(0,)]
    assert (reader.crawl("full=1").status, set(map(len, reader.revisions().values()))) == (0, {2})


def test_a_portal_that_is_as_it_was_again_has_no_revision(room: Newsroom, reader: Reader) -> None:
    lose_the_first_paragraph(room)
    assert reader.crawl("full=1").status == 3
    room.replies.clear()
    assert (reader.crawl().status, reader.listed("held"), len(reader.archived())) == (0, [], KNOWN)


def test_few_changes_that_the_portal_does_not_tell_of_are_revisions(room: Newsroom, reader: Reader) -> None:
    lose_the_first_paragraph(room, 1, 2, 3)
    crawl = reader.crawl("full=1")
    changed = [article["id"] for article in crawl.articles if article["revision"] == 2]
    assert (crawl.status, sorted(changed)) == (0, room.ids(1, 2, 3))


def test_edits_of_most_articles_that_the_portal_tells_of_are_revisions(room: Newsroom, reader: Reader) -> None:
    edited = room.edit(KNOWN - 1)
    crawl = reader.crawl()
    assert (crawl.status, len(crawl.articles)) == (0, len(edited))
    assert {article["revision"] for article in crawl.articles} == {2}


def test_a_theme_that_prints_the_excerpt_and_the_day_alone_makes_no_revision(room: Newsroom, reader: Reader) -> None:
    def change(_: str, answer: Answer) -> Answer:
        bare = re.sub(
            rb'<meta property="article:(?:published|modified)_time" content="(.{10})[^"]*">', b"", answer.body
        )
        day = re.search(rb'published_time" content="(.{10})', answer.body)
        assert day
        shown = b'<time class="entry-date" datetime="%s">%s</time>' % (day[1], day[1])
        return answer._replace(body=bare.replace(b"</h1>", b"</h1>" + shown + EXCERPT))

    room.rewrite(pages(room), change)
    crawl = reader.crawl("full=1")
    assert (crawl.status, {article["revision"] for article in crawl.articles}) == (0, {1})
    assert {article["standfirst"] for article in crawl.articles} == {
        "Ringkasan yang ditulis redaksi untuk pembaca di muara sungai."
    }
    assert len(reader.archived()) == KNOWN
