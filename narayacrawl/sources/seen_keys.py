"""Remember what a source has listed in one read, to tell when it goes round in circles."""

from collections.abc import Iterable
from typing import Final
from zlib import crc32

SEEN_BITS: Final = 1 << 22


class SeenKeys:
    """Remember which keys were seen, in memory that does not grow; of a million, nearly all."""

    def __init__(self) -> None:
        self._bits = bytearray(SEEN_BITS // 8)

    def add(self, keys: Iterable[str]) -> int:
        """Add keys; return how many of them were not seen before."""
        new = 0
        for key in keys:
            place, bit = divmod(crc32(key.encode(errors="replace")) % SEEN_BITS, 8)
            new += not self._bits[place] >> bit & 1
            self._bits[place] |= 1 << bit
        return new
