"""Pictures and networks that the tests of this folder share."""

import io

import numpy as np
import pytest
import skimage.data
from PIL import Image

from visionai.vision.faces import DetectorNetworks


@pytest.fixture(scope="session")
def astronaut():
    """A smiling face, about 105 pixels wide with its upper left corner at (174, 70), in 512 x 512 pixels."""
    return Image.fromarray(skimage.data.astronaut())


@pytest.fixture(scope="session")
def jpeg():
    """Encode a picture as JPEG."""

    def encode(image, quality=90):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        return buffer.getvalue()

    return encode


@pytest.fixture(scope="session")
def group(astronaut):
    """A picture of 1280 x 960 with twelve faces of 26 pixels."""
    canvas = Image.new("RGB", (1280, 960), (120, 130, 125))
    person = astronaut.resize((128, 128), Image.Resampling.LANCZOS)
    for index in range(12):
        canvas.paste(person, (60 + 300 * (index % 4), 80 + 290 * (index // 4)))
    return canvas


@pytest.fixture(scope="session")
def networks():
    return DetectorNetworks(precision="f32")


@pytest.fixture(scope="session")
def detector(networks):
    return networks.detector()


@pytest.fixture(scope="session")
def noise():
    """A picture with nothing in it."""
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (480, 640, 3), np.uint8))
