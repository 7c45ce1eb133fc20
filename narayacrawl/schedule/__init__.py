"""Schedules of a portal's crawls, as systemd and cron read them.

The command is `narayacrawl.commands.schedule`.
"""
