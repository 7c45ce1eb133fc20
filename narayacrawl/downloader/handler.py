"""Scrapy's download handler, within the portal's bounds and an answer's: below everything that downloads."""

import logging
import re
from functools import cache
from typing import Any, Final
from urllib.parse import urljoin

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ResultT, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError, ResponseDataLossError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.logger import globalLogBeginner
from twisted.python.failure import Failure
from twisted.web.client import Agent, ResponseFailed, ResponseNeverReceived
from twisted.web.client import Response as TwistedResponse
from w3lib.url import safe_url_string

from narayacrawl.downloader.address_rule import AddressRule, Refused, read_origin
from narayacrawl.downloader.answer_parser import BadAnswer, ClientFactory, bad_answer, reasons_of
from narayacrawl.downloader.endpoint import PortalEndpointFactory
from narayacrawl.downloader.fetch import REDIRECTS
from narayacrawl.urls import without_userinfo

logger = logging.getLogger(__name__)


OTHER_SCHEME: Final = "narayacrawl/portal/other_scheme"
"""Stat with the portal's address by the scheme that its port answers, where it is asked by the other one."""
ANSWERS_HTTP: Final = re.compile("wrong version number|http request|packet length too long|record layer failure")
"""What OpenSSL says of an answer that is no TLS."""
BAD_CERTIFICATE: Final = "certificate verify failed"
TLS_ALERT: Final = "x15\\x03"
"""How TLS begins that it cannot read what it was sent; Twisted tells it as the line of a header."""


@cache
def tell_certificates_in_one_line() -> None:
    """Have Twisted write no traceback for a certificate of another name: the download that fails tells it. It would
    write another one to stderr as long as nobody has begun its own log, which Scrapy does not."""
    logging.getLogger("twisted").addFilter(lambda record: "while verifying certificate" not in record.getMessage())
    globalLogBeginner.beginLoggingTo([], discardBuffer=True, redirectStandardIO=False)


def other_scheme(url: str) -> str:
    """Return the front page of an address' host by the other one of http and https."""
    scheme, _, rest = url.partition("://")
    return f"{'http' if scheme == 'https' else 'https'}://{rest.partition('/')[0]}/"


class DownloadHandler(HTTP11DownloadHandler):
    """Downloads from the portal only, at addresses that were checked, and answers within bounds only.

    What is refused on the way raises `Refused`, an answer without bounds or sense `BadAnswer`; neither is retried.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        from twisted.internet import reactor

        super().__init__(crawler)
        assert crawler.spider is not None
        self._pool._factory = ClientFactory
        tell_certificates_in_one_line()
        self._reactor = reactor
        self._rule = AddressRule.of(crawler.spider, crawler.settings)
        self._told: set[str] = set()

    async def download_request(self, request: Request) -> Response:
        if proxy := request.meta.get("proxy"):
            proxy = without_userinfo(proxy)
            self._tell_once(f"requests go through the proxy {proxy}: what addresses names resolve to is not checked")
        agent = PortalAgent(
            reactor=self._reactor,
            rule=self._rule,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        try:
            with wrap_twisted_exceptions():
                response = await maybe_deferred_to_future(agent.download_request(request))
            _check_redirect(response)
        except Refused as error:
            self._count(f"refused/{error.reason}")
            raise
        except DownloadCancelledError as error:
            self._count("bad_answer/size")
            size = request.meta.get("download_maxsize", self._default_maxsize)
            raise BadAnswer("size", f"more than {size} bytes") from error
        except (BadAnswer, DownloadFailedError, ResponseDataLossError) as error:
            if bad := bad_answer(error):
                if request.url.startswith("http:") and TLS_ALERT in str(bad):
                    self._crawler.stats.set_value(OTHER_SCHEME, other_scheme(request.url))
                self._count(f"bad_answer/{bad.reason}")
                raise bad from error
            if isinstance(error, ResponseDataLossError):
                raise ResponseDataLossError("the body ended too early") from error
            why = "; ".join(map(str, reasons_of(error)))
            if request.url.startswith("https:") and ANSWERS_HTTP.search(why):
                self._crawler.stats.set_value(OTHER_SCHEME, other_scheme(request.url))
                why = "https is asked of a port that answers http"
            elif request.url.startswith("http:") and isinstance(error.__cause__, ResponseNeverReceived):
                self._crawler.stats.set_value("narayacrawl/portal/cut_off", other_scheme(request.url))
            elif BAD_CERTIFICATE in why:
                self._crawler.stats.set_value("narayacrawl/portal/certificate", why)
                why = "its certificate is not valid for it"
            raise DownloadFailedError(why) from error
        if count := agent.unreadable_headers:
            self._count("bad_answer/header_names", count)
            self._tell_once("answers have headers whose names nobody can read: they are left out")
        return response

    def _count(self, what: str, count: int = 1) -> None:
        self._crawler.stats.inc_value(f"narayacrawl/{what}", count)

    def _tell_once(self, line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            logger.warning("%s", line)


class PortalAgent(_ScrapyAgent):
    """Makes one request with Scrapy's agent, whose connections are those of `PortalEndpointFactory`."""

    def __init__(self, *, reactor: Any, rule: AddressRule, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self.reactor = reactor
        self.rule = rule
        self.unreadable_headers = 0

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent = super()._get_agent(request, timeout)
        # Only the proxy's name is resolved then, which is the user's.
        if not request.meta.get("proxy"):
            bind_address = agent._endpointFactory._bindAddress
            agent._endpointFactory = PortalEndpointFactory(
                self.reactor, self._contextFactory, self.rule, timeout, bind_address
            )
        return agent

    def _cb_bodyready(self, txresponse: TwistedResponse, request: Request) -> "_ResultT | Deferred[_ResultT]":
        self.unreadable_headers = getattr(txresponse, "unreadable_headers", 0)
        return super()._cb_bodyready(txresponse, request)

    def _cb_timeout(self, result: Any, request: Request, url: str, timeout: float) -> Any:  # noqa: ANN401
        try:
            return super()._cb_timeout(result, request, url, timeout)
        except DownloadTimeoutError:
            failure = result.value if isinstance(result, Failure) else None
            is_cut_off = isinstance(failure, ResponseFailed) and not isinstance(failure, ResponseNeverReceived)
            if self._txresponse is None and not is_cut_off:
                raise
            # Asked for again, it would come as slowly.
            raise BadAnswer("time", f"begun, and not at its end after {timeout:g} seconds") from None


def _check_redirect(response: Response) -> None:
    """Raise `Refused` for an answer that leads to no address, or to one with a password in it, before anything is said
    of it or saved; where it leads to is checked when it is asked for."""
    location = response.headers.get("Location")
    if location is None or response.status not in REDIRECTS:
        return
    try:
        target = urljoin(response.url, safe_url_string(location))
    except ValueError as error:
        raise Refused("malformed", f"it leads to no address: {error}") from error
    read_origin(target)
