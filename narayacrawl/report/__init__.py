"""Report how a portal has been doing, from its ledger alone: one HTML page.

Reads in one snapshot, so that a run may go on meanwhile; asks nothing of the network, writes nothing to the ledger.
"""

from narayacrawl.report.figures import PortalFigures, read_figures
from narayacrawl.report.page import html_report

__all__ = ["PortalFigures", "html_report", "read_figures"]
