"""Write docs/codebook.md: every field of every table, from the code."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from geofront._units import unit_of
from geofront.records import DEFINITIONS, RECORDS, REPORT, TERRITORY, Field

PAGE = Path(__file__).parents[1] / "docs" / "codebook.md"

_DEFINED = "\n".join(
    f"| {name} | {text} |" for name, text in DEFINITIONS.items()
)

_HEAD = f"""\
# Codebook: every field of every table

Written by `python -m tools.codebook` from `geofront/records.py`, as are the
columns of a [`.meta.json`](tables.md#filemetajson); do not edit this page.
Fields may be added, never renamed. A name ends with its unit.

| of all tables | |
| --- | --- |
{_DEFINED}
| territory | {TERRITORY} |

[Definitions and methods](definitions.md) tells why, and how exactly.

| type | in pandas | in JSON |
| --- | --- | --- |
| text | `str` | string |
| number | `float64` | number, unrounded |
| whole number | `int64`, with nulls `Int64` | number |
| yes or no | `bool`, with nulls `boolean` | `true`, `false` |
| day | `datetime64[s]` | `YYYY-MM-DD` |
| moment | `datetime64[s, UTC]` | ISO 8601, UTC |

**Null** is `null` in JSON, an empty cell in CSV and a spreadsheet, NaN, NaT
or NA in pandas. A dash in the column *null when* says: never. Tables of
polygons have a column `geometry` besides, in longitude and latitude
(OGC:CRS84).
"""

_TYPES = {
    "str": "text",
    "float64": "number",
    "int64": "whole number",
    "Int64": "whole number",
    "bool": "yes or no",
    "boolean": "yes or no",
    "datetime64[s]": "day",
    "datetime64[s, UTC]": "moment",
    "datetime64[us, UTC]": "moment",
}

_FROM = {
    "areas": "`gf.areas`, `geofront areas`: area of each state. The last five "
    "fields by region only.",
    "deltas": "`gf.deltas`, `geofront deltas`: change, step by step. The last "
    "two fields by region only.",
    "explain": "`gf.explain`, `geofront explain`: a figure in a sentence, and "
    "all that it rests on. The last two fields by region only.",
    "changes": "`geofront changes`: the polygons that changed. "
    "`Delta.to_geodataframe` gives states and area alone.",
    "proximity": "`gf.proximity`, `geofront proximity`: distances of places. "
    "The last four fields with `speed_days`, `--speed` only.",
    "sectors": "`gf.sectors`: the nearest front by direction.",
    "within": "`gf.within`, `geofront within`: settlements in bands along the "
    "front.",
    "near": "`gf.settlements_within`, `geofront within --list`: which these "
    "are.",
    "status": "`gf.place_status`, `geofront status`: state and shares of "
    "places, day by day.",
    "events": "`gf.place_events`, `geofront status --events`: runs of a "
    "place's state.",
    "settlements": "`gf.settlements_changed`, `geofront settlements`: "
    "settlements whose state changed.",
    "claims": "`gf.assess_claims`, `geofront claims`: what maps show of "
    "claims.",
    "agreement": "`gf.agreement`, `geofront agreement`: how far two sources, "
    "*a* and *b*, agree. The last two fields by region only.",
    "disputed": "`gf.disputed`, `geofront agreement --polygons`: the polygons "
    "on which they differ.",
    "settlements_disputed": "`gf.settlements_disputed`, `geofront agreement "
    "--settlements`: the settlements on which they differ.",
    "sensitivity": "`gf.sensitivity`: how figures spread if the line is off.",
    "advances": "`gf.advances`: how far the front line moved, by section.",
    "quality": "`gf.quality`, `geofront quality`: how far a map can be "
    "trusted.",
    "log": "`Store.log`, `geofront log`: what was added and revised.",
}

_LIKE = {
    "region_areas": "areas",
    "regions": "deltas",
    "ground": "changes",
    "places": "status",
    "notes": "quality",
}
"""Records that tables of a report are like, where the names differ."""


def codebook() -> str:
    """The page, as Markdown."""
    return "\n".join([_HEAD, *_records(), *_report()])


def _records() -> Iterator[str]:
    for name, fields in RECORDS.items():
        yield f"## {name}\n\n{_FROM[name]}\n\n{_table(fields)}"


def _report() -> Iterator[str]:
    yield "## Tables of a report\n"
    yield (
        "`gf.report(…).tables` and the JSON of `geofront report`: mostly the "
        "tables above, of one day.\n"
    )
    for name, fields in REPORT.items():
        like = _LIKE.get(name, name)
        known = RECORDS.get(like, {})
        own = {key: field for key, field in fields.items() if key not in known}
        yield f"### report: {name}\n"
        if known:
            more = ", and:" if own else "."
            yield f"Fields of [{like}](#{like}){more}\n"
        if own:
            yield _table(own)


def _table(fields: Mapping[str, Field]) -> str:
    head = ["field", "unit", "type", "meaning", "null when"]
    rows = [head, ["---"] * len(head)]
    rows += [_row(name, field) for name, field in fields.items()]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(name: str, field: Field) -> list[str]:
    return [
        f"`{name}`",
        unit_of(name) or "–",
        _TYPES[field.dtype],
        field.meaning,
        field.null or "–",
    ]


if __name__ == "__main__":
    PAGE.write_text(codebook(), encoding="utf-8")
