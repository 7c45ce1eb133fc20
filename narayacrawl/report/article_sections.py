"""Show what a portal published and how soon it was stored."""

from collections.abc import Sequence

from narayacrawl.report import plots
from narayacrawl.report.articles import (
    OLDEST,
    OTHER_SECTIONS,
    UNKNOWN_SECTION,
    distribution,
    leading_sections,
    share_of,
    spread,
)
from narayacrawl.report.figures import PortalFigures
from narayacrawl.report.markup import folded, note, percent, section, table, text, whole
from narayacrawl.report.periods import Column, Periods, size_name, ticks
from narayacrawl.report.plots import Series

SECTION_COLOURS = 8
LISTED_SECTIONS = 20


def articles_section(figures: PortalFigures, periods: Periods) -> str:
    """Show the articles of each day by section, for each period."""
    found = figures.articles
    wrong = [
        f"{whole(found.undated)} without a date" if found.undated else "",
        f"{whole(found.misdated)} dated before {(figures.today - OLDEST).year} or in the future"
        if found.misdated
        else "",
    ]
    left_out = f" Not drawn: {', '.join(filter(None, wrong))}." if any(wrong) else ""
    told = note(f"By the portal’s own date of publication and the section of the last revision.{left_out}")
    if not found.by_day:
        return section(
            "articles", "Articles per day and section", "<p>No article with a date is written yet.</p>", told
        )
    return section(
        "articles",
        "Articles per day and section",
        told,
        *(f'<div class="{name}">{_by_section(figures, columns)}</div>' for name, columns in periods),
    )


def _by_section(figures: PortalFigures, columns: Sequence[Column]) -> str:
    found = figures.articles
    names = leading_sections(found, (day for column in columns for day in column.days), SECTION_COLOURS)
    if not names:
        return "<p>No article of this time.</p>"
    by_column = [[found.by_day.get(day) for day in column.days] for column in columns]
    counts = {
        name: [sum(share_of(day, names, name) for day in days if day is not None) for days in by_column]
        for name in names
    }
    per_day = {
        name: [count / len(days) for count, days in zip(own, by_column, strict=True)] for name, own in counts.items()
    }
    series = [
        Series(name if name == OTHER_SECTIONS else text_of(name), per_day[name], _colour(place, name))
        for place, name in enumerate(names)
    ]
    label = f"Articles {size_name(columns)}, {columns[0].first} to {columns[-1].last}, by section"
    drawn = plots.stacked_bars([str(column) for column in columns], series, ticks(columns), label=label, number=whole)
    head = ["published", "articles", *(text(name) for name in names)]
    rows = [
        [
            str(column),
            whole(sum(own[place] for own in counts.values())),
            *(whole(counts[name][place]) for name in names),
        ]
        for place, column in reversed([*enumerate(columns)])
        if any(own[place] for own in counts.values())
    ]
    caption = f"<figcaption>Articles {size_name(columns)}</figcaption>"
    return f"<figure>{caption}{plots.legend(series)}{drawn}</figure>{folded('As a table', table(head, rows))}"


def text_of(name: str) -> str:
    """Return a section's name as a legend shows it; an endless one is cut."""
    return name if len(name) <= 40 else name[:40].rstrip() + " …"


def _colour(place: int, name: str) -> str:
    return "s7" if name == OTHER_SECTIONS else "s6" if name == UNKNOWN_SECTION else f"s{place % 6}"


def sections_section(figures: PortalFigures, recent: Sequence[Column]) -> str:
    """List the sections with the most articles."""
    found = figures.articles
    if not found.sections:
        return ""
    lately: dict[str, int] = {}
    for column in recent:
        for day in column.days:
            for name, count in found.by_day.get(day, {}).items():
                lately[name] = lately.get(name, 0) + count
    ranked = sorted(found.sections.items(), key=lambda item: (-item[1], item[0]))
    shown, others = ranked[:LISTED_SECTIONS], ranked[LISTED_SECTIONS:]
    rows = [(text(name), count, lately.get(name, 0)) for name, count in shown]
    if others:
        rest = sum(count for _, count in others)
        rows.append((f"{len(others)} others", rest, sum(lately.get(name, 0) for name, _ in others)))
    most, total = max(count for _, count, _ in rows), found.written
    days = (recent[-1].last - recent[0].first).days + 1
    cells = [
        [name, whole(now), whole(count), percent(count, total), plots.bar(count / most)] for name, count, now in rows
    ]
    unknown = ""
    if found.sections[UNKNOWN_SECTION]:
        unknown = note(
            f"“{UNKNOWN_SECTION}”: its page names none, or it was written before the ledger kept sections"
            " (<code>scrapy ledger rebuild</code> reads them from the archive)."
        )
    return section(
        "sections",
        "Sections",
        table(["section", f"last {days} days", "articles", "share", ""], cells, style="counts"),
        unknown,
    )


def freshness_section(figures: PortalFigures, periods: Periods) -> str:
    """Show how long after its publication an article was stored."""
    told = note(
        "From the portal’s date of publication to the first line in the archive. Counted are articles that were"
        " published since the first run, and whose time of day the portal tells."
    )
    if not any(figures.articles.delays.values()):
        return section("freshness", "Freshness: from published to stored", "<p>Nothing is known of it yet.</p>", told)
    shown = (f'<div class="{name}">{_freshness(figures, columns)}</div>' for name, columns in periods)
    return section("freshness", "Freshness: from published to stored", told, *shown)


def _freshness(figures: PortalFigures, columns: Sequence[Column]) -> str:
    known = figures.articles.delays
    by_column = [sorted(minutes for day in column.days for minutes in known.get(day, ())) for column in columns]
    points = [spread(minutes) for minutes in by_column]
    days = [day for column in columns for day in column.days]
    counts = distribution(figures.articles, days)
    total = counts.total()
    if not total:
        return "<p>No article of this time.</p>"
    middle, upper = spread(sorted(minutes for own in by_column for minutes in own)) or (0, 0)
    label = f"Median and ninth decile of the delay of articles published {columns[0].first} to {columns[-1].last}"
    drawn = plots.delays([str(column) for column in columns], points, ticks(columns), label=label)
    most = max(counts.values())
    rows = [[name, whole(count), percent(count, total), plots.bar(count / most)] for name, count in counts.items()]
    by_date = [
        [str(column), whole(len(minutes)), plots.duration(point[0]), plots.duration(point[1])]
        for column, minutes, point in reversed([*zip(columns, by_column, points, strict=True)])
        if point is not None
    ]
    return (
        f"<p><b>Half within {plots.duration(middle)}, 9 of 10 within {plots.duration(upper)}</b>, of {whole(total)}"
        " articles.</p>"
        "<figure><figcaption>Delay by day of publication: the dot is the median, the line goes up to the ninth decile"
        f" (logarithmic)</figcaption>{drawn}</figure>"
        + table(["stored", "articles", "share", ""], rows, style="counts")
        + folded("By date", table(["published", "articles", "half within", "9 of 10 within"], by_date))
    )
