"""A document as one page: no script, no network, nothing beside it."""

import html
import re
from collections.abc import Sequence
from functools import singledispatch

from geofront._document import (
    Block,
    Cell,
    Document,
    Drawing,
    Figures,
    Foreign,
    Insets,
    Items,
    Keys,
    Link,
    Section,
    Table,
    Words,
    plain,
)

__all__ = ["page", "web_address"]

# Whatever a text may hold, the page loads and runs nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)


def web_address(address: str) -> str | None:
    """The address, if it is one of the web and nothing else."""
    return address if _ADDRESS.fullmatch(address) else None


def page(document: Document) -> str:
    """Document as HTML."""
    sections = "\n".join(_section(each, 2) for each in document.sections)
    return f"""<!DOCTYPE html>
<html lang="{_text(document.lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_text(document.title)}</title>
<style>
{_STYLE}</style>
</head>
<body>
{document.markup}
<main>
<header>
<h1>{_text(document.title)}</h1>
<p class="subtitle">{_cells(document.subtitle)}</p>
</header>
{sections}
</main>
</body>
</html>
"""


def _text(text: object) -> str:
    """Text that reads as it was written, and does nothing."""
    return html.escape(plain(text), quote=True)


def _cells(cells: Sequence[Cell]) -> str:
    return " ".join(map(_cell, cells))


def _cell(cell: Cell) -> str:
    if isinstance(cell, Foreign):
        return f'<span lang="{_text(cell.lang)}">{_text(cell.text)}</span>'
    if isinstance(cell, Link):
        address = web_address(cell.address)
        if address is None:
            return _text(cell.text)
        return (
            f'<a href="{_text(address)}" rel="noopener noreferrer nofollow">'
            f"{_text(cell.text)}</a>"
        )
    return _text(cell)


def _section(section: Section, level: int) -> str:
    inner = [*map(_block, section.blocks)]
    inner += [_section(part, level + 1) for part in section.parts]
    name = _text(section.id)
    return (
        f'<section aria-labelledby="{name}">\n'
        f'<h{level} id="{name}">{_text(section.heading)}</h{level}>\n'
        + "\n".join(inner)
        + "\n</section>"
    )


@singledispatch
def _block(block: Block) -> str:
    raise TypeError(f"expected a block, found {block!r}")


@_block.register
def _(block: Words) -> str:
    kind = ' class="small"' if block.is_small else ""
    return f"<p{kind}>{_cells(block.parts)}</p>"


@_block.register
def _(block: Items) -> str:
    items = "".join(f"<li>{_cells(item)}</li>" for item in block.items)
    return f"<ul>{items}</ul>"


@_block.register
def _(block: Figures) -> str:
    shown = "".join(
        f"<div><dt>{_text(label)}</dt><dd><b>{_text(value)}</b> "
        f"<span>{_text(told)}</span></dd></div>"
        for label, value, told in block.figures
    )
    return f'<dl class="figures">{shown}</dl>'


@_block.register
def _(block: Table) -> str:
    head = "".join(
        f'<th scope="col"{_side(block, number)}>{_text(name)}</th>'
        for number, name in enumerate(block.head)
    )
    rows = [_row(block, row) for row in block.rows]
    foot = f"<tfoot>{rows.pop()}</tfoot>" if block.has_total else ""
    # What does not fit scrolls, by the keyboard too.
    return (
        '<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{_text(block.caption)}"><table>'
        f"<caption>{_text(block.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody>{foot}</table></div>"
    )


def _row(table: Table, row: Sequence[Cell]) -> str:
    first, *others = row
    cells = "".join(
        f"<td{_side(table, number)}>{_cell(cell)}</td>"
        for number, cell in enumerate(others, 1)
    )
    return f'<tr><th scope="row">{_cell(first)}</th>{cells}</tr>\n'


def _side(table: Table, number: int) -> str:
    return ' class="n"' if number in table.numbers else ""


@_block.register
def _(block: Drawing) -> str:
    # What is too wide for a phone scrolls, by the keyboard too.
    return (
        '<figure><div class="pan" tabindex="0" role="group" '
        f'aria-label="{_text(block.caption)}">{block.svg}</div>'
        f"<figcaption>{_text(block.caption)}</figcaption></figure>"
    )


