"""Draw plots as SVG inside a page: no script, colours from the page's style sheet, letters that keep their size.

A library would bring megabytes of script, or pictures whose colours are fixed and whose letters shrink on a phone.
Every place is a percentage of the plot's width or height, so that it is as wide as a phone or a screen; only bars are
stretched. The browser shows what a column stands for where the pointer rests on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from math import floor, log, log10
from typing import Final

GAP: Final = 0.14
"""Share of a column's width that is left empty."""
MINUTES: Final = {
    1: "1 min", 10: "10 min", 60: "1 h", 360: "6 h", 1440: "1 day", 10080: "1 week", 43200: "30 days", 525600: "1 year",
}  # fmt: skip
"""Delays that a logarithmic axis names."""


@dataclass(frozen=True, slots=True)
class Series:
    """One figure of each column."""

    name: str
    values: Sequence[float]
    style: str
    """Class of its colour, `s0` to `s7`."""


def stacked_bars(
    columns: Sequence[str],
    series: Sequence[Series],
    ticks: Sequence[tuple[float, str]],
    *,
    label: str,
    number: Callable[[float], str],
) -> str:
    """Draw bars that stand on each other, a series a colour. `label` is what the plot shows, in a sentence."""
    totals = [sum(values) for values in zip(*(own.values for own in series), strict=True)]
    top = nice_top(max(totals, default=0))
    below = [[0.0] * len(columns), *accumulate(([*own.values] for own in series), _added)]
    bars = "".join(
        f'<path class="{own.style}" d="{_bars(own.values, bottom, top)}"/>'
        for own, bottom in zip(series, below, strict=False)
        if any(own.values)
    )
    hits = []
    for place, (column, total) in enumerate(zip(columns, totals, strict=True)):
        parts = [f"{own.name} {number(own.values[place])}" for own in series if own.values[place]]
        told = f"{number(total)} ({', '.join(parts)})" if len(series) > 1 and parts else number(total)
        hits.append(_hit(place, f"{column}: {told}"))
    inner = f'<svg viewBox="0 0 {len(columns)} 100" preserveAspectRatio="none">{bars}{"".join(hits)}</svg>'
    lines = [(1 - share, number(top * share)) for share in (0, 0.5, 1)]
    return _plot(inner, lines, ticks, label)


def delays(
    columns: Sequence[str],
    points: Sequence[tuple[int, int] | None],
    ticks: Sequence[tuple[float, str]],
    *,
    label: str,
) -> str:
    """Draw the median and the ninth decile of each column's minutes, on a logarithmic axis."""
    most = max((upper for _, upper in filter(None, points)), default=0)
    top = next((minutes for minutes in MINUTES if minutes >= most), max(most, 1))
    top = max(top, 60)

    def height(minutes: float) -> float:
        return 1 - log(max(minutes, 1)) / log(top)

    drawn, hits = [], []
    for place, point in enumerate(points):
        if point is None:
            continue
        x, (middle, upper) = _percent((place + 0.5) / len(columns)), point
        drawn.append(
            f'<line x1="{x}" x2="{x}" y1="{_percent(height(middle))}" y2="{_percent(height(upper))}"/>'
            f'<circle cx="{x}" cy="{_percent(height(middle))}" r="2.5"/>'
        )
        hits.append(_hit(place, f"{columns[place]}: half within {duration(middle)}, 9 of 10 within {duration(upper)}"))
    stretched = f'<svg viewBox="0 0 {len(columns)} 100" preserveAspectRatio="none">{"".join(hits)}</svg>'
    lines = [(height(minutes), name) for minutes, name in MINUTES.items() if minutes <= top]
    return _plot(f'<g class="delays">{"".join(drawn)}</g>{stretched}', lines, ticks, label)


def bar(share: float) -> str:
    """Draw a bar as long as a share of its table cell; the figure stands beside it."""
    return f'<svg class="bar" aria-hidden="true"><rect width="{_percent(share)}" height="100%"/></svg>'


def strip(shares: Sequence[float], label: str) -> str:
    """Draw a row of bars for shares of a whole."""
    path = _bars([100 * share for share in shares], [0.0] * len(shares), 100)
    frame = f'viewBox="0 0 {max(len(shares), 1)} 100" preserveAspectRatio="none"'
    return f'<svg class="strip" role="img" aria-label="{escape(label)}" {frame}><path class="s0" d="{path}"/></svg>'


def legend(series: Sequence[Series]) -> str:
    """Return what the colours mean."""
    return (
        '<ul class="legend">'
        + "".join(f'<li><i class="{own.style}"></i>{escape(own.name)}</li>' for own in series)
        + "</ul>"
    )


def nice_top(most: float) -> float:
    """Return the end of an axis for figures up to `most`, 1 at least: it and its half are round."""
    if most <= 1:
        return 1
    power = 10 ** floor(log10(most))
    steps = (1, 2, 3, 4, 5, 6, 8, 10) if power > 1 else (2, 4, 6, 8, 10)
    return float(next(step for step in steps if most <= step * power) * power)


def duration(minutes: float) -> str:
    """Return minutes in words: `12 min`, `3.5 h`, `2 days`."""
    if minutes < 120:
        return f"{round(minutes)} min"
    if minutes < 48 * 60:
        return f"{minutes / 60:.1f} h"
    return f"{minutes / 1440:,.0f} days"


def _added(bottom: Sequence[float], values: Sequence[float]) -> list[float]:
    return [below + value for below, value in zip(bottom, values, strict=True)]


def _bars(values: Sequence[float], bottom: Sequence[float], top: float) -> str:
    """Return the outline of all bars of a series, in a frame whose height is 100."""
    return "".join(
        f"M{place + GAP / 2:g} {_round(100 - 100 * low / top)}h{1 - GAP:g}v{_round(-100 * value / top)}h-{1 - GAP:g}z"
        for place, (value, low) in enumerate(zip(values, bottom, strict=True))
        if value
    )


def _round(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _percent(share: float) -> str:
    return f"{_round(100 * share)}%"


def _hit(place: int, text: str) -> str:
    """Return what is shown where the pointer rests on a column."""
    return f'<rect class="hit" x="{place}" width="1" height="100"><title>{escape(text)}</title></rect>'


def _plot(inner: str, lines: Sequence[tuple[float, str]], ticks: Sequence[tuple[float, str]], label: str) -> str:
    """Return a plot between its axes: lines across it with their names at the left, dates below."""
    left = "".join(f'<text x="100%" y="{_percent(place)}">{escape(name)}</text>' for place, name in lines)
    across = "".join(
        f'<line class="grid" x2="100%" y1="{_percent(place)}" y2="{_percent(place)}"/>' for place, _ in lines
    )
    below = "".join(f'<text x="{_percent(x)}" y="50%" class="{_anchor(x)}">{escape(name)}</text>' for x, name in ticks)
    return (
        f'<div class="plot"><svg class="left" aria-hidden="true">{left}</svg>'
        f'<svg class="inner" role="img" aria-label="{escape(label)}">{across}{inner}</svg>'
        f'<svg class="below" aria-hidden="true">{below}</svg></div>'
    )


def _anchor(x: float) -> str:
    return "begin" if x < 0.08 else "end" if x > 0.92 else "middle"
