"""Fixtures: the example, authored snapshots, and the real archive."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

import geofront as gf

DEEPSTATE = ("deepstate-2022-04_2022-12", "deepstate-2024-07_2025-03")


@pytest.fixture(scope="session")
def example() -> gf.History:
    return gf.example_history()


@pytest.fixture(scope="session")
def boundaries() -> Path:
    return Path(__file__).parents[1] / "data" / "boundaries"


@pytest.fixture
def box_snapshot() -> Callable[..., gf.Snapshot]:
    """Snapshot of boxes (west, south, east, north) on a day of 2025."""

    def make(
        occupied: tuple[float, float, float, float] | None,
        grey_zone: tuple[float, float, float, float] | None = None,
        *,
        day: dt.date = dt.date(2025, 2, 24),
        coverage: tuple[float, float, float, float] | None = None,
    ) -> gf.Snapshot:
        def area(box: tuple[float, float, float, float] | None) -> list:
            return [] if box is None else [shapely.box(*box)]

        return gf.Snapshot(
            "test",
            dt.datetime.combine(day, dt.time(20), dt.UTC),
            area(occupied),
            area(grey_zone),
            coverage=area(coverage) or None,
        )

    return make


@pytest.fixture(scope="session")
def archive() -> Path:
    """Folder of real files; the test is skipped where there is none."""
    folder = os.environ.get("GEOFRONT_ARCHIVE")
    if not folder:
        pytest.skip("GEOFRONT_ARCHIVE names no folder of real files")
    return Path(folder)


@pytest.fixture(scope="session")
def deepstate(archive: Path) -> dict[str, gf.History]:
    """The two archived histories of DeepStateMap, by folder."""
    return {
        name: gf.open_history(archive / name, source="deepstate")
        for name in DEEPSTATE
    }
