"""Two sources against each other: figures, polygons, settlements, maps."""

import datetime as dt
import html
import io
import itertools
import json
import pickle
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from laws.test_laws import LAW, any_snapshots, snapshots
from matplotlib.text import Text
from shapely import affinity
from shapely.geometry.base import BaseGeometry

import geofront as gf
from geofront import charts
from geofront._cells import WORLD, cut_ground
from geofront.cli import main
from geofront.days import kyiv_date
from geofront.geodesy import area_km2, length_km
from geofront.geography import OFFICIAL_AREA_KM2, territory
from geofront.maps import palette
from geofront.maps.disputes import Dispute, disputes_page
from geofront.records import (
    AGREEMENT,
    DISPUTED,
    REGION,
    SETTLEMENTS_DISPUTED,
)

SUM_KM2 = 1e-6
GEOD = pyproj.Geod(ellps="WGS84")
DAY = "2025-02-24"
OCCUPIED, GREY, HELD = "occupied", "grey_zone", "held"

Box = tuple[float, float, float, float]


def snapshot(
    source: str,
    occupied: Iterable[Box] | BaseGeometry,
    grey_zone: Iterable[Box] | None = None,
    *,
    at: str = "2025-02-24T20:00:00",
    coverage: Box | None = None,
) -> gf.Snapshot:
    def areas(boxes: Iterable[Box]) -> list[BaseGeometry]:
        return [shapely.box(*box) for box in boxes]

    drawn = occupied if isinstance(occupied, BaseGeometry) else areas(occupied)
    return gf.Snapshot(
        source,
        dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC),
        drawn,
        None if grey_zone is None else areas(grey_zone),
        coverage=None if coverage is None else shapely.box(*coverage),
    )


def history(*given: object, **options: object) -> gf.History:
    """History of one snapshot."""
    return gf.History([snapshot(*given, **options)])  # type: ignore[arg-type]


def dated(item: gf.Snapshot, source: str) -> gf.History:
    """A snapshot as another source's, on the day of the tests."""
    return gf.History(
        [
            gf.Snapshot(
                source,
                dt.datetime(2025, 2, 24, 20, tzinfo=dt.UTC),
                item.drawn("occupied"),
                item.drawn("grey_zone"),
                coverage=item.coverage,
            )
        ]
    )


def row_of(a: gf.History, b: gf.History, **options: object) -> pd.Series:
    (row,) = gf.agreement(a, b, at=DAY, **options).to_dict("records")
    return pd.Series(row)


def near(value: float) -> object:
    return pytest.approx(value, rel=0, abs=SUM_KM2)


def box_km2(west: float, south: float, east: float, north: float) -> float:
    return area_km2(shapely.box(west, south, east, north))


# ---- figures, in closed form

WEST, MIDDLE, EAST = (
    (37.0, 48.0, 37.5, 48.5),
    (37.5, 48.0, 38.0, 48.5),
    (38.0, 48.0, 38.5, 48.5),
)


def test_figures_of_boxes() -> None:
    a, b = history("a", [WEST, MIDDLE]), history("b", [MIDDLE, EAST])
    row = row_of(a, b)
    size = box_km2(*WEST)
    assert row["a_occupied_b_not_km2"] == near(size)
    assert row["b_occupied_a_not_km2"] == near(size)
    assert row["both_occupied_km2"] == near(size)
    assert row["disputed_km2"] == near(2 * size)
    assert row["jaccard_occupied"] == pytest.approx(1 / 3, abs=1e-12)
    assert row["agreed_drawn_share"] == row["jaccard_occupied"]
    assert row["agreed_share"] == pytest.approx(
        1 - row["disputed_km2"] / OFFICIAL_AREA_KM2, abs=1e-15
    )
    assert row["denominator_km2"] == OFFICIAL_AREA_KM2
    assert not row["grey_zone_compared"]
    # All of it is far from coast and border.
    assert row["disputed_land_km2"] == near(2 * size)
    assert row["jaccard_occupied_land"] == pytest.approx(1 / 3, abs=1e-12)
    assert row["land_km2"] == near(area_km2(territory()))


def test_three_states_where_both_draw_a_grey_zone() -> None:
    a = history("a", [WEST], [MIDDLE])
    b = history("b", [MIDDLE], [EAST])
    row = row_of(a, b)
    size = box_km2(*WEST)
    assert row["grey_zone_compared"]
    told = {
        name: row[name]
        for name in row.index
        if name.startswith(("a_", "b_")) and name.endswith("_km2")
    }
    assert told == {
        "a_occupied_b_not_km2": near(size),
        "b_occupied_a_not_km2": near(size),
        "a_occupied_b_not_land_km2": near(size),
        "b_occupied_a_not_land_km2": near(size),
        "a_occupied_km2": near(size),
        "b_occupied_km2": near(size),
        "a_occupied_b_grey_zone_km2": near(0),
        "a_occupied_b_held_km2": near(size),
        "a_grey_zone_b_occupied_km2": near(size),
        "a_grey_zone_b_held_km2": near(0),
        "a_held_b_occupied_km2": near(0),
        "a_held_b_grey_zone_km2": near(size),
    }
    assert row["disputed_km2"] == near(3 * size)
    assert row["jaccard_occupied"] == 0.0
    assert row["agreed_drawn_share"] == 0.0


def test_agreed_grey_zone_counts_as_agreed() -> None:
    a = history("a", [WEST], [MIDDLE])
    b = history("b", [], [MIDDLE])
    row = row_of(a, b)
    assert row["agreed_drawn_share"] == pytest.approx(0.5, abs=1e-12)
    assert row["a_occupied_b_held_km2"] == near(box_km2(*WEST))


def test_two_states_where_one_draws_no_grey_zone() -> None:
    a = history("a", [WEST], [MIDDLE])
    b = history("b", [WEST, MIDDLE])
    row, back = row_of(a, b), row_of(b, a)
    size = box_km2(*WEST)
    assert not row["grey_zone_compared"]
    # The grey zone is not occupied: that is a dispute.  Held would be none.
    assert row["disputed_km2"] == near(size)
    assert row["a_grey_zone_b_occupied_km2"] == near(size)
    assert row["a_held_b_occupied_km2"] == near(0)
    assert back["a_occupied_b_grey_zone_km2"] == near(size)
    for name in (
        *("a_occupied_b_grey_zone_km2", "a_occupied_b_held_km2"),
        *("a_grey_zone_b_held_km2", "a_held_b_grey_zone_km2"),
    ):
        assert pd.isna(row[name])
    grey_only = row_of(a, history("b", [WEST]))
    assert grey_only["disputed_km2"] == 0.0
    assert grey_only["jaccard_occupied"] == 1.0


