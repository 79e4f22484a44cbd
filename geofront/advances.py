"""How far the front line moved between two days, section by section."""

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geofront._expected import need_snapshots
from geofront._frames import CRS
from geofront._given import as_kilometres
from geofront._record_tables import attributes, typed
from geofront._rows import Floats, Ints, Objects
from geofront._threads import prepared
from geofront.change import delta
from geofront.front import front_line
from geofront.geodesy import LocalFrame, area_km2, explode_polygons
from geofront.model import Snapshot
from geofront.records import ADVANCES

__all__ = ["advances"]

# How finely the line is sampled to tell which section is nearest.
_SPACING_METRES = 250.0

# How far off `largest_km` may be.
_REACH_METRES = 1.0

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
        polygons, empty where nothing moved; in OGC:CRS84.  ``attrs`` name
        both snapshots and the km² that are left out.

    Raises
    ------
    ValueError
        If ``section_km`` is not positive.

    Notes
    -----
    What changed goes to the nearest section.  Changes more than 50 m off the
    earlier line did not move it and are left out: see `delta` for these, and
    ``left_out_advanced_km2`` and ``left_out_receded_km2`` in ``attrs``.

    Where a section bends or collapses, it can sweep more ground than its
    length times the largest displacement: the mean is then the largest.

    The largest is that of the rim of the ground, to 1 m; amid ground that a
    line surrounds it rests on points of the line that are 250 m apart.

    Examples
    --------
    >>> import geofront as gf
    >>> history = gf.example_history()
    >>> moved = gf.advances(history.at("2025-02-17"), history.at("2025-02-28"))
    >>> bool((moved.advanced_km2 > moved.receded_km2).any())
    True
    """
    section_km = as_kilometres("section_km", section_km)
    need_snapshots(since, until)
    line = front_line(since)
    if line.is_empty:
        return _frame([], [since, until], {})
    frame = LocalFrame(line.centroid.x, line.centroid.y)
    flat = frame.project(line)
    sections = _sections(flat, section_km * 1000.0)
    moved, left_out = _moved(since, until, frame, flat)
    cells, corners = _cells(
        sections, shapely.union_all([flat, *moved.values()])
    )
    earlier = _line(flat, corners)
    rows = [
        _row(number, section, cell, moved, earlier, frame)
        for number, (section, cell) in enumerate(
            zip(sections, cells, strict=True)
        )
    ]
    return _frame(rows, [since, until], left_out)


def _frame(
    rows: list[dict[str, Any]],
    behind: list[Snapshot],
    left_out: dict[str, float],
) -> gpd.GeoDataFrame:
    polygons = [row["geometry"] for row in rows]
    moved = gpd.GeoDataFrame(typed(rows, ADVANCES), geometry=polygons, crs=CRS)
    moved.attrs = attributes(behind)
    for name in ("advanced", "receded"):
        moved.attrs[f"left_out_{name}_km2"] = left_out.get(name, 0.0)
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
) -> tuple[dict[str, BaseGeometry], dict[str, float]]:
    """Ground that the line moved over, in its plane; and km² off the line."""
    changed = delta(since, until).to_geodataframe()
    found, left_out = {}, {}
    for name, field in (("advanced", "from_state"), ("receded", "to_state")):
        polygons = changed.geometry[changed[field] == "held"].to_numpy()
        flat = np.array([None, *map(_whole(frame), polygons)], object)[1:]
        # What became occupied and what became grey zone moved it together.
        pieces = shapely.get_parts(shapely.union_all(flat))
        near = shapely.distance(pieces, line) <= _TOUCHING_METRES
        found[name] = shapely.union_all(pieces[near])
        off = frame.unproject(shapely.union_all(pieces[~near]))
        left_out[name] = area_km2(off)
    return found, left_out


def _whole(frame: LocalFrame) -> Callable[[Polygon], BaseGeometry]:
    """Projects a polygon ring by ring, as a plane's `project` asks for."""

    def project(polygon: Polygon) -> BaseGeometry:
        shell, *holes = (
            shapely.get_coordinates(frame.project(ring))
            for ring in shapely.get_rings(polygon)
        )
        return shapely.make_valid(Polygon(shell, holes))

    return project


