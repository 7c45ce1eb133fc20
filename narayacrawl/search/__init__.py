"""Search a portal's archive: what was asked for, the index beside the segments, what was found.

May import `items`, `language`, `ledger`, `archive`, `exporters`, `extensions`.
"""