def test_nothing_on_either_map_has_no_jaccard() -> None:
    row = row_of(history("a", []), history("b", []))
    assert pd.isna(row["jaccard_occupied"])
    assert pd.isna(row["jaccard_occupied_land"])
    assert row["agreed_share"] == 1.0
    assert row["disputed_km2"] == 0.0


def test_sea_is_told_apart_from_land() -> None:
    at_sea = (36.5, 46.3, 36.7, 46.4)  # the Sea of Azov
    row = row_of(history("a", [WEST]), history("b", [WEST, at_sea]))
    assert row["disputed_km2"] == near(box_km2(*at_sea))
    assert row["disputed_land_km2"] == 0.0
    assert row["jaccard_occupied"] < 1.0
    assert row["jaccard_occupied_land"] == 1.0
    assert row["both_occupied_land_km2"] == near(box_km2(*WEST))


# ---- coverage


def test_only_the_common_coverage_counts() -> None:
    hand_drawn = history(
        "hand_drawn", [WEST], [], coverage=(37.0, 48.0, 38.0, 48.5)
    )
    whole = history("whole", [MIDDLE, EAST], [])
    row = row_of(hand_drawn, whole)
    size = box_km2(*WEST)
    assert row["denominator_km2"] == near(2 * size)
    assert row["land_km2"] == near(2 * size)
    assert row["b_occupied_km2"] == near(size)
    assert row["disputed_km2"] == near(2 * size)
    assert row["agreed_share"] == pytest.approx(0.0, abs=1e-9)


def test_two_coverages_are_compared_where_they_overlap() -> None:
    a = history("a", [WEST], [], coverage=(37.0, 48.0, 37.6, 48.5))
    b = history("b", [], [], coverage=(37.4, 48.0, 38.0, 48.5))
    row = row_of(a, b)
    assert row["denominator_km2"] == near(box_km2(37.4, 48.0, 37.6, 48.5))
    assert row["disputed_km2"] == near(box_km2(37.4, 48.0, 37.5, 48.5))


def test_no_common_ground_is_an_error() -> None:
    a = history("a", [WEST], [], coverage=WEST)
    b = history("b", [EAST], [], coverage=EAST)
    for ask in (
        lambda: gf.agreement(a, b),
        lambda: gf.disputed(a, b, DAY),
        lambda: gf.map_agreement(a, b, DAY),
    ):
        with pytest.raises(gf.InvalidBoundaryError, match="no ground in comm"):
            ask()


def test_a_coverage_that_changes_is_followed() -> None:
    a = gf.History(
        [
            snapshot("a", [WEST], [], coverage=cover, at=f"{day}T20:00:00")
            for day, cover in (("2025-02-23", WEST), ("2025-02-24", None))
        ]
    )
    b = gf.History(
        [
            snapshot("b", [EAST], [], at=f"{day}T20:00:00")
            for day in ("2025-02-23", "2025-02-24")
        ]
    )
    rows = gf.agreement(a, b)
    assert rows["denominator_km2"].tolist() == [
        near(box_km2(*WEST)),
        OFFICIAL_AREA_KM2,
    ]
    assert rows["disputed_km2"].tolist() == [
        near(box_km2(*WEST)),
        near(2 * box_km2(*WEST)),
    ]


# ---- laws

SWAPPED = {
    "a_occupied_b_not_km2": "b_occupied_a_not_km2",
    "a_occupied_km2": "b_occupied_km2",
    "a_occupied_b_not_land_km2": "b_occupied_a_not_land_km2",
    "a_occupied_b_grey_zone_km2": "a_grey_zone_b_occupied_km2",
    "a_occupied_b_held_km2": "a_held_b_occupied_km2",
    "a_grey_zone_b_held_km2": "a_held_b_grey_zone_km2",
}
SAME = [
    *("agreed_share", "jaccard_occupied", "disputed_km2", "denominator_km2"),
    *("agreed_drawn_share", "agreed_land_share", "jaccard_occupied_land"),
    *("both_occupied_km2", "both_occupied_land_km2", "disputed_land_km2"),
]


@LAW
@given(any_snapshots)
def test_a_map_agrees_with_itself(item: gf.Snapshot) -> None:
    row = row_of(dated(item, "a"), dated(item, "b"))
    assert row["disputed_km2"] == 0.0
    assert row["agreed_share"] == 1.0
    assert row["jaccard_occupied"] in (1.0, pytest.approx(np.nan, nan_ok=True))


@LAW
@given(snapshots(coverage=None), snapshots(grey=False, coverage=None))
def test_swapped_sources_swap_the_figures(
    one: gf.Snapshot, other: gf.Snapshot
) -> None:
    a, b = dated(one, "a"), dated(other, "b")
    row, back = row_of(a, b), row_of(b, a)
    for name in SAME:
        assert row[name] == pytest.approx(
            back[name], rel=1e-9, abs=SUM_KM2, nan_ok=True
        )
    for name, mirror in SWAPPED.items():
        for this, that in ((name, mirror), (mirror, name)):
            assert row[this] == pytest.approx(
                back[that], rel=0, abs=SUM_KM2, nan_ok=True
            )


@LAW
@given(any_snapshots, any_snapshots)
def test_what_only_one_maps_is_the_difference_of_the_areas(
    one: gf.Snapshot, other: gf.Snapshot
) -> None:
    a, b = dated(one, "a"), dated(other, "b")
    covers = [item.coverage for item in (one, other) if item.coverage]
    common = shapely.intersection_all(covers) if covers else WORLD
    if common.area < 1e-6:
        return
    row = row_of(a, b)
    areas = [area_km2(item.occupied & common) for item in (one, other)]
    assert row["a_occupied_km2"] == near(areas[0])
    assert row["b_occupied_km2"] == near(areas[1])
    only_a, only_b = row["a_occupied_b_not_km2"], row["b_occupied_a_not_km2"]
    assert only_a - only_b == near(areas[0] - areas[1])


