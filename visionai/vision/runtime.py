"""The only door to OpenVINO: networks compiled once, and sessions that one thread each runs them in."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from visionai.errors import WeightsError


class Precision(StrEnum):
    """The arithmetic networks run in: the processor's own (bfloat16 where it has it) or float32."""

    DEFAULT = "default"
    F32 = "f32"


class Session:
    """One thread's way to run a network: write `input`, call `run`. Not to be shared between threads."""

    def __init__(self, compiled: Any) -> None:
        self._request = compiled.create_infer_request()
        self._outputs = [self._request.get_output_tensor(index).data for index in range(len(compiled.outputs))]
        self.input: npt.NDArray[Any] = self._request.get_input_tensor().data

    def run(self) -> list[npt.NDArray[np.float32]]:
        """Run on what `input` holds; the arrays returned are overwritten by the next run."""
        self._request.infer()
        return self._outputs


class Network:
    """A compiled network with one input. It may be shared by threads; each takes its own `session`."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def session(self) -> Session:
        """Make a session for the calling thread."""
        return Session(self._compiled)


def read_network(path: Path) -> Any:
    """Read a .tflite file as OpenVINO's graph; raises WeightsError where it is missing or damaged."""
    if not path.is_file():
        raise WeightsError(f"{path.name}: expected a .tflite file, found none")
    try:
        return _core().read_model(path)
    except RuntimeError as err:
        raise WeightsError(f"{path.name}: expected a .tflite file that OpenVINO can read") from err


def compile_network(
    graph: Any,
    *,
    threads: int = 1,
    precision: Precision | str = Precision.DEFAULT,
    prepare: Callable[[Any], Any] | None = None,
) -> Network:
    """Compile a graph for `threads` sessions at once, each on one core.

    `prepare` may change the graph first, with `scale_pixels` for one.
    """
    # Pinning would tie the first thread of every process of this machine to the same core.
    options: dict[str, Any] = {
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": threads,
        "ENABLE_CPU_PINNING": False,
    }
    if Precision(precision) is Precision.F32:
        options["INFERENCE_PRECISION_HINT"] = "f32"
    if prepare is not None:
        graph = prepare(graph)
    return Network(_core().compile_model(graph, "CPU", options))


def scale_pixels(graph: Any) -> Any:
    """Let a graph that takes float32 in [-1, 1] take pixels, uint8 in [0, 255], and scale them itself."""
    openvino = _openvino()
    steps = openvino.preprocess.PrePostProcessor(graph)
    steps.input().tensor().set_element_type(openvino.Type.u8)
    steps.input().preprocess().convert_element_type(openvino.Type.f32).mean(127.5).scale(127.5)
    return steps.build()


@functools.cache
def _core() -> Any:
    """Return OpenVINO's core, which any thread may use."""
    return _openvino().Core()


def _openvino() -> Any:
    """Import OpenVINO without its telemetry, and without what converts models of other frameworks, 9 MB.

    The telemetry package sends usage data and, under eventlet, forks a process that reads from our sockets: every
    client hangs. OpenVINO does without either where it cannot be imported.
    """
    if "openvino" not in sys.modules:
        sys.modules["openvino_telemetry"] = sys.modules["openvino.tools"] = None  # type: ignore[assignment]
    import openvino

    return openvino
