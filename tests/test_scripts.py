"""Scripts and style sheets of the pages, linted as a page holds them."""

import json
import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from geofront.maps.frontmap import SCRIPTS
from geofront.maps.panel import asset

ASSETS = Path(__file__).parents[1] / "geofront" / "maps" / "assets"
RULES = {
    "formatter": {"enabled": False},
    "assist": {"enabled": False},
    "linter": {
        "rules": {
            "recommended": True,
            "correctness": {
                "noUndeclaredVariables": "error",
                "noUnusedVariables": "error",
                "noUnusedFunctionParameters": "error",
            },
            "suspicious": {"noVar": "error"},
            # Some of Leaflet's and the browser's own have to be outdone.
            "complexity": {"noImportantStyles": "off"},
        }
    },
    "javascript": {"globals": ["L"]},
}


@pytest.fixture
def biome() -> str:
    path = shutil.which("biome", path=sysconfig.get_path("scripts"))
    if path is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("there is no biome for this machine on PyPI")
    return path


def findings(biome: str, folder: Path) -> list[str]:
    (folder / "biome.json").write_text(json.dumps(RULES))
    done = subprocess.run(
        [biome, "lint", "--error-on-warnings", "--max-diagnostics=100", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    told = re.findall(r"^(\S+:\d+:\d+ \S+)", done.stdout + done.stderr, re.M)
    assert bool(told) == (done.returncode != 0), done.stderr
    return told


def test_scripts_of_a_history_are_clean_together(
    biome: str, tmp_path: Path
) -> None:
    whole = b"\n".join(asset("history", name) for name in SCRIPTS)
    (tmp_path / "page.js").write_bytes(whole + b"\ngeofrontHistory();\n")
    assert findings(biome, tmp_path) == []


def test_the_script_of_the_layers_is_clean(biome: str, tmp_path: Path) -> None:
    uses = ["Prepare", "Page", "Panel", "Labels"]
    calls = "".join(f"geofront{name}();\n" for name in uses)
    (tmp_path / "page.js").write_text(
        asset("geofront.js").decode() + calls, encoding="utf-8"
    )
    assert findings(biome, tmp_path) == []


def test_style_sheets_are_clean(biome: str, tmp_path: Path) -> None:
    for name in ("geofront.css", "history.css"):
        (tmp_path / name).write_bytes(asset(name))
    assert findings(biome, tmp_path) == []


def test_a_fault_would_be_found(biome: str, tmp_path: Path) -> None:
    (tmp_path / "page.js").write_text("const spare = undeclared;\n")
    rules = {line.rpartition("/")[2] for line in findings(biome, tmp_path)}
    assert rules == {"noUndeclaredVariables", "noUnusedVariables"}


def test_every_script_is_in_the_page() -> None:
    files = {path.name for path in (ASSETS / "history").iterdir()}
    assert files == set(SCRIPTS)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_writes_no_html_and_no_template_marks(name: str) -> None:
    script = asset("history", name).decode()
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval("):
        assert word not in script
    # Jinja would take them for its own, and HTML the last one for an end.
    for mark in ("{{", "{%", "{#", "</script"):
        assert mark not in script
    assert max(map(len, script.splitlines())) <= 80
    # Indentation is left out of the pages, so that no text may hold any.
    assert all(line.count("`") % 2 == 0 for line in script.splitlines())
    assert len(script.splitlines()) < 400
