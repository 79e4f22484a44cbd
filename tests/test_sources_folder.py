"""A folder of files: the usable are used, the others told."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import geofront as gf
from geofront.cli import main
from geofront.sources import SOURCES, adapter, files

OTHERS = ("geofront", "deepstate")


def boundary(west: float = 38.0) -> bytes:
    ring = [
        [west, 48],
        [west + 0.1, 48],
        [west + 0.1, 48.1],
        [west, 48.1],
        [west, 48],
    ]
    area = {
        "type": "Feature",
        "properties": {"state": "occupied", "source": "test"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    whole = {"type": "FeatureCollection", "features": [area]}
    return json.dumps(whole).encode()


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two usable files among five that are not."""
    (tmp_path / "2025-02-24.geojson").write_bytes(boundary(38.0))
    (tmp_path / "2025-02-25.geojson").write_bytes(boundary(38.1))
    (tmp_path / "2025-02-26.geojson").write_bytes(boundary()[:-30])
    (tmp_path / "2025-02-27.geojson").write_bytes(b"")
    (tmp_path / "2025-02-30.geojson").write_bytes(boundary())
    (tmp_path / "latest.geojson").write_bytes(boundary())
    (tmp_path / "notes.txt").write_text("x")
    return tmp_path


def test_usable_files_are_used_and_the_others_told(mixed: Path) -> None:
    with pytest.warns(gf.GeofrontWarning) as told:
        history = gf.open_history(mixed)
    assert [str(day) for day in history.dates] == ["2025-02-24", "2025-02-25"]
    messages = [str(item.message) for item in told]
    assert len(messages) == 5
    for name in (
        "2025-02-26.geojson",
        "2025-02-27.geojson",
        "2025-02-30.geojson",
        "latest.geojson",
        "notes.txt",
    ):
        assert [text for text in messages if text.startswith(name)], name
    assert all("not used" in text for text in messages)


def test_warning_points_at_the_caller(mixed: Path) -> None:
    with pytest.warns(gf.GeofrontWarning) as told:
        gf.open_history(mixed)
    assert {item.filename for item in told} == {__file__}


@pytest.mark.parametrize(
    "name",
    ["README", "README.md", "README.txt", "table.csv", ".hidden", ".DS_Store"],
)
def test_file_beside_the_data_is_ignored(tmp_path: Path, name: str) -> None:
    (tmp_path / "2025-02-24.geojson").write_bytes(boundary())
    (tmp_path / name).write_bytes(b"\xff\xfe anything")
    assert len(gf.open_history(tmp_path)) == 1


def test_folders_in_the_folder_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "2025-02-24.geojson").write_bytes(boundary())
    (tmp_path / "2025-02-25.geojson").mkdir()
    assert len(gf.open_history(tmp_path)) == 1


def test_file_over_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "2025-02-24.geojson").write_bytes(boundary())
    (tmp_path / "2025-02-25.geojson").write_bytes(boundary() + b" " * 2**20)
    monkeypatch.setattr(files, "MAX_BYTES", 2**20)
    with pytest.warns(gf.GeofrontWarning, match="2025-02-25") as told:
        history = gf.open_history(tmp_path)
    assert "at most 1,048,576" in str(told[0].message)
    assert len(history) == 1


def test_larger_file_is_read_where_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "2025-02-24.geojson"
    path.write_bytes(boundary() + b" " * 2**20)
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    store = tmp_path / "store"
    call = f"ingest {path} --source geofront --store {store}".split()
    refused = CliRunner().invoke(main, call)
    assert refused.exit_code == 1
    assert "at most 10 (--max-mb allows more)" in refused.stderr
    assert CliRunner().invoke(main, [*call, "--max-mb", "2"]).exit_code == 0
    with pytest.raises(gf.SourceError, match="at most 1,048,576"):
        gf.ingest([path], gf.Store(store), source="geofront", max_bytes=2**20)


def test_limit_is_512_mb() -> None:
    assert files.MAX_BYTES == 512 * 1024 * 1024


def test_file_over_the_limit_is_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "2025-02-24.geojson").write_bytes(boundary())
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    monkeypatch.delattr(Path, "read_bytes")
    with pytest.raises(gf.SourceError, match=r"2025-02-24.*at most 10"):
        gf.open_history(tmp_path)


@pytest.mark.parametrize("source", OTHERS)
def test_empty_folder_says_which_files_were_expected(
    tmp_path: Path, source: str
) -> None:
    with pytest.raises(gf.SourceError, match="no data") as raised:
        gf.open_history(tmp_path, source=source)
    assert SOURCES[source].info.files in str(raised.value)
    assert str(tmp_path) in str(raised.value)


def test_folder_with_nothing_usable_says_what_was_found(
    tmp_path: Path,
) -> None:
    for day in range(10, 20):
        (tmp_path / f"2025-02-{day}.geojson").write_bytes(b"{")
    with pytest.raises(gf.SourceError, match="no usable file") as raised:
        gf.open_history(tmp_path)
    message = str(raised.value)
    assert "2025-02-10.geojson: expected JSON" in message
    assert "and 7 more" in message
    assert "\n" not in message


def test_folder_of_another_source_says_whose_the_names_are(
    tmp_path: Path,
) -> None:
    (tmp_path / "1740400000.geojson").write_bytes(b"{")
    with pytest.raises(gf.SourceError, match="like those of 'deepstate'"):
        gf.open_history(tmp_path)


def test_files_named_by_a_day_may_be_anybodys(tmp_path: Path) -> None:
    (tmp_path / "2025-02-24.geojson").write_bytes(b"{")
    with pytest.raises(gf.SourceError, match="expected JSON") as raised:
        gf.open_history(tmp_path, source="vector")
    assert "named like" not in str(raised.value)


@pytest.mark.parametrize(("name", "found"), [("file", "a file"), ("no", "no")])
def test_path_that_is_no_folder_says_so(
    tmp_path: Path, name: str, found: str
) -> None:
    (tmp_path / "file").write_bytes(boundary())
    with pytest.raises(gf.SourceError, match="expected a folder") as raised:
        gf.open_history(tmp_path / name)
    assert found in str(raised.value)


@pytest.mark.parametrize("kind", [str, Path])
def test_folder_may_be_text_or_path(boundaries: Path, kind: type) -> None:
    assert len(gf.open_history(kind(boundaries))) == 10


def test_unknown_source_lists_those_known(boundaries: Path) -> None:
    with pytest.raises(gf.SourceError, match="'nobody'") as raised:
        gf.open_history(boundaries, source="nobody")
    for name in OTHERS:
        assert name in str(raised.value)


def test_adapters_share_nothing_between_folders() -> None:
    assert adapter("deepstate") is not adapter("deepstate")


@pytest.mark.skipif(os.name == "nt", reason="Windows forbids such names")
@pytest.mark.parametrize(
    "name", ["\x1b[31mred.geojson", "two\nlines.geojson", "\u202emap.geojson"]
)
def test_control_characters_of_a_file_name_are_stripped(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "2025-02-24.geojson").write_bytes(boundary())
    (tmp_path / name).write_bytes(boundary())
    with pytest.warns(gf.GeofrontWarning) as told:
        gf.open_history(tmp_path)
    assert str(told[0].message).isprintable()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_dangling_link_costs_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "2025-02-24.geojson").write_bytes(boundary())
    (tmp_path / ".link").symlink_to(tmp_path / "nowhere")
    assert len(gf.open_history(tmp_path)) == 1


def test_example_is_the_folder_of_boundaries(
    example: gf.History, boundaries: Path
) -> None:
    assert example == gf.open_history(boundaries)
    assert example.source == "example"
