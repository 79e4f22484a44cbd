"""Work spread over workers gives the same bits as work done here."""

import datetime as dt
import inspect
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import (
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely

import geofront as gf
from geofront import _tasks

TAKES = "takes pip install 'geofront[dask]'"
PLACES = [gf.places.SIVERSK, gf.places.SLOVIANSK_KRAMATORSK]
NEARBY = [
    gf.Place(f"{x}-{y}", f"{x}-{y}", x / 100, y / 10, published_area_km2=5.0)
    for x in range(3798, 3816, 4)
    for y in range(481, 500, 2)
]
CLAIMS = pd.DataFrame(
    {
        "date": "2025-01-03",
        "place": [place.name for place in NEARBY],
        "state": "occupied",
        "claimant": "somebody",
        "url": None,
    }
)

Tables = dict[str, pd.DataFrame]
Job = Callable[[gf.History, Executor | None], pd.DataFrame]
JOBS: dict[str, Job] = {
    "areas": lambda history, executor: gf.areas(
        history, every="snapshot", executor=executor
    ),
    "deltas": lambda history, executor: gf.deltas(
        history, every="snapshot", executor=executor
    ),
    "areas by region": lambda history, executor: gf.areas(
        history, every="snapshot", by=gf.oblasts(), executor=executor
    ),
    "deltas by region": lambda history, executor: gf.deltas(
        history, every="snapshot", by=gf.oblasts(), executor=executor
    ),
    "proximity": lambda history, executor: gf.proximity(
        history, PLACES, every="snapshot", executor=executor
    ),
    "sectors": lambda history, executor: gf.sectors(
        history, PLACES[0], every="snapshot", executor=executor
    ),
    "sensitivity": lambda history, executor: gf.sensitivity(
        history,
        PLACES,
        sigma_m=100,
        runs=60,
        every="week",
        executor=executor,
    ),
    "place_status": lambda history, executor: gf.place_status(
        history, NEARBY, every="snapshot", executor=executor
    ),
    "place_events": lambda history, executor: gf.place_events(
        history, NEARBY, executor=executor
    ),
    "settlements_changed": lambda history, executor: gf.settlements_changed(
        history,
        since=history.span[0],
        until=history.span[1],
        places=NEARBY,
        executor=executor,
    ),
    "assess_claims": lambda history, executor: gf.assess_claims(
        CLAIMS, history, among=NEARBY, executor=executor
    ),
    "quality": lambda history, executor: gf.quality(
        history, executor=executor
    ),
    "agreement": lambda history, executor: gf.agreement(
        history, moved(history), executor=executor
    ),
}
"""Calls by the name of the function, and what tells several apart."""


MISSING = {20, 21}
SHORT = 24


def moved(history: gf.History) -> gf.History:
    """The same maps, drawn farther east by another source."""
    return gf.History(
        gf.Snapshot(
            "other",
            item.published_at,
            shapely.transform(item.occupied, lambda points: points + _EAST),
        )
        for item in history
    )


_EAST = (0.02, 0.0)
SOUTH = shapely.box(37, 48, 39, 48.2)


def wobbling(count: int) -> Iterator[gf.Snapshot]:
    """Days around a new year, each with another ragged front line.

    Two days are missing, and on one the map is shorter by a part.
    """
    begun = dt.datetime(2024, 12, 20, 20, tzinfo=dt.UTC)
    for day in sorted(set(range(count)) - MISSING):
        east = [
            (38.0 + (row * 7 + day * 3) % 11 / 97, 48 + row / 20)
            for row in range(41)
        ]
        occupied = shapely.Polygon([(37, 48), *east, (37, 50)])
        if day == SHORT:
            occupied = shapely.intersection(occupied, SOUTH)
        grey = shapely.difference(shapely.buffer(occupied, 0.03), occupied)
        yield gf.Snapshot("test", begun + dt.timedelta(day), occupied, grey)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> str:
    store = gf.Store(tmp_path_factory.mktemp("executor") / "store")
    store.append(wobbling(30))
    return store.path


@pytest.fixture(scope="module")
def serial(stored: str) -> Tables:
    history = gf.open_history(stored)
    return {name: job(history, None) for name, job in JOBS.items()}


def assert_same(stored: str, serial: Tables, executor: Executor) -> None:
    for name, job in JOBS.items():
        found = job(gf.open_history(stored), executor)
        pd.testing.assert_frame_equal(
            found, serial[name], check_exact=True, obj=name
        )


@pytest.mark.parametrize("workers", [3])
def test_threads(stored: str, serial: Tables, workers: int) -> None:
    with ThreadPoolExecutor(workers) as executor:
        assert_same(stored, serial, executor)


def test_processes(stored: str, serial: Tables) -> None:
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        assert_same(stored, serial, executor)


def test_history_that_is_in_no_store(example: gf.History) -> None:
    with ThreadPoolExecutor(2) as executor:
        for job in JOBS.values():
            pd.testing.assert_frame_equal(
                job(example, executor), job(example, None), check_exact=True
            )


def test_a_task_is_of_one_file_and_no_more_than_a_portion(
    stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tasks, "TASK", 8)
    history = gf.open_history(stored)
    tasks = list(_tasks._tasks(history, lambda item: item))
    assert [len(task) for task in tasks] == [6, 6, 8, 8]
    assert [item for task in tasks for item in task] == list(history)


def test_every_function_that_takes_an_executor_is_tried() -> None:
    taking = {
        name
        for name in gf.__all__
        if inspect.isfunction(getattr(gf, name))
        and "executor" in inspect.signature(getattr(gf, name)).parameters
    }
    assert {name.split()[0] for name in JOBS} == taking


def test_every_table_has_rows(serial: Tables) -> None:
    assert all(len(rows) for rows in serial.values())
    assert {"carried", "gap", "method_break"} <= set(serial["quality"].kind)


def test_a_failing_task_fails_the_call(stored: str) -> None:
    def measure(_: list[gf.Snapshot]) -> list[int]:
        raise gf.StoreError("gone")

    with (
        ThreadPoolExecutor(1) as executor,
        pytest.raises(gf.StoreError, match="gone"),
    ):
        _tasks.spread(
            measure,
            gf.open_history(stored),
            lambda item: item,
            executor=executor,
            desc="",
            unit="",
        )


# ---- Dask


@contextmanager
def dask(workers: int) -> Iterator[Any]:
    """Client of a cluster on this machine, a process a worker."""
    distributed = pytest.importorskip(
        "distributed", reason="takes geofront[dask]"
    )
    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.mark.filterwarnings("ignore")
def test_dask_once(
    stored: str, serial: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    # More tasks than workers.
    monkeypatch.setattr(_tasks, "TASK", 6)
    with dask(2) as client:
        found = JOBS["deltas"](gf.open_history(stored), client.get_executor())
        done = client.run(lambda dask_worker: dask_worker.state.executed_count)
    pd.testing.assert_frame_equal(found, serial["deltas"], check_exact=True)
    assert len(done) == 2
    assert sum(done.values()) >= 5


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_dask(stored: str, serial: Tables, workers: int) -> None:
    with dask(workers) as client:
        assert_same(stored, serial, client.get_executor())


class KillingExecutor(Executor):
    """Hands tasks on, and kills a worker when the first one is done."""

    def __init__(self, executor: Executor, victim: int) -> None:
        self._executor = executor
        self._victim = victim
        self._futures: list[Future[Any]] = []
        self._lock = threading.Lock()
        self.left = -1

    def submit(self, *arguments: Any, **options: Any) -> Future[Any]:
        future = self._executor.submit(*arguments, **options)
        self._futures.append(future)
        future.add_done_callback(self._kill_once)
        return future

    def _kill_once(self, _: Future[Any]) -> None:
        with self._lock:
            if self.left < 0:
                self.left = sum(not future.done() for future in self._futures)
                os.kill(self._victim, signal.SIGKILL)

    def disarm(self) -> int:
        """Tasks that were not done when the worker was killed.

        Dask forgets to call back for tasks of a job that is over, so that
        nobody may have been killed, and nobody shall be any more.
        """
        with self._lock:
            self.left = max(self.left, 0)
            return self.left


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_with_a_worker_killed_on_the_way(
    stored: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Short tasks, so that some are done and some are not.
    monkeypatch.setattr(_tasks, "TASK", 3)
    serial = {
        name: job(gf.open_history(stored), None) for name, job in JOBS.items()
    }
    for name, job in JOBS.items():
        # A short job may be done before it is heard that a task is.
        for _ in range(10):
            with dask(2) as client:
                victim = next(iter(client.run(os.getpid).values()))
                executor = KillingExecutor(client.get_executor(), victim)
                found = job(gf.open_history(stored), executor)
                left = executor.disarm()
            pd.testing.assert_frame_equal(
                found, serial[name], check_exact=True, obj=name
            )
            if left:
                break
        assert left, f"{name} was done before"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_command_line_on_a_cluster(stored: str, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from geofront.cli import main

    claims = tmp_path / "claims.csv"
    CLAIMS.to_csv(claims, index=False)
    places = tmp_path / "places.csv"
    pd.DataFrame(
        [
            {"name": p.name, "lon": p.longitude, "lat": p.latitude}
            for p in NEARBY
        ]
    ).to_csv(places, index=False)
    span = ("--since", "2024-12-21", "--until", "2025-01-10")
    own = ("--places", str(places))
    with dask(1) as client:
        address = client.scheduler.address
        for call in (
            ("deltas", stored),
            ("quality", stored),
            ("settlements", stored, *span, *own),
            ("claims", stored, str(claims), *own),
        ):
            call = (*call, "--format", "csv")
            here = CliRunner().invoke(main, call)
            there = CliRunner().invoke(main, [*call, "--scheduler", address])
            assert there.exit_code == here.exit_code == 0, there.output
            assert there.stdout == here.stdout
            assert len(here.stdout.splitlines()) > 1
