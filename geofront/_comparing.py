"""Two snapshots as the engine compares them, and how each step looks."""

import itertools
import weakref
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

from geofront._residual import changes
from geofront._tasks import spread
from geofront._transitions import Change, States, Trace
from geofront.history import History
from geofront.model import Snapshot
from geofront.topology import clip, empty_polygons

__all__ = ["Ends", "comparable", "compare", "keep_traces"]
__all__ += ["kept", "layers_of", "trace_of", "traces_of"]

Ends = tuple[Snapshot, Snapshot]
"""Maps at the ends of a step."""


def comparable(since: Snapshot, until: Snapshot) -> tuple[States, States]:
    """Polygons of both, within what both of them cover and draw."""
    with_grey = since.draws_grey_zone and until.draws_grey_zone
    states = [layers_of(item) for item in (since, until)]
    if not with_grey:
        nothing = empty_polygons()
        states = [(occupied, nothing) for occupied, _ in states]
    if since.coverage != until.coverage:
        for other, index in ((until, 0), (since, 1)):
            if other.coverage is not None:
                occupied, grey = states[index]
                states[index] = (
                    clip(occupied, other.coverage)[0],
                    clip(grey, other.coverage)[0],
                )
    return states[0], states[1]


def layers_of(snapshot: Snapshot) -> States:
    """Polygons of a map as the engine takes them."""
    occupied, grey = (
        snapshot.drawn(state) for state in ("occupied", "grey_zone")
    )
    nothing = empty_polygons()
    return (
        nothing if occupied is None else occupied,
        nothing if grey is None else grey,
    )


def compare(pairs: list[Ends], *, polygons: bool = False) -> list[Change]:
    """Change of each pair of snapshots, with its trace."""
    steps = (comparable(before, after) for before, after in pairs)
    return list(changes(steps, polygons=polygons, traced=True))


def _traces(pairs: list[Ends]) -> list[Trace]:
    """Trace of each pair: what one task computes."""
    return list(map(trace_of, compare(pairs)))


def trace_of(change: Change) -> Trace:
    """Trace of a change that `compare` found."""
    assert change.trace is not None
    return change.trace


# By the identity of a history.
_kept: dict[int, dict[str, dict[int, Any]]] = {}


def kept(history: History, what: str) -> dict[int, Any]:
    """Something found of each step of a history, by its later snapshot.

    It may be added to: a history never changes, and when it goes, it takes
    along what was found.
    """
    key = id(history)
    if key not in _kept:
        _kept[key] = {}
        weakref.finalize(history, _kept.pop, key, None)
    return _kept[key].setdefault(what, {})


def keep_traces(
    history: History, pairs: Sequence[Ends], traces: Sequence[Trace]
) -> None:
    """Remember how steps look that were compared for another reason."""
    place = {id(snapshot): index for index, snapshot in enumerate(history)}
    known = kept(history, "traces")
    for (before, after), trace in zip(pairs, traces, strict=True):
        index = place.get(id(after))
        if index and place.get(id(before)) == index - 1:
            known[index] = trace


def traces_of(
    history: History, indices: Sequence[int], executor: Executor | None
) -> list[Trace]:
    """How the step that ends with each snapshot looks; each measured once."""
    known = kept(history, "traces")
    missing = [index for index in indices if index not in known]
    if missing:
        pairs = list(itertools.pairwise(history))
        found = spread(
            _traces,
            [pairs[index - 1] for index in missing],
            lambda pair: pair[1],
            executor=executor,
            desc="comparing",
            unit="step",
        )
        known.update(zip(missing, found, strict=True))
    return [known[index] for index in indices]
