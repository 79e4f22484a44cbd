"""Areas and deltas split by oblast, against the same without a split.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_regions

Reads the folders ``deepstate-*`` of the archive.  Processor time, of tables
over every snapshot of both histories; reading and dissolving left out.
"""

import time
from collections.abc import Callable

import pandas as pd

import geofront as gf
from benchmarks.archive import archive_folders


def main() -> None:
    """Print seconds, rows and how well the rows sum."""
    histories = [
        gf.open_history(folder, source="deepstate")
        for folder in archive_folders()
    ]
    regions = gf.oblasts()
    start = time.process_time()
    for history in histories:
        gf.areas(history, every="snapshot")  # dissolves
    print(f"dissolving: {time.process_time() - start:.2f} s")
    start = time.process_time()
    gf.areas(histories[0][:1], by=regions)
    print(f"tiles of the oblasts, once: {time.process_time() - start:.2f} s")
    for table in (gf.areas, gf.deltas):
        whole, plain = timed(table, histories)
        split, by_region = timed(table, histories, by=regions)
        print(
            f"{table.__name__}: {plain:.2f} s, {len(whole):,} rows; by oblast "
            f"{by_region:.2f} s, {len(split):,} rows; off the total by at "
            f"most {off_km2(whole, split):.1e} km²"
        )


def timed(
    table: Callable[..., pd.DataFrame],
    histories: list[gf.History],
    **options: object,
) -> tuple[pd.DataFrame, float]:
    """Rows of all histories, and the seconds that they took."""
    start = time.process_time()
    found = [table(item, every="snapshot", **options) for item in histories]
    elapsed = time.process_time() - start
    return pd.concat(found, ignore_index=True), elapsed


def off_km2(whole: pd.DataFrame, split: pd.DataFrame) -> float:
    """Largest difference between a figure and the sum of its regions'."""
    key = "snapshot" if "snapshot" in whole else "until_snapshot"
    numbers = [name for name in whole if name.endswith("_km2")]
    off = split.groupby(key)[numbers].sum() - whole.set_index(key)[numbers]
    return float(off.abs().max(axis=None))


if __name__ == "__main__":
    main()
