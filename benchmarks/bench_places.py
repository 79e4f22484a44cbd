"""State and shares of thousands of places on every snapshot of a store.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_places [PLACES] [SAMPLE]

The store is written into a temporary folder.  The baseline is what one
writes with shapely: for each place and snapshot, whether the centre lies in
the dissolved areas, and the areas of three intersections of the extent with
each; prepared, vectorised, on a sample of the snapshots.  Processor time.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely

import geofront as gf
from benchmarks.archive import archive_folders
from geofront._extents import FACTORS, Extents
from geofront.geodesy import area_km2
from geofront.place import Place


def main(count: int, sample: int) -> None:
    """Print seconds, memory and the ratio to the baseline."""
    with tempfile.TemporaryDirectory() as folder:
        store = gf.Store(Path(folder) / "store")
        gf.ingest(archive_folders(), store, source="deepstate")
        places = panel(count)
        history = store.open()
        size = f"{len(places):,} places × {len(history)} snapshots"
        start, wall = time.process_time(), time.perf_counter()
        frame = gf.place_status(history, places, every="snapshot")
        seconds = time.process_time() - start
        print(
            f"{size}: {seconds:.1f} s, {time.perf_counter() - wall:.1f} s by "
            f"the clock; {len(frame):,} rows, at most {_peak_mb():,.0f} MB"
        )
        step = max(len(history) // sample, 1)
        plain = time_plain(history[::step], places) * len(history)
        print(
            f"plain loop, from {len(history[::step])} snapshots: {plain:.0f} s"
        )
        print(f"    ratio: {plain / seconds:.0f} x")
        start = time.process_time()
        found = gf.settlements_changed(
            history, since="2024-10-31", until="2024-11-30"
        )
        seconds = time.process_time() - start
        print(f"settlements changed in a month: {seconds:.2f} s, {len(found)}")


def panel(count: int) -> list[Place]:
    """Settlements of the register with an extent, the eastern ones first."""
    known = [place for place in gf.places.registered() if place.has_extent]
    return sorted(known, key=lambda place: -place.longitude)[:count]


def time_plain(history: gf.History, places: Sequence[Place]) -> float:
    """Seconds a snapshot."""
    extents = Extents.of_places(places)
    everything = np.arange(len(places))
    shapes = [extents.shapes(everything, factor) for factor in FACTORS]
    whole = [area_km2(each) for each in shapes]
    centres = shapely.points(extents.centres)
    start = time.process_time()
    for snapshot in history:
        for area in (snapshot.occupied, snapshot.grey_zone):
            shapely.prepare(area)
            shapely.covers(area, centres)
            for each, km2 in zip(shapes, whole, strict=True):
                area_km2(shapely.intersection(area, each)) / km2
    return (time.process_time() - start) / len(history)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 4000,
        int(sys.argv[2]) if len(sys.argv) > 2 else 12,
    )
