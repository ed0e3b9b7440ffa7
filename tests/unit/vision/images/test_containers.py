"""Containers are walked before they are decoded: files that cost more than they weigh are cheap to be done with."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import sys
import time
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.support.hostile_images import HOSTILE, chunk, encoded, gif, jpeg, png, riff, segment
from visionai import ROOT, errors
from visionai.vision.images.admission import Need
from visionai.vision.images.containers import jpeg as jpeg_module
from visionai.vision.images.containers import read_container
from visionai.vision.images.decoding import decode
from visionai.vision.images.signatures import sniff

BUDGET = 144 << 20


def noise(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(5).integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    return Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def admit_within_the_budget(need: Need) -> None:
    if need.memory > BUDGET:
        raise errors.ImageTooLarge(width=need.width, height=need.height, limit=0)


# What is crafted ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("build", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_costs_more_than_it_weighs_is_soon_done_with(build) -> None:
    data = build()
    assert len(data) < 10 << 20
    begun = time.thread_time()
    with contextlib.suppress(errors.ImageError):
        decode(data, admit=admit_within_the_budget)
    assert time.thread_time() - begun < 3.0


MEASURED = """
import re, sys
sys.path.insert(0, {root!r})
from visionai.vision.images.decoding import decode

def peak():
    # Not ru_maxrss: a process inherits that of the one that started it.
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024

data = open({file!r}, "rb").read()
decode(open({warm!r}, "rb").read())
before = peak()
decode(data)
print(peak() - before)
"""

HEAVY = {
    "RGB in a PNG": lambda: png(5000, 4000),
    "RGB with a transparent colour": lambda: png(4000, 4000, chunk(b"tRNS", bytes(6))),
    "RGBA in a PNG": lambda: png(5000, 4000, colour=6),
    "16-bit grey": lambda: png(5000, 4000, depth=16, colour=0),
    "grey with a transparent one": lambda: png(5000, 4000, chunk(b"tRNS", bytes(2)), colour=0),
    "a palette with transparency": lambda: png(
        5000, 4000, chunk(b"PLTE", bytes(range(256)) * 3), chunk(b"tRNS", b"\x40\x80"), colour=3
    ),
    "an interlaced PNG": lambda: png(5000, 4000, interlace=1),
    "a JPEG": lambda: jpeg(6000, 5000),
    "a JPEG that is read whole": lambda: jpeg(3800, 3800),
    "a progressive JPEG": lambda: jpeg(6000, 5000, progressive=True),
    "a CMYK JPEG": lambda: jpeg(3800, 3800, "CMYK"),
    "lossless WebP": lambda: encoded(Image.new("RGB", (4000, 3000)), "WEBP", lossless=True),
    "lossy WebP with alpha": lambda: encoded(Image.new("RGBA", (4000, 3000)), "WEBP"),
    "a GIF with a transparent colour": lambda: encoded(Image.new("P", (5000, 4000)), "GIF", transparency=0),
    "a bitmap of one bit": lambda: encoded(Image.new("1", (6000, 5000)), "BMP"),
}


@pytest.mark.parametrize("build", HEAVY.values(), ids=HEAVY)
def test_decoding_takes_the_memory_that_was_said_and_not_much_less(build, tmp_path: Path) -> None:
    data = build()
    (tmp_path / "picture").write_bytes(data)
    (tmp_path / "warm").write_bytes(jpeg())
    said = read_container(data, sniff(data)).memory(1920)
    program = MEASURED.format(root=str(ROOT), file=str(tmp_path / "picture"), warm=str(tmp_path / "warm"))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < said * 1.1 + (12 << 20)
    assert said < int(done.stdout) * 2.6 + (12 << 20)


REFUSED = {
    "two frame headers": lambda: jpeg().replace(b"\xff\xc4", jpeg()[jpeg().index(b"\xff\xc0") :][:19] + b"\xff\xc4", 1),
    "twelve bits": lambda: jpeg().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"),
    "lines to be told later": lambda: jpeg().replace(b"\xff\xc0\0\x11\x08\0\x30", b"\xff\xc0\0\x11\x08\0\0"),
    "a sampling factor of nothing": lambda: jpeg().replace(b"\x03\x01\x22", b"\x03\x01\x02"),
    "more colours than bits": lambda: encoded(noise(mode="P"), "BMP")[:46] + b"\0\0\1\0" + bytes(5000),
}


@pytest.mark.parametrize("build", REFUSED.values(), ids=REFUSED)
def test_a_header_that_no_camera_writes_is_broken(build) -> None:
    with pytest.raises(errors.BrokenImage):
        decode(build())


def test_run_lengths_in_a_bitmap_are_no_format_that_is_read() -> None:
    with pytest.raises(errors.UnsupportedFormat):
        decode(HOSTILE["a bitmap of run lengths"]())


# What people send ---------------------------------------------------------------------------------------------------


def camera_jpeg() -> bytes:
    """A JPEG as telephones write it: Exif with a thumbnail, XMP, a profile in parts, and a second picture after it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A maker"
    plain = encoded(noise(), "JPEG", quality=92, exif=exif, icc_profile=bytes(150_000))
    thumbnail = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>" + jpeg(160, 120))
    xmp = segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(60_000)) * 40
    pictures = segment(0xE2, b"MPF\0II*\0\x08\0\0\0\0\0" + bytes(80))
    return plain[:2] + thumbnail + xmp + pictures + plain[2:] + camera_tail()


