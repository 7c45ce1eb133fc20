"""Tell people of a run that needs them, by mail and by webhook: once for each change, again after a day, and once when
all is well."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from scrapy.settings import BaseSettings

from narayacrawl.monitors.channels import mail, post
from narayacrawl.monitors.outcome import FAILED, GOOD, MISUSED, UNTRUSTED

ALERTED: Final = frozenset({FAILED, MISUSED, UNTRUSTED})
REMIND_AFTER: Final = timedelta(days=1)
MEMORY: Final = "alerts.json"
"""The file in the portal's folder that says what was told, and when."""
MAX_REMEMBERED: Final = 50
VARIABLE: Final = re.compile(r"[\d(:].*")


@dataclass(frozen=True, slots=True)
class Ended:
    """Says how a run ended, as an alert tells it."""

    status: int
    title: str
    """One line: the portal, and what its status means."""
    text: str
    """The summary, and why the run ended so."""
    reason: str | None
    alarms: Mapping[str, str]
    is_judged: bool
    """True if it read articles: of an alarm about articles, only such a run tells that it is over."""
    details: Mapping[str, Any]
    """What the webhook is sent beside this, JSON."""


@dataclass(frozen=True, slots=True)
class Channels:
    """Where alerts go."""

    mail: tuple[str, ...]
    webhook: str
    settings: BaseSettings
    """For Scrapy's MAIL_HOST, MAIL_FROM and the rest."""

    @classmethod
    def of(cls, settings: BaseSettings) -> "Channels":
        mail = (address.strip() for address in settings.getlist("ALERT_MAIL"))
        return cls(tuple(filter(None, mail)), (settings.get("ALERT_WEBHOOK") or "").strip(), settings)

    def __bool__(self) -> bool:
        return bool(self.mail or self.webhook)

    def send(self, event: str, ended: Ended) -> list[str]:
        """Send an alert everywhere; return a line for each way that failed."""
        ways: dict[str, Callable[[], None]] = {}
        if self.mail:
            ways[f"mail to {', '.join(self.mail)}"] = lambda: self._mail(event, ended)
        if self.webhook:
            ways["webhook"] = lambda: self._post(event, ended)
        failed = []
        for name, way in ways.items():
            try:
                way()
            except Exception as error:  # whatever stands in the way of an alert, the run's own status is told
                failed.append(f"alert not sent ({name}): {str(error) or type(error).__name__}")
        return failed

    def _mail(self, event: str, ended: Ended) -> None:
        subject = f"[narayacrawl] {'recovered: ' if event == 'recovered' else ''}{ended.title}"
        mail(self.settings, self.mail, subject, ended.text)

    def _post(self, event: str, ended: Ended) -> None:
        post(
            self.webhook, f"{ended.title}\n{ended.text}", {"event": event, **ended.details}, self.settings["USER_AGENT"]
        )


def alert(channels: Channels, ended: Ended, folder: Path | None, now: datetime | None = None) -> list[str]:
    """Send what is new about a portal; return a line for each alert that could not be sent.

    `folder` is the portal's, where what was told is remembered; where it does not exist, nothing is.
    """
    now = now or datetime.now(UTC)
    file = folder / MEMORY if folder is not None and folder.is_dir() else None
    told = _told(file)
    if ended.status == GOOD:
        is_over = told and (ended.is_judged or not any(name.startswith(f"{UNTRUSTED} ") for name in told))
        if not is_over:
            return []
        failed = channels.send("recovered", ended)
        return failed + ([] if failed else _remember(file, {}))
    state = state_of(ended)
    last = told.get(state)
    if ended.status not in ALERTED or (last is not None and now - last < REMIND_AFTER):
        return []
    if failed := channels.send("alert", ended):
        return failed
    kept = dict(sorted({**told, state: now}.items(), key=lambda item: item[1])[-MAX_REMEMBERED:])
    return _remember(file, kept)


def state_of(ended: Ended) -> str:
    """Return what makes a change: the status with the names of the alarms, or the reason without its figures."""
    why = " ".join(ended.alarms) or VARIABLE.sub("", ended.reason or "").strip()
    return f"{ended.status} {why}"


def _told(file: Path | None) -> dict[str, datetime]:
    """Return when each state was told; nothing where that is not known."""
    try:
        told = json.loads(file.read_text()) if file else {}
        return {name: datetime.fromisoformat(moment) for name, moment in told.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _remember(file: Path | None, told: Mapping[str, datetime]) -> list[str]:
    if file is None:
        return []
    try:
        if told:
            file.write_text(json.dumps({name: moment.isoformat() for name, moment in told.items()}))
        else:
            file.unlink(missing_ok=True)
    except OSError as error:
        return [f"alert not remembered, it will be sent again: {error}"]
    return []
