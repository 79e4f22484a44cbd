"""Maps in the formats of the sources, drawn by this file: no one's polygons.

The rear (Crimea, Donetsk and Luhansk, the coast of Azov) is a few boxes; the
front is a box whose western edge can be moved.
"""

import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

Box = tuple[float, float, float, float]
Ring = list[list[float]]

CRIMEA: Box = (33.5, 44.55, 35.0, 45.5)
KERCH: Box = (36.3, 45.2, 36.6, 45.4)
EAST: Box = (37.5, 47.95, 39.5, 48.8)
AZOV: Box = (35.3, 46.7, 37.6, 47.2)
REAR = (CRIMEA, KERCH, EAST, AZOV)
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


# ---- the user's own files


def kml_ring(box: Box, comma: str = ",", tail: str = ",0") -> str:
    return " ".join(f"{x}{comma}{y}{tail}" for x, y in ring(box))


def kml_polygon(box: Box, *holes: Box, **spelling: str) -> str:
    """KML of a polygon."""
    inner = "".join(
        f"<innerBoundaryIs><LinearRing><coordinates>{kml_ring(hole)}"
        "</coordinates></LinearRing></innerBoundaryIs>"
        for hole in holes
    )
    return (
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{kml_ring(box, **spelling)}</coordinates></LinearRing>"
        f"</outerBoundaryIs>{inner}</Polygon>"
    )


def placemark(content: str, name: str = "", style: str = "") -> str:
    return f"<Placemark><name>{name}</name>{style}{content}</Placemark>"


def kml(
    *content: str, namespace: str = "http://www.opengis.net/kml/2.2"
) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<kml xmlns="{namespace}"><Document>{"".join(content)}</Document>'
        "</kml>"
    ).encode()


def style(name: str, colour: str) -> str:
    return (
        f'<Style id="{name}"><LineStyle><color>ff000000</color></LineStyle>'
        f"<PolyStyle><color>{colour}</color></PolyStyle></Style>"
    )


def zipped(
    members: dict[str, bytes], blank_mb: int = 0, blank: bytes = b" "
) -> bytes:
    """Zip archive, as a KMZ is one; so much of one thing ends a member."""
    piece = blank * (2**20 // len(blank))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            with archive.open(name, "w") as member:
                member.write(data)
                # Piece by piece: tests watch their own memory.
                for _ in range(blank_mb):
                    member.write(piece)
    return packed.getvalue()


def gzipped(blank_mb: int) -> bytes:
    """Gzip file of blanks."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(blank_mb):
            file.write(b" " * 2**20)
    return packed.getvalue()
