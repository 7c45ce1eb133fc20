"""Read kept pages again with today's rules: no network.

Goes in: what turns the records of WARC files into articles, of one file (which a process pool and a cluster share), and
what becomes of them: a report, revisions in the archive, a file. On top of everything but `commands`.
"""
