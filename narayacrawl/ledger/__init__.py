"""Remember between runs what was discovered, fetched and written: tables, due articles, identity, source state, runs.

May import `items`, `urls`, `language`. Everything here is SQL over SQLAlchemy; nothing asks the network.
"""
