"""Put a report together as one HTML page."""

from datetime import date, timedelta
from importlib.resources import files

from narayacrawl.exporters.html import page
from narayacrawl.monitors.outcome import GOOD
from narayacrawl.report.article_sections import articles_section, freshness_section, sections_section
from narayacrawl.report.figures import PortalFigures
from narayacrawl.report.markup import moment, note, text, whole
from narayacrawl.report.periods import Periods, columns, recent_columns
from narayacrawl.report.run_sections import drops_section, fields_section, runs_section
from narayacrawl.report.single_runs import STATUS, alarms_section, last_runs_section, verdict
from narayacrawl.report.waiting_section import failures_section, waiting_section

SWITCH = """<fieldset class="switch"><legend>Plots show</legend>
<label><input type="radio" name="period" id="period-recent" checked> the last {days} days</label>
<label><input type="radio" name="period" id="period-all"> all time</label></fieldset>"""


def html_report(figures: PortalFigures) -> str:
    """Return the complete page of one portal."""
    style = files("narayacrawl.report").joinpath("style.css").read_text(encoding="utf-8")
    return page(f"{text(figures.portal)}: report", style, f"<main>\n{portal_report(figures)}\n</main>")


def portal_report(figures: PortalFigures) -> str:
    """Return what the page shows of one portal."""
    found, runs = figures.articles, figures.runs
    in_utc = figures.moment.date()
    first_run = date.fromisoformat(runs.first[:10]) if runs.first else None
    of_articles = _periods(min(found.by_day, default=None), max(found.by_day, default=figures.today), figures.today)
    of_freshness = _periods(min((day for day, own in found.delays.items() if own), default=None), *[figures.today] * 2)
    of_runs = _periods(first_run, in_utc, in_utc)
    recent = of_articles[0][1], of_runs[0][1]
    has_switch = any(len(periods) > 1 for periods in (of_articles, of_freshness, of_runs))
    zone = text(figures.waiting.timezone or "not known, taken for Asia/Jakarta")
    return "\n".join([
        "<header>",
        f"<h1>{text(figures.portal)}</h1>",
        note(
            f"As of {moment(figures.moment)} UTC, from the ledger. Days of articles are the portal’s own (time zone:"
            f" {zone}); moments and days of runs are in UTC."
        ),
        _last_run(figures),
        _tiles(figures),
        "</header>",
        SWITCH.format(days=max(map(len, recent))) if has_switch else "",
        articles_section(figures, of_articles),
        sections_section(figures, recent[0]),
        freshness_section(figures, of_freshness),
        fields_section(figures),
        runs_section(figures, of_runs),
        drops_section(figures, recent[1]),
        alarms_section(figures),
        failures_section(figures),
        waiting_section(figures),
        last_runs_section(figures),
    ])  # fmt: skip


def _periods(first: date | None, last: date, today: date) -> Periods:
    """Return the columns of the last weeks and, where there was something before, of all time, each under the class of
    what shows it: one that there is no choice from is always shown."""
    end = max(last, today)
    recent = recent_columns(first or end, end)
    if first is None or first >= recent[0].first:
        return [("always", recent)]
    return [("recent", recent), ("all", columns(first, end))]


def _last_run(figures: PortalFigures) -> str:
    """Tell how the last run ended."""
    if not figures.runs.last:
        return '<p class="verdict bad">No run yet.</p>'
    run = figures.runs.last[-1]
    judged = verdict(run)
    if judged is None:
        told = f"The last run began {moment(run.started)} UTC and {text(run.reason or 'goes on, or was killed')}."
        return f'<p class="verdict{" bad" if run.reason else ""}">{told}</p>'
    status = STATUS.get(judged.status, "")
    told = f"Last run {moment(run.started)} UTC: {status} (status {judged.status})"
    reason = f": {text(judged.reason)}" if judged.reason else ""
    return f'<p class="verdict{"" if judged.status == GOOD else " bad"}"><b>{told}</b>{reason}</p>'


def _tiles(figures: PortalFigures) -> str:
    """Return the figures that are looked for first."""
    found, runs = figures.articles, figures.runs
    week = [figures.today - timedelta(days=back) for back in range(7)]
    lately = sum(found.by_day[day].total() for day in week if day in found.by_day)
    rereads = sum(day.stats["narayacrawl/written/reread"] for day in runs.by_day.values())
    newest = text(found.latest[:16].replace("T", " ")) if found.latest else "none"
    tiles = [
        ("articles", whole(found.written)),
        ("published in the last 7 days", whole(lately)),
        ("last one published (portal’s time)", newest),
        ("later revisions", whole(found.later_revisions) + (f" ({whole(rereads)} reread)" if rereads else "")),
        ("runs", whole(runs.count)),
        ("alarms raised", whole(sum(alarm.runs for alarm in runs.alarms.values()))),
        ("waiting", whole(found.states["pending"])),
        ("failed", whole(found.states["failed"])),
        ("gone", whole(found.states["gone"])),
    ]
    return f'<dl class="tiles">{"".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in tiles)}</dl>'
