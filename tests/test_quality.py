"""The table of what is to be known of a history's maps, and its command."""

import datetime as dt
import json

import drawing
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from front_page import unpack

import geofront as gf
from geofront.cli import main

BAD = 10


@pytest.fixture(scope="module")
def history():
    """Twenty days: one repeated, two missing, two without a part."""
    drawn = drawing.maps(20)
    drawn[5] = drawn[4]
    for day in (BAD, BAD + 1):
        drawn[day] = drawn[day][:1]

    def notes(day):
        told = [gf.Note("date", "the date is an upper bound")]
        if day == 3:
            told += [
                gf.Note("repair", "feature 1: was invalid", 0.5),
                gf.Note("dropped", "feature 2: outside the territory", 70.0),
                gf.Note("clipped", "feature 3: cut at the border", 2.0),
            ]
        return told

    whole = drawing.history(drawn, notes)
    return gf.History([*whole[:15], *whole[17:]])


def test_everything_is_listed_in_time_order(history):
    rows = gf.quality(history)
    told = [
        (
            row.kind,
            f"{row.date:%d}",
            None if pd.isna(row.snapshot) else row.snapshot,
        )
        for row in rows.itertuples()
    ]
    ids = {f"{item.date:%d}": item.id for item in history}
    assert told == [
        ("repair", "04", ids["04"]),
        ("dropped", "04", ids["04"]),
        ("duplicate", "06", ids["06"]),
        ("method_break", "11", ids["11"]),
        ("method_break", "13", ids["13"]),
        ("carried", "16", None),
        ("carried", "17", None),
        ("gap", "18", ids["18"]),
    ]
    by_kind = rows.set_index("kind")
    assert by_kind.km2["repair"] == 0.5
    assert by_kind.km2["dropped"] == 72.0
    assert by_kind.detail["dropped"].startswith("2 notes: feature 2: outside")
    assert by_kind.detail["gap"] == "72.0 hours without a snapshot"
    moved = gf.delta(history[14], history[15])
    gap_km2 = moved.gained_km2 + moved.lost_km2
    assert by_kind.km2["gap"] == pytest.approx(gap_km2)
    assert by_kind.detail["duplicate"] == f"the same map as {ids['05']}"
    assert by_kind.km2[["carried", "duplicate"]].isna().all()


def test_table_says_what_it_rests_on(history):
    rows = gf.quality(history)
    assert rows.attrs["counts"] == rows.kind.value_counts().to_dict()
    assert rows.attrs["dating"] == ["the date is an upper bound"]
    assert rows.attrs["snapshots"] == [item.id for item in history]
    assert set(rows.source) == {"drawn"}


def test_days_are_judged_against_the_whole(history):
    whole = gf.quality(history)
    some = gf.quality(
        gf.History(history), since="2025-01-11", until="2025-01-16"
    )
    days = whole.date.between("2025-01-11", "2025-01-16")
    expected = whole[days].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, expected, check_flags=False)


def test_basis_is_what_was_seen_on_the_days_asked_for(history):
    first, last = (history[at].id for at in (0, -1))
    rows = gf.quality(history, since="2025-01-16", until="2025-01-17")
    assert set(rows.kind) == {"carried"}
    assert rows.attrs["snapshots"] == [history.at("2025-01-15").id]
    rows = gf.quality(history, since="2025-01-04", until="2025-01-04")
    ids = [history.at(f"2025-01-0{day}").id for day in (3, 4)]
    assert rows.attrs["snapshots"] == ids
    assert not {first, last} & set(ids)


def test_day_alone_and_day_that_is_carried(history):
    (row,) = gf.quality(history, since="2025-01-16", until="2025-01-16").kind
    assert row == "carried"
    assert gf.quality(history, since="2025-01-02", until="2025-01-02").empty


def test_days_without_a_map_are_refused(history):
    with pytest.raises(gf.MissingDateError, match="begin on 2025-01-01"):
        gf.quality(history, since="2024-12-01")


def test_history_of_one_map_has_nothing_to_tell():
    rows = gf.quality(drawing.history(drawing.maps(1)))
    assert rows.empty
    assert sum(rows.attrs["counts"].values()) == 0


def test_map_that_only_begins_to_draw_a_grey_zone_is_no_duplicate(history):
    one = history[0]
    later = gf.Snapshot(
        "drawn", one.published_at + dt.timedelta(days=1), one.occupied, []
    )
    rows = gf.quality(gf.History([one, later]))
    assert list(rows.kind) == ["method_break"]


# The command


@pytest.fixture(scope="module")
def store(tmp_path_factory, history):
    folder = tmp_path_factory.mktemp("quality") / "store"
    gf.Store(folder).append(history)
    return str(folder)


def run(*arguments):
    found = CliRunner().invoke(main, [*map(str, arguments)])
    assert found.exception is None or isinstance(found.exception, SystemExit)
    return found


