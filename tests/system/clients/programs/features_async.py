"""Use what is different over asyncio, and print what came back as one JSON object.

Usage: python features_async.py URL PHOTO
"""

import asyncio
import json
import sys
from pathlib import Path

from visionai_client import AsyncClient, AsyncNewest


async def main(url, file):
    photo = Path(file).read_bytes()
    seen = {}
    async with AsyncClient(url) as client:
        one, other = await asyncio.gather(client.predict(photo), client.predict(photo, record=False))
        seen["pictures"] = [one["emotion_name"], other["emotion_name"]]
        camera = AsyncNewest()
        seen["replaced"] = [camera.put(photo), camera.put(photo)]
        camera.close()
        async with client.stream() as stream:
            begun = await stream.start_session()
            seen["pushed"] = [answer["status"] async for answer in stream.read(camera)]
            seen["asked"] = [answer["status"] async for answer in stream.read([photo, photo])]
            await stream.end_session()
        exported = client.sessions.export(begun["uid"], format="json", receipt=begun["receipt"])
        seen["rows"] = len(json.loads(b"".join([part async for part in exported]))) > 0
        async with client.stream() as figures, client.stream() as stream:
            following = figures.stats()
            first = asyncio.ensure_future(anext(following))
            while not first.done():
                await stream.predict(photo)
                await asyncio.wait([first], timeout=0.5)
            seen["figures"] = (await first)["total_predictions"] > 0
            await following.aclose()
    return seen


print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
