"""The command line: what it prints, where, and with which exit status."""

import csv
import io
import json
import math
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner, Result
from front_page import unpack

import geofront as gf
from geofront import _durable
from geofront._help import SECTIONS
from geofront.cli import main
from geofront.records import AREAS, CHANGES, DELTAS, PROXIMITY

COMMANDS = (
    "quality",
    "fetch",
    "info",
    "areas",
    "deltas",
    "changes",
    "explain",
    "proximity",
    "status",
    "settlements",
    "claims",
    "map",
    "report",
    "export",
    "sources",
    "ingest",
    "log",
    "verify",
    "within",
    "agreement",
)
DAYS = ("--since", "2025-02-22", "--until", "2025-02-23")
SUFFIXES = (".geojson", ".gpkg", ".kml", ".parquet")


def run(*arguments: str | Path) -> Result:
    """Result of a call; anything that would be a traceback fails here."""
    result = CliRunner().invoke(main, [str(item) for item in arguments])
    if result.exception is not None:
        assert isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def done(*arguments: str | Path) -> str:
    """Standard output of a call that must succeed without a word else."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    told = result.stderr.splitlines()
    assert [line for line in told if not line.startswith("carried: ")] == []
    return result.stdout


def message(result: Result) -> str:
    """What standard error says besides the lines on usage; two at most."""
    lines = [
        line
        for line in result.stderr.splitlines()
        if line and not line.startswith(("Usage:", "Try '", "   "))
    ]
    assert 1 <= len(lines) <= 2, result.stderr
    return "\n".join(lines)


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Records that the command line has to print for a table."""

    def value(item: Any) -> Any:
        if item is None or item is pd.NA or item is pd.NaT:
            return None
        if isinstance(item, float) and math.isnan(item):
            return None
        if isinstance(item, pd.Timestamp):
            if item.tzinfo is None:
                return item.date().isoformat()
            return item.tz_convert(None).isoformat() + "Z"
        return item

    return [
        {name: value(item) for name, item in row.items()}
        for row in frame.to_dict("records")
    ]


def geojson(box: tuple[float, float, float, float]) -> dict[str, Any]:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


@pytest.fixture
def deepstate_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two authored files of DeepStateMap's, with a drop and a repair."""
    # They are of a village; that the rear is missing is told elsewhere.
    monkeypatch.setattr("geofront.sources.missing._REAR", ())
    folder = tmp_path / "deepstate files"
    folder.mkdir()
    for stamp, east in ((1740427200, 38.1), (1740513600, 38.2)):
        features = [
            {
                "type": "Feature",
                "geometry": geometry,
                "properties": {"fill": fill, "name": "{{7*7}} \x1b[31m"},
            }
            for geometry, fill in (
                (geojson((38.0, 48.0, east, 48.1)), "#a52714"),
                (geojson((37.9, 48.0, 38.0, 48.1)), "#bcaaa4"),
                (geojson((41.0, 43.0, 41.1, 43.1)), "#ff5252"),
                ({"type": "Point", "coordinates": [38, 48]}, None),
            )
        ]
        (folder / f"{stamp}.geojson").write_text(
            json.dumps({"type": "FeatureCollection", "features": features})
        )
    return folder


# ---- help


@pytest.mark.parametrize("flag", ["--help", "-h"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, flag: str) -> None:
    text = done(command, flag)
    assert f"Usage: main {command}" in text
    assert len(text.splitlines()) > 4
    assert max(map(len, text.splitlines())) <= 80


def test_help_lists_every_command() -> None:
    text = done("--help")
    assert set(main.commands) == set(COMMANDS)
    for command in COMMANDS:
        assert f"\n  {command} " in text


def test_the_front_page_of_the_project_lists_every_command() -> None:
    readme = Path(__file__).parents[1] / "README.md"
    table = readme.read_text("utf-8").split("## Command line")[1].split("```")
    listed = re.findall(r"^geofront (\w+) ", table[1], re.M)
    assert sorted(listed) == sorted(main.commands)


def test_every_option_is_explained() -> None:
    for name, command in main.commands.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts}"


