"""Claims: the file, and what a map says of each."""

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from shapely import box

import geofront as gf
from geofront.claims import VERDICTS
from geofront.place import Place
from geofront.records import CLAIMS

HEADER = "date,place,state,claimant,url\n"
EXAMPLE = Path(__file__).parents[1] / "data/claims/2025-02-24_bilohorivka.csv"
TOWN = Place("Town", "town", 38.05, 48.05, outline=box(38, 48, 38.1, 48.1))
DISC = Place("Disc", "disc", 38.05, 48.05, published_area_km2=10.0)


def snapshot(
    day: int,
    occupied: float = 0.0,
    grey_zone: float | None = 0.0,
    *,
    source: str = "test",
    coverage: Any = None,
) -> gf.Snapshot:
    """Shares of the town: occupied from the east, grey to the west of it."""
    east = 38.1 - occupied / 10
    grey = [box(east - (grey_zone or 0) / 10, 48, east, 48.1)]
    return gf.Snapshot(
        source,
        dt.datetime(2025, 2, day, 20, tzinfo=dt.UTC),
        [box(east, 48, 38.1, 48.1)] if occupied else [],
        None if grey_zone is None else grey[: grey_zone > 0],
        coverage=coverage,
    )


def claim(state: str, day: int, place: str = "Town") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": [f"2025-02-{day:02}"],
            "place": [place],
            "state": [state],
            "claimant": ["somebody"],
            "url": [None],
        }
    )


def assessed(
    state: str,
    day: int,
    *snapshots: gf.Snapshot,
    place: Place = TOWN,
) -> Any:
    frame = gf.assess_claims(
        claim(state, day, place.name), gf.History(snapshots), among=[place]
    )
    (row,) = frame.itertuples()
    return row


def written(folder: Path, text: str) -> Path:
    path = folder / "claims.csv"
    path.write_text(text, encoding="utf-8")
    return path


# ---- reading


def test_claims_are_read_as_they_are(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "\ufeff" + HEADER + '2025-02-24,"Bilohorivka, Luhansk",held, A B ,\n'
        "\n2025-02-25,Сіверськ,occupied,C,https://example.org/1\n",
    )
    frame = gf.read_claims(path)
    assert frame["url"].isna().tolist() == [True, False]
    assert frame.fillna({"url": "", "words": ""}).to_dict("list") == {
        "date": [pd.Timestamp("2025-02-24"), pd.Timestamp("2025-02-25")],
        "place": ["Bilohorivka, Luhansk", "Сіверськ"],
        "state": ["held", "occupied"],
        "claimant": ["A B", "C"],
        "url": ["", "https://example.org/1"],
        "words": ["", ""],
    }


