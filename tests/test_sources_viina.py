"""VIINA on authored tables: states of places, never polygons."""

import contextlib
import datetime as dt
import random
from pathlib import Path

import pandas as pd
import pytest
from authored import zipped
from mutation import mutated

import geofront as gf

HEAD = "geonameid,date,status_wiki,status_boost,status_dsm,status_isw,status\n"
TABLE = HEAD + (
    "712588,20250224,CONTESTED,UA,RU,RU,CONTESTED\n"
    # Codes and days as floats, other spellings, nothing said.
    "712588.0,20250225.0,RU,,NA,ru, UA \n"
    "6.94403e+05,20250224,UA,UA,UA,UA,UA\n"
    "2147483647,2025-02-24,UA,UA,UA,UA,UA\n"
)
ROW = b"1,20250224,UA,UA,UA,UA,UA\n"
BOMB = zipped({"a.csv": HEAD.encode()}, blank_mb=60, blank=ROW)


def written(folder: Path, text: str, name: str = "control.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def said(table: pd.DataFrame, day: str, place: str) -> dict[str, str]:
    rows = table[(table.date == day) & (table.place == place)]
    return dict(zip(rows.claimant, rows.state, strict=True))


def test_table_is_read(tmp_path: Path) -> None:
    table = gf.read_viina(written(tmp_path, TABLE))
    assert list(table) == ["date", "place", "state", "claimant", "url"]
    assert said(table, "2025-02-24", "712588") == {
        "status_wiki": "grey_zone",
        "status_boost": "held",
        "status_dsm": "occupied",
        "status_isw": "occupied",
        "status": "grey_zone",
    }
    assert said(table, "2025-02-25", "712588") == {
        "status_wiki": "occupied",
        "status_isw": "occupied",
        "status": "held",
    }
    assert set(table.place) == {"712588", "694403", "2147483647"}
    assert table.date.dtype.kind == "M"
    assert table.attrs["terms"] == "Open Database License (ODbL)"


def test_mark_and_foreign_bytes_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "control.csv"
    odd = b"\xff\xfe,20250224,UA,UA,UA,UA,\xff\n"
    path.write_bytes(b"\xef\xbb\xbf" + TABLE.encode() + odd)
    with pytest.warns(gf.GeofrontWarning, match="1 row of no known state"):
        table = gf.read_viina(path)
    assert len(said(table, "2025-02-24", "712588")) == 5


def test_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "control_latest_2025.zip"
    members = {"__MACOSX/._x.csv": b"\0", "x.csv": TABLE.encode()}
    path.write_bytes(zipped(members))
    expected = gf.read_viina(written(tmp_path, TABLE))
    pd.testing.assert_frame_equal(gf.read_viina(str(path)), expected)


def test_register_codes_are_read(tmp_path: Path) -> None:
    text = TABLE.replace("geonameid", "KOD").replace("\n712588,", "\nUA44,")
    table = gf.read_viina(written(tmp_path, text))
    assert "UA44" in set(table.place)


def test_rows_wanted_only(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE)
    table = gf.read_viina(
        path,
        places=["712588"],
        claimants=["status_dsm", "status_isw"],
        since="2025-02-24",
        until=dt.date(2025, 2, 24),
    )
    assert list(table.claimant) == ["status_dsm", "status_isw"]
    assert set(table.place) == {"712588"}
    later = gf.read_viina(path, since="2025-03-01")
    assert len(later) == 0
    assert list(later) == list(table)


def test_bad_rows_are_counted_and_left_out(tmp_path: Path) -> None:
    bad = (
        "1,20250224,UA\n"
        "1,20250231,UA,UA,UA,UA,UA\n"
        ",20250224,UA,UA,UA,UA,UA\n"
        "1,20250226,LNR,UA,UA,UA,UA\n"
    )
    with pytest.warns(gf.GeofrontWarning) as told:
        table = gf.read_viina(written(tmp_path, TABLE + bad))
    message = str(told[0].message)
    assert "1 row of another width" in message
    assert "2 rows without a date or a place" in message
    assert "1 row of no known state" in message
    assert len(said(table, "2025-02-26", "1")) == 4


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"", "expected a table of VIINA's"),
        ("a.csv", b"date,status\n20250224,UA\n", "found date, status"),
        ("a.csv", HEAD.replace("status_isw", "x").encode(), "expected the"),
        ("a.zip", b"PK", "expected a zip archive"),
        (
            "a.zip",
            zipped({"a.txt": b""}),
            r"nothing to read in it, found a\.t",
        ),
        ("a.zip", zipped({"../a.csv": b""}), "leads outside"),
        (
            "a.zip",
            BOMB,
            "inflates to more",
        ),
    ],
)
def test_bad_file_is_told(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(gf.SourceError, match=told):
        gf.read_viina(tmp_path / name)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(gf.SourceError, match=r"no\.csv: No such file"):
        gf.read_viina(tmp_path / "no.csv")


def test_places_are_never_made_into_a_map(tmp_path: Path) -> None:
    written(tmp_path, TABLE)
    with pytest.raises(gf.SourceError, match="places, not of areas"):
        gf.open_history(tmp_path, source="viina")
    with pytest.raises(gf.SourceError, match="places, not of areas"):
        gf.ingest([tmp_path], gf.Store(tmp_path / "store"), source="viina")


@pytest.mark.parametrize(
    "count", [60, pytest.param(2000, marks=pytest.mark.slow)]
)
@pytest.mark.filterwarnings("ignore::geofront.GeofrontWarning")
def test_mutated_table_raises_nothing_foreign(
    tmp_path: Path, count: int
) -> None:
    chance = random.Random(7)
    path = tmp_path / "control.csv"
    for _ in range(count):
        path.write_bytes(mutated(TABLE.encode(), chance))
        with contextlib.suppress(gf.SourceError):
            gf.read_viina(path)


def test_table_is_one_of_claims(tmp_path: Path, example: gf.History) -> None:
    siversk = "UA14020070010064896"
    text = HEAD.replace("geonameid", "kod") + (
        f"{siversk},20250224,UA,UA,UA,RU,CONTESTED\n"
    )
    claims = gf.read_viina(written(tmp_path, text))
    table = gf.assess_claims(claims, example)
    verdicts = dict(zip(table.claimant, table.verdict, strict=True))
    assert verdicts["status_dsm"] == "supported"
    assert verdicts["status_isw"] == "contradicted"
    assert set(table.map_state) == {"held"}
