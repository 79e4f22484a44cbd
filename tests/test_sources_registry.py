"""Sources of other packages: found, checked, and harmless if they fail."""

import re
import sys
import textwrap
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner

import geofront as gf
from geofront.cli import main
from geofront.sources import SOURCES, registry
from geofront.sources.deepstate import DeepState
from geofront.sources.registry import GROUP, Registry

DOCUMENT = Path(__file__).parents[1] / "docs" / "sources.md"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install a package of one module and its entry points, for a while."""

    def install(name: str, code: str, points: dict[str, str]) -> None:
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(code))
        record = tmp_path / f"{name}-1.0.dist-info"
        record.mkdir()
        (record / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        )
        lines = [f"{key} = {value}" for key, value in points.items()]
        (record / "entry_points.txt").write_text(
            "\n".join([f"[{GROUP}]", *lines, ""])
        )

    monkeypatch.syspath_prepend(tmp_path)
    yield install
    for path in tmp_path.glob("*.py"):
        sys.modules.pop(path.stem, None)


def fresh() -> Registry:
    return Registry([DeepState])


def test_example_of_the_document_works(
    package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(
        r"```python\n# my_maps\.py\n(.*?)```",
        DOCUMENT.read_text(encoding="utf-8"),
        re.S,
    )
    (entry,) = re.findall(
        r'```toml\n\[project\.entry-points\."geofront\.sources"\]\n'
        r'(\w+) = "(my_maps:\w+)"',
        DOCUMENT.read_text(encoding="utf-8"),
    )
    package("my_maps", code, dict([entry]))
    monkeypatch.setattr("geofront.sources.SOURCES", fresh())
    folder = tmp_path / "maps"
    folder.mkdir()
    (folder / "2025-02-24.wkt").write_text(
        "POLYGON ((38 48, 38.1 48, 38.1 48.1, 38 48.1, 38 48))"
    )
    history = gf.open_history(folder, source=entry[0])
    assert history.source == entry[0]
    assert history[0].areas()["occupied_km2"] == pytest.approx(82.7, abs=0.5)
    assert history[0].grey_zone is None


@pytest.mark.parametrize(
    ("code", "points", "told"),
    [
        ("import nowhere_at_all", {"mine": "bad:Mine"}, "ModuleNotFoundError"),
        ("raise SystemError('no')", {"mine": "bad:Mine"}, "SystemError: no"),
        ("", {"mine": "bad:Mine"}, "AttributeError"),
        ("Mine = 3", {"mine": "bad:Mine"}, "expected an adapter's class"),
        ("class Mine: pass", {"mine": "bad:Mine"}, "the attribute info"),
        (
            """
            from geofront.sources.deepstate import DeepState as Mine
            """,
            {"mine": "bad:Mine"},
            "its info names it 'deepstate'",
        ),
        (
            """
            from geofront.sources.deepstate import DeepState as Mine
            """,
            {"deepstate": "bad:Mine"},
            "a source of that name already",
        ),
        (
            """
            from geofront.sources import SourceInfo
            class Mine:
                info = SourceInfo("mine", *"abcdefg")
            """,
            {"mine": "bad:Mine"},
            "expected the methods published_at and read, or collect",
        ),
    ],
)
def test_source_that_fails_is_told_and_costs_no_other(
    package, code: str, points: dict[str, str], told: str
) -> None:
    package("bad", code, points)
    package(
        "good",
        """
        from geofront.sources.owlmaps import OwlMaps as Good
        """,
        {"owlmaps": "good:Good"},
    )
    sources = fresh()
    with pytest.warns(gf.GeofrontWarning, match=re.escape(told)) as caught:
        names = set(sources)
    assert len(caught) == 1
    assert "bad:Mine" in str(caught[0].message)
    assert names == {"deepstate", "owlmaps"}
    assert sources["deepstate"] is DeepState


def test_packages_are_looked_for_once_and_not_on_import(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def entry_points(*, group: str) -> list[EntryPoint]:
        asked.append(group)
        return []

    monkeypatch.setattr(registry, "entry_points", entry_points)
    sources = fresh()
    assert sources["deepstate"] is DeepState
    assert asked == []
    assert list(sources) == ["deepstate"]
    assert len(sources) == 1
    assert asked == ["geofront.sources"]


def test_option_that_a_source_has_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(gf.SourceError, match=r"no option date$"):
        gf.open_history(tmp_path, source="deepstate", date="2025-02-24")
    with pytest.raises(gf.SourceError, match="options are date, meanings"):
        gf.open_history(tmp_path, source="isw", crs="EPSG:4326")


def test_options_come_too_late_for_a_store(tmp_path: Path, example) -> None:
    gf.Store(tmp_path / "store").append(example)
    with pytest.raises(gf.StoreError, match="date comes too late"):
        gf.open_history(tmp_path / "store", date="2025-02-24")


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_is_described(name: str) -> None:
    info = SOURCES[name].info
    assert info.name == name
    for field in ("title", "draws", "dates", "terms", "address", "files"):
        assert getattr(info, field)
    result = CliRunner().invoke(main, ["sources"])
    assert result.exit_code == 0
    assert f"{name}: {info.title}" in result.stdout
    assert all(len(line) <= 79 for line in result.stdout.splitlines())
    document = DOCUMENT.read_text(encoding="utf-8")
    assert f"`{name}`" in document


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (["--source", "nobody"], "--source nobody: expected one of"),
        (["--source", "deepstate", "--as", "x"], "deepstate takes no --as"),
        (["--source", "isw", "--crs", "x"], "isw takes no --crs"),
        (["--source", "isw", "--map", "control"], "expected VALUE=STATE"),
        (["--source", "isw", "--date", "today's"], "expected a date"),
    ],
)
def test_bad_call_of_ingest_answers_in_a_line(
    boundaries: Path, tmp_path: Path, call: list[str], told: str
) -> None:
    result = CliRunner().invoke(
        main,
        ["ingest", str(boundaries), "--store", str(tmp_path / "s"), *call],
    )
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())
