"""Figures of the whole split by region, so that they sum to it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._partition import partition, wide_gaps
from geofront._rows import sum_by
from geofront._threads import per_thread, prepared
from geofront._transitions import Change
from geofront.geodesy import FloatArray, area_km2
from geofront.geography import OFFICIAL_AREA_KM2, territory
from geofront.model import Snapshot, area_record
from geofront.regions import ELSEWHERE, checked
from geofront.topology import Polygons

__all__ = ["WORLD", "Split", "common_coverage", "split_by"]

WORLD = shapely.box(-180, -90, 180, 90)

# How far beyond the border and the territorial sea ground still goes to the
# nearest region: about 10 km.  Real maps stick out by up to 2 km.
_BEYOND_DEG = 0.1

# How much the regions leave of the official area at least, lest rounding be
# a region.
_LEFT_KM2 = 1.0

# Less land than this is what rounding leaves of a tile without any.
_NO_LAND_KM2 = 1e-6


@dataclass(frozen=True, eq=False)
class Split:
    """Tiles that cover all ground: one for each region, and elsewhere.

    Made by :func:`split_by`.  It can be pickled.

    Attributes
    ----------
    names : tuple of dict
        ``region`` and ``region_id`` of each tile.
    tiles : ndarray of shapely geometries
        In that order; the last is elsewhere.
    denominators_km2 : ndarray
        What shares refer to where all of the territory is drawn; for
        elsewhere, what the regions leave of it.
    land_km2 : ndarray
        Land in each tile.
    off_land : tuple of bytes
        Rest of each tile, the sea and ground beyond the border, as WKB.
    """

    names: tuple[dict[str, Any], ...]
    tiles: Polygons
    denominators_km2: FloatArray
    land_km2: FloatArray
    off_land: tuple[bytes, ...]

    def areas_km2(self, polygons: Polygons) -> FloatArray:
        """Area of each polygon in each tile.

        Parameters
        ----------
        polygons : ndarray of shapely geometries

        Returns
        -------
        ndarray, shape (polygons, tiles)
            Square kilometres.
        """
        item, tile, pieces = self._pieces(polygons)
        areas = np.zeros((len(polygons), len(self.tiles)))
        areas[item, tile] = area_km2(pieces)
        return areas

    def totals(self, snapshot: Snapshot) -> list[dict[str, Any]]:
        """Areas of a snapshot by state, a record for each region.

        Regions of which the coverage has no part are left out.
        """
        denominator_km2, land_km2 = self._whole(snapshot.coverage)
        occupied = self._sums(snapshot.occupied)
        grey = np.zeros_like(occupied)
        if snapshot.grey_zone is not None:
            grey = self._sums(snapshot.grey_zone)
        told = self.told(denominator_km2, occupied[0] + grey[0])
        drawn = snapshot.draws_grey_zone
        return [
            {
                **self.names[tile],
                **area_record(
                    float(occupied[0, tile]),
                    float(grey[0, tile]) if drawn else None,
                    float(denominator_km2[tile]),
                ),
                **_land_record(
                    float(occupied[1, tile]),
                    float(grey[1, tile]) if drawn else None,
                    float(land_km2[tile]),
                ),
            }
            for tile in told
        ]

    def changes(
        self, since: Snapshot, until: Snapshot, found: Change
    ) -> Iterator[tuple[dict[str, Any], Change]]:
        """Change in each region: its name, and what changed there.

        Parameters
        ----------
        since, until : Snapshot
            Regions of which they have no coverage in common are left out.
        found : Change
            From the one to the other, with its faces.
        """
        assert found.faces is not None
        polygons, origin, target = found.faces
        sums = sum_by(origin * 3 + target, self.areas_km2(polygons), 9)
        tables = sums.T.reshape(-1, 3, 3)
        common = common_coverage(since.coverage, until.coverage)
        met = tables.sum(axis=(1, 2))
        for tile in self.told(self._whole(common)[0], met):
            yield self.names[tile], Change(tables[tile], found.way)

    def _pieces(
        self, polygons: Polygons
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Polygons]:
        """Polygons cut by the tiles: which polygon, which tile, the piece."""
        # Prepared, a tile is asked fast; the tree would prepare the polygons.
        tiles = _own_tiles(self)
        item, tile = shapely.STRtree(tiles).query(polygons)
        near = shapely.intersects(tiles[tile], polygons[item])
        item, tile = item[near], tile[near]
        across = ~shapely.contains_properly(tiles[tile], polygons[item])
        pieces = polygons[item]
        pieces[across] = shapely.intersection(
            pieces[across], tiles[tile[across]]
        )
        return item, tile, pieces

    def _sums(self, geometry: BaseGeometry) -> FloatArray:
        """Areas of a geometry in each tile: of all of it, and of its land."""
        _, tile, pieces = self._pieces(shapely.get_parts(geometry))
        off_km2 = np.zeros(len(pieces))
        ashore = ~shapely.contains_properly(territory(), pieces)
        for number in np.flatnonzero(ashore).tolist():
            off_km2[number] = _shared_km2(
                shapely.to_wkb(pieces[number]), self.off_land[tile[number]]
            )
        columns = np.column_stack([area_km2(pieces), off_km2])
        whole, off = sum_by(tile, columns, len(self.tiles)).T
        return np.array([whole, whole - off])

    def _whole(self, coverage: BaseGeometry | None) -> FloatArray:
        """What shares of each tile, and of its land, refer to."""
        if coverage is None:
            return np.array([self.denominators_km2, self.land_km2])
        return self._sums(coverage)

    def told(
        self, denominator_km2: FloatArray, met_km2: FloatArray
    ) -> npt.NDArray[np.intp]:
        """Tiles that something is known of; abroad, where it is met."""
        told = denominator_km2 > 0
        told[-1] |= met_km2[-1] > 0
        return np.flatnonzero(told)


@per_thread
def _own_tiles(split: Split) -> Polygons:
    """Tiles of a split, for one thread to ask."""
    return prepared(split.tiles)


def split_by(regions: gpd.GeoDataFrame) -> Split:
    """Tiles of all ground for regions.

    Parameters
    ----------
    regions : geopandas.GeoDataFrame
        As :func:`geofront.oblasts` or :func:`geofront.load_regions` gives
        them.

    Raises
    ------
    TypeError
        If they are no GeoDataFrame.
    InvalidBoundaryError
        If they lack names, areas or a known reference system.

    Warns
    -----
    GeofrontWarning
        If regions overlap, or invalid ones had to be repaired.

    Notes
    -----
    Ground in no region goes to the nearest, across gaps narrower than 5 km
    and off the coast and the border.  Wider gaps in the land are a region
    of their own, elsewhere, and so is what lies more than 10 km outside
    the border and the territorial sea.  Of the official area elsewhere has
    what the regions leave, be it water that no outline holds.
    """
    known = checked(regions)
    outlines = known.geometry.to_numpy()
    tiles, land_km2, off_land = _tiles(tuple(shapely.to_wkb(outlines)))
    own = area_km2(outlines)
    official = known["official_km2"].to_numpy(float)
    denominators = np.where(np.isnan(official), own, official)
    rest = OFFICIAL_AREA_KM2 - denominators.sum()
    named = known[["region", "region_id"]].to_dict("records")
    return Split(
        (*named, {"region": ELSEWHERE, "region_id": None}),
        tiles,
        np.append(denominators, rest if rest > _LEFT_KM2 else 0.0),
        land_km2,
        off_land,
    )


@lru_cache(maxsize=4)
def _tiles(
    outlines: tuple[bytes, ...],
) -> tuple[Polygons, FloatArray, tuple[bytes, ...]]:
    """Tiles of the regions and of elsewhere, their land, and the rest."""
    regions = shapely.from_wkb(np.array(outlines, dtype=object))
    gap = wide_gaps(regions, territory())
    leaves_gap = not gap.is_empty
    drawn = np.array([*regions, gap] if leaves_gap else regions, dtype=object)
    tiles = partition(drawn, _frame())
    elsewhere = shapely.difference(WORLD, _frame())
    if leaves_gap:
        elsewhere = shapely.union(tiles[-1], elsewhere)
    own = tiles[: len(regions)]
    whole = np.array([*own, elsewhere], dtype=object)
    land_km2 = area_km2(shapely.intersection(whole, territory()))
    off_land = shapely.to_wkb(shapely.difference(whole, territory()))
    return whole, land_km2, tuple(off_land)


@cache
def _frame() -> BaseGeometry:
    """Territory with its sea, and some kilometres around."""
    return shapely.buffer(territory(sea=True), _BEYOND_DEG)


def common_coverage(
    one: BaseGeometry | None, other: BaseGeometry | None
) -> BaseGeometry | None:
    """What two coverages share; None is all of the territory."""
    if one is None or other is None or one == other:
        return other if one is None else one
    return shapely.intersection(one, other)


# From day to day the front moves, and hardly anything off the land does.
@lru_cache(maxsize=256)
def _shared_km2(piece: bytes, off_land: bytes) -> float:
    """Area that two polygons share."""
    one, other = shapely.from_wkb([piece, off_land])
    return float(area_km2(shapely.intersection(one, other)))


def _land_record(
    occupied_km2: float, grey_zone_km2: float | None, land_km2: float
) -> dict[str, float | None]:
    """The land of a region, and what of it is held and occupied."""
    held_km2 = share = None
    if grey_zone_km2 is not None:
        held_km2 = land_km2 - occupied_km2 - grey_zone_km2
    if land_km2 > _NO_LAND_KM2:
        share = occupied_km2 / land_km2
    return {
        "land_km2": land_km2,
        "held_land_km2": held_km2,
        "occupied_land_share": share,
    }