def camera_tail() -> bytes:
    return jpeg(320, 240) + bytes(40_000)


def photoshop_jpeg() -> bytes:
    plain = encoded(noise(mode="CMYK"), "JPEG", quality=92)
    resource = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\xea\0" + bytes(60_000)
    return plain[:2] + segment(0xED, resource) * 30 + segment(0xFE, b"a comment") + plain[2:]


def png_with_texts() -> bytes:
    info = PngImagePlugin.PngInfo()
    for index in range(30):
        info.add_text(f"Key {index}", "text " * 500, zip=index % 2 == 0)
        info.add_itxt(f"Clave {index}", "texto " * 500, "es")
    exif = Image.Exif()
    exif[0x0112] = 8
    return encoded(noise(), "PNG", pnginfo=info, icc_profile=bytes(3000), exif=exif, dpi=(300, 300))


def png_in_small_chunks() -> bytes:
    plain = encoded(noise(640, 480), "PNG")
    plain = read_container(plain, sniff(plain)).data  # One chunk of image data.
    start = plain.index(b"IDAT") - 4
    size = int.from_bytes(plain[start : start + 4], "big")
    body = plain[start + 8 : start + 8 + size]
    pieces = b"".join(chunk(b"IDAT", body[at : at + 100]) for at in range(0, size, 100))
    return plain[:start] + pieces + chunk(b"IEND", b"")


def animated(kind: str, **options: object) -> bytes:
    frames = [noise(), *(Image.new("RGB", (64, 48), (40 * index, 0, 0)) for index in range(5))]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, **options)


def webp_with_everything() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 3
    return encoded(noise(mode="RGBA"), "WEBP", quality=95, exif=exif, icc_profile=bytes(3000), xmp=b"<x/>")


LEGITIMATE = {
    "a telephone's JPEG": (camera_jpeg, (48, 64)),
    "Photoshop's JPEG": (photoshop_jpeg, (64, 48)),
    "a progressive JPEG": (lambda: encoded(noise(640, 480), "JPEG", progressive=True), (640, 480)),
    "a JPEG with restarts": (lambda: encoded(noise(640, 480), "JPEG", restart_marker_blocks=4), (640, 480)),
    "a JPEG with fill bytes": (lambda: jpeg()[:2] + b"\xff\xff\xff" + jpeg()[2:], (64, 48)),
    "a JPEG with something after it": (lambda: jpeg() + b"trailing bytes", (64, 48)),
    "a JPEG without JFIF": (lambda: jpeg()[:2] + jpeg()[20:], (64, 48)),
    "a screenshot with texts": (png_with_texts, (48, 64)),
    "a PNG in small chunks": (png_in_small_chunks, (640, 480)),
    "a PNG whose end is missing": (lambda: encoded(noise(), "PNG")[:-12], (64, 48)),
    "an interlaced PNG": (lambda: png(64, 48, interlace=1), (64, 48)),
    "a deep PNG": (lambda: png(64, 48, depth=16, colour=6), (64, 48)),
    "an animated PNG": (lambda: animated("PNG"), (64, 48)),
    "an animated GIF": (lambda: animated("GIF"), (64, 48)),
    "an animated WebP": (lambda: animated("WEBP", lossless=True), (64, 48)),
    "a WebP with alpha, profile, Exif and XMP": (webp_with_everything, (64, 48)),
    "a GIF with a comment": (lambda: encoded(noise(mode="P"), "GIF", comment=b"x" * 2000), (64, 48)),
    "a GIF with a palette of its own": (lambda: animated("GIF", optimize=False), (64, 48)),
    "a bitmap from the top down": (lambda: top_down(), (64, 48)),
    "a bitmap of OS/2": (lambda: os2(), (64, 48)),
    "a bitmap of 16 bits": (lambda: encoded(noise(mode="1"), "BMP"), (64, 48)),
}


def top_down() -> bytes:
    plain = encoded(noise(), "BMP")
    return plain[:22] + struct.pack("<i", -48) + plain[26:]


def os2() -> bytes:
    plain = encoded(noise(), "BMP")
    return plain[:10] + struct.pack("<IIHHHH", 26, 12, 64, 48, 1, 24) + plain[54:]


