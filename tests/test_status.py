"""State by day, runs of a state, and settlements that changed."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely import box

import geofront as gf
from geofront.place import Place
from geofront.places import BILOHORIVKA, SIVERSK, SLOVIANSK_KRAMATORSK
from geofront.records import EVENTS, SETTLEMENTS, STATUS

Box = tuple[float, float, float, float]


def place(name: str, east: float = 38.0, **known: Any) -> Place:
    return Place(name, name, east, 48.5, **({"population": 1000} | known))


def snapshot(
    day: int,
    occupied: Sequence[Box] = (),
    grey_zone: Sequence[Box] | None = (),
    coverage: Box | None = None,
    hour: int = 20,
) -> gf.Snapshot:
    """Boxes on a day of February 2025, Kyiv being two hours ahead."""
    return gf.Snapshot(
        "test",
        dt.datetime(2025, 2, day, hour, tzinfo=dt.UTC),
        [box(*each) for each in occupied],
        None if grey_zone is None else [box(*each) for each in grey_zone],
        coverage=None if coverage is None else box(*coverage),
    )


def strip(west: float, east: float) -> Box:
    return (west, 48.0, east, 49.0)


def only(frame: pd.DataFrame) -> Any:
    (row,) = frame.itertuples()
    return row


# ---- status


def test_fields_and_types(example: gf.History) -> None:
    frame = gf.place_status(example, [BILOHORIVKA, SIVERSK])
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        name: field.dtype for name, field in STATUS.items()
    }
    assert len(frame) == 2 * 12
    assert frame.attrs["source"] == "example"


def test_shares_and_state_are_those_of_proximity(example: gf.History) -> None:
    asked = [BILOHORIVKA, SIVERSK, SLOVIANSK_KRAMATORSK]
    status = gf.place_status(example, asked)
    near = gf.proximity(example, asked)
    common = [name for name in STATUS if name in near]
    assert len(common) == 10
    pd.testing.assert_frame_equal(
        status[common], near[common], check_exact=True
    )


def test_rows_go_by_day_then_place(example: gf.History) -> None:
    frame = gf.place_status(
        example, [SIVERSK, BILOHORIVKA], since="2025-02-20", until="2025-02-21"
    )
    assert frame["place"].to_list() == ["Siversk", "Bilohorivka"] * 2
    assert frame["carried"].to_list() == [True, True, False, False]
    assert frame["raion"].to_list() == ["Bakhmutskyi", "Siverskodonetskyi"] * 2


def test_thousands_of_places_and_one_are_told_the_same(
    example: gf.History,
) -> None:
    several = gf.places.registered()[::40]
    table = gf.place_status(example, [*several, BILOHORIVKA])
    alone = gf.place_status(example, BILOHORIVKA)
    one = table[table["place_id"] == BILOHORIVKA.id].reset_index(drop=True)
    # Text that is null for some place is of another type.
    pd.testing.assert_frame_equal(
        one, alone, rtol=1e-9, atol=1e-9, check_dtype=False
    )


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({}, "estimated"),
        ({"outline": box(37.9, 48.4, 38.1, 48.6)}, "polygon"),
        ({"population": None}, None),
    ],
)
def test_extent_tells_where_it_comes_from(
    known: dict[str, Any], kind: str | None
) -> None:
    history = gf.History([snapshot(1, [strip(37.9, 38.0)])])
    row = only(gf.place_status(history, place("town", **known)))
    assert (row.extent if kind else None) == kind
    assert row.state == "occupied"
    assert pd.isna(row.occupied_share) == (kind is None)


def disc_with(share: float) -> tuple[Place, Box]:
    """A disc, and a box up to where about a share of it ends."""
    town = place("town", published_area_km2=10.0)
    west, _, east, _ = town.extent.bounds
    return town, strip(37.0, west + share * (east - west))


@pytest.mark.parametrize(
    ("share", "uncertain"),
    [(-0.5, False), (0.1, True), (0.5, False), (0.9, True), (1.5, False)],
)
def test_what_depends_on_the_radius_is_uncertain(
    share: float, uncertain: bool
) -> None:
    town, occupied = disc_with(share)
    history = gf.History([snapshot(1, [occupied])])
    assert only(gf.place_status(history, town)).uncertain == uncertain


def test_an_outline_is_never_uncertain() -> None:
    town, occupied = disc_with(0.1)
    surveyed = place("town", outline=town.extent)
    history = gf.History([snapshot(1, [occupied])])
    row = only(gf.place_status(history, surveyed))
    assert 0 < row.occupied_share < 0.1
    assert not row.uncertain


def test_without_a_grey_zone_other_states_are_null() -> None:
    history = gf.History([snapshot(1, [strip(37.0, 37.5)], None)])
    row = only(gf.place_status(history, place("town")))
    assert row.occupied_share == 0.0
    assert pd.isna(row.state)
    assert pd.isna(row.held_share)
    assert pd.isna(row.grey_zone_share)


def test_an_agglomeration_has_shares_but_no_state(example: gf.History) -> None:
    row = only(gf.place_status(example, SLOVIANSK_KRAMATORSK, every="all"))
    assert pd.isna(row.state)
    assert row.held_share == 1.0


def test_of_no_place_there_is_nothing(example: gf.History) -> None:
    assert list(gf.place_status(example, [])) == list(STATUS)
    assert gf.place_status(example, []).empty
    assert gf.place_events(example, []).empty


def test_an_unknown_place_is_an_error(example: gf.History) -> None:
    with pytest.raises(gf.UnknownPlaceError, match=r"'Bilohorivka' may be"):
        gf.place_status(example, "Bilohorivka")


def test_a_day_without_maps_is_an_error(example: gf.History) -> None:
    for function in (gf.place_status, gf.place_events):
        with pytest.raises(gf.MissingDateError, match="2024-01-01"):
            function(example, SIVERSK, since="2024-01-01")


# ---- events

TOWN = place("town", published_area_km2=1.0)
WEST, _, EAST, _ = TOWN.extent.bounds
EVERYWHERE = strip(37.0, 39.0)


def events(*snapshots: gf.Snapshot, **days: str) -> list[tuple[str, ...]]:
    """State, since, until and first touched, as days of the month."""
    frame = gf.place_events(gf.History(snapshots), TOWN, **days)
    columns = ["since", "until", "first_touched_on", "not_before"]
    plain = frame[columns].map(lambda day: day.day, na_action="ignore")
    return [
        (state, *(0 if pd.isna(day) else int(day) for day in row))
        for state, row in zip(frame["state"], plain.to_numpy(), strict=True)
    ]


def test_events_have_their_fields(example: gf.History) -> None:
    frame = gf.place_events(example, BILOHORIVKA)
    assert list(frame) == list(EVENTS)
    assert str(frame["since"].dtype) == "datetime64[s]"
    assert str(frame["until_published_at"].dtype) == "datetime64[s, UTC]"


def test_events_are_runs_of_the_state_at_the_centre() -> None:
    assert events(
        snapshot(1),
        snapshot(2),
        snapshot(4, (), [EVERYWHERE]),
        snapshot(5, [EVERYWHERE]),
        snapshot(7, [EVERYWHERE]),
    ) == [
        ("held", 1, 4, 1, 0),
        ("grey_zone", 4, 5, 4, 2),
        ("occupied", 5, 0, 5, 4),
    ]


def test_an_event_may_begin_and_end_on_one_day() -> None:
    found = events(
        snapshot(1),
        snapshot(2, (), [EVERYWHERE], hour=8),
        snapshot(2, [EVERYWHERE], hour=18),
    )
    assert found[1] == ("grey_zone", 2, 2, 2, 1)


def test_days_of_events_are_days_in_kyiv() -> None:
    assert events(snapshot(1), snapshot(2, [EVERYWHERE], hour=22)) == [
        ("held", 1, 3, 1, 0),
        ("occupied", 3, 0, 3, 1),
    ]


def test_an_extent_is_touched_before_its_centre_is_reached() -> None:
    near = strip(37.0, WEST + 0.1 * (EAST - WEST))
    assert events(
        snapshot(1, [near]),
        snapshot(2),
        snapshot(3, [near]),
        snapshot(4, [near]),
        snapshot(5, [EVERYWHERE]),
    ) == [("held", 1, 5, 1, 0), ("occupied", 5, 0, 3, 4)]


def test_of_what_is_not_known_there_is_no_event() -> None:
    assert events(
        snapshot(1, (), None),
        snapshot(2, [EVERYWHERE], None),
        snapshot(3, (), None),
    ) == [("occupied", 2, 3, 2, 1)]


def test_without_an_extent_nothing_tells_when_it_was_touched() -> None:
    history = gf.History([snapshot(1, [EVERYWHERE])])
    row = only(gf.place_events(history, place("bare", population=None)))
    assert row.state == "occupied"
    assert pd.isna(row.first_touched_on)


def test_events_that_reach_into_days_are_not_cut() -> None:
    shown = (
        snapshot(1),
        snapshot(4, (), [EVERYWHERE]),
        snapshot(8, [EVERYWHERE]),
        snapshot(9, [EVERYWHERE]),
    )
    every = events(*shown)
    assert len(every) == 3
    days = {"since": "2025-02-05", "until": "2025-02-06"}
    assert events(*shown, **days) == every[1:2]
    assert events(*shown, since="2025-02-08") == every[1:]
    assert events(*shown, until="2025-02-03") == every[:1]


def test_an_agglomeration_stands_for_its_members(example: gf.History) -> None:
    frame = gf.place_events(example, [SLOVIANSK_KRAMATORSK, "Sloviansk"])
    members = [member.name for member in SLOVIANSK_KRAMATORSK.members]
    assert frame["place"].unique().tolist() == members


# ---- settlements


def changed(
    *snapshots: gf.Snapshot, places: Sequence[Place] = (TOWN,)
) -> list[tuple[Any, ...]]:
    days = [item.date for item in snapshots]
    frame = gf.settlements_changed(
        gf.History(snapshots), since=days[0], until=days[-1], places=places
    )
    return [
        (row.place, row.from_state, row.to_state, row.date.day)
        for row in frame.itertuples()
    ]


def test_settlements_have_their_fields() -> None:
    history = gf.History([snapshot(1), snapshot(2, [EVERYWHERE])])
    frame = gf.settlements_changed(
        history, since="2025-02-01", until="2025-02-02"
    )
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        name: field.dtype for name, field in SETTLEMENTS.items()
    }
    within = [
        item
        for item in gf.places.registered()
        if 37 <= item.longitude <= 39 and 48 <= item.latitude <= 49
    ]
    assert set(frame["place_id"]) == {item.id for item in within}
    assert len(frame) > 100


def test_the_last_change_counts() -> None:
    assert changed(
        snapshot(1),
        snapshot(2, [EVERYWHERE]),
        snapshot(3, (), [EVERYWHERE]),
        snapshot(4, [EVERYWHERE]),
        snapshot(5, [EVERYWHERE]),
    ) == [("town", "held", "occupied", 4)]


def test_what_changed_back_is_not_listed() -> None:
    assert changed(snapshot(1), snapshot(2, [EVERYWHERE]), snapshot(3)) == []


def test_they_are_listed_by_date() -> None:
    towns = [place("a", 38.5), place("b", 38.0), place("c", 37.0)]
    assert changed(
        snapshot(1),
        snapshot(2, [strip(37.9, 38.1)]),
        snapshot(3, [strip(37.9, 38.6)]),
        places=towns,
    ) == [("b", "held", "occupied", 2), ("a", "held", "occupied", 3)]


def test_newly_mapped_is_not_newly_occupied() -> None:
    small, large = (37.0, 48.0, 37.5, 49.0), (37.0, 48.0, 39.0, 49.0)
    assert (
        changed(
            snapshot(1, (), (), small),
            snapshot(2, [strip(37.9, 38.1)], (), large),
        )
        == []
    )


def test_without_a_grey_zone_null_reads_not_occupied() -> None:
    ((name, before, after, day),) = changed(
        snapshot(1, (), None), snapshot(2, [EVERYWHERE], None)
    )
    assert pd.isna(before)
    assert (name, after, day) == ("town", "occupied", 2)
    assert changed(snapshot(1, (), None), snapshot(2, (), [EVERYWHERE])) == []


def test_it_says_how_many_it_could_see(example: gf.History) -> None:
    days = {"since": "2025-02-17", "until": "2025-02-28"}
    note = gf.settlements_changed(example, **days).attrs["note"]
    coverage = example[0].coverage
    inside = [coverage.covers(item.centre) for item in gf.places.registered()]
    assert note.startswith(f"{sum(inside)} of the 29,703 registered")
    own = gf.settlements_changed(
        example, **days, places=[BILOHORIVKA, place("far", 30.0)]
    )
    note = own.attrs["note"]
    assert note.startswith("1 of 2 places can be seen")
    assert "1 of the 29,703 registered settlements can be seen" in note


def test_it_says_how_many_there_are_in_the_oblasts_listed() -> None:
    history = gf.History([snapshot(1), snapshot(2, [strip(37.5, 37.9)])])
    frame = gf.settlements_changed(
        history, since="2025-02-01", until="2025-02-02"
    )
    register = gf.settlements()
    there = register["oblast"].isin(frame["oblast"].unique())
    located = [
        item
        for item in gf.places.registered()
        if item.oblast in set(frame["oblast"])
    ]
    assert frame.attrs["note"].endswith(
        f"in the oblasts listed {len(located):,} of {there.sum():,}"
    )


def test_days_in_the_wrong_order_are_an_error(example: gf.History) -> None:
    with pytest.raises(ValueError, match="is after"):
        gf.settlements_changed(example, since="2025-02-28", until="2025-02-17")


def test_from_a_day_to_itself_nothing_changes(example: gf.History) -> None:
    frame = gf.settlements_changed(
        example, since="2025-02-20", until="2025-02-20"
    )
    assert frame.empty
    assert np.array_equal(frame.columns, list(SETTLEMENTS))


@pytest.mark.parametrize("item", [None, 5])
def test_what_is_no_place_is_told(item: object, example: gf.History) -> None:
    with pytest.raises(TypeError, match=f"place or its name, found {item}"):
        gf.place_status(example, ["Siversk", item])  # type: ignore[list-item]
