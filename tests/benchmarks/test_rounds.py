"""The newsroom's rounds: what is planned, and what is expected of a run; `benchmarks/rounds.py` plays them."""

import json
from collections import Counter
from pathlib import Path
from signal import SIGKILL, SIGTERM

from benchmarks.rounds import ANSWER, MAX_ARTICLES, MIX, RECORD, Round, changes, plan, public_articles


def test_a_seed_gives_one_plan() -> None:
    assert plan(20, MIX, 7) == plan(20, MIX, 7)
    assert plan(20, MIX, 7) != plan(20, MIX, 8)


def test_a_quarter_is_killed_a_tenth_terminated_a_third_disturbed() -> None:
    rounds = plan(20, MIX, 7)
    assert Counter(own.signal for own in rounds) == {SIGKILL: 5, SIGTERM: 2, None: 13}
    assert sum(own.added_during > 0 for own in rounds) == 7


def test_a_single_round_is_killed() -> None:
    [only] = plan(1, MIX, 7)
    assert only.signal == SIGKILL


def test_the_newsroom_does_each_kind_once_a_round() -> None:
    for own in plan(40, MIX, 7):
        assert sorted(what for what, _ in own.work) == sorted(MIX)
        assert all(0 <= count <= MAX_ARTICLES for _, count in own.work)


def test_signals_come_at_answers_and_at_records() -> None:
    assert {own.mark for own in plan(40, MIX, 7)} == {ANSWER, RECORD}


def test_nothing_is_added_where_the_mix_has_no_add() -> None:
    rounds = plan(20, ["edit"], 7)
    assert not any(own.added_during for own in rounds)
    assert {what for own in rounds for what, _ in own.work} == {"edit"}


def test_a_quiet_round_is_left_alone() -> None:
    assert (Round().work, Round().added_during, Round().signal) == ((), 0, None)


def test_changes_are_those_between_two_looks() -> None:
    found = changes({1: "a", 2: "a", 3: "a"}, {1: "a", 2: "b", 4: "a"})
    assert (found.added, found.edited, found.deleted) == ({4}, {2}, {3})
    assert str(found) == "+1 ~1 −1"


def test_no_changes_say_nothing() -> None:
    assert str(changes({1: "a"}, {1: "a"})) == ""


def test_an_article_edited_before_it_was_seen_counts_once() -> None:
    archived, added, edited = {2: "a"}, {1: "a", 2: "a"}, {1: "b", 2: "a"}
    assert str(changes(added, edited)) == "~1"
    assert str(changes(archived, edited)) == "+1"


def row(number: int, **told: object) -> dict[str, object]:
    made = {"id": number, "type": "post", "public": True, "title": "Beras", "body_text": "Naik.", "modified": "08.00"}
    return made | {"published": "2025-11-25T08:00:00+07:00"} | told


def shown(folder: Path, *rows: dict[str, object]) -> dict[int, object]:
    truth = folder / "truth.jsonl"
    truth.write_text("".join(json.dumps(own) + "\n" for own in rows), encoding="utf-8")
    return dict(public_articles(truth))


def test_only_public_posts_are_expected(tmp_path: Path) -> None:
    assert shown(tmp_path, row(1), row(2, public=False), row(3, type="page")).keys() == {1}


def test_title_and_body_make_another_revision(tmp_path: Path) -> None:
    before = shown(tmp_path, row(1), row(2), row(3))
    after = shown(tmp_path, row(1, title="Gula"), row(2, body_text="Turun."), row(3, modified="09.00"))
    assert changes(before, after).edited == {1, 2}
