"""Arcs as bytes: differences in variable length, compressed.

The format is told where it is read, in ``assets/history/decode.js``.
"""

import base64
import gzip
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from geofront._rows import Ints
from geofront.maps.arcs import RUN, Arcs

__all__ = ["pack", "streams"]

# Python may have it, from JSON for one; no file can.
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def streams(arcs: Arcs) -> list[bytes]:
    """Arcs as six streams of whole numbers.

    Returns
    -------
    list of bytes
        Of each signature how many runs it has; of each run its state and
        sign, and its versions; of each arc its signature, whether it is
        turned, and how many vertices it has; longitudes; latitudes.
    """
    runs = np.frombuffer(b"".join(arcs.signatures), RUN)
    count = [len(key) // RUN.itemsize for key in arcs.signatures]
    versions = np.column_stack(
        [_steps(runs["since"]), _zigzag(runs["until"] - runs["since"])]
    )
    shape = np.column_stack(
        [_steps(arcs.signature) * 2 + arcs.turned, np.diff(arcs.first)]
    )
    return [
        _varints(np.array(count, np.int64)),
        _varints(runs["state"] * 2 + (runs["sign"] < 0)),
        _varints(versions.ravel()),
        _varints(shape.ravel()),
        *(_varints(_steps(column)) for column in arcs.vertices.T),
    ]


def pack(about: Mapping[str, Any], *drawings: list[bytes]) -> str:
    """One text in base64 of everything that a page is told.

    Parameters
    ----------
    about : mapping
        Whatever else the page has to know; as JSON.
    *drawings : list of bytes
        Streams.
    """
    parts = [stream for streams in drawings for stream in streams]
    head = orjson.dumps(
        {**_sound(about), "streams": [len(part) for part in parts]},
        option=orjson.OPT_SERIALIZE_NUMPY,
    )
    size = len(head).to_bytes(4, "little")
    # Without the time: the same history gives the same page.
    data = gzip.compress(size + head + b"".join(parts), 9, mtime=0)
    return base64.b64encode(data).decode()


def _sound(value: Any) -> Any:
    """The same, where text has half of a surrogate pair with a space."""
    if isinstance(value, str):
        return _HALF_A_PAIR.sub(" ", value)
    if isinstance(value, Mapping):
        return {key: _sound(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_sound(item) for item in value]
    return value


def _steps(values: Ints) -> Ints:
    return _zigzag(np.diff(values, prepend=0))


def _zigzag(values: Ints) -> Ints:
    """Small numbers of either sign as small numbers."""
    wide = values.astype(np.int64)
    return (wide << 1) ^ (wide >> 63)


def _varints(values: Ints) -> bytes:
    """Seven bits a byte, the low ones first, the high bit for more."""
    left = values.astype(np.uint64)
    columns, used = [], []
    more = np.ones(len(left), bool)
    while more.any():
        used.append(more)
        more = more & (left >= 128)
        columns.append(
            (left & np.uint64(127)).astype(np.uint8) | more * np.uint8(128)
        )
        left = left >> np.uint64(7)
    if not columns:
        return b""
    data = np.stack(columns, axis=1)
    kept: bytes = data[np.stack(used, axis=1)].tobytes()
    return kept
