"""The package as a whole: its public names, and who imports whom."""

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import geofront as gf

FOLDER = Path(gf.__file__).parent

# A module imports only modules above it; those of one line stand together.
LAYERS = (
    ("errors",),
    ("_languages", "_threads", "_transliteration", "_units", "_words"),
    ("_inputs", "_reasons"),
    ("days",),
    ("_given",),
    ("geodesy",),
    ("geography",),
    ("topology",),
    ("_display", "_frames"),
    ("model",),
    ("history",),
    ("_expected",),
    ("cadence",),
    ("_accumulation",),
    ("_fields",),
    ("_area_fields", "_pair_fields", "_place_fields"),
    ("records", "_table_files"),
    ("_record_tables",),
    ("_tasks",),
    ("_transitions", "_rows"),
    ("_overlay",),
    ("_density",),
    ("_edges",),
    ("_timeline",),
    ("_chains",),
    ("_fronts",),
    ("_windows",),
    ("_slabs",),
    ("_certificate", "_trapezoids"),
    ("_trace",),
    ("_residual",),
    ("_comparing",),
    ("_surroundings",),
    ("_breaks",),
    ("_partition", "_region_fields"),
    ("_outlines",),
    ("regions",),
    ("_split",),
    ("change", "quality"),
    ("place",),
    ("_built_in", "_names", "_place_files"),
    ("_place_tables",),
    ("places",),
    ("_extents",),
    ("_seen",),
    ("front",),
    ("advances",),
    ("_columns", "_bodies"),
    ("_candidates",),
    ("_reach",),
    ("_closing", "_distances"),
    ("proximity", "status"),
    ("sectors", "within"),
    ("claims", "settlement_changes"),
    ("_cells", "_pairs"),
    ("agreement", "disputes", "settlement_disputes"),
    ("_displacement",),
    ("sensitivity",),
    ("_durable", "_folder"),
    ("sources",),
    ("_quoting",),
    ("explain",),
    ("_manifest",),
    ("_parquet",),
    ("_stored",),
    ("_append", "_log", "_spans", "_verify", "_writing"),
    ("store",),
    ("opening",),
    ("fetching",),
    ("maps",),
    ("_document",),
    ("_report_ground", "_report_marks"),
    ("_report_tables",),
    ("_report_words",),
    ("_report_breaks", "_report_claims", "_report_html", "_report_maps"),
    ("_report_figures", "_report_markdown", "_report_sources"),
    ("_report_pages",),
    ("report",),
    ("_figures",),
    ("_gaps", "_map_names"),
    ("_step_bars",),
    ("_change_charts", "_place_charts", "_region_chart", "_static_map"),
    ("_static_agreement",),
    ("charts",),
    ("_asked",),
    ("_sidecar", "_table_text"),
    ("_output",),
    ("_help",),
    ("_choices", "_doubts", "_options"),
    ("_holdings", "_keeping", "_filling"),
    ("_agreeing", "_asking", "_bands", "_drawing", "_judging", "_reporting"),
    ("_changing",),
    ("cli", "__main__"),
)
COMMANDS = {
    *("cli", "_asked", "_choices", "_doubts", "_options", "_sidecar"),
    *("_help", "_table_text"),
    *("_holdings", "_keeping", "_filling", "_asking", "_bands"),
    *("_agreeing", "_changing", "_drawing", "_judging", "_reporting"),
}
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
NETWORK = {"http", "urllib", "socket", "ssl", "requests", "httpx", "aiohttp"}


