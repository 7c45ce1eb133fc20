"""Write records for whoever reads them now: JSON Lines feeds, exported files, Parquet, SQLite.

May import `items`, `language`, `archive`.
"""
