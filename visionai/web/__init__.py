"""The HTTP ground that `api` and `pages` stand on: errors, bodies, documentation, CORS and headers."""
