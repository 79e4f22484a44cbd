"""Method breaks of the real archive: each day looked at, and judged."""

import datetime as dt
import json
import shutil
import warnings
from collections import Counter

import numpy as np
import pytest
import shapely

import geofront as gf
from geofront._breaks import breaks
from geofront.geodesy import area_km2

pytestmark = pytest.mark.archive

FOLDERS = {
    "occupied_daily": "occupied-daily-2024-07_2025-03",
    "owlmaps": "owlmaps-2024-07_2025-03",
    "isw": "isw-2023-05_2023-06",
}
MONTHS = {"deepstate": 18, "occupied_daily": 9, "owlmaps": 9}

# Coordinates of a whole file, or of a part, rounded otherwise: there and back.
ROUNDED = {
    "deepstate": [
        *("2022-05-15T01", "2022-05-15T16", "2022-06-01", "2022-09-30"),
        *("2022-12-17", "2024-07-01", "2024-07-02T20", "2024-07-02T21"),
        *("2024-07-30", "2024-07-31", "2024-09-12"),
        *("2024-09-14", "2024-09-29", "2024-09-30", "2024-10-03"),
        *("2024-12-13T11", "2024-12-13T22", "2024-12-27", "2024-12-28"),
    ],
    "occupied_daily": [
        *("2024-09-14", "2024-09-15", "2024-09-30", "2024-10-01"),
        *("2024-10-04", "2024-12-29", "2024-12-30"),
    ],
    "owlmaps": [],
    "isw": ["2023-06-08", "2023-06-09"],
}
# Drawn anew, as a look at the changed polygons shows: coasts and the front
# at once, rear ground filled in, a map taken back.
REDRAWN = {
    "deepstate": [
        *("2022-04-03T16:59", "2022-04-04T08:04", "2022-04-04T09:12"),
        *("2022-04-05T19", "2022-04-07T15:41", "2022-04-15", "2022-04-16"),
        *("2022-04-17T17", "2022-04-18T07", "2022-04-22T19"),
        *("2022-04-24T12", "2022-04-24T16", "2022-05-03T16:06"),
        *("2022-05-04T14", "2022-05-19", "2022-05-21T09", "2022-07-23"),
        *("2022-08-03", "2022-08-04T19", "2022-08-04T22", "2022-09-18"),
        "2022-09-23",
    ],
    "occupied_daily": [],
    "owlmaps": ["2024-10-20", "2024-10-21"],
    "isw": [],
}
# A polygon changes sides at the border; the label of a layer changes.
KNOWN = {"deepstate": ["2025-03-09"], "isw": ["2023-06-07"]}
# Kreminna taken, drawn at once; the others are changes here and there that
# seem to be of the ground.
FALSE = {"deepstate": ["2022-04-19T17", "2022-11-22", "2022-12-03"]}


@pytest.fixture(scope="module")
def histories(archive, deepstate):
    found = {
        name: gf.open_history(archive / folder, source=name)
        for name, folder in FOLDERS.items()
    }
    both = [item for history in deepstate.values() for item in history]
    return found | {"deepstate": gf.History(both)}


def moment(item):
    return f"{item.until.published_at:%Y-%m-%dT%H:%M}"


def flagged(history, word=""):
    return [moment(item) for item in breaks(history) if word in item.reason]


def is_among(told, expected):
    """Whether each moment begins as one that is expected, one by one."""
    return [
        moment[: len(day)] for moment, day in zip(told, expected, strict=True)
    ]


@pytest.mark.parametrize("name", [*FOLDERS, "deepstate"])
def test_every_break_was_looked_at(histories, name):
    judged = sorted(
        {
            *ROUNDED[name],
            *REDRAWN[name],
            *KNOWN.get(name, []),
            *FALSE.get(name, []),
        }
    )
    told = flagged(histories[name])
    assert is_among(told, judged) == judged


