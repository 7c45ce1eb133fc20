"""Where addresses of articles come from: listings, feeds, sitemaps, the REST API."""
