"""Tables: their fields, types and what they rest on."""

import datetime as dt

import pandas as pd
import pytest
import shapely

import geofront as gf
from geofront import records
from geofront._record_tables import table
from geofront.records import (
    AREAS,
    DELTAS,
    LAND,
    PROXIMITY,
    REGION,
    Field,
)

# Field names are the interface: they may be added to, never renamed.
INTERFACE = {
    "AREAS": "date published_at source snapshot carried occupied_km2 "
    "grey_zone_km2 held_km2 denominator_km2 occupied_share",
    "DELTAS": "since until since_published_at until_published_at "
    "since_snapshot until_snapshot source cadence complete carried "
    "method_break occupied_gained_km2 occupied_lost_km2 occupied_net_km2 "
    "grey_zone_net_km2 held_to_grey_zone_km2 held_to_occupied_km2 "
    "grey_zone_to_held_km2 grey_zone_to_occupied_km2 occupied_to_held_km2 "
    "occupied_to_grey_zone_km2 gross_cadence break_km2 since_carried",
    "QUALITY": "kind date source detail km2 snapshot",
    "PROXIMITY": "date published_at source carried place place_id state "
    "occupied_km grey_zone_km front_km bearing_deg sector nearest_lon "
    "nearest_lat occupied_share grey_zone_share held_share limited "
    "centre_occupied_km centre_front_km",
    "REGION": "region region_id",
    "CLOSING": "closing_km_per_week closing_window_days closing_samples "
    "closed_km",
    "WITHIN": "date region band_km settlements population_reference entered "
    "left coverage_note published_at source carried compared_with "
    "compared_published_at",
    "CHANGES": "since until source from_state to_state area_km2 "
    "since_snapshot until_snapshot",
    "STATUS": "date published_at source place place_id oblast raion state "
    "occupied_share grey_zone_share held_share extent uncertain carried",
    "EVENTS": "source place place_id state since until first_touched_on "
    "since_published_at until_published_at not_before",
    "SETTLEMENTS": "place_id place oblast raion population_reference "
    "from_state to_state date source since until since_snapshot "
    "until_snapshot",
    "CLAIMS": "date place state claimant url source published_at carried "
    "map_state map_state_since occupied_share grey_zone_share held_share "
    "verdict uncertain first_supported_on lag_days place_id words",
}

FIELDS = {
    "day": Field("datetime64[s]", "a day"),
    "moment": Field("datetime64[s, UTC]", "a moment"),
    "text": Field("str", "some text"),
    "flag": Field("bool", "yes or no"),
    "maybe": Field("boolean", "yes, no or not known"),
    "number_km2": Field("float64", "an area"),
}
ROW = {
    "day": pd.Timestamp("2025-02-24"),
    "moment": pd.Timestamp("2025-02-24T20:00:00Z"),
    "text": "a",
    "flag": True,
    "maybe": pd.NA,
    "number_km2": 1.5,
}


@pytest.mark.parametrize("name", INTERFACE)
def test_fields_are_those_of_the_interface(name: str) -> None:
    assert list(getattr(records, name)) == INTERFACE[name].split()


@pytest.mark.parametrize("name", INTERFACE)
def test_every_field_says_what_it_means(name: str) -> None:
    assert all(field.meaning for field in getattr(records, name).values())


def test_names_of_numbers_carry_their_unit() -> None:
    units = ("km2", "_km", "_deg", "_lon", "_lat", "_share")
    units += ("_km_per_week",)
    for record in INTERFACE:
        for name, field in getattr(records, record).items():
            assert field.dtype != "float64" or name.endswith(units), name


def test_columns_are_typed(example: gf.History) -> None:
    frame = table([ROW, ROW], FIELDS, example)
    assert list(frame) == list(FIELDS)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        name: field.dtype for name, field in FIELDS.items()
    }


def test_columns_are_typed_without_a_row(example: gf.History) -> None:
    frame = table([], FIELDS, example)
    assert len(frame) == 0
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        name: field.dtype for name, field in FIELDS.items()
    }


