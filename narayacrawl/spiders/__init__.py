"""One portal a file."""
