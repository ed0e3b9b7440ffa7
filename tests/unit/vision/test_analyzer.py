"""The way of a picture, from bytes to faces."""

import io

import numpy as np
import pytest
from PIL import Image

from visionai import errors
from visionai.vision.analyzer import Analyzer, open_analyzer
from visionai.vision.calibration import Calibration
from visionai.vision.images.decoding import Limits
from visionai.vision.priors import OperatingPoint, Prior
from visionai.vision.results import Box
from visionai.vision.weights import WeightsManifest


class Brightness:
    """A classifier that takes the brighter crops for happy."""

    def __init__(self):
        self.crops = None

    def classify(self, crops):
        self.crops = crops
        happy = crops.mean(axis=(1, 2, 3))[:, None]
        rest = (1 - happy) / 6
        return np.concatenate([rest, rest, rest, happy, rest, rest, rest], axis=1).astype(np.float32)


@pytest.fixture
def manifest():
    return WeightsManifest("v-test", keras=None, tflite=None, uncertain_threshold=0.9)


@pytest.fixture
def classifier():
    return Brightness()


@pytest.fixture
def analyzer(detector, classifier, manifest):
    return Analyzer(detector, classifier, manifest)


def test_a_picture_gives_its_face_with_all_that_is_known(analyzer, astronaut, jpeg):
    analysis = analyzer.analyze(jpeg(astronaut))
    (face,) = analysis.faces
    assert (analysis.width, analysis.height, analysis.model_version_tag) == (512, 512, "v-test")
    assert face.box.x == pytest.approx(174, abs=6)
    assert face.detection_confidence > 0.9
    assert sum(face.scores) == pytest.approx(1)
    assert face.uncertain


@pytest.fixture
def pointed(detector, classifier):
    """An analyzer of a network that saw nine happy faces to each other one."""
    learned = (1 / 15, 1 / 15, 1 / 15, 9 / 15, 1 / 15, 1 / 15, 1 / 15)
    even = OperatingPoint.of_shares((1 / 7,) * 7, learned, 1)
    priors = {Prior.EVEN: even, Prior.TYPICAL: OperatingPoint.of_shares(learned, learned, 1)}
    manifest = WeightsManifest("v-test", keras=None, tflite=None, priors=priors, learned_shares=learned)
    return Analyzer(detector, classifier, manifest)


def test_each_prior_gives_its_own_scores_of_the_same_probabilities(pointed, classifier, jpeg):
    grey = jpeg(Image.new("RGB", (96, 96), (204, 204, 204)))
    even, typical = (pointed.analyze(grey, detect=False, prior=prior) for prior in Prior)
    assert (even.prior, typical.prior) == (Prior.EVEN, Prior.TYPICAL)
    # The network says 0.8 of happy and a thirtieth of each other: at even shares 0.8 / 9 against six thirtieths.
    assert typical.largest.scores[3] == pytest.approx(0.8, abs=0.005)
    assert even.largest.scores[3] == pytest.approx(0.0889 / 0.2889, abs=0.005)


def test_a_prior_is_for_one_picture_only(pointed, astronaut, jpeg):
    picture = jpeg(astronaut)
    first = pointed.analyze(picture)
    pointed.analyze(picture, prior=Prior.TYPICAL)
    assert pointed.analyze(picture).faces == first.faces


@pytest.mark.parametrize(("prior", "uncertain"), [(Prior.EVEN, True), (Prior.TYPICAL, False)])
def test_a_face_is_uncertain_by_the_scores_of_its_prior(pointed, jpeg, prior, uncertain):
    grey = jpeg(Image.new("RGB", (96, 96), (204, 204, 204)))
    assert pointed.analyze(grey, detect=False, prior=prior).largest.uncertain is uncertain


def test_every_step_is_timed(analyzer, astronaut, jpeg):
    analysis = analyzer.analyze(jpeg(astronaut))
    assert list(analysis.step_ms) == ["decode", "detect", "classify"]
    assert analysis.processing_time_ms == pytest.approx(sum(analysis.step_ms.values()))
    assert min(analysis.step_ms.values()) > 0


def test_a_picture_without_a_face_gives_none(analyzer, noise, jpeg):
    analysis = analyzer.analyze(jpeg(noise))
    assert analysis.faces == ()
    assert analysis.largest is None


def test_faces_come_largest_first(analyzer, astronaut, jpeg):
    canvas = Image.new("RGB", (700, 300), (100, 100, 100))
    canvas.paste(astronaut.crop((120, 20, 330, 230)).resize((120, 120)), (20, 90))
    canvas.paste(astronaut.crop((120, 20, 330, 230)), (250, 40))
    canvas.paste(astronaut.crop((120, 20, 330, 230)).resize((160, 160)), (520, 70))
    sides = [face.box.width for face in analyzer.analyze(jpeg(canvas)).faces]
    assert len(sides) == 3
    assert sides == sorted(sides, reverse=True)


def test_with_detect_false_the_whole_picture_is_the_face(analyzer, classifier, jpeg):
    (face,) = analyzer.analyze(jpeg(Image.new("RGB", (96, 120), (204, 204, 204))), detect=False).faces
    assert face.box == Box(0, 0, 96, 120)
    assert face.detection_confidence is None
    assert face.scores[3] == pytest.approx(0.8, abs=0.01)
    assert classifier.crops.shape == (1, 96, 96, 3)


