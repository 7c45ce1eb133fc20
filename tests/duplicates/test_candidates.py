"""Pairs are proposed by the bands that two texts share, in bounded number."""

from array import array

from narayacrawl.duplicates.candidates import MAX_ALL_PAIRS, NEXT, candidate_pairs


def test_texts_that_share_a_band_are_a_pair_once() -> None:
    bands = [array("I", [7, 8, 7, 9]), array("I", [1, 2, 1, 2])]
    assert candidate_pairs(bands, [0, 2, 3, 9], iter) == [(0, 3), (2, 9)]


def test_nothing_is_proposed_of_nothing() -> None:
    assert candidate_pairs([array("I"), array("I")], [], iter) == []


def test_pairs_of_a_series_grow_with_its_length_only() -> None:
    for count in (MAX_ALL_PAIRS * 10, MAX_ALL_PAIRS * 20):
        pairs = candidate_pairs([array("I", [7] * count)], range(count), iter)
        assert len(pairs) < count * 2 * NEXT
        assert {number for pair in pairs for number in pair} == set(range(count))
