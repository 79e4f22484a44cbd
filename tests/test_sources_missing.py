"""A map that lost a part: told, and never taken for a liberation."""

import datetime as dt
import json
from pathlib import Path

import authored
import pytest
from authored import feature, polygon

import geofront as gf
from geofront.sources.missing import missing_rear

BITE: authored.Box = (35.2, 46.5, 37.7, 47.3)  # the coast of Azov
FILES = {
    "deepstate": ("1740513600.geojson", "1740600000.geojson"),
    "occupied_daily": (
        "deepstatemap_data_20250225.geojson",
        "deepstatemap_data_20250226.geojson",
    ),
    "owlmaps": ("20250226.json", "20250227.json"),
    "isw": ("20250225.geojson", "20250226.geojson"),
}


def written(source: str, boxes: list[authored.Box]) -> bytes:
    """File of a source, with a front of its own."""
    if source == "deepstate":
        features = [feature(polygon(b), fill="#a52714") for b in boxes]
        return authored.dumped(authored.collection(features))
    if source == "isw":
        names = ["VIEW_RussiaCoTinUkraine_V3"] * len(boxes)
        layers = zip(names, map(polygon, boxes), strict=True)
        advance = ("MDS_AssessedRussianAdvanceInUkraine_view", None)
        return authored.isw([*layers, advance])
    make = {"occupied_daily": authored.occupied_daily}
    return make.get(source, authored.owlmaps)(boxes)


@pytest.mark.parametrize("source", FILES)
def test_lost_coast_is_told_and_marks_the_step(
    tmp_path: Path, source: str
) -> None:
    whole, less = FILES[source]
    rear = list(authored.REAR)
    (tmp_path / whole).write_bytes(written(source, rear))
    (tmp_path / less).write_bytes(written(source, rear[:-1]))
    with pytest.warns(gf.GeofrontWarning) as told:
        history = gf.open_history(tmp_path, source=source)
    (message,) = (str(item.message) for item in told)
    assert "Melitopol is not in the occupied area" in message
    assert "Berdiansk" in message
    assert "Mariupol" in message
    assert f"{source}@2025-02-26" in message
    (step,) = gf.deltas(history).itertuples()
    assert step.occupied_net_km2 < -1000
    assert step.method_break
    table = gf.deltas(history, every="all")
    assert list(table.method_break) == [True]


def test_step_of_two_whole_maps_is_none(tmp_path: Path) -> None:
    for name in FILES["deepstate"]:
        data = written("deepstate", list(authored.REAR))
        (tmp_path / name).write_bytes(data)
    table = gf.deltas(gf.open_history(tmp_path, source="deepstate"))
    assert list(table.method_break) == [False]
    assert table.break_km2.isna().all()


def test_many_days_are_told_in_one_short_warning(tmp_path: Path) -> None:
    for day in range(10, 29):
        name = f"deepstatemap_data_202502{day}.geojson"
        data = authored.occupied_daily(authored.REAR[1:])
        (tmp_path / name).write_bytes(data)
    store = gf.Store(tmp_path / "store")
    with pytest.warns(gf.GeofrontWarning, match="and 16 more") as told:
        gf.ingest(tmp_path.glob("*.geojson"), store, source="occupied_daily")
    assert len(told) == 1
    assert len(str(told[0].message)) < 1000


@pytest.mark.parametrize(
    ("day", "missing"),
    [
        ("2014-02-01", []),
        ("2022-03-14", ["Simferopol", "Sevastopol", "Kerch"]),
        ("2022-03-15", ["Simferopol", "Sevastopol", "Kerch", "Melitopol"]),
    ],
)
def test_cities_count_from_when_they_are_occupied(
    day: str, missing: list[str]
) -> None:
    import numpy as np
    import shapely

    boxes = [shapely.box(*authored.EAST), shapely.box(36.7, 46.7, 37.6, 47.2)]
    moment = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    notes = missing_rear(np.array(boxes, dtype=object), moment)
    assert [note.detail.split()[0] for note in notes] == missing


@pytest.mark.parametrize(
    ("geometry", "fill"),
    [({"type": "Polygon"}, "#a52714"), (polygon(BITE), "#123456")],
)
def test_large_part_left_out_is_a_method_break(
    tmp_path: Path, geometry: object, fill: str
) -> None:
    content = json.loads(written("deepstate", list(authored.REAR)))
    whole, less = FILES["deepstate"]
    (tmp_path / whole).write_bytes(authored.dumped(content))
    content["features"].append(feature(geometry, fill=fill))
    (tmp_path / less).write_bytes(authored.dumped(content))
    with pytest.warns(gf.GeofrontWarning, match="left out feature 5"):
        history = gf.open_history(tmp_path, source="deepstate")
    assert list(gf.deltas(history).method_break) == [True]
