"""Places on the real archive: states, shares, settlements, claims."""

import datetime as dt
import json
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import DEEPSTATE

import geofront as gf
from geofront.geodesy import area_km2
from geofront.places import BILOHORIVKA

pytestmark = pytest.mark.archive

EARLY, LATE = DEEPSTATE
CLAIMED = Path(__file__).parents[1] / "data/claims/2025-02-24_bilohorivka.csv"

# State at the centre, from when (UTC), of all 694 snapshots.
BILOHORIVKA_RUNS = [
    ("held", "2022-04-03T12:33:28Z"),
    ("grey_zone", "2022-07-03T10:28:58Z"),
    ("occupied", "2022-07-03T17:08:37Z"),
    ("grey_zone", "2022-09-15T19:57:51Z"),
    ("held", "2022-09-19T20:15:39Z"),
    ("grey_zone", "2025-02-11T21:54:32Z"),
    ("occupied", "2025-03-13T13:43:18Z"),
]

# By fill, as the site draws them; see the adapter.
OCCUPIED_FILLS = ("#a52714", "#880e4f", "#000000")
GREY_FILLS = ("#bcaaa4", "#bdbdbd", "#757575")


@pytest.fixture(scope="module")
def whole(deepstate: dict[str, gf.History]) -> gf.History:
    return gf.History(
        snapshot for history in deepstate.values() for snapshot in history
    )


# ---- Bilohorivka


