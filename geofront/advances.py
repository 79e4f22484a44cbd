"""How far the front line moved between two days, section by section."""

import itertools
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geofront._frames import CRS
from geofront._rows import Ints, Objects
from geofront.change import delta
from geofront.front import front_line
from geofront.geodesy import LocalFrame, area_km2, explode_polygons
from geofront.model import Snapshot
from geofront.records import attributes

__all__ = ["advances"]

# How finely the line is sampled to tell which section is nearest.
_SPACING_METRES = 250.0

# Ground that changed hands this near to the line moved it; what lies
# farther, a new pocket, did not.
_TOUCHING_METRES = 50.0


def advances(
    since: Snapshot, until: Snapshot, *, section_km: float = 20.0
) -> gpd.GeoDataFrame:
    """Displacement of the front line between two snapshots, by section.

    Parameters
    ----------
    since, until : Snapshot
    section_km : float
        The earlier front line is cut into sections of about this length.

    Returns
    -------
    geopandas.GeoDataFrame
        A row a section, along the line: ``section`` (number), ``longitude,
        latitude`` (its middle), ``length_km``, ``advanced_km2`` (held, now
        occupied or grey zone), ``receded_km2`` (the reverse), ``mean_km``
        (their difference by the length), ``largest_km`` (farthest from the
        earlier line; negative where it receded) and ``geometry``: the
        polygons, empty where nothing moved; in OGC:CRS84.

    Raises
    ------
    ValueError
        If ``section_km`` is not positive.

    Notes
    -----
    What changed goes to the nearest section.  Changes more than 50 m off the
    earlier line did not move it and are left out: see `delta` for these.

    Examples
    --------
    >>> import geofront as gf
    >>> history = gf.example_history()
    >>> moved = gf.advances(history.at("2025-02-17"), history.at("2025-02-28"))
    >>> bool((moved.advanced_km2 > moved.receded_km2).any())
    True
    """
    if not section_km > 0:
        raise ValueError(
            f"section_km={section_km!r}: expected kilometres, above 0"
        )
    line = front_line(since)
    if line.is_empty:
        return _frame([], [since, until])
    frame = LocalFrame(line.centroid.x, line.centroid.y)
    flat = frame.project(line)
    sections = _sections(flat, section_km * 1000.0)
    moved = _moved(since, until, frame, flat)
    cells = _cells(sections, shapely.union_all([flat, *moved.values()]))
    rows = [
        _row(number, section, cell, moved, flat, frame)
        for number, (section, cell) in enumerate(
            zip(sections, cells, strict=True)
        )
    ]
    return _frame(rows, [since, until])


def _frame(
    rows: list[dict[str, Any]], behind: list[Snapshot]
) -> gpd.GeoDataFrame:
    numbers = ["longitude", "latitude", "length_km", "advanced_km2"]
    numbers += ["receded_km2", "mean_km", "largest_km"]
    table = pd.DataFrame(rows, columns=["section", *numbers, "geometry"])
    kinds = {"section": "int64", **dict.fromkeys(numbers, "float64")}
    moved = gpd.GeoDataFrame(table.astype(kinds), crs=CRS)
    moved.attrs = attributes(behind)
    return moved


def _sections(line: BaseGeometry, metres: float) -> Objects:
    """Parts of a line, each of about a length."""
    found = []
    for part in shapely.get_parts(line):
        count = max(round(part.length / metres), 1)
        ends = np.linspace(0.0, part.length, count + 1)
        found += [
            substring(part, start, end)
            for start, end in itertools.pairwise(ends)
        ]
    return np.array([None, *found], object)[1:]


def _moved(
    since: Snapshot, until: Snapshot, frame: LocalFrame, line: BaseGeometry
) -> dict[str, BaseGeometry]:
    """Ground that the line moved over, in its plane."""
    changed = delta(since, until).to_geodataframe()
    found = {}
    for name, field in (("advanced", "from_state"), ("receded", "to_state")):
        polygons = changed.geometry[changed[field] == "held"].to_numpy()
        flat = np.array([None, *map(_whole(frame), polygons)], object)[1:]
        # What became occupied and what became grey zone moved it together.
        pieces = shapely.get_parts(shapely.union_all(flat))
        near = shapely.distance(pieces, line) <= _TOUCHING_METRES
        found[name] = shapely.union_all(pieces[near])
    return found


def _whole(frame: LocalFrame) -> Callable[[Polygon], BaseGeometry]:
    """Projects a polygon ring by ring, as a plane's `project` asks for."""

    def project(polygon: Polygon) -> BaseGeometry:
        shell, *holes = (
            shapely.get_coordinates(frame.project(ring))
            for ring in shapely.get_rings(polygon)
        )
        return shapely.make_valid(Polygon(shell, holes))

    return project


def _cells(sections: Objects, whole: BaseGeometry) -> Objects:
    """Ground to which each section is nearest."""
    fine = shapely.segmentize(sections, _SPACING_METRES)
    points, owner = shapely.get_coordinates(fine, return_index=True)
    points, first = np.unique(points, axis=0, return_index=True)
    sites = shapely.points(points)
    frame = shapely.box(*shapely.buffer(whole, 1000.0).bounds)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame)
    )
    site, cell = shapely.STRtree(cells).query(sites, predicate="intersects")
    return _joined(cells[cell], owner[first][site], len(sections))


def _joined(cells: Objects, owner: Ints, count: int) -> Objects:
    joined = [shapely.union_all(cells[owner == i]) for i in range(count)]
    return np.array([None, *joined], object)[1:]


def _row(
    number: int,
    section: LineString,
    cell: BaseGeometry,
    moved: dict[str, BaseGeometry],
    line: BaseGeometry,
    frame: LocalFrame,
) -> dict[str, Any]:
    own = {
        name: shapely.intersection(ground, cell)
        for name, ground in moved.items()
    }
    size = {
        name: area_km2(frame.unproject(ground)) for name, ground in own.items()
    }
    length = section.length / 1000.0
    reach = {name: _reach_km(ground, line) for name, ground in own.items()}
    middle = frame.unproject(
        shapely.line_interpolate_point(section, 0.5, normalized=True)
    ).centroid
    largest = max(reach["advanced"], reach["receded"])
    polygons, _ = explode_polygons(np.array(list(own.values()), object))
    return {
        "section": number,
        "longitude": middle.x,
        "latitude": middle.y,
        "length_km": length,
        "advanced_km2": size["advanced"],
        "receded_km2": size["receded"],
        "mean_km": (size["advanced"] - size["receded"]) / length,
        "largest_km": largest if largest == reach["advanced"] else -largest,
        "geometry": frame.unproject(MultiPolygon(list(polygons))),
    }


def _reach_km(ground: BaseGeometry, line: BaseGeometry) -> float:
    """How far ground reaches from a line."""
    corners = shapely.points(shapely.get_coordinates(ground))
    return float(shapely.distance(corners, line).max(initial=0.0)) / 1000.0
