"""The documents: links, names, the codebook, and the example in them."""

from pathlib import Path

from tools.codebook import PAGE, codebook

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = {path.stem: path for path in sorted(DOCS.glob("*.md"))}


def test_the_codebook_is_what_the_code_says() -> None:
    # If not: python -m tools.codebook
    assert PAGE.read_text(encoding="utf-8") == codebook()