@LAW
@given(snapshots(coverage=None), snapshots(coverage=None))
def test_figures_are_those_of_plain_intersections(
    one: gf.Snapshot, other: gf.Snapshot
) -> None:
    row = row_of(dated(one, "a"), dated(other, "b"))
    ground = {
        "a_occupied_b_grey_zone_km2": one.occupied & other.grey_zone,
        "a_occupied_b_held_km2": one.occupied
        - other.occupied
        - other.grey_zone,
        "a_grey_zone_b_occupied_km2": one.grey_zone & other.occupied,
        "a_grey_zone_b_held_km2": one.grey_zone
        - other.occupied
        - other.grey_zone,
        "both_occupied_km2": one.occupied & other.occupied,
    }
    for name, expected in ground.items():
        assert row[name] == near(area_km2(expected))
    both = area_km2(one.occupied & other.occupied)
    either = area_km2(one.occupied | other.occupied)
    if either:
        assert row["jaccard_occupied"] == pytest.approx(both / either)


@LAW
@given(
    snapshots(coverage=None),
    snapshots(coverage=None),
    st.floats(-0.2, 0.2, allow_nan=False),
)
def test_moving_both_maps_east_changes_nothing(
    one: gf.Snapshot, other: gf.Snapshot, east: float
) -> None:
    def moved(item: gf.Snapshot, source: str) -> gf.History:
        parts = [
            [affinity.translate(part, east) for part in item.drawn(state)]
            for state in (OCCUPIED, GREY)
        ]
        return dated(
            gf.Snapshot("law", item.published_at, *parts, coverage=None),
            source,
        )

    here = row_of(dated(one, "a"), dated(other, "b"))
    there = row_of(moved(one, "a"), moved(other, "b"))
    for name in ("disputed_km2", "both_occupied_km2", "a_occupied_b_held_km2"):
        assert here[name] == pytest.approx(there[name], rel=0, abs=1e-5)


@pytest.mark.parametrize("grown", [0.05, 0.2, 0.5, 1.0])
def test_the_further_one_map_reaches_the_less_they_agree(grown: float) -> None:
    a = history("a", [WEST])
    shares = [
        row_of(a, history("b", [(37.0, 48.0, 37.5 + more, 48.5)]))
        for more in (0.0, grown, grown + 0.01)
    ]
    for before, after in itertools.pairwise(shares):
        assert after["jaccard_occupied"] < before["jaccard_occupied"]
        assert after["agreed_share"] < before["agreed_share"]
        assert after["disputed_km2"] > before["disputed_km2"]
        assert after["a_occupied_b_not_km2"] == 0.0


@LAW
@given(any_snapshots, any_snapshots, st.sampled_from(["oblasts", "halves"]))
def test_regions_sum_to_the_whole(
    one: gf.Snapshot, other: gf.Snapshot, by: str
) -> None:
    a, b = dated(one, "a"), dated(other, "b")
    covers = [item.coverage for item in (one, other) if item.coverage]
    if len(covers) == 2 and not shapely.intersection_all(covers).area > 1e-6:
        return
    regions = gf.oblasts()
    if by == "halves":
        regions = gpd.GeoDataFrame(
            {"region": ["west", "east"]},
            geometry=[
                shapely.box(38, 48, 38.4, 49),
                shapely.box(38.4, 48, 39, 49),
            ],
            crs="OGC:CRS84",
        )
    whole = row_of(a, b)
    parts = gf.agreement(a, b, at=DAY, by=regions)
    for name in whole.index:
        if name.endswith("_km2"):
            assert parts[name].sum() == pytest.approx(
                0.0 if pd.isna(whole[name]) else whole[name],
                rel=0,
                abs=SUM_KM2,
            )


def test_regions_are_named_and_have_their_own_shares() -> None:
    a, b = history("a", [WEST, MIDDLE]), history("b", [MIDDLE])
    rows = gf.agreement(a, b, at=DAY, by=gf.oblasts())
    assert list(rows) == [*list(AGREEMENT)[:3], *REGION, *list(AGREEMENT)[3:]]
    told = rows.set_index("region")
    assert len(told) == 27
    donetsk = told.loc["Donetsk"]
    assert 0 < donetsk["jaccard_occupied"] < 1
    assert donetsk["denominator_km2"] == 26_517.0
    assert pd.isna(told.loc["Lviv", "jaccard_occupied"])
    assert told.loc["Lviv", "agreed_share"] == 1.0


def test_regions_outside_the_coverage_are_left_out() -> None:
    a = history("a", [WEST], [], coverage=(37.0, 48.0, 38.0, 48.5))
    rows = gf.agreement(a, history("b", [EAST], []), at=DAY, by=gf.oblasts())
    assert set(rows["region"]) == {"Donetsk"}


# ---- days


def series(
    source: str, *moments: str, shift: float = 0.0, **options: object
) -> gf.History:
    """Maps whose occupied box grows from one to the next."""
    return gf.History(
        [
            snapshot(
                source,
                [(37.0 + shift, 48.0, 37.5 + number / 10, 48.5)],
                at=moment,
                **options,  # type: ignore[arg-type]
            )
            for number, moment in enumerate(moments)
        ]
    )


def test_a_row_a_day_says_which_maps_were_compared() -> None:
    a = series("a", "2025-02-20T20:00:00", "2025-02-22T20:00:00")
    b = series("b", "2025-02-21T03:00:00", "2025-02-22T21:00:00")
    rows = gf.agreement(a, b)
    assert [f"{day:%m-%d}" for day in rows["date"]] == ["02-21", "02-22"]
    assert rows["a_carried"].tolist() == [True, False]
    assert rows["b_carried"].tolist() == [False, False]
    assert rows["a_snapshot"].tolist() == [item.id for item in a]
    assert rows["b_published_at"].tolist() == [
        pd.Timestamp(item.published_at) for item in b
    ]
    assert rows.attrs["source"] == ["a", "b"]
    assert rows.attrs["snapshots"] == sorted(item.id for item in [*a, *b])
    assert "1 of 2 comparisons a map is carried" in rows.attrs["note"]


def test_one_day_is_the_row_of_the_series() -> None:
    days = [f"2025-02-{day}T20:00:00" for day in range(10, 20)]
    a, b = series("a", *days), series("b", *days[::2])
    whole = gf.agreement(a, b).set_index("date")
    alone = gf.agreement(a, b, at="2025-02-15").set_index("date")
    pd.testing.assert_frame_equal(
        whole.loc[alone.index], alone, rtol=0, atol=SUM_KM2
    )