def test_columns_make_the_same_table_as_rows(example: gf.History) -> None:
    columns = {name: [value] * 2 for name, value in ROW.items()}
    pd.testing.assert_frame_equal(
        table(columns, FIELDS, example), table([ROW, ROW], FIELDS, example)
    )


def test_null_text_stays_null(example: gf.History) -> None:
    frame = table([ROW, {**ROW, "text": None}], FIELDS, example)
    assert frame["text"].isna().tolist() == [False, True]
    assert "None" not in frame["text"].tolist()


@pytest.mark.parametrize("texts", [["a", "b"], ["a", None], [None, None]])
def test_type_of_text_does_not_depend_on_what_it_holds(
    texts: list[str | None], example: gf.History
) -> None:
    rows = [{**ROW, "text": text} for text in texts]
    columns = {name: [row[name] for row in rows] for name in ROW}
    for given in (rows, columns):
        frame = table(given, FIELDS, example)
        assert str(frame["text"].dtype) == FIELDS["text"].dtype


def test_null_number_is_nan(example: gf.History) -> None:
    frame = table([{**ROW, "number_km2": None}], FIELDS, example)
    assert str(frame["number_km2"].dtype) == "float64"
    assert frame["number_km2"].isna().all()


def test_not_known_is_neither_true_nor_false(example: gf.History) -> None:
    frame = table([ROW, {**ROW, "maybe": True}], FIELDS, example)
    assert frame["maybe"].isna().tolist() == [True, False]


def test_order_of_a_row_does_not_matter(example: gf.History) -> None:
    backwards = dict(reversed(ROW.items()))
    pd.testing.assert_frame_equal(
        table([backwards], FIELDS, example), table([ROW], FIELDS, example)
    )


@pytest.mark.parametrize(
    "make",
    [gf.areas, gf.deltas, gf.proximity],
    ids=["areas", "deltas", "proximity"],
)
def test_tables_name_what_they_rest_on(make, example: gf.History) -> None:  # type: ignore[no-untyped-def]
    frame = make(example, every="all")
    assert frame.attrs["source"] == "example"
    ends = ["example@2025-02-17T21:59:59Z", "example@2025-02-28T21:59:59Z"]
    # The state of a day is looked at once, change compares two.
    assert frame.attrs["snapshots"] == ends[0 if make is gf.deltas else 1 :]
    assert "recognised borders" in frame.attrs["territory"]
    assert set(frame.attrs["definitions"]) >= {"area", "distance", "day"}


@pytest.mark.parametrize(
    ("make", "fields"),
    [(gf.areas, AREAS), (gf.deltas, DELTAS), (gf.proximity, PROXIMITY)],
    ids=["areas", "deltas", "proximity"],
)
def test_tables_hold_their_fields(  # type: ignore[no-untyped-def]
    make, fields: dict[str, Field], example: gf.History
) -> None:
    frame = make(example, every="week")
    assert list(frame) == list(fields)
    for name, field in fields.items():
        assert str(frame[name].dtype) == field.dtype, name


@pytest.mark.parametrize(
    ("make", "fields"), [(gf.areas, AREAS), (gf.deltas, DELTAS)]
)
def test_tables_by_region_hold_more_fields(  # type: ignore[no-untyped-def]
    make, fields: dict[str, Field], example: gf.History
) -> None:
    plain = make(example, every="week")
    by_region = make(example, every="week", by=gf.oblasts())
    land = LAND if fields is AREAS else {}
    assert list(by_region) == [*fields, *REGION, *land]
    assert (by_region.dtypes[list(fields)] == plain.dtypes).all()
    inputs = gf.oblasts().attrs["inputs"]
    assert by_region.attrs == plain.attrs | {"inputs": inputs}


