"""One portal a file, nothing else. May import `wordpress` and `pages`."""
