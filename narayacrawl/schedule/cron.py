"""Write the lines of a crontab that run a job."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Final

from narayacrawl.schedule.interval import HOUR
from narayacrawl.schedule.job import LONGEST_RUN, QUIET, RETENTION, TOLD, Job

LONGEST_LINE: Final = 998
"""Characters that cron reads of a command."""


def crontab(job: Job) -> str:
    """Return the lines of a job. Raises `ValueError` of one line where cron cannot read one of them."""
    log = f"{job.name}.log"
    # The crawl's minutes and those of the retention are not the same: it would find another run going on.
    beside = job.offset + (job.every.minutes // 2 if job.every.minutes < HOUR else HOUR // 2)
    lines = [
        f"# Crawl {job.portal or job.spider} every {job.every}: add these lines with crontab -e. Of a run that fails",
        f"# the last lines go to {job.alert or 'the mail of whose crontab this is'}; the log of all runs is",
        f"# {job.folder / log}, rotated every week: the one before is {log}.1",
        *([f"MAILTO={job.alert}"] if is_mail(job.alert) else []),
        _line(job, job.every.cron(job.offset), job.crawl, log),
    ]
    rotate = f"test ! -e {log} || mv -f {log} {log}.1"
    if job.retention:
        lines.append(_line(job, RETENTION.cron(beside), job.retention, log, first=f"{rotate}; "))
    else:
        lines.append(f"{RETENTION.cron(beside)} {_escaped(f'{_into(job)}{rotate}')}")
    return "\n".join(lines) + "\n"


def is_mail(address: str | None) -> bool:
    """True for an address that cron itself can tell, False for a URL and for none."""
    return address is not None and "://" not in address


def _line(job: Job, fields: str, command: Sequence[str], log: str, first: str = "") -> str:
    """One run: all that it prints goes to the log, and of one that failed the last lines to whoever is told."""
    run = f"{_variables(job.variables)}timeout -k 60 {LONGEST_RUN} {shlex.join(command)}"
    told = f'{{ echo {job.name} failed on $(uname -n):; /bin/echo "$t"; }}'
    if job.alert and not is_mail(job.alert):
        told += f" | {_variables(job.environment)}{shlex.join(job.tell(job.alert))}"
    shell = (
        f"{_into(job)}{first}"
        f't=$({{ {run}; echo "exit status $?"; }} 2>&1 | tee -a {log} | tail -n {TOLD}); s=${{t##* }};'
        f" case $s in {'|'.join(map(str, QUIET))}) ;; *) {told};; esac; exit $s"
    )
    return f"{fields} {_escaped(shell)}"


def _into(job: Job) -> str:
    return f"cd {shlex.quote(str(job.folder))} || exit; "


def _escaped(command: str) -> str:
    """A command as cron reads it, which ends it at a percent sign. Raises `ValueError` where it reads only a part."""
    escaped = command.replace("%", "\\%")
    if len(escaped) > LONGEST_LINE:
        raise ValueError(
            f"a line would have {len(escaped)} characters, and cron reads {LONGEST_LINE}: shorten the contact, paths or"
            " settings, or leave out --cron for systemd"
        )
    return escaped


def _variables(variables: Mapping[str, str]) -> str:
    return "".join(f"{name}={shlex.quote(value)} " for name, value in variables.items())
