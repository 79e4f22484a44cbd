"""The commands status, settlements and claims."""

import json
from pathlib import Path

import pytest
from test_cli import done, message, plain, run

import geofront as gf
from geofront.records import CLAIMS, SETTLEMENTS, STATUS

CLAIMED = Path(__file__).parents[1] / "data/claims/2025-02-24_bilohorivka.csv"
VILLAGE = "Bilohorivka, Luhansk"
DAYS = {"since": "2025-02-17", "until": "2025-02-28"}
OPTIONS = [f"--{name}={day}" for name, day in DAYS.items()]
MANY = """place_id,place,longitude,latitude,population
a,Alpha,38.0175,48.685,1000
b,Beta,37.6,48.7,1000
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "places.csv"
    path.write_text(MANY)
    return path


@pytest.fixture
def store(tmp_path: Path, boundaries: Path, example: gf.History) -> Path:
    """A store of two sources."""
    store = gf.Store(tmp_path / "store")
    store.append(example)
    store.append(
        gf.Snapshot("other", item.published_at, item.occupied)
        for item in example
    )
    return Path(store.path)


def fits(text: str) -> bool:
    """Whether a table for people fits, and shows no bare null."""
    assert "None" not in text
    assert "NaT" not in text
    return max(map(len, text.splitlines())) <= 100


# ---- status


@pytest.mark.parametrize("every", ["day", "snapshot", "all"])
def test_status_is_the_python_result(
    every: str, boundaries: Path, example: gf.History
) -> None:
    places = [VILLAGE, "Toretsk"]
    call = ["status", boundaries, *places, "--every", every]
    records = json.loads(done(*call, "--format", "json"))
    assert records == plain(gf.place_status(example, places, every=every))
    assert list(records[0]) == list(STATUS)
    assert fits(done(*call))


def test_status_of_one_day(boundaries: Path) -> None:
    call = ["status", boundaries, VILLAGE, "--at", "2025-02-20"]
    (record,) = json.loads(done(*call, "--format", "json"))
    assert (record["date"], record["carried"]) == ("2025-02-20", True)
    result = run(*call, "--since", "2025-02-20")
    assert result.exit_code == 2
    assert "--at goes without --since" in message(result)


def test_events_are_the_python_result(
    boundaries: Path, example: gf.History
) -> None:
    call = ["status", boundaries, VILLAGE, "Toretsk", "--events"]
    records = json.loads(done(*call, "--format", "json"))
    assert records == plain(gf.place_events(example, [VILLAGE, "Toretsk"]))
    assert fits(done(*call))
    result = run(*call, "--every", "week")
    assert result.exit_code == 2
    assert "--events goes by snapshots" in message(result)


def test_status_of_the_places_of_a_file(boundaries: Path, table: Path) -> None:
    call = ["status", boundaries, "--places", table, "--every", "all"]
    text = done(*call, "--format", "json")
    assert [row["place"] for row in json.loads(text)] == ["Alpha", "Beta"]
    (row,) = json.loads(done(*call, "beta", "--format", "json"))
    assert row["place_id"] == "b"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "expected a PLACE"),
        (["Bilohorivka"], "may be any of 3 places"),
        (["Nowhere at all"], "unknown place"),
    ],
)
def test_which_place_is_meant_has_to_be_clear(
    given: list[str], told: str, boundaries: Path
) -> None:
    result = run("status", boundaries, *given)
    assert result.exit_code == 2
    assert told in message(result)


# ---- settlements


def test_settlements_are_the_python_result(
    boundaries: Path, table: Path, example: gf.History
) -> None:
    places = gf.load_places(table)
    expected = gf.settlements_changed(example, **DAYS, places=places)
    call = ["settlements", boundaries, *OPTIONS, "--places", table]
    result = run(*call, "--format", "json")
    assert json.loads(result.stdout) == plain(expected)
    assert list(json.loads(result.stdout)[0]) == list(SETTLEMENTS)
    assert result.stderr.strip() == expected.attrs["note"]
    assert fits(run(*call).stdout)


def test_settlements_says_how_many_it_could_see(boundaries: Path) -> None:
    result = run("settlements", boundaries, *OPTIONS)
    assert result.exit_code == 0
    assert "of the 29,703 registered settlements" in message(result)


# ---- claims


def test_claims_are_assessed_against_each_source_of_a_store(
    store: Path,
) -> None:
    claims = gf.read_claims(CLAIMED)
    both = [
        gf.open_history(store, source=name) for name in ("example", "other")
    ]
    call = ["claims", store, CLAIMED]
    records = json.loads(done(*call, "--format", "json"))
    assert records == plain(gf.assess_claims(claims, both))
    assert [record["source"] for record in records] == [
        "example",
        "other",
    ] * 4
    assert list(records[0]) == list(CLAIMS)
    assert fits(done(*call))


def test_claims_may_be_assessed_against_one_source(store: Path) -> None:
    text = done("claims", store, CLAIMED, "--source=other", "--format=json")
    assert {record["source"] for record in json.loads(text)} == {"other"}


def test_faults_of_a_file_of_claims_are_told(
    boundaries: Path, tmp_path: Path
) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("date,place,state,claimant,url\n1,2,3,4,5\n")
    result = run("claims", boundaries, path)
    assert result.exit_code == 1
    assert "4 faults: line 2: expected a date" in message(result)


def test_a_faulty_file_of_places_is_told(
    boundaries: Path, tmp_path: Path
) -> None:
    path = tmp_path / "places.csv"
    path.write_text("name\nsomewhere\n")
    for call in (
        ("claims", boundaries, CLAIMED),
        ("settlements", boundaries, *OPTIONS),
        ("status", boundaries),
    ):
        result = run(*call, "--places", path)
        assert result.exit_code == 1
        assert "places.csv" in message(result)
