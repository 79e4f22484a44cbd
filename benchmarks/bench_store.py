"""The store: sizes, times, and a large job on Dask.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_store [--places N --days N]

One line a figure.  The store is written into a temporary folder.
"""

import argparse
import datetime as dt
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

import geofront as gf
from benchmarks.archive import archive_folders
from geofront.places import Place

DAY = "2025-02-24"
PANEL = 4000
"""Places of the whole panel."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=16)
    parser.add_argument("--days", type=int, default=128)
    options = parser.parse_args()
    warnings.simplefilter("ignore", gf.GeofrontWarning)
    with tempfile.TemporaryDirectory() as folder:
        store = gf.Store(Path(folder) / "store")
        fill(store)
        read(store)
        spread(store, options.places, options.days)


def fill(store: gf.Store) -> None:
    """Ingest the archive, and again."""
    folders = archive_folders()
    with timed("ingest"):
        done = gf.ingest(folders, store, source="deepstate")
    with timed("ingest again, nothing new"):
        gf.ingest(folders, store, source="deepstate")
    files = [item for path in folders for item in path.iterdir()]
    raw = sum(item.stat().st_size for item in files)
    say("snapshots", f"{len(done.appended.added)}")
    say("files as published", f"{raw / 1e6:,.1f} MB")
    say("store", f"{store.size_bytes / 1e6:,.2f} MB")


def read(store: gf.Store) -> None:
    """Open one day, and everything."""
    say("one day opened", of_five(lambda: geometry_of_a_day(store)))
    say("all opened, no geometry", of_five(store.open))
    say("everything opened", of_five(lambda: all_geometry(store)))
    with timed("areas of every day"):
        gf.areas(store.open())
    with timed("deltas of every step"):
        gf.deltas(store.open(), every="snapshot")
    with timed("verify"):
        store.verify()
    with timed("append one day"):
        last = store.open()[-1]
        moment = last.published_at + dt.timedelta(days=1)
        store.append([gf.Snapshot("deepstate", moment, last.occupied)])


def geometry_of_a_day(store: gf.Store) -> None:
    touch(store.open(since=DAY, until=DAY).at(DAY))


def all_geometry(store: gf.Store) -> None:
    for snapshot in store.open():
        touch(snapshot)


def touch(snapshot: gf.Snapshot) -> Any:
    return snapshot.occupied, snapshot.grey_zone, snapshot.regained


# ---- the large job


def spread(store: gf.Store, places: int, days: int) -> None:
    """Distance and shares of many places on days spread over the archive.

    The whole panel is 4,000 places on every day.  A part of the places and
    days tells how it spreads over workers, and about how long all of it
    takes: at most, since the work of a day is shared by its places.
    """
    from distributed import Client, LocalCluster

    history = store.open()
    step = max(len(history) // days, 1)
    part = gf.History(history[::step][:days])
    panel = panel_of(places)
    found: dict[int, pd.DataFrame] = {}
    seconds: dict[int, float] = {}
    for workers in (0, 1, 2):
        if not workers:
            begun = time.perf_counter()
            found[0] = gf.proximity(part, panel, every="snapshot")
            seconds[0] = time.perf_counter() - begun
            continue
        with (
            LocalCluster(
                workers, threads_per_worker=1, dashboard_address=None
            ) as cluster,
            Client(cluster) as client,
        ):
            # Workers that have imported geofront, as in a long job.
            client.run(touch, part[0])
            begun = time.perf_counter()
            found[workers] = gf.proximity(
                part, panel, every="snapshot", executor=client.get_executor()
            )
            seconds[workers] = time.perf_counter() - begun
        pd.testing.assert_frame_equal(
            found[workers], found[0], check_exact=True
        )
    size = f"{len(panel):,} places × {len(part)} of {len(history)} days"
    say(f"{size}, serial", f"{seconds[0]:,.1f} s")
    for workers in (1, 2):
        say(
            f"{size}, {workers} Dask workers",
            f"{seconds[workers]:,.1f} s, equal bit for bit",
        )
    say("two workers against one", f"{seconds[1] / seconds[2]:.2f} ×")
    share = len(panel) * len(part) / (PANEL * len(history))
    hours = seconds[1] / share / 3600
    say(
        f"{PANEL:,} places × all days, one worker, from that",
        f"{hours:,.1f} h",
    )


def panel_of(count: int) -> list[Place]:
    """Places of 3 km² on a grid over the east and south."""
    columns = int(np.ceil(np.sqrt(count * 1.6)))
    rows = int(np.ceil(count / columns))
    grid = [
        (float(longitude), float(latitude))
        for latitude in np.linspace(46.3, 50.2, rows)
        for longitude in np.linspace(32.5, 39.0, columns)
    ]
    return [
        Place(
            f"grid {number}",
            f"grid-{number}",
            longitude,
            latitude,
            published_area_km2=3.0,
        )
        for number, (longitude, latitude) in enumerate(grid[:count])
    ]


# ---- telling


def of_five(action: Callable[[], Any]) -> str:
    """Median of five runs, and the slowest."""
    seconds = []
    for _ in range(5):
        begun = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begun)
    usual, most = median(seconds) * 1e3, max(seconds) * 1e3
    return f"{usual:,.0f} ms (at most {most:,.0f})"


@contextmanager
def timed(label: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    say(label, f"{time.perf_counter() - begun:,.2f} s")


def say(label: str, figure: str) -> None:
    sys.stdout.write(f"{label:44} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