@pytest.mark.parametrize("command", [*COMMANDS, None])
def test_examples_in_the_help_run(
    command: str | None,
    boundaries: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(boundaries.parent)
    if command in ("log", "verify"):
        gf.Store("my-store").append(gf.example_history())
    text = done(*([command] if command else []), "--help")
    unwrapped = text.replace("\\\n", " ")
    lines = re.findall(r"^ +geofront (.*)$", unwrapped, re.M)
    assert lines, "there is an example"
    for line in lines:
        if command != "fetch" and "drawn.geojson" not in line:
            assert run(*shlex.split(line)).exit_code == 0, line


def test_help_lists_each_command_in_one_section() -> None:
    listed = [name for names in SECTIONS.values() for name in names]
    assert sorted(listed) == sorted(main.commands)


def test_first_sentences_are_not_cut() -> None:
    assert "..." not in done("--help").split("Options:")[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_options_that_commands_share_come_in_one_order(command: str) -> None:
    names = [param.name for param in main.commands[command].params]
    shared = [
        *("store", "source", "known_at", "max_age", "since", "until", "at"),
        *("compare", "every", "by", "level", "names", "places_file"),
        *("form", "scheduler"),
    ]
    if command not in ("ingest", "fetch", "status"):
        ordered = [name for name in shared if name in names]
        assert [name for name in names if name in shared] == ordered


@pytest.mark.parametrize(
    "call",
    [
        "areas data/boundaries --by oblast",
        "deltas data/boundaries --by oblast",
        "proximity data/boundaries --speed 7 --every week",
        "within data/boundaries --compare 7d",
        "within data/boundaries --list",
        "status data/boundaries Siversk",
        "status data/boundaries Siversk --events",
        "quality data/boundaries",
    ],
)
def test_help_explains_each_column(
    call: str, boundaries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(boundaries.parents[1])
    words = call.split()
    headings = run(*words).stdout.splitlines()[0].split()
    explained = re.findall(r"^    ?(\w+)  +\w", done(words[0], "--help"), re.M)
    assert set(headings) <= set(explained)


def test_version_is_that_of_the_package() -> None:
    assert done("--version") == f"geofront, version {gf.__version__}\n"


# ---- tables

TABLES: dict[str, tuple[list[str], Any, Any]] = {
    "areas": (["areas"], AREAS, gf.areas),
    "deltas": (["deltas"], DELTAS, gf.deltas),
    "proximity": (["proximity"], PROXIMITY, gf.proximity),
}


@pytest.mark.parametrize(
    ("name", "every"),
    [
        ("areas", "snapshot"),
        ("areas", "day"),
        ("areas", "month"),
        ("deltas", "snapshot"),
        ("deltas", "week"),
        ("deltas", "all"),
        ("proximity", "week"),
    ],
)
def test_json_is_the_python_result_unrounded(
    name: str, every: str, boundaries: Path, example: gf.History
) -> None:
    call, fields, function = TABLES[name]
    text = done(*call, boundaries, "--every", every, "--format", "json")
    records = json.loads(text)
    assert records == plain(function(example, every=every))
    assert all(list(record) == list(fields) for record in records)


@pytest.mark.parametrize("name", TABLES)
def test_csv_is_equal_to_json(name: str, boundaries: Path) -> None:
    call = [*TABLES[name][0], boundaries, "--every", "all", "--format"]
    expected = json.loads(done(*call, "json"))
    reader = csv.DictReader(io.StringIO(done(*call, "csv")))
    rows = list(reader)
    assert reader.fieldnames == list(expected[0])
    assert len(rows) == len(expected)
    for row, record in zip(rows, expected, strict=True):
        for field, value in record.items():
            if isinstance(value, float):
                assert float(row[field]) == value
            else:
                assert row[field] == ("" if value is None else str(value))


@pytest.mark.parametrize("name", TABLES)
def test_dates_are_iso_8601(name: str, boundaries: Path) -> None:
    call, fields, _ = TABLES[name]
    call = [*call, boundaries, "--every", "all", "--format", "json"]
    record = json.loads(done(*call))[0]
    for field, kind in fields.items():
        if kind.dtype == "datetime64[s]":
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", record[field])
        elif "UTC" in kind.dtype:
            assert re.fullmatch(
                r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record[field]
            )


@pytest.mark.parametrize("name", TABLES)
def test_table_is_readable(name: str, boundaries: Path) -> None:
    text = done(*TABLES[name][0], boundaries, "--every", "week")
    header, *rows = text.splitlines()
    assert set(header.split()) <= set(TABLES[name][1])
    assert len(rows) >= 2
    assert len({len(line.rstrip()) <= 130 for line in rows}) == 1
    assert not re.search(r"nan|NaN|NaT|<NA>|None|True|False", text)
    assert not re.search(r"\d\.\d{3}", text)
    assert "00:00:00" not in text


def test_span_may_be_narrowed(boundaries: Path) -> None:
    text = done("areas", boundaries, *DAYS, "--format", "json")
    dates = [record["date"] for record in json.loads(text)]
    assert dates == ["2025-02-22", "2025-02-23"]


def test_state_at_the_end_of_since_is_the_first_term(boundaries: Path) -> None:
    text = done(
        "deltas", boundaries, *DAYS, "--every", "all", "--format", "json"
    )
    (record,) = json.loads(text)
    assert (record["since"], record["until"]) == ("2025-02-22", "2025-02-23")
    assert record["since_snapshot"] == "example@2025-02-22T21:59:59Z"
    assert record["until_snapshot"] == "example@2025-02-23T21:59:59Z"


@pytest.mark.parametrize("name", ["areas", "deltas"])
def test_by_oblast_gives_a_row_for_each(
    name: str, boundaries: Path, example: gf.History
) -> None:
    call, _, function = TABLES[name]
    call = [*call, boundaries, "--every", "week", "--by", "oblast"]
    records = json.loads(done(*call, "--format", "json"))
    expected = function(example, every="week", by=gf.oblasts())
    assert records == plain(expected)
    assert records[0]["region"] == "Donetsk"
    header, *rows = done(*call).splitlines()
    assert "region" in header.split()
    if name == "areas":
        shown = {"denominator_km2", "held_land_km2", "occupied_land_share"}
        assert shown <= set(header.split())
    assert len(rows) == len(records)


def test_by_takes_a_file_of_several_levels(
    boundaries: Path, tmp_path: Path
) -> None:
    path = tmp_path / "ukr.gpkg"
    known = gf.oblasts()
    for number, count in ((1, 27), (2, 5)):
        prefix = f"ADM{number}_"
        names = {"region": f"{prefix}EN", "region_id": f"{prefix}PCODE"}
        level = known[["region", "region_id", "geometry"]].head(count)
        level.rename(columns=names).to_file(path, layer=prefix)
    call = ["areas", boundaries, "--every", "all", "--by", path]
    result = run(*call)
    assert result.exit_code == 1
    assert "choose one by its level= (--level)" in message(result)
    rows = json.loads(done(*call, "--level", "oblast", "--format", "json"))
    assert [row["region_id"] for row in rows] == ["UA14", "UA44", "UA63"]
    result = run(*call[:-1], "oblast", "--level", "raion")
    assert result.exit_code == 2
    assert "--level goes with --by FILE" in message(result)


def test_by_takes_a_file_of_regions(boundaries: Path, tmp_path: Path) -> None:
    path = tmp_path / "raions.geojson"
    raion = '"ADM2_EN":"Bakhmutskyi","ADM2_PCODE":"UA1402"'
    area = json.dumps(geojson((38.0, 48.0, 38.3, 49.0)))
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature",'
        f'"properties":{{{raion}}},"geometry":{area}}}]}}'
    )
    call = ["areas", boundaries, "--every", "all", "--by", path]
    result = run(*call, "--format", "json")
    assert result.exit_code == 0
    assert "found 1 units of the level raion" in result.stderr
    rows = json.loads(result.stdout)
    assert [row["region"] for row in rows] == ["Bakhmutskyi", "elsewhere"]
    assert [row["region_id"] for row in rows] == ["UA1402", None]
    (total,) = json.loads(done(*call[:-2], "--format", "json"))
    for field in ("occupied_km2", "held_km2", "denominator_km2"):
        assert sum(row[field] for row in rows) == pytest.approx(
            total[field], rel=0, abs=1e-6
        )


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["Siversk"], ["Siversk"]),
        (["siversk", "LYMAN"], ["Siversk", "Lyman"]),
        (["Bilohorivka, Luhansk"], ["Bilohorivka"]),
        (["UA44120050040082233"], ["Bilohorivka"]),
        (["Slovyansk"], ["Sloviansk"]),
        (
            ["sloviansk-kramatorsk"],
            ["Sloviansk–Kramatorsk agglomeration"],
        ),
    ],
)
def test_places_are_found_by_name_or_code(
    given: list[str], found: list[str], boundaries: Path
) -> None:
    options = [word for name in given for word in ("--place", name)]
    text = done(
        "proximity", boundaries, *options, "--every", "all", "--format", "json"
    )
    assert [record["place"] for record in json.loads(text)] == found


