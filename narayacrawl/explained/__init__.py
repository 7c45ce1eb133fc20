"""An explanation of a page: of a file or an answer."""
