"""A manifest is checked before anything is loaded, and says in one line what does not fit."""

import json

import pytest

from visionai.errors import WeightsError
from visionai.vision.classifier import open_classifier
from visionai.vision.conversion import resolve_weights
from visionai.vision.crops import CropSettings
from visionai.vision.weights import WeightsManifest


@pytest.fixture
def changed(weights, tmp_path):
    """Write a manifest that differs from a right one in some fields, beside links to the right one's files."""

    def write(**fields):
        for file in weights.parent.iterdir():
            if file.suffix in {".h5", ".tflite"} and not (tmp_path / file.name).exists():
                (tmp_path / file.name).hardlink_to(file)
        path = tmp_path / "weights.json"
        path.write_text(json.dumps(json.loads(weights.read_text()) | fields))
        return path

    return write


def test_a_manifest_says_what_is_to_be_known(weights):
    manifest = WeightsManifest.read(weights)
    assert manifest.model_version_tag == "v0.0.1-small"
    assert manifest.temperature == 1.5
    assert manifest.crop == CropSettings(1.1, 0.0, -0.05, align=True)
    assert manifest.tflite.verified() == weights.with_name("small.tflite")
    assert manifest.keras.verified() == weights.with_name("small.h5")


def test_weights_are_described_by_the_manifest_beside_them(weights):
    assert WeightsManifest.read(weights.with_suffix(".h5")).model_version_tag == "v0.0.1-small"


WRONG = {
    "no tag": ({"model_version_tag": None}, "model_version_tag"),
    "another size": ({"input_shape": [48, 48, 1]}, "input_shape"),
    "another order of emotions": ({"emotion_classes": ["happy", "sad"]}, "emotion_classes"),
    "a temperature of 0": ({"temperature": 0}, "temperature"),
    "a temperature in words": ({"temperature": "warm"}, "temperature"),
    "no files": ({"files": {}}, "files"),
    "a file elsewhere": ({"files": {"tflite": {"name": "../other.tflite", "sha256": "0"}}}, "plain file name"),
    "a file without sha256": ({"files": {"tflite": {"name": "small.tflite"}}}, "sha256"),
    "an unknown setting of the crop": ({"crop": {"zoom": 2}}, "crop"),
    "parameters in words": ({"total_params": "many"}, "total_params"),
}


@pytest.mark.parametrize(("fields", "named"), WRONG.values(), ids=WRONG.keys())
def test_a_manifest_that_does_not_fit_is_refused_by_the_field(changed, fields, named):
    with pytest.raises(WeightsError, match=rf"^weights\.json: expected .*{named}"):
        WeightsManifest.read(changed(**fields))


@pytest.mark.parametrize("content", ["", "not JSON", "[]", "\x00"])
def test_a_file_that_is_no_manifest_is_refused(tmp_path, content):
    path = tmp_path / "weights.json"
    path.write_text(content)
    with pytest.raises(WeightsError, match=r"weights\.json: expected"):
        WeightsManifest.read(path)


@pytest.mark.parametrize("name", ["absent.json", "absent.h5", "absent.tflite"])
def test_a_file_that_is_not_there_is_named(tmp_path, name):
    with pytest.raises(WeightsError, match=rf"{name}: expected"):
        WeightsManifest.read(tmp_path / name)


def test_a_name_that_tells_no_kind_is_refused(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(b"x")
    with pytest.raises(WeightsError, match=r"\.h5"):
        WeightsManifest.read(path)


def test_a_file_that_is_not_the_one_recorded_is_not_loaded(changed):
    path = changed(files={"tflite": {"name": "small.tflite", "sha256": "0" * 64}})
    with pytest.raises(WeightsError, match=r"small\.tflite: expected the sha256"):
        open_classifier(WeightsManifest.read(path))


def test_a_file_that_is_missing_is_not_loaded(changed):
    path = changed(files={"tflite": {"name": "absent.tflite", "sha256": "0" * 64}})
    with pytest.raises(WeightsError, match=r"absent\.tflite"):
        open_classifier(WeightsManifest.read(path))


# A lone file of Keras -----------------------------------------------------------------------------------------------


def test_a_lone_h5_is_converted_once_and_kept(keras_file, tmp_path):
    made = resolve_weights(keras_file(), tmp_path)
    stamp = made.stat().st_mtime_ns
    assert resolve_weights(keras_file(), tmp_path) == made
    assert made.stat().st_mtime_ns == stamp
    assert [file.name for file in tmp_path.iterdir()] == [made.name]


def test_a_lone_h5_without_a_folder_to_convert_in_is_refused(keras_file):
    with pytest.raises(WeightsError, match="folder"):
        resolve_weights(keras_file())


def test_a_damaged_h5_is_refused_and_leaves_nothing(tmp_path):
    path = tmp_path / "damaged.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 100)
    with pytest.raises(WeightsError, match=r"damaged\.h5: expected"):
        resolve_weights(path, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_network_with_another_number_of_classes_is_refused(keras_file, tmp_path):
    with pytest.raises(WeightsError, match=r"^small-5\.h5: expected 7 classes, found"):
        resolve_weights(keras_file(classes=5), tmp_path)
