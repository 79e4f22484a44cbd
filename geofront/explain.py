"""A change of area in a sentence that can be quoted, with its evidence."""

from typing import Any

import geopandas as gpd
import pandas as pd

from geofront._expected import need_history
from geofront._inputs import inputs_of, shown_input
from geofront._quoting import as_sentence, cautions, sentence
from geofront._record_tables import table
from geofront.change import deltas
from geofront.days import Day, as_date
from geofront.history import History
from geofront.model import Snapshot
from geofront.records import DELTAS, EXPLAINED, REGION, TERRITORY
from geofront.sources import described_source, remarks_of

__all__ = ["explain"]


def explain(
    history: History,
    *,
    since: Day,
    until: Day,
    by: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Change of the occupied area between two days, ready to be quoted.

    Parameters
    ----------
    history : History
    since, until : str or datetime.date
        The state at the end of the one against that at the end of the
        other.
    by : geopandas.GeoDataFrame, optional
        Regions, as for :func:`areas`: a row and a sentence for each.

    Returns
    -------
    pandas.DataFrame
        One row: ``sentence, since_digest, until_digest, title, terms,
        attribution, address, territory, remarks``, then the fields of
        :func:`deltas`.  ``sentence`` tells the figure, both snapshots by
        their ids, Kyiv times and digests, the definition, the territory,
        the source and its terms; then what else is to be known:
        ``remarks``, which is missing where that is nothing.

    Raises
    ------
    MissingDateError
        If the history does not speak for a day.
    InvalidBoundaryError
        If the regions cannot be used.
    ValueError
        If ``since`` is not before ``until``.

    Examples
    --------
    >>> import geofront as gf
    >>> told = gf.explain(gf.example_history(), since="2025-02-22",
    ...                   until="2025-02-24")
    >>> told.loc[0, "sentence"][:63]
    'According to example, the occupied area of Ukraine within its i'
    """
    need_history(history)
    if as_date(since) == as_date(until):
        raise ValueError(
            f"since and until are the same day, {since}: expected two, "
            "between which something may have changed"
        )
    found = deltas(history, since=since, until=until, every="all", by=by)
    ends = history.at(since), history.at(until)
    shared = {
        **_source(history),
        "territory": TERRITORY,
        "since_digest": ends[0].digest,
        "until_digest": ends[1].digest,
    }
    borders = [] if by is None else [_borders(by)]
    rows = [
        _told(dict(record) | shared, ends, borders)
        for record in found.to_dict("records")
    ]
    fields = EXPLAINED | DELTAS | ({} if by is None else REGION)
    return table(rows, fields, ends, inputs_of(by))


def _told(
    record: dict[Any, Any],
    ends: tuple[Snapshot, Snapshot],
    borders: list[str],
) -> dict[Any, Any]:
    """A record of `deltas`, and what it says in words."""
    said = map(as_sentence, remarks_of(ends))
    remarks = [*borders, *cautions(record, ends), *said]
    return record | {
        "sentence": " ".join([sentence(record, ends), *remarks]),
        "remarks": " ".join(remarks) or None,
    }


def _borders(by: gpd.GeoDataFrame) -> str:
    """Whose borders the regions have, in a sentence."""
    told = "; ".join(map(shown_input, inputs_of(by)))
    return f"Borders of the regions: {told or 'as given'}."


def _source(history: History) -> dict[str, str | None]:
    """Whose maps they are; of a user's own, by their name alone."""
    known = described_source(history.source)
    title = known["title"] or known["name"]
    return known | {"title": title}
