"""`scrapy genspider`: Scrapy's, which knows the template `portal` beside its own."""

from argparse import Namespace
from pathlib import Path

from scrapy.commands import genspider

TEMPLATES = Path(__file__).parents[1] / "templates" / "spiders"


class Command(genspider.Command):
    """Scrapy's own command; TEMPLATES_DIR would replace Scrapy's templates, not add to them."""

    def run(self, args: list[str], opts: Namespace) -> None:
        templates = {path.stem: str(path) for path in sorted(TEMPLATES.glob("*.tmpl"))}
        # Scrapy takes a path for a name.
        opts.template = templates.get(opts.template, opts.template)
        opts.dump = templates.get(opts.dump, opts.dump)
        super().run(args, opts)
        if opts.list:
            print("\n".join(f"  {name}" for name in templates))
