"""ISW on authored files: layers, two counts, GeoJSON and Esri JSON."""

import json
from pathlib import Path

import authored
import numpy as np
import pyproj
import pytest
import shapely
from authored import polygon

import geofront as gf
from geofront.geodesy import area_km2

CONTROL = "VIEW_RussiaCoTinUkraine_V3"
ADVANCE = "MDS_AssessedRussianAdvanceInUkraine_view"
CLAIMED = "VIEW_ClaimedRussianTerritoryinUkraine_V2"
COUNTER = "VIEW_ClaimedUkrainianCounteroffensives_V2"
BEFORE = "VIEW_Russian_controlled_Ukrainian_Territory_before_February_24_2022"

ADVANCED = (37.0, 48.0, 37.5, 48.2)
CLAIM = (36.8, 48.0, 37.0, 48.2)
COUNTERED = (35.0, 48.0, 35.5, 48.5)
ALL = [
    *((CONTROL, polygon(box)) for box in authored.REAR),
    (ADVANCE, polygon(ADVANCED)),
    (ADVANCE, None),
    (CLAIMED, polygon(CLAIM)),
    (COUNTER, polygon(COUNTERED)),
]


def km2(*boxes: authored.Box) -> float:
    return area_km2(shapely.union_all([shapely.box(*box) for box in boxes]))


def read(folder: Path, source: str = "isw", **options: object) -> gf.Snapshot:
    (snapshot,) = gf.open_history(folder, source=source, **options)
    return snapshot


@pytest.fixture
def day(tmp_path: Path) -> Path:
    (tmp_path / "20230607.geojson").write_bytes(authored.isw(ALL))
    return tmp_path


def method_breaks(snapshot: gf.Snapshot) -> list[str]:
    return [n.detail for n in snapshot.notes if n.kind == "method_break"]


def occupied(snapshot: gf.Snapshot) -> float:
    area = snapshot.areas()["occupied_km2"]
    assert area is not None
    return area


def test_two_counts_of_one_map(day: Path) -> None:
    assessed, claimed = read(day), read(day, "isw_claimed")
    assert occupied(assessed) == pytest.approx(km2(*authored.REAR, ADVANCED))
    assert occupied(claimed) == pytest.approx(
        km2(*authored.REAR, ADVANCED, CLAIM)
    )
    assert claimed.source == "isw_claimed"
    assert assessed.grey_zone is None
    assert str(assessed.date) == "2023-06-07"


def test_what_is_left_out_is_noted(day: Path) -> None:
    notes = {note.detail: note for note in read(day).notes}
    beside = notes["2 areas that do not mean control"]
    assert beside.km2 == pytest.approx(km2(CLAIM) + km2(COUNTERED))
    assert notes["1 feature without a geometry"].kind == "dropped"
    (date,) = (note for note in notes.values() if note.kind == "date")
    assert "stands for the moment" in date.detail


def test_layer_of_before_2022_counts(tmp_path: Path) -> None:
    layers = [
        (CONTROL, polygon(authored.EAST)),
        (CONTROL, polygon(authored.KERCH)),
        (CONTROL, polygon(authored.AZOV)),
        (ADVANCE, None),
        (BEFORE, polygon(authored.CRIMEA)),
    ]
    (tmp_path / "20230607.geojson").write_bytes(authored.isw(layers))
    snapshot = read(tmp_path)
    assert occupied(snapshot) == pytest.approx(km2(*authored.REAR))
    (tmp_path / "20230607.geojson").write_bytes(authored.isw(layers[:4]))
    with pytest.warns(gf.GeofrontWarning, match="Simferopol is not in the"):
        breaks = method_breaks(read(tmp_path))
    assert len(breaks) == 2
    assert "Simferopol" in breaks[0]


