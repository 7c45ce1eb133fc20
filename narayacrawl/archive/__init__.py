"""Store a portal's records: segments of JSON Lines and their manifests, written by one run at a time.

Here go the files of an archive: writing, sealing, recovering, reading, compacting, comparing revisions; and the run
that holds ledger and segment open. May import `items`, `urls`, `language`, `ledger`. Nothing here parses a page or
makes a request.
"""
