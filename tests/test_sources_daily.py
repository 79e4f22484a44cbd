"""occupied_daily and owlmaps on authored files: a map of control a day."""

import gzip
import json
from pathlib import Path

import authored
import pytest
import shapely

import geofront as gf
from geofront.geodesy import area_km2
from geofront.sources import adapter

FRONT = (36.5, 47.5, 37.5, 48.0)
KURSK = (36.0, 51.6, 36.3, 51.8)
DAILY = "deepstatemap_data_20250225.geojson"


def km2(*boxes: authored.Box) -> float:
    return area_km2(shapely.union_all([shapely.box(*box) for box in boxes]))


def one(folder: Path, name: str, data: bytes, source: str) -> gf.Snapshot:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    (snapshot,) = gf.open_history(folder, source=source)
    return snapshot


def kinds(snapshot: gf.Snapshot) -> list[str]:
    return [note.kind for note in snapshot.notes]


# ---- what both have in common


@pytest.mark.parametrize(
    ("source", "name", "data"),
    [
        ("occupied_daily", DAILY, authored.occupied_daily()),
        ("owlmaps", "20250225.json", authored.owlmaps()),
    ],
)
def test_grey_zone_is_missing_not_zero(
    tmp_path: Path, source: str, name: str, data: bytes
) -> None:
    snapshot = one(tmp_path, name, data, source)
    assert snapshot.source == source
    assert snapshot.grey_zone is None
    assert snapshot.regained is None
    assert snapshot.held() is None
    areas = snapshot.areas()
    assert areas["occupied_km2"] == pytest.approx(km2(*authored.REAR))
    assert areas["grey_zone_km2"] is None
    assert areas["held_km2"] is None
    assert kinds(snapshot) == ["date"]


@pytest.mark.parametrize(
    ("source", "name", "data"),
    [
        ("occupied_daily", DAILY, authored.occupied_daily([])),
        ("occupied_daily", DAILY, authored.dumped(authored.collection([]))),
        ("owlmaps", "20250225.json", authored.owlmaps([])),
        ("owlmaps", "20250225.json", authored.owlmaps(areas=None)),
        ("owlmaps", "20250225.json", authored.owlmaps([KURSK])),
    ],
)
def test_empty_day_is_a_fault_and_no_liberation(
    tmp_path: Path, source: str, name: str, data: bytes
) -> None:
    with pytest.raises(gf.SourceError, match="no liberation"):
        one(tmp_path, name, data, source)
    good = {
        "occupied_daily": ("deepstatemap_data_20250224.geojson",),
        "owlmaps": ("20250224.json",),
    }[source][0]
    make = getattr(authored, source)
    (tmp_path / good).write_bytes(make())
    with pytest.warns(gf.GeofrontWarning, match="no liberation"):
        history = gf.open_history(tmp_path, source=source)
    table = gf.areas(history)
    assert list(table.occupied_km2) == pytest.approx([km2(*authored.REAR)])


@pytest.mark.parametrize("source", ["occupied_daily", "owlmaps"])
def test_day_without_crimea_is_marked(tmp_path: Path, source: str) -> None:
    name = DAILY if source == "occupied_daily" else "20250225.json"
    data = getattr(authored, source)(authored.REAR[1:])
    with pytest.warns(gf.GeofrontWarning, match="a part of the map is miss"):
        snapshot = one(tmp_path, name, data, source)
    note, *_ = (n for n in snapshot.notes if n.kind == "method_break")
    assert "Simferopol is not in the occupied area" in note.detail
    # The store keeps it, so that quality can find it.
    store = gf.Store(tmp_path / "store")
    store.append([snapshot])
    assert note in store.open()[0].notes


# ---- occupied_daily


def test_download_is_an_upper_bound(tmp_path: Path) -> None:
    snapshot = one(
        tmp_path, DAILY, authored.occupied_daily(), "occupied_daily"
    )
    assert snapshot.id == "occupied_daily@2025-02-25T03:00:00Z"
    assert "upper bound" in snapshot.notes[0].detail