@pytest.mark.parametrize("every", ["day", "week", "month", "all", "snapshot"])
def test_cadences(every: str) -> None:
    days = pd.date_range("2025-01-28", "2025-02-12")
    moments = [f"{day:%Y-%m-%d}T20:00:00" for day in days]
    a, b = series("a", *moments), series("b", *moments[2:])
    rows = gf.agreement(a, b, every=every)  # type: ignore[arg-type]
    ends = {
        "day": [f"{day:%Y-%m-%d}" for day in days[2:]],
        "snapshot": [f"{day:%Y-%m-%d}" for day in days[2:]],
        "week": ["2025-02-02", "2025-02-09", "2025-02-12"],
        "month": ["2025-01-31", "2025-02-12"],
        "all": ["2025-02-12"],
    }
    found = [f"{day:%Y-%m-%d}" for day in rows["date"]]
    assert found == ends[every]


def test_every_snapshot_of_either_is_a_row() -> None:
    a = series("a", "2025-02-20T10:00:00", "2025-02-20T18:00:00")
    b = series("b", "2025-02-20T12:00:00", "2025-02-20T20:00:00")
    rows = gf.agreement(a, b, every="snapshot")
    compared = zip(rows["a_snapshot"], rows["b_snapshot"], strict=True)
    assert list(compared) == [
        (a[0].id, b[0].id),
        (a[1].id, b[0].id),
        (a[1].id, b[1].id),
    ]


def test_old_maps_are_not_set_against_new_ones() -> None:
    a = series(
        "a", "2025-02-01T20:00:00", "2025-02-10T20:00:00", "2025-02-11T20:00"
    )
    days = [f"2025-02-{day:02}T20:00:00" for day in range(1, 12)]
    rows = gf.agreement(a, series("b", *days))
    # The first is 72 hours old at 22:00 on 4 February, and no longer counts.
    assert [day.day for day in rows["date"]] == [1, 2, 3, 10, 11]
    assert (
        "left out 6 days from 2025-02-04 to 2025-02-09" in (rows.attrs["note"])
    )
    with pytest.raises(gf.MissingDateError, match="last 72 hours"):
        gf.agreement(a, series("b", *days), at="2025-02-06")
    with pytest.raises(gf.MissingDateError, match="last 72 hours"):
        gf.disputed(a, series("b", *days), "2025-02-06")


def test_sources_without_a_common_day() -> None:
    a = series("a", "2022-04-03T20:00:00", "2024-07-08T20:00:00")
    with pytest.raises(gf.MissingDateError, match=r"a \(2022-04-03 to 2024"):
        gf.agreement(a, series("b", "2023-06-01T20:00:00"))
    with pytest.raises(gf.MissingDateError, match="no day is common"):
        gf.agreement(a, series("b", "2025-01-01T20:00:00"))
    with pytest.raises(gf.MissingDateError, match="b has nothing for"):
        gf.agreement(a, series("b", "2024-07-08T20:00:00"), at="2022-04-03")


def test_each_source_is_compared_with_each() -> None:
    days = ["2025-02-20T20:00:00", "2025-02-21T20:00:00"]
    sources = [series(name, *days) for name in "abc"]
    rows = gf.agreement(*sources)
    assert [*zip(rows["a"], rows["b"], strict=True)] == [
        *[("a", "b")] * 2,
        *[("a", "c")] * 2,
        *[("b", "c")] * 2,
    ]
    alone = gf.agreement(sources[1], sources[2])
    pd.testing.assert_frame_equal(rows[4:].reset_index(drop=True), alone)


def test_calls_that_cannot_be_answered() -> None:
    a = history("a", [WEST])
    with pytest.raises(TypeError, match="a day goes by at="):
        gf.agreement(a, a, DAY)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="takes histories, found a Snapshot"):
        gf.agreement(a, a[0])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at= goes without"):
        gf.agreement(a, a, at=DAY, since=DAY)
    with pytest.raises(ValueError, match="is no cadence"):
        gf.agreement(a, a, every="hour")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="by= takes regions"):
        gf.agreement(a, a, by="oblast")  # type: ignore[arg-type]


def test_workers_give_the_same_to_the_last_bit() -> None:
    days = pd.date_range("2024-12-01", "2025-01-20")
    moments = [f"{day:%Y-%m-%d}T20:00:00" for day in days]
    a, b = series("a", *moments), series("b", *moments[::3])
    here = gf.agreement(a, b)
    with ThreadPoolExecutor(2) as pool:
        there = gf.agreement(a, b, executor=pool)
    pd.testing.assert_frame_equal(here, there, check_exact=True)


def test_fields_are_the_records() -> None:
    rows = gf.agreement(history("a", [WEST]), history("b", [EAST]))
    assert list(rows) == list(AGREEMENT)
    assert pickle.loads(pickle.dumps(rows)).attrs == rows.attrs
    for name, field in AGREEMENT.items():
        assert rows[name].dtype == field.dtype or field.dtype == "str"


# ---- ground


@pytest.mark.parametrize("coverage", [None, shapely.box(30, 45, 40, 50)])
@pytest.mark.parametrize("fine", [True, False])
def test_cells_cover_all_ground_once(
    coverage: BaseGeometry | None, fine: bool
) -> None:
    tiles = np.array(
        [shapely.box(-180, -90, 36, 90), shapely.box(36, -90, 180, 90)],
        dtype=object,
    )
    cells = cut_ground(tiles, coverage, fine=fine)
    ground = WORLD if coverage is None else coverage
    whole, land = cells.sizes_km2(2)
    assert whole.sum() == pytest.approx(area_km2(ground), rel=1e-12)
    assert land.sum() == pytest.approx(
        area_km2(ground & territory()), abs=1e-6
    )
    union = shapely.union_all(cells.areas)
    assert area_km2(union) == pytest.approx(whole.sum(), rel=1e-12)
    assert (len(cells.areas) > 50) == fine


# ---- polygons


def by_states(polygons: gpd.GeoDataFrame) -> dict[tuple[str, str], float]:
    sums = polygons.groupby(["a_state", "b_state"])["area_km2"].sum()
    return {tuple(states): size for states, size in sums.items()}


