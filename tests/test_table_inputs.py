"""What a table rests on besides maps, and which state of the store."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from test_cli import run
from test_cli_places import CLAIMED, MANY, VILLAGE

import geofront as gf
from geofront import _durable, change
from geofront.geography import register_input

SPAN = ("--since", "2025-02-17", "--until", "2025-02-24")


@pytest.fixture
def store(tmp_path: Path, example: gf.History) -> Path:
    gf.Store(tmp_path / "store").append(example)
    return tmp_path / "store"


@pytest.fixture
def regions(tmp_path: Path) -> Path:
    path = tmp_path / "mine.geojson"
    frame = gpd.GeoDataFrame(
        {"region": ["west", "east"]},
        geometry=[
            shapely.box(37.5, 48.3, 38.0, 49.2),
            shapely.box(38.0, 48.3, 38.5, 49.2),
        ],
        crs="OGC:CRS84",
    )
    frame.to_file(path)
    return path


def beside(output: Path, *call: str | Path) -> dict[str, Any]:
    result = run(*call, "-o", output)
    assert result.exit_code == 0, result.output
    meta = output.with_suffix(".meta.json")
    return dict(json.loads(meta.read_bytes()))


def of_file(name: str, path: Path) -> dict[str, Any]:
    return {
        "name": name,
        "source": None,
        "licence": None,
        "path": str(path),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


# ---- inputs


def test_without_others_there_are_none(store: Path, tmp_path: Path) -> None:
    assert beside(tmp_path / "a.csv", "areas", store)["inputs"] == []


@pytest.mark.parametrize("command", ["areas", "deltas", "explain"])
def test_borders_are_named(
    command: str, store: Path, regions: Path, tmp_path: Path
) -> None:
    call = [command, store, *SPAN, "--by"]
    (given,) = beside(tmp_path / "a.csv", *call, "oblast")["inputs"]
    assert given == gf.oblasts().attrs["inputs"][0]
    assert given["name"] == "oblasts"
    assert given["licence"] == "ODbL 1.0"
    assert "Natural Earth" in given["source"]
    found = beside(tmp_path / "b.csv", *call, str(regions))["inputs"]
    assert found == [of_file("regions", regions)]


def test_borders_of_agreement_are_named(
    store: Path, regions: Path, tmp_path: Path, example: gf.History
) -> None:
    gf.Store(store).append(
        gf.Snapshot("other", item.published_at, item.occupied)
        for item in example
    )
    call = ["agreement", store, "--at", "2025-02-24", "--by", str(regions)]
    meta = beside(tmp_path / "a.csv", *call)
    assert meta["inputs"] == [of_file("regions", regions)]
    assert meta["store"]["digest"] == gf.Store(store).digest()


def test_a_sentence_says_whose_borders(
    example: gf.History, regions: Path
) -> None:
    by = gf.load_regions(regions)
    days = {"since": "2025-02-17", "until": "2025-02-24"}
    digest = hashlib.sha256(regions.read_bytes()).hexdigest()
    told = gf.explain(example, **days, by=by).loc[0, "sentence"]
    assert (
        f"Borders of the regions: file mine.geojson, SHA-256 {digest[:16]}…."
        in told
    )
    by.attrs.clear()
    told = gf.explain(example, **days, by=by).loc[0, "sentence"]
    assert "Borders of the regions: as given." in told
    assert "Borders" not in gf.explain(example, **days).loc[0, "sentence"]


def test_claims_places_and_figures_are_named(
    store: Path, tmp_path: Path
) -> None:
    claims = beside(tmp_path / "c.csv", "claims", store, CLAIMED)["inputs"]
    assert claims == [of_file("claims", CLAIMED), register_input()]
    own = tmp_path / "own.csv"
    own.write_text(MANY)
    call = ["status", store, "--places", str(own), "--every", "all"]
    meta = beside(tmp_path / "s.csv", *call)
    assert meta["inputs"] == [of_file("places", own)]
    people = ["--population", f"{own}:population", "--places", str(own)]
    meta = beside(tmp_path / "w.csv", "within", store, *people)
    assert meta["inputs"] == [
        of_file("places", own),
        of_file("population", own),
    ]


@pytest.mark.parametrize(
    "call",
    [
        ["settlements", *SPAN],
        ["within"],
        ["within", "--list", "--by", "oblast"],
        ["status", VILLAGE, "--every", "all"],
        ["proximity", "--place", "Siversk", "--every", "all"],
    ],
    ids=" ".join,
)
def test_the_register_is_named(
    call: list[str], store: Path, tmp_path: Path
) -> None:
    command, *rest = call
    meta = beside(tmp_path / "t.csv", command, store, *rest)
    assert meta["inputs"] == [register_input()]
    assert meta["inputs"][0]["licence"] == "CC BY 4.0"


def test_settlements_rest_on_two_named_ends(
    store: Path, tmp_path: Path, example: gf.History
) -> None:
    ends = [example.at(day) for day in ("2025-02-17", "2025-02-28")]
    days = ["--since", "2025-02-17", "--until", "2025-02-28"]
    changed = gf.delta(*ends).to_geodataframe().geometry[0]
    point = changed.representative_point()
    there = tmp_path / "there.csv"
    there.write_text(
        "place_id,place,longitude,latitude,population\n"
        f"t,There,{point.x},{point.y},1000\n"
    )
    call = ["settlements", store, *days, "--places", str(there)]
    meta = beside(tmp_path / "s.csv", *call)
    assert meta["rows"] == 1
    assert meta["rows_rest_on"] == [
        {
            "since": "2025-02-17",
            "until": "2025-02-28",
            "since_snapshot": ends[0].id,
            "until_snapshot": ends[1].id,
        }
    ]
    own = tmp_path / "own.csv"
    own.write_text(
        "place_id,place,longitude,latitude,population\nc,Calm,30.5,50.4,1000\n"
    )
    call = ["settlements", store, *days, "--places", str(own)]
    meta = beside(tmp_path / "none.csv", *call)
    assert meta["rows"] == 0
    assert list(meta["snapshots"]) == [item.id for item in ends]


def test_each_revision_has_its_digest(
    store: Path, tmp_path: Path, example: gf.History
) -> None:
    last = example[-1]
    later = gf.Snapshot("example", last.published_at, last.occupied.buffer(1))
    gf.Store(store).append([later])
    rows = gf.Store(store).log()
    found = rows[rows["snapshot"] == last.id].set_index("revision")["digest"]
    assert found.to_dict() == {1: last.digest, 2: later.digest}


# ---- the state of the store


def test_digest_is_of_the_state_that_was_read(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = gf.Store(store)
    before = known.digest()
    measured = change.deltas

    def interrupted(history: gf.History, **options: Any) -> Any:
        moment = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
        known.append([gf.Snapshot("other", moment, [])])
        return measured(history, **options)

    monkeypatch.setattr(gf, "deltas", interrupted)
    meta = beside(tmp_path / "d.csv", "deltas", store, *SPAN)
    assert known.digest() != before
    assert meta["store"]["digest"] == before
    moment = meta["store"]["known_at"] or meta["made_at"]
    assert known.digest(known_at=moment) == before


# ---- where files go


def test_a_folder_is_no_file(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out.csv"
    folder.mkdir()
    result = run("areas", store, "-o", folder)
    assert result.exit_code == 2
    assert f"{folder} is a folder: expected a file" in result.stderr


def test_a_fault_names_the_file_asked_for(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Any, target: Any) -> None:
        raise OSError(28, "No space left on device", str(source))

    monkeypatch.setattr(_durable.os, "replace", full)
    for name, call in {
        "a.csv": ["areas", store],
        "c.gpkg": ["changes", store, *SPAN],
    }.items():
        result = run(*call, "-o", tmp_path / name)
        assert result.exit_code == 1
        assert f"{tmp_path / name}: No space left" in result.stderr
        assert sorted(item.name for item in tmp_path.iterdir()) == ["store"]


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".kml", ".parquet"])
def test_polygons_are_old_or_new_and_never_half(
    suffix: str, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / f"changed{suffix}"
    call = ["changes", store, *SPAN, "-o", output]
    assert run(*call).exit_code == 0
    whole = output.read_bytes()
    if suffix != ".parquet":
        assert gpd.list_layers(output)["name"].tolist() == ["changed"]

    def torn(frame: gpd.GeoDataFrame, path: Path, **options: Any) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gpd.GeoDataFrame, "to_file", torn)
    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", torn)
    assert run(*call).exit_code == 1
    assert output.read_bytes() == whole
    assert sorted(item.name for item in tmp_path.iterdir()) == sorted(
        ["store", output.name, "changed.meta.json"]
    )


def test_two_that_write_one_file_do_not_write_into_one_another(
    tmp_path: Path,
) -> None:
    output = tmp_path / "a.csv"
    with _durable.replacing(output) as one:
        one.write_bytes(b"one")
        with _durable.replacing(output) as other:
            other.write_bytes(b"other")
        assert output.read_bytes() == b"other"
    assert output.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [output]
