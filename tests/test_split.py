"""Areas and deltas by region: what sums, what goes where, of what share."""

import datetime as dt
import pickle
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from laws.test_laws import LAW, polygons, several, snapshots
from shapely import affinity
from shapely.geometry.base import BaseGeometry

import geofront as gf
from geofront._partition import partition, wide_gaps
from geofront._split import split_by
from geofront.geodesy import area_km2
from geofront.geography import OFFICIAL_AREA_KM2
from geofront.records import LAND

SUM_KM2 = 1e-6
# Figures that are not of all ground, or not of a region.
NOT_SUMMED = {*LAND, "break_km2"}

AREAS = ["occupied_km2", "grey_zone_km2", "held_km2", "denominator_km2"]
FRAME = shapely.box(37, 47, 40, 50)

Box = tuple[float, float, float, float]
Regions = dict[str, BaseGeometry]


def regions(areas: Regions, **columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"region": list(areas), **columns},
        geometry=list(areas.values()),
        crs="OGC:CRS84",
    )


def random_cells(seed: int, count: int) -> gpd.GeoDataFrame:
    """Cells that tile a window of the east, some of them left out."""
    points = np.random.default_rng(seed).uniform(
        (37.5, 47.5), (39.5, 49.5), (count, 2)
    )
    drawn = shapely.voronoi_polygons(shapely.multipoints(points))
    kept = shapely.intersection(
        shapely.get_parts(drawn), shapely.box(37.8, 47.8, 39.3, 49.3)
    )
    return regions({f"cell {n}": c for n, c in enumerate(kept) if n % 4})


REGIONS: dict[str, Callable[[], gpd.GeoDataFrame]] = {
    "three oblasts": lambda: gf.oblasts().iloc[[4, 11, 19]],
    "cells": lambda: random_cells(1, 8),
    "many cells": lambda: random_cells(2, 60),
}


@pytest.fixture(scope="module", params=REGIONS)
def by(request: pytest.FixtureRequest) -> gpd.GeoDataFrame:
    return REGIONS[request.param]()


def history_of(*items: gf.Snapshot) -> gf.History:
    """The snapshots a day apart."""
    begin = dt.datetime(2025, 2, 1, 12, tzinfo=dt.UTC)
    return gf.History(
        gf.Snapshot(
            "law",
            begin + dt.timedelta(days=day),
            item.drawn("occupied"),
            item.drawn("grey_zone"),
            coverage=item.coverage,
        )
        for day, item in enumerate(items)
    )


def numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Area columns alone, of all ground."""
    return table[
        [
            name
            for name in table
            if name.endswith("_km2") and name not in NOT_SUMMED
        ]
    ]


# ---- laws

any_snapshots = (
    snapshots(coverage=None)
    | snapshots(coverage=polygons)
    | snapshots(grey=False, coverage=None)
)


@LAW
@given(item=any_snapshots)
def test_areas_of_the_regions_sum_to_the_total(by, item):
    history = history_of(item)
    rows = numbers(gf.areas(history, by=by))
    total = numbers(gf.areas(history)).iloc[0]
    found = rows.sum(min_count=1)
    if by["region"].str.startswith("cell").any() and item.coverage is None:
        # Elsewhere is the rest of the official area.
        assert rows["denominator_km2"].sum() == OFFICIAL_AREA_KM2
    np.testing.assert_allclose(found, total, rtol=0, atol=SUM_KM2)


@LAW
@given(one=any_snapshots, other=any_snapshots)
def test_deltas_of_the_regions_sum_to_the_total(by, one, other):
    history = history_of(one, other)
    rows = numbers(gf.deltas(history, by=by))
    total = numbers(gf.deltas(history)).iloc[0]
    if rows.empty:  # no coverage in common
        assert (total.fillna(0) == 0).all()
        return
    np.testing.assert_allclose(
        rows.sum(min_count=1), total, rtol=0, atol=SUM_KM2
    )


@LAW
@given(one=snapshots(coverage=None), other=snapshots(coverage=None))
def test_delta_of_a_region_is_the_difference_of_its_areas(by, one, other):
    history = history_of(one, other)
    before, after = (
        rows.set_index("region")
        for _, rows in gf.areas(history, by=by).groupby("date")
    )
    change = gf.deltas(history, by=by).set_index("region")
    for state in ("occupied", "grey_zone"):
        expected = after[f"{state}_km2"] - before[f"{state}_km2"]
        found = change[f"{state}_net_km2"].reindex(expected.index).fillna(0)
        np.testing.assert_allclose(found, expected, rtol=0, atol=SUM_KM2)


@LAW
@given(one=snapshots(coverage=None), other=snapshots(coverage=None))
def test_the_way_back_is_the_change_reversed(by, one, other):
    there, back = (
        gf.deltas(history_of(*pair), by=by).set_index("region")
        for pair in ((one, other), (other, one))
    )
    for name in there:
        if "_to_" in name:
            origin, target = name.removesuffix("_km2").split("_to_")
            np.testing.assert_allclose(
                there[name],
                back[f"{target}_to_{origin}_km2"],
                rtol=0,
                atol=SUM_KM2,
            )


# Boxes and triangles that may overlap, cut to be disjoint.
@LAW
@given(
    drawn=st.lists(polygons, min_size=1, max_size=6),
    points=st.lists(
        st.tuples(st.floats(37.1, 39.9), st.floats(47.1, 49.9)),
        min_size=5,
        max_size=5,
    ),
)
def test_tiles_leave_nothing_over_and_go_to_the_nearest(drawn, points):
    taken, own = shapely.Polygon(), []
    for polygon in drawn:
        own.append(shapely.difference(polygon, taken))
        taken = shapely.union(taken, polygon)
    areas = np.array([area for area in own if area.area > 1e-6], dtype=object)
    tiles = partition(areas, FRAME)
    assert area_km2(tiles).sum() == pytest.approx(
        area_km2(FRAME), rel=0, abs=SUM_KM2
    )
    whole = area_km2(shapely.union_all(tiles))
    assert whole == pytest.approx(area_km2(FRAME), rel=0, abs=SUM_KM2)
    squeeze = np.array([np.cos(np.radians(48.5)), 1.0])
    flat = shapely.transform(areas, lambda corners: corners * squeeze)
    for point in points:
        owner = np.flatnonzero(shapely.covers(tiles, shapely.Point(point)))
        far = shapely.distance(flat, shapely.Point(point * squeeze))
        assert far[owner].min() < far.min() + 0.015


def test_tiles_of_regions_whose_borders_do_not_match() -> None:
    # Each border is drawn twice, its vertices a little off each other.
    cells = shapely.voronoi_polygons(
        shapely.multipoints(
            np.random.default_rng(5).uniform(
                (37.3, 47.3), (39.7, 49.7), (60, 2)
            )
        ),
        extend_to=FRAME,
    )
    window = affinity.rotate(shapely.box(37.5, 47.5, 39.5, 49.5), 17)
    cut = shapely.intersection(shapely.get_parts(cells), window)
    areas = shapely.segmentize(cut[shapely.area(cut) > 0], 0.013)
    assert shapely.union_all(areas).area != window.area
    tiles = partition(areas, FRAME)
    assert area_km2(tiles).sum() == pytest.approx(
        area_km2(FRAME), rel=0, abs=SUM_KM2
    )


# ---- where ground goes

DAY = dt.date(2025, 2, 24)


def row_of(
    box_snapshot: Callable[..., gf.Snapshot],
    occupied: Box,
    by: gpd.GeoDataFrame,
) -> dict[str, float]:
    """Occupied area by region, of a day that shows one box."""
    history = gf.History([box_snapshot(occupied, day=DAY)])
    rows = gf.areas(history, by=by).set_index("region")["occupied_km2"]
    return {name: km2 for name, km2 in rows.items() if km2}


WEST, EAST = shapely.box(37, 48, 37.5, 49), shapely.box(37.5, 48, 38, 49)


@pytest.mark.parametrize(
    ("occupied", "found"),
    [
        ((37.1, 48.1, 37.2, 48.2), {"west"}),
        ((37.4, 48.1, 37.6, 48.2), {"west", "east"}),
        # Right beside the regions, and far from them, inland.
        ((38.001, 48.1, 38.1, 48.2), {"elsewhere"}),
        ((32.0, 48.1, 32.1, 48.2), {"elsewhere"}),
        # In another country.
        ((44.0, 48.1, 44.1, 48.2), {"elsewhere"}),
        ((2.0, 48.1, 2.1, 48.2), {"elsewhere"}),
    ],
)
def test_ground_in_no_region_is_elsewhere(
    box_snapshot, occupied: Box, found: set[str]
) -> None:
    by = regions({"west": WEST, "east": EAST})
    rows = row_of(box_snapshot, occupied, by)
    assert set(rows) == found
    assert sum(rows.values()) == pytest.approx(
        area_km2(shapely.box(*occupied)), rel=0, abs=SUM_KM2
    )


@pytest.mark.parametrize(
    ("width_deg", "found"),
    [
        (0.02, {"west", "east"}),
        (0.06, {"west", "east"}),
        (0.08, {"elsewhere"}),
    ],
)
def test_gap_goes_to_the_nearest_where_it_is_narrower_than_5_km(
    box_snapshot, width_deg: float, found: set[str]
) -> None:
    # A hundredth of a degree of longitude is 0.74 km here.
    west = shapely.box(37, 48, 37.5 - width_deg / 2, 49)
    east = shapely.box(37.5 + width_deg / 2, 48, 38, 49)
    inside = (37.5 - width_deg / 2, 48.3, 37.5 + width_deg / 2, 48.7)
    by = regions({"west": west, "east": east})
    rows = row_of(box_snapshot, inside, by)
    assert set(rows) == found
    if len(found) == 2:
        assert rows["west"] == pytest.approx(rows["east"], rel=0.02)


def test_sea_goes_to_the_nearest_coast(box_snapshot) -> None:
    off_yalta = (34.2, 44.3, 34.3, 44.35)
    assert set(row_of(box_snapshot, off_yalta, gf.oblasts())) == {"Crimea"}
    donetsk = gf.oblasts().iloc[[4]]
    assert set(row_of(box_snapshot, off_yalta, donetsk)) == {"elsewhere"}


def test_oblasts_leave_no_gap_and_a_missing_city_is_one() -> None:
    known = gf.oblasts()
    assert split_by(known).denominators_km2[-1] == 0
    for city in ("Kyiv", "Sevastopol"):
        others = known[known["region"] != city]
        gap = wide_gaps(others.geometry.to_numpy(), gf.territory())
        own = known.loc[known["region"] == city, "geometry"].iloc[0]
        off = shapely.symmetric_difference(gap, own)
        # Narrow necks of a region that is missing go to its neighbours.
        assert area_km2(off) < 0.02 * area_km2(own)


def test_rows_of_elsewhere_are_there_where_it_is_something(
    box_snapshot,
) -> None:
    abroad = gf.History([box_snapshot((44.0, 48.1, 44.1, 48.2))])
    here = gf.History([box_snapshot((38.0, 48.1, 38.1, 48.2))])
    assert len(gf.areas(here, by=gf.oblasts())) == 27
    last = gf.areas(abroad, by=gf.oblasts()).iloc[-1]
    assert last["region"] == "elsewhere"
    assert pd.isna(last["region_id"])
    # Nothing of the official area is left for it to be a share of.
    assert last["denominator_km2"] == 0
    assert pd.isna(last["occupied_share"])


# ---- shares


def test_denominators_of_the_oblasts_are_official(box_snapshot) -> None:
    history = gf.History([box_snapshot((38, 48, 39, 49), (37.9, 48, 38, 49))])
    rows = gf.areas(history, by=gf.oblasts())
    assert rows["denominator_km2"].to_list() == (
        gf.oblasts()["official_km2"].to_list()
    )
    assert rows["held_km2"].sum() == pytest.approx(
        gf.areas(history)["held_km2"].sum(), rel=0, abs=SUM_KM2
    )
    donetsk = rows.set_index("region").loc["Donetsk"]
    assert donetsk["occupied_share"] == donetsk["occupied_km2"] / 26_517


def test_denominator_is_the_region_s_own_area_where_none_is_official(
    box_snapshot,
) -> None:
    history = gf.History([box_snapshot((37, 48, 37.5, 49))])
    by = regions({"west": WEST, "east": EAST}, official_km2=[9_000.0, None])
    rows = gf.areas(history, by=by).set_index("region")
    own = area_km2(EAST)
    assert rows.loc["west", "denominator_km2"] == 9_000
    assert rows.loc["east", "denominator_km2"] == pytest.approx(own)
    assert rows.loc["elsewhere", "denominator_km2"] == pytest.approx(
        OFFICIAL_AREA_KM2 - 9_000 - own
    )
    assert rows["held_km2"].sum() == pytest.approx(
        gf.areas(history)["held_km2"].sum(), rel=0, abs=SUM_KM2
    )


def test_denominator_is_the_part_of_the_coverage(box_snapshot) -> None:
    coverage = (37.3, 48.2, 37.6, 48.6)
    history = gf.History(
        [box_snapshot((37.4, 48.2, 37.6, 48.6), None, coverage=coverage)]
    )
    rows = gf.areas(history, by=regions({"west": WEST, "east": EAST}))
    frame = shapely.box(*coverage)
    assert rows["region"].to_list() == ["west", "east", "elsewhere"][:2]
    assert rows["denominator_km2"].to_list() == pytest.approx(
        [area_km2(frame & WEST), area_km2(frame & EAST)]
    )
    assert rows["occupied_share"].to_list() == pytest.approx([0.5, 1.0])


def test_regions_outside_the_coverage_are_left_out(
    example: gf.History,
) -> None:
    for table in (gf.areas, gf.deltas):
        rows = table(example, every="all", by=gf.oblasts())
        assert rows["region"].to_list() == ["Donetsk", "Luhansk", "Kharkiv"]


def test_water_that_no_outline_holds_is_elsewhere_s(box_snapshot) -> None:
    # The land is covered, but its outlines measure less than is official.
    by = gf.oblasts().drop(columns="official_km2")
    history = gf.History([box_snapshot((38, 48, 39, 49), (37.9, 48, 38, 49))])
    rows = gf.areas(history, by=by)
    assert rows["region"].iloc[-1] == "elsewhere"
    assert rows["denominator_km2"].iloc[-1] == pytest.approx(
        OFFICIAL_AREA_KM2 - area_km2(gf.territory()), abs=0.01
    )
    whole = numbers(gf.areas(history)).iloc[0]
    np.testing.assert_allclose(
        numbers(rows).sum(), whole, rtol=0, atol=SUM_KM2
    )


# ---- the land


def land_of(history: gf.History, by: gpd.GeoDataFrame) -> pd.DataFrame:
    return gf.areas(history, by=by).set_index("region")


def test_figures_of_the_land_leave_the_sea_out(box_snapshot) -> None:
    coast = shapely.box(33.5, 44.35, 34.5, 44.8)
    rows = land_of(
        gf.History([box_snapshot(coast.bounds, (34.5, 44.35, 34.6, 44.8))]),
        gf.oblasts(),
    )
    outlines = gf.oblasts().set_index("region").geometry
    land_km2 = area_km2(outlines.to_numpy())
    np.testing.assert_allclose(rows["land_km2"], land_km2, atol=1e-3)
    assert rows["land_km2"].sum() == pytest.approx(
        area_km2(gf.territory()), abs=SUM_KM2
    )
    crimea = rows.loc["Crimea"]
    dry_km2 = area_km2(coast & outlines["Crimea"])
    assert dry_km2 < 0.8 * crimea["occupied_km2"]
    assert crimea["occupied_land_share"] == pytest.approx(
        dry_km2 / crimea["land_km2"], abs=1e-9
    )
    grey = shapely.box(34.5, 44.35, 34.6, 44.8) & outlines["Crimea"]
    assert crimea["held_land_km2"] == pytest.approx(
        crimea["land_km2"] - dry_km2 - area_km2(grey), abs=1e-3
    )
    assert rows.loc["Lviv", "occupied_land_share"] == 0


def test_held_land_is_never_less_than_nothing(box_snapshot) -> None:
    far_around = (32.0, 44.0, 37.0, 46.3)
    rows = land_of(gf.History([box_snapshot(far_around)]), gf.oblasts())
    for city in ("Crimea", "Sevastopol"):
        assert rows.loc[city, "held_km2"] < 0
        assert rows.loc[city, "held_land_km2"] == pytest.approx(0, abs=1e-3)
        assert rows.loc[city, "occupied_land_share"] == pytest.approx(1)


def test_land_within_the_coverage_counts(box_snapshot) -> None:
    coverage = (33.5, 44.2, 34.5, 44.8)
    occupied = (33.5, 44.2, 34.0, 44.8)
    history = gf.History([box_snapshot(occupied, coverage=coverage)])
    row = land_of(history, gf.oblasts()).loc["Crimea"]
    outline = gf.oblasts().set_index("region").geometry["Crimea"]
    land = outline & shapely.box(*coverage)
    assert row["land_km2"] == pytest.approx(area_km2(land), abs=1e-3)
    assert row["occupied_land_share"] == pytest.approx(
        area_km2(land & shapely.box(*occupied)) / area_km2(land), abs=1e-6
    )


def test_held_land_is_null_without_a_grey_zone() -> None:
    moment = dt.datetime(2025, 2, 24, tzinfo=dt.UTC)
    bare = gf.Snapshot("test", moment, [shapely.box(38, 48, 39, 49)])
    rows = land_of(gf.History([bare]), gf.oblasts())
    assert rows["held_land_km2"].isna().all()
    assert rows.loc["Donetsk", "occupied_land_share"] > 0


def test_abroad_is_no_land(box_snapshot) -> None:
    abroad = gf.History([box_snapshot((44.0, 48.1, 44.1, 48.2))])
    last = gf.areas(abroad, by=gf.oblasts()).iloc[-1]
    assert (last["region"], last["land_km2"]) == ("elsewhere", 0)
    assert pd.isna(last["occupied_land_share"])


# ---- regions that a caller gives


def test_rows_of_one_code_are_one_region(box_snapshot) -> None:
    by = gpd.GeoDataFrame(
        {"region": ["a", "a", "b"], "region_id": ["1", "1", "2"]},
        geometry=[WEST, shapely.box(36, 48, 36.5, 49), EAST],
        crs="OGC:CRS84",
    )
    rows = gf.areas(gf.History([box_snapshot((36, 48, 38, 49))]), by=by)
    assert rows["region_id"].to_list()[:2] == ["1", "2"]
    assert rows["occupied_km2"][0] > 1.9 * rows["occupied_km2"][1]


def test_regions_that_overlap_are_told(example: gf.History) -> None:
    by = regions({"west": WEST, "wide": shapely.box(37.2, 48, 38, 49)})
    with pytest.warns(gf.GeofrontWarning, match="1 pair of regions overlap"):
        gf.areas(example, every="all", by=by)


@pytest.mark.parametrize(
    ("by", "error", "told"),
    [
        ("raions.gpkg", TypeError, r"found a str: gf\.load_regions\(path\)"),
        (
            gpd.GeoDataFrame({"a": [1]}, geometry=[WEST], crs="OGC:CRS84"),
            gf.InvalidBoundaryError,
            "expected a name in the column region .* the columns a, geometry",
        ),
        (
            gpd.GeoDataFrame({"region": ["a"]}, geometry=[WEST]),
            gf.InvalidBoundaryError,
            "declares no reference system",
        ),
        (
            gpd.GeoDataFrame(
                {"region": ["a", "a"]}, geometry=[WEST, EAST], crs="OGC:CRS84"
            ),
            gf.InvalidBoundaryError,
            "several rows called a: expected names that differ",
        ),
        (
            regions({"elsewhere": WEST}),
            gf.InvalidBoundaryError,
            "a region called elsewhere",
        ),
        (
            regions({"a": shapely.Point(37, 48)}),
            gf.InvalidBoundaryError,
            "holds no areas",
        ),
    ],
)
@pytest.mark.parametrize("table", [gf.areas, gf.deltas])
def test_what_are_no_regions_is_told(
    table, by: object, error: type[Exception], told: str, example: gf.History
) -> None:
    with pytest.raises(error, match=told):
        table(example, by=by)


def test_regions_in_other_coordinates_are_brought_to_degrees(
    example: gf.History,
) -> None:
    known = gf.oblasts()
    there = gf.areas(example, every="all", by=known.to_crs("EPSG:6381"))
    here = gf.areas(example, every="all", by=known)
    np.testing.assert_allclose(numbers(there), numbers(here), atol=1e-3)


def test_split_survives_the_way_to_another_process() -> None:
    split = split_by(random_cells(3, 6))
    again = pickle.loads(pickle.dumps(split))
    faces = shapely.get_parts(shapely.box(*np.array([[38, 48, 39, 49]]).T))
    assert (again.areas_km2(faces) == split.areas_km2(faces)).all()


@LAW
@given(drawn=several)
def test_areas_of_pieces_do_not_depend_on_their_company(drawn):
    split = split_by(REGIONS["cells"]())
    items = np.array([None, *drawn], dtype=object)[1:]
    together = split.areas_km2(items)
    for item, row in zip(items, together, strict=True):
        alone = split.areas_km2(np.array([item], dtype=object))
        assert (alone == row).all()
