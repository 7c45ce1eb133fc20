"""Tell an address of a run that failed: `python -m narayacrawl.schedule.alert ADDRESS` sends what it reads.

A mail goes by the server of Scrapy's MAIL_ settings; a URL is posted to, with the text as JSON.
"""

import sys

from scrapy.utils.project import get_project_settings

from narayacrawl.monitors.channels import mail, post


def main() -> None:
    [address], text = sys.argv[1:], sys.stdin.read()
    settings = get_project_settings()
    try:
        if "://" in address:
            post(address, text, {}, settings["USER_AGENT"])
        else:
            mail(settings, [address], text.partition("\n")[0].removesuffix(":"), text)
    except OSError as error:  # those of SMTP and HTTP, too
        sys.exit(f"not told to {address}: {error}")


if __name__ == "__main__":
    main()
