"""Number the way in which pages are read."""

from typing import Final

READING: Final = "3"
"""Version of the reading, raised by hand by each change that gives title, date or body of a known page another value:
articles that an earlier version has read are no edits then. `tests/pages/test_reading.py` reminds of it."""