def test_polygons_say_who_says_what() -> None:
    a = history("a", [WEST], [MIDDLE])
    polygons = gf.disputed(a, history("b", [MIDDLE], []), DAY)
    size = box_km2(*WEST)
    assert by_states(polygons) == {
        (OCCUPIED, HELD): near(size),
        (GREY, OCCUPIED): near(size),
    }
    polygons = gf.disputed(a, history("b", [MIDDLE]), DAY)
    assert by_states(polygons) == {
        (OCCUPIED, "not_occupied"): near(size),
        (GREY, OCCUPIED): near(size),
    }
    assert list(polygons) == [*DISPUTED, "geometry"]
    assert polygons.crs.equals("OGC:CRS84", ignore_axis_order=True)
    assert polygons["on_land"].all()
    inner = shapely.points(polygons[["longitude", "latitude"]])
    assert shapely.contains(polygons.geometry.to_numpy(), inner).all()


@LAW
@given(any_snapshots, any_snapshots)
def test_polygons_sum_to_the_figures(
    one: gf.Snapshot, other: gf.Snapshot
) -> None:
    a, b = dated(one, "a"), dated(other, "b")
    try:
        row = row_of(a, b)
    except gf.InvalidBoundaryError:
        return
    polygons = gf.disputed(a, b, DAY)
    assert polygons.is_valid.all()
    assert (polygons.geom_type == "Polygon").all()
    assert polygons["area_km2"].is_monotonic_decreasing
    assert polygons["area_km2"].sum() == near(row["disputed_km2"])
    land = polygons[polygons["on_land"]]
    assert land["area_km2"].sum() == near(row["disputed_land_km2"])
    union = area_km2(polygons.geometry.union_all())
    assert polygons["area_km2"].sum() == near(union)


def test_polygons_are_cut_at_the_coast() -> None:
    coast = (36.5, 46.5, 36.9, 47.0)  # Berdiansk and its bay
    polygons = gf.disputed(history("a", [coast]), history("b", []), DAY)
    ground = {
        on_land: rows.geometry.union_all()
        for on_land, rows in polygons.groupby("on_land")
    }
    box = shapely.box(*coast)
    assert area_km2(ground[True] ^ (box & territory())) == near(0)
    assert area_km2(ground[False] ^ (box - territory())) == near(0)


def test_strips_are_kept_and_counted() -> None:
    strip = (37.5, 48.0, 37.5001, 48.5)  # 7.4 m wide
    a, b = history("a", [WEST, EAST]), history("b", [WEST, strip])
    polygons = gf.disputed(a, b, DAY)
    assert len(polygons) == 2
    narrow = polygons.iloc[1]
    assert narrow["area_km2"] == near(box_km2(*strip))
    width = 2000 * area_km2(narrow.geometry) / length_km(narrow.geometry)
    assert narrow["mean_width_m"] == pytest.approx(width)
    assert 7 < width < 8
    assert (
        "1 of them, 0.4 km², are less than 100 m wide"
        in (polygons.attrs["note"])
    )


def test_no_dispute_is_an_empty_table() -> None:
    a = history("a", [WEST])
    polygons = gf.disputed(a, history("b", [WEST]), DAY)
    assert len(polygons) == 0
    assert list(polygons) == [*DISPUTED, "geometry"]
    assert "0 polygons of 0.0 km²" in polygons.attrs["note"]


# ---- settlements


def centres() -> pd.DataFrame:
    known = gf.settlements()
    return known[known["longitude"].notna()]


def listed(rows: pd.DataFrame) -> set[str]:
    return set(rows["place_id"])


def within(box: Box) -> set[str]:
    """Codes of settlements whose centre is in a box, by comparison."""
    west, south, east, north = box
    rows = centres()
    inside = rows["longitude"].between(west, east) & rows["latitude"].between(
        south, north
    )
    return set(rows[inside]["place_id"])


def test_settlements_are_those_whose_centre_differs() -> None:
    a = history("a", [WEST], [MIDDLE])
    b = history("b", [MIDDLE], [EAST])
    rows = gf.settlements_disputed(a, b, DAY)
    assert listed(rows) == within(WEST) | within(MIDDLE) | within(EAST)
    states = {
        (row.a_state, row.b_state): box
        for row, box in (
            (row, box)
            for row in rows.itertuples()
            for box in (WEST, MIDDLE, EAST)
            if row.place_id in within(box)
        )
    }
    assert states == {
        (OCCUPIED, HELD): WEST,
        (GREY, OCCUPIED): MIDDLE,
        (HELD, GREY): EAST,
    }
    assert list(rows) == list(SETTLEMENTS_DISPUTED)
    people = rows["population_reference"].fillna(0)
    assert people.is_monotonic_decreasing


def test_settlements_without_a_grey_zone() -> None:
    a = history("a", [WEST], [MIDDLE])
    rows = gf.settlements_disputed(a, history("b", [MIDDLE]), DAY)
    assert listed(rows) == within(WEST) | within(MIDDLE)
    west = rows[rows["place_id"].isin(within(WEST))]
    assert west["b_state"].isna().all()
    assert west["b_grey_zone_share"].isna().all()
    # What is grey on one map and not occupied on the other is no dispute.
    quiet = gf.settlements_disputed(a, history("b", [WEST]), DAY)
    assert listed(quiet) == set()


def test_shares_of_settlements_are_those_of_their_status() -> None:
    a, b = history("a", [WEST], [MIDDLE]), history("b", [MIDDLE], [EAST])
    rows = gf.settlements_disputed(a, b, DAY, places=["Toretsk", "Siversk"])
    for row in rows.itertuples():
        for side, source in (("a", a), ("b", b)):
            (status,) = gf.place_status(
                source, row.place_id, every="all"
            ).itertuples()
            assert getattr(row, f"{side}_state") == status.state
            assert getattr(row, f"{side}_occupied_share") == pytest.approx(
                status.occupied_share
            )
    assert "of the 29,703 registered settlements" in rows.attrs["note"]
    assert rows.attrs["note"].startswith(f"{a.source} and {b.source}: ")


def test_settlements_outside_a_coverage_are_not_listed() -> None:
    a = history("a", [], [], coverage=MIDDLE)
    rows = gf.settlements_disputed(a, history("b", [WEST, MIDDLE]), DAY)
    assert listed(rows) == within(MIDDLE)


# ---- maps


def text_of(layer: folium.FeatureGroup) -> str:
    """Text of a layer's panel, its markup taken out."""
    (panel,) = (
        child for child in layer._children.values() if hasattr(child, "html")
    )
    return html.unescape(re.sub("<[^>]*>", "\n", panel.html))


