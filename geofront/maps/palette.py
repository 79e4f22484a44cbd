"""Colours of maps and charts: Okabe–Ito, never red against green."""

from typing import Any

OCCUPIED = "#D55E00"
REGAINED = "#0072B2"
GREY_ZONE = "#4D4D4D"
FRONT = "#1A1A1A"
LAND = "#F4F1EA"
BORDER = "#8C8C8C"
BEYOND = "#E4E7EA"

HATCH_ID = "geofront-hatch"
_HATCH_KEY = "repeating-linear-gradient(135deg,#4D4D4D 0 2px,#FFFFFF 2px 6px)"
_COUNTER_KEY = (
    "repeating-linear-gradient(45deg,#FFFFFF 0 1.7px,transparent 1.7px 5.7px)"
)
_REDRAWN_KEY = (
    "background:radial-gradient(#595959 25%,transparent 28%) 0 0/5px 5px "
    "#D9D9D9"
)

# Change: fill and darker rim, by the state before and after.
CHANGE = {
    ("held", "occupied"): ("#A33C00", "#5C2200"),
    ("grey_zone", "occupied"): ("#D55E00", "#7A3600"),
    ("held", "grey_zone"): ("#E69F00", "#805800"),
    ("occupied", "grey_zone"): ("#CC79A7", "#7A3F60"),
    ("grey_zone", "held"): ("#56B4E9", "#1F6A94"),
    ("occupied", "held"): ("#0072B2", "#00344F"),
}

BANDS = ("#7A3600", "#D55E00", "#F0C27B", "#FBEBD3")
"""Bands along the front, the nearest first: the darker, the nearer."""

A_ONLY, B_ONLY = "#0072B2", "#F0E442"
"""Ground that only one of two sources maps as occupied: dark and light."""

A_RIM, B_RIM = "#00344F", FRONT

DISPUTE_IDS = {"a_only": "geofront-a-only", "b_only": "geofront-b-only"}
_A_KEY = f"repeating-linear-gradient(45deg,#FFFFFF 0 1px,{A_ONLY} 1px 6px)"
_B_KEY = f"repeating-linear-gradient(135deg,{FRONT} 0 1px,{B_ONLY} 1px 5px)"

STYLES: dict[str, dict[str, Any]] = {
    "occupied": {
        "fillColor": OCCUPIED,
        "fillOpacity": 0.45,
        "weight": 0,
    },
    "grey_zone": {
        "fillColor": f"url(#{HATCH_ID})",
        "fillOpacity": 1.0,
        "color": GREY_ZONE,
        "weight": 0.8,
        "opacity": 0.8,
    },
    "regained": {
        "fillColor": REGAINED,
        "fillOpacity": 0.15,
        "color": REGAINED,
        "weight": 0.8,
        "opacity": 0.6,
    },
    "coverage": {
        "fill": False,
        "color": GREY_ZONE,
        "weight": 1.2,
        "dashArray": "6 4",
    },
    "land": {
        "fillColor": LAND,
        "fillOpacity": 1.0,
        "color": BORDER,
        "weight": 1.0,
    },
    "casing": {"color": "#FFFFFF", "weight": 4.6, "opacity": 0.9},
    "front": {"color": FRONT, "weight": 2.2, "opacity": 1.0},
    "place": {
        "fill": False,
        "color": FRONT,
        "weight": 1.0,
        "dashArray": "2 3",
    },
    "dot": {
        "fillColor": "#FFFFFF",
        "fillOpacity": 1.0,
        "color": FRONT,
        "weight": 1.6,
    },
    "distance": {"color": FRONT, "weight": 1.2, "dashArray": "4 4"},
    "agreed": {"fillColor": OCCUPIED, "fillOpacity": 0.22, "weight": 0},
    "a_only": {
        "fillColor": f"url(#{DISPUTE_IDS['a_only']})",
        "fillOpacity": 1.0,
        "color": A_RIM,
        "weight": 1.0,
    },
    "b_only": {
        "fillColor": f"url(#{DISPUTE_IDS['b_only']})",
        "fillOpacity": 1.0,
        "color": B_RIM,
        "weight": 1.0,
    },
}
"""Leaflet path options by what is drawn."""


def paint() -> dict[str, Any]:
    """What the pages of a history are painted with, by what is painted."""
    fills = ("occupied", "regained", "land")
    text = {"colour": FRONT, "halo": "#FFFFFF"}
    return {
        **{name: _fill(STYLES[name]) for name in fills},
        **_LINES,
        "greyGround": {"fill": "#FFFFFF", "opacity": 0.6},
        "greyZone": {"fill": "hatch", "colour": GREY_ZONE},
        "beyond": BEYOND,
        "line": OCCUPIED,
        "gain": OCCUPIED,
        "loss": REGAINED,
        "change": {
            f"{before}_{after}": fill
            for (before, after), (fill, _) in CHANGE.items()
        },
        "target": {**text, "size": 13, "bold": True},
        "city": {**text, "size": 13},
        "town": {**text, "size": 11, "colour": "#404040"},
        "length": {**text, "size": 12, "italic": True},
        "dot": {"fill": "#FFFFFF", "colour": FRONT, "width": 1.6},
        "townDot": {"fill": "#404040", "colour": "#FFFFFF", "width": 0.6},
        "distanceEnd": {"fill": FRONT, "colour": "#FFFFFF", "width": 0.8},
    }