def test_files_of_a_source_are_read_by_its_name(
    deepstate_folder: Path,
) -> None:
    call = ["areas", deepstate_folder, "--source", "deepstate"]
    first, second = json.loads(done(*call, "--format", "json"))
    assert first["source"] == "deepstate"
    assert first["published_at"] == "2025-02-24T20:00:00Z"
    assert second["occupied_km2"] > first["occupied_km2"]
    assert first["denominator_km2"] == 603628.0


def test_what_is_not_drawn_is_null_and_a_dash(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"state": "occupied", "source": "test"},
        "geometry": geojson((38, 48, 39, 49)),
    }
    (tmp_path / "2025-02-24.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]})
    )
    (record,) = json.loads(done("areas", tmp_path, "--format", "json"))
    assert record["grey_zone_km2"] is None
    assert record["held_km2"] is None
    assert "–" in done("areas", tmp_path).splitlines()[1]
    assert ",," in done("areas", tmp_path, "--format", "csv").splitlines()[1]


# ---- info and sources


def test_info_tells_source_span_counts_and_digest(boundaries: Path) -> None:
    text = done("info", boundaries)
    assert "example" in text
    assert "2025-02-17 to 2025-02-28, 12 days" in text
    assert "10 on 10 days" in text
    assert "the longest gap 48 h" in text
    assert re.search(r"\b[0-9a-f]{64}\b", text)