def modules() -> dict[str, Path]:
    """Files of the package by dotted name below it."""
    found = {}
    for path in sorted(FOLDER.rglob("*.py")):
        parts = path.relative_to(FOLDER).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def runtime(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports beneath a node but those for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(
            child.test
        ):
            for other in child.orelse:
                yield from runtime(other)
        else:
            yield from runtime(child)


def imported(path: Path) -> set[str]:
    """Dotted names that a file imports when it runs."""
    names: set[str] = set()
    for node in runtime(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        else:
            assert node.level == 0, f"{path.name}: relative import"
            assert node.module is not None
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def layer(name: str) -> str:
    """First part of a name below the package: model, sources, maps."""
    return name.split(".")[0]


MODULES = modules()
INNER = [name for name in MODULES if name != "__init__"]


# ---- public names


def test_all_is_exactly_the_public_names() -> None:
    own = {
        name
        for name, value in vars(gf).items()
        if not name.startswith("_")
        and not inspect.ismodule(value)
        and getattr(value, "__module__", "").startswith("geofront")
    }
    maps = set(import_module("geofront.maps").__all__)
    assert set(gf.__all__) == own | maps | {"fetch", "places"}


def test_all_has_no_name_twice() -> None:
    assert len(gf.__all__) == len(set(gf.__all__))


@pytest.mark.parametrize("name", gf.__all__)
def test_public_name_resolves_and_is_documented(name: str) -> None:
    documentation = inspect.getdoc(getattr(gf, name))
    assert documentation
    assert documentation[0].isupper()


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        gf.nothing  # noqa: B018


def test_version_is_a_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(\w+)?", gf.__version__)


@pytest.mark.parametrize("name", MODULES)
def test_module_says_what_it_is_for(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)


@pytest.mark.parametrize("name", INNER)
def test_names_that_a_module_exports_exist(name: str) -> None:
    if name == "__main__":
        pytest.skip("importing it would run it")
    module = import_module(f"geofront.{name}")
    for public in getattr(module, "__all__", ()):
        assert hasattr(module, public)


def test_package_is_marked_as_typed() -> None:
    assert (FOLDER / "py.typed").exists()


# ---- imports


def test_import_is_light() -> None:
    heavy = (
        *("folium", "matplotlib", "dask", "branca", "jinja2", "click"),
        *("httpx", "tenacity"),
    )
    script = (
        "import sys, geofront\n"
        f"print([name for name in {heavy} if name in sys.modules])\n"
        "geofront.base_map\n"
        "print('folium' in sys.modules)\n"
    )
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert found.stdout.splitlines() == ["[]", "True"]
    assert found.stderr == ""


def test_every_module_has_its_layer() -> None:
    assert {layer(name) for name in INNER} <= set(RANK)


@pytest.mark.parametrize("name", INNER)
def test_module_imports_only_what_is_above_it(name: str) -> None:
    own = layer(name)
    for target in imported(MODULES[name]):
        first, *rest = target.split(".")
        if first != "geofront":
            continue
        if not rest or rest[0] not in RANK:
            # The package itself, which stands above the command line only.
            assert own in COMMANDS, f"{name} imports {target}"
            continue
        inside = own == rest[0] and name != own
        together = own == rest[0] and (FOLDER / own).is_dir()
        above = RANK[rest[0]] < RANK[own]
        starts = (own, rest[0]) == ("__main__", "cli")
        assert above or inside or together or starts, (
            f"{name} imports {target}"
        )


@pytest.mark.parametrize("name", MODULES)
def test_only_maps_import_folium(name: str) -> None:
    roots = {target.split(".")[0] for target in imported(MODULES[name])}
    if layer(name) != "maps":
        assert not roots & {"folium", "branca", "jinja2"}


DRAWING = ("_figures", "_gaps", "_map_names", "_place_charts")
DRAWING += ("_static_agreement", "_static_map", "_step_bars")
DRAWING += ("_change_charts", "_region_chart", "charts")


@pytest.mark.parametrize("name", MODULES)
def test_only_charts_import_matplotlib(name: str) -> None:
    roots = {target.split(".")[0] for target in imported(MODULES[name])}
    if name not in DRAWING:
        assert "matplotlib" not in roots


@pytest.mark.parametrize("name", MODULES)
def test_only_downloads_touch_the_network(name: str) -> None:
    roots = {target.split(".")[0] for target in imported(MODULES[name])}
    if name != "sources.download":
        assert not roots & NETWORK


def test_completion_shows_what_is_for_users() -> None:
    named = {name for name in dir(gf) if not name.startswith("__")}
    assert named == {*gf.__all__, "charts"}


def test_charts_come_when_they_are_asked_for() -> None:
    assert gf.charts is import_module("geofront.charts")
