"""Words of a report: figures, days, states and places in its language."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from geofront._document import Cell, Foreign
from geofront._languages import (
    number_text,
    phrase,
    sentence_day,
    short_day_text,
    translated,
)
from geofront._reasons import told_reason
from geofront._report_marks import BOUND
from geofront._report_tables import Question
from geofront.days import KYIV
from geofront.geography import oblasts
from geofront.place import Place
from geofront.places import registered
from geofront.sources import SOURCES

__all__ = ["NOTHING", "SHORT", "Brief", "Row", "Speaker"]
__all__ += ["own_words", "records"]

Row: TypeAlias = dict[Hashable, Any]

# What rounding leaves over of a share.
_NEGLIGIBLE = 1e-6

_WIDE = 28
"""Characters that the head of a column takes."""

NOTHING = "–"
"""What is written where a source does not tell."""

_PERIODS = {"day": "Day", "week": "Seven days", "month": "Month to date"}

_STATES = {
    "occupied": "occupied",
    "grey_zone": "grey zone",
    "held": "held by Ukraine",
}
SHORT = {**_STATES, "held": "held"}
"""States where there is little room."""

_SECTORS = {
    **{"N": "north", "NE": "north-east", "E": "east", "SE": "south-east"},
    **{"S": "south", "SW": "south-west", "W": "west", "NW": "north-west"},
}


class Speaker:
    """Says figures, days, states and places in one language.

    Parameters
    ----------
    lang : {'en', 'uk'}
    places : iterable of Place
        Those whose names are not the register's.
    draws_grey_zone : bool
        Whether the maps whose changes are told draw one.
    """

    def __init__(
        self,
        lang: str,
        places: Iterable[Place] = (),
        *,
        draws_grey_zone: bool = True,
    ) -> None:
        self.lang = lang
        # Where none is drawn, what is not occupied may be either.
        self._rest = "held" if draws_grey_zone else "not occupied"
        known = {place.id: place for place in registered()}
        self._places = known | {place.id: place for place in places}
        self._oblasts = dict(
            oblasts()[["region", "name_uk"]].itertuples(index=False)
        )

    def __call__(self, text: str, /, **parts: object) -> str:
        """One of geofront's own phrases: see `phrase`."""
        return phrase(text, self.lang, **parts)

    def theirs(self, text: str) -> str:
        """A source's words: translated where that is known."""
        return translated(text, self.lang)

    # ---- figures

    def number(self, value: Any, decimals: int = 0) -> str:
        """Number, or a dash where none is known."""
        if pd.isna(value):
            return NOTHING
        return number_text(float(value), decimals, self.lang)

    def change(self, value: Any, decimals: int = 1) -> str:
        """Number with its sign."""
        if pd.isna(value):
            return NOTHING
        return number_text(float(value), decimals, self.lang, signed=True)

    def km2(self, value: Any, decimals: int = 1) -> str:
        """Area with its unit."""
        return self("{area}\u00a0km²", area=self.number(value, decimals))

    def km2_change(self, value: Any, decimals: int = 1) -> str:
        """Change of an area with its sign and unit."""
        return self("{area}\u00a0km²", area=self.change(value, decimals))

    def km(self, value: Any, decimals: int = 1) -> str:
        """Distance with its unit."""
        return self("{length}\u00a0km", length=self.number(value, decimals))

    def share(self, value: Any, decimals: int = 0) -> str:
        """Share in per cent, nothing and all but nothing told apart."""
        if pd.isna(value):
            return NOTHING
        percent, least = 100.0 * float(value), 10.0**-decimals
        sign, shown = "", round(percent, decimals)
        if shown == 0.0 and value > _NEGLIGIBLE:
            sign, percent = "<", least
        elif shown == 100.0 and value < 1.0 - _NEGLIGIBLE:
            sign, percent = ">", 100.0 - least
        return f"{sign}{self.number(percent, decimals)}\u00a0%"

    # ---- time

    def day(self, date: Any) -> str:
        """Day in words, or a dash."""
        return NOTHING if pd.isna(date) else sentence_day(date, self.lang)

    def date(self, date: Any) -> str:
        """Day for tables, or a dash."""
        return NOTHING if pd.isna(date) else short_day_text(date, self.lang)

    def moment(self, moment: Any) -> str:
        """Moment by the clock in Kyiv, and by that of UTC."""
        if pd.isna(moment):
            return NOTHING
        local = moment.astimezone(KYIV)
        return self(
            "{day}, {time} in Kyiv ({utc} UTC)",
            day=self.day(local.date()),
            time=f"{local:%H:%M}",
            utc=f"{moment:%H:%M}",
        )

    def short(self, moment: Any) -> str:
        """Moment by the clock in Kyiv, for tables."""
        if pd.isna(moment):
            return NOTHING
        local = moment.astimezone(KYIV)
        return f"{self.date(local.date())}, {local:%H:%M}"

    # ---- states and places

    def state(self, name: Any) -> str:
        """State in words, or a dash."""
        return NOTHING if pd.isna(name) else self(_STATES[str(name)])

    def short_state(self, name: Any) -> str:
        """State where there is little room, or a dash."""
        return NOTHING if pd.isna(name) else self(SHORT[str(name)])

    def transition(self, before: str, after: str) -> str:
        """From one state to another."""
        names = [
            self(self._rest if state == "held" else SHORT[state])
            for state in (before, after)
        ]
        return " → ".join(names)

    def sector(self, name: Any) -> str:
        """Direction in words, or a dash."""
        return NOTHING if pd.isna(name) else self(_SECTORS[str(name)])

    def place(self, id: str, name: str) -> str:
        """Name of a place."""
        known = self._places.get(id)
        if known is None or self.lang == "en":
            return name
        return known.name_uk or self.theirs(name)

    def located(self, id: str, name: str, oblast: Any) -> str:
        """Name of a place, and its oblast."""
        own = self.place(id, name)
        if pd.isna(oblast):
            return own
        return f"{own} ({self.region(oblast)})"

    def region(self, name: str) -> str:
        """Name of an oblast."""
        if self.lang == "uk":
            return str(self._oblasts.get(name, name))
        return name