def test_columns_may_come_in_any_order(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "state,url,claimant,place,date\nheld,,A,Siversk,2025-02-24\n",
    )
    columns = [*HEADER.strip().split(","), "words"]
    assert list(gf.read_claims(path)) == columns


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEADER + "2025-02-24,Siversk,held,A,\n"
        "24.02.2025,Bilohorivka,taken,,ftp://x\n"
        "2025-02-24,Siversk,held,A\n"
        "2025-02-30,Nowhere at all,held,A,\n",
    )
    with pytest.raises(gf.SourceError) as caught:
        gf.read_claims(path)
    told = str(caught.value)
    for fault in (
        "8 faults",
        "line 3: claimant is empty",
        "line 3: expected a date as YYYY-MM-DD, found '24.02.2025'",
        "line 3: 'Bilohorivka' may be any of 3 places",
        "line 3: unknown state 'taken': expected occupied, grey_zone, held",
        "line 3: expected an address that begins with https://",
        "line 4: expected 5 cells, found 4",
        "line 5: expected a date",
        "line 5: unknown place 'Nowhere at all'",
    ):
        assert fault in told
    assert "line 2" not in told
    assert str(path) in told


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "expected the columns date, place.*found none"),
        (b"date,place\n", "found date, place"),
        (HEADER.encode() + b"\xff\n", "expected text in UTF-8, found byte"),
        (HEADER.encode() + b'2025-02-24,"Siv\n', "line 2: unexpected end"),
    ],
)
def test_what_is_no_table_of_claims_is_an_error(
    content: bytes, fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(content)
    with pytest.raises(gf.SourceError, match=fault):
        gf.read_claims(path)


def test_a_place_of_ones_own_is_found(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "2025-02-24,Town,held,A,\n")
    with pytest.raises(gf.SourceError, match="unknown place 'Town'"):
        gf.read_claims(path)
    assert len(gf.read_claims(path, among=[TOWN])) == 1


# ---- the record


def test_fields_and_types(example: gf.History) -> None:
    frame = gf.assess_claims(gf.read_claims(EXAMPLE), example)
    assert list(frame) == list(CLAIMS)
    for name, field in CLAIMS.items():
        if field.dtype != "str":
            assert str(frame[name].dtype) == field.dtype, name
    assert frame.attrs["source"] == ["example"]


def test_a_row_for_each_claim_and_source() -> None:
    histories = [
        gf.History([snapshot(1, 0.5, source=name)]) for name in ("a", "b")
    ]
    claims = pd.concat([claim("held", 1), claim("occupied", 1)])
    frame = gf.assess_claims(claims, histories, among=[TOWN])
    pairs = list(zip(frame["state"], frame["source"], strict=True))
    assert pairs == [
        (state, source) for state in ("held", "occupied") for source in "ab"
    ]


def test_no_claim_is_no_fault(example: gf.History) -> None:
    frame = gf.assess_claims(claim("held", 1).iloc[:0], example)
    assert frame.empty
    assert list(frame) == list(CLAIMS)


@pytest.mark.parametrize(
    ("occupied", "verdict"),
    [
        (1.0, "supported"),
        (0.91, "supported"),
        (0.89, "partly"),
        (0.11, "partly"),
        (0.09, "contradicted"),
        (0.0, "contradicted"),
    ],
)
def test_the_share_of_the_claimed_state_decides(
    occupied: float, verdict: str
) -> None:
    row = assessed("occupied", 1, snapshot(1, occupied))
    assert row.verdict == verdict
    assert row.occupied_share == pytest.approx(occupied, abs=1e-9)
    assert not row.uncertain


@pytest.mark.parametrize(
    ("state", "verdict"),
    [("held", "contradicted"), ("grey_zone", "supported")],
)
def test_each_state_has_its_own_share(state: str, verdict: str) -> None:
    row = assessed(state, 1, snapshot(1, 0.05, 0.92))
    assert row.verdict == verdict
    assert row.map_state == "grey_zone"


def test_the_state_at_the_end_of_the_day_counts() -> None:
    shown = [snapshot(1), snapshot(3, 1.0)]
    for day, verdict, carried in (
        (1, "contradicted", False),
        (2, "contradicted", True),
        (3, "supported", False),
        (4, "supported", True),
    ):
        row = assessed("occupied", day, *shown)
        assert (row.verdict, row.carried) == (verdict, carried)


# ---- not mapped


@pytest.mark.parametrize("day", [1, 20])
def test_days_without_maps_are_not_mapped(day: int) -> None:
    row = assessed("occupied", day, snapshot(5, 1.0), snapshot(6, 1.0))
    assert row.verdict == "not mapped"
    for field in ("published_at", "carried", "map_state", "occupied_share"):
        assert pd.isna(getattr(row, field))
    assert pd.isna(row.first_supported_on)


def test_beyond_the_coverage_is_not_mapped() -> None:
    coverage = box(36, 48, 37, 49)
    row = assessed("held", 1, snapshot(1, 0.0, coverage=coverage))
    assert row.verdict == "not mapped"
    assert not row.carried


@pytest.mark.parametrize(
    ("occupied", "state", "verdict"),
    [
        (0.95, "held", "contradicted"),
        (0.95, "grey_zone", "contradicted"),
        (0.95, "occupied", "supported"),
        (0.5, "held", "not mapped"),
        (0.0, "held", "not mapped"),
        (0.0, "occupied", "contradicted"),
    ],
)
def test_without_a_grey_zone_only_occupied_ground_speaks(
    occupied: float, state: str, verdict: str
) -> None:
    row = assessed(state, 1, snapshot(1, occupied, None))
    assert row.verdict == verdict
    assert pd.isna(row.held_share)


def test_a_place_without_an_extent_is_not_mapped() -> None:
    bare = Place("Bare", "bare", 38.05, 48.05)
    row = assessed("occupied", 1, snapshot(1, 1.0), place=bare)
    assert (row.map_state, row.verdict) == ("occupied", "not mapped")


# ---- uncertain


@pytest.mark.parametrize("day", [1, 2])
def test_a_verdict_that_hangs_on_the_radius_is_uncertain(day: int) -> None:
    shown = [snapshot(1, 0.35), snapshot(2, 0.5)]
    for place in (TOWN, DISC):
        row = assessed("occupied", day, *shown, place=place)
        assert row.verdict in VERDICTS.values()
        assert row.uncertain == (place is DISC and day == 1)


# ---- when


def when(state: str, day: int, *snapshots: gf.Snapshot) -> tuple[int, int]:
    row = assessed(state, day, *snapshots)
    if pd.isna(row.first_supported_on):
        assert pd.isna(row.lag_days)
        return (0, 0)
    return (row.first_supported_on.day, row.lag_days)


def test_a_map_may_follow_a_claim() -> None:
    shown = [
        snapshot(1),
        snapshot(2, 0.5),
        snapshot(5, 0.95),
        snapshot(6, 1.0),
    ]
    assert when("occupied", 2, *shown) == (5, 3)


def test_a_map_may_precede_a_claim() -> None:
    shown = [snapshot(1, 1.0), snapshot(2), snapshot(3, 1.0), snapshot(6, 1.0)]
    assert when("occupied", 5, *shown) == (3, -2)
    assert when("occupied", 3, *shown) == (3, 0)


def test_a_map_may_never_support_a_claim() -> None:
    assert when("occupied", 3, snapshot(1, 1.0), snapshot(3, 0.5)) == (0, 0)


@pytest.mark.parametrize("day", [1, 4])
def test_a_map_that_begins_with_the_claim_does_not_tell_when(day: int) -> None:
    shown = [snapshot(1, 1.0), snapshot(4, 1.0)]
    assert assessed("occupied", day, *shown).verdict == "supported"
    assert when("occupied", day, *shown) == (0, 0)
    elsewhere = snapshot(1, coverage=box(36, 48, 37, 49))
    assert when("occupied", 4, elsewhere, snapshot(4, 1.0)) == (0, 0)


def test_it_tells_since_when_the_map_shows_its_state() -> None:
    shown = [snapshot(1, 1.0), snapshot(2), snapshot(4, 1.0), snapshot(5, 1.0)]
    row = assessed("held", 5, *shown)
    assert (row.map_state, row.map_state_since.day) == ("occupied", 4)
    assert assessed("held", 1, *shown).map_state_since.day == 1


# ---- errors


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"state": "taken"}, ValueError, "unknown state 'taken'"),
        ({"date": "24 Feb"}, ValueError, "expected a date"),
        ({"place": "Nowhere"}, gf.UnknownPlaceError, "unknown place"),
    ],
)
def test_what_is_no_claim_is_an_error(
    wrong: dict[str, str],
    error: type[Exception],
    message: str,
    example: gf.History,
) -> None:
    with pytest.raises(error, match=message):
        gf.assess_claims(claim("held", 24, "Siversk").assign(**wrong), example)


