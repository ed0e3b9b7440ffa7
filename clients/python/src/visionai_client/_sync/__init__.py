"""The client without asyncio: `io.py` by hand, the rest written from `_async` by `python -m scripts.clients`."""
