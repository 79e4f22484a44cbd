"""Tables in files: what they hold, what they rest on, and whether it runs."""

import datetime as dt
import hashlib
import io
import json
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from test_cli import done, message, plain, run
from test_cli_places import CLAIMED, VILLAGE

import geofront as gf
from geofront import _durable, _table_files
from geofront._table_files import WRITERS, escaped_columns
from geofront._units import unit_of
from geofront.cli import main
from geofront.records import RECORDS, record_of

SPAN = ("--since", "2025-02-17", "--until", "2025-02-24")
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "a;=1",
    'x"\n=1',
    '=HYPERLINK("http://x","y")',
    "\ufeff=7",
    "\u200b=8",
    "\x01=14",
    "#N/A",
    "plain, - not one",
]
COMMANDS: dict[str, list[str]] = {
    "areas": ["areas", "STORE", *SPAN],
    "areas by oblast": ["areas", "STORE", "--every", "all", "--by", "oblast"],
    "deltas": ["deltas", "STORE", *SPAN],
    "explain": ["explain", "STORE", *SPAN],
    "proximity": ["proximity", "STORE", "--every", "all", "--speed", "7"],
    "status": ["status", "STORE", VILLAGE, *SPAN],
    "events": ["status", "STORE", VILLAGE, "--events"],
    "settlements": ["settlements", "STORE", *SPAN],
    "claims": ["claims", "STORE", str(CLAIMED)],
    "within": ["within", "STORE", "--compare", "7d"],
    "near": ["within", "STORE", "--list", "--compare", "7d"],
    "quality": ["quality", "STORE"],
    "log": ["log", "STORE"],
}


@pytest.fixture
def store(tmp_path: Path, example: gf.History) -> Path:
    store = gf.Store(tmp_path / "store")
    store.append(example)
    return Path(store.path)


def written(store: Path, output: Path, *call: str) -> dict[str, Any]:
    """What lies beside the table that a command has written."""
    result = run(
        *(str(store) if item == "STORE" else item for item in call),
        "-o",
        output,
    )
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    beside = output.with_suffix(".meta.json")
    assert f"wrote {output}: " in result.stderr
    assert f"; {beside.name} says what they rest on" in result.stderr
    meta: dict[str, Any] = json.loads(beside.read_bytes())
    assert meta["sha256"] == hashlib.sha256(output.read_bytes()).hexdigest()
    assert not list(output.parent.glob(f".{output.name}.*"))
    return meta


def test_every_command_that_writes_tables_is_tried() -> None:
    writing = {
        name
        for name, command in main.commands.items()
        if {"form", "output"} <= {item.name for item in command.params}
    }
    tried = {call[0] for call in COMMANDS.values()}
    # Polygons, and what takes two sources, have tests of their own.
    assert writing == tried | {"agreement", "changes"}


# ---- what the file beside says


@pytest.mark.parametrize("name", COMMANDS)
def test_every_table_says_what_it_rests_on(
    name: str, store: Path, tmp_path: Path, example: gf.History
) -> None:
    output = tmp_path / "table.csv"
    meta = written(store, output, *COMMANDS[name])
    frame = pd.read_csv(output)
    assert output.read_bytes().startswith(b"\xef\xbb\xbf")
    assert meta["record"] == name.removesuffix(" by oblast")
    assert (meta["file"], meta["rows"]) == ("table.csv", len(frame))
    assert meta["command"].startswith(f"geofront {COMMANDS[name][0]} ")
    assert meta["command"].endswith("/table.csv")
    assert meta["geofront"] == gf.__version__
    assert meta["store"] == {
        "path": str(store),
        "digest": example.digest,
        "known_at": None,
    }
    (source,) = meta["sources"]
    assert (source["name"], source["digest"]) == ("example", example.digest)
    assert "recognised borders" in meta["territory"]
    assert "ellipsoid" in meta["definitions"]["area"]
    assert list(meta["columns"]) == list(frame)
    assert all(column["meaning"] for column in meta["columns"].values())
    digests = {snapshot.id: snapshot.digest for snapshot in example}
    assert meta["snapshots"]
    assert meta["snapshots"].items() <= digests.items()
    assert "Schematic" in " ".join(meta["remarks"])
    for link in meta["rows_rest_on"]:
        for key, value in link.items():
            if key.endswith("snapshot") and value is not None:
                assert value in meta["snapshots"]
    made = dt.datetime.fromisoformat(meta["made_at"])
    assert (
        dt.timedelta()
        <= dt.datetime.now(dt.UTC) - made
        < dt.timedelta(minutes=5)
    )


