from __future__ import annotations

import numpy as np
import pytest

from visionai.training import augment as steps
from visionai.training.augment import augment, mix

ALL = ("mirror", "move", "relight", "refocus", "add_noise", "hide_background", "cut_out")


@pytest.fixture
def faces() -> np.ndarray:
    return np.random.default_rng(0).random((16, 48, 48), dtype=np.float32)


@pytest.mark.parametrize("name", ALL)
def test_every_step_changes_some_faces_and_keeps_their_form(name: str, faces: np.ndarray) -> None:
    changed = getattr(steps, name)(faces, np.random.default_rng(3))
    assert changed.shape == faces.shape
    assert changed.dtype == np.float32
    assert 0 <= changed.min() <= changed.max() <= 1
    assert not np.array_equal(changed, faces)


def test_the_same_generator_gives_the_same_batch(faces: np.ndarray) -> None:
    first, second = (augment(faces, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first, second)


def test_mixing_blends_pictures_and_targets_alike() -> None:
    faces = np.stack([np.zeros((48, 48), np.float32), np.ones((48, 48), np.float32)])
    wanted = np.eye(7, dtype=np.float32)[:2]
    blended, targets = mix(faces, wanted, 0.5, np.random.default_rng(1))
    assert targets.sum(axis=1) == pytest.approx([1, 1])
    assert blended[:, 0, 0] == pytest.approx(targets[:, 1])


def test_no_strength_mixes_nothing() -> None:
    faces, wanted = np.zeros((2, 48, 48), np.float32), np.eye(7, dtype=np.float32)[:2]
    assert mix(faces, wanted, 0.0, np.random.default_rng(1)) == (faces, wanted)
