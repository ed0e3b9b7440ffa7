"""One client of a stream, whatever it is connected by: no transport in here."""
