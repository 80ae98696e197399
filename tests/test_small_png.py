"""Pictures with a palette show what the pictures that they are made from show."""

import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray
from small_png import SIGNATURE, small_png


def written(pixels: NDArray[np.uint8], filters: list[int]) -> bytes:
    """A PNG as browsers write it, each line with a filter of its own (none, left, above)."""
    height, width, _ = pixels.shape
    lines = b""
    for y, kind in enumerate(filters):
        left = np.vstack([np.zeros((1, 3), np.uint8), pixels[y, :-1]])
        above = pixels[y - 1] if y else np.zeros((width, 3), np.uint8)
        lines += bytes([kind]) + (pixels[y] - (0, left, above)[kind]).astype(np.uint8).tobytes()
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    ]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks
    )


def shown(png: bytes) -> NDArray[np.uint8]:
    """The pixels of a PNG with a palette and without filters."""
    width, height = struct.unpack(">II", png[16:24])
    palette, data = (png.index(name) for name in (b"PLTE", b"IDAT"))
    (size,) = struct.unpack(">I", png[palette - 4 : palette])
    colours = np.frombuffer(png[palette + 4 : palette + 4 + size], np.uint8).reshape(-1, 3)
    lines = np.frombuffer(
        zlib.decompress(png[data + 4 :][: struct.unpack(">I", png[data - 4 : data])[0]]), np.uint8
    )
    return colours[lines.reshape(height, width + 1)[:, 1:]]


def test_few_colours_stay_as_they_are() -> None:
    pixels = np.array([[[255, 0, 0], [0, 255, 0], [0, 255, 0]]] * 3, np.uint8)
    assert (shown(small_png(written(pixels, [0, 1, 2]))) == pixels).all()


def test_of_many_colours_each_becomes_a_near_one() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    apart = shown(small_png(written(pixels, [0, 1, 2, 0] * 10))).astype(int) - pixels
    assert (apart**2).sum(axis=2).max() <= 64**2


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no PNG"):
        small_png(b"GIF89a")
