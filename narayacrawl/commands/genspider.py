"""`scrapy genspider`: Scrapy's, which knows the template `portal` beside its own."""

import re
from argparse import Namespace
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from scrapy.commands import genspider
from scrapy.exceptions import UsageError
from scrapy.utils.conf import closest_scrapy_cfg

from narayacrawl.commands import usage
from narayacrawl.downloader.address_rule import NO_CREDENTIALS
from narayacrawl.monitors.outcome import MISUSED
from narayacrawl.urls import USERINFO

NAME: Final = re.compile(r"[A-Za-z0-9][\w-]*", re.ASCII)
TEMPLATES = Path(__file__).parents[1] / "templates" / "spiders"


class Command(genspider.Command):
    """Scrapy's own command; TEMPLATES_DIR would replace Scrapy's templates, not add to them.

    A spider is written into the project that the command is called in, and nowhere else.
    """

    def run(self, args: list[str], opts: Namespace) -> None:
        if not opts.list and not opts.dump:
            try:
                refuse_names(args)
                self.refuse_outside_project()
                args = [*args[:1], *map(portal_address, args[1:2]), *args[2:]]
            except UsageError as error:
                usage.tell("genspider", str(error))
                self.exitcode = MISUSED
                return
        try:
            super().run(args, opts)
        except UsageError as error:
            usage.tell("genspider", str(error))
            self.exitcode = MISUSED
        if opts.list:
            print("\n".join(f"  {path.stem}" for path in sorted(TEMPLATES.glob("*.tmpl"))))

    def refuse_outside_project(self) -> None:
        """`UsageError` where the new spider would not stand in the project of this folder."""
        assert self.settings is not None
        if not (configuration := closest_scrapy_cfg()):
            raise UsageError(f"{Path.cwd()} is in no Scrapy project: make one with scrapy startproject NAME")
        if module := self.settings.get("NEWSPIDER_MODULE"):
            project = Path(configuration).parent.resolve()
            folder = Path(import_module(module).__file__ or "").parent.resolve()
            # A virtual environment may lie in the project.
            if not folder.is_relative_to(project) or "site-packages" in folder.parts:
                raise UsageError(f"NEWSPIDER_MODULE={module} is {folder}, which is not in the project {project}")

    def _find_template(self, template: str) -> Path | None:
        own = TEMPLATES / f"{template}.tmpl"
        if own.exists():
            return own
        if not any(
            Path(folder, f"{template.removesuffix('.tmpl')}.tmpl").exists() for folder in ("", self.templates_dir)
        ):
            # Scrapy's command would say so, and end well.
            raise UsageError(f"no template {template!r}: genspider -l lists them")
        return super()._find_template(template)

    def _generate_template_variables(self, module: str, name: str, url: str, template_name: str) -> dict[str, Any]:
        variables = super()._generate_template_variables(module, name, url, template_name)
        # Scrapy's own has the port, too, and `allowed_domains` knows none.
        return variables | {"domain": urlsplit(url).hostname}


def refuse_names(args: list[str]) -> None:
    """Raise `UsageError` where a name or an address lacks, and for a name of which Scrapy would make a file or a class
    that is no Python."""
    if len(args) != 2:
        raise UsageError("name a spider and its portal: genspider -t portal radar https://radar.example/")
    if not NAME.fullmatch(args[0]):
        raise UsageError(f"{args[0]!r} is no name of a spider: letters, digits, - and _ only, like radar_kota")


def portal_address(given: str) -> str:
    """Complete the address of a portal: `radar.example` is `https://radar.example/`; `UsageError` where it is none."""
    url = given if "://" in given else f"https://{given}"
    if USERINFO.match(url):
        raise UsageError(NO_CREDENTIALS)
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise UsageError(f"{given!r} is no http or https address")
    return url if parts.path else f"{url}/"
