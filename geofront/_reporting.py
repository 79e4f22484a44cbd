"""The command that writes the daily brief."""

import datetime as dt
from pathlib import Path

import click

import geofront as gf
from geofront._choices import own_places_option
from geofront._holdings import histories
from geofront._options import (
    Asked,
    asks_for_history,
    command,
    day_option,
    output_option,
)
from geofront.history import History
from geofront.places import BUILT_IN, Place
from geofront.report import FORMATS

__all__ = ["report"]


@click.command()
@asks_for_history
@output_option("FILE.html, .md or .json to write.", required=True)
@day_option("--at", "Day to report of; by default the last")
@command
def report(asked: Asked, output: Path, at: dt.date | None) -> None:
    pass
