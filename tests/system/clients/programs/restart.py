"""Stream into a session over a server that is started anew; print a line when it may be, then what came of it.

Usage: python restart.py URL PHOTO
"""

import asyncio
import json
import sys
from pathlib import Path

from visionai_client import AsyncClient


async def main(url, file):
    photo = Path(file).read_bytes()
    async with AsyncClient(url, timeout=60) as client, client.stream() as stream:
        begun = await stream.start_session()
        await stream.predict(photo)
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        status = (await stream.predict(photo))["status"]
        told = ["resumed"] * stream.resumed
        ended = await stream.end_session()
        return {"told": told, "status": status, "same": ended["uid"] == begun["uid"], "gaps": len(ended["gaps"])}


print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
