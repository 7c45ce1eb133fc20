"""Show a portal's last runs one by one, how each ended, and the alarms that were raised."""

from collections import Counter
from datetime import datetime

from narayacrawl.monitors.outcome import FAILED, GOOD, INTERRUPTED, UNTRUSTED, Outcome, outcome
from narayacrawl.report import plots
from narayacrawl.report.figures import PortalFigures
from narayacrawl.report.markup import NOTHING, moment, note, section, table, text, whole
from narayacrawl.report.run_sections import MEGABYTE, errors
from narayacrawl.report.runs import RunFigures

STATUS = {GOOD: "good", FAILED: "failed", UNTRUSTED: "not to be trusted", INTERRUPTED: "interrupted"}
SHOWN_ALARMS = 20


def alarms_section(figures: PortalFigures) -> str:
    """List the alarms, the one that was raised last first."""
    raised = sorted(figures.runs.alarms.items(), key=lambda item: (item[1].last, item[0]), reverse=True)
    if not raised:
        return section("alarms", "Alarms", "<p>None.</p>")
    last = figures.runs.last[-1].started
    rows = [
        [
            f'<span class="bad">{text(name)}</span>' if alarm.last == last else text(name),
            *(whole(alarm.runs), moment(alarm.first), moment(alarm.last), text(alarm.line)),
        ]
        for name, alarm in raised[:SHOWN_ALARMS]
    ]
    more = note(f"{len(raised) - SHOWN_ALARMS} others are older.") if len(raised) > SHOWN_ALARMS else ""
    head = ["alarm", "runs", "first (UTC)", "last (UTC)", "what it said last"]
    return section("alarms", "Alarms", table(head, rows, style="lines"), more)


def verdict(run: RunFigures) -> Outcome | None:
    """Judge a run by its stats as its exit status did; None if it goes on or was killed."""
    return outcome(run.stats) if run.ended and run.stats else None


def last_runs_section(figures: PortalFigures) -> str:
    """List the last runs, the latest first."""
    heading = "Last runs"
    rows = [_run_row(run) for run in reversed(figures.runs.last)]
    if not rows:
        return section("runs", heading, "<p>No run yet.</p>")
    head = [
        "began (UTC)",
        "took",
        "status",
        "told",
        "written",
        "edits",
        "gone",
        "failed",
        "requests",
        "MB",
        "errors",
        "end",
    ]
    return section("runs", heading, table(head, rows, style="runs"))


def _run_row(run: RunFigures) -> list[str]:
    stats, judged = Counter[str](), verdict(run)
    stats.update({name: value for name, value in run.stats.items() if isinstance(value, int)})
    if judged is None:
        status, told = run.reason or "goes on, or was killed", ""
    else:
        status, told = f"{judged.status} {STATUS.get(judged.status, '')}", judged.reason or ""
    is_bad = run.reason is not None if judged is None else judged.status != GOOD
    shown = f'<span class="bad">{text(status)}</span>' if is_bad else text(status)
    return [
        moment(run.started), _took(run), shown, text(told), whole(run.lines), whole(stats["narayacrawl/written/edit"]),
        whole(stats["narayacrawl/article/gone"]), whole(stats["narayacrawl/article/failed"]),
        whole(stats["downloader/request_count"]), f"{stats['downloader/response_bytes'] / MEGABYTE:.1f}",
        whole(sum(errors(stats))), text(run.reason or NOTHING),
    ]  # fmt: skip


def _took(run: RunFigures) -> str:
    if run.ended is None:
        return NOTHING
    seconds = (datetime.fromisoformat(run.ended) - datetime.fromisoformat(run.started)).total_seconds()
    return f"{seconds:.0f} s" if seconds < 120 else plots.duration(seconds / 60)