def test_absent_layer_of_advance_is_a_method_break(tmp_path: Path) -> None:
    path = tmp_path / "20230607.geojson"
    path.write_bytes(
        authored.isw([each for each in ALL if each[0] != ADVANCE])
    )
    with pytest.warns(gf.GeofrontWarning, match="no layer of assessed adv"):
        (told,) = method_breaks(read(tmp_path))
    assert told.startswith("there is no layer of assessed advance")


def test_labels_of_a_collector(tmp_path: Path) -> None:
    layers = [
        *(("ロシア軍支配エリア", polygon(box)) for box in authored.REAR),
        ("ロシア軍侵攻エリア", polygon(ADVANCED)),
        ("ロシア軍侵攻エリア", polygon(CLAIM)),
        ("ウクライナ軍反撃エリア", polygon(COUNTERED)),
    ]
    (tmp_path / "20230510.geojson").write_bytes(authored.isw(layers))
    assessed, claimed = read(tmp_path), read(tmp_path, "isw_claimed")
    assert occupied(assessed) == occupied(claimed)
    (told,) = method_breaks(assessed)
    assert "isw and isw_claimed are the same here" in told


def test_other_labels_are_told_and_mapped(tmp_path: Path) -> None:
    layers = [
        *(("rot", polygon(box)) for box in authored.REAR),
        ("rosa", polygon(ADVANCED)),
    ]
    (tmp_path / "20230607.geojson").write_bytes(authored.isw(layers))
    with pytest.raises(gf.SourceError, match=r"found rosa, rot.*--map"):
        read(tmp_path)
    with pytest.warns(gf.GeofrontWarning) as caught:
        snapshot = read(tmp_path, meanings={"rot": "control"})
    told = " ".join(str(item.message) for item in caught)
    assert "(rosa): of no known" in told
    assert "no layer of assessed advance" in told
    assert occupied(snapshot) == pytest.approx(km2(*authored.REAR))
    both = read(tmp_path, meanings={"rot": "control", "*": "advance"})
    assert occupied(both) == pytest.approx(km2(*authored.REAR, ADVANCED))
    with pytest.raises(gf.SourceError, match="red is nothing that a layer"):
        read(tmp_path, meanings={"rot": "red"})


# ---- dates


@pytest.mark.parametrize(
    ("place", "options", "expected"),
    [
        ("20230607.geojson", {}, "2023-06-07T20:59:59"),
        ("2023-06-07.json", {}, "2023-06-07T20:59:59"),
        ("isw_20230607T181500Z.geojson", {}, "2023-06-07T18:15:00"),
        # The folder is right where the file's name is not.
        ("2023-06-07/20220607.geojson", {}, "2023-06-07T20:59:59"),
        ("20230607/UkraineCoTJun7.geojson", {}, "2023-06-07T20:59:59"),
        ("any.json", {"date": "2023-06-07"}, "2023-06-07T20:59:59"),
        ("20220607.json", {"date": "2023-06-07"}, "2023-06-07T20:59:59"),
    ],
)
def test_where_the_date_comes_from(
    tmp_path: Path, place: str, options: dict[str, str], expected: str
) -> None:
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(authored.isw(ALL))
    snapshot = read(path.parent, **options)
    assert snapshot.published_at.isoformat() == f"{expected}+00:00"
    exact = "T18" in expected
    assert [n for n in snapshot.notes if n.kind == "date"] == [] or not exact


