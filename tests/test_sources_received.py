"""What is asked of every source's maps, whoever has written its adapter."""

import datetime as dt
from pathlib import Path

import authored
import pytest
import shapely
from authored import feature, polygon
from click.testing import CliRunner

import geofront as gf
from geofront.cli import main
from geofront.geodesy import area_km2
from geofront.sources.folder import read_folder
from geofront.sources.profile import Profile

BOX: authored.Box = (37.0, 48.0, 37.5, 48.4)


class Odd(Profile):
    """Somebody's adapter, which goes wrong on some days."""

    def read(
        self, data: bytes, published_at: dt.datetime, where: str
    ) -> gf.Snapshot:
        if data == b"bug":
            raise ZeroDivisionError("in somebody's code")
        boxes = [] if data == b"empty" else [shapely.box(*BOX)]
        return gf.Snapshot("odd", published_at, boxes)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"bug", r"2025-02-25\.geojson: the adapter of geofront failed: Zero"),
        (b"empty", "odd@2025-02-25.* An empty map is no liberation"),
    ],
)
def test_fault_of_an_adapter_costs_one_file(
    tmp_path: Path, data: bytes, told: str
) -> None:
    (tmp_path / "2025-02-24.geojson").write_bytes(b"map")
    (tmp_path / "2025-02-25.geojson").write_bytes(data)
    with pytest.warns(gf.GeofrontWarning, match=told):
        history = read_folder(tmp_path, Odd())
    assert [str(day) for day in history.dates] == ["2025-02-24"]


def test_map_of_the_future_is_refused(tmp_path: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    for days in (1, 4):
        day = (now + dt.timedelta(days=days)).date()
        (tmp_path / f"{day}.geojson").write_bytes(b"map")
    with pytest.warns(gf.GeofrontWarning, match="expected a moment before"):
        assert len(read_folder(tmp_path, Odd())) == 1


# ---- the user's own


def drawn(path: Path, *features: object) -> Path:
    path.write_bytes(authored.dumped(authored.collection(features)))
    return path


@pytest.mark.parametrize("name", ["deepstate", "geofront", "Mine", "a b"])
def test_name_of_another_source_is_refused_before_reading(
    tmp_path: Path, name: str
) -> None:
    path = drawn(tmp_path / "a.geojson", feature(polygon(BOX)))
    call = ["ingest", str(path), "--source", "vector", "--as", name]
    store = tmp_path / "store"
    result = CliRunner().invoke(main, [*call, "--store", str(store)])
    assert result.exit_code == 2
    assert "--as" in result.stderr
    assert not store.exists()
    with pytest.raises(gf.SourceError, match="name"):
        gf.open_history(tmp_path, source="vector", name=name)


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({}, "there is no column 'day', found the columns state"),
        ({"day": "24.02.2025"}, "'day' holds '24.02.2025', expected YYYY"),
    ],
)
def test_day_that_is_none_is_told_once(
    tmp_path: Path, properties: dict[str, str], told: str
) -> None:
    bad = feature(polygon(BOX), state="occupied", **properties)
    drawn(tmp_path / "a.geojson", *[bad] * 500)
    with pytest.raises(gf.SourceError, match=told) as raised:
        gf.open_history(tmp_path, source="vector", date_column="day")
    assert "and 497 more" in str(raised.value)
    assert len(str(raised.value)) < 1000


def test_sea_within_the_coverage_is_not_held(tmp_path: Path) -> None:
    frame = (36.6, 46.5, 37.2, 47.0)  # across the coast at Berdiansk
    drawn(
        tmp_path / "2025-02-24.geojson",
        feature(polygon((36.7, 46.8, 36.8, 46.9)), state="occupied"),
        feature(polygon(frame), state="coverage"),
        feature(polygon((36.8, 46.8, 36.9, 46.9)), state="grey_zone"),
    )
    (snapshot,) = gf.open_history(tmp_path, source="vector")
    drawn_box = shapely.box(36.7, 46.8, 36.9, 46.9)
    # What is drawn stays, a bay included.
    land = shapely.box(*frame) & (gf.territory() | drawn_box)
    known = snapshot.areas()
    found = sum(
        known[f"{state}_km2"] for state in ("occupied", "grey_zone", "held")
    )
    assert area_km2(land) < 0.8 * area_km2(shapely.box(*frame))
    assert found == pytest.approx(area_km2(land), rel=1e-6)


def test_one_claimant_may_be_named_by_a_text(tmp_path: Path) -> None:
    path = tmp_path / "kontrol.csv"
    path.write_text("kod,date,status_wiki,status\nUA1,20250224,RU,UA\n")
    table = gf.read_viina(path, claimants="status")
    assert list(table.state) == ["held"]
