"""`scrapy reread`: read kept pages again, without a network: a portal's, or those of any WARC files into one file."""

import importlib.util
import os
import re
import shutil
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Spider
from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl, usage
from narayacrawl.commands.output_files import add_output_options, output_openers, refuse_outputs
from narayacrawl.commands.portal_names import ANY_PORTAL
from narayacrawl.language.english import counted
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Command(crawl.Command):
    """Read kept pages with today's rules. Nothing is fetched.

    Of a portal: print what that would change of its archive, fields, how many, examples; with --write it becomes a
    revision of each article. The report may run beside a crawl; --write is a run of its own, which goes on where a
    killed one was. With --warc these files are read, not the archive's.

    Without a portal: write a record for each article of WARC files. They may be of any archive, Common Crawl's news,
    too: every page that is an article gives a record, all else is counted. All cores work.
    """

    requires_project = False
    requires_crawler_process = False
    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] <portal>, or [options] --warc <file or folder> ..."

    def short_desc(self) -> str:
        return "Read kept pages again: what a portal's articles would be now, or those of any WARC files"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--warc", metavar="FILE", nargs="+", action="extend", default=[], help="WARC files, or folders of some"
        )
        add_output_options(parser)
        parser.add_argument(
            "--spark",
            metavar="URL",
            help="read on a cluster, spark://…, or local[4] on this machine: --parquet is a folder then, by month and"
            " portal, and files and folders may be of s3:// and hdfs://",
        )
        parser.add_argument("--write", action="store_true", help="of a portal: write what differs as revisions")

    def check(self, args: list[str], opts: Namespace) -> None:
        if not args and not opts.warc:
            raise UsageError("name a portal, or WARC files with --warc")
        if importlib.util.find_spec("fastwarc") is None:
            raise UsageError(f"it needs FastWARC: {usage.install_hint('warc')}")
        if opts.spark and not args:
            self._check_spark(opts)
            return
        from narayacrawl.reread.foreign_files import NoFiles, warc_files

        try:
            opts.warc = warc_files(opts.warc) if opts.warc else []
        except NoFiles as error:
            raise UsageError(str(error)) from error
        if args:
            self._check_portal(args, opts)
        else:
            self._check_output(opts)

    def _check_portal(self, args: list[str], opts: Namespace) -> None:
        assert self.settings is not None
        usage.one_argument(args, "portal")
        if opts.file or opts.parquet or opts.spark:
            raise UsageError(
                "-O, --parquet and --spark are for WARC files without a portal: a portal's articles are exported"
            )
        if not self.settings["ARCHIVE"] or not self.settings["LEDGER"]:
            raise UsageError("there is no archive with a ledger: ARCHIVE or LEDGER is empty")

    def _check_output(self, opts: Namespace) -> None:
        if opts.write:
            raise UsageError("--write is for a portal's archive: name a portal")
        if not (opts.file or opts.parquet):
            raise UsageError("nothing to do: name a file with -O or --parquet")
        refuse_outputs(opts.file, {"--parquet": opts.parquet})
        read = {Path(name).resolve() for name in opts.warc}
        for name in (opts.file, opts.parquet):
            if name and Path(name).resolve() in read:
                raise UsageError(f"{Path(name).resolve()} is read: write elsewhere")

    def _check_spark(self, opts: Namespace) -> None:
        if opts.write:
            raise UsageError("--write is for a portal's archive: name a portal")
        if opts.file or not opts.parquet:
            raise UsageError("--spark writes a Parquet data set: name its folder with --parquet, and no file with -O")
        if not re.match(r"(?:spark|k8s)://.|(?:yarn|local(?:\[.+\]|-cluster\[.+\])?)$", opts.spark):
            raise UsageError(f"--spark {opts.spark}: no cluster's address, as spark://host:7077, yarn or local[4]")
        if any(importlib.util.find_spec(name) is None for name in ("pyspark", "pyarrow")):
            raise UsageError(f"--spark needs pyspark and pyarrow: {usage.install_hint('spark')}")
        if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
            raise UsageError("--spark needs Java: apt-get install default-jre-headless")
        from narayacrawl.reread.foreign_files import NoFiles
        from narayacrawl.reread.storage import is_remote, list_files

        if not is_remote(opts.parquet):
            target = Path(opts.parquet).resolve()
            if target.exists() and not target.is_dir():
                raise UsageError(f"--spark writes a folder, and {target} is none")
            if not target.parent.is_dir():
                raise UsageError(f"no such folder: {target.parent}")
        try:
            opts.sources = list_files(opts.warc)
        except NoFiles as error:
            raise UsageError(str(error)) from error

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        if not args:
            return self._read_on_spark(opts) if opts.spark else self._read_files(opts)
        from contextlib import closing

        from narayacrawl.archive.segments import archive_folder, portal_folder
        from narayacrawl.ledger.database import ledger_url, open_ledger, read_ledger
        from narayacrawl.ledger.runs import portals_of
        from narayacrawl.reread.portal_archive import PortalArchive
        from narayacrawl.reread.portal_reread import PortalReread

        assert self.settings is not None
        archive = archive_folder(self.settings)
        assert archive is not None
        url = ledger_url(self.settings["LEDGER"], archive)
        with closing(open_ledger(url, create=False) if opts.write else read_ledger(url)) as connection:
            portal = self.find_portal(args[0], portals_of(connection), "the ledger knows no portal {}")
            folder = portal_folder(archive, portal)
            own = PortalReread(
                PortalArchive(portal, folder, self.settings, connection),
                self._spider_class(connection, portal),
                opts.warc,
                lambda work: self.shown.progress(portal, lambda: work, is_on_stdout=True),
            )
            try:
                result = own.write() if opts.write else own.report()
            except OSError as error:
                return Outcome(FAILED, f"{error.filename or folder}: {error.strerror or error}")
        self.shown.note_on_terminal("archive", str(folder))
        return result

    def _spider_class(self, connection: "Connection", portal: str) -> type[Spider]:
        """Return the spider that a portal is crawled with."""
        from narayacrawl.ledger.days import NO_CRAWLS
        from narayacrawl.ledger.rereads import spider_of

        known = self.loader.list()
        names = (portal, spider_of(connection, portal, NO_CRAWLS), ANY_PORTAL)
        if name := next((name for name in names if name in known), None):
            return self.loader.load(name)
        raise UsageError(f"no spider of this project crawls {portal}: its rules are not known")

    def _read_files(self, opts: Namespace) -> Outcome:
        from narayacrawl.exporters.files import STDOUT, Output, OutputError, write_all
        from narayacrawl.reread.foreign_files import ForeignFiles
        from narayacrawl.reread.pool import Pool, PoolError

        files = ForeignFiles(opts.warc)
        what = opts.warc[0] if len(opts.warc) == 1 else counted(len(opts.warc), "file")
        outputs: list[Output] = []
        try:
            with (
                self.shown.progress(what, lambda: files, is_on_stdout=opts.file == STDOUT),
                Pool(opts.warc) as pool,
            ):
                write_all(files.lines(pool), output_openers(opts), outputs)
        except (OutputError, PoolError) as error:
            return Outcome(FAILED, str(error))
        names = " and ".join(output.name for output in outputs)
        of = f"of {counted(files.records, 'record')} in {counted(len(opts.warc), 'file')}"
        self.shown.note("written", f"{counted(files.articles, 'article')} {of} written to {names}")
        if files.counts:
            self.shown.note("no article", f"no article: {files.summary()}")
        return _judged(files.articles, files.unread)

    def _read_on_spark(self, opts: Namespace) -> Outcome:
        from narayacrawl.reread.foreign_files import NoFiles
        from narayacrawl.reread.spark import Job, ReadingFailed, read_on_spark
        from narayacrawl.reread.storage import shown

        job = Job()
        try:
            with self.shown.progress(counted(len(opts.sources), "file"), lambda: job):
                read_on_spark(opts.spark, opts.sources, opts.parquet, job)
        except NoFiles as error:
            raise UsageError(str(error)) from error
        except ReadingFailed as error:
            return Outcome(FAILED, str(error))
        for line in job.damages:
            self.tell(line)
        self.shown.note("written", f"{job.summary()} to {shown(opts.parquet)}")
        return _judged(job.articles, job.unread)


def _judged(articles: int, unread: list[str]) -> Outcome:
    """Judge a reading by what it read."""
    if unread:
        return Outcome(FAILED, f"{counted(len(unread), 'file')} not read: {', '.join(unread[:3])}")
    return Outcome(GOOD) if articles else Outcome(FAILED, "no article in any of the files")
