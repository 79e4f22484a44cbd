"""What lies beneath: land, borders, rivers and towns of the own geography."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geofront._edges import directed_edges
from geofront._rows import Objects, offsets
from geofront.geography import oblasts, rivers, settlements
from geofront.maps.arcs import RUN, Arcs

__all__ = ["GROUND_GRID_DEG", "ground", "towns"]

GROUND_GRID_DEG = 1e-4
"""About ten metres; borders between oblasts are a kilometre off anyway."""

_TOLERANCE_DEG = 0.005
_LEAST_POPULATION = 5000


@cache
def ground() -> Arcs:
    """Lines of the background: outlines of land, oblast borders, rivers.

    Returns
    -------
    Arcs
        State 0 stands for outlines, 1 for borders between oblasts, 2 for
        rivers; vertices are in units of `GROUND_GRID_DEG`.
    """
    regions = shapely.coverage_simplify(
        oblasts().geometry.to_numpy(), _TOLERANCE_DEG
    )
    outlines, borders = _outlines_and_borders(regions)
    streams = shapely.get_parts(shapely.simplify(rivers(), _TOLERANCE_DEG))
    kinds = [outlines, borders, streams]
    lines = np.concatenate(kinds)
    kind = np.repeat(np.arange(3), [len(part) for part in kinds])
    points, line = shapely.get_coordinates(lines, return_index=True)
    return Arcs(
        [np.array([(row, 1, 0, 1)], RUN).tobytes() for row in range(3)],
        kind,
        np.rint(points / GROUND_GRID_DEG).astype(np.int64),
        offsets(np.bincount(line, minlength=len(lines))),
        np.zeros(len(lines), bool),
    )


def _outlines_and_borders(regions: Objects) -> tuple[Objects, Objects]:
    """Lines that one region has, and those that two of them share."""
    parts = shapely.get_parts(regions)
    edges = directed_edges(parts, None)
    # The lesser end first, so that both regions spell an edge alike.
    ends = np.stack([edges.start, edges.end], axis=1)
    x, y = (edges.start - edges.end).T
    turned = (x > 0) | ((x == 0) & (y > 0))
    ends[turned] = ends[turned, ::-1]
    distinct, count = np.unique(ends, axis=0, return_counts=True)
    return _joined(distinct[count == 1]), _joined(distinct[count > 1])


def _joined(edges: Any) -> Objects:
    """Edges as lines, as long as they go."""
    lines = shapely.multilinestrings(shapely.linestrings(edges))
    return np.asarray(shapely.get_parts(shapely.line_merge(lines)))


@cache
def towns(lang: str) -> list[list[Any]]:
    """Towns to be named, the largest first.

    Parameters
    ----------
    lang : {'en', 'uk'}

    Returns
    -------
    list of [name, longitude, latitude, population]
        Degrees; populations are from before the war.
    """
    known = settlements().dropna(subset=["longitude", "population_reference"])
    known = known[known["population_reference"] >= _LEAST_POPULATION]
    ordered = known.sort_values("population_reference", ascending=False)
    return _rows(ordered, "name_uk" if lang == "uk" else "place")


def _rows(known: pd.DataFrame, name: str) -> list[list[Any]]:
    columns = [
        known[name].tolist(),
        known["longitude"].round(3).tolist(),
        known["latitude"].round(3).tolist(),
        [int(count) for count in known["population_reference"]],
    ]
    return [list(row) for row in zip(*columns, strict=True)]
