"""Commands that check and describe a store."""

from pathlib import Path

import click

import geofront as gf
from geofront._asked import Asked
from geofront._options import command, format_option
from geofront._output import LOG_SHOWN, Format, print_table
from geofront._words import counted

__all__ = ["log", "verify"]

_store = click.argument(
    "store", type=click.Path(exists=True, file_okay=False, path_type=Path)
)


@click.command()
@_store
@command
def verify(store: Path) -> None:
    """Check that a store holds what was written into it.

    Hashes, page checksums, digests against geometry, validity, order. Exit
    status 1 and a line for each damaged file if it does not.
    """
    try:
        checked = gf.Store(store).verify()
    except gf.StoreCorruptError as error:
        # A line a file, unlike any other error.
        click.echo(f"Error: {error}", err=True)
        raise click.exceptions.Exit(1) from None
    click.echo(
        f"{store}: {counted(checked.files, 'file')}, "
        f"{counted(checked.revisions, 'revision')} and "
        f"{counted(checked.areas, 'area')} checked, nothing damaged"
    )


@click.command()
@_store
@click.option("--source", metavar="NAME", help="Of this source only.")
@format_option
@command
def log(store: Path, source: str | None, form: Format) -> None:
    """Print what was added and revised, when, with km²."""
    asked = Asked(str(store), source, cited=form.output is not None)
    click.get_current_context().obj = asked
    if asked.cited:
        asked.histories()
    print_table(gf.Store(store).log(source), form, LOG_SHOWN)
