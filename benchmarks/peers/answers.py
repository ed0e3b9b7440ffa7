"""A peer's answers, by a process of its own, kept so that none is computed twice."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from .catalogue import HERE, Peer, Places
from .forms import Form, Pictures, shaped

Answers = npt.NDArray[np.float32]

TIMED_RUNS = 200


class PeerError(Exception):
    """A peer is not installed or did not answer."""


@dataclass(frozen=True)
class Bench:
    """Runs one peer and keeps what it answers in `cache`, by package version, reader, network and pictures."""

    peer: Peer
    places: Places
    cache: Path
    version: str
    runtime: str

    @classmethod
    def open(cls, peer: Peer, places: Places, cache: Path) -> Bench:
        """Ask an installed peer for its version; raises PeerError."""
        described = _run(peer, places, "describe")
        return cls(peer, places, cache, described["version"], described["runtime"])

    def answers(self, pictures: Pictures, form: Form) -> Answers:
        """Return the scores of pictures uint8 (n, s, s, 3) handed over in a form, float32 (n, 7) in our order."""
        ready = shaped(pictures, form)
        kept = self.cache / f"{self.peer.name}-{self.version}-{self._key(ready, form)}.npy"
        if kept.exists():
            return np.asarray(np.load(kept))
        scores = self._read(ready, form)[:, self.peer.order]
        self.cache.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(".part.npy")
        np.save(half, scores)
        half.replace(kept)
        return scores

    def latency(self, pictures: Pictures, form: Form) -> dict[str, float]:
        """Return the milliseconds of one picture on one thread, its own preparation counted; never kept."""
        with TemporaryDirectory() as folder:
            source = Path(folder) / "pictures"
            source.write_bytes(shaped(pictures, form).tobytes())
            words = (form.network, str(form.side), str(source), str(TIMED_RUNS))
            return dict(_run(self.peer, self.places, "time", *words))

    def _read(self, ready: Pictures, form: Form) -> Answers:
        with TemporaryDirectory() as folder:
            source, target = Path(folder) / "pictures", Path(folder) / "answers"
            source.write_bytes(ready.tobytes())
            _run(self.peer, self.places, "read", form.network, str(form.side), str(source), str(target))
            scores = np.fromfile(target, np.float32)
        if scores.size != len(ready) * len(self.peer.order) or not np.isfinite(scores).all():
            raise PeerError(f"{self.peer.name}: expected {len(ready)} answers of {len(self.peer.order)} finite scores")
        return scores.reshape(len(ready), -1)

    def _key(self, ready: Pictures, form: Form) -> str:
        digest = hashlib.sha256(np.ascontiguousarray(ready).tobytes())
        digest.update((HERE / self.peer.script).read_bytes())
        digest.update(f"{form.network} {ready.shape}".encode())
        return digest.hexdigest()[:32]


def _run(peer: Peer, places: Places, *words: str) -> Mapping[str, Any]:
    """Run a peer's reader and return the JSON of its last line; raises PeerError."""
    environment = os.environ | {"NODE_PATH": str(places.node_modules.resolve())}
    try:
        done = subprocess.run(
            [*peer.command(places), *words], env=environment, capture_output=True, text=True, check=True
        )
    except FileNotFoundError as err:
        raise PeerError(f"{peer.name}: {err.filename} is missing; see --help for how the peers are installed") from err
    except subprocess.CalledProcessError as err:
        raise PeerError(f"{peer.name}: its reader failed; is it installed (see --help)?\n{err.stderr[-2000:]}") from err
    result: Mapping[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result