class Brief(NamedTuple):
    """What is told, in which words."""

    asked: Question
    tables: Mapping[str, pd.DataFrame]
    say: Speaker

    def rows(self, name: str) -> list[Row]:
        """Rows of a table."""
        return records(self.tables[name])

    def main(self, name: str) -> pd.DataFrame:
        """Rows of the source that the headline figures are of."""
        frame = self.tables[name]
        return frame[frame["source"] == self.asked.main.source]

    def title(self, source: str) -> str:
        """Name of a source as readers know it."""
        titles = self.tables["sources"].set_index("source")["title"]
        return self.say.theirs(str(titles[source]))

    def column(self, source: str) -> str:
        """Name of a source at the head of a column: its id if shorter."""
        title = self.title(source)
        return title if len(title) <= _WIDE else source

    def since(self, row: Row, written: Callable[[Any], str]) -> str:
        """Day from which a place is mapped as it is, as far as maps go."""
        origins = self.tables["sources"].set_index("source")
        told = written(row["state_since"])
        if row["state_since"] == origins.at[row["source"], "first_day"]:
            return self.say("{day} or before", day=told)
        return told

    def bound(self, source: str) -> str | None:
        """Why the moment of a source's map is only a bound, if it is."""
        for history in self.asked.speaking:
            if history.source == source:
                for note in history.at(self.asked.at).notes:
                    if note.kind == "date":
                        return note.detail
        return None

    def short(self, source: str, moment: Any) -> str:
        """Moment of a source's map for tables, marked if it is a bound."""
        return self.say.short(moment) + self.bound_mark(source)

    def bound_mark(self, source: str) -> str:
        """What follows a moment of a source's map if it is a bound."""
        return "" if self.bound(source) is None else BOUND

    def bounds_told(self, sources: Iterable[str]) -> list[str]:
        """What the mark means, for each of the sources that has it."""
        bounds = {source: self.bound(source) for source in sources}
        return [
            self.say(
                "*\u00a0{source}: only a bound; {told}.",
                source=self.title(source),
                told=self.say.theirs(told),
            )
            for source, told in bounds.items()
            if told is not None
        ]

    def copies_told(self, sources: Iterable[str] | None = None) -> list[str]:
        """Which sources, of those with a map for the day, are no own ones."""
        rows = self.tables["sources"]
        is_meant = (
            rows["speaks"] if sources is None else rows["source"].isin(sources)
        )
        return [
            self.say(
                "{copy} is no independent source: it is made from the map of "
                "{original}, and where the two say the same, one has said it.",
                copy=self.title(row["source"]),
                original=self.say.theirs(_title(row["made_from"])),
            )
            for row in records(rows[is_meant & rows["made_from"].notna()])
        ]

    def are_one(self, a: str, b: str) -> bool:
        """Whether one of two sources is made from the other's map."""
        made_from = {
            row["source"]: row["made_from"] for row in self.rows("sources")
        }
        return bool(made_from[a] == b or made_from[b] == a)

    def periods(self) -> list[Row]:
        """Change over the day, the week and the month, each once."""
        rows = self.main("deltas").drop_duplicates("since")
        return records(rows)

    def period(self, row: Row) -> str:
        """What a period is called; one cut short, by its first day."""
        name = str(row["period"])
        if row["since"].date() != self.asked.starts[name]:
            return self.say("Since {day}", day=self.say.date(row["since"]))
        return self.say(_PERIODS[name])


def _title(source: str) -> str:
    """Name of a source of which there may be no map here."""
    return SOURCES[source].info.title if source in SOURCES else source


def own_words(said: str, say: Speaker) -> Cell:
    """Somebody's words, which may be in another language than the page."""
    told = told_reason(said, say.lang)
    return Foreign(said, "en") if told is None else told


def records(frame: pd.DataFrame) -> list[Row]:
    """Rows of a table."""
    return frame.to_dict("records")
