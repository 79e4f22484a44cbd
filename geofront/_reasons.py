"""Why a map or a step is in doubt: phrases, said in English or another way.

Notes keep them in English, their parts filled in; from there they are told
in the language of a page.
"""

from geofront._languages import retold

__all__ = ["told_reason"]

UNDONE = "{area} km² of it are undone within {days} days"
UNDOES = "{area} km² of it undo what was drawn within {days} days"
ENDED = "no longer: {note}"

GREY_ZONE_BEGINS = "the grey zone begins to be drawn"
GREY_ZONE_ENDS = "the grey zone is no longer drawn"
COVERAGE = "another coverage is drawn"

IS_EMPTY = "nothing occupied is drawn"
WAS_EMPTY = "nothing occupied was drawn"
GROWS = "the occupied area grows by {part} at once"
SHRINKS = "the occupied area shrinks by {part} at once"

JUMP = (
    "{area} km² move at once, {times} times the median of the steps around, "
    "and the days around do not go the same way there"
)
JUMP_FROM_NOTHING = (
    "{area} km² move at once, while most steps around move nothing, and the "
    "days around do not go the same way there"
)

ROUNDED = (
    "{count} vertices move by less than 10 m: coordinates of another precision"
)
REDRAWN = "lines are drawn anew over {part} of the map"
CUT_MORE = "{area} km² more than before are cut off beyond the border"
CUT_LESS = "{area} km² less than before are cut off beyond the border"

GAP = "{hours} hours without a snapshot"

MISSING = "{how}: a part of the map is missing"
NOT_OCCUPIED = "{city} is not in the occupied area"
NO_ADVANCE = "there is no layer of assessed advance"
MERGED = (
    "a layer holds the assessed advance and what is claimed together: isw "
    "and isw_claimed are the same here"
)
LEFT_OUT = "{what} left out may be a large part of the map"
ONE_FEATURE, FEATURES = "1 feature", "{count} features"

REASONS = (
    *(UNDONE, UNDOES, ENDED, GREY_ZONE_BEGINS, GREY_ZONE_ENDS, COVERAGE),
    *(IS_EMPTY, WAS_EMPTY, GROWS, SHRINKS, JUMP, JUMP_FROM_NOTHING, ROUNDED),
    *(REDRAWN, CUT_MORE, CUT_LESS, GAP, MISSING, NOT_OCCUPIED, NO_ADVANCE),
    *(MERGED, LEFT_OUT, ONE_FEATURE, FEATURES),
)


def told_reason(text: str, lang: str) -> str | None:
    """What a note says, in a language; None if its words are not known.

    Examples
    --------
    >>> told_reason("lines are drawn anew over 35% of the map", "uk")
    'лінії накреслено наново на 35\\xa0% карти'
    >>> told_reason("somebody's own words", "uk") is None
    True
    """
    return retold(text, REASONS, lang)
