"""Transitions of a history in memory, against overlays of whole layers.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_change [SAMPLE]

Reads the folders ``deepstate-*`` of the archive.  The baselines are slow, so
of each portion of the history they run on SAMPLE steps, right after geofront
ran on all of it.  Processor time is measured, which other work on the
machine disturbs least.
"""

import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import geopandas
import numpy as np
import numpy.typing as npt
import shapely

import geofront as gf
from benchmarks.archive import archive_folders
from benchmarks.figures import print_figure, print_ratio
from geofront._edges import Step
from geofront._overlay import dissolve
from geofront._residual import change, changes
from geofront._transitions import States
from geofront.change import _comparable
from geofront.geodesy import area_km2

# As many steps as geofront solves at once.
PORTION = 32

Times = npt.NDArray[np.float64]


def main(sample: int) -> None:
    """Print the figures."""
    warnings.simplefilter("ignore")  # lines that geopandas drops
    steps = [
        _comparable(*pair)
        for folder in archive_folders()
        for pair in pairwise(gf.open_history(folder, source="deepstate"))
    ]
    list(changes(steps[:PORTION]))
    print_ways(steps)
    portions = [
        steps[first : first + PORTION]
        for first in range(0, len(steps), PORTION)
    ]
    measured = [time_portion(part, sample) for part in portions]
    in_pass, single, overlays, differences = map(
        np.array, zip(*measured, strict=True)
    )
    for name, at_least, theirs in (
        ("geopandas.overlay, previous layer kept", 25, overlays),
        ("shapely differences of dissolved layers", 10, differences),
    ):
        print_ratio(
            f"{name}: a history",
            at_least,
            theirs.mean(axis=1),
            in_pass,
        )
        print_ratio(
            f"{name}: step by step", at_least, theirs.ravel(), single.ravel()
        )
    time_subdivided(steps[:: max(1, len(steps) // 20)])


def print_ways(steps: Sequence[Step]) -> None:
    """How many steps could not be solved from what differs alone."""
    ways = Counter(found.way for found in changes(steps))
    fallbacks = ways["snapped"] + ways["overlay"]
    print(f"{len(steps)} steps, {fallbacks} by a fallback: {dict(ways)}")


def time_portion(
    steps: Sequence[Step], sample: int
) -> tuple[float, Times, Times, Times]:
    """Milliseconds a step: in a pass, and of some steps each way."""
    start = time.process_time()
    list(changes(steps))
    in_pass = 1e3 * (time.process_time() - start) / len(steps)
    chosen = np.linspace(0, len(steps) - 1, sample, dtype=int)
    # All steps in turn: as every day, the day before is known.
    single = np.array([time_one(change, *step) for step in steps])[chosen]
    overlays, differences = (
        np.array([measure(*steps[i]) for i in chosen])
        for measure in (time_geopandas, time_shapely)
    )
    return in_pass, single, overlays, differences


def time_one(
    measure: Callable[[States, States], object],
    before: States,
    after: States,
) -> float:
    """Milliseconds of one step."""
    start = time.process_time()
    measure(before, after)
    return 1e3 * (time.process_time() - start)


def time_geopandas(before: States, after: States) -> float:
    """Dissolve the new day, overlay it with the layer of the day before."""
    kept = as_layer(before)
    start = time.process_time()
    pieces = geopandas.overlay(kept, as_layer(after), how="union")
    pieces["km2"] = area_km2(pieces.geometry.to_numpy())
    pieces.groupby(["state_1", "state_2"], dropna=False)["km2"].sum()
    return 1e3 * (time.process_time() - start)


def as_layer(states: States) -> geopandas.GeoDataFrame:
    """A snapshot as a layer of two rows."""
    return geopandas.GeoDataFrame(
        {"state": ["occupied", "grey_zone"]},
        geometry=list(dissolve(states)),
        crs="OGC:CRS84",
    )


def time_shapely(before: States, after: States) -> float:
    """Dissolve the new day, take six intersections and differences."""
    kept = dissolve(before)
    start = time.process_time()
    area_km2(np.array(six_transitions(kept, dissolve(after))))
    return 1e3 * (time.process_time() - start)


def six_transitions(
    old: tuple[shapely.Geometry, shapely.Geometry],
    new: tuple[shapely.Geometry, shapely.Geometry],
) -> list[shapely.Geometry]:
    """Grey zone and occupied, to each other, from held and to held."""
    (occupied, grey), (occupied_now, grey_now) = old, new
    return [
        shapely.intersection(occupied, grey_now),
        shapely.intersection(grey, occupied_now),
        occupied - occupied_now - grey_now,
        grey - occupied_now - grey_now,
        occupied_now - occupied - grey,
        grey_now - occupied - grey,
    ]


def time_subdivided(steps: Sequence[Step]) -> None:
    """How the time grows as every edge is cut in 4, and in 16."""
    columns = []
    for times in (1, 4, 16):
        cut = [(subdivide(a, times), subdivide(b, times)) for a, b in steps]
        runs = [[time_one(change, *step) for step in cut] for _ in range(3)]
        columns.append(np.min(runs, axis=0))
    growth = np.median(columns[-1] / columns[0])
    medians = [float(np.median(column)) for column in columns]
    print_figure(
        "edges × 16: time grows by",
        "< 16 ×",
        f"{growth:.1f} ×",
        holds=bool(growth < 16),
        how="medians {:.1f}, {:.1f} (× 4), {:.1f} ms (× 16); {} steps".format(
            *medians, len(steps)
        ),
    )


def subdivide(states: States, times: int) -> States:
    """The same polygons, each edge cut into equal parts."""
    occupied, grey = (
        np.array([subdivide_polygon(p, times) for p in layer] + [None])[:-1]
        for layer in states
    )
    return occupied, grey


def subdivide_polygon(polygon: shapely.Polygon, times: int) -> object:
    """The same polygon, each edge cut into equal parts."""
    shares = np.arange(times)[:, np.newaxis] / times
    rings = []
    for ring in (polygon.exterior, *polygon.interiors):
        vertices = shapely.get_coordinates(ring)
        start, end = vertices[:-1, np.newaxis], vertices[1:, np.newaxis]
        rings.append((start + shares * (end - start)).reshape(-1, 2))
    return shapely.Polygon(rings[0], rings[1:])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