def test_info_counts_what_is_noted(deepstate_folder: Path) -> None:
    call = ["info", deepstate_folder, "--source", "deepstate"]
    assert "4 dropped in 2 snapshots, at most " in done(*call)
    next(deepstate_folder.iterdir()).unlink()
    assert "2 dropped in 1 snapshot, at most " in done(*call)


def test_info_lists_notes_on_request(deepstate_folder: Path) -> None:
    call = ["info", deepstate_folder, "--source", "deepstate"]
    short, long = done(*call), done(*call, "--notes")
    assert long.startswith(short)
    lines = long[len(short) :].splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("deepstate@2025-02-24T20:00:00Z  dropped  ")
    assert "#ff5252" in lines[0]
    assert "90.5" in lines[0]
    assert "1 point or line" in lines[1]
    assert "7*7" not in long
    assert "\x1b" not in long


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_info_bears_a_dangling_link(deepstate_folder: Path) -> None:
    (deepstate_folder / ".link").symlink_to(deepstate_folder / "nowhere")
    done("info", deepstate_folder, "--source", "deepstate")


def test_sources_says_what_a_user_has_to_know() -> None:
    text = done("sources")
    for source in ("geofront", "deepstate"):
        assert f"{source}: " in text
    for label in ("draws", "dates", "files", "terms", "credit", "address"):
        assert f"  {label} " in text
    assert "© DeepStateMap" in text


# ---- polygons


def test_changes_are_printed_as_a_table(boundaries: Path) -> None:
    text = done("changes", boundaries, *DAYS)
    header, row = text.splitlines()
    assert header.split() == list(CHANGES)[:6]
    assert row.split()[3:5] == ["grey_zone", "occupied"]


def test_changes_as_json_are_the_python_result(
    boundaries: Path, example: gf.History
) -> None:
    text = done("changes", boundaries, *DAYS, "--format", "json")
    delta = gf.delta(example.at("2025-02-22"), example.at("2025-02-23"))
    frame = delta.to_geodataframe()
    records = json.loads(text)
    assert [record["area_km2"] for record in records] == list(frame.area_km2)
    assert list(records[0]) == list(CHANGES)
    assert records[0]["since"] == "2025-02-22"
    assert records[0]["source"] == "example"
    for end, day in (("since", "2025-02-22"), ("until", "2025-02-23")):
        assert records[0][f"{end}_snapshot"] == example.at(day).id


def test_days_without_a_change_are_told_plainly(boundaries: Path) -> None:
    same = ("--since", "2025-02-23", "--until", "2025-02-23")
    assert done("changes", boundaries, *same, "--format", "json") == "[]\n"
    text = done("changes", boundaries, *same)
    assert "DataFrame" not in text
    assert "Index" not in text


