"""The formal documents, OpenAPI and AsyncAPI: what both are written with."""
