"""The command that writes the daily brief."""

import datetime as dt
from pathlib import Path

import click

import geofront as gf
from geofront._choices import targets_options
from geofront._languages import LANGUAGES
from geofront._options import (
    Asked,
    asks_for_history,
    command,
    day_option,
    file_option,
)
from geofront.history import History
from geofront.opening import is_store
from geofront.places import BUILT_IN, Place
from geofront.report import FORMATS

__all__ = ["report"]


@click.command()
@asks_for_history
@file_option(
    *("-o", "--output"),
    suffixes=FORMATS,
    meaning="FILE.html, .md or .json to write.",
    required=True,
)
@day_option("--at", "Day to report of, STORE's last by default")
@click.option(
    "--claims",
    "table",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Claims to set against the maps: CSV with the columns date, place, "
    "state, claimant, url.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="Language of the page.",
)
@command
@targets_options
def report(
    asked: Asked,
    output: Path,
    at: dt.date | None,
    table: Path | None,
    lang: str,
    targets: list[Place],
    own: list[Place],
) -> None:
    """Write the brief of a day: what maps show, and what changed.

    A page (.html) needs nothing but itself; Markdown (.md) holds the same
    words and tables; JSON (.json) every figure, unrounded. The headline
    figures are of one source; the others of a store are set beside it.
    With --max-age that one has to be young enough; which of the others are
    not is told.

    \b
    geofront report data/boundaries --at 2025-02-24 -o brief.html \\
        --claims data/claims/2025-02-24_bilohorivka.csv
    """
    if output.suffix.lower() == ".json" and lang != LANGUAGES[0]:
        raise click.UsageError(
            f"-o {output}: --lang is for .html and .md, JSON has no language"
        )
    maps = _maps(asked)
    asked.tell_age(maps[1:])
    brief = gf.report(
        maps,
        at,
        claims=None if table is None else gf.read_claims(table, among=own),
        places=targets or BUILT_IN,
        among=own,
    )
    brief.save(output, lang=lang)
    click.echo(f"wrote {output}", err=True)


def _maps(asked: Asked) -> list[History]:
    """The history asked for, then the others of a store."""
    maps = [asked.open()]
    if is_store(asked.store):
        for source in gf.Store(asked.store).sources:
            if source != maps[0].source:
                maps += asked.known_of(source)
    return maps
