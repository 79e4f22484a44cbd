"""Distances of many places over a history, against a loop of GeoSeries.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_proximity [--places N]

From a store that holds the folders ``deepstate-*`` of the archive.  The
baseline projects each day and measures the places against it, as an analyst
would; it is slow, so it runs on a sample of the days.  Processor time is
measured, which other work on the machine disturbs least.
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
import pandas as pd

import geofront as gf
from benchmarks.archive import archive_folders
from benchmarks.bench_store import panel_of, say
from geofront._distances import distances
from geofront.places import BUILT_IN, Place
from geofront.proximity import PORTION, outlined

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
    size = f"{len(history)} snapshots × {len(places):,} places"
    begun = time.process_time()
    ours = measure(store.open(), places)
    seconds = time.process_time() - begun
    say(f"{size}: occupied, grey zone, front", f"{seconds:.2f} s")
    if len(places) <= len(BUILT_IN):
        begun = time.process_time()
        gf.proximity(store.open(), places, every="snapshot")
        whole = time.process_time() - begun
        say(f"{size}: proximity(), with shares", f"{whole:.2f} s")
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


def measure(history: gf.History, places: Sequence[Place]) -> np.ndarray:
    """Distance to occupied ground: days × places."""
    outlines = outlined(places)
    found = []
    snapshots = list(history)
    years = pd.Series([item.published_at.year for item in snapshots])
    for _, days in years.groupby(years):
        for first in range(days.index[0], days.index[-1] + 1, PORTION):
            last = min(first + PORTION, days.index[-1] + 1)
            found.append(distances(snapshots[first:last], outlines))
    return np.concatenate([part["occupied_km"] for part in found])


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
