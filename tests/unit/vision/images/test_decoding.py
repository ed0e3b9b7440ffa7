"""Bytes and text become an upright RGB picture, or an error that says why not."""

import base64
import contextlib
import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin, TiffImagePlugin

from visionai import errors
from visionai.vision.images.decoding import Limits, bytes_from_text, decode

RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 200, 20), (20, 20, 220), (255, 255, 255)


def quarters(width=64, height=48):
    """A picture whose quarters are red, green, blue and white: every turn of it is told from every other."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2], pixels[: height // 2, width // 2 :] = RED, GREEN
    pixels[height // 2 :, : width // 2], pixels[height // 2 :, width // 2 :] = BLUE, WHITE
    return Image.fromarray(pixels)


def encoded(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def corners(picture):
    """The colours an eighth of the way in from each corner, row by row."""
    pixels = picture.pixels
    y, x = pixels.shape[0] // 8, pixels.shape[1] // 8
    return [tuple(int(value) for value in pixels[j, i]) for j in (y, -y) for i in (x, -x)]


def close(colours, expected, tolerance=12):
    return np.abs(np.array(colours, int) - np.array(expected, int)).max() <= tolerance


def png(width, height, *chunks, body=b"", depth=8, colour=2):
    """A PNG made by hand, so that its header can say what its body does not hold."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    rest = b"".join(chunk(kind, data) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + header + rest + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


# What is read -------------------------------------------------------------------------------------------------------

