"""Notebooks run from top to bottom, and are committed without output."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EACH = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == kind]


@EACH
def test_it_runs_anywhere_and_shows_what_each_cell_gives(
    path: Path, tmp_path: Path
) -> None:
    notebook = read(path)
    # Nothing of the repository is at hand but the package.
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": tmp_path}}
    )
    client.execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]
    assert all(cell.outputs for cell in code)
    assert [
        item.text for item in outputs if item.get("name") == "stderr"
    ] == []
    shown = [item.get("data", {}) for item in outputs]
    figures = [data for data in shown if "<Figure" in str(data)]
    assert all("image/png" in data for data in figures)
    assert not list(tmp_path.iterdir())


@EACH
def test_it_is_committed_without_output(path: Path) -> None:
    code = cells(path, "code")
    assert all(not cell.outputs for cell in code)
    assert all(cell.execution_count is None for cell in code)


@EACH
def test_its_cells_have_names_that_stay(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    names = [cell.id for cell in notebook.cells]
    assert names == [f"cell-{number:02d}" for number in range(len(names))]
    assert notebook.metadata == read(NOTEBOOKS[0]).metadata


@EACH
def test_it_begins_with_what_it_answers_and_ends_on_real_files(
    path: Path,
) -> None:
    text = [cell.source for cell in cells(path, "markdown")]
    title, answers, example = text[0].split("\n\n")[:3]
    assert title.startswith("# ")
    assert len(re.findall(r"[.?](?= |$)", answers)) == 2
    assert "schematic example" in example
    assert "not to be cited" in example
    last = text[-1].rpartition("## ")[2]
    assert last.startswith("On real files\n")
    assert 'source="deepstate"' in last or "gf.Store(" in last


@EACH
def test_it_is_told_in_the_readme(path: Path) -> None:
    row = f"| [{path.stem}](notebooks/{path.name}) |"
    assert row in (ROOT / "README.md").read_text(encoding="utf-8")
