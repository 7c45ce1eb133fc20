"""Tell a share of articles that has fallen or risen from one that varies as it always has.

A count of articles is taken for beta-binomial: binomial, with a share that itself varies from run to run, for a day of
sports is not like a day of politics. How much it varies, the past runs tell; where they are few, an assumption does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma
from typing import Final

MAX_WEIGHT: Final = 300
"""Of a larger run no more articles count: a portal's whole archive is not to outweigh all runs after it."""
ASSUMED_RUNS: Final = 10
"""As many runs as this vary as is assumed, beside those of the past."""
MIN_DISPERSION, MAX_DISPERSION = 0.005, 0.3
RARE: Final = 1e-6
"""What varies by chance so seldom has changed."""
RARE_CHANGE: Final = 1e-4
"""The same of what was often there and is nearly never, or the other way round: what breaks leaves nothing."""
LOST: Final = 0.1
"""The share of the former one that is left at most where something is lost."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many articles of so many."""

    count: int
    total: int

    def __str__(self) -> str:
        return f"{self.count} of {self.total}"

    @property
    def value(self) -> float:
        return self.count / self.total if self.total else 0.0


def weighted(share: Share) -> Share:
    """Return the share of at most `MAX_WEIGHT` articles."""
    if share.total <= MAX_WEIGHT:
        return share
    return Share(round(share.count * MAX_WEIGHT / share.total), MAX_WEIGHT)


def joined(shares: Sequence[Share]) -> Share:
    """Return the share of all articles together."""
    return Share(sum(share.count for share in shares), sum(share.total for share in shares))


def dispersion(shares: Sequence[Share], assumed: float) -> float:
    """Estimate how far a share varies between runs beyond chance, from 0 to 1 (the intraclass correlation): by the
    method of moments, with `ASSUMED_RUNS` more runs that vary as assumed."""
    whole = joined(shares)
    total, mean = whole.total, whole.value
    free = len(shares) - 1
    spread = mean * (1 - mean)
    if free < 1 or not spread:
        return assumed
    squares = sum(share.total * (share.value - mean) ** 2 for share in shares) / spread
    scale = total - sum(share.total**2 for share in shares) / total - free
    found = min(max((squares - free) / scale, 0.0), MAX_DISPERSION) if scale > 0 else assumed
    return max((found * free + assumed * ASSUMED_RUNS) / (free + ASSUMED_RUNS), MIN_DISPERSION)


def chance_of_at_most(now: Share, mean: float, spread: float) -> float:
    """Return how probable so few articles are, if the share is `mean` and varies with this dispersion."""
    count, total = now.count, now.total
    precision = 1 / spread - 1
    a, b = mean * precision, (1 - mean) * precision
    constant = lgamma(total + 1) - lgamma(total + a + b) + lgamma(a + b) - lgamma(a) - lgamma(b)
    return sum(
        exp(constant + lgamma(k + a) + lgamma(total - k + b) - lgamma(k + 1) - lgamma(total - k + 1))
        for k in range(count + 1)
    )


def has_fallen(now: Share, past: Sequence[Share], assumed: float) -> bool:
    """True if a share is less than half of what it was, which it is not by chance."""
    former, mean, spread = _expected(past, assumed)
    if not now.total or 2 * now.value > former:
        return False
    limit = RARE_CHANGE if now.value <= LOST * former else RARE
    return chance_of_at_most(weighted(now), mean, spread) < limit


def has_risen(
    now: Share, past: Sequence[Share], assumed: float, *, least: float, times: float, rare: float = RARE_CHANGE
) -> bool:
    """True if a share is at least `least` and so many times what it was, which it is not by chance."""
    former, mean, spread = _expected(past, assumed)
    if now.value < max(least, times * former):
        return False
    own = weighted(now)
    return chance_of_at_most(Share(own.total - own.count, own.total), 1 - mean, spread) < rare


def _expected(past: Sequence[Share], assumed: float) -> tuple[float, float, float]:
    """Return the former share, the one that is expected, and its dispersion: few articles tell neither exactly."""
    shares = [weighted(share) for share in past if share.total]
    whole = joined(shares)
    spread = dispersion(shares, assumed) + 1 / (whole.total + 1)
    return whole.value, (whole.count + 0.5) / (whole.total + 1), min(spread, 0.9)
