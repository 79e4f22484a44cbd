"""What a page of a history holds, read without the code that wrote it."""

import base64
import gzip
import json
import re
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np

from geofront.geodesy import edge_areas_km2

STATES = ("occupied", "grey_zone", "regained", "coverage", "front")


class Run(NamedTuple):
    state: str
    on_the_left: bool
    since: int
    until: int


class Arc(NamedTuple):
    runs: list[Run]
    points: list[tuple[float, float]]

    def ways(self, state: str, version: int) -> list[list[Any]]:
        """Points, the inside on the left, if it bounds a state then."""
        return [
            self.points if run.on_the_left else self.points[::-1]
            for run in self.runs
            if run.state == state and run.since <= version < run.until
        ]


class FrontPage(NamedTuple):
    about: dict[str, Any]
    arcs: list[Arc]
    size: int
    """Of the compressed bytes."""

    def lines(self, state: str, version: int) -> list[list[Any]]:
        return [way for arc in self.arcs for way in arc.ways(state, version)]

    def area_km2(self, state: str, version: int) -> float:
        """Area that is bounded, its rings shown to close."""
        balance: dict[Any, int] = defaultdict(int)
        total = 0.0
        for line in self.lines(state, version):
            balance[line[0]] += 1
            balance[line[-1]] -= 1
            points = np.array(line)
            total += edge_areas_km2(points[:-1], points[1:]).sum()
        assert not any(balance.values())
        return total


def text_of(page: str) -> str:
    found = re.findall(r'geofrontHistory\(\w+, "([A-Za-z0-9+/=]+)"\)', page)
    assert len(found) == 1
    return found[0]


def unpack(page: str) -> FrontPage:
    """Contents of a page, or of the text in it."""
    text = text_of(page) if "<" in page else page
    packed = base64.b64decode(text, validate=True)
    data = gzip.decompress(packed)
    start = 4 + int.from_bytes(data[:4], "little")
    about = json.loads(data[4:start])
    streams = []
    for length in about["streams"]:
        streams.append(numbers(data[start : start + length]))
        start += length
    assert start == len(data)
    return FrontPage(about, arcs(*streams[:6], about["grid"]), len(packed))


def numbers(data: bytes) -> list[int]:
    found, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(value)
            value = shift = 0
    assert shift == 0
    return found


def signed(number: int) -> int:
    return -(number + 1) // 2 if number % 2 else number // 2


def arcs(
    counts: list[int],
    kinds: list[int],
    versions: list[int],
    shapes: list[int],
    longitudes: list[int],
    latitudes: list[int],
    grid: float,
) -> list[Arc]:
    run = iter(zip(kinds, versions[::2], versions[1::2], strict=True))
    since, signatures = 0, []
    for count in counts:
        signature = []
        for _ in range(count):
            kind, step, lasts = next(run)
            since += signed(step)
            signature.append((kind, since, since + signed(lasts)))
        signatures.append(signature)
    point = iter(zip(longitudes, latitudes, strict=True))
    row = x = y = 0
    found = []
    for step, count in zip(shapes[::2], shapes[1::2], strict=True):
        row += signed(step // 2)
        points = []
        for _ in range(count):
            dx, dy = next(point)
            x, y = x + signed(dx), y + signed(dy)
            points.append((x * grid, y * grid))
        runs = [
            Run(STATES[kind // 2], (kind + step) % 2 == 0, first, end)
            for kind, first, end in signatures[row]
        ]
        found.append(Arc(runs, points))
    assert next(run, None) is None
    assert next(point, None) is None
    return found