def drawn_km2(layer: folium.FeatureGroup) -> dict[str, float]:
    """Area of what a layer draws, by the name of it."""
    found: dict[str, float] = {}
    for child in layer._children.values():
        if isinstance(child, folium.GeoJson):
            ground = shapely.geometry.shape(
                child.data["features"][0]["geometry"]
            )
            size = found.get(child.layer_name, 0.0)
            found[child.layer_name] = size + area_km2(ground)
    return found


def test_a_map_shows_and_tells_who_maps_what() -> None:
    at_sea = (36.5, 46.3, 36.7, 46.4)
    a = history("one", [WEST], [MIDDLE])
    b = history("other", [MIDDLE, at_sea], [EAST])
    layer = gf.map_agreement(a, b, DAY)
    text = " ".join(text_of(layer).split())
    size = box_km2(*WEST)
    told = f"{size:,.1f} km²"
    assert f"only one maps as occupied: {told}" in text
    assert f"only other maps as occupied: {told}" in text
    assert f"grey zone on one map only: {told}" in text
    assert "both map as occupied: 0.0 km²" in text
    assert (
        f"Of what only other maps as occupied, {told} are grey zone on the "
        "map of one." in text
    )
    assert f"Off the land, {box_km2(*at_sea):,.1f} km² differ" in text
    assert "one: one, 2025-02-24 20:00 UTC." in text
    shown = drawn_km2(layer)
    for name in ("only one maps as occupied", "only other maps as occupied"):
        assert shown[name] == pytest.approx(size, rel=1e-3)


def test_a_map_says_what_is_carried_and_not_compared() -> None:
    a = series("one", "2025-02-23T20:00:00")
    b = series("other", "2025-02-24T20:00:00", grey_zone=[EAST])
    text = " ".join(text_of(gf.map_agreement(a, b, DAY)).split())
    assert "one, 2025-02-23 20:00 UTC, carried forward." in text
    assert "No grey zone on the map of one" in text
    assert "grey zone on one map only" not in text


def test_strips_are_drawn_without_a_rim() -> None:
    strip = (37.5, 48.0, 37.5001, 48.5)
    layer = gf.map_agreement(
        history("one", [WEST]), history("other", [WEST, strip]), DAY
    )
    text = " ".join(text_of(layer).split())
    assert "0.4 km² lie in 1 strip less than 100 m wide" in text
    paths = [
        child.style_function(child.data["features"][0])
        for child in layer._children.values()
        if isinstance(child, folium.GeoJson)
        and child.layer_name.startswith("only")
    ]
    assert [path["weight"] for path in paths] == [0]


def test_a_map_of_agreement_goes_on_any_page(tmp_path: Path) -> None:
    a = history("one", [WEST], [MIDDLE])
    layer = gf.map_agreement(a, history("other", [MIDDLE], []), DAY)
    page = gf.FrontMap(a).map
    layer.add_to(page)
    page.save(str(tmp_path / "page.html"))
    text = (tmp_path / "page.html").read_text()
    for pattern in palette.DISPUTE_IDS.values():
        assert text.count(f'<pattern id="{pattern}"') == 1


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def test_the_two_sides_differ_without_colour() -> None:
    assert luminance(palette.B_ONLY) - luminance(palette.A_ONLY) > 0.4


def test_a_picture_says_what_it_shows() -> None:
    a, b = history("one", [WEST, MIDDLE]), history("other", [MIDDLE])
    drawn = charts.agreement_map(a, b, DAY)
    size = f"{box_km2(*WEST):,.1f}"
    words = charts.alt_text(drawn)
    assert words.startswith("Where the sources differ, 24 February 2025: ")
    assert f"only one maps as occupied: {size}\N{NO-BREAK SPACE}km²" in words
    texts = [item.get_text() for item in drawn.findobj(Text)]
    share = f"{box_km2(*MIDDLE) / box_km2(37, 48, 38, 48.5):.2%}"
    assert any(text.startswith(f"In all, {share}") for text in texts)
    keys = [text for text in texts if "occupied:" in text]
    assert len(keys) == 2
    note = " ".join(max(texts, key=len).split())
    assert "No grey zone on the map of one and other" in note
    assert "2025-02-24" in note
    alike = charts.agreement_map(history("one", []), history("two", []), DAY)
    assert "Neither maps occupied land" in {
        item.get_text() for item in alike.findobj(Text)
    }


def test_a_picture_takes_bounds_and_places_as_other_maps_do() -> None:
    a, b = history("one", [WEST, MIDDLE]), history("other", [MIDDLE])
    drawn = charts.agreement_map(
        a, b, DAY, bounds=(37, 48, 39, 49), places="Siversk"
    )
    assert drawn.axes[0].get_xlim() == (37, 39)
    assert "Siversk" in {item.get_text() for item in drawn.findobj(Text)}
    with pytest.raises(ValueError, match=r"expected \(west, south, east"):
        charts.agreement_map(a, b, DAY, bounds=(39, 48, 37, 49))
    with pytest.raises(ValueError, match="expected inches"):
        charts.agreement_map(a, b, DAY, width=0.4)


def test_a_page_computes_the_dispute_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    on = Dispute.on

    def counting(a: gf.History, b: gf.History, day: str) -> Dispute:
        asked.append(day)
        return on(a, b, day)

    monkeypatch.setattr(Dispute, "on", counting)
    a, b = history("one", [WEST, MIDDLE]), history("other", [MIDDLE])
    disputes_page(a, b, DAY)
    assert asked == [DAY]