READ = {
    "a JPEG": lambda: encoded(quarters(), "JPEG", quality=95),
    "a progressive JPEG": lambda: encoded(quarters(), "JPEG", quality=95, progressive=True),
    "a CMYK JPEG, inverted as Adobe does": lambda: encoded(quarters().convert("CMYK"), "JPEG", quality=95),
    "a PNG": lambda: encoded(quarters(), "PNG"),
    "a PNG with a palette": lambda: encoded(quarters().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
    "a PNG with alpha": lambda: encoded(quarters().convert("RGBA"), "PNG"),
    "a WebP": lambda: encoded(quarters(), "WEBP", quality=95),
    "a lossless WebP": lambda: encoded(quarters(), "WEBP", lossless=True),
    "a lossless WebP with alpha": lambda: encoded(quarters().convert("RGBA"), "WEBP", lossless=True),
    "a BMP": lambda: encoded(quarters(), "BMP"),
    "a BMP with a palette": lambda: encoded(quarters().convert("P", palette=Image.Palette.ADAPTIVE), "BMP"),
    "a GIF": lambda: encoded(quarters().convert("P", palette=Image.Palette.ADAPTIVE), "GIF"),
}


@pytest.mark.parametrize("data", READ.values(), ids=READ.keys())
def test_a_picture_of_each_kind_keeps_its_colours_and_places(data):
    picture = decode(data())
    assert (picture.width, picture.height, picture.scale) == (64, 48, 1.0)
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.shape == (48, 64, 3)
    # WebP's and JPEG's halved colour, and CMYK's way there and back, move colours a little.
    assert close(corners(picture), [RED, GREEN, BLUE, WHITE], tolerance=25)


GREYS = {
    "8 bits": lambda ramp: encoded(Image.fromarray(ramp), "PNG"),
    "16 bits": lambda ramp: encoded(Image.fromarray(ramp.astype(np.uint16) * 257), "PNG"),
    "8 bits and alpha": lambda ramp: encoded(Image.fromarray(ramp).convert("LA"), "PNG"),
    "a grey JPEG": lambda ramp: encoded(Image.fromarray(ramp), "JPEG", quality=100),
}


@pytest.mark.parametrize("encode", GREYS.values(), ids=GREYS.keys())
def test_a_grey_picture_becomes_three_equal_channels(encode):
    ramp = np.tile(np.arange(0, 256, 4, np.uint8), (32, 1))
    pixels = decode(encode(ramp)).pixels
    assert np.abs(pixels.astype(int) - ramp[:, :, None]).max() <= 2


def test_a_picture_of_one_bit_is_black_and_white():
    checks = np.indices((32, 32)).sum(axis=0) // 8 % 2 * 255
    data = encoded(Image.fromarray(checks.astype(np.uint8)).convert("1"), "PNG")
    assert np.array_equal(decode(data).pixels[..., 0], checks)


TRANSPARENT = {
    "RGBA": lambda: encoded(Image.new("RGBA", (32, 32), (0, 0, 0, 0)), "PNG"),
    "LA": lambda: encoded(Image.new("LA", (32, 32), (0, 0)), "PNG"),
    "a palette's colour": lambda: encoded(Image.new("P", (32, 32), 0), "PNG", transparency=0),
    "a colour of RGB": lambda: encoded(Image.new("RGB", (32, 32), (0, 0, 0)), "PNG", transparency=(0, 0, 0)),
    "a GIF's colour": lambda: encoded(Image.new("P", (32, 32), 0), "GIF", transparency=0),
    "WebP": lambda: encoded(Image.new("RGBA", (32, 32), (0, 0, 0, 0)), "WEBP", lossless=True),
}


@pytest.mark.parametrize("data", TRANSPARENT.values(), ids=TRANSPARENT.keys())
def test_what_is_transparent_is_white(data):
    assert decode(data()).pixels.min() == 255


TURNED = {
    1: [RED, GREEN, BLUE, WHITE],
    2: [GREEN, RED, WHITE, BLUE],
    3: [WHITE, BLUE, GREEN, RED],
    4: [BLUE, WHITE, RED, GREEN],
    5: [RED, BLUE, GREEN, WHITE],
    6: [BLUE, RED, WHITE, GREEN],
    7: [WHITE, GREEN, BLUE, RED],
    8: [GREEN, WHITE, RED, BLUE],
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", TURNED)
def test_a_camera_held_in_any_way_gives_an_upright_picture(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if kind == "WEBP" else {"quality": 95} if kind == "JPEG" else {}
    picture = decode(encoded(quarters(), kind, exif=exif, **options))
    assert close(corners(picture), TURNED[orientation], tolerance=25)
    assert (picture.width, picture.height) == ((64, 48) if orientation < 5 else (48, 64))


@pytest.mark.parametrize(
    "exif", [b"", b"Exif\x00\x00", b"Exif\x00\x00II*\x00\xff\xff\xff\x7f", b"Exif\x00\x00MM" + b"\xff" * 40]
)
def test_damaged_exif_is_passed_over(exif):
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    data = encoded(quarters(), "JPEG", quality=95, dpi=(72, 72))
    # After the JFIF segment, whose resolution keeps Pillow from looking for one in the EXIF.
    assert close(corners(decode(data[:20] + segment + data[20:])), [RED, GREEN, BLUE, WHITE], tolerance=25)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_read(kind):
    frames = [Image.new("RGB", (40, 30), colour) for colour in (RED, GREEN, BLUE)]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, **options)
    assert close(corners(decode(data)), [RED] * 4)


def test_a_large_jpeg_is_read_at_a_part_of_its_size():
    picture = decode(encoded(quarters(4000, 3000), "JPEG"))
    assert (picture.width, picture.height, picture.scale) == (4000, 3000, 0.5)
    assert picture.pixels.shape == (1500, 2000, 3)


@pytest.mark.parametrize("mode", ["RGB", "P", "RGBA", "L"])
def test_a_large_png_is_brought_down_to_a_part_of_its_size(mode):
    picture = decode(encoded(quarters(4000, 3000).convert(mode), "PNG"))
    assert (picture.width, picture.scale, picture.image.mode) == (4000, 0.5, "RGB")


def test_a_large_picture_on_its_side_gives_its_size_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(encoded(quarters(4000, 3000), "JPEG", exif=exif))
    assert (picture.width, picture.height, picture.image.size) == (3000, 4000, (1500, 2000))


# What is refused ----------------------------------------------------------------------------------------------------


def riff(kind, header):
    return b"RIFF" + struct.pack("<I", 100) + b"WEBP" + kind + struct.pack("<I", 10) + header + b"\0" * 40


REFUSED = {
    "nothing": (b"", errors.MissingImage),
    "11 MiB": (b"\xff\xd8\xff" + b"\0" * (11 << 20), errors.TooLarge),
    "text": (b"hello, I am no picture at all", errors.UnsupportedFormat),
    "prose that begins like a bitmap": (b"BM is how a bitmap begins, and this text", errors.UnsupportedFormat),
    "HTML": (b"<!DOCTYPE html><html><body><img src='x'></body></html>", errors.UnsupportedFormat),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", errors.UnsupportedFormat),
    "a PSD": (b"8BPS\0\x01" + b"\0" * 60, errors.UnsupportedFormat),
    "a PDF": (b"%PDF-1.7\n" + b"\0" * 60, errors.UnsupportedFormat),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n", errors.UnsupportedFormat),
    "a TIFF": (encoded(quarters(), "TIFF"), errors.UnsupportedFormat),
    "an ICO": (encoded(quarters(), "ICO"), errors.UnsupportedFormat),
    "a PNG of 30,000 x 30,000": (png(30_000, 30_000), errors.ImageTooLarge),
    "a PNG of 2,000,000,000 x 2,000,000,000": (png(2_000_000_000, 2_000_000_000), errors.ImageTooLarge),
    "a WebP of 16,384 x 16,384": (
        riff(b"VP8X", b"\0\0\0\0" + b"\xff\x3f\0\xff\x3f\0"),
        errors.ImageTooLarge,
    ),
    "a lossless WebP of 16,384 x 16,384": (riff(b"VP8L", b"\x2f\xff\xff\xff\x0f"), errors.ImageTooLarge),
    "a lossy WebP of 16,383 x 16,383": (
        riff(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + b"\xff\x3f\xff\x3f"),
        errors.ImageTooLarge,
    ),
    "a GIF of 60,000 x 60,000": (b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + b"\0" * 20, errors.VisionAIError),
    "a BMP of 30,000 x 30,000": (
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0),
        errors.ImageTooLarge,
    ),
    "a PNG of 1 x 1": (encoded(Image.new("RGB", (1, 1)), "PNG"), errors.ImageTooSmall),
    "a PNG of 1 x 20,000": (encoded(Image.new("RGB", (1, 20_000)), "PNG"), errors.ImageTooSmall),
    "a PNG of 15 x 400": (encoded(Image.new("RGB", (15, 400)), "PNG"), errors.ImageTooSmall),
    "half a JPEG": (encoded(quarters(640, 480), "JPEG")[:2000], errors.BrokenImage),
    "the head of a JPEG": (encoded(quarters(), "JPEG")[:40], errors.BrokenImage),
    "a JPEG of thousands of scans": (
        encoded(quarters(), "JPEG", progressive=True)[:-2] + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" * 5000 + b"\xff\xd9",
        errors.BrokenImage,
    ),
    "half a PNG": (encoded(Image.effect_noise((200, 200), 90), "PNG")[:9000], errors.BrokenImage),
    "a PNG whose body is not there": (png(64, 64, body=b"\0" * 10), errors.BrokenImage),
    "a PNG with a text that inflates to 64 MiB": (
        png(64, 64, (b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * (64 << 20)))),
        errors.BrokenImage,
    ),
    "half a WebP": (encoded(Image.effect_noise((200, 200), 90).convert("RGB"), "WEBP")[:900], errors.BrokenImage),
    "half a GIF": (encoded(Image.effect_noise((200, 200), 90).convert("P"), "GIF")[:9000], errors.BrokenImage),
    "half a BMP": (encoded(quarters(), "BMP")[:5000], errors.BrokenImage),
}


