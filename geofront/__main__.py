"""``python -m geofront``: the command line."""

from geofront.cli import main

main(prog_name="geofront")
