"""Files that are no pictures of a digit; the spoilt ones are made from sound ones."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

from softmax_core.limits import MAX_PICTURE_BYTES
from tests.zoo.case import Case

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    """Write one part of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, pixels: bytes | None = None, more: bytes = b"") -> bytes:
    """Write a grey PNG file; without pixels of its own there are few, whatever its size."""
    rows = bytes(1 + min(width, 100)) * min(height, 100) if pixels is None else pixels
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return SIGNATURE + chunk(b"IHDR", head) + more + body + chunk(b"IEND", b"")


def digit() -> Image.Image:
    """A one, in black on white."""
    grey = np.full((40, 40), 255, np.uint8)
    grey[8:32, 18:22] = 0
    return Image.fromarray(grey)


def saved(kind: str, image: Image.Image | None = None) -> bytes:
    file = io.BytesIO()
    (image or digit()).save(file, kind)
    return file.getvalue()


def blank(value: int, mode: str = "L") -> bytes:
    return saved("PNG", Image.new(mode, (40, 40), value))


def cut(kind: str, share: float) -> bytes:
    whole = saved(kind)
    return whole[: int(share * len(whole))]


def flipped(kind: str, at: int) -> bytes:
    data = bytearray(saved(kind))
    data[at] ^= 0xFF
    return bytes(data)


def bmp(width: int, height: int) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head + bytes(100)


