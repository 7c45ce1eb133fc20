"""Write the units of systemd that run a job: a service and a timer for the crawl, the same for the archive's retention,
and a service that tells of failures."""

from collections.abc import Iterable
from typing import Final

from narayacrawl.schedule.job import LONGEST_RUN, QUIET, RETENTION, TOLD, Job

ALERT: Final = "narayacrawl-alert@"
FOLDER: Final = "/etc/systemd/system"


def units(job: Job) -> dict[str, str]:
    """Return the units of a job by the names of their files."""
    retention = f"{job.name}-compact"
    written = {
        f"{job.name}.service": _service(job, f"Crawl {job.portal or job.spider}", job.name, job.crawl),
        f"{job.name}.timer": _timer(
            f"Crawl {job.portal or job.spider} every {job.every}", job.every.calendar, job.every.random_delay
        ),
    }
    if job.retention:
        title = f"Merge the segments of {job.portal}"
        # It waits for a crawl that is going on.
        written[f"{retention}.service"] = _service(job, title, retention, job.retention, after=[f"{job.name}.service"])
        written[f"{retention}.timer"] = _timer(f"{title} every week", RETENTION.calendar, RETENTION.random_delay)
    if job.alert:
        written[f"{ALERT}.service"] = _alert(job, job.alert)
    return written


def start(job: Job) -> str:
    """Return the command that starts a job whose units are saved."""
    timers = " ".join(name for name in units(job) if name.endswith(".timer"))
    return f"sudo systemctl daemon-reload && sudo systemctl enable --now {timers}"


def document(job: Job) -> str:
    """Return all units of a job as one text, with what to do with them."""
    head = f"""\
# Save each of these units under the name that stands above it (--write FOLDER does so), and start them:
#   {start(job)} && systemctl list-timers
# What the runs tell is kept, and rotated, by journald:
#   journalctl -u {job.name}
"""
    return head + "".join(f"\n# {FOLDER}/{name}\n{text}" for name, text in units(job).items())


def _service(job: Job, title: str, name: str, command: Iterable[str], after: Iterable[str] = ()) -> str:
    lines = [
        "[Unit]",
        f"Description={specifiers_escaped(title)}",
        "Wants=network-online.target",
        f"After={' '.join(['network-online.target', *after])}",
        *([f"OnFailure={ALERT}%n.service"] if job.alert else []),
        "",
        "[Service]",
        "Type=oneshot",
        *_runner(job, name),
        *(f"Environment={quoted(f'{name}={value}')}" for name, value in job.variables.items()),
        f"ExecStart={command_line(command)}",
        "# Another run is going on; it was stopped, what it fetched is archived, and the next one goes on.",
        f"SuccessExitStatus={' '.join(str(status) for status in QUIET if status)}",
        "# A run that hangs is ended.",
        f"TimeoutStartSec={LONGEST_RUN}",
        "TimeoutStopSec=60",
        "NoNewPrivileges=yes",
        "ProtectSystem=full",
        f"ReadWritePaths={quoted(f'-{job.folder}')}",
    ]
    return "\n".join(lines) + "\n"


def _runner(job: Job, name: str) -> list[str]:
    return [
        f"User={specifiers_escaped(job.user)}",
        f"WorkingDirectory={specifiers_escaped(str(job.folder))}",
        f"SyslogIdentifier={name}",
    ]


def _timer(title: str, calendar: str, delay: int) -> str:
    return f"""\
[Unit]
Description={specifiers_escaped(title)}

[Timer]
OnCalendar={calendar}
RandomizedDelaySec={delay}
AccuracySec=1s
Persistent=yes

[Install]
WantedBy=timers.target
"""


def _alert(job: Job, address: str) -> str:
    # Of the run that failed only, where systemd tells which one it was (since version 251).
    run = "${MONITOR_INVOCATION_ID:+_SYSTEMD_INVOCATION_ID=$MONITOR_INVOCATION_ID}"
    read = f'journalctl --no-pager --output=cat --lines={TOLD} "--unit=$0" {run}'
    script = f'{{ echo "$0 failed on $(uname -n):"; {read}; }} | "$@"'
    shell = command_line(["/bin/sh", "-c", script])
    address_words = command_line(job.tell(address))
    return f"""\
[Unit]
Description=Tell that %i failed

[Service]
Type=oneshot
{chr(10).join(_runner(job, "narayacrawl-alert"))}
SupplementaryGroups=systemd-journal
{chr(10).join(f"Environment={quoted(f'{name}={value}')}" for name, value in job.environment.items())}
ExecStart={shell} %i {address_words}
TimeoutStartSec=120
"""


def command_line(words: Iterable[str]) -> str:
    """Write a command as `ExecStart=` reads it: the program as it is, its arguments without variables."""
    program, *arguments = words
    return " ".join([quoted(program), *(quoted(word).replace("$", "$$") for word in arguments)])


def quoted(word: str) -> str:
    """Write a word as systemd reads it back, in quotes where it needs them."""
    escaped = specifiers_escaped(word).replace("\\", "\\\\").replace('"', '\\"')
    return escaped if word and not set(word) & set(" \t\"'\\;") else f'"{escaped}"'


def specifiers_escaped(text: str) -> str:
    """Write a text whose `%` stand for themselves."""
    return text.replace("%", "%%")
