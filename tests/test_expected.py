"""Calls with the wrong kind of thing: the error says how to get the right."""

from pathlib import Path

import pytest

import geofront as gf
from geofront.sources.profile import file_name, write_snapshot

FIRST, LAST = "2025-02-17", "2025-02-28"

OF_A_HISTORY = {
    "areas": gf.areas,
    "deltas": gf.deltas,
    "proximity": gf.proximity,
    "place_status": lambda given: gf.place_status(given, "Siversk"),
    "place_events": lambda given: gf.place_events(given, "Siversk"),
    "quality": gf.quality,
    "within": gf.within,
    "settlements_within": lambda given: gf.settlements_within(given, km=5),
    "settlements_changed": lambda given: gf.settlements_changed(
        given, since=FIRST, until=LAST
    ),
    "explain": lambda given: gf.explain(given, since=FIRST, until=LAST),
    "report": lambda given: gf.report([given]),
    "FrontMap": gf.FrontMap,
}
OF_A_SNAPSHOT = {
    "delta": lambda given: gf.delta(given, given),
    "front_line": gf.front_line,
    "front_length": gf.front_length,
    "advances": lambda given: gf.advances(given, given),
    "map_snapshot": gf.map_snapshot,
    "static_map": gf.charts.static_map,
}


@pytest.mark.parametrize("name", OF_A_HISTORY)
def test_path_instead_of_a_history(name):
    with pytest.raises(
        TypeError,
        match=r"expected a history, found a str: gf\.open_history\(path\)",
    ):
        OF_A_HISTORY[name]("data/boundaries")


def test_snapshot_instead_of_a_history(example):
    with pytest.raises(
        TypeError,
        match=r"found a Snapshot: gf\.History\(\[snapshot\]\) makes one",
    ):
        gf.areas(example[0])


def test_history_of_a_snapshot_is_one(example):
    assert len(gf.areas(gf.History([example[0]]))) == 1


@pytest.mark.parametrize("name", OF_A_SNAPSHOT)
def test_history_instead_of_a_snapshot(example, name):
    with pytest.raises(
        TypeError,
        match=r"expected a snapshot, found a History: history\.at\(",
    ):
        OF_A_SNAPSHOT[name](example)


def test_article_fits_the_name():
    with pytest.raises(TypeError, match="found an int: "):
        gf.areas(3)


@pytest.mark.parametrize(
    "call",
    [
        lambda path: gf.ingest("maps", path, source="geofront"),
        lambda path: gf.fetch("deepstate", path),
    ],
    ids=["ingest", "fetch"],
)
def test_path_instead_of_a_store(tmp_path, call):
    with pytest.raises(
        TypeError, match=r"expected a store, found a \w+: gf\.Store\(path\)"
    ):
        call(tmp_path)


@pytest.mark.parametrize("as_given", [str, Path])
def test_one_folder_is_ingested_without_a_list(tmp_path, example, as_given):
    source = tmp_path / "maps"
    shown = gf.Store(tmp_path / "shown")
    for snapshot in example[:2]:
        write(snapshot, source)
    done = gf.ingest(as_given(source), shown, source="geofront")
    assert len(done.appended.added) == 2


def write(snapshot, folder):
    folder.mkdir(exist_ok=True)
    (folder / file_name(snapshot)).write_bytes(write_snapshot(snapshot))


def test_what_is_no_place():
    with pytest.raises(TypeError, match="a place or its name, found 5"):
        gf.places.as_places(5)


def test_figures_by_code_are_a_mapping(example):
    with pytest.raises(
        TypeError, match=r"people by the settlement's code, as .* found an int"
    ):
        gf.within(example, population=5)


def test_unknown_state_lists_the_states():
    with pytest.raises(
        ValueError,
        match="unknown state 'captured': expected one of occupied, "
        "grey_zone, held",
    ):
        gf.ControlState("captured")


def test_snapshot_beyond_the_last(example):
    with pytest.raises(
        IndexError, match="no snapshot 100: the history has 10"
    ):
        example[100]


def test_page_names_itself(example):
    assert repr(gf.FrontMap(example)) == (
        "<FrontMap example, 17 → 28 February 2025>"
    )
