"""Work on a history cut into tasks, done here or by an executor's workers.

A task is some steps of one source and year, which is one file of a store.
Snapshots of a store travel as that file's name; a task reads nothing else
but the snapshot before its first step, writes nothing, and may be run twice.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from geofront.cadence import Look
from geofront.model import Snapshot

__all__ = ["spread", "spread_looks"]

TASK = 32
"""Steps of a task at most, so that the files of one year keep several
workers busy."""

T = TypeVar("T")
R = TypeVar("R")


def spread(
    measure: Callable[[list[T]], list[R]],
    steps: Sequence[T],
    snapshot_of: Callable[[T], Snapshot],
    *,
    executor: Executor | None,
    desc: str,
    unit: str,
    portion: int | None = None,
) -> list[R]:
    """Measure every step, in order.

    Parameters
    ----------
    measure : callable
        From steps to one result each; it and its results can be pickled.
    steps : sequence
        In time order.
    snapshot_of : callable
        From a step to the snapshot whose file it belongs to.
    executor : concurrent.futures.Executor, optional
        None works here, in the same portions, so that the results are the
        same to the last bit.
    desc, unit : str
        For the progress bar.
    portion : int, optional
        Steps of a task at most; by default `TASK`.  For work that goes the
        faster, the more steps are done together.
    """
    tasks = list(_tasks(steps, snapshot_of, portion))
    measured: list[R] = []
    # disable=None: a bar in a terminal only.
    with tqdm(
        total=len(steps), desc=desc, unit=unit, disable=None
    ) as progress:
        for results in _done(measure, tasks, executor):
            measured += results
            progress.update(len(results))
    return measured


def spread_looks(
    measure: Callable[[list[Snapshot]], list[R]],
    seen: Sequence[Look],
    *,
    executor: Executor | None,
    portion: int | None = None,
) -> list[R]:
    """Measure what each look shows, a snapshot that is carried once."""
    ordered = sorted(seen, key=lambda look: look.snapshot.published_at)
    distinct = {look.snapshot.id: look.snapshot for look in ordered}
    results = spread(
        measure,
        list(distinct.values()),
        lambda snapshot: snapshot,
        executor=executor,
        desc="measuring",
        unit="snapshot",
        portion=portion,
    )
    by_id = dict(zip(distinct, results, strict=True))
    return [by_id[look.snapshot.id] for look in seen]


def _tasks(
    steps: Sequence[T],
    snapshot_of: Callable[[T], Snapshot],
    portion: int | None = None,
) -> Iterator[list[T]]:
    """Steps of one year each, no more than a task takes.

    Those of a year are alike in size, so that no worker waits for another
    at the end.
    """

    def year(step: T) -> int:
        return snapshot_of(step).published_at.year

    for _, group in itertools.groupby(steps, year):
        members = list(group)
        count = -(-len(members) // (portion or TASK))
        for part in np.array_split(np.arange(len(members)), count):
            yield [members[i] for i in part]


def _done(
    measure: Callable[[list[T]], list[R]],
    tasks: list[list[T]],
    executor: Executor | None,
) -> Iterator[list[R]]:
    if executor is None:
        yield from map(measure, tasks)
        return
    futures = [executor.submit(measure, task) for task in tasks]
    try:
        for future in futures:
            yield future.result()
    finally:
        # After a failure, or when the user has had enough.
        for future in futures:
            future.cancel()
