"""Files into a store, by Python and by the command line."""

import contextlib
import json
import random
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mutation import mutated

import geofront as gf
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
        (["areas", "STORE", "--known-at", "then"], 2, "expected a date"),
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


@pytest.mark.parametrize("source", ["deepstate", "geofront"])
@pytest.mark.parametrize(
    "count", [150, pytest.param(5000, marks=pytest.mark.slow)]
)
@pytest.mark.filterwarnings("ignore::geofront.GeofrontWarning")
def test_mutated_geojson_raises_nothing_foreign(
    boundaries: Path, source: str, count: int
) -> None:
    whole = sorted(boundaries.glob("*.geojson"))[0].read_bytes()
    moment = adapter("geofront").published_at(
        sorted(boundaries.glob("*.geojson"))[0]
    )
    if source == "deepstate":
        whole = whole.replace(b'"state":', b'"fill":"#a52714","state":')
    chance, slowest = random.Random(3), 0.0
    for _ in range(count):
        data = mutated(whole, chance)
        begun = time.perf_counter()
        with contextlib.suppress(gf.GeofrontError):
            adapter(source).read(data, moment, "file.geojson").areas()
        slowest = max(slowest, time.perf_counter() - begun)
    assert slowest < 5.0
