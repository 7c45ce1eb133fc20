"""Compare a run's figures with those of the portal's past runs: pure, from stats to alarms.

A figure is judged over the articles of this run and, where they are few, those of the runs just before it, so that a
portal whose runs bring three articles each is watched, too. Fewer than `MIN_ARTICLES` tell nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, sqrt
from typing import Final

from narayacrawl.monitors.alarms import Alarm
from narayacrawl.monitors.outcome import FILTERS, settled
from narayacrawl.monitors.shares import Share, has_fallen, has_risen, joined
from narayacrawl.monitors.stats import Stats, below

MIN_ARTICLES: Final = 20
"""Of fewer nothing is told; nor from a past of fewer than `MIN_PAST`."""
MIN_READ_AGAIN: Final = 10
"""Enough where the portal is built otherwise, too: known articles that were read again because of that."""
WINDOW: Final = 30
"""A run of fewer articles is judged together with those before it."""
MIN_PAST: Final = 30
MAX_SIZE: Final = 5
"""A run of more times the articles of its past reads an archive, whose articles are of other years."""
VARYING: Final = frozenset(
    {"standfirst", "dateline", "editors", "media", "related", "modified", "free", "credits", "description"}
)
"""Fields that are the newsroom's habit rather than the theme's markup: their share varies more."""
ALWAYS: Final = ("title", "date", "time", "body")
"""Fields that articles of every kind have."""
SAME_EVERYWHERE: Final = ("title", "date", "container")
"""What rules read in the same way in every section; whom a text names is each desk's habit."""
ASSUMED, ASSUMED_VARYING = 0.03, 0.1
"""How far the shares of articles vary between runs beyond chance, where the past does not tell."""
MANY_OF_A_KIND: Final = 0.8
"""A run with such a share of its articles in one section is not like any other: a section may have its own markup."""
NEARLY_ALL: Final = 0.9
"""What so many articles have, those of every section do."""
LENGTH_LIMIT: Final = 4.0
"""So many standard deviations apart, and twice as long or half as long, texts are no longer the same."""
ASSUMED_LENGTH_SPREAD: Final = 0.15
"""How far the mean of the logarithms of lengths varies between runs beyond chance."""
MANY_UNREAD, MANY_GONE = 0.25, 0.5
"""A newsroom may clear up: so many articles that are gone at once are no surprise."""
MIN_MANY: Final = 10
"""Fewer articles than these are not many of anything."""
DOUBTFUL_REJECTIONS: Final = ("no_title", "no_article", "protected")
"""Why a page is rejected that may be an article all the same: of a static page or a file nobody doubts what it is."""
UNREAD_ALONE: Final = ("subscribers_only", "gone", "failed", "disbelieved")

Examples = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Comparison:
    """What is judged beside what it is judged by: stats of runs, the latest first."""

    now: Sequence[Stats]
    past: Sequence[Stats]

    @property
    def least(self) -> int:
        """Return how many articles tell something."""
        return MIN_READ_AGAIN if self.now[0].get("narayacrawl/structure/changed") else MIN_ARTICLES

    def shares(self, name: str, total: str, less: str = "") -> tuple[Share, list[Share]]:
        """Return the share of a figure in a total, now and in each past run."""
        own = [share_in(stats, name, total, less) for stats in self.now]
        return joined(own), [share for stats in self.past if (share := share_in(stats, name, total, less)).total]

    def fallen(
        self, name: str, total: str, *, less: str = "", assumed: float = ASSUMED
    ) -> tuple[Share, list[Share], bool]:
        """Return the share now and in the past, and whether it has fallen: in the last run, too, not only in those that
        are judged with it."""
        now, past = self.shares(name, total, less)
        last = share_in(self.now[0], name, total, less)
        if self.kind and joined(past).value < NEARLY_ALL:
            return now, past, False
        if now.total < self.least or not last.total or 2 * last.value > joined(past).value:
            return now, past, False
        return now, past, has_fallen(now, past, assumed)

    @cached_property
    def kind(self) -> str | None:
        """Return `section` or `pictures` where nearly all articles are of one section, or most are of pictures, as
        seldom before; None for articles like any others."""
        for kind, figures, many in (("pictures", "pictures", 0.5), ("section", "one_section", MANY_OF_A_KIND)):
            now = share_of_runs(self.now, figures)
            if now >= many and share_of_runs(self.past, figures) < many * 0.75:
                return kind
        return None

    def names(self, prefix: str) -> list[str]:
        """Return what follows a prefix in the names of figures, now or in the past, in alphabetical order."""
        return sorted({name for stats in (*self.now, *self.past) for name in below(stats, f"narayacrawl/{prefix}")})


