"""Commands that bring maps into a store, and say whose maps there are."""

import datetime as dt
import textwrap
from pathlib import Path
from typing import Any

import click

import geofront as gf
from geofront._asked import check_source
from geofront._options import command, day_option
from geofront._words import counted
from geofront.opening import Ingested
from geofront.sources import SOURCES, SourceInfo, check_name
from geofront.sources.meaning import MEANINGS
from geofront.sources.remote import REMOTES
from geofront.store import Appended

__all__ = ["fetch", "ingest", "sources"]

_SPELLED = {"name": "as", "meanings": "map"}
"""Options that have another name in Python."""

_store = click.option(
    "--store",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the store; made if there is none.",
)


def _as_meanings(
    ctx: click.Context, param: click.Parameter, value: tuple[str, ...]
) -> dict[str, str] | None:
    """VALUE=STATE, the last equals sign dividing them."""
    meanings = {}
    for pair in value:
        own, equals, state = pair.rpartition("=")
        if not equals or not own:
            raise click.BadParameter(f"expected VALUE=STATE, found {pair!r}")
        if state not in MEANINGS:
            raise click.BadParameter(
                f"{own!r} cannot mean {state!r}: expected one of "
                + ", ".join(MEANINGS)
            )
        meanings[own] = state
    return meanings or None


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
    metavar="NAME",
    required=True,
    help="Whose own files they are: `geofront sources` lists them. Your own "
    "maps: vector.",
)
@_store
@click.option(
    "--reread",
    is_flag=True,
    help="Read known files again, too; what this version understands "
    "otherwise becomes a further revision.",
)
@click.option(
    "--as",
    "name",
    metavar="NAME",
    help="Name to keep your own maps under: lower-case letters, digits, _.",
)
@day_option(
    "--date", "Day of the map, if the files do not tell", before="today"
)
@click.option(
    "--date-column", metavar="COLUMN", help="Column that tells the day."
)
@click.option(
    "--state-column",
    metavar="COLUMN",
    help="Column that tells the state; of KML also fill, the colour.",
)
@click.option(
    "--map",
    "meanings",
    metavar="VALUE=STATE",
    multiple=True,
    callback=_as_meanings,
    help="What a value of the state column, a layer or a file's name means: "
    "occupied, grey_zone, held, regained, coverage or ignore (of isw: what a "
    "layer holds); * stands for all others. May be repeated.",
)
@click.option(
    "--crs",
    metavar="CODE",
    help="Reference system, if a file has none: EPSG:32637.",
)
@click.option(
    "--note", metavar="TEXT", help="Where the evidence is, kept with the maps."
)
@click.option(
    "--max-mb",
    metavar="MB",
    type=click.IntRange(min=1),
    help="Size in MB up to which a file is read, 512 by default.",
)
@command
def ingest(
    paths: tuple[Path, ...],
    source: str,
    store: Path,
    reread: bool,
    max_mb: int | None,
    **options: Any,
) -> None:
    """Read a source's files, or folders of them, into a store.

    Running it again changes nothing: files that were read are known.
    Sources take the options that `geofront sources` names.

    \b
    geofront ingest data/boundaries --source geofront --store my-store
    geofront ingest drawn.geojson --source vector --as mine \\
        --date 2025-02-24 --state-column fill --map '#ff0000=occupied' \\
        --store my-store
    """
    check_source(source)
    given = {name: value for name, value in options.items() if value}
    _check_options(source, given)
    done = gf.ingest(
        paths,
        gf.Store(store),
        source=source,
        reread=reread,
        max_bytes=max_mb and max_mb * 2**20,
        on_append=_acknowledge,
        **given,
    )
    _sum_up(store, done)


def _check_options(source: str, given: dict[str, Any]) -> None:
    for name in sorted(set(given) - set(SOURCES.options(source))):
        option = _SPELLED.get(name, name.replace("_", "-"))
        raise click.UsageError(f"--source {source} takes no --{option}")
    if "name" in given:
        try:
            check_name(given["name"], source)
        except gf.SourceError as error:
            raise click.UsageError(f"--as: {error}") from None


def _acknowledge(appended: Appended) -> None:
    """Print what is on the disk now."""
    for label in ("added", "revised"):
        for name in getattr(appended, label):
            click.echo(f"{label} {name}")


def _sum_up(store: Path, done: Ingested) -> None:
    added, revised, unchanged = done.appended
    click.echo(
        f"{store}: {counted(len(added), 'snapshot')} added, {len(revised)} "
        f"revised, {len(unchanged)} unchanged; "
        f"{counted(done.known_files, 'file')} known already",
        err=True,
    )


@click.command()
@command
def sources() -> None:
    """Describe each source: what it draws, how it dates, its terms.

    \b
    geofront sources
    """
    for name in SOURCES:
        click.echo(_described(SOURCES[name].info))


def _described(known: SourceInfo) -> str:
    options = [
        "--" + _SPELLED.get(option, option.replace("_", "-"))
        for option in SOURCES.options(known.name)
    ]
    fetched = f"geofront fetch {known.name}" if known.name in REMOTES else ""
    lines = (
        ("draws", known.draws),
        ("dates", known.dates),
        ("files", known.files),
        ("options", ", ".join(options)),
        ("fetch", fetched),
        ("terms", known.terms),
        ("credit", known.attribution),
        ("address", known.address),
    )
    told = [_paragraph(label, text) for label, text in lines if text]
    return "\n".join([f"{known.name}: {known.title}", *told])


def _paragraph(label: str, text: str) -> str:
    return textwrap.fill(
        text,
        width=79,
        initial_indent=f"  {label:8} ",
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _as_address(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> str | None:
    # Imported here: it takes long, and no other command needs it.
    from geofront.sources.download import as_address

    try:
        return None if value is None else str(as_address(value))
    except gf.DownloadError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.argument("name", metavar="NAME", type=click.Choice(list(REMOTES)))
@_store
@day_option(
    "--since",
    "First day, by default the last that the store holds or else 7d",
    before="today",
)
@day_option("--until", "Last day, included, by default today", before="today")
@click.option(
    "--url",
    metavar="BASE",
    callback=_as_address,
    help="Base address of a mirror: https://example.org/maps. By default the "
    "source's own.",
)
@click.option(
    "--allow-private",
    is_flag=True,
    help="Follow redirects into private networks.",
)
@click.option(
    "--refresh", is_flag=True, help="Download what is in the cache, too."
)
@command
def fetch(
    name: str,
    store: Path,
    since: dt.date | None,
    until: dt.date | None,
    url: str | None,
    allow_private: bool,
    refresh: bool,
) -> None:
    """Download a source's maps into a store.

    Running it again downloads what is new. Files are kept in the folder
    that GEOFRONT_CACHE names, or the system's for caches. The maps stay
    under their makers' terms, which are printed.

    \b
    geofront fetch deepstate --store my-store --since 2025-02-01
    """
    if REMOTES[name].present_only and (since or until):
        raise click.UsageError(
            f"{name} offers the present only: --since and --until choose "
            "nothing"
        )
    info = SOURCES[name].info
    click.echo(f"terms: {info.terms}", err=True)
    click.echo(f"credit: {info.attribution}", err=True)
    done = gf.fetch(
        name,
        gf.Store(store),
        since=since,
        until=until,
        url=url,
        allow_private=allow_private,
        refresh=refresh,
    )
    click.echo(
        f"{counted(done.downloaded, 'file')} downloaded, {done.unchanged} "
        f"unchanged, {len(done.missing)} not there",
        err=True,
    )
    _acknowledge(done.ingested.appended)
    _sum_up(store, done.ingested)
