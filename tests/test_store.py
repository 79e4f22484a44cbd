"""The store: what goes in comes out, and corrections are told apart."""

import datetime as dt
import json
import pickle
import random
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import filelock
import fsspec
import pandas as pd
import pytest
import shapely
from storage import snapshot

import geofront as gf
from geofront import _append, _folder, _manifest, _writing

BOX = shapely.box(37.0, 48.0, 38.0, 49.0)
MOMENT = dt.datetime(2025, 2, 24, 20, tzinfo=dt.UTC)


@pytest.fixture
def store(tmp_path: Path) -> gf.Store:
    return gf.Store(tmp_path / "store")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """Moments of recording: the next append takes the first."""
    moments = [dt.datetime(2025, 3, day, tzinfo=dt.UTC) for day in range(1, 9)]
    monkeypatch.setattr(_append, "_now", lambda: moments.pop(0))
    return moments


def test_store_then_open_gives_equal_snapshots(
    store: gf.Store, example: gf.History
) -> None:
    store.append(example)
    found = store.open()
    assert found == example
    assert found.digest == example.digest
    for read, given in zip(found, example, strict=True):
        assert read.areas() == given.areas()
        assert read.notes == given.notes
        assert read.coverage == given.coverage
        assert repr(read) == repr(given)
        for state in ("occupied", "grey_zone", "regained"):
            assert getattr(read, state) == getattr(given, state)
        held = read.held()
        assert held is not None
        assert held == given.held()


def test_what_is_computed_from_a_store_is_the_same(
    store: gf.Store, example: gf.History
) -> None:
    store.append(example)
    pd.testing.assert_frame_equal(
        gf.areas(store.open()), gf.areas(example), check_exact=True
    )
    found, expected = gf.deltas(store.open()), gf.deltas(example)
    pd.testing.assert_frame_equal(found, expected, rtol=0, atol=1e-6)


def test_store_export_store_keeps_digests(
    store: gf.Store, example: gf.History, tmp_path: Path
) -> None:
    from geofront.sources.profile import file_name, write_snapshot

    store.append(example)
    folder = tmp_path / "exported"
    folder.mkdir()
    for item in store.open():
        (folder / file_name(item)).write_bytes(write_snapshot(item))
    again = gf.Store(tmp_path / "again")
    again.append(gf.open_history(folder))
    assert again.open().digest == example.digest


def test_appending_again_changes_nothing(
    store: gf.Store, example: gf.History
) -> None:
    first = store.append(example)
    assert len(first.added) == len(example)
    before = {
        path: path.read_bytes()
        for path in Path(store.path).rglob("*")
        if path.is_file()
    }
    second = store.append(example)
    assert second == ((), (), first.added)
    assert before == {path: path.read_bytes() for path in before}


def test_order_of_appending_does_not_matter(
    tmp_path: Path, clock: list[dt.datetime]
) -> None:
    clock[:] = [MOMENT] * 3
    days = [snapshot(number) for number in range(6)]
    there, here = gf.Store(tmp_path / "a"), gf.Store(tmp_path / "b")
    there.append(days)
    here.append(days[3:])
    here.append(reversed(days[:3]))
    name = "source=test/2025.parquet"
    assert (tmp_path / "a" / name).read_bytes() == (
        tmp_path / "b" / name
    ).read_bytes()


def test_years_are_files_in_utc(store: gf.Store) -> None:
    store.append(snapshot(0, year=year) for year in (2022, 2024, 2025))
    names = sorted(
        path.relative_to(store.path).as_posix()
        for path in Path(store.path).rglob("*.parquet")
    )
    assert names == [
        f"source=test/{year}.parquet" for year in (2022, 2024, 2025)
    ]