class _Line(NamedTuple):
    """The earlier line, and where ground amid it can be farthest off."""

    edges: shapely.STRtree
    corners: Floats

    def metres(self, points: Floats) -> Floats:
        """How far off points are."""
        _, apart = self.edges.query_nearest(
            shapely.points(points), all_matches=False, return_distance=True
        )
        return np.asarray(apart)


def _line(flat: BaseGeometry, corners: Floats) -> _Line:
    parts = shapely.get_parts(flat)
    ends, owner = shapely.get_coordinates(parts, return_index=True)
    return _Line(shapely.STRtree(_edges(ends, owner)), corners)


def _edges(points: Floats, owner: Ints) -> Objects:
    """Lines from each point to the next of its owner."""
    is_edge = owner[1:] == owner[:-1]
    pairs = np.stack([points[:-1], points[1:]], axis=1)[is_edge]
    return np.asarray(shapely.linestrings(pairs), object)


def _cells(sections: Objects, whole: BaseGeometry) -> tuple[Objects, Floats]:
    """Ground to which each section is nearest; corners between its points."""
    fine = shapely.segmentize(sections, _SPACING_METRES)
    points, owner = shapely.get_coordinates(fine, return_index=True)
    points, first = np.unique(points, axis=0, return_index=True)
    sites = shapely.points(points)
    frame = shapely.box(*shapely.buffer(whole, 1000.0).bounds)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame)
    )
    site, cell = shapely.STRtree(cells).query(sites, predicate="intersects")
    joined = _joined(cells[cell], owner[first][site], len(sections))
    return joined, np.unique(shapely.get_coordinates(cells), axis=0)


def _joined(cells: Objects, owner: Ints, count: int) -> Objects:
    joined = [shapely.union_all(cells[owner == i]) for i in range(count)]
    return np.array([None, *joined], object)[1:]


def _row(
    number: int,
    section: LineString,
    cell: BaseGeometry,
    moved: dict[str, BaseGeometry],
    earlier: _Line,
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
    reach = {name: _reach_km(ground, earlier) for name, ground in own.items()}
    mean = (size["advanced"] - size["receded"]) / length
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
        "mean_km": min(max(mean, -reach["receded"]), reach["advanced"]),
        "largest_km": largest if largest == reach["advanced"] else -largest,
        "geometry": frame.unproject(MultiPolygon(list(polygons))),
    }


def _reach_km(ground: BaseGeometry, earlier: _Line) -> float:
    """How far ground reaches from a line.

    It is farthest off at its rim; or amid it, where several points of the
    line are equally near, which is where their cells have a corner.
    """
    if ground.is_empty:
        return 0.0
    rings = shapely.get_rings(shapely.get_parts(ground))
    (ground,) = prepared(np.array([ground], object))
    inside = earlier.corners[shapely.contains_xy(ground, *earlier.corners.T)]
    amid = earlier.metres(inside).max() if len(inside) else 0.0
    return max(_rim_metres(rings, earlier), float(amid)) / 1000.0


def _rim_metres(rings: Objects, earlier: _Line) -> float:
    """How far the farthest point of rings is off, to `_REACH_METRES`.

    Over a step along an edge the distance grows by no more than the step:
    what can therefore not be farthest is not looked at more closely.
    """
    edges, spacing, farthest = rings, _SPACING_METRES, 0.0
    while len(edges):
        fine = shapely.segmentize(edges, spacing)
        points, owner = shapely.get_coordinates(fine, return_index=True)
        apart = earlier.metres(points)
        farthest = max(farthest, float(apart.max()))
        pieces = _edges(points, owner)
        is_edge = owner[1:] == owner[:-1]
        most = (apart[1:] + apart[:-1])[is_edge] + shapely.length(pieces)
        edges = pieces[most / 2.0 > farthest + _REACH_METRES]
        spacing /= 4.0
    return farthest
