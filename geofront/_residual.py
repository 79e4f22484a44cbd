"""Change between snapshots, at a cost that follows what changed.

From one day to the next, 98-99 % of the edges of a map stay as they are.  An
overlay of both days finds this out the hard way, by intersecting everything.
Here equal edges cancel first, and only what remains is looked at:

1. **Residual** (``_edges``): the directed edges that the two days do not
   share.
2. **Windows** (``_windows``): disjoint boxes around it, with the edges of
   the day before that lie in them or due west or east.
3. **Slabs** (``_slabs``): each window cut along the parallels at which lines
   end or cross, so that between two of them lines only follow each other
   from west to east, and winding numbers are counted from line to line.
4. **Trapezoids** (``_trapezoids``): what lies between two lines of a slab;
   where the state before and after differ, its area counts.
5. **Certificate** (``_certificate``): what the sweep adds up to must agree
   with what the rings enclose, else the answer is discarded.

The *winding number* of a state is, at a point, how many of its polygons
cover it.  A point is occupied where an occupied polygon covers it, else in
the grey zone where a grey-zone polygon does, else held.  Polygons may thus
overlap or share edges: no union is ever taken.

Many steps are solved at once: a row of an array belongs to a step, or to a
window of one, and says to which.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from geofront._certificate import account, certify
from geofront._edges import (
    Step,
    changed_polygons,
    directed_edges,
    read_drawings,
    residual_lines,
)
from geofront._overlay import GRID_DEG, last_resort
from geofront._rows import Floats, append, pick, sum_by
from geofront._slabs import sweep
from geofront._trace import ground_of_faces, traces
from geofront._transitions import Change, Faces, States, Trace, Way
from geofront._trapezoids import Trapezoids, draw, moved, stack
from geofront._windows import find_windows, nearby_edges

# Steps solved at once: enough to spread numpy's overhead, few enough to keep
# the arrays within a processor's cache.
_BATCH = 32


def change(before: States, after: States, *, polygons: bool = False) -> Change:
    """Area of every transition between two snapshots.

    Parameters
    ----------
    before, after : States
        Occupied and grey-zone polygons.  Each must be valid; order, ring
        direction and start do not matter, and polygons may overlap.
    polygons : bool
        Whether to return the changed polygons too.

    Returns
    -------
    Change
        Certified: see the module.
    """
    return _solve([(before, after)], polygons)[0]


def changes(
    steps: Iterable[Step], *, polygons: bool = False, traced: bool = False
) -> Iterator[Change]:
    """Change of each of many steps, in order.

    Parameters
    ----------
    steps : iterable of (States, States)
        Snapshots before and after.  Polygons that stay should be the same
        objects, within a step and from one step to the next: these are
        neither compared nor read twice.
    polygons : bool
        Whether to return the changed polygons too.
    traced : bool
        Whether to return what each step looks like too.

    Yields
    ------
    Change
        One for each step.
    """
    waiting = iter(steps)
    while batch := list(islice(waiting, _BATCH)):
        yield from _solve(batch, polygons, traced)


def _solve(
    steps: Sequence[Step], polygons: bool, traced: bool = False
) -> list[Change]:
    """Take, for each step, the fastest way that can be certified."""
    solved = _solve_by_residual(steps, polygons, traced)
    failed = [i for i, found in enumerate(solved) if found is None]
    if failed:
        again = [steps[i] for i in failed]
        snapped = _solve_by_residual(again, polygons, traced, GRID_DEG)
        for i, found in zip(failed, snapped, strict=True):
            solved[i] = found or _overlaid(steps[i], polygons, traced)
    return [found for found in solved if found is not None]


def _overlaid(step: Step, polygons: bool, traced: bool) -> Change:
    """Change of a step by full overlay; its trace from the polygons."""
    found = last_resort(*step, polygons=polygons or traced)
    if not traced:
        return found
    assert found.faces is not None
    drawings = read_drawings([step])
    edges = directed_edges(drawings.polygons, None)
    residual = residual_lines(edges, changed_polygons(drawings))
    (trace,) = traces(1, edges, drawings, residual)
    trace = trace._replace(ground=ground_of_faces(found.faces))
    return dataclasses.replace(
        found, faces=found.faces if polygons else None, trace=trace
    )


def _solve_by_residual(
    steps: Sequence[Step],
    polygons: bool,
    traced: bool,
    grid_deg: float | None = None,
) -> list[Change | None]:
    """Follow the module's five parts; ``None`` where nothing is certified."""
    drawings = read_drawings(steps)
    edges = directed_edges(drawings.polygons, grid_deg)
    changed = changed_polygons(drawings)
    residual = residual_lines(edges, changed)
    windows, outlines = find_windows(residual)
    nearby = nearby_edges(edges, drawings, windows)
    accounts, pieces = [], []
    for swept in sweep(windows, nearby, outlines):
        accounts.append(account(len(steps), windows, drawings, swept))
        pieces.append(moved(windows, swept))
    certified = certify(edges, changed, accounts)
    trapezoids = append(*pieces)
    areas = _sum_transitions(len(steps), trapezoids)
    faces: list[Faces | None] = [None] * len(steps)
    if polygons:
        faces = _faces(len(steps), trapezoids)
    seen: Sequence[Trace | None] = [None] * len(steps)
    if traced:
        seen = traces(len(steps), edges, drawings, residual, trapezoids)
    differing = set(residual.group.tolist())
    return [
        Change(areas[i], _way(i in differing, grid_deg), faces[i], seen[i])
        if certified[i]
        else None
        for i in range(len(steps))
    ]


def _way(differs: bool, grid_deg: float | None) -> Way:
    if grid_deg is not None:
        return "snapped"
    return "residual" if differs else "equal"


def _sum_transitions(steps: int, changing: Trapezoids) -> Floats:
    """Area of each transition of each step, shape (steps, 3, 3)."""
    cell = (changing.step * 3 + changing.origin) * 3 + changing.target
    return sum_by(cell, changing.area_km2, steps * 9).reshape(steps, 3, 3)


def _faces(steps: int, changing: Trapezoids) -> list[Faces | None]:
    """Changed polygons of each step."""
    stacked = stack(changing)
    return [draw(pick(stacked, stacked.step == i)) for i in range(steps)]
