"""Pictures that cost far more than they weigh, made by hand: a plain decoder spends seconds or gigabytes on each."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

from PIL import Image

MEGABYTE = 1 << 20


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


@cache
def jpeg(width: int = 64, height: int = 48, mode: str = "RGB", progressive: bool = False) -> bytes:
    return encoded(Image.new(mode, (width, height), 90 if mode == "L" else None), "JPEG", progressive=progressive)


def with_segments(count: int, marker: int, content: bytes) -> bytes:
    """A JPEG with `count` segments of one kind before everything else."""
    return jpeg()[:2] + segment(marker, content) * count + jpeg()[2:]


def scans(count: int, width: int, height: int, *, progressive: bool) -> bytes:
    """A JPEG of three components whose scans, `count` of them, hold nothing; the first one has one component."""
    plain = jpeg(width, height, progressive=progressive)
    start = plain.index(b"\xff\xda")
    names = [plain[plain.index(bytes((0xFF, 0xC2 if progressive else 0xC0))) + 10 + 3 * index] for index in range(3)]
    last = 0 if progressive else 63
    one = [segment(0xDA, bytes((1, name, 0, 0, last, 0))) for name in names]
    return plain[:start] + b"".join(one * (count // 3)) + b"\xff\xd9"


def resized(data: bytes, width: int, height: int) -> bytes:
    """A JPEG that says to be of another size."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def png(width: int, height: int, *before: bytes, depth: int = 8, colour: int = 2, interlace: int = 0) -> bytes:
    """A PNG of zeros with `before` its image data."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = 1 + (width * depth * channels + 7) // 8
    height_in_rows = height * 2 if interlace else height
    squeeze = zlib.compressobj(9)
    body = b"".join(
        squeeze.compress(bytes(row * min(100, height_in_rows - top))) for top in range(0, height_in_rows, 100)
    )
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))
    data = chunk(b"IDAT", body + squeeze.flush())
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(before) + data + chunk(b"IEND", b"")


def apng(width: int, height: int, frames: int) -> bytes:
    images = [Image.new("RGB", (width, height), (index, 0, 0)) for index in range(frames)]
    return encoded(images[0], "PNG", save_all=True, append_images=images[1:])


def bitmap(width: int, height: int, compression: int, body: bytes, bits: int = 8, colours: int = 256) -> bytes:
    start = 54 + 4 * colours
    head = struct.pack("<2sIHHI", b"BM", start + len(body), 0, 0, start)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(body), 0, 0, colours, 0)
    return head + info + bytes(4 * colours) + body


def gif(width: int, height: int, *before: bytes, frame: tuple[int, int] | None = None, body: bytes = b"") -> bytes:
    across, down = frame or (width, height)
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + b"".join(before)
    return head + b"," + struct.pack("<HHHHB", 0, 0, across, down, 0) + b"\x08" + body + b"\0;"


def comment(size: int) -> bytes:
    return b"\x21\xfe" + (b"\xff" + bytes(range(255))) * (size // 256) + b"\0"


def tiny_webp(width: int, height: int) -> bytes:
    """A lossless WebP of one colour, some 40 bytes long whatever its size."""
    small = encoded(Image.new("RGB", (16, 16), (9, 9, 9)), "WEBP", lossless=True)
    bits = int.from_bytes(small[21:25], "little") >> 28 << 28 | (height - 1) << 14 | (width - 1)
    return small[:21] + bits.to_bytes(4, "little") + small[25:]


def still_webp(*chunks: tuple[bytes, bytes], flags: int = 0x2C) -> bytes:
    """A small WebP with an extended header and more chunks than its picture."""
    picture = encoded(Image.new("RGB", (64, 48)), "WEBP")[12:]
    content = picture[8 : 8 + int.from_bytes(picture[4:8], "little")]
    return riff(
        (b"VP8X", struct.pack("<B3x", flags) + b"\x3f\0\0\x2f\0\0"), *chunks[:1], (picture[:4], content), *chunks[1:]
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a sequential JPEG of thousands of empty scans": lambda: scans(6000, 2000, 2000, progressive=False),
    "a progressive JPEG of 120 scans of 36 megapixels": lambda: scans(120, 6000, 6000, progressive=True),
    "a JPEG of 700,000 tiny application segments": lambda: with_segments(700_000, 0xE5, b""),
    "a JPEG of 500,000 comments": lambda: with_segments(500_000, 0xFE, b"hello"),
    "a JPEG of 140 Exif segments of 64 KB": lambda: with_segments(140, 0xE1, b"Exif\0\0" + bytes(60_000)),
    "a JPEG of 70,000 Exif segments": lambda: with_segments(70_000, 0xE1, b"Exif\0\0" + bytes(100)),
    "a JPEG of 9 MB of quantization tables": lambda: with_segments(140, 0xDB, (b"\0" + bytes(range(1, 65))) * 1000),
    "a JPEG of 9 MB of fill bytes": lambda: jpeg()[:2] + b"\xff" * (9 * MEGABYTE) + jpeg()[2:],
    "a JPEG of 9 MB of Photoshop resources": lambda: with_segments(
        140, 0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\0" * 5000
    ),
    "a JPEG of a few bytes and 60 megapixels": lambda: resized(jpeg(), 10_000, 6000),
    "a JPEG of a few bytes and 60 megapixels that restarts at each block": lambda: resized(
        jpeg()[:2] + segment(0xDD, b"\0\1") + jpeg()[2:], 10_000, 6000
    ),
    "a JPEG with arithmetic coding": lambda: jpeg(4000, 4000).replace(b"\xff\xc0", b"\xff\xc9", 1),
    "a CMYK JPEG of 60 megapixels": lambda: jpeg(10_000, 6000, "CMYK"),
    "a progressive JPEG of 60 megapixels": lambda: jpeg(10_000, 6000, progressive=True),
    "a PNG of 300 profiles": lambda: png(
        64, 48, *[chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(MEGABYTE - 1)))] * 300
    ),
    "a PNG of 60 compressed texts": lambda: png(
        64, 48, *[chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(MEGABYTE - 1)))] * 60
    ),
    "a PNG of 500,000 texts": lambda: png(64, 48, chunk(b"tEXt", b"key\0text") * 400_000),
    "a PNG of 700,000 private chunks": lambda: png(64, 48, chunk(b"prVt", b"") * 700_000),
    "a PNG of 700,000 empty image chunks": lambda: png(64, 48, chunk(b"IDAT", b"") * 700_000),
    "a PNG of 5 MB of palette": lambda: png(64, 48, chunk(b"PLTE", bytes(5 * MEGABYTE)), colour=3),
    "a PNG of 49 megapixels with a transparent colour": lambda: png(7000, 7000, chunk(b"tRNS", bytes(6))),
    "a PNG of 49 megapixels of 16-bit RGBA": lambda: png(7000, 7000, depth=16, colour=6),
    "a PNG of 49 megapixels of 16-bit grey": lambda: png(7000, 7000, depth=16, colour=0),
    "an interlaced PNG of 49 megapixels": lambda: png(7000, 7000, interlace=1),
    "a PNG of a few bytes and 60 megapixels": lambda: png(10_000, 16).replace(
        struct.pack(">II", 10_000, 16), struct.pack(">II", 10_000, 6000)
    ),
    "an animated PNG of 200 frames": lambda: apng(640, 480, 200),
    "a bitmap of run lengths": lambda: bitmap(8000, 8000, 1, b"\0\0" * 30_000),
    "a bitmap of run lengths of four bits": lambda: bitmap(8000, 8000, 2, b"\xff\x11" * 500_000, bits=4, colours=16),
    "a bitmap of 30 bytes and 60 megapixels": lambda: bitmap(10_000, 6000, 0, bytes(30)),
    "a bitmap of 64 megapixels of one bit": lambda: bitmap(8000, 8000, 0, bytes(8_000_000), bits=1, colours=2),
    "a GIF of 9 MB of comments": lambda: gif(64, 48, comment(9 * MEGABYTE)),
    "a GIF of 3,000,000 empty extensions": lambda: gif(64, 48, b"\x21\x01\0" * 3_000_000),
    "a GIF of a million blocks of a byte": lambda: gif(64, 48, b"\x21\xfe" + b"\x01x" * 4_000_000 + b"\0"),
    "a GIF whose frame is far larger than its screen": lambda: gif(16, 16, frame=(9000, 7000), body=b"\x02\x08\x0a"),
    "a GIF of a few bytes and 64 megapixels": lambda: gif(8000, 8000, body=b"\x02\x00\x03"),
    "a lossless WebP of 46 bytes and 64 megapixels": lambda: tiny_webp(8000, 8000),
    "a lossless WebP of 46 bytes and 14 megapixels": lambda: tiny_webp(4000, 3600),
    "a WebP with profile, Exif and XMP of 3 MB each": lambda: still_webp(
        (b"ICCP", bytes(3 * MEGABYTE)), (b"EXIF", bytes(3 * MEGABYTE)), (b"XMP ", bytes(3 * MEGABYTE))
    ),
    "a WebP of a million chunks": lambda: still_webp(*[(b"junk", b"")] * 1_000_000),
}
"""Named builders of files under 10 MB."""
