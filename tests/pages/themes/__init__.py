"""Article pages in the markup of WordPress themes and plugins, all text our own."""
