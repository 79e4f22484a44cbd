"""Maps in the formats of the sources, drawn by this file: no one's polygons.

The rear (Crimea, Donetsk, Luhansk) is a few boxes; the front is a box whose
western edge can be moved.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

Box = tuple[float, float, float, float]
Ring = list[list[float]]

CRIMEA: Box = (33.6, 44.7, 35.0, 45.9)
EAST: Box = (37.5, 47.95, 39.5, 48.8)
REAR = (CRIMEA, EAST)
CRS84 = "urn:ogc:def:crs:OGC:1.3:CRS84"


def ring(box: Box) -> Ring:
    """Closed ring of a box: west, south, east, north."""
    west, south, east, north = box
    return [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
    ]


def polygon(*boxes: Box) -> dict[str, Any]:
    """Polygon of a shell and its holes."""
    return {"type": "Polygon", "coordinates": [ring(box) for box in boxes]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(features: Iterable[Any], **members: Any) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        **members,
        "features": list(features),
    }


def named_crs(name: str) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": name}}


def dumped(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def occupied_daily(boxes: Sequence[Box] = REAR) -> bytes:
    """A file of occupied_daily: one feature without properties."""
    multi = {
        "type": "MultiPolygon",
        "coordinates": [[ring(box)] for box in boxes],
    }
    return dumped(collection([feature(multi)], crs=named_crs(CRS84)))


def owlmaps(boxes: Sequence[Box] = REAR, **members: Any) -> bytes:
    """A file of owlmaps: rings with latitude first."""
    content = {
        "areas": [latitude_first(ring(box)) for box in boxes],
        "areas_ua": [],
        "frontline": [[[48.0, 37.5], [48.9, 37.5]]],
        "geos": [],
        "unit_count": {"ru": 1, "ua": 1},
        "units": {"ru": [], "ua": []},
        **members,
    }
    return dumped(content)


def latitude_first(line: Ring) -> Ring:
    return [[latitude, longitude] for longitude, latitude in line]


def isw(layers: Iterable[tuple[str, Any]], **members: Any) -> bytes:
    """A collector's file of ISW: all layers in one, named by a property."""
    return dumped(
        collection(
            [feature(geometry, layer=layer) for layer, geometry in layers],
            **members,
        )
    )


def esri(features: Iterable[Any], **members: Any) -> bytes:
    """Esri JSON as a feature service answers ``f=json``."""
    return dumped(
        {
            "objectIdFieldName": "OBJECTID",
            "geometryType": "esriGeometryPolygon",
            "spatialReference": {"wkid": 102100, "latestWkid": 3857},
            "features": list(features),
            **members,
        }
    )
