"""Distances of many places over a history, against a loop of GeoSeries.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_proximity [--places N]

From a store that holds the folders ``deepstate-*`` of the archive:
`geofront.proximity` as a user calls it, with bearings, states and shares.
The baseline projects each day and measures the places against it, as an
analyst would: distances alone.  It is slow, so it runs on a sample of the
days.  Processor time is measured, which other work on the machine disturbs
least, and the clock beside it.
"""

import argparse
import resource
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import geopandas
import numpy as np

import geofront as gf
from benchmarks.archive import archive_folders
from benchmarks.bench_store import panel_of, say
from geofront.places import BUILT_IN, Place

CRS = "EPSG:32637"
"""UTM, as is usual: up to 0.5 km off at the far ends of the front."""

SAMPLE = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=4000)
    options = parser.parse_args()
    warnings.simplefilter("ignore", gf.GeofrontWarning)
    with tempfile.TemporaryDirectory() as folder:
        store = gf.Store(Path(folder) / "store")
        gf.ingest(archive_folders(), store, source="deepstate")
        for places in (list(BUILT_IN), panel_of(options.places)):
            compare(store, places)


def compare(store: gf.Store, places: Sequence[Place]) -> None:
    """Print the seconds, and how many times longer the loop takes."""
    history = store.open()
    clock, begun = time.perf_counter(), time.process_time()
    table = gf.proximity(store.open(), places, every="snapshot")
    seconds = time.process_time() - begun
    clock = time.perf_counter() - clock
    say(
        f"{len(history)} snapshots × {len(places):,} places: proximity()",
        f"{seconds:.2f} s, {clock:.2f} by the clock",
    )
    ours = table["occupied_km"].to_numpy().reshape(len(history), -1)
    sample = np.linspace(0, len(history) - 1, SAMPLE, dtype=int)
    begun = time.process_time()
    theirs = loop([history[int(day)] for day in sample], places)
    baseline = (time.process_time() - begun) / SAMPLE * len(history)
    say("loop of GeoSeries.distance, from a sample", f"{baseline:,.1f} s")
    say("ratio", f"{baseline / seconds:.0f} ×")
    apart = np.abs(ours[sample] - theirs)
    say("differ by, median", f"{np.nanmedian(apart) * 1000:.1f} m")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    say("memory at most", f"{peak:,.0f} MB")


def loop(
    snapshots: Sequence[gf.Snapshot], places: Sequence[Place]
) -> np.ndarray:
    """The same, day by day: project, unite, measure."""
    extents = geopandas.GeoSeries(
        [place.extent for place in places], crs="OGC:CRS84"
    ).to_crs(CRS)
    rows = []
    for snapshot in snapshots:
        layers = geopandas.GeoSeries(
            [snapshot.occupied, snapshot.grey_zone, gf.front_line(snapshot)],
            crs="OGC:CRS84",
        ).to_crs(CRS)
        apart = [extents.distance(layer) / 1000 for layer in layers]
        rows.append(apart[0].to_numpy())
    return np.stack(rows)


if __name__ == "__main__":
    main()