# ---- the command line


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Store of three sources: with a grey zone, without, and hand-drawn."""
    place = tmp_path_factory.mktemp("agreement") / "store"
    days = [f"2025-02-{day}T20:00:00" for day in range(20, 25)]
    for item in (
        series("one", *days, grey_zone=[EAST]),
        series("other", *days[:-1], shift=0.05),
        series("third", *days, coverage=(37.0, 48.0, 38.0, 48.5)),
    ):
        gf.Store(place).append(item)
    return place


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(
        main, ["agreement", *(str(item) for item in arguments)]
    )
    if result.exception is not None:
        assert isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def done(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_command_prints_the_series(store: Path) -> None:
    printed = done(store, "--sources", "one,other", "--format", "json")
    expected = gf.agreement(
        *(gf.Store(store).open(n) for n in ("one", "other"))
    )
    rows = json.loads(printed)
    assert [row["date"] for row in rows] == [
        f"2025-02-{day}" for day in (20, 21, 22, 23)
    ]
    assert set(rows[0]) == set(AGREEMENT)
    assert rows[-1]["disputed_km2"] == expected["disputed_km2"].iloc[-1]
    assert rows[0]["a_occupied_b_held_km2"] is None


def test_command_compares_each_with_each(store: Path) -> None:
    result = run(store, "--at", "2025-02-23")
    lines = result.stdout.splitlines()
    assert [line.split()[1:3] for line in lines[1:]] == [
        ["one", "other"],
        ["one", "third"],
        ["other", "third"],
    ]
    assert "jaccard_occupied_land" in lines[0]
    shares = gf.agreement(
        *(gf.Store(store).open(name) for name in ("one", "other")),
        at="2025-02-23",
    )["jaccard_occupied_land"]
    assert f"{shares[0]:.2%}" in lines[1]
    assert shares[0] < 0.95
    assert "since other draws no grey zone" in result.stderr


def test_command_writes_what_a_table_rests_on(
    store: Path, tmp_path: Path
) -> None:
    place = tmp_path / "agreement.csv"
    result = run(store, "--sources", "one,third", "-o", place)
    assert result.exit_code == 0, result.output
    meta = json.loads(place.with_suffix(".meta.json").read_bytes())
    assert {item["name"] for item in meta["sources"]} == {"one", "third"}
    held = [gf.Store(store).open(name) for name in ("one", "third")]
    digests = {item.id: item.digest for every in held for item in every}
    assert meta["snapshots"].items() <= digests.items()
    for end in ("a_snapshot", "b_snapshot"):
        named = {link[end] for link in meta["rows_rest_on"]}
        assert named
        assert named <= set(meta["snapshots"])


def test_command_by_region(store: Path) -> None:
    printed = done(
        *(store, "--sources", "one,other", "--every", "all", "--by", "oblast"),
        *("--format", "csv"),
    )
    rows = pd.read_csv(io.StringIO(printed))
    assert len(rows) == 27
    assert set(rows["date"]) == {"2025-02-23"}


def test_command_lists_settlements(store: Path) -> None:
    options = (store, "--sources", "one,third", "--settlements")
    result = run(*options, "--format", "json")
    expected = gf.settlements_disputed(
        *(gf.Store(store).open(name) for name in ("one", "third")), DAY
    )
    assert [row["place_id"] for row in json.loads(result.stdout)] == list(
        expected["place_id"]
    )
    assert "of the 29,703 registered settlements" in result.stderr


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".parquet"])
def test_command_writes_polygons(
    store: Path, tmp_path: Path, suffix: str
) -> None:
    place = tmp_path / f"disputed{suffix}"
    result = run(store, "--at", "2025-02-22", "--polygons", place)
    assert result.exit_code == 0
    assert result.stdout == ""
    read = gpd.read_parquet if suffix == ".parquet" else gpd.read_file
    assert read(place)["area_km2"].sum() == pytest.approx(
        gf.agreement(
            *(gf.Store(store).open(name) for name in gf.Store(store).sources),
            at="2025-02-22",
        )["disputed_km2"].sum()
    )


@pytest.mark.parametrize("suffix", [".html", ".png", ".svg"])
def test_command_draws_maps(store: Path, tmp_path: Path, suffix: str) -> None:
    place = tmp_path / f"map{suffix}"
    printed = done(store, "--sources", "one,third", "--map", place)
    assert place.stat().st_size > 5_000
    assert (suffix == ".html") == (printed == "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--sources", "one"), "two or more different sources"),
        (("--sources", "one,one"), "two or more different sources"),
        (("--sources", "one,nobody"), "found no nobody; the store holds one"),
        (("--source", "one"), "expected --sources A,B, found --source"),
        (("--at", DAY, "--since", DAY), "--at goes without"),
        (("--settlements", "--by", "oblast"), "are of one day"),
        (("--map", "map.pdf"), "expected a suffix of .html, .png, .svg"),
        (("--map", "map.png"), "it shows two sources, found 3"),
        (("--map", "a.png", "-o", "a.csv"), "-o and --format go with --settl"),
        (("--polygons", "a.kml", "--format", "csv"), "write no table"),
        (("--map", "a.png", "--every", "week"), "of one day, without --every"),
        (("--settlements", "--every", "all"), "of one day, without --every"),
        (("--polygons", "nowhere/a.gpkg"), "the folder nowhere does not"),
    ],
)
def test_command_refuses(
    store: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = run(store, *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert result.stdout == ""


@pytest.fixture
def stale(tmp_path: Path) -> Path:
    """Store of two sources that are up to date and one that ended long ago."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0, tzinfo=None)
    days = [(now - dt.timedelta(days=n)).isoformat() for n in (9, 8, 1, 0)]
    for item in (
        series("one", *days),
        series("other", *days, shift=0.05),
        series("third", (now - dt.timedelta(days=90)).isoformat()),
    ):
        gf.Store(tmp_path / "stale").append(item)
    return tmp_path / "stale"


def test_a_source_that_is_not_asked_about_does_not_count(stale: Path) -> None:
    asked = (stale, "--sources", "one,other", "--max-age", "2d")
    rows = json.loads(done(*asked, "--since", "1d", "--format", "json"))
    last = kyiv_date(dt.datetime.now(dt.UTC))
    assert rows[-1]["date"] in {str(last), str(last - dt.timedelta(days=1))}
    assert len(rows) == 2
    result = run(stale, "--max-age", "2d")
    assert result.exit_code == 1
    assert "third@" in result.stderr
    assert "one@" not in result.stderr


def test_a_source_that_was_not_yet_recorded_is_left_out(
    tmp_path: Path,
) -> None:
    store = gf.Store(tmp_path)
    store.append(series("one", "2025-02-20T20:00:00"))
    moment = store.log()["recorded_at"].max()
    store.append(series("other", "2025-02-20T20:00:00"))
    then = (moment + dt.timedelta(microseconds=1)).isoformat()
    result = run(tmp_path, "--sources", "one,other", "--known-at", then)
    assert result.exit_code == 1
    assert "other: left out" in result.stderr
    assert "it takes two to agree" in result.stderr