def polygons(path: Path) -> gpd.GeoDataFrame:
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    return gpd.read_file(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_changes_read_back_from_every_format(
    suffix: str, boundaries: Path, tmp_path: Path, example: gf.History
) -> None:
    output = tmp_path / f"change{suffix}"
    days = ("--since", "2025-02-17", "--until", "2025-02-28")
    result = run("changes", boundaries, *days, "-o", output)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert str(output) in result.stderr
    frame = polygons(output)
    delta = gf.delta(example.at("2025-02-17"), example.at("2025-02-28"))
    expected = delta.to_geodataframe()
    assert len(frame) == len(expected) > 1
    for field in ("from_state", "to_state"):
        assert list(frame[field]) == list(expected[field])
    assert list(frame.area_km2) == pytest.approx(list(expected.area_km2))
    assert {str(day)[:10] for day in frame.since} == {"2025-02-17"}
    assert {str(day)[:10] for day in frame.until} == {"2025-02-28"}
    assert set(frame.source) == {"example"}
    assert frame.crs.equals("OGC:CRS84", ignore_axis_order=True)
    drawn = shapely.force_2d(frame.geometry.to_numpy())
    wanted = expected.geometry.to_numpy()
    assert shapely.equals_exact(drawn, wanted, 1e-12).all()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_changes_may_be_written_twice_and_may_be_none(
    suffix: str, boundaries: Path, tmp_path: Path
) -> None:
    output = tmp_path / f"change{suffix}"
    same = ("--since", "2025-02-23", "--until", "2025-02-23")
    for days, count in ((DAYS, 1), (same, 0)):
        result = run("changes", boundaries, *days, "-o", output)
        assert result.exit_code == 0
        assert len(polygons(output)) == count


# ---- export


def test_export_reads_back_with_equal_digests(
    boundaries: Path, tmp_path: Path, example: gf.History
) -> None:
    output = tmp_path / "new" / "folder"
    result = run("export", boundaries, "-o", output)
    assert result.exit_code == 0
    assert "10 snapshots" in result.stderr
    again = gf.open_history(output)
    assert [item.digest for item in again] == [item.digest for item in example]
    assert [item.notes for item in again] == [item.notes for item in example]
    assert sorted(path.name for path in output.iterdir())[0] == (
        "2025-02-17T215959Z.geojson"
    )


def test_digest_to_cite_is_the_same_after_export(
    deepstate_folder: Path, tmp_path: Path
) -> None:
    output = tmp_path / "mine"
    call = ["--source", "deepstate"]
    run("export", deepstate_folder, *call, "-o", output)
    here = done("info", deepstate_folder, *call).split("digest")[1]
    there = done("info", output).split("digest")[1]
    assert here == there


def test_export_to_a_geopackage_reads_back_with_equal_digests(
    boundaries: Path, tmp_path: Path, example: gf.History
) -> None:
    output = tmp_path / "all.gpkg"
    assert run("export", boundaries, "-o", output).exit_code == 0
    again = gf.History.from_geodataframe(gpd.read_file(output))
    assert [item.digest for item in again] == [item.digest for item in example]
    assert [item.notes for item in again] == [item.notes for item in example]


def test_export_of_a_day_is_the_snapshot_in_force(
    boundaries: Path, tmp_path: Path
) -> None:
    run("export", boundaries, "-o", tmp_path / "a", "--at", "2025-02-20")
    assert [path.name for path in (tmp_path / "a").iterdir()] == [
        "2025-02-19T215959Z.geojson"
    ]


def test_export_leaves_other_files_alone(
    boundaries: Path, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text("mine")
    run("export", boundaries, "-o", tmp_path, "--at", "2025-02-20")
    assert (tmp_path / "README.md").read_text() == "mine"
    assert len(gf.open_history(tmp_path)) == 1


# ---- map


@pytest.mark.parametrize(
    "options",
    [[], ["--at", "2025-02-20"], ["--compare", "2025-02-17"], ["--embed"]],
    ids=" ".join,
)
def test_map_is_a_page_that_needs_no_network(
    options: list[str], boundaries: Path, tmp_path: Path
) -> None:
    output = tmp_path / "map.html"
    result = run("map", boundaries, "-o", output, *options)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert str(output) in result.stderr
    page = output.read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    remote = r"(?:https?:)?//"
    assert not re.findall(
        rf"<(?:script|link|img|iframe)[^>]*?(?:src|href)=[\"']?{remote}[^>]*",
        page,
        re.I,
    )
    assert not re.findall(rf"url\([\"']?{remote}", page, re.I)
    assert not re.findall(rf"@import [\"']?{remote}", page, re.I)
    assert any("Schematic" in line for line in unpack(page).about["remarks"])


def mapped(boundaries: Path, output: Path, *options: str) -> dict[str, Any]:
    """What the page of a map is told."""
    assert run("map", boundaries, "-o", output, *options).exit_code == 0
    return unpack(output.read_text(encoding="utf-8")).about


def test_map_holds_the_history_or_the_days_that_are_asked_for(
    boundaries: Path, tmp_path: Path
) -> None:
    output = tmp_path / "map.html"
    assert len(mapped(boundaries, output)["days"]) == 10
    assert len(mapped(boundaries, output, "--at", "2025-02-24")["days"]) == 1
    two = ("--at", "2025-02-24", "--compare", "2025-02-20")
    about = mapped(boundaries, output, *two)
    assert about["compare"] == 0
    # With all that lies between them; the state of the 20th is of the 19th.
    assert [day - about["days"][0] for day in about["days"]] == [0, 2, 3, 4, 5]
    assert mapped(boundaries, output, "--embed")["embed"] is True
    assert mapped(boundaries, output, "--lang", "uk")["lang"] == "uk"


def test_map_says_when_the_day_is_carried(
    boundaries: Path, tmp_path: Path
) -> None:
    output = tmp_path / "map.html"
    result = run("map", boundaries, "-o", output, "--at", "2025-02-20")
    assert "the state is that of 2025-02-19" in result.stderr


def test_map_takes_tiles_by_name(boundaries: Path, tmp_path: Path) -> None:
    output = tmp_path / "map.html"
    mapped(boundaries, output, "--tiles", "OpenStreetMap.Mapnik")
    page = output.read_text(encoding="utf-8")
    assert "https://tile.openstreetmap.org/{z}/{x}/{y}.png" in page
    result = run("map", boundaries, "-o", output, "--tiles", "Nobody")
    assert result.exit_code == 2
    assert "no tiles called Nobody" in result.stderr
    result = run("map", boundaries, "-o", output, "--tiles", "MapBox")
    assert result.exit_code == 2
    assert "MapBox needs a key of your own" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    "option",
    [["--tiles", "OpenStreetMap.Mapnik"], ["--lang", "uk"], ["--embed"]],
)
def test_a_picture_takes_no_option_of_pages(
    boundaries: Path, tmp_path: Path, option: list[str]
) -> None:
    output = tmp_path / "map.svg"
    result = run("map", boundaries, "-o", output, *option)
    assert result.exit_code == 2
    assert "are for pages" in result.stderr
    assert not output.exists()


# ---- bad calls

STORE = object()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, ""),
        (["nothing"], 2, "No such command"),
        (["areas"], 2, "Missing argument 'STORE'"),
        (["areas", "no/such/folder"], 2, "does not exist"),
        (["areas", __file__], 2, "is a file"),
        (["areas", STORE, "--every", "year"], 2, "'year'"),
        (["areas", STORE, "--format", "xml"], 2, "'xml'"),
        (["areas", STORE, "--nothing"], 2, "--nothing"),
        (["areas", STORE, "--source", "nobody"], 2, "deepstate"),
        (["areas", STORE, "--source", "deepstate"], 1, "unix seconds"),
        (["areas", STORE, "--since", "24.02.2025"], 2, "as YYYY-MM-DD"),
        (["areas", STORE, "--since", "2025-02-30"], 2, "2025-02-30"),
        (["areas", STORE, "--since", ""], 2, "as YYYY-MM-DD"),
        (
            ["areas", STORE, "--since", "2025-02-28", "--until", "2025-02-18"],
            2,
            "--since 2025-02-28 is after --until 2025-02-18",
        ),
        (["areas", STORE, "--since", "2025-02-16"], 1, "2025-02-17"),
        (["areas", STORE, "--since", "0001-01-01"], 1, "2025-02-17"),
        (["areas", STORE, "--until", "2025-02-16"], 1, "2025-02-17"),
        (["areas", STORE, "--until", "2025-03-10"], 1, "72 hours"),
        (["areas", STORE, "--since", "2025-03-10"], 1, "2025-02-28"),
        (["areas", STORE, "--until", "9999-12-31"], 2, "9999-12-31"),
        (["areas", STORE, "--since", "9999-12-31"], 2, "9999-12-31"),
        *(
            (["areas", STORE, "--known-at", moment], 2, "the calendar in UTC")
            for moment in (
                "9999-12-31T23:59:59-14:00",
                "0001-01-01T00:00:00+14:00",
            )
        ),
        (["areas", STORE, "--by", "raions.gpkg"], 2, "no file 'raions.gpkg'"),
        (["deltas", STORE, "--by", __file__], 1, "cannot be read as a file"),
        (["deltas", STORE, "--since", "2025-03-10"], 1, "2025-02-28"),
        (["proximity", STORE, "--since", "2025-03-10"], 1, "2025-02-28"),
        (["proximity", STORE, "--place", "Atlantis"], 2, "'Atlantis'"),
        (["proximity", STORE, "--place", "Sivrsk"], 2, "did you mean Siversk"),
        (["proximity", STORE, "--place", ""], 2, "unknown place"),
        (["proximity", STORE, "--speed", "800000"], 2, "1<=x<=36500"),
        (
            ["proximity", STORE, "--place", "Bilohorivka"],
            2,
            "Bilohorivka, Luhansk (",
        ),
        (["changes", STORE], 2, "Missing option '--since'"),
        (["changes", STORE, *DAYS, "-o", "a.shp"], 2, ".geojson, .gpkg"),
        (["changes", STORE, *DAYS, "-o", "a"], 2, "expected a suffix"),
        (["changes", STORE, *DAYS, "-o", "."], 2, "expected a suffix"),
        (
            [
                "changes",
                STORE,
                "--since",
                "2025-02-16",
                "--until",
                "2025-02-18",
            ],
            1,
            "2025-02-17",
        ),
        (["map", STORE], 2, "Missing option '-o'"),
        (["map", STORE, "-o", "map.jpg"], 2, "suffix of .html, .png"),
        (["map", STORE, "-o", "m.html", "--at", "2024-01-01"], 1, "begin on"),
        (
            ["map", STORE, "-o", "m.html", "--compare", "2025-02-28"],
            2,
            "is not before 2025-02-28",
        ),
        (
            [
                *("map", STORE, "-o", "m.html", "--at", "2025-02-20"),
                *("--compare", "2025-02-19"),
            ],
            2,
            "both days have the map of 2025-02-19",
        ),
        (
            ["map", STORE, "-o", "m.html", "--compare", "2024-01-01"],
            1,
            "begin on",
        ),
        (["export", STORE], 2, "Missing option '-o'"),
        (["export", STORE, "-o", "no/e.gpkg"], 2, "the folder no does not"),
        (["export", STORE, "-o", "a.shp"], 2, "FILE.gpkg"),
        (["export", STORE, "-o", "e", "--at", "2024-01-01"], 1, "begin on"),
    ],
    ids=lambda value: (
        " ".join("STORE" if word is STORE else str(word) for word in value)
        if isinstance(value, list)
        else ""
    ),
)
def test_bad_call_is_answered_in_a_line(
    arguments: list[Any],
    code: int,
    told: str,
    boundaries: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*(boundaries if a is STORE else a for a in arguments))
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    if told:
        assert told in message(result)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["info", "areas", "deltas", "proximity"])