def test_events_of_bilohorivka(whole: gf.History) -> None:
    frame = gf.place_events(whole, BILOHORIVKA)
    moments = frame["since_published_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    found = list(zip(frame["state"], moments, strict=True))
    assert found == BILOHORIVKA_RUNS
    days = frame["since"].dt.strftime("%Y-%m-%d").to_list()
    assert days == [moment[:10] for _, moment in BILOHORIVKA_RUNS]
    assert frame["until"].isna().tolist() == [False] * 6 + [True]
    # Some of it was occupied long before its centre.
    assert frame["first_touched_on"].iloc[-1] < pd.Timestamp("2025-02-24")


def test_status_of_bilohorivka_on_24_february_2025(
    deepstate: dict[str, gf.History],
) -> None:
    day = "2025-02-24"
    history = deepstate[LATE]
    frame = gf.place_status(history, BILOHORIVKA, since=day, until=day)
    (row,) = frame.itertuples()
    assert row.state == "grey_zone"
    assert row.occupied_share == pytest.approx(0.263, abs=0.001)
    assert row.grey_zone_share == pytest.approx(0.524, abs=0.001)
    assert row.held_share == pytest.approx(0.213, abs=0.001)
    assert (row.extent, row.uncertain) == ("estimated", True)
    snapshot = history.at(day)
    for found, area in (
        (row.occupied_share, snapshot.occupied),
        (row.grey_zone_share, snapshot.grey_zone),
    ):
        plain = area_km2(BILOHORIVKA.extent & area) / BILOHORIVKA.area_km2
        assert found == pytest.approx(plain, rel=1e-9)


def test_claims_of_the_report(deepstate: dict[str, gf.History]) -> None:
    frame = gf.assess_claims(gf.read_claims(CLAIMED), deepstate[LATE])
    columns = ["claimant", "state", "map_state", "verdict"]
    assert frame[columns].to_numpy().tolist() == [
        ["DeepState", "grey_zone", "grey_zone", "partly"],
        ["Russian channels", "occupied", "grey_zone", "partly"],
        [
            "Artem Lysohor, oblast head",
            "held",
            "grey_zone",
            "partly",
        ],
        [
            "General Staff of Ukraine",
            "held",
            "grey_zone",
            "partly",
        ],
    ]
    assert (frame["map_state_since"] == pd.Timestamp("2025-02-11")).all()
    assert not frame["carried"].any()
    # Of a smaller disc, almost nothing is held.
    assert frame["uncertain"].tolist() == [False, False, True, True]
    # By the end of March 2025 the map supports none of them.
    assert frame["first_supported_on"].isna().all()


@pytest.mark.parametrize(
    ("folder", "source", "occupied_share"),
    [
        ("occupied-daily-2024-07_2025-03", "occupied_daily", 0.263),
        ("owlmaps-2024-07_2025-03", "owlmaps", 0.355),
    ],
)
def test_claims_of_the_report_against_maps_without_a_grey_zone(
    folder: str, source: str, occupied_share: float, archive: Path
) -> None:
    with warnings.catch_warnings():
        # Of unusable files.
        warnings.simplefilter("ignore", gf.GeofrontWarning)
        history = gf.open_history(archive / folder, source=source)
    frame = gf.assess_claims(gf.read_claims(CLAIMED), history)
    verdicts = ["not mapped", "partly", "not mapped", "not mapped"]
    assert frame["verdict"].to_list() == verdicts
    assert frame["occupied_share"].to_list() == pytest.approx(
        [occupied_share] * 4, abs=0.001
    )
    assert frame[["map_state", "held_share"]].isna().all(axis=None)


# ---- many places


def test_many_places_are_told_as_by_plain_intersections(
    deepstate: dict[str, gf.History],
) -> None:
    history = deepstate[LATE]
    several = [
        place
        for place in gf.places.registered()
        if place.oblast in ("Donetsk", "Luhansk", "Kharkiv", "Zaporizhzhia")
        and place.has_extent
    ]
    frame = gf.place_status(history, several, every="snapshot")
    extents = np.array([place.extent for place in several])
    whole = area_km2(extents)
    for number in range(0, len(history), 60):
        snapshot = history[number]
        rows = slice(number * len(several), (number + 1) * len(several))
        for name in ("occupied", "grey_zone"):
            area = getattr(snapshot, name)
            plain = area_km2(shapely.intersection(extents, area)) / whole
            found = frame[f"{name}_share"].iloc[rows]
            known = found.notna().to_numpy()
            assert known.sum() > 0.95 * len(several)
            np.testing.assert_allclose(
                found[known], plain[known], rtol=1e-9, atol=1e-9
            )


# ---- settlements, from the raw files and by another way


def raw_states(path: Path) -> gpd.GeoDataFrame:
    """Polygons of a file with their state, read by nothing of geofront."""
    rows: list[dict[str, Any]] = []
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        fill = str(feature["properties"].get("fill")).lower()
        state = (
            "occupied"
            if fill in OCCUPIED_FILLS
            else "grey_zone"
            if fill in GREY_FILLS
            else None
        )
        geometry = shapely.make_valid(
            shapely.force_2d(
                shapely.from_geojson(json.dumps(feature["geometry"]))
            )
        )
        if state and geometry.geom_type != "Point":
            rows.append({"state": state, "geometry": geometry})
    return gpd.GeoDataFrame(rows, crs="OGC:CRS84")


def raw_state_of(archive: Path, day: str) -> "pd.Series[str]":
    """State at the points of the register on a Kyiv day, by a join."""
    # In winter and in summer, Kyiv's midnight is 22 or 21 h UTC.
    late = pd.Timestamp(day, tz="Europe/Kyiv") + pd.DateOffset(days=1)
    stamps = [int(path.stem) for path in (archive / LATE).glob("*.geojson")]
    last = max(stamp for stamp in stamps if stamp < late.timestamp())
    located = gf.settlements().dropna(subset="longitude")
    points = gpd.GeoDataFrame(
        located[["place_id"]],
        geometry=gpd.points_from_xy(located.longitude, located.latitude),
        crs="OGC:CRS84",
    )
    drawn = raw_states(archive / LATE / f"{last}.geojson")
    joined = gpd.sjoin(points, drawn, how="left", predicate="intersects")
    joined["state"] = joined["state"].fillna("held")
    ranks = {"occupied": 2, "grey_zone": 1, "held": 0}
    ordered = joined.sort_values("state", key=lambda names: names.map(ranks))
    last_rows = ordered.drop_duplicates("place_id", keep="last")
    states: pd.Series[str] = last_rows.set_index("place_id")["state"]
    return states


def joined_changes(
    archive: Path, since: str, until: str
) -> dict[str, tuple[str, str]]:
    before, after = (raw_state_of(archive, day) for day in (since, until))
    after = after[before.index]
    moved = before.index[before != after]
    return {code: (before[code], after[code]) for code in moved}


@pytest.mark.parametrize(
    ("since", "until", "least"),
    [
        ("2024-10-31", "2024-11-30", 3),
        # Of November too few have coordinates to check ten of them.
        ("2024-07-31", "2025-03-20", 20),
    ],
)
def test_settlements_changed_as_a_join_of_the_raw_files_tells(
    since: str,
    until: str,
    least: int,
    archive: Path,
    deepstate: dict[str, gf.History],
) -> None:
    frame = gf.settlements_changed(deepstate[LATE], since=since, until=until)
    found = {
        row.place_id: (row.from_state, row.to_state)
        for row in frame.itertuples()
    }
    assert found == joined_changes(archive, since, until)
    assert len(found) >= least
    # On the day listed it was in that state, on the eve it was not.
    for row in frame.iloc[:: max(len(frame) // 10, 1)].itertuples():
        day = row.date.date()
        eve = day - dt.timedelta(days=1)
        assert raw_state_of(archive, f"{day}")[row.place_id] == row.to_state
        assert raw_state_of(archive, f"{eve}")[row.place_id] != row.to_state


def test_settlements_of_november_2024(
    deepstate: dict[str, gf.History],
) -> None:
    frame = gf.settlements_changed(
        deepstate[LATE], since="2024-10-31", until="2024-11-30"
    )
    found = [
        (row.place, row.from_state, row.to_state, str(row.date.date()))
        for row in frame.itertuples()
    ]
    assert found == [
        ("Kurakhivka", "grey_zone", "occupied", "2024-11-02"),
        ("Toretsk", "grey_zone", "occupied", "2024-11-06"),
        ("Kurakhove", "held", "grey_zone", "2024-11-28"),
    ]
    assert frame.attrs["note"].endswith("in the oblasts listed 262 of 1,298")
