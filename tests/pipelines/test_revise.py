"""What counts as a revision of a known article, and what does not."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from narayacrawl.items import Article
from narayacrawl.ledger.database import open_ledger, transaction
from narayacrawl.ledger.discovered import REST, DiscoveredArticle
from narayacrawl.ledger.identity import FetchedArticles, article_at
from narayacrawl.ledger.ledger import FetchedArticle, Ledger
from narayacrawl.ledger.redesign import Redesign
from narayacrawl.ledger.runs import begin_run
from narayacrawl.ledger.tables import articles
from narayacrawl.pages.reading import READING
from narayacrawl.pipelines.dropped import Dropped
from narayacrawl.pipelines.revise import ReviseArticlePipeline
from tests.archived import ARTICLE, article

DATE = "2025-11-24T23:30:15+07:00"
LATER = "2025-11-26T09:00:00+07:00"
BODY = f"{ARTICLE.body}\n\nDermaga dibuka lagi."


@dataclass
class Stats:
    renewed: int = 0

    def inc_value(self, name: str) -> None:
        assert name == "narayacrawl/article/renewed"
        self.renewed += 1


class Desk:
    """A portal's ledger over several runs, and the pipeline of the last one."""

    def __init__(self, folder: Path) -> None:
        self.connection = open_ledger(f"sqlite:///{folder}/ledger.db")
        self.begin()

    def begin(self) -> None:
        """Begin the next run."""
        self.ledger = Ledger(self.connection, "portal", run=begin_run(self.connection, "portal", "portal", {}))
        self.fetched = FetchedArticles(self.ledger)
        self.redesign = Redesign(self.ledger)
        self.stats = Stats()

    def read(self, item: Article, **told: Any) -> FetchedArticle:
        """Have an article be read, in a run of its own; `told` is what its page tells besides."""
        self.begin()
        found = self.fetched.identify(article_at(self.ledger, item.url), item.id, item.url, item.url, item.url).fetched
        assert found is not None
        for name, value in ({"tells_changes": True} | told).items():
            setattr(found, name, value)
        ReviseArticlePipeline(self, self.stats).process_item(item)  # type: ignore[arg-type]
        self.ledger.acknowledge([found])
        return found

    def list_in_rest(self, lastmod: str, item: Article = ARTICLE) -> None:
        self.ledger.record_discovered([DiscoveredArticle(item.url, item.id, lastmod=lastmod)], REST)

    def set(self, **values: Any) -> None:
        """Have the ledger know something else of every article."""
        with transaction(self.connection):
            self.connection.execute(update(articles).values(values))

    def known(self, column: str) -> str | None:
        """What the ledger knows of its one article."""
        with transaction(self.connection):
            value: str | None = self.connection.execute(select(articles.c[column])).scalar_one()
        return value


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A portal whose article was written once."""
    desk = Desk(tmp_path)
    assert desk.read(article(1, date=DATE)).is_changed
    return desk


def is_put_aside(desk: Desk, item: Article, **told: Any) -> bool:
    with pytest.raises(Dropped, match="put aside"):
        desk.read(item, **told)
    return True


# Dates


@pytest.mark.parametrize(
    ("date", "precision"),
    [
        ("2025-11-24T23:30:00+07:00", "minute"),
        ("2025-11-24T00:00:00+07:00", "day"),
        ("2025-11-24T00:00:00+07:00", "second"),
        ("2025-11-24T16:30:15+00:00", "second"),
    ],
)
def test_a_coarser_date_is_no_edit(desk: Desk, date: str, precision: str) -> None:
    read = desk.read(article(1, date=date, date_precision=precision))
    assert (read.is_changed, read.published, read.date_precision) == (False, DATE, "second")


def test_a_finer_date_is_no_edit_and_is_written_with_the_next_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.read(article(1, date="2025-11-24T00:00:00+07:00", date_precision="day"))
    fine = article(1, date=DATE, modified=LATER, body=BODY)
    desk.list_in_rest("2099-01-01T00:00:00+00:00")
    assert (desk.read(fine).is_changed, fine.date, fine.revision) == (True, DATE, 2)


def test_a_line_of_another_edit_keeps_the_finer_date(desk: Desk) -> None:
    desk.list_in_rest("2099-01-01T00:00:00+00:00")
    edited = article(1, date="2025-11-24T00:00:00+07:00", date_precision="day", body=BODY)
    read = desk.read(edited)
    assert (read.is_changed, edited.date, edited.date_precision) == (True, DATE, "second")
    assert not desk.read(article(1, date=DATE, body=BODY)).is_changed


def test_a_date_relative_to_the_fetch_is_no_edit(desk: Desk) -> None:
    read = desk.read(article(1, date="2025-11-24T23:00:00+07:00", date_precision="minute"), has_relative_date=True)
    assert (read.is_changed, read.published) == (False, DATE)


@pytest.mark.parametrize("told", [{}, {"has_relative_date": True}])
def test_an_old_ledger_tells_the_precision_by_its_zeros(desk: Desk, told: dict[str, Any]) -> None:
    desk.set(date_precision=None)
    item = article(1, date="2025-11-24T00:00:00+07:00", date_precision="day")
    assert not desk.read(item, **told).is_changed
    assert (item.date, item.date_precision) == (DATE, "second")


def test_another_date_is_an_edit(desk: Desk) -> None:
    assert is_put_aside(desk, article(1, date="2025-11-25T00:00:00+07:00", date_precision="day"))


# Edits that the portal tells of


def test_what_is_the_same_is_unchanged(desk: Desk) -> None:
    read = desk.read(article(1, date=DATE))
    assert (read.is_changed, read.revision, desk.redesign.read_again) == (False, 1, 1)


def test_a_page_that_tells_of_an_edit_is_a_revision(desk: Desk) -> None:
    desk.read(edited := article(1, date=DATE, modified=LATER, body=BODY))
    assert edited.revision == 2


def test_a_source_that_tells_of_an_edit_makes_it_a_revision(desk: Desk) -> None:
    desk.list_in_rest("2025-11-26T02:00:00+00:00")
    desk.read(edited := article(1, date=DATE, body=BODY))
    assert edited.revision == 2


@pytest.mark.parametrize(
    ("modified", "told"),
    [
        pytest.param(None, False, id="none any more"),
        pytest.param(LATER, False, id="the same"),
        pytest.param("2025-11-26T16:00:00+07:00", False, id="its local time called UTC"),
        pytest.param("2025-11-26T09:00:01+07:00", True, id="a later one"),
    ],
)
def test_only_a_later_edit_is_told(desk: Desk, modified: str | None, told: bool) -> None:
    desk.read(article(1, date=DATE, modified=LATER))
    item = article(1, date=DATE, modified=modified, body=BODY)
    assert desk.read(item).is_changed if told else is_put_aside(desk, item)


def test_an_old_edit_that_a_page_begins_to_tell_of_is_none(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.read(article(1, date=DATE), tells_changes=False)
    assert is_put_aside(desk, article(1, date=DATE, modified=LATER, body=BODY))


def test_a_single_change_that_nobody_tells_of_is_a_revision_once_all_is_read(desk: Desk) -> None:
    assert is_put_aside(desk, article(1, date=DATE, body=BODY))
    assert desk.redesign.settle()
    desk.fetched.discard(1)
    assert desk.fetched.identify(1, 1, ARTICLE.url, ARTICLE.url, ARTICLE.url).fetched
    ReviseArticlePipeline(desk, desk.stats).process_item(edited := article(1, date=DATE, body=BODY))  # type: ignore[arg-type]
    assert edited.revision == 2


def test_an_article_that_is_to_be_written_again_is(desk: Desk) -> None:
    desk.set(hash=None)
    assert desk.read(article(1, date=DATE)).is_changed


# Section, and when it was stored


def test_section_is_that_of_the_last_revision(desk: Desk) -> None:
    desk.read(article(1, date=DATE, section="Kabar Baru"))  # moved, not edited
    assert desk.known("section") == ARTICLE.section
    desk.read(article(1, date=DATE, modified=LATER, body=BODY, section="Kabar Baru"))
    assert desk.known("section") == "Kabar Baru"
    desk.read(article(1, date=DATE, modified="2025-11-27T09:00:00+07:00", body=f"{BODY} Lagi.", section=None))
    assert desk.known("section") is None


def test_article_is_stored_with_its_first_revision(desk: Desk) -> None:
    assert desk.known("stored") == desk.known("last_fetched")
    desk.set(stored=DATE)
    desk.read(article(1, date=DATE, modified=LATER, body=BODY))
    assert desk.known("stored") == DATE


def test_nobody_knows_when_an_article_of_an_old_ledger_was_stored(desk: Desk) -> None:
    desk.set(stored=None)
    desk.read(edited := article(1, date=DATE, modified=LATER, body=BODY))
    assert (edited.revision, desk.known("stored")) == (2, None)


# Another reading


def test_what_another_reading_sees_is_renewed_not_written(desk: Desk) -> None:
    desk.set(reading="1")
    read = desk.read(article(1, date=DATE, body=BODY))
    assert (read.is_changed, read.revision, read.reading, desk.stats.renewed) == (False, 1, READING, 1)
    assert (desk.read(article(1, date=DATE, body=BODY)).is_changed, desk.stats.renewed) == (False, 0)


def test_the_hash_of_the_line_in_the_archive_stays(desk: Desk) -> None:
    before = desk.read(article(1, date=DATE)).hash
    desk.set(reading=None)
    read = desk.read(article(1, date=DATE, body=BODY))
    assert read.hash == before != read.renewed


def test_an_edit_that_is_told_is_a_revision_by_any_reading(desk: Desk) -> None:
    desk.set(reading=None)
    desk.read(edited := article(1, date=DATE, modified=LATER, body=BODY))
    assert (edited.revision, desk.stats.renewed) == (2, 0)


def test_an_edit_of_what_was_renewed_is_a_revision(desk: Desk) -> None:
    desk.set(reading=None)
    desk.read(article(1, date=DATE, body=BODY))
    desk.read(edited := article(1, date=DATE, modified=LATER, body=f"{BODY} Lagi."))
    assert edited.revision == 2
    assert not desk.read(article(1, date=DATE, modified=LATER, body=f"{BODY} Lagi.")).is_changed


def test_record_tells_a_first_revision_from_an_edit(desk: Desk) -> None:
    first, edited = article(1), article(1, body=BODY, modified=LATER)
    desk.read(first)
    desk.read(edited)
    assert [(own.revision, own.change) for own in (first, edited)] == [(1, "first"), (2, "edit")]
