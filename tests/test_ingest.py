"""Files into a store, by Python and by the command line."""

import contextlib
import datetime as dt
import json
import random
import shutil
import time
from pathlib import Path

import fsspec
import pytest
from click.testing import CliRunner, Result
from mutation import assert_bounded, mutated

import geofront as gf
from geofront import _append
from geofront.cli import main
from geofront.sources import SOURCES, adapter


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(item) for item in arguments])


def done(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def files(boundaries: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    shutil.copytree(boundaries, folder)
    return folder


@pytest.fixture
def claims_file(boundaries: Path) -> Path:
    (path,) = (boundaries.parent / "claims").glob("*.csv")
    return path


@pytest.fixture
def filled(files: Path, tmp_path: Path) -> Path:
    done(
        "ingest", files, "--source", "geofront", "--store", tmp_path / "store"
    )
    return tmp_path / "store"


def test_ingest_says_what_was_added_and_then_nothing(
    files: Path, tmp_path: Path
) -> None:
    call = ["ingest", files, "--source", "geofront", "--store"]
    first = run(*call, tmp_path / "store")
    assert first.stdout.count("added example@2025-02-") == 10
    assert "10 snapshots added, 0 revised" in first.stderr
    before = (tmp_path / "store" / "geofront.json").read_bytes()
    second = run(*call, tmp_path / "store")
    assert second.stdout == ""
    assert "0 snapshots added" in second.stderr
    assert "10 files known already" in second.stderr
    third = run(*call, tmp_path / "store", "--reread")
    assert third.stdout == ""
    assert "10 unchanged; 0 files known already" in third.stderr
    assert (tmp_path / "store" / "geofront.json").read_bytes() == before


def test_single_files_are_ingested(files: Path, tmp_path: Path) -> None:
    paths = sorted(files.glob("*.geojson"))[:2]
    done("ingest", *paths, "--source", "geofront", "--store", tmp_path / "s")
    assert len(gf.Store(tmp_path / "s").open()) == 2


def test_changed_file_is_a_revision(files: Path, filled: Path) -> None:
    path = sorted(files.glob("*.geojson"))[0]
    collection = json.loads(path.read_bytes())
    (grey,) = (
        feature
        for feature in collection["features"]
        if feature["properties"]["state"] == "grey_zone"
    )
    collection["features"].remove(grey)
    path.write_text(json.dumps(collection))
    text = done("ingest", files, "--source", "geofront", "--store", filled)
    assert text == "revised example@2025-02-17T21:59:59Z\n"
    records = json.loads(done("log", filled, "--format", "json"))
    assert len(records) == 11
    assert records[-1]["change"] == "revised"
    assert records[-1]["revision"] == 2
    earlier = records[0]["recorded_at"]
    rows = [
        json.loads(done("areas", filled, "--format", "json", *options))[0]
        for options in ([], ["--known-at", earlier])
    ]
    assert rows[0]["grey_zone_km2"] is None
    assert rows[1]["grey_zone_km2"] is not None


def test_reread_by_a_better_reader_is_a_revision(
    files: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = SOURCES["geofront"]
    original = kind.read

    def better(self, data, published_at, where):
        item = original(self, data, published_at, where)
        return gf.Snapshot(
            item.source, item.published_at, item.occupied, item.grey_zone
        )

    monkeypatch.setattr(kind, "read", better)
    store = gf.Store(filled)
    again = gf.ingest([files], store, source="geofront")
    assert again.known_files == 10
    assert again.appended == ((), (), ())
    reread = gf.ingest([files], store, source="geofront", reread=True)
    assert len(reread.appended.revised) == 10


def without_grey_zone(path: Path) -> bytes:
    """Text of a file, less what it draws as grey zone."""
    content = json.loads(path.read_bytes())
    content["features"] = [
        feature
        for feature in content["features"]
        if feature["properties"]["state"] != "grey_zone"
    ]
    return json.dumps(content).encode()


def test_two_maps_of_one_moment_are_listed_and_all_else_kept(
    files: Path, tmp_path: Path
) -> None:
    # Far apart in the order of the call.
    other = tmp_path / "other"
    other.mkdir()
    first, *_, last = sorted(files.glob("*.geojson"))
    (other / first.name).write_bytes(without_grey_zone(first))
    (other / last.name).write_bytes(last.read_bytes())
    call = ["ingest", files, other, "--source", "geofront", "--store"]
    for options in ([], ["--reread"], []):
        result = run(*call, tmp_path / "store", *options)
        assert result.exit_code == 0
        assert "2 maps are all example@2025-02-17T21:59:59Z" in result.stderr
        assert "revised" not in result.stdout
        store = gf.Store(tmp_path / "store")
        assert len(store.open()) == 9
        assert set(store.log().revision) == {1}
    # Alone, each of them is what it always was.
    assert "added" in done(*call[:2], *call[3:], tmp_path / "store")
    assert "revised" in done("ingest", *call[2:], tmp_path / "store")
    # The two are known, and the right one is in force.
    again = run(*call, tmp_path / "store")
    assert again.stdout == ""
    assert "Warning" not in again.stderr


def test_a_known_file_is_compared_with_a_new_one(
    filled: Path, files: Path, tmp_path: Path
) -> None:
    first = sorted(files.glob("*.geojson"))[0]
    other = tmp_path / "other"
    other.mkdir()
    (other / first.name).write_bytes(without_grey_zone(first))
    with pytest.warns(gf.GeofrontWarning, match="2 maps are all"):
        gf.ingest([other, files], gf.Store(filled), source="geofront")
    assert set(gf.Store(filled).log().revision) == {1}


def test_a_correction_taken_back_is_told(files: Path, filled: Path) -> None:
    path = sorted(files.glob("*.geojson"))[0]
    original = path.read_bytes()
    path.write_bytes(without_grey_zone(path))
    call = ["ingest", files, "--source", "geofront", "--store", filled]
    assert "revised" in done(*call)
    corrected = gf.Store(filled).open()[0]
    path.write_bytes(original)
    result = run(*call)
    assert result.exit_code == 0
    assert "Warning" in result.stderr
    assert "example@2025-02-17T21:59:59Z was stored before" in result.stderr
    assert "ingest --reread" in result.stderr
    assert gf.Store(filled).open()[0] == corrected
    assert done(*call, "--reread").count("revised") == 1
    assert gf.Store(filled).open()[0] != corrected
    assert "Warning" not in run(*call).stderr


def test_a_source_that_was_not_known_yet_is_left_out_by_name(
    filled: Path, monkeypatch: pytest.MonkeyPatch, claims_file: Path
) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    monkeypatch.setattr(_append, "_now", lambda: later)
    store = gf.Store(filled)
    store.append([gf.Snapshot("other", store.open()[-1].published_at, [])])
    then = (later - dt.timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for call in (["info", filled], ["claims", filled, claims_file]):
        result = run(*call, "--known-at", then)
        assert result.exit_code == 0, result.output
        assert "other: left out: nothing of it had been" in result.stderr
        assert "example" in result.stdout
    result = run("info", filled, "--known-at", "2020-01-01")
    assert result.exit_code == 1
    assert "nothing had been recorded by 2020-01-01T22:00:00Z" in result.stderr


def test_info_of_a_source_reads_no_other(filled: Path) -> None:
    store = gf.Store(filled)
    store.append([gf.Snapshot("other", store.open()[0].published_at, [])])
    path = filled / "source=other" / "2025.parquet"
    path.write_bytes(b"damaged")
    assert "source     example" in done("info", filled, "--source", "example")
    assert run("info", filled).exit_code == 1


def test_log_and_verify_take_an_address(filled: Path) -> None:
    remote = fsspec.filesystem("memory")
    remote.put(str(filled), "/logged/store", recursive=True)
    address = "memory://logged/store"
    assert "1 file, 10 revisions" in done("verify", address)
    assert done("log", address) == done("log", filled)
    remote.pipe("/logged/store/source=example/2025.parquet", b"damaged")
    assert run("verify", address).exit_code == 1
    result = run("log", "memory://nowhere")
    assert result.exit_code == 1
    assert "found no geofront.json" in result.stderr


@pytest.mark.parametrize("more", [[], ["-o", "log.csv"]])
def test_a_log_of_a_source_that_is_not_held_is_the_call_s_fault(
    more: list[str],
    filled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("log", filled, "--source", "nope", *more)
    assert result.exit_code == 2
    assert "--source nope: the store holds example" in result.stderr
    assert not Path("log.csv").exists()


def test_one_bad_file_among_good_ones(files: Path, tmp_path: Path) -> None:
    (files / "2025-03-01.geojson").write_bytes(b"{")
    call = ["--source", "geofront", "--store", tmp_path / "store"]
    result = run("ingest", files, *call)
    assert result.exit_code == 0
    assert "Warning: 2025-03-01.geojson: expected JSON" in result.stderr
    result = run("ingest", files / "2025-03-01.geojson", *call)
    assert result.exit_code == 1
    assert "no usable file" in result.stderr


def test_info_export_and_verify(filled: Path, tmp_path: Path, example) -> None:
    text = done("info", filled)
    assert f"digest     {example.digest}" in text
    assert "10 on 10 days" in text
    done("export", filled, "-o", tmp_path / "out")
    assert gf.open_history(tmp_path / "out").digest == example.digest
    assert "1 file, 10 revisions and 30 areas checked" in done(
        "verify", filled
    )


def test_analysis_commands_answer_from_a_store(
    filled: Path, boundaries: Path, tmp_path: Path
) -> None:
    days = ["--since", "2025-02-22", "--until", "2025-02-23"]
    for command in ("areas", "deltas", "proximity", "changes"):
        found = done(command, filled, *days, "--format", "csv")
        expected = done(command, boundaries, *days, "--format", "csv")
        assert found.splitlines()[0] == expected.splitlines()[0]
        assert len(found.splitlines()) == len(expected.splitlines())
    done("map", filled, "-o", tmp_path / "map.html")


def test_several_sources_are_listed(filled: Path) -> None:
    other = [
        gf.Snapshot("other", item.published_at, item.occupied)
        for item in gf.Store(filled).open()
    ]
    gf.Store(filled).append(other)
    result = run("areas", filled)
    assert result.exit_code == 2
    assert "2 sources (example, other): name one" in result.stderr
    assert "other" in done(
        "areas", filled, "--source", "other", "--format", "csv"
    )
    assert done("info", filled).count("\nsource ") == 2


def test_damage_is_a_line_a_file_and_exit_status_1(filled: Path) -> None:
    gf.Store(filled).append(
        [gf.Snapshot("other", gf.Store(filled).open()[0].published_at, [])]
    )
    for path in filled.rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:-1])
    result = run("verify", filled)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 2
    assert run("areas", filled, "--source", "other").exit_code == 1


@pytest.mark.parametrize(
    ("call", "status", "told"),
    [
        (["areas", "STORE", "--source", "none"], 2, "the store holds example"),
        (["areas", "STORE", "--known-at", "then"], 2, "expected a moment"),
        (
            ["areas", "STORE", "--known-at", "2020-01-01"],
            1,
            "nothing had been",
        ),
        (["areas", "FILES", "--known-at", "2025-01-01"], 2, "is for a store"),
        (["verify", "FILES"], 1, "found no geofront.json"),
        (["ingest", "FILES", "--store", "STORE"], 2, "--source"),
        (["areas", "STORE", "--scheduler", "nowhere"], 1, "nowhere"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_bad_calls_answer_in_a_line(
    filled: Path, boundaries: Path, call: list[str], status: int, told: str
) -> None:
    names = {"STORE": str(filled), "FILES": str(boundaries)}
    result = run(*(names.get(word, word) for word in call))
    assert result.exit_code == status
    assert told in result.stderr
    assert "Traceback" not in result.output


# ---- damaged GeoJSON


@pytest.mark.parametrize(
    "count", [150, pytest.param(5000, marks=pytest.mark.slow)]
)
def test_mutated_geojson_raises_nothing_foreign(
    boundaries: Path, count: int
) -> None:
    path = sorted(boundaries.glob("*.geojson"))[0]
    assert_bounded("test_ingest", "read_mutated_geojson", path, count)


def read_mutated_geojson(file: str, count: str) -> float:
    """Seconds of the slowest of so many files of each source."""
    whole = Path(file).read_bytes()
    moment = adapter("geofront").published_at(Path(file))
    slowest = 0.0
    for source in ("deepstate", "geofront"):
        if source == "deepstate":
            data = whole.replace(b'"state":', b'"fill":"#a52714","state":')
        else:
            data = whole
        chance = random.Random(3)
        for _ in range(int(count)):
            text = mutated(data, chance)
            begun = time.perf_counter()
            with contextlib.suppress(gf.GeofrontError):
                adapter(source).read(text, moment, "file.geojson").areas()
            slowest = max(slowest, time.perf_counter() - begun)
    return slowest