@pytest.mark.parametrize("column", ["date", "state", "url"])
def test_a_missing_column_is_told(column: str, example: gf.History) -> None:
    claims = claim("held", 24, "Siversk").drop(columns=column)
    with pytest.raises(ValueError, match=f"claims: .* found no {column}"):
        gf.assess_claims(claims, example)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("date", pd.NaT),
        ("place", None),
        ("place", ""),
        ("state", float("nan")),
    ],
)
def test_empty_cells_are_told_by_row(
    column: str, value: Any, example: gf.History
) -> None:
    claims = pd.concat(
        [claim("held", 24, "Siversk"), claim("held", 25, "Siversk")],
        ignore_index=True,
    )
    claims[column] = [claims[column][0], value]
    for use in (
        lambda: gf.assess_claims(claims, example),
        lambda: gf.report(example, claims=claims),
    ):
        with pytest.raises(ValueError, match=f"row 1: {column} empty"):
            use()


def test_a_report_names_the_columns_that_claims_lack(
    example: gf.History,
) -> None:
    with pytest.raises(ValueError, match="found no place, state, claimant"):
        gf.report(example, claims=pd.DataFrame({"date": [], "url": []}))


def test_claims_of_the_report_against_the_example(example: gf.History) -> None:
    frame = gf.assess_claims(gf.read_claims(EXAMPLE), example)
    assert frame["claimant"].to_list() == [
        "DeepState",
        "Russian channels",
        "Artem Lysohor, oblast head",
        "General Staff of Ukraine",
    ]
    assert set(frame["map_state"]) == {"grey_zone"}
    assert frame["url"].isna().all()
