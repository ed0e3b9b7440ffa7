"""Logs that are filled, and the recorder and erasure on them."""
