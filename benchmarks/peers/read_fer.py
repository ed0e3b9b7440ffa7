"""Answer pictures by `fer`'s own weights, fed as `FER._classify_emotions` feeds them; runs in the peers' environment.

    python read_fer.py describe
    python read_fer.py read NETWORK SIDE PICTURES ANSWERS
    python read_fer.py time NETWORK SIDE PICTURES RUNS

PICTURES holds uint8 RGB (n, SIDE, SIDE, 3), ANSWERS float32 (n, 7) in fer's order. The last line printed is JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import numpy as np
import tensorflow as tf

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
WARM_UP_RUNS = 20

Read = Callable[[np.ndarray], np.ndarray]


def reader(network: str) -> Read:
    """Return what turns grey pictures float32 (n, 64, 64, 1) in [-1, 1] into answers (n, 7)."""
    path = str(distribution("fer").locate_file(f"fer/data/{network}"))
    if network.endswith(".tflite"):
        return tflite_reader(path)
    keras_network = tf.keras.models.load_model(path, compile=False)
    return lambda faces: np.asarray(keras_network(faces))


def tflite_reader(path: str) -> Read:
    """Return the reader of the quantised weights, one picture at a time as the package does it."""
    interpreter = tf.lite.Interpreter(path, num_threads=1)
    interpreter.allocate_tensors()
    taken, given = (
        details[0]["index"] for details in (interpreter.get_input_details(), interpreter.get_output_details())
    )

    def read(faces: np.ndarray) -> np.ndarray:
        answers = []
        for face in faces:
            interpreter.set_tensor(taken, face[None])
            interpreter.invoke()
            answers.append(interpreter.get_tensor(given)[0])
        return np.array(answers)

    return read


def grey(pictures: np.ndarray) -> np.ndarray:
    """Return luminance in [-1, 1], float32 (n, side, side, 1)."""
    return (np.rint(pictures @ LUMA)[..., None] / 127.5 - 1).astype(np.float32)


def timed(read: Read, pictures: np.ndarray, runs: int) -> dict[str, float]:
    """Return the milliseconds of one picture, from its pixels to its answer."""
    clock = []
    for run in range(WARM_UP_RUNS + runs):
        begun = time.perf_counter()
        read(grey(pictures[run % len(pictures)][None]))
        clock.append((time.perf_counter() - begun) * 1000)
    counted = np.array(clock[WARM_UP_RUNS:])
    return {"median_ms": float(np.median(counted)), "best_tenth_ms": float(np.quantile(counted, 0.1))}


def main(words: list[str]) -> dict[str, object]:
    """Do what the words ask for and return what is printed."""
    package = distribution("fer")
    if words[0] == "describe":
        return {"version": package.version, "runtime": f"TensorFlow {tf.__version__}, one thread"}
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    kind, network, side, source, last = words
    pictures = np.fromfile(source, np.uint8).reshape(-1, int(side), int(side), 3)
    read = reader(network)
    if kind == "time":
        return dict(timed(read, pictures, int(last)))
    answers = np.concatenate([read(grey(pictures[row : row + 64])) for row in range(0, len(pictures), 64)])
    Path(last).write_bytes(answers.astype(np.float32).tobytes())
    return {"pictures": len(answers)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:])))