def test_a_published_figure_leads_back_to_its_two_snapshots(
    store: Path, tmp_path: Path
) -> None:
    output = tmp_path / "month.csv"
    written(store, output, "deltas", "STORE", *SPAN)
    published = pd.read_csv(output).set_index("until")
    figure = published.loc["2025-02-23", "occupied_net_km2"]
    output.unlink()

    # All that a reader has: the day, the figure, the meta file, the store.
    meta = json.loads((tmp_path / "month.meta.json").read_bytes())
    (link,) = (
        item for item in meta["rows_rest_on"] if item["until"] == "2025-02-23"
    )
    moment = meta["store"]["known_at"] or meta["made_at"]
    known = gf.Store(meta["store"]["path"])
    assert known.digest(known_at=moment) == meta["store"]["digest"]
    history = known.open(meta["sources"][0]["name"], known_at=moment)
    assert history.digest == meta["sources"][0]["digest"]
    found = {item.id: item for item in history}
    ends = []
    for name in ("since_snapshot", "until_snapshot"):
        snapshot = found[link[name]]
        # Content is read and hashed anew, not taken from the store's list.
        again = gf.Snapshot(
            snapshot.source,
            snapshot.published_at,
            snapshot.occupied,
            snapshot.grey_zone,
            regained=snapshot.regained,
            coverage=snapshot.coverage,
        )
        assert again.digest == meta["snapshots"][link[name]]
        ends.append(again)
    assert [item.date.day for item in ends] == [22, 23]
    assert gf.delta(*ends).net_km2 == pytest.approx(figure, abs=1e-9)
    by_area = ends[1].areas()["occupied_km2"] - ends[0].areas()["occupied_km2"]
    assert by_area == pytest.approx(figure, abs=1e-6)
    assert figure > 0


def test_a_later_correction_leaves_a_published_figure_findable(
    store: Path, tmp_path: Path, example: gf.History
) -> None:
    meta = written(store, tmp_path / "t.csv", "areas", "STORE", *SPAN)
    last = example[-1]
    gf.Store(store).append(
        [gf.Snapshot("example", last.published_at, last.occupied.buffer(0.01))]
    )
    assert gf.Store(store).open().digest != meta["store"]["digest"]
    before = gf.Store(store).digest(known_at=meta["made_at"])
    assert before == meta["store"]["digest"]


def test_polygons_say_what_they_rest_on(
    store: Path, tmp_path: Path, example: gf.History
) -> None:
    for suffix in (".geojson", ".parquet", ".gpkg"):
        meta = written(
            store, tmp_path / f"change{suffix}", "changes", "STORE", *SPAN
        )
        ends = [example.at("2025-02-17"), example.at("2025-02-24")]
        assert meta["snapshots"] == {item.id: item.digest for item in ends}
        assert meta["rows_rest_on"] == [
            {
                "since": "2025-02-17",
                "until": "2025-02-24",
                "since_snapshot": ends[0].id,
                "until_snapshot": ends[1].id,
            }
        ]
        assert meta["columns"]["area_km2"]["unit"] == "km²"


def test_an_earlier_day_has_its_snapshot_named(
    store: Path, tmp_path: Path, example: gf.History
) -> None:
    call = ["within", "STORE", "--at", "2025-02-24", "--compare", "7d"]
    meta = written(store, tmp_path / "w.csv", *call)
    assert meta["rows_rest_on"] == [
        {
            "date": "2025-02-24",
            "source": "example",
            "compared_with": "2025-02-17",
            "snapshot": example.at("2025-02-24").id,
            "compared_snapshot": example.at("2025-02-17").id,
        }
    ]


def test_each_source_behind_claims_is_named(
    store: Path, tmp_path: Path, example: gf.History
) -> None:
    gf.Store(store).append(
        gf.Snapshot("other", item.published_at, item.occupied)
        for item in example
    )
    meta = written(store, tmp_path / "c.csv", *COMMANDS["claims"])
    assert [item["name"] for item in meta["sources"]] == ["example", "other"]
    assert meta["store"]["digest"] == gf.Store(store).digest()
    assert len(meta["snapshots"]) == 2 * len(example)


def test_terms_are_those_of_the_source(tmp_path: Path) -> None:
    store = gf.Store(tmp_path / "store")
    moment = dt.datetime(2025, 2, 24, tzinfo=dt.UTC)
    store.append([gf.Snapshot("owlmaps", moment, [])])
    meta = written(tmp_path / "store", tmp_path / "a.csv", "areas", "STORE")
    (source,) = meta["sources"]
    assert source["attribution"] == "© Project Owl (uacontrolmap.com)"
    assert "ask before republishing" in source["terms"]


