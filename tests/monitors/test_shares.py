import pytest
from hypothesis import given
from hypothesis import strategies as st

from narayacrawl.monitors.shares import RARE, Share, chance_of_at_most, dispersion, has_fallen, has_risen

USUAL = [Share(18, 20), Share(9, 10), Share(28, 30), Share(11, 12), Share(19, 20)]
SPELLS = [Share(20, 20), Share(2, 20), Share(19, 20), Share(0, 20), Share(20, 20), Share(1, 20)]


@pytest.mark.parametrize(
    ("now", "past", "fallen"),
    [
        pytest.param(Share(0, 30), USUAL, True, id="a broken selector"),
        pytest.param(Share(1, 31), USUAL, True, id="broken but for one page"),
        pytest.param(Share(8, 30), USUAL, True, id="broken on most pages"),
        pytest.param(Share(0, 30), [Share(200, 400)], True, id="what half of the archive had"),
        pytest.param(Share(0, 3), USUAL, False, id="three articles"),
        pytest.param(Share(27, 30), USUAL, False, id="as ever"),
        pytest.param(Share(16, 30), USUAL, False, id="more than half of what it was"),
        pytest.param(Share(0, 30), [Share(6, 30)], False, id="what few had"),
        pytest.param(Share(0, 30), SPELLS, False, id="what comes and goes"),
        pytest.param(Share(0, 30), [], False, id="no past"),
        pytest.param(Share(0, 0), USUAL, False, id="no article"),
    ],
)
def test_a_share_has_fallen_only_where_chance_does_not_explain_it(now: Share, past: list[Share], fallen: bool) -> None:
    assert has_fallen(now, past, 0.03) is fallen


@pytest.mark.parametrize(
    ("now", "risen"), [(Share(28, 30), True), (Share(12, 30), True), (Share(4, 30), False), (Share(2, 3), False)]
)
def test_a_fall_back_that_reads_many_has_risen(now: Share, risen: bool) -> None:
    assert has_risen(now, [Share(1, 100), Share(0, 60)], 0.03, least=0.3, times=5) is risen


@given(st.integers(1, 60), st.floats(0.02, 0.98), st.floats(0.005, 0.5))
def test_the_chances_of_all_counts_are_one_and_grow(total: int, mean: float, spread: float) -> None:
    chances = [chance_of_at_most(Share(count, total), mean, spread) for count in range(total + 1)]
    assert chances == sorted(chances)
    assert chances[-1] == pytest.approx(1)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=50))
def test_a_dispersion_is_a_share_however_runs_vary(counts: list[int]) -> None:
    assert 0 < dispersion([Share(count, 20) for count in counts], 0.03) < 1


@given(st.integers(2, 60), st.floats(0.05, 0.95))
def test_what_is_as_it_was_is_not_rare(total: int, mean: float) -> None:
    own = Share(round(mean * total), total)
    assert not has_fallen(own, [own] * 5, 0.03)
    assert chance_of_at_most(own, mean, 0.03) > RARE