def test_empty_is_told_from_not_drawn(store: gf.Store) -> None:
    none, empty = (
        gf.Snapshot("test", MOMENT + dt.timedelta(day), BOX, grey)
        for day, grey in enumerate((None, shapely.MultiPolygon()))
    )
    store.append([none, empty])
    read_none, read_empty = store.open()
    assert read_none.grey_zone is None
    assert not read_none.draws_grey_zone
    assert read_none.drawn("grey_zone") is None
    assert read_none.areas()["grey_zone_km2"] is None
    assert read_empty.draws_grey_zone
    assert read_empty.grey_zone == shapely.MultiPolygon()
    assert len(read_empty.drawn("grey_zone")) == 0
    assert read_empty.areas()["grey_zone_km2"] == 0.0


def test_nothing_occupied_is_stored(store: gf.Store) -> None:
    store.append([gf.Snapshot("test", MOMENT, [], BOX)])
    assert store.open()[0].occupied.is_empty
    assert store.verify().areas == 2


def test_correction_is_a_further_revision(
    store: gf.Store, clock: list[dt.datetime]
) -> None:
    store.append([snapshot(0), snapshot(1)])
    corrected = snapshot(1, grow=0.01)
    assert store.append([corrected]).revised == (corrected.id,)
    assert store.open()[1] == corrected
    assert store.open(known_at="2025-03-01T12:00:00Z")[1] == snapshot(1)
    log = store.log()
    assert list(log.change) == ["added", "added", "revised"]
    assert list(log.revision) == [1, 1, 2]
    before, after = (
        item.areas()["occupied_km2"] for item in (snapshot(1), corrected)
    )
    assert log.occupied_change_km2[2] == after - before
    assert store.verify().revisions == 3


def test_what_was_ever_stored_changes_nothing_unless_reread(
    store: gf.Store,
) -> None:
    first, second = snapshot(0), snapshot(0, grow=0.01)
    store.append([first])
    store.append([second])
    with pytest.warns(gf.GeofrontWarning, match="the correction stays"):
        assert store.append([first]).unchanged == (first.id,)
    assert store.open()[0] == second
    # What is in force comes again without a word.
    assert store.append([second]).unchanged == (first.id,)
    assert store.append([first], reread=True).revised == (first.id,)
    assert store.open()[0] == first
    assert list(store.log().revision) == [1, 2, 3]


def test_known_before_anything_was_recorded(
    store: gf.Store, clock: list[dt.datetime]
) -> None:
    store.append([snapshot(0)])
    with pytest.raises(gf.MissingDateError, match="nothing had been recorded"):
        store.open(known_at=dt.datetime(2025, 2, 28, tzinfo=dt.UTC))
    # A day stands for its end.
    assert len(store.open(known_at="2025-03-01")) == 1


def test_days_are_cut_as_a_history_is(store: gf.Store) -> None:
    days = [snapshot(0, year=2024), *(snapshot(24 * day) for day in range(10))]
    store.append(days)
    whole = gf.History(days)
    for since, until in (
        ("2025-01-01", "2025-01-03"),
        ("2025-01-05", None),
        (None, "2025-01-02"),
        ("2024-06-01", "2024-07-01"),
    ):
        assert store.open(since=since, until=until) == whole[since:until]
    for since, until in (("2023-01-01", "2023-01-02"), (None, "2020-01-01")):
        with pytest.raises(gf.MissingDateError, match="spans 2024-01-01 to"):
            store.open(since=since, until=until)


def test_what_is_in_force_at_new_year_may_be_two_years_back(
    store: gf.Store,
) -> None:
    moments = ("2022-12-30T12:00Z", "2023-12-31T22:30Z", "2024-01-02T12:00Z")
    days = [
        gf.Snapshot("test", dt.datetime.fromisoformat(moment), BOX)
        for moment in moments
    ]
    store.append(days)
    # In Kyiv the second one is of 2024 already.
    assert store.open(since="2024-01-01") == gf.History(days)


