"""Show a portal's runs day by day: what they asked for and wrote, which fields articles have, what was dropped."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from narayacrawl.monitors.outcome import FILTERS
from narayacrawl.monitors.stats import answers, below, download_errors
from narayacrawl.report import plots
from narayacrawl.report.figures import PortalFigures
from narayacrawl.report.markup import folded, moment, note, percent, section, table, text, whole
from narayacrawl.report.periods import Column, Periods, size_name, ticks
from narayacrawl.report.plots import Series
from narayacrawl.report.runs import FIELD, PICTURES, READ, DayFigures

MEGABYTE = 1_000_000
LOSSES = ("failed", "disbelieved", "gone", "subscribers_only", "reserved")
SHOWN_FIELD_RUNS = 20


def runs_section(figures: PortalFigures, periods: Periods) -> str:
    """Show what the runs of each day asked for, wrote and lost."""
    shown = (f'<div class="{name}">{_by_day(figures, columns)}</div>' for name, columns in periods)
    told = note("By the day on which a run began, in UTC. A run is listed by itself below.")
    return section("days", "Requests, bytes, errors and revisions", told, *shown)


def _written(stats: Counter[str], lines: int) -> list[int]:
    """Split the lines that runs wrote: first revisions, edits, reread ones, and those of runs that did not tell."""
    told = [stats[f"narayacrawl/written/{name}"] for name in ("first", "edit", "reread")]
    return [*told, max(lines - sum(told), 0)]


def errors(stats: Counter[str]) -> list[int]:
    """Count the requests that were answered with status 4xx, with 5xx, or not at all."""
    given = answers(stats)
    ours = sum(count for status, count in given.items() if 400 <= status < 500)
    theirs = sum(count for status, count in given.items() if status >= 500)
    return [ours, theirs, sum(download_errors(stats).values())]


def _lost(stats: Counter[str]) -> list[int]:
    dropped = sum(count for name, count in below(stats, "narayacrawl/dropped/").items() if name not in FILTERS)
    rejected = sum(below(stats, "narayacrawl/article/rejected/").values())
    return [stats["narayacrawl/article/failed"], dropped, rejected]


PLOTS: tuple[tuple[str, tuple[str, ...], Callable[[DayFigures], Sequence[float]]], ...] = (
    ("Requests", ("requests",), lambda day: [day.stats["downloader/request_count"]]),
    ("Megabytes received", ("MB",), lambda day: [day.stats["downloader/response_bytes"] / MEGABYTE]),
    ("Errors of requests", ("status 4xx", "status 5xx", "no answer"), lambda day: errors(day.stats)),
    ("Lines written", ("first", "edits", "reread", "kind not known"), lambda day: _written(day.stats, day.lines)),
    ("Articles gone", ("gone",), lambda day: [day.stats["narayacrawl/article/gone"]]),
    ("Articles not written", ("failed", "dropped", "no article"), lambda day: _lost(day.stats)),
    ("Runs", ("runs",), lambda day: [day.runs]),
)
"""Title, names of the figures, and how they are read from a day."""
COLOURS = {
    "status 4xx": "s1", "status 5xx": "s3", "no answer": "s4", "edits": "s1", "reread": "s2", "kind not known": "s7",
    "failed": "s3", "dropped": "s1", "no article": "s7",
}  # fmt: skip


def _by_day(figures: PortalFigures, columns: Sequence[Column]) -> str:
    by_day, nothing = figures.runs.by_day, DayFigures()
    drawn, head = [], ["began"]
    table_columns: list[list[float]] = []
    labels, dates = [str(column) for column in columns], ticks(columns)
    for title, names, read in PLOTS:
        sums = [_summed(read, by_day, nothing, column.days) for column in columns]
        for place, name in enumerate(names):
            if name != "kind not known" or any(own[place] for own in sums):
                head.append(name)
                table_columns.append([own[place] for own in sums])
        series = [
            Series(name, [own[place] / len(column.days) for own, column in zip(sums, columns, strict=True)],
                   COLOURS.get(name, "s0"))
            for place, name in enumerate(names)
            if len(names) == 1 or any(own[place] for own in sums)
        ]  # fmt: skip
        total = sum(sum(own) for own in sums)
        label = f"{title} {size_name(columns)}, {columns[0].first} to {columns[-1].last}"
        if series:
            plot = plots.stacked_bars(labels, series, dates, label=label, number=whole)
            plot = (plots.legend(series) if len(names) > 1 else "") + plot
        else:
            plot = '<p class="soft">None.</p>'
        caption = f"{title} <small>{size_name(columns)}; {whole(total)} in all</small>"
        drawn.append(f"<figure><figcaption>{caption}</figcaption>{plot}</figure>")
    rows = [
        [labels[place], *(whole(own[place]) for own in table_columns)]
        for place in reversed(range(len(columns)))
        if any(own[place] for own in table_columns)
    ]
    return f'<div class="few">{"".join(drawn)}</div>' + folded("As a table", table(head, rows))


def _summed(
    read: Callable[[DayFigures], Sequence[float]],
    by_day: Mapping[date, DayFigures],
    nothing: DayFigures,
    days: Sequence[date],
) -> list[float]:
    return [sum(own) for own in zip(*(read(by_day.get(day, nothing)) for day in days), strict=True)]


# Fields


def fields_section(figures: PortalFigures) -> str:
    """Show which share of the articles of each run has each field."""
    runs = [*figures.runs.with_fields]
    heading = "Fields of the articles, by run"
    if not runs:
        return section("fields", heading, "<p>No run has counted fields yet.</p>")
    total: Counter[str] = Counter()
    for day in figures.runs.by_day.values():
        total.update({name: count for name, count in day.stats.items() if name.startswith((FIELD, READ, PICTURES))})
    names = sorted((name for name in total if name.startswith(FIELD)), key=lambda name: (-total[name], name))
    last, shown = runs[-1], runs[-SHOWN_FIELD_RUNS:]
    rows = []
    for name in names:
        label = f"{name.removeprefix(FIELD)}: share of the articles of the last {len(runs)} runs that read any"
        shares = [having / of if of else 0 for having, of in (_having(run.stats, name) for run in runs)]
        share_of_all, share_of_last = percent(*_having(total, name)), percent(*_having(last.stats, name))
        rows.append([text(name.removeprefix(FIELD)), share_of_all, share_of_last, plots.strip(shares, label)])
    each = [
        [moment(run.started), whole(run.stats[READ]), *(percent(*_having(run.stats, name)) for name in names)]
        for run in reversed(shown)
    ]
    return section(
        "fields",
        heading,
        note(
            f"Share of the articles read that have the field: in all runs, in the last one ({moment(last.started)},"
            f" {whole(last.stats[READ])} articles), and in each of the last {len(runs)} that read any, oldest first."
        ),
        table(["field", "all runs", "last run", f"last {len(runs)} runs"], rows, style="fields"),
        folded(
            f"The last {len(shown)} runs as a table",
            table(["began (UTC)", "articles", *(text(name.removeprefix(FIELD)) for name in names)], each),
        ),
    )


def _having(stats: Mapping[str, Any], name: str) -> tuple[int, int]:
    """Return how many articles have a field, and of how many; posts of pictures need no body."""
    of = stats.get(READ, 0) - (stats.get(PICTURES, 0) if name == f"{FIELD}body" else 0)
    return min(stats.get(name, 0), of), of


# What was not written


def drops_section(figures: PortalFigures, recent: Sequence[Column]) -> str:
    """List for which reasons pages were not written as an article."""
    heading = "Not written, by reason"
    always, lately = Counter[str](), Counter[str]()
    days = {day for column in recent for day in column.days}
    for day, own in figures.runs.by_day.items():
        reasons = _reasons(own.stats)
        always.update(reasons)
        if day in days:
            lately.update(reasons)
    if not always:
        return section("drops", heading, "<p>Nothing: every article that was read is written.</p>")
    most = max(always.values())
    ranked = sorted(always.items(), key=lambda item: (-item[1], item[0]))
    rows = [[text(name), whole(lately[name]), whole(count), plots.bar(count / most)] for name, count in ranked]
    head = ["reason", f"last {len(days)} days", "all runs", ""]
    return section("drops", heading, table(head, rows, style="counts"))


def _reasons(stats: Counter[str]) -> dict[str, int]:
    found = {
        f"dropped: {name.replace('_', ' ')}": count
        for name, count in below(stats, "narayacrawl/dropped/").items()
        if name not in FILTERS
    }
    for name, count in below(stats, "narayacrawl/article/rejected/").items():
        found[f"no article: {name.replace('_', ' ')}"] = count
    for name in LOSSES:
        if count := stats[f"narayacrawl/article/{name}"]:
            found[name.replace("_", " ")] = count
    return found