@pytest.mark.parametrize(
    "name",
    [
        "deepstatemap_data_20250230.geojson",
        "deepstatemap_data_2025022.geojson",
        "deepstatemap_data_20250224.json",
        "20250224.geojson",
    ],
)
def test_other_names_are_no_daily_files(name: str) -> None:
    assert adapter("occupied_daily").published_at(Path(name)) is None


@pytest.mark.parametrize(
    "crs",
    [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "urn:ogc:def:crs:EPSG::4326",
        "EPSG:4326",
        "OGC:CRS84",
    ],
)
def test_longitude_and_latitude_go_by_several_names(
    tmp_path: Path, crs: str
) -> None:
    content = json.loads(authored.occupied_daily())
    content["crs"] = authored.named_crs(crs)
    one(tmp_path, DAILY, authored.dumped(content), "occupied_daily")


@pytest.mark.parametrize(
    ("crs", "told"),
    [
        (authored.named_crs("EPSG:3857"), "the file is in EPSG:3857"),
        (authored.named_crs("EPSG:32636"), "the file is in EPSG:32636"),
        ({"type": "link", "properties": {"href": "x"}}, "of type 'link'"),
        ("EPSG:4326", "the file is in text"),
    ],
)
@pytest.mark.parametrize("source", ["occupied_daily", "deepstate"])
def test_any_other_system_is_refused(
    tmp_path: Path, source: str, crs: object, told: str
) -> None:
    content = json.loads(authored.occupied_daily())
    content["features"][0]["properties"] = {"fill": "#a52714"}
    content["crs"] = crs
    name = DAILY if source == "occupied_daily" else "1740434400.geojson"
    compact = json.dumps(content, separators=(",", ":")).encode()
    with pytest.raises(gf.SourceError, match=told):
        one(tmp_path, name, compact, source)


def bundle(*features: object) -> bytes:
    return gzip.compress(authored.dumped(authored.collection(features)))


def test_one_file_of_all_days_is_read(tmp_path: Path) -> None:
    whole = bundle(
        authored.feature(authored.polygon(authored.EAST), date="2025-02-23"),
        authored.feature(
            authored.polygon(authored.EAST), id=2, date="20250224"
        ),
        authored.feature(authored.polygon(authored.EAST), date="soon"),
        authored.feature(None, date="2025-02-25"),
        authored.feature(authored.polygon(authored.EAST)),
        "no feature",
    )
    (tmp_path / "deepstate-map-data.geojson.gz").write_bytes(whole)
    with pytest.warns(gf.GeofrontWarning) as told:
        history = gf.open_history(tmp_path, source="occupied_daily")
    assert [str(day) for day in history.dates] == ["2025-02-23", "2025-02-24"]
    messages = " ".join(str(item.message) for item in told)
    assert "feature 3: expected a date, found 'soon'" in messages
    assert "feature 5: expected a date, found 'None'" in messages
    assert "feature 6: expected a date" in messages
    assert "no liberation" in messages


def test_days_of_one_file_are_known_when_it_grows(tmp_path: Path) -> None:
    path, store = tmp_path / "all.geojson.gz", gf.Store(tmp_path / "store")
    rear = {
        "type": "MultiPolygon",
        "coordinates": [[authored.ring(box)] for box in authored.REAR],
    }
    days = [
        authored.feature(rear, date=day)
        for day in ("2025-02-23", "2025-02-24", "2025-02-25")
    ]
    path.write_bytes(bundle(*days[:2]))
    first = gf.ingest([path], store, source="occupied_daily")
    assert len(first.appended.added) == 2
    path.write_bytes(bundle(*days))
    second = gf.ingest([path], store, source="occupied_daily")
    assert second.known_files == 2
    assert second.appended.added == ("occupied_daily@2025-02-25T03:00:00Z",)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04", "expected gzip"),
        (bundle()[:-9], "truncated"),
        (authored.gzipped(300), "bytes: refused"),
        (gzip.compress(b"not json"), "expected JSON"),
    ],
)
def test_bad_file_of_all_days_is_told(
    tmp_path: Path, data: bytes, told: str
) -> None:
    (tmp_path / "all.geojson.gz").write_bytes(data)
    with pytest.raises(gf.SourceError, match=told):
        gf.open_history(tmp_path, source="occupied_daily")


