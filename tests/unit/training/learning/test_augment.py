from __future__ import annotations

import numpy as np
import pytest

from visionai.training.learning import augment as steps
from visionai.training.learning.augment import augment, coarsen, exchange_halves, light_unevenly, mix, move

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


@pytest.mark.parametrize("step", [light_unevenly, coarsen])
def test_steps_that_not_every_run_has_change_some_faces_and_keep_their_form(step, faces: np.ndarray) -> None:
    changed = step(faces, np.random.default_rng(3), 0.5)
    same = np.array([np.array_equal(one, other) for one, other in zip(faces, changed, strict=True)])
    assert 0 < same.sum() < len(faces)
    assert changed.dtype == np.float32
    assert 0 <= changed.min() <= changed.max() <= 1


@pytest.mark.parametrize("step", [light_unevenly, coarsen])
def test_a_share_of_nothing_changes_nothing(step, faces: np.ndarray) -> None:
    assert step(faces, np.random.default_rng(3), 0.0) is faces


def test_a_coarse_face_has_less_detail(faces: np.ndarray) -> None:
    coarse = coarsen(faces, np.random.default_rng(3), 1.0)
    assert np.abs(np.diff(coarse, axis=2)).mean() < np.abs(np.diff(faces, axis=2)).mean() / 2


def test_stretching_changes_proportions(faces: np.ndarray) -> None:
    plain, stretched = (move(faces, np.random.default_rng(5), stretch) for stretch in (0.0, 0.3))
    assert not np.allclose(plain, stretched)


def test_halves_are_exchanged_and_targets_follow_by_area() -> None:
    faces = np.stack([np.zeros((48, 48), np.float32), np.ones((48, 48), np.float32)])
    wanted = np.eye(7, dtype=np.float32)[:2]
    for seed in range(8):
        mixed, targets = exchange_halves(faces, wanted, 1.0, np.random.default_rng(seed))
        assert targets.sum(axis=1) == pytest.approx([1, 1])
        assert mixed.mean(axis=(1, 2)) == pytest.approx(targets[:, 1], abs=1e-6)
        assert 0.2 <= mixed[0].mean() <= 0.8 or np.array_equal(mixed, faces)


def test_no_halves_are_exchanged_unless_asked_for() -> None:
    faces, wanted = np.zeros((2, 48, 48), np.float32), np.eye(7, dtype=np.float32)[:2]
    assert exchange_halves(faces, wanted, 0.0, np.random.default_rng(1)) == (faces, wanted)