def test_known_at_is_kept(store: Path, tmp_path: Path) -> None:
    call = ["areas", "STORE", "--known-at", "2999-01-01T00:00:00Z"]
    meta = written(store, tmp_path / "a.csv", *call)
    assert meta["store"]["known_at"] == "2999-01-01T00:00:00Z"


def test_a_folder_is_cited_like_a_store(
    boundaries: Path, tmp_path: Path, example: gf.History
) -> None:
    meta = written(boundaries, tmp_path / "a.csv", "areas", "STORE")
    assert meta["store"]["digest"] == example.digest


# ---- what the table holds


@pytest.mark.parametrize("name", COMMANDS)
def test_parquet_keeps_values_types_and_what_it_rests_on(
    name: str, store: Path, tmp_path: Path
) -> None:
    output = tmp_path / "t.parquet"
    call = [str(store) if item == "STORE" else item for item in COMMANDS[name]]
    run(*call, "-o", output)
    frame = pd.read_parquet(output)
    records = json.loads(run(*call, "--format", "json").stdout)
    assert plain(frame) == records
    fields = RECORDS[record_of(frame)]
    for column, kind in frame.dtypes.items():
        expected = fields[str(column)].dtype
        if expected == "str":
            assert pd.api.types.is_string_dtype(kind), column
        elif "datetime" in expected:
            assert str(kind).endswith("UTC]") == expected.endswith("UTC]")
            assert pd.api.types.is_datetime64_any_dtype(kind)
        else:
            assert str(kind) == expected, column
    assert {"definitions", "territory", "source", "snapshots"} <= set(
        frame.attrs
    )


@pytest.mark.parametrize("name", ["areas", "deltas", "claims", "near"])
def test_csv_and_workbook_hold_every_field_unrounded(
    name: str, store: Path, tmp_path: Path
) -> None:
    call = [str(store) if item == "STORE" else item for item in COMMANDS[name]]
    records = json.loads(run(*call, "--format", "json").stdout)
    run(*call, "-o", tmp_path / "t.csv")
    run(*call, "-o", tmp_path / "t.xlsx")
    text = pd.read_csv(tmp_path / "t.csv", dtype=object)
    assert list(text) == list(records[0])
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    header, *cells = [
        [cell.value for cell in row] for row in sheet.iter_rows()
    ]
    assert header == list(records[0])
    assert len(text) == len(cells) == len(records)
    for record, line, row in zip(
        records, text.to_dict("records"), cells, strict=True
    ):
        for (key, value), cell in zip(record.items(), row, strict=True):
            if value is None:
                assert pd.isna(line[key])
                assert cell is None
                continue
            assert line[key] == str(value), key
            if isinstance(cell, dt.datetime):
                assert value.startswith(f"{cell:%Y-%m-%d}")
                assert value[10:] in ("", f"T{cell:%H:%M:%S}Z")
            elif isinstance(cell, float):
                # Workbooks keep 16 digits.
                assert cell == pytest.approx(value, rel=1e-15), key
            else:
                assert cell == value, key


def test_whole_numbers_stay_whole_beside_nulls() -> None:
    frame = pd.DataFrame({"n": pd.array([5, None], dtype="Int64")})
    text = WRITERS[".csv"](frame).decode("utf-8-sig")
    assert text.split() == ["n", "5", '""']


# ---- hostile text


def hostile() -> pd.DataFrame:
    return pd.DataFrame({"place": HOSTILE, "km": [-1.5] * len(HOSTILE)})


def test_csv_has_no_text_that_a_spreadsheet_would_compute() -> None:
    data = WRITERS[".csv"](hostile())
    frame = pd.read_csv(io.BytesIO(data), keep_default_na=False)
    # Where the comma parts the fields, and where other marks do.
    for cell in frame["place"]:
        for part in (
            cell.replace("\t", ";")
            .replace("\r", ";")
            .replace("\n", ";")
            .split(";")
        ):
            assert not part.lstrip(' "').startswith(tuple("=+-@＝")), cell
    assert (frame["km"] == -1.5).all()
    assert [text.replace("'", "") for text in frame["place"]] == HOSTILE
    assert escaped_columns(hostile()) == ["place"]
    assert escaped_columns(hostile().iloc[-2:]) == []


def test_every_character_that_is_not_seen_is_passed_over() -> None:
    unseen = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf")
    ]
    assert len(unseen) > 200
    frame = pd.DataFrame({"place": [f"{item}=1" for item in unseen]})
    cells = pd.read_csv(
        io.BytesIO(WRITERS[".csv"](frame)), keep_default_na=False
    )
    assert len(cells) == len(unseen)
    for cell in cells["place"]:
        assert cell.index("'") < cell.index("="), ascii(cell)


