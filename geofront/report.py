"""The daily brief: what the maps show on a day, on one page."""

import html
import json
import os
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from geofront import _durable
from geofront._expected import need_histories
from geofront._languages import LANGUAGES
from geofront._report_tables import Question, tables
from geofront._table_files import plain_records
from geofront.claims import checked_claims
from geofront.days import Day, as_date
from geofront.history import History
from geofront.places import BUILT_IN, Place, as_places, finder
from geofront.records import DEFINITIONS, TERRITORY

__all__ = ["FORMATS", "Report", "report"]

FORMATS = (".html", ".md", ".json")
"""Suffixes of files that a report is written to."""


class Report:
    """What the maps show on a day: made by :func:`report`.

    Attributes
    ----------
    date : datetime.date
        Day in Kyiv, at whose end the maps are looked at.
    compared_with : datetime.date or None
        Day a week before, or the history's first day if that is later;
        None if ``date`` is the first day itself.
    source : str
        Source that the headline figures are of.
    tables : mapping of str to pandas.DataFrame
        All figures of the page, as geofront's functions give them:
        ``areas``, ``deltas``, ``region_areas``, ``regions``, ``ground``,
        ``settlements``, ``explain``, ``places``, ``claims``, ``proximity``,
        ``within``, ``agreement``, ``notes``, ``snapshots``,
        ``sources``.

    Examples
    --------
    >>> import geofront as gf
    >>> brief = gf.report(gf.example_history(), "2025-02-24")
    >>> brief.tables["deltas"][["period", "occupied_net_km2"]].round(2)
      period  occupied_net_km2
    0    day             -0.28
    1   week              6.27
    2  month              6.27
    """

    def __init__(self, asked: Question) -> None:
        self._asked = asked
        self.date = asked.at
        self.compared_with = asked.before
        self.source = asked.main.source
        self.tables: Mapping[str, pd.DataFrame] = MappingProxyType(
            tables(asked)
        )

    def to_html(self, *, lang: str = "en") -> str:
        """One page that needs nothing but itself: no network, no script.

        Parameters
        ----------
        lang : {'en', 'uk'}
            English or Ukrainian.

        Returns
        -------
        str
            HTML.

        Raises
        ------
        ValueError
            If there are no words in a language.
        """
        from geofront._report_html import page

        return page(self._document(lang))

    def to_markdown(self, *, lang: str = "en") -> str:
        """The same words and tables in Markdown; of the maps, their words.

        Parameters
        ----------
        lang : {'en', 'uk'}
            English or Ukrainian.

        Returns
        -------
        str
            Markdown.

        Raises
        ------
        ValueError
            If there are no words in a language.
        """
        from geofront._report_markdown import text

        return text(self._document(lang))

    def to_dict(self) -> dict[str, Any]:
        """The same figures as plain values, unrounded.

        Returns
        -------
        dict
            ``date, compared_with, source, geofront`` (the version),
            ``definitions, territory``, then each table as a list of
            records, their fields those of :mod:`geofront.records`.
        """
        before = self.compared_with
        return {
            "date": self.date.isoformat(),
            "compared_with": before and before.isoformat(),
            "source": self.source,
            "geofront": version("geofront"),
            "definitions": dict(DEFINITIONS),
            "territory": TERRITORY,
            **{
                name: plain_records(table)
                for name, table in self.tables.items()
            },
        }

    def save(self, path: str | os.PathLike[str], *, lang: str = "en") -> None:
        """Write the report.

        Parameters
        ----------
        path : str or path-like
            Its suffix says how: ``.html``, ``.md`` or ``.json``, which has
            no language.
        lang : {'en', 'uk'}

        Raises
        ------
        ValueError
            If the suffix is another one, or there are no words in a
            language.
        """
        suffix = Path(path).suffix.lower()
        if suffix not in FORMATS:
            raise ValueError(
                f"{os.fspath(path)}: expected a suffix of "
                + ", ".join(FORMATS)
            )
        _check(lang)
        if suffix == ".html":
            written = self.to_html(lang=lang)
        elif suffix == ".md":
            written = self.to_markdown(lang=lang)
        else:
            written = json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
        _durable.write(Path(path), written.encode())

    def __repr__(self) -> str:
        return f"<Report {self.date}, {self.source}>"

    def _repr_html_(self) -> str:
        frame = html.escape(self.to_html(), quote=True)
        return (
            f'<iframe srcdoc="{frame}" title="{html.escape(repr(self))}" '
            'style="width:100%;height:640px;border:0"></iframe>'
        )

    def _document(self, lang: str) -> Any:
        # Imported here: it draws, which takes what is heavy.
        from geofront._report_pages import document

        _check(lang)
        return document(self._asked, self.tables, lang)


def report(
    histories: History | Iterable[History],
    at: Day | None = None,
    *,
    claims: pd.DataFrame | None = None,
    places: Iterable[Place | str] | Place | str = BUILT_IN,
    among: Iterable[Place] = (),
) -> Report:
    """Say what the maps show at the end of a day, and what changed.

    Parameters
    ----------
    histories : History, or iterable of them
        One for each source.  The headline figures are of the first; the
        others are set beside it.
    at : str or datetime.date, optional
        The first history's last day by default.
    claims : pandas.DataFrame, optional
        ``date, place, state, claimant, url``, as `read_claims` gives.
    places : Place, name, or iterable of them, optional
        Targets to which distances are told; by default the built-in ones.
    among : iterable of Place
        Places in which those of the claims are looked for first, such as
        `geofront.load_places` gives.

    Returns
    -------
    Report

    Raises
    ------
    MissingDateError
        If the first history has nothing for the day.
    UnknownPlaceError
        If there is no such place, or its extent is not known.
    ValueError
        If no history is given, or two of one source; or a column or a cell
        of the claims is missing.

    Notes
    -----
    It computes nothing itself: its tables are those of `areas`, `deltas`,
    `explain`, `settlements_changed`, `place_status`, `assess_claims`,
    `proximity`, `within`, `agreement` and `quality`.  Change is told over the
    day, the week and the month to date; gained and lost compare the ends of
    each.
    """
    given = [histories] if isinstance(histories, History) else histories
    maps = tuple(given)
    need_histories(*maps)
    sources = [item.source for item in maps]
    if not maps or len(set(sources)) < len(sources):
        raise ValueError(
            "expected a history for each source, found "
            + (", ".join(sources) or "none")
        )
    date = maps[0].span[1] if at is None else as_date(at)
    maps[0].at(date)
    own = tuple(among)
    find = finder(own)
    named: Iterable[str] = (
        () if claims is None else checked_claims(claims)["place"]
    )
    claimed = {place.id: place for place in map(find, named)}
    return Report(
        Question(
            date,
            maps,
            tuple(as_places(places)),
            claims,
            tuple(claimed.values()),
            own,
        )
    )


def _check(lang: str) -> None:
    if lang not in LANGUAGES:
        raise ValueError(
            f"lang={lang!r}: expected one of {', '.join(LANGUAGES)}"
        )