def test_any_days_are_cut_as_a_history_is(store: gf.Store) -> None:
    chance = random.Random(8)
    edges = [
        dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in range(2021, 2027)
    ]
    hours = sorted(
        {
            edge + dt.timedelta(hours=hour)
            for edge in edges
            for hour in (-3, -1, 1)
        }
        | {edges[0] + dt.timedelta(hours=h) for h in (5000, 20000, 30000)}
    )
    days = [
        edge.date() + dt.timedelta(n) for edge in edges for n in (-1, 0, 1)
    ]
    for number in range(60):
        kept = chance.sample(hours, chance.randint(1, 6))
        history = gf.History(gf.Snapshot("test", at, BOX) for at in kept)
        cut = gf.Store(Path(store.path) / str(number))
        cut.append(history)
        for _ in range(12):
            since, until = sorted(chance.choices(days, k=2))
            span = chance.choice(
                [(since, until), (since, None), (None, until), (None, None)]
            )
            stored = partial(cut.open, since=span[0], until=span[1])
            given = partial(history.__getitem__, slice(*span))
            assert sliced(stored) == sliced(given)


def sliced(cut: Callable[[], gf.History]) -> list[str] | str:
    """Ids of what is cut out, or what is said where there is nothing."""
    try:
        return [item.id for item in cut()]
    except gf.MissingDateError as error:
        return str(error)


def test_several_sources_have_to_be_named(store: gf.Store) -> None:
    store.append([snapshot(0, "one"), snapshot(0, "two")])
    assert store.sources == ("one", "two")
    for call in (store.open, lambda: gf.open_history(store.path)):
        with pytest.raises(gf.StoreError, match=r"holds \(one, two\)"):
            call()
    with pytest.raises(gf.StoreError, match="found no 'three'"):
        store.open("three")
    assert gf.open_history(store.path, source="two").source == "two"
    assert set(store.log("one").source) == {"one"}


@pytest.mark.parametrize("name", ["../up", "A", "a/b", "", "a b", "a\n", "ä"])
def test_no_name_from_a_file_becomes_a_path(name: str) -> None:
    with pytest.raises(gf.InvalidBoundaryError, match="cannot name a source"):
        gf.Snapshot(name, MOMENT, BOX)


@pytest.mark.parametrize(
    "name", ["../x/2025.parquet", "source=../2025.parquet", "/etc/passwd"]
)
def test_no_name_in_the_list_leads_out_of_the_store(
    store: gf.Store, name: str
) -> None:
    from geofront._manifest import Manifest

    Path(store.path).mkdir()
    listed = Manifest({name: "0" * 64}).to_bytes()
    (Path(store.path) / "geofront.json").write_bytes(listed)
    with pytest.raises(gf.StoreCorruptError, match="found others"):
        store.open()


def relisted(store: gf.Store, **changed: object) -> None:
    """List of a store with other fields, sealed anew."""
    path = Path(store.path) / "geofront.json"
    content = {**json.loads(path.read_bytes()), **changed}
    del content["sha256"]
    path.write_bytes(_manifest._sealed(content))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("version", value) for value in (0, -1, None, "1", 1.0, 1.5, True)),
        ("crs", "EPSG:3857"),
        ("format", "x"),
    ],
)
def test_a_list_of_another_kind_is_refused(
    store: gf.Store, field: str, value: object
) -> None:
    store.append([snapshot(0)])
    relisted(store, **{field: value})
    with pytest.raises(gf.StoreError, match=f"expected {field} ") as told:
        store.open()
    assert repr(value) in str(told.value)


def test_newer_version_is_told_whatever_its_seal(store: gf.Store) -> None:
    store.append([snapshot(0)])
    relisted(store, version=2, added=1)
    path = Path(store.path) / "geofront.json"
    text = path.read_text()
    path.write_text(re.sub(r'"sha256": "\w{64}"\n}', '"seal": "x"}', text))
    with pytest.raises(gf.StoreError, match="takes a newer geofront"):
        store.open()
    # A digit that was damaged is no newer version.
    path.write_text(text)
    relisted(store, version=1)
    path.write_text(path.read_text().replace('"version": 1', '"version": 3'))
    with pytest.raises(gf.StoreCorruptError, match="checksum does not fit"):
        store.open()


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: json.dumps(json.loads(text), indent=4),
    ],
)
def test_a_list_that_git_or_an_editor_wrote_anew_is_told(
    store: gf.Store, rewritten: Callable[[str], str]
) -> None:
    store.append([snapshot(0)])
    path = Path(store.path) / "geofront.json"
    path.write_bytes(rewritten(path.read_text()).encode())
    with pytest.raises(gf.StoreCorruptError, match="other line ends, spaces"):
        store.open()