def test_boxes_are_in_pixels_of_the_picture_as_sent_even_when_it_is_read_smaller(analyzer, astronaut, jpeg):
    canvas = Image.new("RGB", (4200, 3000), (90, 90, 90))
    canvas.paste(astronaut.resize((1536, 1536)), (1200, 600))
    (face,) = analyzer.analyze(jpeg(canvas)).faces
    assert face.box.x == pytest.approx(1200 + 174 * 3, abs=30)
    assert face.box.y == pytest.approx(600 + 70 * 3, abs=30)
    assert face.box.width == pytest.approx(105 * 3, abs=30)


def test_a_box_ends_where_the_picture_ends(analyzer, astronaut, jpeg):
    picture = astronaut.crop((150, 90, 330, 300))
    for face in analyzer.analyze(jpeg(picture)).faces:
        assert face.box.x >= 0
        assert face.box.y >= 0
        assert face.box.x + face.box.width <= picture.width
        assert face.box.y + face.box.height <= picture.height


def test_a_camera_held_sideways_gives_the_same_face(analyzer, astronaut):
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    astronaut.transpose(Image.Transpose.ROTATE_90).save(buffer, "JPEG", exif=exif, quality=90)
    (face,) = analyzer.analyze(buffer.getvalue()).faces
    assert (face.box.x, face.box.y) == (pytest.approx(174, abs=6), pytest.approx(70, abs=6))


def test_a_face_is_found_near_its_last_box(analyzer, astronaut, jpeg):
    (face,) = analyzer.analyze(jpeg(astronaut), near=[Box(180, 80, 100, 100)]).faces
    assert face.box.x == pytest.approx(174, abs=8)


def test_where_a_face_left_its_box_everything_is_searched(analyzer, astronaut, jpeg):
    (face,) = analyzer.analyze(jpeg(astronaut), near=[Box(380, 380, 100, 100)]).faces
    assert face.box.x == pytest.approx(174, abs=6)


def test_near_boxes_are_those_of_the_picture_as_sent(analyzer, astronaut, jpeg):
    canvas = Image.new("RGB", (4200, 3000), (90, 90, 90))
    canvas.paste(astronaut.resize((1536, 1536)), (1200, 600))
    (face,) = analyzer.analyze(jpeg(canvas), near=[Box(1722, 810, 315, 315)]).faces
    assert face.box.x == pytest.approx(1722, abs=30)


def test_limits_and_errors_of_pictures_come_through(analyzer, astronaut, jpeg):
    with pytest.raises(errors.ImageTooLarge):
        analyzer.analyze(jpeg(astronaut), limits=Limits(max_pixels=1000))
    with pytest.raises(errors.UnsupportedFormat):
        analyzer.analyze(b"no picture")


# Opened from weights ------------------------------------------------------------------------------------------------


def test_loaded_weights_describe_themselves(weights):
    assert open_analyzer(weights).describe() == {
        "model_version_tag": "v0.0.1-small",
        "weights_version_tag": "v0.0.1-small",
        "calibration": None,
        "input_shape": "(None, 96, 96, 3)",
        "num_classes": 7,
        "total_params": 30000,
        "emotion_classes": ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"],
        "runtime": "openvino",
        "precision": "default",
        "metrics": {"accuracy": 0.5},
        "learned_shares": None,
        "priors": {prior: {"shares": None, "temperature": 1.5} for prior in ("even", "typical")},
    }


def test_calibrated_weights_tell_the_points_and_the_tag_that_answers_have(weights, astronaut, jpeg):
    factory = open_analyzer(weights).calibrated(Calibration("v0.0.1-small", "office", (0.5,) * 7, 2.0))
    described = factory.describe()
    assert (described["weights_version_tag"], described["calibration"]) == ("v0.0.1-small", "office")
    assert described["priors"]["even"]["temperature"] == 3.0
    analysis = factory.analyzer().analyze(jpeg(astronaut))
    assert analysis.model_version_tag == described["model_version_tag"] == "v0.0.1-small+office"


def test_a_calibration_moves_scores_and_never_what_the_classifier_says(weights, astronaut, jpeg):
    factory = open_analyzer(weights)
    moved = factory.calibrated(Calibration("v0.0.1-small", "office", (9.0, 0, 0, 0, 0, 0, 0), 1.0))
    picture = jpeg(astronaut)
    assert moved.analyzer().analyze(picture).largest.emotion == "angry"
    assert np.array_equal(moved.analyzer().probabilities(picture), factory.analyzer().probabilities(picture))


def test_a_picture_without_a_face_has_no_probabilities(analyzer, noise, jpeg):
    assert analyzer.probabilities(jpeg(noise)) is None


def test_analyzers_of_one_factory_agree(weights, astronaut, jpeg):
    factory = open_analyzer(weights, threads=2)
    first, second = (factory.analyzer().analyze(jpeg(astronaut)).faces for _ in range(2))
    assert first == second


def test_an_unknown_runtime_is_refused(weights):
    with pytest.raises(ValueError, match="abacus"):
        open_analyzer(weights, runtime="abacus")