@pytest.mark.parametrize(("build", "size"), LEGITIMATE.values(), ids=LEGITIMATE)
def test_what_cameras_and_programs_write_is_read(build, size: tuple[int, int]) -> None:
    picture = decode(build())
    assert (picture.width, picture.height) == size


@pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO")
@pytest.mark.parametrize(
    ("build", "size"),
    [LEGITIMATE[name] for name in ("a telephone's JPEG", "Photoshop's JPEG", "a screenshot with texts")],
)
def test_what_is_left_out_changes_no_pixel(build, size: tuple[int, int]) -> None:
    data = build()
    with Image.open(io.BytesIO(data)) as whole, Image.open(io.BytesIO(read_container(data, sniff(data)).data)) as kept:
        assert np.array_equal(np.asarray(whole), np.asarray(kept))


def test_what_is_left_out_does_not_reach_the_decoder() -> None:
    data = camera_jpeg()
    assert len(read_container(data, sniff(data)).data) < len(data) - 2_000_000


def test_a_file_with_nothing_to_leave_out_is_not_copied() -> None:
    data = jpeg()
    assert read_container(data, sniff(data)).data is data


def test_the_orientation_of_a_webp_is_read_from_its_end() -> None:
    assert read_container(webp_with_everything(), sniff(webp_with_everything())).orientation == 3


def test_a_jpeg_of_many_scans_is_read_up_to_a_bound() -> None:
    assert decode(many_scans(jpeg_module.MAX_SCANS - 10)).width == 64
    with pytest.raises(errors.BrokenImage):
        decode(many_scans(jpeg_module.MAX_SCANS + 1))


def many_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    plain = jpeg(progressive=True)
    last, there = plain.rindex(b"\xff\xda"), plain.count(b"\xff\xda")
    return plain[:-2] + plain[last:-2] * (count - there) + plain[-2:]


# Damage -------------------------------------------------------------------------------------------------------------


def small_files() -> dict[str, bytes]:
    image = noise(24, 20)
    return {
        "JPEG": encoded(image, "JPEG", quality=50),
        "progressive JPEG": encoded(image, "JPEG", quality=50, progressive=True),
        "PNG": encoded(image.convert("P"), "PNG", transparency=3),
        "deep PNG": png(24, 20, depth=16, colour=6, interlace=1),
        "WebP": encoded(image.convert("RGBA"), "WEBP", quality=40, exif=b"II*\0\x08\0\0\0\0\0"),
        "lossless WebP": encoded(image, "WEBP", lossless=True),
        "animated WebP": riff(*animation_chunks()),
        "BMP": encoded(image, "BMP"),
        "BMP with a palette": encoded(image.convert("P"), "BMP"),
        "GIF": encoded(image.convert("P"), "GIF", transparency=2, comment=b"x" * 300),
    }


def animation_chunks() -> list[tuple[bytes, bytes]]:
    data = animated("WEBP", lossless=True)
    chunks, position = [], 12
    while position < len(data):
        kind, size = struct.unpack_from("<4sI", data, position)
        chunks.append((kind, data[position + 8 : position + 8 + size]))
        position += 8 + size + (size & 1)
    return chunks


def mutated(data: bytes, random: np.random.Generator) -> bytes:
    """Change a few bytes, and sometimes cut out, double or move a piece, or set a field to an extreme."""
    changed = bytearray(data)
    for _ in range(random.integers(1, 5)):
        at, size = int(random.integers(0, len(changed))), int(random.integers(1, 40))
        match random.integers(0, 6):
            case 0:
                changed[at] = random.integers(256)
            case 1:
                changed[at : at + 2] = random.choice([b"\xff\xff", b"\0\0", b"\x7f\xff", b"\xff\xda", b"\xff\xd9"])
            case 2:
                changed[at : at + 4] = random.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\x10\0", b"\0\x10\0\0"])
            case 3:
                changed[at:at] = changed[at : at + size] * int(random.integers(1, 30))
            case 4 if len(changed) > 60:
                del changed[at : at + size]
            case _:
                changed[at] ^= 1 << random.integers(8)
    return bytes(changed)


@pytest.mark.parametrize("kind", small_files())
def test_a_thousand_damaged_files_are_pictures_or_errors_of_ours_and_none_takes_long(kind: str) -> None:
    whole = small_files()[kind]
    random = np.random.default_rng(zlib.crc32(kind.encode()))
    slowest = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(1000):
            data = mutated(whole, random)
            begun = time.thread_time()
            with contextlib.suppress(errors.ImageError):
                assert decode(data, admit=admit_within_the_budget).pixels.shape[2] == 3
            slowest = max(slowest, time.thread_time() - begun)
    assert slowest < 1.0


def test_a_gif_of_nothing_is_broken() -> None:
    with pytest.raises(errors.BrokenImage):
        decode(gif(64, 48, frame=(0, 0)))
