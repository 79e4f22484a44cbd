"""Which places and regions a command is asked about."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import geopandas as gpd

import geofront as gf
from geofront._inputs import file_input
from geofront._sidecar import note_input
from geofront.geography import register_input
from geofront.places import Place, finder

__all__ = [
    "by_options",
    "own_places_option",
    "place_arguments",
    "places_options",
    "regions_of",
    "targets_options",
]


def own_places_option(meaning: str) -> Callable[[Any], Any]:
    """Add --places, handed on as ``own``: the places of a file, or none."""

    def adding(function: Callable[..., None]) -> Any:
        @functools.wraps(function)
        def asking(places_file: Path | None, **options: Any) -> None:
            own = []
            if places_file:
                own = gf.load_places(places_file)
                note_input(file_input("places", places_file))
            function(own=own, **options)

        option = click.option(
            "--places",
            "places_file",
            metavar="FILE",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="Places of a file: OCHA COD-AB, OpenStreetMap, CSV. "
            + meaning,
        )
        return option(asking)

    return adding


def places_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add --place and --places, handed on together as ``places``.

    None of them: an empty list; only a file: all that it holds.
    """

    @functools.wraps(function)
    def asking(
        names: tuple[str, ...], own: list[Place], **options: Any
    ) -> None:
        asked = _places(names, own, "'--place'")
        function(places=asked or own, **options)

    with_file: Callable[..., None] = own_places_option(
        "They come before those of the register; without --place all of them."
    )(asking)
    added: Callable[..., None] = _place_option("it and --places")(with_file)
    return added


def targets_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add --place and --places, handed on as ``targets`` and ``own``.

    The places of a file are only what names are looked for in.
    """

    @functools.wraps(function)
    def asking(
        names: tuple[str, ...], own: list[Place], **options: Any
    ) -> None:
        targets = _places(names, own, "'--place'")
        function(targets=targets, own=own, **options)

    with_file: Callable[..., None] = own_places_option(
        "They come before those of the register."
    )(asking)
    added: Callable[..., None] = _place_option("it")(with_file)
    return added


def _place_option(without: str) -> Callable[[Any], Any]:
    return click.option(
        "--place",
        "names",
        metavar="NAME",
        multiple=True,
        help="Name, 'NAME, OBLAST' or code, such as 'Bilohorivka, Luhansk'; "
        f"may be repeated. Without {without}, the places that are built in.",
    )


def place_arguments(function: Callable[..., None]) -> Callable[..., None]:
    """Add PLACE... and --places, handed on together as ``places``."""

    @functools.wraps(function)
    def asking(
        names: tuple[str, ...], own: list[Place], **options: Any
    ) -> None:
        asked = _places(names, own, "PLACE")
        if not asked and not own:
            raise click.UsageError(
                "expected a PLACE (name, 'NAME, OBLAST' or code) or --places "
                "FILE"
            )
        function(places=asked or own, **options)

    with_file: Callable[..., None] = own_places_option(
        "They come before those of the register; without PLACE all of them."
    )(asking)
    return _place_argument(with_file)


_place_argument = click.argument("names", metavar="[PLACE]...", nargs=-1)


def _places(
    names: tuple[str, ...], own: list[Place], hint: str
) -> list[Place]:
    find = finder(own)
    if names:
        note_input(register_input())
    try:
        return [find(name) for name in names]
    except gf.UnknownPlaceError as error:
        raise click.BadParameter(str(error), param_hint=hint) from None


def _as_by(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> str | None:
    if value not in (None, _OBLAST) and not Path(value).exists():
        raise click.BadParameter(
            f"expected {_OBLAST} or a file of regions, and there is no file "
            f"{value!r}"
        )
    return value


_OBLAST = "oblast"


def by_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add --by and --level, handed on as ``by``.

    The word ``oblast``, or the regions of a file, or None.
    """

    @functools.wraps(function)
    def asking(by: str | None, level: str | None, **options: Any) -> None:
        if level is not None and by in (None, _OBLAST):
            raise click.UsageError("--level goes with --by FILE")
        if by is None or by == _OBLAST:
            function(by=by, **options)
        else:
            function(by=gf.load_regions(by, level=level), **options)

    return _by_option(_level_option(asking))


def regions_of(by: gpd.GeoDataFrame | str | None) -> gpd.GeoDataFrame | None:
    """Regions that --by asks for."""
    return gf.oblasts() if isinstance(by, str) else by


_by_option = click.option(
    "--by",
    metavar="oblast|FILE",
    callback=_as_by,
    help="A row for each region: each oblast, or each region of a file "
    "(GeoPackage, GeoJSON, Shapefile), of COD-AB, geoBoundaries or "
    "OpenStreetMap for instance.",
)
_level_option = click.option(
    "--level",
    type=click.Choice(["oblast", "raion", "hromada", "settlement"]),
    help="Of a file that holds several levels, the one that is meant.",
)