@pytest.mark.parametrize("name", [*FOLDERS, "deepstate"])
def test_every_change_of_precision_is_found_and_moves_little(histories, name):
    told = flagged(histories[name], "another precision")
    expected = sorted(
        {
            *ROUNDED[name],
            *{"deepstate": ["2022-04-04T08:04", "2022-04-24T16"]}.get(
                name, []
            ),
            *{"isw": ["2023-06-07"]}.get(name, []),
        }
    )
    assert is_among(told, expected) == expected
    slivers = [
        item.km2
        for item in breaks(histories[name])
        if item.reason.endswith("another precision") and ";" not in item.reason
    ]
    assert max(slivers, default=0) < 5


@pytest.mark.parametrize("name", MONTHS)
def test_false_alarms_on_average_and_in_the_worst_month(histories, name):
    false = [
        moment
        for moment in flagged(histories[name])
        if moment.startswith(tuple(FALSE.get(name, [])))
    ]
    assert len(false) / MONTHS[name] < 0.2
    months = Counter(moment[:7] for moment in false)
    assert max(months.values(), default=0) <= 1


@pytest.mark.parametrize(
    ("since", "until"),
    [("2022-09-06", "2022-09-17"), ("2022-11-09", "2022-11-20")],
)
def test_kharkiv_and_kherson_are_no_breaks(histories, since, until):
    rows = gf.deltas(histories["deepstate"], since=since, until=until)
    assert rows.occupied_lost_km2.max() > 2000
    assert not rows.method_break.any()


def test_traps_of_the_sources_by_date(histories):
    tables = {name: gf.quality(item) for name, item in histories.items()}

    def days(name, kind):
        rows = tables[name]
        return [f"{day:%Y-%m-%d}" for day in rows[rows.kind == kind].date]

    counts = {name: rows.attrs["counts"] for name, rows in tables.items()}
    assert {name: item["duplicate"] for name, item in counts.items()} == {
        "deepstate": 23,
        "occupied_daily": 24,
        "owlmaps": 15,
        "isw": 0,
    }
    assert days("occupied_daily", "gap") == ["2024-08-20", "2025-01-02"]
    assert days("occupied_daily", "carried") == [
        *("2024-08-18", "2024-08-19", "2025-01-01"),
    ]
    assert days("owlmaps", "carried") == []
    gaps = tables["deepstate"].query("kind == 'gap'").detail
    hours = [float(text.split()[0].replace(",", "")) for text in gaps]
    assert sorted(hours)[-2:] == [71.7, 13_149.4]
    assert "upper bound" in tables["occupied_daily"].attrs["dating"][0]


# Real maps, damaged


def shaken(polygons, metres):
    """Polygons with each vertex moved, as a hand that traces them would."""
    random = np.random.default_rng(5)
    around = metres / 111_000.0

    def shake(vertices):
        keys = np.round(vertices, 9).view("complex128").ravel()
        _, first, place = np.unique(
            keys, return_index=True, return_inverse=True
        )
        noise = random.normal(0.0, around, (len(first), 2))
        return vertices + noise[place]

    moved = shapely.make_valid(shapely.transform(polygons, shake))
    parts = shapely.get_parts(shapely.get_parts(moved))
    return parts[shapely.get_type_id(parts) == 3]


def damaged(history, days, change):
    """History with the occupied polygons of some days changed."""
    return gf.History(
        gf.Snapshot.from_valid(
            item.source,
            item.published_at,
            {
                state: change(drawn) if state == "occupied" else drawn
                for state in ("occupied", "grey_zone")
                if (drawn := item.drawn(state)) is not None
            },
            notes=item.notes,
        )
        if day in days
        else item
        for day, item in enumerate(history)
    )


