"""Offer a slow server more frames than it can read; print how many came to what.

Usage: python slow.py URL PHOTO
"""

import json
import sys
import threading
import time
from pathlib import Path

from PIL import Image
from visionai_client import Client, Newest

FRAMES = 12
url, file = sys.argv[1:]
photo = Path(file).read_bytes()
nobody = Image.new("L", (64, 64))
camera, replaced = Newest(), []


def film():
    """Be a camera, which does not wait for anybody."""
    for frame in [*[photo] * (FRAMES - 1), nobody]:
        replaced.append(camera.put(frame))
        time.sleep(0.001)
    camera.close()


with Client(url, timeout=60) as client, client.stream() as stream:
    stream.predict(photo)
    filming = threading.Thread(target=film)
    filming.start()
    answers = list(stream.read(camera))
    filming.join()
*before, last = [answer["status"] for answer in answers]
assert len(answers) + sum(replaced) == FRAMES
print(
    json.dumps({"skipped": any(replaced), "unread": len(before) - before.count("success"), "newest": last == "no_face"})
)
