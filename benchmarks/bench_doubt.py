"""Judging breaks, setting sources side by side, a brief: what they take.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_doubt

Processor time.  Each is set beside what it is compared with in the same run:
tables with every step to be judged beside the same once all is judged; the
agreement of two sources beside ``geopandas.overlay`` of the same days, each
starting from polygons that are valid and dissolved.
"""

import time
import warnings
from collections.abc import Callable
from typing import TypeVar

import geopandas
import numpy as np

import geofront as gf
from benchmarks.archive import archive_folders

DAYS = ["2024-09-01", "2024-11-15", "2025-01-15", "2025-03-15"]
DAY = "2025-02-24"

T = TypeVar("T")


def main() -> None:
    """Print what each takes."""
    warnings.simplefilter("ignore", gf.GeofrontWarning)
    judging()
    deepstate, owlmaps = (
        gf.open_history(archive_folders(name)[-1], source=name)
        for name in ("deepstate", "owlmaps")
    )
    agreement(deepstate, owlmaps)
    brief([deepstate, owlmaps])


def timed(function: Callable[[], T]) -> tuple[float, T]:
    """Processor seconds, and what came of them."""
    begun = time.process_time()
    found = function()
    return time.process_time() - begun, found


def judging() -> None:
    """Months of the whole archive, before and after its steps are judged."""
    history = gf.History(
        snapshot
        for folder in archive_folders()
        for snapshot in gf.open_history(folder, source="deepstate")
    )
    first, _ = timed(lambda: gf.deltas(history, every="month"))
    again, _ = timed(lambda: gf.deltas(history, every="month"))
    steps, _ = timed(lambda: gf.deltas(history, every="snapshot"))
    print(
        f"months of {len(history)} snapshots: {first:.1f} s with every step "
        f"to be judged, {again:.2f} s once judged; every step: {steps:.1f} s"
    )


def agreement(one: gf.History, other: gf.History) -> None:
    """All days on which two sources can be set against each other."""
    whole, table = timed(lambda: gf.agreement(one, other))
    overlays = [overlay(one.at(day), other.at(day)) for day in DAYS]
    print(
        f"agreement of {len(table)} days: {whole:.1f} s, "
        f"{1000 * whole / len(table):.0f} ms a day; geopandas.overlay, of the "
        f"occupied area only: {1000 * np.median(overlays):.0f} ms a day"
    )


def overlay(one: gf.Snapshot, other: gf.Snapshot) -> float:
    """Seconds that geopandas takes to set two maps against each other."""
    frames = [
        geopandas.GeoDataFrame(
            geometry=[*item.occupied.geoms], crs="OGC:CRS84"
        )
        for item in (one, other)
    ]
    seconds, _ = timed(
        lambda: geopandas.overlay(*frames, how="symmetric_difference")
    )
    return seconds


def brief(histories: list[gf.History]) -> None:
    """The brief of a day, from opened histories to the page."""
    seconds, page = timed(lambda: gf.report(histories, DAY).to_html())
    print(f"brief of two sources: {seconds:.1f} s, {len(page) / 1000:.0f} KB")


if __name__ == "__main__":
    main()