def test_empty_folder_is_the_data_s_fault(
    command: str, tmp_path: Path
) -> None:
    result = run(command, tmp_path)
    assert result.exit_code == 1
    assert "YYYY-MM-DD.geojson" in message(result)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\xff",
        b"[]",
        b"[" * 100_000,
        b'{"type":"FeatureCollection","features":[]}',
        b'{"type":"FeatureCollection","features":[null]}',
        b'{"type":"\\u001b[31m{{7*7}}","error":"<img onerror=alert(1)>"}',
    ],
    ids=lambda content: content[:50].decode("latin-1"),
)
@pytest.mark.parametrize(
    ("source", "name"),
    [("geofront", "2025-02-24.geojson"), ("deepstate", "1740427200.geojson")],
)
def test_broken_file_alone_is_the_data_s_fault(
    source: str, name: str, content: bytes, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("areas", tmp_path, "--source", source)
    assert result.exit_code == 1
    assert name in message(result)
    assert "\x1b" not in result.stderr


def test_unusable_file_among_usable_is_told_and_no_failure(
    boundaries: Path, tmp_path: Path
) -> None:
    for path in boundaries.glob("*.geojson"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "2025-03-01.geojson").write_bytes(b"{")
    (tmp_path / "other.txt").write_text("x")
    result = run("areas", tmp_path, "--format", "json")
    assert result.exit_code == 0
    assert result.stdout == done("areas", boundaries, "--format", "json")
    carried, *lines = result.stderr.splitlines()
    assert carried.startswith("carried: 2 of 12 days ")
    assert len(lines) == 2
    assert all(line.startswith("Warning: ") for line in lines)
    assert "2025-03-01.geojson" in result.stderr
    assert "other.txt" in result.stderr


def test_damaged_feature_is_told_and_no_failure(
    deepstate_folder: Path,
) -> None:
    path = deepstate_folder / "1740427200.geojson"
    path.write_text(
        path.read_text().replace('"features": [', '"features": [null,')
    )
    result = run("areas", deepstate_folder, "--source", "deepstate")
    assert result.exit_code == 0
    (line,) = result.stderr.splitlines()
    assert line.startswith("Warning: 1740427200.geojson")


def test_two_sources_in_a_folder_are_listed(tmp_path: Path) -> None:
    for day, source in ((24, "one"), (25, "two")):
        feature = {
            "type": "Feature",
            "properties": {"state": "occupied", "source": source},
            "geometry": geojson((38, 48, 39, 49)),
        }
        (tmp_path / f"2025-02-{day}.geojson").write_text(
            json.dumps({"type": "FeatureCollection", "features": [feature]})
        )
    result = run("areas", tmp_path)
    assert result.exit_code == 1
    assert "one, two" in message(result)


OUTPUTS = [
    *[("changes", f"a{suffix}", DAYS) for suffix in SUFFIXES],
    ("map", "a.html", ()),
    ("report", "a.json", ()),
    ("areas", "a.csv", ()),
    ("export", "a.gpkg", ()),
]


@pytest.mark.parametrize(("command", "name", "options"), OUTPUTS)
def test_output_in_a_folder_that_is_not_there_is_told(
    command: str,
    name: str,
    options: tuple[str, ...],
    boundaries: Path,
    tmp_path: Path,
) -> None:
    output = tmp_path / "missing" / name
    result = run(command, boundaries, *options, "-o", output)
    assert result.exit_code == 2
    assert str(output.parent) in message(result)
    assert result.stdout == ""


@pytest.mark.parametrize(("command", "name", "options"), OUTPUTS)
def test_output_onto_a_folder_is_told(
    command: str,
    name: str,
    options: tuple[str, ...],
    boundaries: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / name).mkdir()
    result = run(command, boundaries, *options, "-o", tmp_path / name)
    assert result.exit_code == 2
    assert f"{name} is a folder: expected a file" in " ".join(
        result.stderr.split()
    )


def test_export_into_a_folder_is_old_or_new_and_never_half(
    boundaries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "mine"
    call = ("export", boundaries, "-o", output, "--at", "2025-02-20")
    assert run(*call).exit_code == 0
    (file,) = output.iterdir()
    file.write_text("before")

    def fail(staged: Path, path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(_durable, "publish", fail)
    result = run(*call)
    assert result.exit_code == 1
    assert f"{file}: No space left on device" in result.stderr
    assert list(output.iterdir()) == [file]
    assert file.read_text() == "before"


def test_export_onto_a_file_is_told(boundaries: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    result = run("export", boundaries, "-o", tmp_path / "file")
    assert result.exit_code in (1, 2)
    assert "file" in message(result)
    assert (tmp_path / "file").read_text() == "mine"


# ---- as a program

Program = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """`python -m geofront` as a process of its own."""

    def start(
        *arguments: str | Path,
    ) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [sys.executable, "-m", "geofront", *map(str, arguments)],
            capture_output=True,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )

    return start


def test_program_prints_records_and_nothing_else(
    program: Program, boundaries: Path, example: gf.History
) -> None:
    found = program("areas", boundaries, "--format", "json")
    assert found.returncode == 0
    assert found.stderr.count(b"\n") == 1
    assert found.stderr.startswith(b"carried: 2 of 12 days ")
    assert json.loads(found.stdout) == plain(gf.areas(example))


def test_program_fails_without_a_traceback(program: Program) -> None:
    found = program("areas", ".")
    assert found.returncode == 1
    assert found.stdout == b""
    assert found.stderr.count(b"\n") == 1
    assert found.stderr.startswith(b"Error: ")


def test_program_whose_reader_leaves_says_nothing(boundaries: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    found = subprocess.run(
        [sys.executable, "-m", "geofront", "areas", str(boundaries)],
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert b"Traceback" not in found.stderr
    assert b"Error" not in found.stderr
