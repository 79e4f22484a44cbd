"""Change between snapshots, at a cost that follows what changed.

From one day to the next, 98-99 % of the edges of a map stay as they are.  An
overlay of both days finds this out the hard way, by intersecting everything.
Here equal edges cancel first, and only what remains is overlaid:

1. **Residual** (``_edges``): the directed edges that the two days do not
   share.
2. **Windows** (``_arrangement``): disjoint boxes around it, with the edges
   of the day before that lie in them or due east.
3. **Faces** (``_arrangement``): each box cut along all of these, each face
   labelled with its winding numbers before and after.
4. **Certificate** (``_certificate``): integrals over the faces that must
   agree with integrals along the edges, else the answer is discarded.

The *winding number* of a state is, at a point, how many of its polygons
cover it.  A point is occupied where an occupied polygon covers it, else in
the grey zone where a grey-zone polygon does, else held.  Polygons may thus
overlap or share edges: no union is ever taken.

Many steps are solved at once: a row of an array belongs to a step, or to a
window of one, and says to which.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from geofront._arrangement import (
    Arrangement,
    Windows,
    arrange,
    find_windows,
    nearby_edges,
)
from geofront._certificate import certify
from geofront._edges import (
    Step,
    changed_polygons,
    directed_edges,
    read_drawings,
    residual_lines,
)
from geofront._overlay import GRID_DEG, last_resort
from geofront._rows import Flags, Floats, Ints, sum_by
from geofront._transitions import (
    GREY,
    HELD,
    OCCUPIED,
    Change,
    Faces,
    States,
    Way,
)
from geofront.geodesy import area_km2

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
    steps: Iterable[Step], *, polygons: bool = False
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

    Yields
    ------
    Change
        One for each step.
    """
    waiting = iter(steps)
    while batch := list(islice(waiting, _BATCH)):
        yield from _solve(batch, polygons)


def _solve(steps: Sequence[Step], polygons: bool) -> list[Change]:
    """Take, for each step, the fastest way that can be certified."""
    solved = _solve_by_residual(steps, polygons)
    failed = [i for i, found in enumerate(solved) if found is None]
    again = [steps[i] for i in failed]
    snapped = _solve_by_residual(again, polygons, GRID_DEG) if again else []
    for i, found in zip(failed, snapped, strict=True):
        solved[i] = found or last_resort(*steps[i], polygons=polygons)
    return [found for found in solved if found is not None]


def _solve_by_residual(
    steps: Sequence[Step], polygons: bool, grid_deg: float | None = None
) -> list[Change | None]:
    """Follow the module's four parts; ``None`` where they do not certify."""
    drawings = read_drawings(steps)
    edges = directed_edges(drawings.polygons, grid_deg)
    changed = changed_polygons(drawings)
    residual = residual_lines(edges, changed)
    windows, outlines = find_windows(residual)
    nearby = nearby_edges(edges, drawings, windows)
    arrangement = arrange(windows, nearby, outlines)
    certified = certify(
        len(steps), edges, changed, windows, nearby, outlines, arrangement
    )
    differing = set(residual.group.tolist())
    found = _sum_transitions(len(steps), windows, arrangement, polygons)
    return [
        Change(areas, _way(i in differing, grid_deg), faces)
        if certified[i]
        else None
        for i, (areas, faces) in enumerate(found)
    ]


def _way(differs: bool, grid_deg: float | None) -> Way:
    if grid_deg is not None:
        return "snapped"
    return "residual" if differs else "equal"


def _sum_transitions(
    steps: int, windows: Windows, arrangement: Arrangement, polygons: bool
) -> list[tuple[Floats, Faces | None]]:
    """Areas of the transitions of each step, and the faces if asked for."""
    origin = _label(arrangement.before)
    target = _label(arrangement.before + arrangement.gain)
    moved = np.flatnonzero(origin != target)
    step = windows.step[arrangement.window[moved]]
    faces = Faces(arrangement.faces[moved], origin[moved], target[moved])
    cell = (step * 3 + faces.origin) * 3 + faces.target
    areas = sum_by(cell, area_km2(faces.polygons), steps * 9)
    return [
        (of_step, _pick(faces, step == i) if polygons else None)
        for i, of_step in enumerate(areas.reshape(steps, 3, 3))
    ]


def _label(winding: Floats) -> Ints:
    """State of points: occupied wins over the grey zone."""
    occupied, grey = winding.T > 0
    return np.where(occupied, OCCUPIED, np.where(grey, GREY, HELD))


def _pick(faces: Faces, rows: Flags) -> Faces:
    return Faces._make(column[rows] for column in faces)
