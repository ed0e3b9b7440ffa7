"""Hyperparameters of a run, written beside its weights so that it can be repeated."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from visionai.errors import WeightsError

WEIGHTS = "weights.h5"
"""The file in a run's folder with its best weights; its settings lie beside it."""


@dataclass(frozen=True)
class Settings:
    """The knobs of a run. The defaults are those of the weights that come with VisionAI, but for more `epochs`.

    `vote_share` and `smoothing` shape the targets (see `labels.targets`), `mixup` is the strength in `augment.mix`,
    `average_over` the steps over which weights are averaged, `precision` a Keras policy for training alone.
    `objective` is a name in `objectives.OBJECTIVES`, `validate_every` how many epochs lie between two validations, the
    last epoch always having one.
    `stretch`, `field` and `coarse` are those of `augment.Strengths`, `halves` the share in `augment.exchange_halves`.
    """

    epochs: int = 40
    batch_size: int = 128
    peak_rate: float = 0.06
    warm_up: float = 1.0
    cool_down: float = 0.4
    weight_decay: float = 5e-3
    average_over: int = 1000
    vote_share: float = 0.7
    smoothing: float = 0.02
    mixup: float = 0.2
    dropout: float = 0.25
    stretch: float = 0.2
    field: float = 0.0
    coarse: float = 0.0
    halves: float = 0.0
    objective: str = "blend"
    validate_every: int = 1
    precision: str = "mixed_bfloat16"
    seed: int = 20261123

    def changed(self, **chosen: int | float | str | None) -> Settings:
        """Return them with the chosen ones in place of their own; None keeps what is."""
        return replace(self, **{name: value for name, value in chosen.items() if value is not None})  # type: ignore[arg-type]

    def write(self, path: Path, data_sha256: str) -> None:
        """Write them as JSON, with the fingerprint of the data they were used on."""
        path.write_text(json.dumps(asdict(self) | {"data_sha256": data_sha256}, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Settings:
        """Read what `write` wrote; raises WeightsError where it is missing or does not fit."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            values.pop("data_sha256", None)
            return cls(**values)
        except (OSError, ValueError, TypeError, AttributeError) as err:
            raise WeightsError(f"{path}: cannot be read; expected the settings.json of a training run") from err
