from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from visionai.errors import DatasetError
from visionai.training.data.dataset import Dataset, Split, find_crossing
from visionai.training.data.loaders import load_dataset

BLACK = " ".join(["0"] * 48 * 48)


def picture(path: Path, shade: int = 90, size: tuple[int, int] = (60, 60)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (shade, shade, shade)).save(path)


def test_an_npz_is_read_with_its_votes(npz: Path, dataset: Dataset) -> None:
    loaded = load_dataset(npz)
    assert loaded.sha256() == dataset.sha256()
    assert loaded.votes is not None


def test_an_npz_needs_no_votes(tmp_path: Path, dataset: Dataset) -> None:
    path = tmp_path / "faces.npz"
    np.savez(path, x=dataset.pixels, y=dataset.labels, split=dataset.splits)
    assert load_dataset(path).votes is None


def test_a_folder_may_hold_the_npz(npz: Path, dataset: Dataset) -> None:
    assert len(load_dataset(npz.parent)) == len(dataset)


def test_kaggles_classes_come_into_our_order(tmp_path: Path) -> None:
    path = tmp_path / "fer2013.csv"
    rows = [f"{label},{BLACK},{usage}" for label, usage in ((4, "Training"), (6, "PublicTest"), (5, "PrivateTest"))]
    path.write_text("\n".join(["emotion,pixels,Usage", *rows]) + "\n")
    loaded = load_dataset(path)
    assert loaded.labels.tolist() == [5, 4, 6]
    assert loaded.splits.tolist() == [0, 1, 2]


def test_votes_beside_kaggles_file_are_joined_row_by_row(tmp_path: Path) -> None:
    (tmp_path / "fer2013.csv").write_text(f"emotion,pixels,Usage\n0,{BLACK},Training\n")
    names = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
    (tmp_path / "fer2013new.csv").write_text(f"{names}\nTraining,fer0000000.png,1,0,0,0,9,0,0,0,0,0\n")
    votes = load_dataset(tmp_path).votes
    assert votes is not None
    assert votes.tolist() == [[1, 0, 0, 0, 9, 0, 0, 0, 0, 0]]


def test_folders_of_pictures_become_grey_faces(tmp_path: Path) -> None:
    picture(tmp_path / "train/happy/a.jpg", 200, (100, 80))
    picture(tmp_path / "validation/sad/b.png", 40)
    picture(tmp_path / "test/fear/c.webp", 10)
    loaded = load_dataset(tmp_path)
    assert loaded.pixels.shape == (3, 48, 48)
    assert dict(zip(loaded.splits.tolist(), loaded.labels.tolist(), strict=True)) == {0: 3, 1: 5, 2: 2}


def test_without_a_validation_folder_some_pictures_are_set_aside(tmp_path: Path) -> None:
    for number in range(60):
        picture(tmp_path / f"train/happy/{number}.png", number)
    loaded = load_dataset(tmp_path)
    aside = loaded.part(Split.PUBLIC_TEST)
    assert 0 < len(aside) < 20
    assert load_dataset(tmp_path).splits.tolist() == loaded.splits.tolist()


def test_pictures_that_stand_in_two_splits_are_marked() -> None:
    pixels = np.stack([np.full((48, 48), shade, np.uint8) for shade in (1, 1, 2, 2)])
    assert find_crossing(pixels, np.array([0, 1, 0, 0], np.int8)).tolist() == [True, True, False, False]


def broken_npz(folder: Path) -> Path:
    (folder / "faces.npz").write_bytes(b"PK\x03\x04 cut short")
    return folder / "faces.npz"


def npz_of_another_shape(folder: Path) -> Path:
    np.savez(folder / "faces.npz", x=np.zeros((2, 32, 32), np.uint8), y=[0, 0], split=[0, 0])
    return folder / "faces.npz"


def npz_without_labels(folder: Path) -> Path:
    np.savez(folder / "faces.npz", x=np.zeros((2, 48, 48), np.uint8), split=[0, 0])
    return folder / "faces.npz"


def npz_with_an_eighth_class(folder: Path) -> Path:
    np.savez(folder / "faces.npz", x=np.zeros((2, 48, 48), np.uint8), y=[0, 7], split=[0, 0])
    return folder / "faces.npz"


def csv_cut_short(folder: Path) -> Path:
    (folder / "fer2013.csv").write_text("emotion,pixels,Usage\n0,1 2 3,Training\n")
    return folder / "fer2013.csv"


def picture_that_does_not_decode(folder: Path) -> Path:
    picture(folder / "train/happy/whole.jpg")
    (folder / "train/happy/zz_broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    return folder


def empty_folder(folder: Path) -> Path:
    return folder


def nothing_at_all(folder: Path) -> Path:
    return folder / "missing.npz"


def another_kind_of_file(folder: Path) -> Path:
    (folder / "faces.txt").write_text("faces")
    return folder / "faces.txt"


@pytest.mark.parametrize(
    ("make", "named", "expected"),
    [
        (broken_npz, "faces.npz", "complete"),
        (npz_of_another_shape, "faces.npz", "uint8 (n, 48, 48)"),
        (npz_without_labels, "faces.npz", "expected arrays x, y and split"),
        (npz_with_an_eighth_class, "faces.npz", "expected 0 to 6"),
        (csv_cut_short, "fer2013.csv", "row 2"),
        (picture_that_does_not_decode, "zz_broken.jpg", "does not decode"),
        (empty_folder, "", "expected train/<emotion>/*.jpg"),
        (nothing_at_all, "missing.npz", "no such file"),
        (another_kind_of_file, "faces.txt", "expected an .npz or .csv"),
    ],
)
def test_bad_data_is_refused_in_one_line_that_names_it(make, named: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as refused:
        load_dataset(make(tmp_path))
    assert named in str(refused.value)
    assert expected in str(refused.value)
    assert "\n" not in str(refused.value)
