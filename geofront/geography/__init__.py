"""Embedded reference geography: the territory of Ukraine.

The outlines are those of OpenStreetMap, simplified to 0.0005° (about 50 m),
under the ODbL; the README beside the files says how they are derived.
"""

import gzip
from functools import cache
from importlib.resources import files

import shapely
from shapely import MultiPolygon

__all__ = ["OFFICIAL_AREA_KM2", "OSM_ATTRIBUTION", "territory"]

OFFICIAL_AREA_KM2 = 603_628.0
"""Area of Ukraine within its internationally recognised borders.

The official figure, the denominator of every share of the whole territory;
the embedded outline of the land measures 598,880 km².
"""

OSM_ATTRIBUTION = "Borders © OpenStreetMap contributors (ODbL)"


@cache
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
    packed = files(__name__).joinpath("odbl", name).read_bytes()
    outline = shapely.from_geojson(gzip.decompress(packed))
    assert isinstance(outline, MultiPolygon)
    shapely.prepare(outline)
    return outline