DAYS = (30, 60, 95, 140, 180, 210, 240)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", ["owlmaps", "occupied_daily"])
def test_part_that_drops_out_for_two_days_is_found(histories, name, day):
    history = histories[name]
    largest = max(history[day].occupied.geoms, key=lambda part: area_km2(part))
    part = largest.intersection(shapely.box(32, 44, 35, 46.1))

    def cut(polygons):
        left = shapely.difference(polygons, part.envelope)
        parts = shapely.get_parts(shapely.get_parts(left))
        return parts[shapely.get_type_id(parts) == 3]

    hurt = damaged(history, (day, day + 1), cut)
    between = hurt[day - 1], hurt[day + 2]
    first, *_, last = breaks(hurt, between=between)
    assert (first.position, last.position) == (day, day + 2)
    for item in (first, last):
        assert "at once" in item.reason
        assert item.km2 > 10_000


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("metres", [30, 200])
@pytest.mark.parametrize("name", ["owlmaps", "deepstate"])
def test_map_traced_anew_is_found(deepstate, histories, name, metres, day):
    history = histories[name]
    if name == "deepstate":
        history = deepstate["deepstate-2024-07_2025-03"]
    hurt = damaged(history, (day,), lambda drawn: shaken(drawn, metres))
    near = [
        item
        for item in breaks(hurt, between=(hurt[day - 1], hurt[day]))
        if "drawn anew" in item.reason
    ]
    assert [item.position for item in near] == [day]
    assert near[0].moves_line


@pytest.mark.parametrize(("width_deg", "count"), [(0.12, 8), (0.2, 10)])
def test_block_that_is_drawn_for_a_day(deepstate, width_deg, count):
    """Over the front, on days and at places taken at random."""
    history = deepstate["deepstate-2024-07_2025-03"]
    random = np.random.default_rng(7)
    found = []
    for day in random.choice(np.arange(35, len(history) - 35), 14, False):
        occupied = history[day].occupied
        vertices = shapely.get_coordinates(occupied)
        x, y = vertices.T
        inland = vertices[(x > 36.5) & (x < 38.2) & (y > 47.3) & (y < 49.8)]
        x, y = random.choice(inland)
        half = width_deg / 2
        block = shapely.box(x - half, y - 0.025, x + half, y + 0.025)
        anew = shapely.get_parts(shapely.difference(block, occupied))
        hurt = damaged(
            history, (day,), lambda drawn, new=anew: np.append(drawn, new)
        )
        near = breaks(hurt, between=(hurt[day - 1], hurt[day + 1]))
        undone = [x.position for x in near if "of it" in x.reason]
        found.append(undone == [day, day + 1])
    assert sum(found) == count


def test_crimea_that_drops_out_of_files(archive, tmp_path):
    """Two real files without Crimea: found, and never a liberation."""
    folder = archive / FOLDERS["owlmaps"]
    days = [
        f"{dt.date(2024, 12, 1) + dt.timedelta(days=day):%Y%m%d}"
        for day in range(12)
    ]
    for day in days:
        shutil.copy(folder / f"{day}.json", tmp_path)
    for day in days[5:7]:
        path = tmp_path / f"{day}.json"
        content = json.loads(path.read_text())
        content["areas"] = [
            ring
            for ring in content["areas"]
            if not shapely.Polygon([(x, y) for y, x in ring])
            .buffer(0)
            .covers(shapely.Point(34.10, 44.95))
        ]
        path.write_text(json.dumps(content))
    (tmp_path / f"{days[9]}.json").write_text(
        json.dumps({"areas": [], "areas_ua": [], "frontline": None})
    )
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        history = gf.open_history(tmp_path, source="owlmaps")
    assert any("Simferopol" in str(item.message) for item in told)
    first, last = breaks(history)
    # A file shows the day before its own; that of 6 December is the fifth.
    assert [f"{item.until.date}" for item in (first, last)] == [
        "2024-12-05",
        "2024-12-07",
    ]
    assert "Simferopol is not in the occupied area" in first.reason
    assert "at once" in first.reason
    rows = gf.quality(history)
    carried = rows[rows.kind == "carried"].date
    assert [f"{day:%Y-%m-%d}" for day in carried] == ["2024-12-09"]
    net = gf.deltas(history).set_index("until").occupied_net_km2
    assert net["2024-12-05"] < -10_000
    marked = gf.deltas(history, every="all")
    assert list(marked.method_break) == [True]
