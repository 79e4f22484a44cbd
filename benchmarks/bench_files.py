"""Raw files → table of daily change, end to end, against geopandas.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_files [SAMPLE]

Reads the folders ``deepstate-*`` of the archive.  The baseline is what a
competent user of geopandas writes: read a file, keep the polygons of a
colour, dissolve, overlay with the layer of the day before.  It is slow, so
it runs on a sample of the steps; all figures are per step, in one run.
"""

import resource
import sys
import time
import warnings
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np

import geofront as gf
from benchmarks.archive import archive_folders
from geofront.sources import adapter
from geofront.sources.deepstate import STATE_OF_FILL

EQUAL_AREA = "EPSG:6933"


def main(sample: int) -> None:
    """Print milliseconds per step, ratio and memory."""
    warnings.simplefilter("ignore")
    folders = archive_folders()
    before_mb = _peak_mb()
    seconds, histories = 0.0, []
    for folder in folders:
        start = time.process_time()
        history = gf.open_history(folder, source="deepstate")
        gf.deltas(history, every="snapshot")
        seconds += time.process_time() - start
        histories.append(history)
    steps = sum(len(history) - 1 for history in histories)
    snapshots = sum(len(history) for history in histories)
    ours = 1e3 * seconds / steps
    print(f"geofront, files to table: {ours:.2f} ms a step, {steps} steps")
    print(
        f"memory with {snapshots} snapshots and their table: "
        f"{_peak_mb():.0f} MB, {before_mb:.0f} MB of them for the imports"
    )
    theirs = [time_geopandas(paths) for paths in sampled(folders, sample)]
    median, mean = np.median(theirs), np.mean(theirs)
    print(f"geopandas: median {median:.1f} ms, mean {mean:.1f} ms a step")
    print(f"    ratio of the means: {mean / ours:.1f} x")
    one = [time_new_day(folder) for folder in folders]
    print(f"one new day, read and delta: {np.median(one):.2f} ms")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sampled(folders: list[Path], count: int) -> list[tuple[Path, Path]]:
    """Pairs of neighbouring files, spread over the archive."""
    pairs = []
    for folder in folders:
        paths = sorted(folder.glob("*.geojson"))
        pairs += pairwise(paths)
    chosen = np.linspace(0, len(pairs) - 1, count, dtype=int)
    return [pairs[index] for index in chosen]


def time_geopandas(paths: tuple[Path, Path]) -> float:
    """Milliseconds to read a file and overlay it with the one before."""
    kept = read_layer(paths[0])
    start = time.process_time()
    new = read_layer(paths[1])
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


def time_new_day(folder: Path) -> float:
    """Median milliseconds to read one more file and compare it.

    The reader has read the day before, as it has in daily work with a
    history in memory.
    """
    source = adapter("deepstate")
    paths = sorted(folder.glob("*.geojson"))[-40:]
    latest: gf.Snapshot | None = None
    times = []
    for path in paths:
        moment = source.published_at(path)
        assert moment is not None
        start = time.process_time()
        snapshot = source.read(path.read_bytes(), moment, path.name)
        if latest is not None:
            gf.delta(latest, snapshot)
            times.append(1e3 * (time.process_time() - start))
        latest = snapshot
    return float(np.median(times))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
