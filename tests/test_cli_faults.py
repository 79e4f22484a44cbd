"""What the command line says of faults: what to do stands beside them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from geofront.cli import main

RED = {"type": "Feature", "properties": {"fill": "red"}, "geometry": None}
VECTOR = ("--source", "vector", "--as", "mine", "--date", "2025-02-24")
RING = [[[38.0, 48.0], [38.1, 48.0], [38.1, 48.1], [38.0, 48.0]]]


@pytest.fixture(autouse=True)
def beside_files(
    tmp_path: Path, boundaries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder with what may be given in place of what is expected."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "maps").symlink_to(boundaries)
    (tmp_path / "own").mkdir()
    polygon = {"type": "Polygon", "coordinates": RING}
    for name, features in {
        "own/map.geojson": [{**RED, "geometry": polygon}],
        "none.geojson": [],
        "point.geojson": [
            {**RED, "geometry": {"type": "Point", "coordinates": [38, 48]}}
        ],
    }.items():
        text = {"type": "FeatureCollection", "features": features}
        (tmp_path / name).write_text(json.dumps(text), encoding="utf-8")
    (tmp_path / "broken.geojson").write_text('{"features": [', "utf-8")
    (tmp_path / "table.csv").write_text("date;place\n1;2\n", "utf-8")


@pytest.mark.parametrize(
    ("call", "status", "told"),
    [
        ("areas own/map.geojson", 2, "give the folder that it lies in"),
        ("areas own", 1, "your own maps are 'vector'"),
        ("areas maps --known-at then", 2, "a moment such as 2025-03-01T12"),
        ("areas maps --known-at 2025-03-01T12:00", 2, "20:00:00Z or a date"),
        ("areas maps --by none.geojson", 1, "known schema, found none: ren"),
        ("areas maps --by point.geojson", 1, "expected a polygon for each"),
        ("areas maps --by table.csv", 1, "holds no areas"),
        ("areas maps --by broken.geojson", 1, "Unterminated array"),
        ("claims maps table.csv", 1, "commas between, found date;place"),
        ("within maps --population no.csv:people", 2, "is no file no.csv"),
        ("within maps --population table.csv", 2, "expected FILE.csv:COLUMN"),
        ("within maps --population table.csv:", 2, "FILE.csv:COLUMN"),
        ("map maps -o m.html --tiles x", 2, "such as OpenStreetMap.Mapnik"),
        ("log maps", 1, "`geofront ingest`, reads maps into one"),
        ("ingest maps --source deepstate --store s", 1, "like those of 'geof"),
        ("ingest own --store s {V} --map red=taken", 2, "occupied, grey_zone"),
        ("ingest own --store s {V} --state-column f", 1, "the values none"),
        ("ingest own --store s {V} --map *=held --crs x", 1, "as EPSG:4326"),
        ("fetch owlmaps --store s --url x.org", 2, "https://example.org/maps"),
    ],
)
def test_fault_says_what_to_do(call: str, status: int, told: str) -> None:
    words = call.replace("{V}", " ".join(VECTOR)).split()
    result = CliRunner().invoke(main, words)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == status
    assert result.stdout == ""
    assert told in result.stderr
