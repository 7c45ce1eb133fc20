"""What an audit finds: what sources name, held against a ledger in memory and what an archive holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import update

from narayacrawl.audit.archive_check import ArchiveContent, Damage
from narayacrawl.audit.findings import Audit, compare
from narayacrawl.audit.source_names import SourceListLedger
from narayacrawl.ledger.database import IN_MEMORY, open_ledger, transaction
from narayacrawl.ledger.discovered import LISTING, REST, DiscoveredArticle, Source
from narayacrawl.ledger.identity import article_at
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.runs import begin_run
from narayacrawl.ledger.tables import articles

PORTAL = "portal.example"
URL = f"https://{PORTAL}/ekonomi/harga-beras/"
NOON = "2026-01-05T12:00:00+00:00"
LATER = "2026-01-06T12:00:00+00:00"
SITEMAP = Source("sitemap", 1)
ALL = {"rest": True, "sitemap": True, "listing": True}


def ledger_of(kind: type[Ledger]) -> Ledger:
    connection = open_ledger(IN_MEMORY)
    return kind(connection, PORTAL, run=begin_run(connection, PORTAL, "wordpress", {}))


@dataclass
class Case:
    """A ledger that has written an article, and an archive that holds it; what is listed is empty."""

    ledger: Ledger = field(default_factory=lambda: ledger_of(Ledger))
    names: Ledger = field(default_factory=lambda: ledger_of(SourceListLedger))
    archived: ArchiveContent = field(default_factory=ArchiveContent)
    count: int = 0

    def write(self, url: str = URL, post_id: int | None = 7, **values: Any) -> int:
        """An article that was written as of noon; its id in the ledger."""
        self.ledger.record_discovered([DiscoveredArticle(url, post_id)], LISTING)
        own = article_at(self.ledger, url)
        told = {"state": "done", "revision": 1, "as_of": NOON, "last_fetched": NOON, "fetched_run": self.ledger.run}
        with transaction(self.ledger.connection) as connection:
            connection.execute(update(articles).where(articles.c.id == own).values(told | values))
        self.archived.revisions[own] = 1
        return own

    def audit(self, sources: Mapping[str, bool | None] = ALL) -> Audit:
        return compare(self.ledger.connection, PORTAL, self.names.connection, self.archived, sources)

    def found(self, sources: Mapping[str, bool | None] = ALL) -> list[str]:
        return [f"{finding.kind} {finding.where}" for finding in self.audit(sources).findings]


@pytest.fixture
def case() -> Case:
    return Case()


def test_article_under_another_address_is_known_by_its_id(case: Case) -> None:
    case.write()
    case.names.record_discovered([DiscoveredArticle(f"https://{PORTAL}/pasar/harga-beras/", 7)], REST)
    assert case.found() == []


def test_article_named_at_two_addresses_is_one_finding(case: Case) -> None:
    case.write(state="failed", revision=0, reason="not read: 500")
    case.archived.revisions.clear()
    case.names.record_discovered([DiscoveredArticle(URL)], LISTING)
    case.names.record_discovered([DiscoveredArticle(f"https://{PORTAL}/pasar/harga-beras/", 7)], REST)
    assert len(case.found()) == 1


@pytest.mark.parametrize(
    ("flags", "sources", "is_extra"),
    [
        ({"rest": 1}, {"rest": True, "sitemap": None, "listing": False}, True),
        ({"rest": 1}, {"rest": False, "sitemap": None, "listing": True}, False),
        ({"sitemap": 4}, {"rest": True, "sitemap": False, "listing": True}, False),
        ({"rest": 1, "sitemap": 4}, {"rest": False, "sitemap": True, "listing": False}, True),
        ({}, ALL, True),
        ({}, ALL | {"listing": False}, False),
        ({}, {"listing": True}, False),
        ({"fetched_run": 2}, ALL, False),
        ({"rest": 1, "state": "gone"}, ALL, False),
        ({"rest": 1, "state": "rejected"}, ALL, False),
    ],
)
def test_extra_is_what_those_that_named_it_name_no_more(
    case: Case, flags: dict[str, Any], sources: dict[str, bool | None], is_extra: bool
) -> None:
    case.write(**flags)
    case.names.record_discovered([DiscoveredArticle(f"https://{PORTAL}/lain/")], SITEMAP)
    case.write(f"https://{PORTAL}/lain/", None)
    assert case.found(sources) == ([f"extra {URL}"] if is_extra else [])


def test_sitemap_of_the_latest_news_shows_nothing_to_be_extra(case: Case) -> None:
    case.write(sitemap=4)
    case.write(f"https://{PORTAL}/lain/", None)
    case.names.record_discovered([DiscoveredArticle(f"https://{PORTAL}/lain/")], Source("sitemap", None))
    assert case.found({"sitemap": True}) == []


@pytest.mark.parametrize(("lastmod", "stale"), [(LATER, [f"stale {URL}"]), (NOON, []), (None, [])])
def test_stale_is_what_was_edited_since(case: Case, lastmod: str | None, stale: list[str]) -> None:
    case.write()
    case.names.record_discovered([DiscoveredArticle(URL, 7, lastmod=lastmod)], REST)
    assert case.found() == stale


def test_day_that_a_sitemap_tells_does_not_count_beside_rest(case: Case) -> None:
    case.write()
    case.names.record_discovered([DiscoveredArticle(URL, 7, lastmod=NOON)], REST)
    case.names.record_discovered([DiscoveredArticle(URL, lastmod=LATER)], SITEMAP)
    assert case.found() == []


def test_sitemap_that_stamps_all_is_not_believed(case: Case) -> None:
    urls = [f"{URL}{number}/" for number in range(60)]
    for number, url in enumerate(urls):
        case.write(url, number + 1)
    case.names.record_discovered([DiscoveredArticle(url, lastmod=LATER) for url in urls], SITEMAP)
    found = case.audit()
    assert (found.findings, found.disbelieved) == ([], 60)


def test_edit_that_waits_to_be_read_is_stale(case: Case) -> None:
    case.write(state="pending")
    case.names.record_discovered([DiscoveredArticle(URL, 7)], REST)
    assert case.found() == [f"stale {URL}"]


def test_protected_post_that_was_edited_is_looked_at(case: Case) -> None:
    case.write(state="rejected", reason="protected", revision=0)
    case.archived.revisions.clear()
    case.names.record_discovered([DiscoveredArticle(URL, 7, lastmod=LATER)], REST)
    assert case.found() == [f"stale {URL}"]


@pytest.mark.parametrize(("looked", "found"), [(NOON, [f"missing {URL}"]), ("2999-01-01T00:00:00+00:00", [])])
def test_what_is_gone_and_yet_named_is_missing_unless_it_was_just_looked_at(
    case: Case, looked: str, found: list[str]
) -> None:
    case.write(state="gone", last_fetched=looked)
    case.names.record_discovered([DiscoveredArticle(URL, 7)], REST)
    assert case.found() == found


@pytest.mark.parametrize("state", ["done", "gone", "rejected"])
def test_lost_line_is_missing_whatever_became_of_its_article(case: Case, state: str) -> None:
    case.write(state=state)
    case.archived.revisions.clear()
    assert case.found() == [f"missing {URL}"]


def test_lost_line_of_the_last_revision_is_missing(case: Case) -> None:
    case.write(revision=2)
    case.names.record_discovered([DiscoveredArticle(URL, 7)], REST)
    [finding] = case.audit().findings
    assert (finding.reason, finding.revision) == ("revision 2 is not in the archive, which has revision 1", 1)


def test_revision_that_the_ledger_does_not_know_is_extra(case: Case) -> None:
    own = case.write()
    case.archived.revisions[own] = 2
    assert case.found() == [f"extra {URL}"]


def test_older_revision_that_is_lost_is_told_while_its_segment_is_damaged(case: Case) -> None:
    own = case.write(revision=2)
    case.archived.revisions[own] = 2
    case.names.record_discovered([DiscoveredArticle(URL, 7)], REST)
    assert case.found() == []
    case.archived.damages.append(Damage("1", None, "1.jsonl", "9 lines, 10 were sealed"))
    assert case.found() == [f"missing {URL}", "damaged 1.jsonl"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (lambda case: case.names.record_discovered([DiscoveredArticle(URL)], SITEMAP), "missing"),
        (lambda case: None, "extra"),
    ],
)
def test_article_that_only_the_archive_knows_is_one_finding(case: Case, name: Callable[[Case], Any], kind: str) -> None:
    for revision in (1, 2):
        case.archived.add_unknown({"url": URL, "id": 7, "revision": revision})
    name(case)
    assert case.found() == [f"{kind} {URL}"]


def test_findings_are_lines_of_three_fields(case: Case) -> None:
    case.write(state="failed", revision=0, reason="not read:\ta\nb")
    case.archived.revisions.clear()
    case.names.record_discovered([DiscoveredArticle(URL)], LISTING)
    assert [str(finding) for finding in case.audit().findings] == [f"missing\t{URL}\tfailed: not read: a b"]


# Lines with little text


def short(case: Case, length: int, listed: int | None, former: int = 0, reading: str | None = None) -> list[str]:
    """What is found of an article whose line has so many characters of text."""
    own = case.write(reading=reading)
    case.archived.lengths[own] = length
    case.archived.former_lengths[own] = former
    case.names.record_discovered([DiscoveredArticle(URL, 7, length=listed)], REST)
    return [finding.reason for finding in case.audit().findings if finding.kind == "short"]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ((0, 900, 0, "1"), "0 characters of text, the REST API has 900"),
        ((300, 900, 0, "1"), "300 characters of text, the REST API has 900"),
        ((300, None, 900), "300 characters of text, a revision before it has 900"),
        ((0, None), "no text, and nobody has looked whether there is one"),
    ],
)
def test_line_with_less_text_than_there_is_is_short(case: Case, told: tuple[Any, ...], reason: str) -> None:
    assert short(case, *told) == [reason]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param((900, 900), id="as the API tells"),
        pytest.param((900, 200), id="the API gives a teaser"),
        pytest.param((0, None, 0, "1"), id="a photo post that was looked at"),
        pytest.param((300, 300, 900, "1"), id="cut by an edit that was looked at"),
    ],
)
def test_line_with_the_text_that_there_is_is_good(case: Case, told: tuple[Any, ...]) -> None:
    assert short(case, *told) == []


def test_short_line_that_no_source_lists_is_found(case: Case) -> None:
    own = case.write()
    case.archived.lengths[own] = 0
    assert "short" in [finding.kind for finding in case.audit({"rest": False}).findings]