@pytest.mark.parametrize(
    "name",
    ["UkraineCoT_07JUN2023.json", "June7.geojson", "20230631.geojson"],
)
def test_other_names_state_no_date(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(authored.isw(ALL))
    with pytest.raises(gf.SourceError, match=r"name its day \(--date\)"):
        read(tmp_path)


# ---- a file a layer


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    folder = tmp_path / "2023-06-07"
    folder.mkdir()
    control = [authored.feature(polygon(box)) for box in authored.REAR]
    (folder / f"{CONTROL}.geojson").write_bytes(
        authored.dumped(authored.collection(control))
    )
    (folder / "layer 2.json").write_bytes(
        authored.dumped(
            authored.collection(
                [authored.feature(polygon(ADVANCED))], name=ADVANCE
            )
        )
    )
    return folder


def test_layers_in_files_of_their_own_make_one_map(exported: Path) -> None:
    assert occupied(read(exported)) == pytest.approx(
        km2(*authored.REAR, ADVANCED)
    )


def test_name_of_a_layer_may_be_long(exported: Path) -> None:
    (exported / f"{CONTROL}.geojson").write_bytes(
        authored.dumped(
            authored.collection(
                authored.feature(polygon(box)) for box in authored.REAR[1:]
            )
        )
    )
    (exported / f"export of {BEFORE}.geojson").write_bytes(
        authored.dumped(
            authored.collection([authored.feature(polygon(authored.CRIMEA))])
        )
    )
    assert occupied(read(exported)) == pytest.approx(
        km2(*authored.REAR, ADVANCED)
    )


def test_files_of_one_name_do_not_hide_each_other(
    exported: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    control = (exported / f"{CONTROL}.geojson").rename(other / "map.json")
    content = json.loads(control.read_bytes())
    control.write_bytes(authored.dumped({**content, "name": CONTROL}))
    advance = (exported / "layer 2.json").rename(exported / "map.json")
    store = gf.Store(tmp_path / "store")
    gf.ingest([control, advance], store, source="isw", date="2023-06-07")
    assert occupied(store.open()[0]) == pytest.approx(
        km2(*authored.REAR, ADVANCED)
    )


def test_control_that_is_all_damaged_costs_the_day(tmp_path: Path) -> None:
    layers = [(CONTROL, {"type": "Polygon"}), (ADVANCE, polygon(ADVANCED))]
    (tmp_path / "20230607.geojson").write_bytes(authored.isw(layers))
    with pytest.raises(gf.SourceError, match="expected a layer of assessed"):
        read(tmp_path)


def test_layer_that_cannot_be_read_costs_the_day(exported: Path) -> None:
    # Without it the map would show a liberation that never was.
    (exported / "layer 2.json").write_bytes(b"{")
    with pytest.raises(gf.SourceError, match=r"layer 2\.json: expected JSON"):
        read(exported)


def test_map_without_control_is_refused(tmp_path: Path) -> None:
    layers = [(ADVANCE, polygon(ADVANCED))]
    (tmp_path / "20230607.geojson").write_bytes(authored.isw(layers))
    with pytest.raises(gf.SourceError, match="expected a layer of assessed"):
        read(tmp_path)


# ---- Esri JSON


TO_MERCATOR = pyproj.Transformer.from_crs(
    "OGC:CRS84", "EPSG:3857", always_xy=True
)


def mercator(box: authored.Box) -> list[list[float]]:
    ring = np.array(authored.ring(box))
    return np.column_stack(TO_MERCATOR.transform(*ring.T)).tolist()


def esri_feature(*rings: object, **attributes: object) -> dict[str, object]:
    return {"attributes": attributes, "geometry": {"rings": list(rings)}}


def test_esri_json_in_mercator_is_read(tmp_path: Path) -> None:
    hole, island = (38.1, 48.0, 39.0, 48.5), (38.2, 48.1, 38.4, 48.3)
    shapes = esri_feature(
        # Even-odd: whichever way the rings run, a hole with an island.
        mercator(authored.EAST),
        mercator(hole)[::-1],
        mercator(island),
        mercator(authored.CRIMEA),
        mercator(authored.KERCH),
        mercator(authored.AZOV),
        OBJECTID=1,
    )
    nothing = {"attributes": {}, "geometry": None}
    data = authored.esri([shapes, nothing])
    (tmp_path / "20230607").mkdir()
    path = tmp_path / "20230607" / f"{CONTROL}.json"
    path.write_bytes(data)
    advance = [{"attributes": {"layer": ADVANCE}, "geometry": None}]
    (path.parent / "advance.json").write_bytes(authored.esri(advance))
    snapshot = read(path.parent)
    expected = km2(*authored.REAR) - km2(hole) + km2(island)
    assert occupied(snapshot) == pytest.approx(expected, rel=1e-9)
    found = {note.detail for note in snapshot.notes}
    assert "2 features without a geometry" in found


@pytest.mark.parametrize(
    ("reference", "scale"),
    [
        ({"wkid": 4326}, None),
        ({"wkid": 102100}, TO_MERCATOR),
        ({"wkid": 3857}, TO_MERCATOR),
    ],
)
def test_system_is_the_one_stated(
    tmp_path: Path, reference: dict[str, int], scale: object
) -> None:
    shape = authored.ring if scale is None else mercator
    features = [
        esri_feature(shape(box), layer=CONTROL) for box in authored.REAR
    ]
    features.append({"attributes": {"layer": ADVANCE}, "geometry": None})
    (tmp_path / "20230607.json").write_bytes(
        authored.esri(features, spatialReference=reference)
    )
    assert occupied(read(tmp_path)) == pytest.approx(
        km2(*authored.REAR), rel=1e-9
    )


@pytest.mark.parametrize("reference", [None, {}, {"wkt": "PROJCS"}, 3857])
def test_system_is_never_guessed(tmp_path: Path, reference: object) -> None:
    features = [esri_feature(mercator(authored.EAST), layer=CONTROL)]
    (tmp_path / "20230607.json").write_bytes(
        authored.esri(features, spatialReference=reference)
    )
    with pytest.raises(gf.SourceError, match="expected a spatial reference"):
        read(tmp_path)
    (tmp_path / "20230607.json").write_bytes(
        authored.esri(features, spatialReference={"wkid": 999_999_999})
    )
    with pytest.raises(gf.SourceError, match="999999999 is not known"):
        read(tmp_path)


def test_bad_esri_feature_costs_no_other(tmp_path: Path) -> None:
    good = [
        esri_feature(mercator(box), layer=CONTROL) for box in authored.REAR
    ]
    bad = [
        esri_feature([[1e400, 0]] * 4, layer=CONTROL),
        esri_feature([[1, 2], [3, 4]], layer=CONTROL),
        esri_feature("ring", layer=CONTROL),
        esri_feature([["a", "b"]] * 4, layer=CONTROL),
        "no feature",
    ]
    point = {"attributes": {"layer": CONTROL}, "geometry": {"x": 1, "y": 2}}
    (tmp_path / "20230607.json").write_bytes(
        authored.esri([*bad, point, *good])
    )
    with pytest.warns(gf.GeofrontWarning) as told:
        snapshot = read(tmp_path)
    message = str(told[0].message)
    for number in range(1, 6):
        assert f"feature {number}" in message
    assert "feature 6" not in message
    assert occupied(snapshot) == pytest.approx(km2(*authored.REAR))
    assert any("only areas are kept" in n.detail for n in snapshot.notes)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"geometryType": "esriGeometryPolygon"}', "a list of features"),
        (b'{"error": {"code": 400}}', "expected a GeoJSON FeatureColl"),
        (b"[1]", "expected a GeoJSON FeatureCollection"),
        (
            authored.isw(ALL, crs=authored.named_crs("EPSG:3857")),
            "in EPSG:3857",
        ),
    ],
)
def test_bad_file_is_told(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "20230607.json").write_bytes(data)
    with pytest.raises(gf.SourceError, match=told):
        read(tmp_path)


def test_ingest_from_the_command_line(day: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from geofront.cli import main

    store = tmp_path / "store"
    path = day / "20230607.geojson"
    for count, date in enumerate(("2023-06-07", "2023-06-08"), 1):
        call = f"ingest {path} --source isw --date {date} --store {store}"
        result = CliRunner().invoke(main, call.split())
        assert result.exit_code == 0, result.output
        assert len(gf.Store(store).open()) == count
