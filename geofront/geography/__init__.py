"""Embedded reference geography: outlines, oblasts, settlements, rivers.

Each extract lies in a folder named for its licence, beside a README that
says how it is derived, from what and how accurate it is.
"""

import json
from functools import cache

import geopandas as gpd
import shapely
from shapely import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from geofront._inputs import packed_input
from geofront._threads import per_thread
from geofront.geography._files import unpacked
from geofront.geography.gazetteer import (
    GEONAMES_ATTRIBUTION,
    register_input,
    settlements,
)

__all__ = [
    "GEONAMES_ATTRIBUTION",
    "OFFICIAL_AREA_KM2",
    "OSM_ATTRIBUTION",
    "RIVERS_ATTRIBUTION",
    "oblast_borders",
    "oblasts",
    "register_input",
    "rivers",
    "settlements",
    "territory",
]

OFFICIAL_AREA_KM2 = 603_628.0
"""Area of Ukraine within its internationally recognised borders.

The official figure, the denominator of every share of the whole territory;
the embedded outline of the land measures 598,880 km².
"""

OSM_ATTRIBUTION = "Borders © OpenStreetMap contributors (ODbL)"

RIVERS_ATTRIBUTION = "Rivers: GSHHG (LGPL)"


@per_thread
def territory(*, sea: bool = False) -> MultiPolygon:
    """Outline of Ukraine within its recognised borders, Crimea included.

    Parameters
    ----------
    sea : bool, default False
        With the territorial sea: the outline that decides whether a polygon
        belongs to Ukraine, since sources draw across bays and coasts.

    Returns
    -------
    shapely.MultiPolygon
        Longitude, latitude in degrees, WGS 84; prepared for predicates.

    Examples
    --------
    >>> from shapely import Point
    >>> simferopol = Point(34.10, 44.95)
    >>> territory().contains(simferopol)
    True
    """
    name = "territory.geojson.gz" if sea else "land.geojson.gz"
    outline = shapely.from_geojson(unpacked("odbl", name))
    assert isinstance(outline, MultiPolygon)
    shapely.prepare(outline)
    return outline


def oblasts() -> gpd.GeoDataFrame:
    """The 27 regions of the first level: 24 oblasts, Crimea and two cities.

    Returns
    -------
    geopandas.GeoDataFrame
        ``region`` (English name), ``region_id`` (first four characters of
        the register's codes), ``name_uk``, ``official_km2`` and
        ``geometry``, in OGC:CRS84.  The official areas sum to 603,628 km².
        ``attrs["inputs"]`` names their source and licence.

    Notes
    -----
    The borders between oblasts are Natural Earth's 1:10m, 0.6-0.9 km off in
    the east and up to 4 km elsewhere; the city of Kyiv is drawn at twice
    its area.  The outer border is the embedded outline of the land, so that
    official areas, which count lagoons and reservoirs, can be larger: 28,461
    against 25,526 km² in Kherson oblast.

    Examples
    --------
    >>> known = oblasts().set_index("region")
    >>> float(known.loc["Luhansk", "official_km2"])
    26684.0
    """
    return _oblasts().copy()


@cache
def _oblasts() -> gpd.GeoDataFrame:
    data = unpacked("odbl", "oblasts.geojson.gz")
    collection = json.loads(data)
    regions = gpd.GeoDataFrame.from_features(collection, crs="OGC:CRS84")[
        ["region", "region_id", "name_uk", "official_km2", "geometry"]
    ]
    source = "Natural Earth 1:10m, within © OpenStreetMap contributors' coast"
    regions.attrs["inputs"] = [
        packed_input("oblasts", data, source=source, licence="ODbL 1.0")
    ]
    return regions


@cache
def oblast_borders() -> BaseGeometry:
    """Borders between oblasts, each once: a background for maps.

    Returns
    -------
    shapely geometry
        Lines, without coast and state border.
    """
    edges = shapely.boundary(_oblasts().geometry.to_numpy())
    outer = shapely.buffer(shapely.boundary(territory()), 0.01)
    inner = shapely.difference(shapely.union_all(edges), outer)
    return shapely.line_merge(inner)


@cache
def rivers() -> MultiLineString:
    """Large rivers, as a background for maps: about a kilometre off.

    Returns
    -------
    shapely.MultiLineString
        Longitude, latitude in degrees, WGS 84.
    """
    lines = shapely.from_geojson(unpacked("lgpl", "rivers.geojson.gz"))
    assert isinstance(lines, MultiLineString)
    return lines
