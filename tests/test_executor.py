"""Work spread over workers gives the same bits as work done here."""

import datetime as dt
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import (
    Executor,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from multiprocessing import get_context
from pathlib import Path

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
    "status": lambda history, executor: gf.place_status(
        history, NEARBY, every="snapshot", executor=executor
    ),
    "events": lambda history, executor: gf.place_events(
        history, NEARBY, executor=executor
    ),
    "settlements": lambda history, executor: gf.settlements_changed(
        history,
        since=history.span[0],
        until=history.span[1],
        places=NEARBY,
        executor=executor,
    ),
    "claims": lambda history, executor: gf.assess_claims(
        CLAIMS, history, among=NEARBY, executor=executor
    ),
}


def wobbling(count: int) -> Iterator[gf.Snapshot]:
    """Days around a new year, each with another ragged front line."""
    begun = dt.datetime(2024, 12, 20, 20, tzinfo=dt.UTC)
    for day in range(count):
        east = [
            (38.0 + (row * 7 + day * 3) % 11 / 97, 48 + row / 20)
            for row in range(41)
        ]
        occupied = shapely.Polygon([(37, 48), *east, (37, 50)])
        grey = shapely.difference(shapely.buffer(occupied, 0.03), occupied)
        yield gf.Snapshot("test", begun + dt.timedelta(day), occupied, grey)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> str:
    store = gf.Store(tmp_path_factory.mktemp("executor") / "store")
    store.append(wobbling(28))
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


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_dask(stored: str, serial: Tables, workers: int) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="takes geofront[dask]"
    )
    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert_same(stored, serial, client.get_executor())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_with_a_worker_killed_on_the_way(
    stored: str,
    serial: Tables,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="takes geofront[dask]"
    )
    # Short tasks, so that some are done and some are not.
    monkeypatch.setattr(_tasks, "TASK", 6)
    serial = {
        name: job(gf.open_history(stored), None) for name, job in JOBS.items()
    }
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        for name, job in JOBS.items():
            pids = client.run(os.getpid)
            victim = next(iter(pids.values()))
            timer = threading.Timer(0.2, os.kill, (victim, signal.SIGKILL))
            timer.start()
            found = job(gf.open_history(stored), client.get_executor())
            timer.join()
            pd.testing.assert_frame_equal(
                found, serial[name], check_exact=True, obj=name
            )
            client.wait_for_workers(2)
            time.sleep(0.5)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_command_line_on_a_cluster(stored: str, tmp_path: Path) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="takes geofront[dask]"
    )
    from click.testing import CliRunner

    from geofront.cli import main

    here = CliRunner().invoke(main, ["deltas", stored, "--format", "csv"])
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        there = CliRunner().invoke(
            main,
            [
                *("deltas", stored, "--format", "csv"),
                *("--scheduler", cluster.scheduler_address),
            ],
        )
    assert there.exit_code == here.exit_code == 0
    assert there.stdout == here.stdout