@pytest.mark.parametrize(("data", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_by_name(data, error):
    with pytest.raises(error):
        decode(data)


def test_an_error_of_size_says_what_was_sent_and_what_is_allowed():
    with pytest.raises(errors.ImageTooLarge, match=r"30000 x 30000 .* 64000000"):
        decode(png(30_000, 30_000))


def test_limits_are_the_callers():
    data = encoded(quarters(), "PNG")
    with pytest.raises(errors.ImageTooLarge):
        decode(data, Limits(max_pixels=64 * 48 - 1))
    with pytest.raises(errors.ImageTooSmall):
        decode(data, Limits(min_side=49))
    with pytest.raises(errors.TooLarge):
        decode(data, Limits(max_bytes=len(data) - 1))
    assert decode(data, Limits(max_bytes=len(data), max_pixels=64 * 48, min_side=48)).width == 64


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "GIF"])
def test_damage_anywhere_gives_a_picture_or_one_of_our_errors(kind):
    whole = encoded(quarters(), kind)
    random = np.random.default_rng(7)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(400):
            data = bytearray(whole)
            for place in random.integers(8, len(data), random.integers(1, 12)):
                data[place] = random.integers(256)
            with contextlib.suppress(errors.ImageError):
                assert decode(bytes(data)).pixels.shape[2] == 3


