from collections.abc import Iterator

import pytest

from tests.report.written import WrittenLedger


@pytest.fixture
def ledger() -> Iterator[WrittenLedger]:
    """An empty one."""
    ledger = WrittenLedger()
    yield ledger
    ledger.connection.close()