def _fill(style: dict[str, Any]) -> dict[str, Any]:
    return {"fill": style["fillColor"], "opacity": style["fillOpacity"]}


_LINES: dict[str, dict[str, Any]] = {
    "casing": {"colour": "#FFFFFF", "width": 4.6, "opacity": 0.9},
    "front": {"colour": FRONT, "width": 2.2},
    "halo": {"colour": "#FFFFFF", "width": 3.0, "opacity": 0.85},
    "greyRim": {"colour": GREY_ZONE, "width": 0.9, "opacity": 0.9},
    "regainedRim": {"colour": REGAINED, "width": 0.8, "opacity": 0.6},
    "coverage": {"colour": GREY_ZONE, "width": 1.2, "dash": [6, 4]},
    "border": {"colour": "#737373", "width": 1.4},
    "oblast": {"colour": "#A6A6A6", "width": 0.8, "dash": [5, 3]},
    "river": {"colour": "#9DB8C9", "width": 1.0},
    "distance": {"colour": FRONT, "width": 1.2, "dash": [4, 4]},
    "extent": {"colour": FRONT, "width": 1.0, "dash": [2, 3]},
    "distanceHalo": {"colour": "#FFFFFF", "width": 3.0, "opacity": 0.7},
}


def key(options: dict[str, Any]) -> str:
    """CSS of the key in a legend for what is drawn with Leaflet's options."""
    fill, line = options.get("fillColor"), options.get("color")
    if fill is None:
        bar = f"transparent 35%,{line} 35% 65%,transparent 65%"
        return f"background:linear-gradient({bar})"
    if fill.startswith("url"):
        return f"background:{_KEYS_OF_PATTERNS[fill]};border-color:{line}"
    alpha = round(255 * options["fillOpacity"])
    return f"background:{fill}{alpha:02X};border-color:{line or fill}"


_KEYS_OF_PATTERNS = {
    STYLES["grey_zone"]["fillColor"]: _HATCH_KEY,
    STYLES["a_only"]["fillColor"]: _A_KEY,
    STYLES["b_only"]["fillColor"]: _B_KEY,
}


def key_styles() -> str:
    """Style sheet of the keys in the legend of a page of a history."""
    plain = {name: STYLES[name] for name in _KEYS}
    keys = {name: key(style) for name, style in plain.items()}
    for before, after in CHANGE:
        keys[f"{before}_{after}"] = change_key(before, after)
    keys["redrawn"] = _REDRAWN_KEY
    return "\n".join(
        f".geofront-key-{name} {{ {css} }}" for name, css in keys.items()
    )


_KEYS = ("occupied", "grey_zone", "regained", "front")


def change_style(from_state: str, to_state: str) -> dict[str, Any]:
    """Leaflet path options of a changed polygon."""
    fill, rim = CHANGE[from_state, to_state]
    return {
        "fillColor": fill,
        "fillOpacity": 0.7,
        "color": rim,
        "weight": 1.2,
        "opacity": 1.0,
    }


def pattern(from_state: str, to_state: str) -> str | None:
    """What a change is told by without colour.

    Ground that is no longer occupied has white stripes ("counter"), grey
    zone that is held now has white spots; what newly is occupied or grey
    zone has nothing.
    """
    if from_state == "occupied":
        return "counter"
    return "spots" if to_state == "held" else None


PATTERNS = {
    "counter": '<path d="M-2 -2L10 10M-2 6L2 10M6 -2L10 2" stroke="#ffffff" '
    'stroke-width="1.7"/>',
    "spots": '<circle cx="2" cy="2" r="1.2" fill="#ffffff"/>'
    '<circle cx="6" cy="6" r="1.2" fill="#ffffff"/>',
}
"""What a tile of 8 by 8 pixels of a pattern holds, as SVG."""


def pattern_id(from_state: str, to_state: str) -> str:
    """Name in a page of the pattern of a change."""
    return f"geofront-{from_state}-{to_state}".replace("_", "-")


_PATTERN_KEYS = {
    "counter": f"background-image:{_COUNTER_KEY}",
    "spots": "background-image:radial-gradient(#FFFFFF 25%,transparent 28%);"
    "background-size:5px 5px",
}


def change_key(from_state: str, to_state: str) -> str:
    """CSS of the key of a change in a legend."""
    css = key(change_style(from_state, to_state))
    name = pattern(from_state, to_state)
    return css + (f";{_PATTERN_KEYS[name]}" if name else "")


def band_style(number: int, *, entered: bool = False) -> dict[str, Any]:
    """Leaflet path options of a settlement in a band: 0 is the nearest."""
    return {
        "fillColor": BANDS[min(number, len(BANDS) - 1)],
        "fillOpacity": 0.85,
        "color": FRONT,
        "weight": 2.6 if entered else 0.6,
        "opacity": 1.0,
    }
