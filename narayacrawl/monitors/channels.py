"""Send a text to people: by mail, or posted to a webhook."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.request import HTTPRedirectHandler, Request, build_opener

from scrapy.settings import BaseSettings

TIMEOUT: Final = 20
"""Seconds that a mail server or a webhook has to answer."""
LONGEST: Final = 1900
"""Characters that the strictest of the usual webhooks takes."""


class Refused(HTTPRedirectHandler):
    """Follows no redirect: a POST would become a GET, and nobody be told."""

    def redirect_request(self, *_: Any) -> None:
        return None


def mail(settings: BaseSettings, to: Iterable[str], subject: str, text: str) -> None:
    """Mail a text by the server of Scrapy's MAIL_ settings. Raises `OSError`, as which smtplib's errors count."""
    import smtplib
    from email.message import EmailMessage
    from email.utils import format_datetime, localtime

    message = EmailMessage()
    message["Subject"] = subject
    message["From"], message["To"] = settings.get("MAIL_FROM", "narayacrawl@localhost"), ", ".join(to)
    message["Date"] = format_datetime(localtime())
    message.set_content(text)
    server = smtplib.SMTP_SSL if settings.getbool("MAIL_SSL") else smtplib.SMTP
    with server(
        settings.get("MAIL_HOST", "localhost"), settings.getint("MAIL_PORT", 25), timeout=TIMEOUT
    ) as connection:
        if settings.getbool("MAIL_TLS"):
            connection.starttls()
        if user := settings.get("MAIL_USER"):
            connection.login(user, settings.get("MAIL_PASS") or "")
        connection.send_message(message)


def post(url: str, text: str, details: Mapping[str, Any], user_agent: str) -> None:
    """Post a text as JSON, under the names that the usual webhooks read: `text`, and `content`, which is short. Raises
    `OSError`, as which HTTP's errors count."""
    first, _, lines = text.partition("\n")
    content = text if len(text) <= LONGEST else f"{first[:80]}\n…{lines[80 - LONGEST :]}"
    told = {"text": text, "content": content, **details}
    request = Request(  # noqa: S310 - the user's own
        url,
        json.dumps(told, ensure_ascii=False, default=str).encode(),
        {"Content-Type": "application/json", "User-Agent": user_agent},
        method="POST",
    )
    with build_opener(Refused).open(request, timeout=TIMEOUT):
        pass