@_block.register
def _(block: Insets) -> str:
    drawn = "".join(
        f"<figure>{item.svg}<figcaption>{_text(item.caption)}</figcaption>"
        "</figure>"
        for item in block.drawings
    )
    return f'<div class="insets">{drawn}</div>'


@_block.register
def _(block: Keys) -> str:
    keys = "".join(
        f"<li>{key.svg} {_text(key.text)}</li>" for key in block.keys
    )
    return f'<ul class="keys">{keys}</ul>'


_STYLE = """\
:root { --ink: #1a1a1a; --faint: #595959; --line: #c9c4b8; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink);
  font: 16px/1.5 Georgia, "Times New Roman", serif; }
main { max-width: 58rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1, h2, h3, th, .figures, .keys, caption, figcaption, .small {
  font-family: "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 2.1rem; line-height: 1.15; margin: 0 0 .4rem; }
h2 { font-size: 1.3rem; margin: 2.2rem 0 .6rem; padding-top: .5rem;
  border-top: 3px solid var(--ink); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .4rem; }
p, ul { margin: .5rem 0; max-width: 46rem; }
.subtitle, .small, figcaption { color: var(--faint); }
.small, figcaption { font-size: .84rem; line-height: 1.45; }
ul { padding-left: 1.2rem; }
li { margin: .25rem 0; }
a { color: #004b7a; overflow-wrap: anywhere; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem;
  margin: 1rem 0; }
.figures dt { font-size: .84rem; color: var(--faint); }
.figures dd { margin: 0; }
.figures b { display: block; font-size: 1.75rem; line-height: 1.2;
  font-variant-numeric: tabular-nums; }
.figures span { font-size: .84rem; color: var(--faint); }
.scroll { overflow-x: auto; margin: .9rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .88rem;
  line-height: 1.35; font-family: "Helvetica Neue", Arial, sans-serif; }
caption { text-align: left; font-weight: bold; padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .32rem .7rem .32rem 0;
  border-bottom: 1px solid var(--line); }
th { font-weight: normal; }
thead th { color: var(--faint); font-size: .78rem; vertical-align: bottom;
  border-bottom: 1.5px solid var(--ink); }
thead .n { white-space: normal; }
tbody th, tfoot th { font-weight: 600; min-width: 6.5rem; }
tfoot th, tfoot td { border-top: 1.5px solid var(--ink); font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
td { overflow-wrap: break-word; }
figure { margin: .8rem 0; max-width: 46rem; }
.insets { max-width: 46rem; }
.map { display: block; width: 100%; height: auto;
  border: 1px solid var(--line); }
.patterns { position: absolute; }
.insets { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1rem; }
.keys { list-style: none; padding: 0; display: flex; flex-wrap: wrap;
  gap: .2rem 1.2rem; font-size: .84rem; max-width: none; }
.keys svg { vertical-align: -3px; }
:focus-visible { outline: 3px solid #004b7a; outline-offset: 2px; }
@media (max-width: 40rem) {
  main { padding: 1rem .9rem 2rem; }
  h1 { font-size: 1.6rem; }
  /* Opens at its east, where the front is. */
  .pan { overflow-x: auto; direction: rtl; }
  .pan .map { min-width: 36rem; direction: ltr; }
  /* Shades at the side on which there is more. */
  .scroll { background:
    linear-gradient(to right, #fff 30%, #fff0) 0 0 / 3rem 100% local,
    linear-gradient(to left, #fff 30%, #fff0) 100% 0 / 3rem 100% local,
    linear-gradient(to right, #0003, #0000) 0 0 / .8rem 100% scroll,
    linear-gradient(to left, #0003, #0000) 100% 0 / .8rem 100% scroll;
    background-repeat: no-repeat; }
  .insets { grid-template-columns: 1fr; }
}
@media print {
  @page { margin: 16mm 14mm; }
  html { font-size: 9.5pt; }
  body { font-size: 1rem; }
  main { max-width: none; padding: 0; }
  h2, h3, caption { break-after: avoid; }
  figure, tr, .figures { break-inside: avoid; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
  th, td { padding-right: .4rem; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  a { color: inherit; }
}
"""