def test_command_shows_what_is_not_of_every_map(store):
    found = run("quality", store)
    assert found.exit_code == 0
    lines = found.stdout.splitlines()
    assert lines[0].split() == ["date", "kind", "km2", "detail"]
    assert [line.split()[1] for line in lines[1:]] == [
        "duplicate",
        "method_break",
        "method_break",
        "carried",
        "carried",
        "gap",
    ]
    starts = {line.rfind("  ") for line in lines[1:]}
    assert max(starts) < lines[0].index("detail")
    assert found.stderr.splitlines() == [
        "1 gap, 2 carried days, 1 duplicate, 2 method breaks, repairs in 1 "
        "snapshot, parts dropped in 1 snapshot",
        "dates: the date is an upper bound",
        "2 records of repair and dropped not shown: --kind or --format csv",
    ]


def test_command_by_kind(store):
    found = run("quality", store, "--kind", "repair", "--kind", "gap")
    kinds = [line.split()[1] for line in found.stdout.splitlines()[1:]]
    assert kinds == ["repair", "gap"]
    assert "not shown" not in found.stderr
    assert run("quality", store, "--kind", "lag").exit_code == 2


def test_command_as_json_holds_all_and_nulls(store):
    found = run("quality", store, "--format", "json", "--until", "2025-01-16")
    rows = json.loads(found.stdout)
    assert [row["kind"] for row in rows][-1] == "carried"
    assert rows[-1] == {
        "kind": "carried",
        "date": "2025-01-16",
        "source": "drawn",
        "detail": "shows drawn@2025-01-15T20:00:00Z",
        "km2": None,
        "snapshot": None,
    }
    assert {row["kind"] for row in rows} >= {"repair", "dropped"}


def test_deltas_mark_steps_and_say_why(store):
    found = run("deltas", store, "--since", "2025-01-09")
    header, *lines = found.stdout.splitlines()
    assert header.split()[-1] == "break_km2"
    marked = [line for line in lines if not line.endswith("–")]
    assert [line.split()[1] for line in marked] == ["2025-01-11", "2025-01-13"]
    assert (
        "in 2 steps the source seems to have drawn otherwise" in found.stderr
    )
    assert "2025-01-10 to 2025-01-11" in found.stderr
    assert "geofront quality" in found.stderr
    quiet = run("deltas", store, "--since", "2025-01-14")
    assert "break_km2" not in quiet.stderr


def test_across_breaks_goes_with_speed(store):
    found = run("proximity", store, "--across-breaks")
    assert found.exit_code == 2
    assert "--across-breaks goes with --speed" in found.stderr
    places = ["--place", "Siversk", "--speed", "7", "--format", "json"]
    left_out = json.loads(run("proximity", store, *places).stdout)
    across = json.loads(
        run("proximity", store, *places, "--across-breaks").stdout
    )
    samples = [
        [row["closing_samples"] for row in rows] for rows in (left_out, across)
    ]
    # At the end of the first broken day, that day stands alone.
    assert np.subtract(*samples)[BAD] == -1
    assert (np.subtract(*samples) <= 0).all()


def test_commands_between_days_say_where_breaks_lie(store, tmp_path):
    days = ["--since", "2025-01-09", "--until", "2025-01-14"]
    for command in ("changes", "settlements"):
        found = run(command, store, *days)
        assert found.exit_code == 0, found.stderr
        assert "method_break: in 2 steps" in found.stderr
        assert "2025-01-10 to 2025-01-11" in found.stderr
        later = ["--since", "2025-01-14", "--until", "2025-01-15"]
        quiet = run(command, store, *later)
        assert "method_break" not in quiet.stderr
    output = tmp_path / "changes.geojson"
    run("changes", store, *days, "-o", output)
    meta = json.loads(output.with_suffix(".meta.json").read_text())
    assert [
        item["until_snapshot"][6:16] for item in meta["method_breaks"]
    ] == [
        "2025-01-11",
        "2025-01-13",
    ]


def test_settlements_changed_says_where_breaks_lie(history):
    rows = gf.settlements_changed(
        history, since="2025-01-09", until="2025-01-14"
    )
    broken = gf.quality(history, since="2025-01-10", until="2025-01-14")
    broken = broken[broken.kind == "method_break"]
    told = rows.attrs["method_breaks"]
    assert [item["until_snapshot"] for item in told] == list(broken.snapshot)
    assert [item["km2"] for item in told] == list(broken.km2)


@pytest.mark.parametrize("suffix", ["png", "html"])
def test_maps_that_compare_days_say_where_breaks_lie(store, tmp_path, suffix):
    output = tmp_path / f"map.{suffix}"
    found = run(
        "map",
        store,
        "-o",
        output,
        "--at",
        "2025-01-11",
        "--compare",
        "2025-01-10",
    )
    assert "method_break: in 1 step " in found.stderr
    if suffix == "png":
        assert "km² in doubt" in found.stdout
        assert "need not have changed on the ground" in found.stdout
    else:
        text = unpack(output.read_text()).about["breaks"]
        assert [(item["at"], item["masked"]) for item in text] == [(1, True)]
    quiet = run(
        "map",
        store,
        "-o",
        output,
        "--at",
        "2025-01-15",
        "--compare",
        "2025-01-14",
    )
    assert "method_break" not in quiet.stderr
    assert "in doubt" not in quiet.stdout


def test_carried_days_far_from_any_map_are_counted_apart(history):
    rows = gf.quality(gf.History([history[0], history[9]]))
    assert rows.attrs["counts"]["carried"] == 8
    # The third ends 74 hours after the map, in the evening of its day.
    assert rows.attrs["outdated"] == 6
