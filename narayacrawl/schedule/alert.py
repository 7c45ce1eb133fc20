"""Tell an address of a run that failed: `python -m narayacrawl.schedule.alert ADDRESS` sends what it reads.

A mail goes by the server of Scrapy's MAIL_ settings; a URL is posted to, with the text as JSON.
"""

import json
import smtplib
import sys
from email.message import EmailMessage
from typing import Final
from urllib.request import Request, urlopen

TIMEOUT: Final = 60
LONGEST: Final = 1900
"""Characters that the strictest of the usual webhooks takes."""


def main() -> None:
    [address], text = sys.argv[1:], sys.stdin.read()
    try:
        if "://" in address:
            post(address, text)
        else:
            mail(address, text)
    except OSError as error:  # those of SMTP and HTTP, too
        sys.exit(f"not told to {address}: {error}")


def post(url: str, text: str) -> None:
    """Post a text to a webhook, under the names that the usual ones read. Raises `OSError`."""
    if len(text) > LONGEST:
        first, _, lines = text.partition("\n")
        text = f"{first}\n…{lines[-LONGEST:]}"
    body = json.dumps({"text": text, "content": text}).encode()
    request = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 (the user's own)
    with urlopen(request, timeout=TIMEOUT):  # noqa: S310
        pass


def mail(address: str, text: str) -> None:
    """Mail a text, its first line as the subject. Raises `OSError`."""
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()
    message = EmailMessage()
    message["From"], message["To"] = settings["MAIL_FROM"], address
    message["Subject"] = text.partition("\n")[0].removesuffix(":")
    message.set_content(text)
    kind = smtplib.SMTP_SSL if settings.getbool("MAIL_SSL") else smtplib.SMTP
    with kind(settings["MAIL_HOST"], settings.getint("MAIL_PORT"), timeout=TIMEOUT) as server:
        if settings.getbool("MAIL_TLS"):
            server.starttls()
        if settings["MAIL_USER"]:
            server.login(settings["MAIL_USER"], settings["MAIL_PASS"] or "")
        server.send_message(message)


if __name__ == "__main__":
    main()
