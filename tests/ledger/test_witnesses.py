"""Which claims of a page are doubted, and what is left of it once they proved false."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from narayacrawl.ledger.discovered import REST, DiscoveredArticle
from narayacrawl.ledger.witnesses import Claim, Rival, Witnesses, title_fingerprint
from tests.ledger.opened import HOST, A, B, LedgerRun, opened

SAME_NAME = f"{HOST}/kanal/berita-a/"
OTHER_SITE = f"{HOST}/jabar/berita-b/"
TITLE, OTHER_TITLE = title_fingerprint("Bakau di Muara"), title_fingerprint("Pasar Pindah")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[LedgerRun]:
    """A ledger that knows article 7 at A, written with a title."""
    with opened(tmp_path / "ledger.db") as run:
        fetched = run.fetched.identify(run.article_at(A), 7, A, A, A, title=TITLE).fetched
        assert fetched is not None
        fetched.revision, fetched.hash = 1, "x"
        run.acknowledge(fetched)
        yield run


def doubted(run: LedgerRun, claim: Claim, *confirmed: str) -> Rival | None:
    run.discover([claim.asked])
    return Witnesses(run.fetched).rival(run.article_at(claim.asked), claim, confirmed)


CLEAR = {
    "its own address": Claim(A, A, A, 7, OTHER_TITLE),
    "a new article": Claim(B, B, B, 8, OTHER_TITLE),
    "a new article without an id": Claim(B, B, B, None, OTHER_TITLE),
    "the same id and title": Claim(B, B, B, 7, TITLE),
    "the same canonical address and title": Claim(B, B, A, None, TITLE),
    "an address that leads to it": Claim(B, A, A, 7, OTHER_TITLE),
    "a canonical address of the same name that nobody knows": Claim(B, B, f"{HOST}/2026/berita-b/", 8, OTHER_TITLE),
    "an address by its id": Claim(f"{HOST}/?p=8", f"{HOST}/?p=8", f"{HOST}/2026/berita-z/", 8, OTHER_TITLE),
}


@pytest.mark.parametrize("case", CLEAR)
def test_claim_that_something_else_bears_out_is_not_doubted(case: str, run: LedgerRun) -> None:
    assert doubted(run, CLEAR[case]) is None


DOUBTED = {
    "the same id, another title and address": (Claim(B, B, B, 7, OTHER_TITLE), True, False, False),
    "the same id and canonical address, another title": (Claim(B, B, A, 7, OTHER_TITLE), True, True, False),
    "the same canonical address, another title, no id": (Claim(B, B, A, None, OTHER_TITLE), False, True, False),
    "the same canonical address, another title and id": (Claim(B, B, A, 8, OTHER_TITLE), False, True, True),
    "a canonical address of another name that nobody knows": (
        Claim(B, B, f"{HOST}/tentang-kami/", 8, OTHER_TITLE), False, True, False,
    ),
    "the id of another site": (Claim(OTHER_SITE, OTHER_SITE, OTHER_SITE, 7, TITLE[::-1] if TITLE else None, "/jabar/"),
                               True, False, True),
}  # fmt: skip


@pytest.mark.parametrize("case", DOUBTED)
def test_claim_that_nothing_bears_out_is_doubted(case: str, run: LedgerRun) -> None:
    claim, by_id, by_canonical, is_other = DOUBTED[case]
    rival = doubted(run, claim)
    assert rival is not None
    assert (rival.by_id, rival.by_canonical, rival.is_other) == (by_id, by_canonical, is_other)
    assert doubted(run, claim, rival.url) is None


def test_article_that_was_never_read_is_not_doubted_under_another_address_of_the_same_name(run: LedgerRun) -> None:
    run.discover([DiscoveredArticle(f"{HOST}/2026/pasar/", 8)], REST)
    assert doubted(run, Claim(f"{HOST}/kanal/pasar/", f"{HOST}/kanal/pasar/", f"{HOST}/2026/pasar/", 8, TITLE)) is None


def test_claim_that_proved_false_is_left_out_and_its_id_never_believed_alone_again(run: LedgerRun) -> None:
    claim = Claim(B, B, A, 7, OTHER_TITLE)
    rival = doubted(run, claim)
    assert rival is not None
    assert Witnesses(run.fetched).disbelieve(rival, claim) == Claim(B, B, B, None, OTHER_TITLE)
    # Not even by another run, which asks nobody.
    again = doubted(run, claim)
    assert again is not None
    assert again.is_other


def test_article_in_hand_is_a_rival_before_it_is_written(run: LedgerRun) -> None:
    run.discover([B])
    run.fetched.identify(run.article_at(B), 9, B, B, B, title=TITLE)
    rival = doubted(run, Claim(OTHER_SITE, OTHER_SITE, OTHER_SITE, 9, OTHER_TITLE))
    assert (rival and rival.url, rival and rival.by_id) == (B, True)


def test_honest_canonical_addresses_are_asked_for_three_times_at_most(run: LedgerRun) -> None:
    witnesses = Witnesses(run.fetched)
    asked = 0
    for number in range(5):
        url, canonical = f"{HOST}/{number}x/", f"{HOST}/berita/{number}/"
        run.discover([url])
        claim = Claim(url, url, canonical, 100 + number, OTHER_TITLE)
        if rival := witnesses.rival(run.article_at(url), claim, ()):
            witnesses.confirm(rival)
            asked += 1
    assert asked == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Bakau di Muara", "BAKAU  di “Muara”", True),
        ("Bakau di Muara", "Bakau di Muara 2", False),
        ("", None, True),
        ("\ud83d", "\ud83d", True),
    ],
)
def test_titles_are_compared_by_letters_and_digits(one: str | None, other: str | None, same: bool) -> None:
    assert (title_fingerprint(one) == title_fingerprint(other)) is same
