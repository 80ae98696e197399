"""Screenshots as PNG files with a palette: a third of what a browser writes, and no difference to see.

Reads what Chromium writes, 8 bits a channel and not interlaced. Frequent colours stay as they are; others, on
pages the edges of letters, become one that is near.
"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

__all__ = ["small_png"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST = 256
Pixels = NDArray[np.uint8]
"""Height × width × 3."""


def small_png(png: bytes) -> bytes:
    """The same picture with at most 256 colours. Raises ``ValueError`` for another kind of PNG."""
    pixels = _decoded(png)
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    colours, place, count = np.unique(packed, return_inverse=True, return_counts=True)
    palette, all_colours = _palette(_channels(colours[np.argsort(-count, kind="stable")])), _channels(colours)
    apart = ((all_colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    indices = apart.argmin(axis=1).astype(np.uint8)[place].reshape(packed.shape)
    return _encoded(indices, palette.astype(np.uint8))


def _palette(colours: NDArray[np.int32]) -> NDArray[np.int32]:
    """At most 256 of the colours, earlier rather than later ones, so that each is near to one of them."""
    apart = 1
    while len(kept := _spread(colours, apart)) > MOST:
        apart *= 2
    return np.array(kept)


def _spread(colours: NDArray[np.int32], apart: int) -> list[NDArray[np.int32]]:
    """The first of the colours, and each that is further than this (squared) from all before it; one too many
    ends it."""
    kept = list[NDArray[np.int32]]()
    while len(colours) and len(kept) <= MOST:
        kept.append(colours[0])
        colours = colours[((colours - colours[0]) ** 2).sum(axis=1) > apart]
    return kept


def _channels(packed: NDArray[np.uint32]) -> NDArray[np.int32]:
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1).astype(np.int32)


def _decoded(png: bytes) -> Pixels:
    if not png.startswith(SIGNATURE):
        raise ValueError("no PNG")
    chunks: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        chunks[kind] = chunks.get(kind, b"") + png[at + 8 : at + 8 + size]
        at += size + 12
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if depth != 8 or colour not in (2, 6) or interlaced:
        raise ValueError("not the kind of PNG that a browser writes")
    channels = 3 if colour == 2 else 4
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + width * channels)
    return _unfiltered(lines, channels).reshape(height, width, channels)[:, :, :3]


def _unfiltered(lines: Pixels, channels: int) -> Pixels:
    """The filters of PNG (its specification, section 9) undone, line by line."""
    found = np.zeros((lines.shape[0] + 1, lines.shape[1] - 1 + channels), np.uint8)
    for y, line in enumerate(lines, 1):
        kind, raw, up, now = line[0], line[1:], found[y - 1], found[y]
        if kind == 0:
            now[channels:] = raw
        elif kind == 1:
            now[channels:] = raw.reshape(-1, channels).cumsum(axis=0, dtype=np.uint8).ravel()
        elif kind == 2:
            now[channels:] = raw + up[channels:]
        else:
            _one_by_one(kind == 3, raw.tolist(), up.tolist(), now, channels)
    return found[1:, channels:]


def _one_by_one(average: bool, raw: list[int], up: list[int], now: Pixels, channels: int) -> None:
    out = [0] * len(up)
    for x, value in enumerate(raw, channels):
        left, above, corner = out[x - channels], up[x], up[x - channels]
        out[x] = (value + ((left + above) // 2 if average else _paeth(left, above, corner))) & 255
    now[:] = out


def _paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    return min((left, above, corner), key=lambda each: abs(estimate - each))


def _encoded(indices: Pixels, palette: Pixels) -> bytes:
    height, width = indices.shape
    lines = np.hstack([np.zeros((height, 1), np.uint8), indices]).tobytes()
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
