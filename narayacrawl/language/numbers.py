"""Read the numbers that strangers write: ids, counts, page numbers, sizes."""

import re
from typing import Final

MAX_NUMBER: Final = 2**63 - 1
"""What SQLite and orjson can hold; WordPress counts ids in 64 bits, too."""

# ASCII only: `isdecimal` takes every script's digits. Python refuses more than 4,300 of them.
_DIGITS: Final = re.compile(r"0{0,99}([0-9]{1,19})")


def read_number(value: object, *, most: int = MAX_NUMBER) -> int | None:
    """Return a whole number from 0 to `most`, of ASCII digits or as JSON has it; None for anything else."""
    if isinstance(value, str):
        match = _DIGITS.fullmatch(value)
        value = int(match[1]) if match else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= most else None
