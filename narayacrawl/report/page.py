def html_report(): pass
