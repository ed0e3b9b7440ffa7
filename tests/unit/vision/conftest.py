"""Pictures and networks that the tests of this folder share."""

import io
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
import skimage.data
from PIL import Image

from visionai.vision.detection.faces import DetectorNetworks
from visionai.vision.images.conversion import resolve_weights
from visionai.vision.weights import sha256_of


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


_SMALL_NETWORK = """
import sys, keras
keras.utils.set_random_seed(3)
narrow = keras.initializers.RandomNormal(stddev=0.02, seed=4)
wide = keras.initializers.RandomNormal(stddev=0.5, seed=3)
network = keras.Sequential([
    keras.Input((96, 96, 3)),
    keras.layers.Conv2D(8, 5, strides=4, activation="relu", kernel_initializer=wide),
    keras.layers.Flatten(),
    keras.layers.Dense(int(sys.argv[2]), activation="softmax", kernel_initializer=narrow),
])
network.save(sys.argv[1])
"""


@pytest.fixture(scope="session")
def keras_file(tmp_path_factory):
    """Make the file of a small Keras network with fixed weights, in a process of its own."""
    folder = tmp_path_factory.mktemp("keras")

    def make(classes=7):
        path = folder / f"small-{classes}.h5"
        if not path.exists():
            subprocess.run([sys.executable, "-c", _SMALL_NETWORK, path, str(classes)], capture_output=True, check=True)
        return path

    return make


@pytest.fixture(scope="session")
def weights(keras_file, tmp_path_factory):
    """The manifest of a small network, its .h5 and .tflite beside it."""
    folder = tmp_path_factory.mktemp("weights")
    keras = shutil.copy(keras_file(), folder / "small.h5")
    tflite = shutil.copy(resolve_weights(keras, folder / "cache"), folder / "small.tflite")
    manifest = folder / "small.json"
    manifest.write_text(json.dumps(manifest_of(keras, tflite)))
    return manifest


def manifest_of(keras, tflite):
    return {
        "model_version_tag": "v0.0.1-small",
        "files": {
            "h5": {"name": keras.name, "sha256": sha256_of(keras)},
            "tflite": {"name": tflite.name, "sha256": sha256_of(tflite)},
        },
        "input_shape": [96, 96, 3],
        "emotion_classes": ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"],
        "total_params": 30000,
        "temperature": 1.5,
        "uncertain_threshold": 0.4,
        "crop": {"scale": 1.1, "offset_x": 0.0, "offset_y": -0.05, "align": True},
        "metrics": {"accuracy": 0.5},
        "settings": {},
    }
