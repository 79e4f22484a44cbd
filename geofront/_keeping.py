"""Commands that fill, check and describe a store."""

from pathlib import Path

import click

import geofront as gf
from geofront._options import command, format_option
from geofront._output import LOG_SHOWN, Format, print_table
from geofront._words import counted
from geofront.sources import SOURCES

__all__ = ["ingest", "log", "verify"]

_store = click.argument(
    "store", type=click.Path(exists=True, file_okay=False, path_type=Path)
)


@click.command()
@click.argument(
    "paths",
    metavar="PATH...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--source",
    required=True,
    type=click.Choice(sorted(SOURCES)),
    help="Whose own files they are.",
)
@click.option(
    "--store",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the store; made if there is none.",
)
@click.option(
    "--reread",
    is_flag=True,
    help="Read known files again, too; what this version understands "
    "otherwise becomes a further revision.",
)
@command
def ingest(
    paths: tuple[Path, ...], source: str, store: Path, reread: bool
) -> None:
    """Read a source's files, or folders of them, into a store.

    Running it again changes nothing: files that were read are known.

    \b
    geofront ingest data/boundaries --source geofront --store my-store
    """
    done = gf.ingest(paths, gf.Store(store), source=source, reread=reread)
    added, revised, unchanged = done.appended
    for label, ids in (("added", added), ("revised", revised)):
        for name in ids:
            click.echo(f"{label} {name}")
    click.echo(
        f"{store}: {counted(len(added), 'snapshot')} added, {len(revised)} "
        f"revised, {len(unchanged)} unchanged; "
        f"{counted(done.known_files, 'file')} known already",
        err=True,
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
    print_table(gf.Store(store).log(source), form, LOG_SHOWN)