def test_attrs_of_one_table_are_not_those_of_another(
    example: gf.History,
) -> None:
    one, other = gf.areas(example), gf.areas(example)
    one.attrs["source"] = "changed"
    one.attrs["snapshots"].append("changed")
    assert other.attrs["source"] == "example"
    assert len(other.attrs["snapshots"]) == len(example)


def test_definitions_of_one_table_cannot_spoil_another(
    example: gf.History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "DEFINITIONS", dict(records.DEFINITIONS))
    first = gf.areas(example, every="all")
    first.attrs["definitions"]["area"] = "changed"
    again = gf.areas(example, every="all")
    assert again.attrs["definitions"]["area"] != "changed"


# ---- nulls


@pytest.fixture(scope="module")
def bare() -> gf.History:
    """Four days of a source without a grey zone, and of a part of it only."""
    coverage = shapely.box(37.5, 48.5, 38.6, 49.3)
    return gf.History(
        gf.Snapshot(
            "bare",
            dt.datetime(2025, 2, 17 + day, 20, tzinfo=dt.UTC),
            shapely.box(38.2 - day / 10, 48.6, 38.5, 49.2),
            coverage=coverage,
        )
        for day in (0, 1, 3)
    )


def claims() -> pd.DataFrame:
    """Of a place that is mapped, and of a day that is not."""
    names = ["date", "place", "state", "claimant", "url"]
    place = "Bilohorivka, Luhansk"
    return pd.DataFrame(
        [
            ("2025-02-18", place, "occupied", "somebody", None),
            ("2020-01-01", place, "held", "somebody", None),
        ],
        columns=names,
    )


PLACES = ["Siversk", "Bilohorivka, Luhansk", "Lyman", "Sloviansk–Kramatorsk"]
MAKE = {
    "areas": lambda maps, other: gf.areas(maps, by=gf.oblasts()),
    "deltas": lambda maps, other: gf.deltas(maps, by=gf.oblasts()),
    "explain": lambda maps, other: gf.explain(
        maps, since=maps.span[0], until=maps.span[1]
    ),
    "proximity": lambda maps, other: gf.proximity(maps, PLACES, speed_days=7),
    "sectors": lambda maps, other: gf.sectors(maps, "Siversk"),
    "within": lambda maps, other: gf.within(
        maps, compare=maps.span[0], by="oblast"
    ),
    "near": lambda maps, other: gf.settlements_within(
        maps, compare=maps.span[0]
    ),
    "status": lambda maps, other: gf.place_status(maps, PLACES),
    "events": lambda maps, other: gf.place_events(maps, PLACES),
    "settlements": lambda maps, other: gf.settlements_changed(
        maps, since=maps.span[0], until=maps.span[1]
    ),
    "claims": lambda maps, other: gf.assess_claims(claims(), maps),
    "agreement": lambda maps, other: gf.agreement(
        maps, other, by=gf.oblasts()
    ),
    "disputed": lambda maps, other: gf.disputed(maps, other, "2025-02-18"),
    "settlements_disputed": lambda maps, other: gf.settlements_disputed(
        maps, other, "2025-02-18"
    ),
    "sensitivity": lambda maps, other: gf.sensitivity(
        maps, PLACES, sigma_m=100, runs=4
    ),
    "advances": lambda maps, other: gf.advances(maps[0], maps[-1]),
    "quality": lambda maps, other: gf.quality(maps),
}


@pytest.mark.parametrize("name", MAKE)
def test_what_is_said_to_be_never_null_never_is(
    name: str, example: gf.History, bare: gf.History
) -> None:
    fields = records.RECORDS[name]
    frames = [MAKE[name](example, bare), MAKE[name](bare, example)]
    assert any(map(len, frames))
    for frame in frames:
        for column in frame.columns.drop("geometry", errors="ignore"):
            if fields[column].null is None:
                assert frame[column].notna().all(), column


def test_records_are_looked_at_for_nulls() -> None:
    # The two that no function of a history returns are left out.
    kinds = set(records.RECORDS) - {"changes", "log"}
    assert set(MAKE) == kinds