def share_in(stats: Stats, name: str, total: str, less: str = "") -> Share:
    """Return the share of one figure of a run in another; `less` is taken off the total."""
    whole = figure(stats, total) - (figure(stats, less) if less else 0)
    return Share(min(figure(stats, name), whole), whole)


def figure(stats: Stats, name: str) -> int:
    """Return a figure of a run; 0 where it has none."""
    count: int = stats.get(f"narayacrawl/{name}", 0)
    return count


def compare(now: Stats, recent: Sequence[Stats], trusted: Sequence[Stats]) -> Comparison | None:
    """Choose what is judged, and by what; None where it is too little. `recent` are the runs before this one, `trusted`
    those of them, and earlier ones, that raised no alarm; both the latest first."""
    window = [now]
    count, rest = figure(now, "record/count"), [stats for stats in trusted if figure(stats, "record/count")]
    for stats in recent:
        own = figure(stats, "record/count")
        left = [other for other in rest if other is not stats]
        # A large run that raised an alarm tells what the few articles after it are like.
        if count >= WINDOW or now.get("narayacrawl/structure/changed") or (own > WINDOW and len(left) < len(rest)):
            break
        if not own:
            continue
        if sum(figure(other, "record/count") for other in left) < MIN_PAST:
            break
        window.append(stats)
        count, rest = count + own, left
    known = sum(figure(stats, "record/count") for stats in rest)
    is_enough = known >= MIN_PAST and count <= MAX_SIZE * known
    both = Comparison(window, rest)
    return both if count >= both.least and is_enough else None


def alarms_of(
    now: Stats, recent: Sequence[Stats], trusted: Sequence[Stats], examples: Examples | None = None
) -> list[Alarm]:
    """Return what a run has to be told of, the gravest first."""
    found: list[Alarm] = []
    shown = examples or {}
    if (both := compare(now, recent, trusted)) is not None and figure(now, "record/count"):
        for check in (check_fields, check_rules, check_markup, check_overruled, check_lengths):
            found += check(both, shown)
    found += check_unread(now, trusted)
    return found


def check_fields(both: Comparison, examples: Examples) -> Iterator[Alarm]:
    """Each field of the record: the share of articles that have it."""
    for name in both.names("field/"):
        if both.kind and name not in ALWAYS:
            continue
        less, assumed = "record/pictures" if name == "body" else "", ASSUMED_VARYING if name in VARYING else ASSUMED
        now, past, is_lost = both.fallen(f"field/{name}", "record/count", less=less, assumed=assumed)
        if is_lost:
            yield Alarm(f"field/{name}", f"{name} in {now} articles{before(past)}", examples.get(f"field/{name}", ()))


def check_rules(both: Comparison, examples: Examples) -> Iterator[Alarm]:
    """The rules that read title, date, authors and text: one that read most reads few, or a fall-back reads many."""
    if both.kind == "pictures":
        return
    for field in sorted({name.partition("/")[0] for name in both.names("rule/")}):
        if both.kind and field not in SAME_EVERYWHERE:
            continue
        gone, new = [], []
        lost: set[str] = set()
        for rule in both.names(f"rule/{field}/"):
            now, past, is_lost = both.fallen(f"rule/{field}/{rule}", "page/count")
            if is_lost:
                gone.append(f"{rule} {now}{before(past)}")
                lost.add(rule)
            elif not both.kind and now.count >= MIN_MANY and has_risen(now, past, ASSUMED, least=0.3, times=5):
                new.append((now.count, f"{rule} {now}{before(past)}"))
        if gone or new:
            new.sort(reverse=True)
            told = "; ".join([*gone, *(told for _, told in new)])
            used = sorted(below(both.now[0], f"narayacrawl/rule/{field}/"), key=lambda rule: rule in lost)
            shown = next((found for rule in used if (found := examples.get(f"rule/{field}/{rule}"))), ())
            yield Alarm(f"rule/{field}", f"{field} read by other rules: {told}", shown)


