"""Commands of the workshop: what is run by `make`, never by a server."""