def test_command_needs_a_store_of_two(tmp_path: Path) -> None:
    gf.Store(tmp_path / "s").append(series("one", "2025-02-20T20:00:00"))
    assert "expected two sources or more; the store holds one" in (
        run(tmp_path / "s").stderr
    )
    (tmp_path / "folder").mkdir()
    result = run(tmp_path / "folder")
    assert result.exit_code == 2
    assert "is no store: `geofront ingest`" in " ".join(result.stderr.split())


def test_command_says_that_no_day_is_common(tmp_path: Path) -> None:
    for item in (
        series("one", "2025-02-20T20:00:00"),
        series("other", "2025-01-20T20:00:00"),
    ):
        gf.Store(tmp_path).append(item)
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "no day is common to both" in result.stderr


# ---- an independent overlay


def geod_km2(geometry: BaseGeometry) -> float:
    """Geodesic area of polygons whose edges are cut at every 0.001°."""
    parts = shapely.get_parts(shapely.segmentize(geometry, 0.001))
    oriented = shapely.orient_polygons(parts)
    return sum(GEOD.geometry_area_perimeter(p)[0] for p in oriented) / 1e6


def wavy(seed: int, count: int = 60) -> BaseGeometry:
    """Ground east of a ragged line."""
    random = np.random.default_rng(seed)
    north = np.linspace(47.6, 49.4, count)
    west = 38.0 + np.cumsum(random.normal(0, 0.02, count))
    line = [*zip(west, north, strict=True)]
    return shapely.Polygon([*line, (39.0, 49.4), (39.0, 47.6)]).buffer(0)


@pytest.mark.parametrize("seed", range(4))
def test_ragged_fronts_against_geopandas(seed: int) -> None:
    one, other = wavy(seed), wavy(seed + 100)
    row = row_of(history("a", one), history("b", other))
    frames = [
        gpd.GeoDataFrame({side: [1]}, geometry=[area], crs="OGC:CRS84")
        for side, area in (("a", one), ("b", other))
    ]
    found = frames[0].overlay(frames[1], how="union")
    size = found.geometry.map(geod_km2)
    expected = {
        "both_occupied_km2": size[found["a"].notna() & found["b"].notna()],
        "a_occupied_b_not_km2": size[found["b"].isna()],
        "b_occupied_a_not_km2": size[found["a"].isna()],
    }
    for name, parts in expected.items():
        # Geodesic edges, cut finely, are within 1e-7 of straight ones.
        assert row[name] == pytest.approx(parts.sum(), rel=1e-6, abs=1e-4)


# ---- the real archive


@pytest.fixture(scope="module")
def sources(archive) -> dict[str, gf.History]:  # type: ignore[no-untyped-def]
    """Three sources of the same months."""
    return {
        name: gf.open_history(
            archive / f"{folder}-2024-07_2025-03", source=name
        )
        for name, folder in (
            ("deepstate", "deepstate"),
            ("occupied_daily", "occupied-daily"),
            ("owlmaps", "owlmaps"),
        )
    }


@pytest.mark.archive
@pytest.mark.parametrize("day", ["2024-08-15", "2024-11-30", "2025-02-24"])
@pytest.mark.parametrize("pair", [("deepstate", "owlmaps")])
def test_archive_against_geopandas(
    sources: dict[str, gf.History], day: str, pair: Sequence[str]
) -> None:
    a, b = (sources[name] for name in pair)
    row = gf.agreement(a, b, at=day).iloc[0]
    one, other = a.at(day), b.at(day)
    frames = [
        gpd.GeoDataFrame(
            {side: [1]}, geometry=[item.occupied], crs="OGC:CRS84"
        )
        for side, item in (("a", one), ("b", other))
    ]
    found = frames[0].overlay(frames[1], how="union", keep_geom_type=True)
    size = pd.Series(area_km2(found.geometry.to_numpy()))
    assert row["a_occupied_b_not_km2"] == near(size[found["b"].isna()].sum())
    assert row["b_occupied_a_not_km2"] == near(size[found["a"].isna()].sum())
    land = found.geometry.intersection(territory()).to_numpy()
    size = pd.Series(area_km2(land))
    assert row["disputed_land_km2"] == near(
        size[found["a"].isna() | found["b"].isna()].sum()
    )
    only_a, only_b = row["a_occupied_b_not_km2"], row["b_occupied_a_not_km2"]
    areas = [item.areas()["occupied_km2"] for item in (one, other)]
    assert only_a - only_b == near(areas[0] - areas[1])
    polygons = gf.disputed(a, b, day)
    assert polygons["area_km2"].sum() == near(row["disputed_km2"])
    assert polygons.is_valid.all()


@pytest.mark.archive
def test_archive_of_occupied_daily_is_one_of_deepstate(
    sources: dict[str, gf.History],
) -> None:
    """Within the lag there is a snapshot that differs by Tuzla alone."""
    a, b = sources["deepstate"], sources["occupied_daily"]
    rows = gf.agreement(a, b, since="2025-02-20", until="2025-02-24")
    assert (rows["b_occupied_a_not_km2"] < 2).all()
    for snapshot in b["2025-02-21":"2025-02-24"]:
        before = [
            row_of(dated(item, "a"), dated(snapshot, "b"))
            for item in a
            if 0
            < (snapshot.published_at - item.published_at).total_seconds()
            < 54 * 3600
        ]
        least = min(row["disputed_km2"] for row in before)
        assert 4.35 < least < 4.46


@pytest.mark.archive
def test_archive_of_isw_has_no_common_day(archive, deepstate) -> None:  # type: ignore[no-untyped-def]
    folders = list(archive.glob("isw-*"))
    isw = gf.open_history(folders[0], source="isw")
    both = gf.History([i for h in deepstate.values() for i in h])
    with pytest.raises(gf.MissingDateError, match="no day on which each"):
        gf.agreement(both, isw)


def test_a_day_beyond_both_is_told_as_that() -> None:
    both = (
        series(name, *(f"2025-02-0{day}T20:00:00" for day in range(1, 5)))
        for name in ("one", "other")
    )
    one, other = map(gf.History, both)
    for days, span in (
        ({"since": "2025-03-01"}, "2025-02-04"),
        ({"until": "2025-01-01"}, "2025-02-01"),
    ):
        with pytest.raises(gf.MissingDateError, match=span) as caught:
            gf.agreement(one, other, **days)
        assert "no day is common" not in str(caught.value)
