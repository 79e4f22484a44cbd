"""Figures of real maps that the documents tell, computed again."""

from pathlib import Path

import pytest

import geofront as gf
from geofront.disputes import NARROW_M
from geofront.places import POKROVSK, SLOVIANSK_KRAMATORSK

pytestmark = pytest.mark.archive

_WAYS = ("advanced", "receded")
EARLY, LATE = "deepstate-2022-04_2022-12", "deepstate-2024-07_2025-03"
DAY = "2025-02-24"


@pytest.fixture(scope="module")
def early(deepstate: dict[str, gf.History]) -> gf.History:
    return deepstate[EARLY]


@pytest.fixture(scope="module")
def late(deepstate: dict[str, gf.History]) -> gf.History:
    return deepstate[LATE]


@pytest.fixture(scope="module")
def owlmaps(archive: Path) -> gf.History:
    return gf.open_history(
        archive / "owlmaps-2024-07_2025-03", source="owlmaps"
    )


# ---- docs/proximity.md


def test_the_front_came_nearer_to_the_agglomeration(late: gf.History) -> None:
    apart = [
        gf.proximity(late, SLOVIANSK_KRAMATORSK, since=day, until=day)
        for day in ("2024-07-31", "2025-03-31")
    ]
    found = [float(table["occupied_km"].iloc[0]) for table in apart]
    assert found == pytest.approx([8.73, 5.88], abs=0.005)


@pytest.mark.parametrize(
    ("place", "km", "share"),
    [(SLOVIANSK_KRAMATORSK, 2.85, 0.05), (POKROVSK, 13.8, 0.39)],
)
def test_the_speed_is_0_on_most_days(
    late: gf.History, place: gf.Place, km: float, share: float
) -> None:
    found = gf.proximity(late, place, since="2024-07-31", speed_days=28)
    nearer = found["occupied_km"].iloc[0] - found["occupied_km"].iloc[-1]
    assert nearer == pytest.approx(km, abs=0.05)
    moves = found["closing_km_per_week"] != 0
    assert moves.mean() == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize(
    ("since", "until", "advanced", "receded", "within", "moved"),
    [
        ("2025-02-17", "2025-02-24", 0.0, 0.005, 0.0005, 60),
        ("2022-09-05", "2022-09-15", 0.29, 1.11, 0.005, 8882),
        ("2022-09-18", "2022-09-19", 907, 49, 0.5, None),
    ],
)
def test_what_advances_leave_out_is_as_much_as_is_told(
    deepstate: dict[str, gf.History],
    since: str,
    until: str,
    advanced: float,
    receded: float,
    within: float,
    moved: float | None,
) -> None:
    history = deepstate[EARLY if since < "2023" else LATE]
    found = gf.advances(history.at(since), history.at(until))
    left_out = [found.attrs[f"left_out_{way}_km2"] for way in _WAYS]
    assert left_out == pytest.approx([advanced, receded], abs=within)
    total = sum(found[f"{way}_km2"].sum() for way in _WAYS) + sum(left_out)
    assert moved is None or total == pytest.approx(moved, abs=0.5)


# ---- docs/charts.md


def test_of_a_month_of_2022_most_is_in_doubt(early: gf.History) -> None:
    months = gf.deltas(early, every="month")
    april = months[months["until"] == "2022-04-30"].iloc[0]
    assert april["occupied_net_km2"] == pytest.approx(14_430, abs=0.5)
    assert april["break_km2"] == pytest.approx(23_888, abs=0.5)


def test_a_month_with_a_gap_has_snapshots(late: gf.History) -> None:
    july = [item for item in late if f"{item.date:%Y-%m}" == "2024-07"]
    assert len(july) == 33


# ---- docs/agreement.md


def test_two_sources_on_one_day(late: gf.History, owlmaps: gf.History) -> None:
    found = gf.disputed(late, owlmaps, DAY)
    on_land = found[found["on_land"]]
    is_narrow = found["mean_width_m"] < NARROW_M
    assert len(found) == 1759
    assert is_narrow.sum() == 1344
    sizes = [part["area_km2"].sum() for part in (found, on_land)]
    assert sizes == pytest.approx([5595, 728], abs=0.5)
    off_land = found["area_km2"][~found["on_land"]]
    assert off_land.sum() == pytest.approx(4867, abs=0.5)
    assert off_land.max() == pytest.approx(4579, abs=0.5)
    assert found["area_km2"][is_narrow].sum() == pytest.approx(55, abs=0.5)
    assert len(gf.settlements_disputed(late, owlmaps, DAY)) == 2


def test_two_sources_over_a_month(
    late: gf.History, owlmaps: gf.History
) -> None:
    days = gf.agreement(late, owlmaps)
    february = days[days["date"].dt.strftime("%Y-%m") == "2025-02"]
    means = february[
        [
            "jaccard_occupied_land",
            "disputed_land_km2",
            "a_occupied_b_not_land_km2",
            "b_occupied_a_not_land_km2",
        ]
    ].mean()
    assert means.iloc[0] == pytest.approx(0.9934, abs=5e-5)
    assert means.iloc[1:].to_list() == pytest.approx(
        [727.9, 353.3, 374.6], abs=0.05
    )
