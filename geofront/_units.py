"""Units of columns, which their names end with."""

import re

__all__ = ["unit_of"]

_UNITS = {
    "km2": "km²",
    "_km": "km",
    "_m": "m",
    "_km_per_week": "km a week",
    "_deg": "degrees",
    "_lon": "degrees",
    "_lat": "degrees",
    "longitude": "degrees",
    "latitude": "degrees",
    "_share": "1",
    "jaccard_occupied": "1",
    "jaccard_occupied_land": "1",
    "level": "1",
    "_days": "days",
    "closing_samples": "days",
    "settlements": "settlements",
    "entered": "settlements",
    "left": "settlements",
    "population_reference": "people",
    "_at": "UTC",
    "date": "day in Europe/Kyiv",
    "since": "day in Europe/Kyiv",
    "until": "day in Europe/Kyiv",
    "_on": "day in Europe/Kyiv",
    "_day": "day in Europe/Kyiv",
    "not_before": "day in Europe/Kyiv",
    "compared_with": "day in Europe/Kyiv",
}

# A "front_km_before" is in km, whenever it was.
_EARLIER = re.compile("_(before|closing_since)$")


def unit_of(name: str) -> str | None:
    """Unit of a column, which its name ends with; None: it has none.

    Examples
    --------
    >>> unit_of("occupied_net_km2")
    'km²'
    """
    plain = name if name in _UNITS else _EARLIER.sub("", name)
    fitting = [end for end in _UNITS if plain.endswith(end)]
    return _UNITS[max(fitting, key=len)] if fitting else None