def gif(width: int, height: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\0"
    return head + frame + b";"


def jpeg(width: int, height: int) -> bytes:
    data = bytearray(saved("JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def webp(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + bytes(20)
    inner = b"WEBPVP8L" + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def text_bomb(kind: bytes) -> bytes:
    """A remark of 100 MB in a picture of a few pixels, in 100 KB."""
    squeezer = zlib.compressobj(9)
    packed = squeezer.compress(bytes(100 * 2**20)) + squeezer.flush()
    return png(8, 8, bytes(72), chunk(kind, b"Comment\0\0" + packed))


FORMAT, DAMAGED, PIXELS, BLANK = (
    *("picture-format", "picture-damaged"),
    *("picture-pixels", "picture-blank"),
)
NO_FORMAT = r"format read here \(PNG, JPEG, GIF, BMP, WEBP\)"
HURT = "damaged or cut short"
MOST = "the limit is 16,800,000 and 8,192 a side"

PICTURES: dict[str, Case] = {
    "empty": Case(b"", FORMAT, NO_FORMAT),
    "one byte": Case(b"\x89", FORMAT, NO_FORMAT),
    "words": Case(b"This is a seven.", FORMAT, NO_FORMAT),
    "zeros": Case(bytes(500), FORMAT, NO_FORMAT),
    "a drawing in SVG": Case(b"<svg xmlns='x'><script>1</script></svg>", FORMAT, "SVG is not"),
    "SVG after a prolog": Case(b"\n <?xml version='1.0'?><svg/>", FORMAT, "SVG is not"),
    "PostScript": Case(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", FORMAT, NO_FORMAT),
    "a PDF file": Case(b"%PDF-1.7\n", FORMAT, NO_FORMAT),
    "a TIFF file": Case(saved("TIFF"), FORMAT, NO_FORMAT),
    "a portable pixmap": Case(saved("PPM"), FORMAT, NO_FORMAT),
    "an icon": Case(saved("ICO"), FORMAT, NO_FORMAT),
    "a Targa file": Case(saved("TGA"), FORMAT, NO_FORMAT),
    "a web page": Case(b"<html><img src=x onerror=alert(1)></html>", FORMAT, NO_FORMAT),
    "a zip file": Case(b"PK\x03\x04" + bytes(99), FORMAT, NO_FORMAT),
    "a pickle": Case(b"\x80\x04\x95cos\nsystem\n.", FORMAT, NO_FORMAT),
    "a PNG signature alone": Case(SIGNATURE, FORMAT, NO_FORMAT),
    "a PNG header alone": Case(saved("PNG")[:33], FORMAT, NO_FORMAT),
    "a PNG file cut early": Case(cut("PNG", 0.5), DAMAGED, HURT),
    "a PNG file cut late": Case(cut("PNG", 0.8), DAMAGED, HURT),
    "a PNG file with its size damaged": Case(flipped("PNG", 18), FORMAT, NO_FORMAT),
    "a PNG file with its pixels damaged": Case(flipped("PNG", 48), DAMAGED, HURT),
    "a PNG file of another colour type": Case(flipped("PNG", 25), FORMAT, NO_FORMAT),
    "a PNG file without pixels": Case(
        SIGNATURE
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0))
        + chunk(b"IEND", b""),
        DAMAGED,
        HURT,
    ),
    "a JPEG file cut early": Case(cut("JPEG", 0.3), FORMAT, NO_FORMAT),
    "a JPEG file cut late": Case(cut("JPEG", 0.95), DAMAGED, HURT),
    "a GIF file cut": Case(cut("GIF", 0.9), DAMAGED, HURT),
    "a BMP file cut": Case(cut("BMP", 0.7), DAMAGED, HURT),
    "a WebP file cut": Case(cut("WEBP", 0.6), FORMAT, NO_FORMAT),
    "a BMP header alone": Case(saved("BMP")[:30], FORMAT, NO_FORMAT),
    "too many bytes": Case(
        saved("PNG") + bytes(MAX_PICTURE_BYTES), "picture-too-large", "more than 5,242,880 bytes"
    ),
    "a PNG bomb": Case(png(50_000, 50_000), PIXELS, "far too many pixels"),
    "a smaller PNG bomb": Case(png(13_000, 12_999), PIXELS, MOST),
    "a PNG file of 81 million pixels": Case(png(9_000, 9_000), PIXELS, f"9,000 x 9,000 .* {MOST}"),
    "a PNG file of 16.81 million": Case(png(4_100, 4_100), PIXELS, "4,100 x 4,100"),
    "a PNG file too wide": Case(png(8_193, 1), PIXELS, "8,193 x 1 pixels"),
    "a PNG file too high": Case(png(1, 8_193), PIXELS, "1 x 8,193 pixels"),
    "a PNG file 2^31 high": Case(png(1, 2**31 - 1), PIXELS, "pixels; the limit"),
    "a PNG file of no width": Case(png(0, 9), FORMAT, NO_FORMAT),
    "a JPEG bomb": Case(jpeg(65_500, 65_500), PIXELS, "pixels"),
    "a JPEG file too large": Case(jpeg(5_000, 5_000), PIXELS, "5,000 x 5,000"),
    "a GIF bomb": Case(gif(65_535, 65_535), PIXELS, "pixels"),
    "a GIF file too large": Case(gif(9_000, 9_000), PIXELS, "9,000 x 9,000"),
    "a BMP bomb": Case(bmp(30_000, 30_000), PIXELS, "pixels"),
    "a BMP file too wide": Case(bmp(8_200, 10), PIXELS, "8,200 x 10"),
    "a WebP bomb": Case(webp(16_383, 16_383), PIXELS, "pixels"),
    "a packed remark of 100 MB": Case(text_bomb(b"zTXt"), FORMAT, NO_FORMAT),
    "a packed profile of 100 MB": Case(text_bomb(b"iCCP"), FORMAT, NO_FORMAT),
    "white": Case(blank(255), BLANK, "blank"),
    "black": Case(blank(0), BLANK, "blank"),
    "grey": Case(blank(128), BLANK, "blank"),
    "quite transparent": Case(saved("PNG", Image.new("RGBA", (40, 40))), BLANK, "blank"),
    "grey of 16 bits": Case(blank(40_000, "I;16"), BLANK, "blank"),
    "black and white, and white": Case(blank(1, "1"), BLANK, "blank"),
    "one pixel": Case(saved("PNG", Image.new("L", (1, 1))), BLANK, "blank"),
    "a white JPEG file": Case(saved("JPEG", Image.new("RGB", (40, 40), "white")), BLANK, "blank"),
}
