"""A manifest is checked before anything is loaded, and says in one line what does not fit."""

import json

import pytest

from visionai.errors import WeightsError
from visionai.vision.classifier import open_classifier
from visionai.vision.crops import CropSettings
from visionai.vision.images.conversion import resolve_weights
from visionai.vision.priors import OperatingPoint, Prior
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
    assert manifest.uncertain_threshold == 0.4
    assert manifest.crop == CropSettings(1.1, 0.0, -0.05, align=True)
    assert manifest.tflite.verified() == weights.with_name("small.tflite")
    assert manifest.keras.verified() == weights.with_name("small.h5")


def test_weights_are_described_by_the_manifest_beside_them(weights):
    assert WeightsManifest.read(weights.with_suffix(".h5")).model_version_tag == "v0.0.1-small"


# Operating points ---------------------------------------------------------------------------------------------------

EVEN = [1 / 7] * 7
LEARNED = [0.1, 0.01, 0.05, 0.25, 0.35, 0.12, 0.12]


def with_points(**changes):
    """Return the fields of a manifest with operating points; `changes` replace fields of the even one."""
    even = {"shares": EVEN, "temperature": 0.83} | changes
    return {"learned_shares": LEARNED, "priors": {"even": even, "typical": {"shares": LEARNED, "temperature": 0.84}}}


def test_a_manifest_of_the_first_form_has_one_point_for_both_priors(weights):
    manifest = WeightsManifest.read(weights)
    assert manifest.priors == dict.fromkeys(Prior, OperatingPoint((0.0,) * 7, 1.5))
    assert manifest.learned_shares is None


def test_weights_without_a_manifest_have_points_that_change_nothing(weights, tmp_path):
    alone = tmp_path / "alone.tflite"
    alone.hardlink_to(weights.with_suffix(".tflite"))
    assert WeightsManifest.read(alone).priors == dict.fromkeys(Prior, OperatingPoint((0.0,) * 7, 1))


def test_the_offsets_of_a_point_count_from_the_learned_shares(changed):
    manifest = WeightsManifest.read(changed(**with_points()))
    even, typical = manifest.priors[Prior.EVEN], manifest.priors[Prior.TYPICAL]
    # log(1/7 / 0.1) and log(1/7 / 0.01): one share is 0.7 of an even one, the other 0.07.
    assert even.offsets[:2] == pytest.approx((0.3567, 2.6593), abs=1e-4)
    assert typical.offsets == (0.0,) * 7
    assert (even.temperature, typical.temperature) == (0.83, 0.84)
    assert (even.shares, typical.shares, manifest.learned_shares) == (tuple(EVEN), tuple(LEARNED), tuple(LEARNED))


def test_points_stand_above_a_temperature_that_is_there_too(changed):
    manifest = WeightsManifest.read(changed(temperature=3, **with_points()))
    assert {point.temperature for point in manifest.priors.values()} == {0.83, 0.84}


def test_rounded_shares_pass(changed):
    manifest = WeightsManifest.read(changed(**with_points(shares=[0.143] * 7)))
    assert manifest.priors[Prior.EVEN].shares == (0.143,) * 7


HUGE = 10**400
WRONG_POINTS = {
    "no learned shares": (with_points() | {"learned_shares": None}, "“learned_shares” to be 7"),
    "a learned share of 0": (with_points() | {"learned_shares": [0, *LEARNED[1:]]}, "“learned_shares” to be 7"),
    "learned shares alone": ({"learned_shares": LEARNED}, "“priors”"),
    "no point": (with_points() | {"priors": {}}, "“priors” to hold even and typical"),
    "a list of points": (with_points() | {"priors": []}, "“priors”"),
    "one point missing": (with_points() | {"priors": {"even": with_points()["priors"]["even"]}}, "even and typical"),
    "one point too many": (
        with_points() | {"priors": dict.fromkeys(("even", "typical", "odd"), with_points()["priors"]["even"])},
        "even and typical alone",
    ),
    "a point that is a number": (with_points() | {"priors": {"even": 1, "typical": 1}}, "“priors.even” to hold"),
    "six shares": (with_points(shares=[1 / 6] * 6), "“priors.even.shares” to be 7"),
    "eight shares": (with_points(shares=[1 / 8] * 8), "“priors.even.shares” to be 7"),
    "no shares": (with_points(shares=None), "“priors.even.shares”"),
    "a share of 0": (with_points(shares=[0, *[1 / 6] * 6]), "“priors.even.shares”"),
    "a share below 0": (with_points(shares=[-0.2, *[0.2] * 6]), "“priors.even.shares”"),
    "a share of true": (with_points(shares=[True, *[1e-9] * 6]), "“priors.even.shares”"),
    "a share in words": (with_points(shares=["half", *[1 / 12] * 6]), "“priors.even.shares”"),
    "a share that is no number": (with_points(shares=[float("nan"), *EVEN[1:]]), "“priors.even.shares”"),
    "a share without end": (with_points(shares=[float("inf"), *EVEN[1:]]), "“priors.even.shares”"),
    "a share beyond any float": (with_points(shares=[HUGE, *EVEN[1:]]), "“priors.even.shares”"),
    "shares in percent": (with_points(shares=[100 / 7] * 7), "“priors.even.shares” to sum to 1"),
    "no temperature": (with_points(temperature=None), "“priors.even.temperature”"),
    "a point's temperature of 0": (with_points(temperature=0), "“priors.even.temperature”"),
    "a temperature below 0": (with_points(temperature=-1), "“priors.even.temperature”"),
    "a temperature of true": (with_points(temperature=True), "“priors.even.temperature”"),
    "a temperature that is no number": (with_points(temperature=float("nan")), "“priors.even.temperature”"),
    "a temperature without end": (with_points(temperature=float("inf")), "“priors.even.temperature”"),
    "a temperature beyond any float": (with_points(temperature=HUGE), "“priors.even.temperature”"),
    "an only temperature of true": ({"temperature": True}, "“temperature”"),
    "an only temperature that is no number": ({"temperature": float("nan")}, "“temperature”"),
    "a threshold of true": ({"uncertain_threshold": True}, "“uncertain_threshold”"),
}


@pytest.mark.parametrize(("fields", "named"), WRONG_POINTS.values(), ids=WRONG_POINTS.keys())
def test_points_that_do_not_fit_are_refused_in_one_line_by_the_field(changed, fields, named):
    with pytest.raises(WeightsError, match=rf"^weights\.json: expected [^\n]*{named}[^\n]*\Z"):
        WeightsManifest.read(changed(**fields))


# What does not fit --------------------------------------------------------------------------------------------------

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
