"""Raw files → table of daily change, end to end, against geopandas.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_files [SAMPLE]

Reads the folders ``deepstate-*`` of the archive.  The baseline is what a
competent user of geopandas writes: read a file, keep the polygons of a
colour, dissolve, overlay with the layer of the day before.  It is slow, so
it runs on SAMPLE steps of each round, between two runs of geofront on all.
"""

import resource
import sys
import time
import warnings
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np

import geofront as gf
from benchmarks.archive import archive_folders
from benchmarks.figures import print_figure, print_ratio
from geofront.sources import adapter
from geofront.sources.deepstate import STATE_OF_FILL

EQUAL_AREA = "EPSG:6933"
ROUNDS = 5


def main(sample: int) -> None:
    """Print the figures."""
    warnings.simplefilter("ignore")
    folders = archive_folders()
    print_memory(folders)
    ours, theirs = [], []
    for paths in np.array_split(sampled(folders, ROUNDS * sample), ROUNDS):
        ours.append(time_geofront(folders))
        theirs.append(np.mean([time_geopandas(*pair) for pair in paths]))
    print_ratio(
        "files → table, against read_file + overlay",
        15,
        np.array(theirs),
        np.array(ours),
    )
    for folder in folders:
        print_new_day(folder)


def print_memory(folders: Sequence[Path]) -> None:
    """Peak with all snapshots of all folders and their tables in memory."""
    imports = _peak_mb()
    histories = [gf.open_history(item, source="deepstate") for item in folders]
    for history in histories:
        gf.deltas(history, every="snapshot")
    print_figure(
        f"memory for {sum(map(len, histories))} snapshots and their table",
        "≤ 400 MB",
        f"{_peak_mb():.0f} MB",
        holds=_peak_mb() <= 400,
        how=f"{imports:.0f} MB of them for the imports",
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def time_geofront(folders: Sequence[Path]) -> float:
    """Milliseconds a step for all files of all folders."""
    start, steps = time.process_time(), 0
    for folder in folders:
        history = gf.open_history(folder, source="deepstate")
        steps += len(gf.deltas(history, every="snapshot"))
    return 1e3 * (time.process_time() - start) / steps


def sampled(folders: list[Path], count: int) -> list[tuple[Path, Path]]:
    """Pairs of neighbouring files, spread over the archive."""
    pairs = []
    for folder in folders:
        paths = sorted(folder.glob("*.geojson"))
        pairs += pairwise(paths)
    chosen = np.linspace(0, len(pairs) - 1, count, dtype=int)
    return [pairs[index] for index in chosen]


def time_geopandas(before: Path, after: Path) -> float:
    """Milliseconds to read a file and overlay it with the one before."""
    kept = read_layer(before)
    start = time.process_time()
    new = read_layer(after)
    pieces = gpd.overlay(kept, new, how="union", keep_geom_type=True)
    pieces["km2"] = pieces.area / 1e6
    pieces.groupby(["state_1", "state_2"], dropna=False)["km2"].sum()
    return 1e3 * (time.process_time() - start)


def read_layer(path: Path) -> gpd.GeoDataFrame:
    """A file as a layer of two rows, occupied and grey zone."""
    frame = gpd.read_file(path).explode()
    frame = frame[frame.geom_type == "Polygon"]
    frame["state"] = frame["fill"].str.lower().map(STATE_OF_FILL)
    frame = frame[frame["state"].isin(["occupied", "grey_zone"])]
    frame = frame.set_geometry(frame.make_valid()).to_crs(EQUAL_AREA)
    layer = frame[["state", "geometry"]].dissolve("state").reset_index()
    occupied = layer.loc[layer["state"] == "occupied", "geometry"].iloc[0]
    is_grey = layer["state"] == "grey_zone"
    layer.loc[is_grey, "geometry"] = layer[is_grey].difference(occupied)
    return layer


def print_new_day(folder: Path) -> None:
    """Reading one more file, and comparing it with the day before.

    The reader has read the day before, as it has in daily work with a
    history in memory.
    """
    source = adapter("deepstate")
    latest: gf.Snapshot | None = None
    times = []
    for path in sorted(folder.glob("*.geojson")):
        moment = source.published_at(path)
        assert moment is not None
        start = time.process_time()
        snapshot = source.read(path.read_bytes(), moment, path.name)
        if latest is not None:
            gf.delta(latest, snapshot)
            times.append(1e3 * (time.process_time() - start))
        latest = snapshot
    print_figure(
        f"one new day, {folder.name}",
        "≤ 15 ms",
        f"{np.median(times):.1f} ms",
        holds=bool(np.median(times) <= 15),
        how=f"median of {len(times)} days; nine in ten take at most "
        f"{np.percentile(times, 90):.1f} ms",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6)
