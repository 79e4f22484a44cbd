"""Transitions of a history in memory, against overlays of whole layers.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_change [SAMPLE]

Reads the folders ``deepstate-*`` of the archive.  The baselines are slow, so
they run on a sample of the steps; ratios are of the same run.  Processor
time is measured, which other work on the machine disturbs least.
"""

import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import geopandas
import numpy as np
import shapely

import geofront as gf
from benchmarks.archive import archive_folders
from geofront._edges import Step
from geofront._overlay import dissolve
from geofront._residual import change, changes
from geofront._transitions import States
from geofront.change import _comparable
from geofront.geodesy import area_km2


def main(sample: int) -> None:
    """Print the medians and the ratios."""
    steps = [
        _comparable(*pair)
        for folder in archive_folders()
        for pair in pairwise(gf.open_history(folder, source="deepstate"))
    ]
    batched = time_history(steps)
    sampled = [
        steps[i] for i in np.linspace(0, len(steps) - 1, sample, dtype=int)
    ]
    single = report("geofront, one step a call", time_each(change, sampled))
    for name, baseline in (
        ("geopandas.overlay, previous layer kept", time_geopandas),
        ("shapely differences of dissolved layers", time_shapely),
    ):
        theirs = report(name, baseline(sampled))
        print(
            f"    ratio: {theirs.mean() / batched:.1f} x for a history, "
            f"{np.median(theirs / single):.1f} x a step (median)"
        )
    time_subdivided(sampled[:: max(1, len(sampled) // 20)])


def time_history(steps: Sequence[Step]) -> float:
    """Milliseconds a step for all steps in one pass; the ways they took."""
    best = np.inf
    for _ in range(2):
        start = time.process_time()
        found = list(changes(steps))
        best = min(best, time.process_time() - start)
    mean = 1e3 * best / len(steps)
    ways = dict(Counter(step.way for step in found))
    print(f"geofront, {len(steps)} steps in a pass: {mean:.2f} ms, {ways}")
    return mean


def time_each(
    measure: Callable[[States, States], object], steps: Sequence[Step]
) -> np.ndarray:
    """Milliseconds of each step: the better of two runs."""
    best = np.full(len(steps), np.inf)
    for _ in range(2):
        for i, (before, after) in enumerate(steps):
            start = time.process_time()
            measure(before, after)
            elapsed = 1e3 * (time.process_time() - start)
            best[i] = min(best[i], elapsed)
    return best


def time_geopandas(steps: Sequence[Step]) -> np.ndarray:
    """Dissolve the new day, overlay it with the layer of the day before."""
    milliseconds = []
    warnings.simplefilter("ignore")  # lines that it drops
    for before, after in steps:
        kept = as_layer(before)
        start = time.process_time()
        pieces = geopandas.overlay(kept, as_layer(after), how="union")
        pieces["km2"] = area_km2(pieces.geometry.to_numpy())
        pieces.groupby(["state_1", "state_2"], dropna=False)["km2"].sum()
        milliseconds.append(1e3 * (time.process_time() - start))
    return np.array(milliseconds)


def as_layer(states: States) -> geopandas.GeoDataFrame:
    """A snapshot as a layer of two rows."""
    return geopandas.GeoDataFrame(
        {"state": ["occupied", "grey_zone"]},
        geometry=list(dissolve(states)),
        crs="OGC:CRS84",
    )


def time_shapely(steps: Sequence[Step]) -> np.ndarray:
    """Dissolve the new day, take six intersections and differences."""
    milliseconds = []
    for before, after in steps:
        kept = dissolve(before)
        start = time.process_time()
        area_km2(np.array(six_transitions(kept, dissolve(after))))
        milliseconds.append(1e3 * (time.process_time() - start))
    return np.array(milliseconds)


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
    medians = []
    for times in (1, 4, 16):
        cut = [(subdivide(a, times), subdivide(b, times)) for a, b in steps]
        medians.append(
            report(f"change(), edges x {times}", time_each(change, cut))
        )
    growth = np.median(medians[-1] / medians[0])
    print(f"    grows {growth:.1f} x (median over the steps)")


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


def report(name: str, milliseconds: np.ndarray) -> np.ndarray:
    """Print a line of figures, and hand them on."""
    print(
        f"{name}: median {np.median(milliseconds):.2f} ms,"
        f" mean {milliseconds.mean():.2f} ms ({len(milliseconds)} steps)"
    )
    return milliseconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
