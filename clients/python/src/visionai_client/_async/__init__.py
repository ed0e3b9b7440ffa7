"""The client over asyncio. What is here is what `_sync` is written from: `python -m scripts.clients`."""
