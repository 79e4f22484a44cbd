"""Days, ages and digests on the command line."""

import datetime as dt
import json
import random
from pathlib import Path

import click
import pytest
import shapely
from test_cli import done, message, run
from test_cli_places import CLAIMED, VILLAGE

import geofront as gf
from geofront.cli import main
from geofront.days import kyiv_date

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
LAST = ("2025-02-28", "2025-02-21")
"""Last day of the example, and the one a week before."""


def box(moment: dt.datetime, source: str = "test") -> gf.Snapshot:
    east = 38.5 + (moment - NOW).total_seconds() / 1e9
    return gf.Snapshot(source, moment, shapely.box(38, 48, east, 48.1))


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A store whose last snapshot is five hours old, and one a day older."""
    store = gf.Store(tmp_path / "fresh")
    store.append([box(NOW - dt.timedelta(hours=hours)) for hours in (29, 5)])
    return Path(store.path)


# ---- days told from another


@pytest.mark.parametrize(
    "call",
    [
        ["areas"],
        ["deltas"],
        ["proximity", "--place", "Siversk"],
        ["status", VILLAGE],
        ["settlements", "--until=0d"],
        ["changes", "--until=0d"],
        ["explain", "--until=0d"],
    ],
    ids=lambda call: call[0],
)
def test_days_back_are_from_the_last_with_a_snapshot(
    call: list[str], boundaries: Path
) -> None:
    command, *back = call
    named = [item.replace("0d", LAST[0]) for item in back]
    form = ["--format", "json"]
    found = run(command, boundaries, *back, "--since", "7d", *form)
    assert found.exit_code == 0, found.output
    expected = run(command, boundaries, *named, "--since", LAST[1], *form)
    assert found.stdout == expected.stdout
    # No settlement of the register changed its state in that week.
    assert (json.loads(found.stdout) == []) == (command == "settlements")


def test_days_back_are_from_the_last_of_what_was_known(
    fresh: Path,
) -> None:
    gf.Store(fresh).append([box(NOW - dt.timedelta(days=30), "other")])
    call = ["areas", fresh, "--since", "0d", "--format", "json"]
    (row,) = json.loads(done(*call, "--source", "other"))
    assert row["date"] == f"{kyiv_date(NOW - dt.timedelta(days=30))}"


def test_an_earlier_day_counts_back_from_the_day_asked_about(
    boundaries: Path,
) -> None:
    for call in (
        ["--at", "2025-02-25", "--compare", "7d"],
        ["--compare", "7d", "--at", "3d"],
    ):
        rows = json.loads(done_but_notes("within", boundaries, *call))
        assert rows[0]["date"] == "2025-02-25"
        assert rows[0]["compared_with"] == "2025-02-18"


def done_but_notes(*call: str | Path) -> str:
    result = run(*call, "--format", "json")
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_map_and_an_export_take_days_back(
    boundaries: Path, tmp_path: Path
) -> None:
    for days in (["--at", "0d"], ["--compare", "7d"]):
        result = run("map", boundaries, *days, "-o", tmp_path / "m.html")
        assert result.exit_code == 0, result.output
    run("export", boundaries, "--at", "1d", "-o", tmp_path / "out")
    (file,) = (tmp_path / "out").iterdir()
    assert file.name.startswith("2025-02-27")


def test_today_and_yesterday_are_days_in_kyiv(fresh: Path) -> None:
    call = ["areas", fresh, "--since=yesterday", "--until=today"]
    rows = json.loads(done_but_notes(*call))
    today = kyiv_date(dt.datetime.now(dt.UTC))
    assert [row["date"] for row in rows] == [
        f"{today - dt.timedelta(days=1)}",
        f"{today}",
    ]


DAY_OPTIONS = [
    (name, option.opts[0])
    for name, command in main.commands.items()
    for option in command.params
    if isinstance(option, click.Option) and option.metavar == "DATE"
]


def test_every_command_that_takes_days_is_known() -> None:
    assert len(DAY_OPTIONS) > 20
    assert ("within", "--compare") in DAY_OPTIONS


@pytest.mark.parametrize(("command", "option"), DAY_OPTIONS)
@pytest.mark.parametrize("day", ["99999999d", "7", "2025-02-30"])
def test_a_day_that_is_none_is_the_call_s_fault(
    command: str, option: str, day: str, boundaries: Path
) -> None:
    arguments: dict[str, list[str | Path]] = {
        "ingest": [boundaries, "--source=geofront", "--store=x"],
        "fetch": ["deepstate", "--store=x"],
        "status": [boundaries, VILLAGE],
    }
    rest = arguments.get(command, [boundaries])
    result = run(command, *rest, f"{option}={day}")
    assert result.exit_code == 2
    assert option in message(result)
    assert "expected" in message(result)


def test_days_before_all_snapshots_are_the_data_s_fault(
    boundaries: Path,
) -> None:
    result = run("areas", boundaries, "--since", "400d")
    assert result.exit_code == 1
    assert "its snapshots begin on 2025-02-17" in message(result)


def test_since_may_not_come_after_until(boundaries: Path) -> None:
    result = run("areas", boundaries, "--since", "1d", "--until", "7d")
    assert result.exit_code == 2
    assert "--since 2025-02-27 is after --until 2025-02-21" in message(result)


def test_known_at_takes_no_days_back(fresh: Path) -> None:
    result = run("areas", fresh, "--known-at", "7d")
    assert result.exit_code == 2
    assert "or a day as YYYY-MM-DD, today or yesterday, found '7d'" in message(
        result
    )
    assert run("areas", fresh, "--known-at", "today").exit_code == 0
    assert run("areas", fresh, "--known-at", "yesterday").exit_code == 1


# ---- ages


@pytest.mark.parametrize(
    ("age", "status"), [("6h", 0), ("1d", 0), ("4h", 1), ("1h", 1)]
)
def test_old_maps_are_the_data_s_fault(
    age: str, status: int, fresh: Path, tmp_path: Path
) -> None:
    output = tmp_path / "a.csv"
    output.write_text("before")
    result = run("areas", fresh, "--max-age", age, "-o", output)
    assert result.exit_code == status
    if status:
        assert result.stdout == ""
        assert "is 5 h old" in message(result)
        assert f"{age[:-1]} h old at most (--max-age)" in message(result)
        assert output.read_text() == "before"
    else:
        assert output.read_bytes().startswith(b"\xef\xbb\xbfdate,")


ON_MAPS = [
    ["info"],
    ["areas"],
    ["deltas"],
    ["changes", "--since=1d", "--until=0d"],
    ["explain", "--since=1d", "--until=0d"],
    ["proximity"],
    ["within"],
    ["status", VILLAGE],
    ["settlements", "--since=1d", "--until=0d"],
    ["claims", str(CLAIMED)],
    ["quality"],
    ["agreement"],
    ["report", "-o", "brief.html"],
    ["map", "-o", "m.html"],
    ["export", "-o", "out"],
]


def test_every_command_on_maps_takes_an_age() -> None:
    taking = {
        name
        for name, command in main.commands.items()
        if "max_age" in {item.name for item in command.params}
    }
    assert {call[0] for call in ON_MAPS} == taking


@pytest.mark.parametrize("call", ON_MAPS, ids=lambda call: call[0])
def test_every_command_on_maps_refuses_old_ones(
    call: list[str],
    fresh: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    command, *rest = call
    result = run(command, fresh, *rest, "--max-age", "2h")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "(--max-age)" in message(result)
    assert [item.name for item in tmp_path.iterdir()] == ["fresh"]


def test_age_is_that_at_the_moment_asked_for(fresh: Path) -> None:
    store = gf.Store(fresh)
    recorded = store.log()["recorded_at"].max()
    call = ["areas", fresh, "--known-at", recorded.isoformat()]
    assert run(*call, "--max-age", "6h").exit_code == 0
    later = (NOW + dt.timedelta(days=300)).isoformat()
    result = run("areas", fresh, "--known-at", later, "--max-age", "2d")
    assert result.exit_code == 1
    assert "is 300.2 days old" in message(result)


def test_each_source_behind_an_answer_has_to_be_fresh(fresh: Path) -> None:
    gf.Store(fresh).append([box(NOW - dt.timedelta(days=9), "other")])
    result = run("claims", fresh, CLAIMED, "--max-age", "1d")
    assert result.exit_code == 1
    assert "other@" in message(result)
    assert "test@" not in message(result)
    call = ["areas", fresh, "--source", "test", "--max-age", "1d"]
    assert run(*call).exit_code == 0


# ---- carried days


@pytest.mark.parametrize(
    "call",
    [
        ["areas"],
        ["deltas"],
        ["proximity", "--place", "Siversk"],
        ["status", VILLAGE],
    ],
    ids=lambda call: call[0],
)
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_carried_days_are_told_on_standard_error(
    call: list[str], form: str, boundaries: Path
) -> None:
    days = ["--since", "2025-02-19", "--until", "2025-02-26"]
    command, *rest = call
    result = run(command, boundaries, *rest, *days, "--format", form)
    assert result.stderr == (
        "carried: 2 of 8 days have no snapshot and show the one before, "
        "up to 1 day older: 2025-02-20, 2025-02-26\n"
    )


def test_carried_days_of_bands_and_changes_are_told(boundaries: Path) -> None:
    result = run("within", boundaries, "--at", "2025-02-20")
    assert result.stderr.startswith("carried: 1 of 1 day has no ")
    days = ["--since", "2025-02-20", "--until", "2025-02-23"]
    result = run("changes", boundaries, *days)
    assert "carried: 1 of 2 days" in result.stderr
    assert "2025-02-20" in result.stderr


@pytest.mark.parametrize("command", ["deltas", "explain", "settlements"])
def test_a_step_that_begins_on_a_carried_day_is_told(
    command: str, boundaries: Path
) -> None:
    every = ["--every=all"] if command == "deltas" else []
    days = ["--since", "2025-02-20", "--until", "2025-02-24"]
    result = run(command, boundaries, *days, *every)
    assert result.stderr.startswith(
        "carried: 1 of 2 days has no snapshot and shows the one before, 1 day "
        "older: 2025-02-20\n"
    )


def test_an_earlier_day_that_is_carried_is_told(boundaries: Path) -> None:
    days = ["--at", "2025-02-24", "--compare", "2025-02-20"]
    for more in ([], ["--list"]):
        result = run("within", boundaries, *days, *more)
        assert result.stderr.startswith("carried: 1 of 2 days has no ")
        assert "1 day older: 2025-02-20\n" in result.stderr


def test_age_of_what_is_carried_is_told(tmp_path: Path) -> None:
    first = dt.datetime(2022, 12, 31, 20, tzinfo=dt.UTC)
    last = dt.datetime(2024, 7, 31, 20, tzinfo=dt.UTC)
    gf.Store(tmp_path / "store").append([box(first), box(last)])
    days = ["--since", "2024-06-30", "--until", "2024-07-31"]
    store = tmp_path / "store"
    result = run("deltas", store, *days, "--every", "month")
    # 365 days of 2023, and 182 of 2024 until 30 June.
    assert "547 days older: 2024-06-30" in result.stderr
    assert "yes" in result.stdout.splitlines()[1]
    told = done("explain", store, *days)
    assert "shows that of 2022-12-31, 547 days older." in told
    assert "Incomplete: " in told


def test_many_carried_days_are_counted(tmp_path: Path) -> None:
    first = dt.datetime(2025, 2, 1, 20, tzinfo=dt.UTC)
    store = gf.Store(tmp_path / "store")
    store.append([box(first), box(first + dt.timedelta(days=12))])
    result = run("areas", tmp_path / "store")
    assert result.stderr.startswith("carried: 11 of 13 days ")
    assert result.stderr.endswith("2025-02-07, and 5 more\n")


# ---- one digest


def test_one_digest_cites_a_store(tmp_path: Path, example: gf.History) -> None:
    others = [box(NOW - dt.timedelta(days=days)) for days in range(5)]
    mixed = [*example, *others]
    stores = []
    for seed in (1, 2):
        store = gf.Store(tmp_path / str(seed))
        random.Random(seed).shuffle(mixed)
        for item in mixed:
            store.append([item])
        stores.append(store)
    assert stores[0].digest() == stores[1].digest()
    assert stores[0].digest() not in (example.digest, others[0].digest)
    line = f"store      {stores[0].digest()}, one digest for all of it"
    assert line in done("info", tmp_path / "1").splitlines()


def test_of_one_source_it_is_the_history_s(
    tmp_path: Path, example: gf.History
) -> None:
    store = gf.Store(tmp_path / "store")
    store.append(example)
    assert store.digest() == example.digest
    text = done("info", tmp_path / "store")
    assert f"digest     {example.digest}" in text
    assert "store   " not in text


def test_a_superseded_revision_does_not_count(
    tmp_path: Path, example: gf.History
) -> None:
    first = example[0]
    wrong = gf.Snapshot(first.source, first.published_at, [])
    store = gf.Store(tmp_path / "store")
    store.append([wrong])
    before = store.digest()
    moment = store.log()["recorded_at"].max().to_pydatetime()
    store.append(example)
    assert store.digest() == example.digest != before
    assert store.digest(known_at=moment) == before


def test_no_store_has_no_digest(tmp_path: Path) -> None:
    with pytest.raises(gf.StoreError, match="expected a store"):
        gf.Store(tmp_path).digest()
