"""What a field is, and the fields that several tables have."""

from typing import NamedTuple

__all__ = [
    "CARRIED",
    "CENTRE",
    "DATE",
    "DAY",
    "EXTENT_SHARES",
    "Field",
    "LIES_IN",
    "MOMENT",
    "NAMED",
    "NONE_EARLIER",
    "NOTHING_NEAR",
    "NOT_OCCUPIED",
    "NO_GREY",
    "NUMBER",
    "PEOPLE",
    "PUBLISHED",
    "SOURCE",
    "UNKNOWN_EXTENT",
    "USERS_OWN",
    "WITHIN_IT",
]


class Field(NamedTuple):
    """A column of a table.

    Parameters
    ----------
    dtype : str
        Its type in pandas.
    meaning : str
        What it tells, in short.
    null : str, optional
        When it tells nothing; None: there always is a value.
    """

    dtype: str
    meaning: str
    null: str | None = None


DAY = "datetime64[s]"
MOMENT = "datetime64[s, UTC]"
NUMBER = "float64"

# When fields are null.
NO_GREY = "the source draws no grey zone"
USERS_OWN = "not known, as of a user's own maps"
NOTHING_NEAR = "there is none, or the coverage ends nearer"
NONE_EARLIER = "there is no earlier day, or no map of it"
NOT_OCCUPIED = "not occupied, where no grey zone is drawn"
UNKNOWN_EXTENT = "the extent is not known, or not all of it is covered"

# Fields that several tables have.
DATE = {"date": Field(DAY, "day in Kyiv, whose end is meant")}
PUBLISHED = {"published_at": Field(MOMENT, "when the snapshot was published")}
SOURCE = {"source": Field("str", "name of the source")}
CARRIED = {"carried": Field("bool", "the day has no snapshot of its own")}

NAMED = {
    "place": Field("str", "name of the place"),
    "place_id": Field("str", "its code in the KATOTTG register, or own id"),
}

LIES_IN = {
    "oblast": Field("str", "where it lies, by its code", "not known"),
    "raion": Field(
        "str", "where it lies, by its code", "not known, or there is none"
    ),
}

PEOPLE = {
    "population_reference": Field(
        "Int64", "register's, not people present", "not known"
    )
}

WITHIN_IT = {
    "longitude": Field(NUMBER, "of a point within, degrees"),
    "latitude": Field(NUMBER, "of a point within, degrees"),
}

CENTRE = {
    "longitude": Field(NUMBER, "of the centre, degrees"),
    "latitude": Field(NUMBER, "of the centre, degrees"),
}

EXTENT_SHARES = {
    "occupied_share": Field(
        NUMBER, "share of the extent that is occupied", UNKNOWN_EXTENT
    ),
    **{
        f"{state}_share": Field(
            NUMBER,
            f"share of the extent that is {words}",
            f"{UNKNOWN_EXTENT}; or {NO_GREY}",
        )
        for state, words in (("grey_zone", "grey zone"), ("held", "held"))
    },
}