def test_other_plugins_of_pillow_are_not_reached(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("opened as a TIFF")

    monkeypatch.setattr(TiffImagePlugin.TiffImageFile, "_open", refuse)
    with pytest.raises(errors.UnsupportedFormat):
        decode(encoded(quarters(), "TIFF"))


def test_a_text_within_bounds_does_not_harm_a_png():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 1000, zip=True)
    assert decode(encoded(quarters(), "PNG", pnginfo=info)).width == 64


# Text ---------------------------------------------------------------------------------------------------------------

JPEG = encoded(quarters(), "JPEG")
TEXT = base64.b64encode(JPEG).decode()

TEXTS = {
    "base64": TEXT,
    "without padding": TEXT.rstrip("="),
    "in lines": "\r\n".join(TEXT[i : i + 64] for i in range(0, len(TEXT), 64)),
    "with white space around": f"\n  {TEXT}\t\n",
    "URL-safe": base64.urlsafe_b64encode(JPEG).decode(),
    "a data URL": f"data:image/jpeg;base64,{TEXT}",
    "a data URL with another type": f"data:image/png;base64,{TEXT}",
    "a data URL without a type": f"data:;base64,{TEXT}",
    "a data URL with parameters, in capitals": f"DATA:image/jpeg;charset=utf-8;BASE64,{TEXT}",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_base64_and_data_urls_give_their_bytes(text):
    assert bytes_from_text(text) == JPEG


NO_TEXTS = {
    "nothing": ("", errors.MissingImage),
    "white space": (" \n", errors.MissingImage),
    "an empty data URL": ("data:image/png;base64,", errors.MissingImage),
    "prose": ("this is not base64!", errors.InvalidBase64),
    "letters beyond ASCII": (TEXT[:40] + "ñ" + TEXT[40:], errors.InvalidBase64),
    "a letter too many": (TEXT.rstrip("=")[:41], errors.InvalidBase64),
    "padding in the middle": (TEXT[:40] + "==" + TEXT[40:], errors.InvalidBase64),
    "a data URL that is not base64": ("data:image/svg+xml,%3Csvg/%3E", errors.InvalidBase64),
    "a data URL without a comma": ("data:image/png;base64", errors.InvalidBase64),
    "an address": ("https://example.org/picture.jpg", errors.InvalidBase64),
    "a file address": ("file:///etc/passwd", errors.InvalidBase64),
    "a path": ("/etc/passwd", errors.InvalidBase64),
    "a path up": ("../../etc/passwd", errors.InvalidBase64),
    "a path of Windows": ("C:\\Users\\me\\picture.jpg", errors.InvalidBase64),
    "more than the limit": ("A" * 15_000_000, errors.TooLarge),
    "a little more than the limit": ("A" * ((10 << 20) * 4 // 3 + 8), errors.TooLarge),
}


@pytest.mark.parametrize(("text", "error"), NO_TEXTS.values(), ids=NO_TEXTS.keys())
def test_a_text_that_holds_no_picture_is_refused_by_name(text, error):
    with pytest.raises(error):
        bytes_from_text(text)
