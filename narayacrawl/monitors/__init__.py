"""Judge a finished run by its stats: the exit status that a schedule can trust.

May import `language`. Reads stats only.
"""