def test_a_clock_set_back_keeps_the_order(
    store: gf.Store, clock: list[dt.datetime]
) -> None:
    clock[:] = [MOMENT + dt.timedelta(1), MOMENT]
    store.append([snapshot(0)])
    store.append([snapshot(0, grow=0.01)])
    assert list(store.log().recorded_at) == [MOMENT + dt.timedelta(1)] * 2
    assert list(store.log().revision) == [1, 2]
    with pytest.raises(gf.MissingDateError):
        store.open(known_at=MOMENT)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["x"], "expected snapshots, found 'x' among them"),
        (snapshot(0), r"found one: append\(\[snapshot\]\)"),
        ("x", "expected a history or other snapshots, found 'x'"),
        (None, "found None"),
    ],
)
def test_only_snapshots_can_be_appended(
    store: gf.Store, given: object, told: str
) -> None:
    with pytest.raises(TypeError, match=told):
        store.append(given)  # type: ignore[arg-type]
    assert not store.exists


def test_waiting_for_another_writer_is_told(
    store: gf.Store,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(_writing, "SILENT_SECONDS", 0.05)
    monkeypatch.setattr(_writing, "LOCK_SECONDS", 0.2)
    store.append([snapshot(0)])
    with (
        filelock.FileLock(Path(store.path) / _writing.LOCK),
        pytest.raises(gf.StoreError, match="another process"),
    ):
        gf.Store(store.path).append([snapshot(1)])
    assert "another process is writing into it" in caplog.text
    caplog.clear()
    store.append([snapshot(1)])
    assert not caplog.text


def test_a_list_that_a_killed_writer_left_is_removed(store: gf.Store) -> None:
    store.append([snapshot(0)])
    left = Path(store.path) / ".geofront.json.next"
    left.write_bytes(b"{")
    store.append([snapshot(0)])
    assert not left.exists()


def test_the_size_of_a_damaged_store_is_told(store: gf.Store) -> None:
    store.append([snapshot(0, "one"), snapshot(0, "two")])
    size = store.size_bytes
    path = Path(store.path) / "source=two/2025.parquet"
    path.write_bytes(bytes(path.stat().st_size))
    assert store.size_bytes == size


def test_somebody_elses_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(gf.StoreError, match=r"1 other file, such as 'thesis"):
        gf.Store(tmp_path).append([snapshot(0)])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_nothing_stored_yet(store: gf.Store) -> None:
    assert store.sources == ()
    for call in (store.open, store.log, store.verify):
        with pytest.raises(gf.StoreError, match=r"found no geofront\.json"):
            call()


def test_damage_names_the_file_and_both_hashes(store: gf.Store) -> None:
    store.append([snapshot(0)])
    listed = json.loads((Path(store.path) / "geofront.json").read_bytes())
    ((name, expected),) = listed["files"].items()
    (Path(store.path) / name).write_bytes(b"PAR1")
    for call in (store.open, store.verify):
        with pytest.raises(gf.StoreCorruptError) as told:
            call()
        assert name in str(told.value)
        assert expected in str(told.value)
        assert len(re.findall(r"\b[0-9a-f]{64}\b", str(told.value))) == 2


def test_missing_file_is_damage_and_a_stray_one_too(store: gf.Store) -> None:
    store.append([snapshot(0), snapshot(0, year=2024)])
    folder = Path(store.path) / "source=test"
    (folder / "2024.parquet").rename(folder / "2019.parquet")
    with pytest.raises(gf.StoreCorruptError) as told:
        store.verify()
    lines = str(told.value).splitlines()
    assert len(lines) == 2
    assert "2019.parquet: expected in geofront.json" in lines[0]
    assert "found no such file" in lines[1]


# ---- lazy, and small on the wire


def test_snapshots_travel_as_paths(
    store: gf.Store, example: gf.History
) -> None:
    store.append(example)
    found = store.open()
    found[0].occupied  # noqa: B018 - what was read is not sent along
    for item in found:
        sent = pickle.dumps(item)
        assert len(sent) < 600
        assert pickle.loads(sent) == item
        assert pickle.loads(sent).areas() == item.areas()
        assert pickle.loads(sent).occupied == item.occupied
    assert len(pickle.dumps(found)) < 600 + 150 * len(found)


def test_sent_snapshot_survives_later_appends(store: gf.Store) -> None:
    store.append([snapshot(5)])
    sent = pickle.dumps(store.open()[0])
    assert pickle.loads(sent).occupied == snapshot(5).occupied
    store.append([snapshot(4), snapshot(5, grow=0.01)])
    assert pickle.loads(sent).occupied == snapshot(5).occupied
    later = pickle.dumps(store.open()[0])
    assert pickle.loads(later).occupied == snapshot(4).occupied


def test_sent_snapshot_of_a_store_that_is_gone(store: gf.Store) -> None:
    store.append([snapshot(0)])
    item = pickle.loads(pickle.dumps(store.open()[0]))
    for path in Path(store.path).rglob("*.*"):
        path.unlink()
    with pytest.raises(gf.StoreError, match="expected a store"):
        item.areas()


def test_opening_decodes_no_geometry(
    store: gf.Store, example: gf.History, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(example)
    decoded: list[str] = []
    original = shapely.from_wkb
    monkeypatch.setattr(
        shapely,
        "from_wkb",
        lambda data: decoded.append("one") or original(data),
    )
    day = gf.areas(store.open())
    assert len(day)
    assert not decoded
    store.open().at("2025-02-24").occupied  # noqa: B018
    assert len(decoded) == 1


def test_store_is_read_over_a_network(
    store: gf.Store, example: gf.History
) -> None:
    store.append(example)
    remote = fsspec.filesystem("memory")
    remote.put(store.path, "/bucket/store", recursive=True)
    there = gf.Store("memory://bucket/store")
    assert there.open() == example
    assert gf.open_history("memory://bucket/store").digest == example.digest
    with pytest.raises(gf.StoreError, match="only a folder on this machine"):
        there.append(example)


def test_appending_nothing_does_nothing(tmp_path):
    assert gf.Store(tmp_path / "store").append([]) == ((), (), ())


def test_a_store_that_lost_its_list_is_not_written_over(tmp_path):
    store = gf.Store(tmp_path / "store")
    store.append(gf.example_history())
    (tmp_path / "store" / "geofront.json").unlink()
    with pytest.raises(gf.StoreError, match=r"found no geofront\.json but"):
        store.append(gf.example_history()[:1])


def test_a_relative_store_is_the_same_from_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gf.Store("store").append(gf.example_history())
    packed = pickle.dumps(gf.Store("store").open())
    monkeypatch.chdir(tmp_path.parent)
    assert pickle.loads(packed) == gf.example_history()


def test_a_lock_that_cannot_be_had_is_told(tmp_path):
    (tmp_path / ".geofront.lock").mkdir()
    with pytest.raises(gf.StoreError, match="cannot be locked"):
        gf.Store(tmp_path).append(gf.example_history())


def test_a_file_renamed_between_two_looks_is_found(tmp_path, monkeypatch):
    store = gf.Store(tmp_path)
    store.append(gf.example_history())
    (path,) = tmp_path.glob("source=*/*.parquet")
    staged = path.with_name(f".{path.stem}.next")
    path.rename(staged)
    read = _folder.Folder.read

    def racing(folder, name):
        if name.endswith(".next") and staged.exists():
            staged.rename(path)
        return read(folder, name)

    monkeypatch.setattr(_folder.Folder, "read", racing)
    assert len(store.open()) == len(gf.example_history())


def test_the_size_counts_what_waits_for_its_name(tmp_path):
    store = gf.Store(tmp_path)
    store.append(gf.example_history())
    size = store.size_bytes
    (path,) = tmp_path.glob("source=*/*.parquet")
    path.rename(path.with_name(f".{path.stem}.next"))
    assert store.size_bytes == size
