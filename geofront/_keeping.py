"""Commands that check and describe a store."""

import click

import geofront as gf
from geofront._asked import Asked, store_argument
from geofront._options import command, format_option
from geofront._output import LOG_SHOWN, Format, print_table
from geofront._words import counted
from geofront.opening import is_store

__all__ = ["log", "verify"]


@click.command()
@store_argument
@command
def verify(store: str) -> None:
    """Check that a store holds what was written into it.

    Hashes, page checksums, digests against geometry, validity, order. Exit
    status 1 and a line for each damaged file if it does not.

    \b
    geofront verify my-store
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
@store_argument
@click.option(
    "--source",
    metavar="NAME",
    help="Of a store that holds several sources, this one only.",
)
@format_option
@command
def log(store: str, source: str | None, form: Format) -> None:
    """Print what was added to a store and revised, when, with km².

    \b
    geofront log my-store
    """
    asked = Asked(store, source, cited=form.output is not None)
    click.get_current_context().obj = asked
    if source is not None and is_store(store):
        # Refused as any other option's value is.
        asked.sources()
    if asked.cited:
        asked.histories()
    print_table(gf.Store(store).log(source), form, LOG_SHOWN)
