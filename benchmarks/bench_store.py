r"""The store: sizes, times, and a large job on Dask.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_store \
        [--places N --runs N --rounds N]

One line a figure.  The store is written into a temporary folder.
"""

import argparse
import datetime as dt
import pickle
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

import geofront as gf
from benchmarks.archive import archive_folders
from geofront._tasks import TASK
from geofront._words import counted
from geofront.places import Place

DAY = "2025-02-24"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=4000)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    warnings.simplefilter("ignore", gf.GeofrontWarning)
    with tempfile.TemporaryDirectory() as folder:
        store = gf.Store(Path(folder) / "store")
        fill(store)
        read(store)
        appended(store, Path(folder) / "copy")
        others(store)
        size = f"{options.places:,} places × every snapshot × every source"
        spread(size, partial(panel, store, options.places), options.rounds)
        size = f"{options.runs:,} displaced lines × 7 ends of months"
        spread(size, partial(displaced, store, options.runs), options.rounds)


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


def others(store: gf.Store) -> None:
    """Ingest what else the archive holds of the same days."""
    for source in ("occupied_daily", "owlmaps"):
        gf.ingest(archive_folders(source), store, source=source)


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
    # As in a task, whose snapshots share the names of their file and class.
    task = list(store.open())[-TASK:]
    one = len(pickle.dumps(task)) / len(task)
    say("a snapshot on its way to another process", f"{one:,.0f} bytes")


def appended(store: gf.Store, copy: Path) -> None:
    """Append a made-up day to a copy: the store stays as it was read."""
    shutil.copytree(store.path, copy)
    last = store.open()[-1]
    moment = last.published_at + dt.timedelta(days=1)
    with timed("append one day"):
        gf.Store(copy).append(
            [gf.Snapshot("deepstate", moment, last.occupied)]
        )


def geometry_of_a_day(store: gf.Store) -> None:
    touch(store.open(since=DAY, until=DAY).at(DAY))


def all_geometry(store: gf.Store) -> None:
    for snapshot in store.open():
        touch(snapshot)


def touch(snapshot: gf.Snapshot) -> Any:
    return snapshot.occupied, snapshot.grey_zone, snapshot.regained


# ---- the large jobs


def panel(store: gf.Store, places: int, executor: Executor | None) -> Any:
    """Distances and shares of many places, on every map of every source.

    The sources are asked for at once, so that workers have the next one to
    do while the rows of one are put together.
    """
    asked = panel_of(places)

    def of(source: str) -> pd.DataFrame:
        history = store.open(source)
        return gf.proximity(
            history, asked, every="snapshot", executor=executor
        )

    if executor is None:
        return [of(source) for source in store.sources]
    with ThreadPoolExecutor(len(store.sources)) as threads:
        return list(threads.map(of, store.sources))


def displaced(store: gf.Store, runs: int, executor: Executor | None) -> Any:
    """Areas and distances under a displaced line, at the end of months."""
    table = gf.sensitivity(
        store.open("deepstate", since="2024-10-01"),
        [gf.places.SIVERSK, gf.places.SLOVIANSK_KRAMATORSK],
        sigma_m=100,
        runs=runs,
        every="month",
        executor=executor,
    )
    return [table]


class Cost(NamedTuple):
    """What a job took, in seconds."""

    clock: float
    client_cpu: float
    workers_cpu: float


def spread(
    name: str, job: Callable[[Executor | None], Any], rounds: int
) -> None:
    """A job done here, and by one and two workers of Dask in turn."""
    begun, cpu = time.perf_counter(), time.process_time()
    here = job(None)
    clock = time.perf_counter() - begun
    say(
        f"{name}, here",
        f"{clock:,.1f} s, {time.process_time() - cpu:,.1f} s CPU",
    )
    costs: dict[int, list[Cost]] = {1: [], 2: []}
    # One after the other and again: what else the machine does meets both.
    for _ in range(rounds):
        for workers, taken in costs.items():
            there, cost = on_cluster(job, workers)
            for one, other in zip(there, here, strict=True):
                pd.testing.assert_frame_equal(one, other, check_exact=True)
            taken.append(cost)
    usual = {
        workers: Cost(*map(median, zip(*taken, strict=True)))
        for workers, taken in costs.items()
    }
    for workers, cost in usual.items():
        say(
            f"{name}, {counted(workers, 'Dask worker')}",
            f"{cost.clock:,.1f} s, CPU: client {cost.client_cpu:,.1f} s, "
            f"workers {cost.workers_cpu:,.1f} s, equal bit for bit",
        )
    say("two workers against one", f"{usual[1].clock / usual[2].clock:.2f} ×")


def on_cluster(
    job: Callable[[Executor | None], Any], workers: int
) -> tuple[Any, Cost]:
    """What a job gives on a cluster of its own, and what it took."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        # Workers that have imported geofront, as in a long job.
        client.run(gf.oblasts)
        before = sum(client.run(time.process_time).values())
        begun, cpu = time.perf_counter(), time.process_time()
        there = job(client.get_executor())
        clock = time.perf_counter() - begun
        # The scheduler is a thread of this process.
        own = time.process_time() - cpu
        after = sum(client.run(time.process_time).values())
        return there, Cost(clock, own, after - before)


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