def test_terminals_get_no_control_characters(
    store: Path, tmp_path: Path
) -> None:
    claims = tmp_path / "claims.csv"
    said = "\x1b[31mred\u202etxt"
    head = "date,place,state,claimant,url\n"
    row = f'2025-02-24,"{VILLAGE}",occupied,{said},\n'
    claims.write_text(head + row, encoding="utf-8")
    shown = run("claims", store, claims).stdout
    assert "[31mred txt" in shown
    assert not {"\x1b", "\u202e"} & set(shown)
    # Programs get it as it is, through a pipe too.
    text = run("claims", store, claims, "--format", "csv").stdout
    assert f",{said}," in text
    (record,) = json.loads(
        run("claims", store, claims, "--format", "json").stdout
    )
    assert record["claimant"] == said


def test_workbook_has_no_formula_in_it() -> None:
    data = WRITERS[".xlsx"](hostile())
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    # In XML a carriage return is the end of a line like any other.
    assert [cell.value for cell in cells] == [
        text.replace("\r", "\n").replace("\x01", "") for text in HOSTILE
    ]
    for cell in cells[:-2]:
        assert cell.number_format == "@", cell.value
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [name for name in book.namelist() if "sheets/" in name]
        assert len(sheets) == 1
        assert b"<f>" not in book.read(sheets[0])


def test_characters_that_a_workbook_cannot_hold_are_left_out() -> None:
    data = WRITERS[".xlsx"](pd.DataFrame({"a": ["x\x1by\x00"]}))
    assert openpyxl.load_workbook(io.BytesIO(data)).active["A2"].value == "xy"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_hostile_name_travels_to_the_file_and_is_told(
    suffix: str, store: Path, tmp_path: Path
) -> None:
    places = tmp_path / "places.csv"
    places.write_text(
        "place_id,place,longitude,latitude\nx,=1+1|cmd,38.0175,48.685\n"
    )
    output = tmp_path / f"t{suffix}"
    call = ["status", "STORE", "--places", str(places), "--every", "all"]
    meta = written(store, output, *call)
    if suffix == ".csv":
        assert pd.read_csv(output)["place"].tolist() == ["'=1+1|cmd"]
        assert meta["escaped"] == ["place"]
    else:
        sheet = openpyxl.load_workbook(output).active
        (cell,) = (item for item in sheet[2] if item.value == "=1+1|cmd")
        assert cell.data_type == "s"
        assert meta["escaped"] == []
    # Programs get it as it is.
    text = done(
        *(str(store) if item == "STORE" else item for item in call),
        "--format",
        "csv",
    )
    assert ",=1+1|cmd," in text


def test_what_a_workbook_cannot_hold_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_table_files, "MOST_ROWS", 3)
    with pytest.raises(gf.GeofrontError, match=r"3 rows, found 4: write"):
        WRITERS[".xlsx"](pd.DataFrame({"a": range(4)}))
    with pytest.raises(gf.GeofrontError, match=r"found a text of 40,000"):
        WRITERS[".xlsx"](pd.DataFrame({"a": ["x" * 40_000]}))


# ---- writing