# ---- owlmaps


def test_state_is_that_of_the_day_before(tmp_path: Path) -> None:
    snapshot = one(tmp_path, "20250225.json", authored.owlmaps(), "owlmaps")
    assert str(snapshot.date) == "2025-02-24"
    assert snapshot.id == "owlmaps@2025-02-24T21:59:59Z"
    assert "day before" in snapshot.notes[0].detail


def test_overlapping_rings_count_once(tmp_path: Path) -> None:
    wide = (36.5, 47.5, 38.5, 48.5)
    data = authored.owlmaps([*authored.REAR, FRONT, wide])
    snapshot = one(tmp_path, "20250225.json", data, "owlmaps")
    assert snapshot.areas()["occupied_km2"] == pytest.approx(
        km2(*authored.REAR, FRONT, wide)
    )


def test_land_held_in_kursk_is_never_counted(tmp_path: Path) -> None:
    # Even where a mistake puts it into Ukraine.
    rings = [
        authored.latitude_first(authored.ring(box))
        for box in (KURSK, (30.0, 50.0, 30.1, 50.1))
    ]
    data = authored.owlmaps(areas_ua=rings)
    snapshot = one(tmp_path, "20250225.json", data, "owlmaps")
    assert snapshot.areas()["occupied_km2"] == pytest.approx(
        km2(*authored.REAR)
    )
    dropped = [note for note in snapshot.notes if note.kind == "dropped"]
    assert [round(note.km2) for note in dropped] == [
        round(km2(KURSK)),
        round(km2((30.0, 50.0, 30.1, 50.1))),
    ]


def test_units_are_never_read(tmp_path: Path) -> None:
    secret = {"ru": [{"name": "a unit", "latlng": "not a position"}]}
    data = authored.owlmaps(units=secret, geos=7, frontline=None)
    snapshot = one(tmp_path, "20250225.json", data, "owlmaps")
    assert kinds(snapshot) == ["date"]


def test_bad_ring_costs_no_other(tmp_path: Path) -> None:
    good = authored.latitude_first(authored.ring(FRONT))
    rings = [authored.latitude_first(authored.ring(b)) for b in authored.REAR]
    bad = [[], None, "ring", [[1]], [[48, 37], [48, 38]], [[950, 37]] * 4]
    (tmp_path / "20250225.json").write_bytes(
        authored.owlmaps(areas=[*rings, *bad, good])
    )
    with pytest.warns(gf.GeofrontWarning) as told:
        (snapshot,) = gf.open_history(tmp_path, source="owlmaps")
    message = str(told[0].message)
    for number in range(5, 11):
        assert f"feature {number} (areas)" in message
    assert snapshot.areas()["occupied_km2"] == pytest.approx(
        km2(*authored.REAR, FRONT)
    )


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "expected JSON"),
        (authored.owlmaps()[:-40], "truncated or damaged"),
        (b"[]", "expected an object with 'areas', found a list"),
        (b'{"type": "FeatureCollection"}', "expected an object with 'areas'"),
        (authored.owlmaps(areas={}), "expected a list of areas"),
        (authored.owlmaps(areas_ua=3), "expected a list of areas_ua"),
        (
            authored.dumped(
                {"areas": [authored.ring(box) for box in authored.REAR]}
            ),
            "longitude and latitude swapped",
        ),
    ],
)
def test_bad_file_is_told(tmp_path: Path, data: bytes, told: str) -> None:
    with pytest.raises(gf.SourceError, match=told):
        one(tmp_path, "20250225.json", data, "owlmaps")


@pytest.mark.parametrize(
    "name", ["20250230.json", "00010101.json", "2025.json", "20250225.geojson"]
)
def test_other_names_are_no_files_of_owlmaps(name: str) -> None:
    assert adapter("owlmaps").published_at(Path(name)) is None