def check_markup(both: Comparison, examples: Examples) -> Iterator[Alarm]:
    """The markup that pages of articles had: metadata, dates, names, links to tags and sections, captions, pictures."""
    if both.kind == "pictures":
        return
    gone: list[str] = []
    shown: Sequence[str] = ()
    for mark in both.names("mark/"):
        now, past, is_lost = both.fallen(f"mark/{mark}", "page/count")
        if is_lost:
            gone.append(f"{mark} in {now} pages{before(past)}")
            shown = shown or examples.get(f"mark/{mark}", ())
    if gone:
        yield Alarm("markup", f"markup gone: {'; '.join(gone)}", shown)


def check_overruled(both: Comparison, examples: Examples) -> Iterator[Alarm]:
    """Rules that leave out parts of a page, overruled since what they would leave out reads like the article."""
    for rule in both.names("overruled/"):
        now, past = both.shares(f"overruled/{rule}", "page/count")
        if is_many(now, past, least=0.3):
            line = f"rule {rule} overruled in {now} pages{before(past)}"
            yield Alarm(f"overruled/{rule}", line, examples.get(f"overruled/{rule}", ()))


def check_lengths(both: Comparison, examples: Examples) -> Iterator[Alarm]:
    """The length of texts, picture posts left out: its geometric mean is half of what it was, or twice as long."""
    now, past = lengths(both.now), [lengths([stats]) for stats in both.past]
    former = lengths(both.past)
    if now.count < MIN_ARTICLES or former.count < MIN_PAST:
        return
    means = [(own.mean - former.mean) ** 2 - former.variance / own.count for own in past if own.count >= 3]
    between = max(sum(means), 0.0) + ASSUMED_LENGTH_SPREAD**2 * 10
    between /= len(means) + 10
    deviation = sqrt(former.variance / now.count + former.variance / former.count + between)
    distance = now.mean - former.mean
    if abs(distance) < LENGTH_LIMIT * deviation or 0.5 < exp(distance) < 2:
        return
    line = f"texts of {exp(now.mean):.0f} characters (geometric mean of {now.count}; before: {exp(former.mean):.0f})"
    yield Alarm("body/length", line, examples.get("body/length", ()))


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long texts are, by the logarithms of their lengths."""

    count: int
    mean: float
    variance: float


def lengths(runs: Sequence[Stats]) -> Lengths:
    """Return how long the texts of runs are."""
    count = sum(figure(stats, "body/count") for stats in runs)
    total = sum(stats.get("narayacrawl/body/log_sum", 0.0) for stats in runs)
    squares = sum(stats.get("narayacrawl/body/log_squares", 0.0) for stats in runs)
    mean = total / count if count else 0.0
    return Lengths(int(count), mean, max(squares / count - mean**2, 0.0) if count else 0.0)


def check_unread(now: Stats, trusted: Sequence[Stats]) -> Iterator[Alarm]:
    """What became of articles that were asked for and not written, by reason."""
    counted = unread(now)
    totals = settled(now)
    for reason, count in counted.items():
        share = Share(count, totals)
        past = [Share(min(unread(stats).get(reason, 0), settled(stats)), settled(stats)) for stats in trusted]
        least = MANY_GONE if reason == "gone" else MANY_UNREAD
        if joined(past).total >= MIN_PAST and is_many(share, past, least=least):
            example = now.get(f"narayacrawl/example/{reason}") or now.get("narayacrawl/example/dropped")
            shown = (example,) if example and not reason.startswith("rejected") else ()
            yield Alarm(f"unread/{reason}", f"{reason.replace('_', ' ')}: {share} articles{before(past)}", shown)


def unread(stats: Stats) -> dict[str, int]:
    """Count a run's articles that were not written, by reason."""
    rejected = {name: figure(stats, f"article/rejected/{name}") for name in DOUBTFUL_REJECTIONS}
    found = {f"rejected/{name}": count for name, count in rejected.items() if count}
    dropped = below(stats, "narayacrawl/dropped/")
    found |= {f"dropped/{name}": count for name, count in dropped.items() if name not in FILTERS}
    return found | {name: count for name in UNREAD_ALONE if (count := figure(stats, f"article/{name}"))}


def share_of_runs(runs: Sequence[Stats], name: str) -> float:
    """Return the share of the articles of runs that are of the kind which each run has most of."""
    return joined([share_in(stats, f"record/{name}", "record/count") for stats in runs]).value


def is_many(now: Share, past: Sequence[Share], *, least: float) -> bool:
    """True if many more articles are of a kind than ever."""
    return now.count >= MIN_MANY and has_risen(now, past, ASSUMED, least=least, times=5)


def before(past: Sequence[Share]) -> str:
    """Tell a past share: ` (before: 412 of 415)`."""
    return f" (before: {joined(past)})"