def test_a_file_is_old_or_new_and_never_half(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "a.csv"
    written(store, output, "areas", "STORE")
    before = output.read_bytes()

    def fail(staged: Path, path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(_durable, "publish", fail)
    result = run("areas", store, *SPAN, "-o", output)
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert output.read_bytes() == before
    assert sorted(item.name for item in tmp_path.iterdir()) == [
        "a.csv",
        "a.meta.json",
        "store",
    ]


def test_a_name_that_is_no_text_is_spelled_out(
    store: Path, tmp_path: Path
) -> None:
    assert run("areas", store, "-o", tmp_path / "a\udcff.csv").exit_code == 0
    meta = json.loads((tmp_path / "a\udcff.meta.json").read_bytes())
    assert meta["file"] == "a\udcff.csv"
    assert meta["command"].endswith("a\udcff.csv'")


def test_a_table_may_be_printed_too(store: Path, tmp_path: Path) -> None:
    output = tmp_path / "a.csv"
    call = ["areas", store, "--every", "all"]
    result = run(*call, "-o", output, "--format", "json")
    assert result.stdout == done(*call, "--format", "json")
    assert output.exists()


@pytest.mark.parametrize("name", COMMANDS)
def test_another_suffix_is_refused(
    name: str, store: Path, tmp_path: Path
) -> None:
    call = [str(store) if item == "STORE" else item for item in COMMANDS[name]]
    result = run(*call, "-o", tmp_path / "t.pdf")
    assert result.exit_code == 2
    assert "expected a suffix of .csv, .parquet, .xlsx" in message(result)


def test_an_empty_table_is_written_with_its_columns(
    store: Path, tmp_path: Path
) -> None:
    call = ["settlements", "STORE", "--since=2025-02-17", "--until=2025-02-17"]
    for suffix in WRITERS:
        meta = written(store, tmp_path / f"t{suffix}", *call)
        assert meta["rows"] == 0
    assert list(pd.read_csv(tmp_path / "t.csv")) == list(
        RECORDS["settlements"]
    )


# ---- attributes of all tables


def tables(example: gf.History) -> dict[str, pd.DataFrame]:
    first, last = example[0], example[-1]
    days = {"since": "2025-02-17", "until": "2025-02-24"}
    return {
        "areas": gf.areas(example, **days),
        "deltas": gf.deltas(example, **days),
        "explain": gf.explain(example, **days),
        "proximity": gf.proximity(example, "Siversk", **days),
        "sectors": gf.sectors(example, "Siversk", **days),
        "status": gf.place_status(example, "Siversk", **days),
        "events": gf.place_events(example, "Siversk"),
        "settlements": gf.settlements_changed(example, **days),
        "within": gf.within(example),
        "near": gf.settlements_within(example),
        "claims": gf.assess_claims(gf.read_claims(CLAIMED), example),
        "sensitivity": gf.sensitivity(example, sigma_m=100, runs=10),
        "changes": gf.delta(first, last).to_geodataframe(),
        "advances": gf.advances(first, last),
    }


def test_every_table_has_attributes_that_travel(
    example: gf.History, tmp_path: Path
) -> None:
    for name, frame in tables(example).items():
        attrs = frame.attrs
        assert set(attrs) >= {
            "definitions",
            "territory",
            "source",
            "snapshots",
        }, name
        assert attrs["snapshots"] == sorted(set(attrs["snapshots"])), name
        assert set(attrs["snapshots"]) <= {item.id for item in example}, name
        assert json.loads(json.dumps(attrs)) == attrs, name
        assert pd.read_pickle(_pickled(frame, tmp_path)).attrs == attrs, name
        # Warnings are errors: tables of equal attributes go together.
        assert pd.concat([frame, frame]).attrs == attrs, name
        if not isinstance(frame, gpd.GeoDataFrame):
            frame.to_parquet(tmp_path / "t.parquet")
            back = pd.read_parquet(tmp_path / "t.parquet")
            assert back.attrs == attrs, name


def _pickled(frame: pd.DataFrame, folder: Path) -> Path:
    frame.to_pickle(folder / "t.pickle")
    return folder / "t.pickle"


def test_tables_name_only_what_they_rest_on(example: gf.History) -> None:
    found = tables(example)
    assert found["areas"].attrs["snapshots"][-1] == example.at("2025-02-24").id
    assert found["within"].attrs["snapshots"] == [example[-1].id]
    assert found["explain"].attrs["snapshots"] == [
        example.at("2025-02-17").id,
        example.at("2025-02-24").id,
    ]
    assert found["events"].attrs["snapshots"] == [item.id for item in example]


def test_tables_of_different_sources_go_together(
    example: gf.History, box_snapshot: Callable[..., gf.Snapshot]
) -> None:
    other = gf.History([box_snapshot((38, 48, 39, 49))])
    both = pd.concat([gf.areas(example), gf.areas(other)])
    assert set(both["source"]) == {"example", "test"}


# ---- fields


def test_every_record_is_known_by_its_fields() -> None:
    for name, fields in RECORDS.items():
        assert record_of(fields) == name
    with pytest.raises(KeyError, match="no record in RECORDS"):
        record_of(["date", "nonsense"])


def test_numbers_have_units() -> None:
    bare = {"value", "mean", "sd", "low", "high"}
    for name, fields in RECORDS.items():
        for column, field in fields.items():
            if field.dtype == "float64" and column not in bare:
                assert unit_of(column), f"{name}.{column}"
    assert unit_of("front_km_before") == "km"
    assert unit_of("occupied_share_before") == "1"
    assert unit_of("occupied_km_closing_since") == "km"
    assert unit_of("closing_since") == "day in Europe/Kyiv"
    assert unit_of("not_before") == "day in Europe/Kyiv"
    assert unit_of("closing_km_per_week") == "km a week"
    assert unit_of("state") is None
    assert unit_of("region") is None
