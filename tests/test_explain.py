"""Figures in a sentence: what it says, and that it is what was measured."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from test_cli import done, plain, run

import geofront as gf
from geofront.geodesy import area_km2
from geofront.records import DELTAS, EXPLAINED, REGION

DAYS: dict[str, Any] = {"since": "2025-02-18", "until": "2025-02-24"}
CALL = ["--since", "2025-02-18", "--until", "2025-02-24"]


def snapshot(
    day: int, east: float = 38.1, source: str = "test", **options: Any
) -> gf.Snapshot:
    return gf.Snapshot(
        source,
        dt.datetime(2025, 2, day, 20, 30, tzinfo=dt.UTC),
        shapely.box(38.0, 48.0, east, 48.1),
        **options,
    )


def told(first: gf.Snapshot, last: gf.Snapshot, **days: str) -> pd.Series:
    history = gf.History([first, last])
    asked = {"since": first.date, "until": last.date} | days
    return gf.explain(history, **asked).loc[0]


def test_sentence_says_all_that_a_citation_needs(example: gf.History) -> None:
    row = gf.explain(example, **DAYS).loc[0]
    sentence = row["sentence"]
    first, last = example.at(DAYS["since"]), example.at(DAYS["until"])
    delta = gf.delta(first, last)
    assert f"grew by {delta.net_km2:,.2f} km²" in sentence
    assert f"({delta.gained_km2:,.2f} km² gained, " in sentence
    assert f"{delta.lost_km2:,.2f} km² lost)" in sentence
    assert "from the end of 2025-02-18 to the end of 2025-02-24" in sentence
    for item in (first, last):
        assert f"{item.id} of {item.date} 23:59 in Kyiv" in sentence
        assert f"SHA-256 {item.digest[:16]}…" in sentence
    assert "within its internationally recognised borders" in sentence
    assert "WGS 84 ellipsoid" in sentence
    assert "source: example; terms: not known to geofront" in sentence
    assert "not to be cited" in sentence
    assert row["since_digest"] == first.digest
    assert row["until_digest"] == last.digest


def test_terms_and_credit_are_the_source_s() -> None:
    row = told(snapshot(1, source="owlmaps"), snapshot(2, source="owlmaps"))
    assert row["sentence"].startswith("According to Project Owl's Ukraine ")
    assert "source: © Project Owl (uacontrolmap.com)" in row["sentence"]
    assert "ask before republishing" in row["terms"]


@pytest.mark.parametrize(
    ("east", "words"),
    [(38.2, "grew by "), (38.05, "shrank by "), (38.1, "did not change on")],
)
def test_direction_is_told(east: float, words: str) -> None:
    sentence = told(snapshot(1), snapshot(2, east))["sentence"]
    assert words in sentence
    assert "by -" not in sentence


def test_time_is_that_in_kyiv_across_midnight() -> None:
    late = gf.Snapshot(
        "test",
        dt.datetime(2025, 2, 3, 22, 30, tzinfo=dt.UTC),
        shapely.box(38, 48, 38.1, 48.1),
    )
    assert "of 2025-02-04 00:30 in Kyiv" in told(snapshot(1), late)["sentence"]


def test_reservations_follow_the_figure() -> None:
    broken = snapshot(
        4, notes=[gf.Note("method_break", "a part is missing", 5.0)]
    )
    row = told(snapshot(1), broken, since="2025-02-02", until="2025-02-05")
    remarks = row["remarks"]
    assert row["sentence"].endswith(remarks)
    carried = "has no snapshot of its own and shows that of"
    assert f"2025-02-02 {carried} 2025-02-01, 1 day older." in remarks
    assert f"2025-02-05 {carried} 2025-02-04, 1 day older." in remarks
    assert "Incomplete: the maps end before one of the days" in remarks
    assert "Method break: the source seems to have drawn otherwise" in remarks
    assert ". A part is missing." in remarks
    assert "The source draws no grey zone" in remarks


def test_one_day_is_no_step(boundaries: Path, example: gf.History) -> None:
    day = "2025-02-24"
    with pytest.raises(ValueError, match="are the same day, 2025-02-24"):
        gf.explain(example, since=day, until=dt.date(2025, 2, 24))
    result = run("explain", boundaries, "--since", day, "--until", day)
    assert result.exit_code == 2
    assert "are the same day, 2025-02-24" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("east", [38.1001, 38.12345, 38.2222])
def test_figures_add_up_or_are_said_to_be_rounded(east: float) -> None:
    first = gf.Snapshot(
        "test",
        dt.datetime(2025, 2, 1, 20, 30, tzinfo=dt.UTC),
        shapely.box(38.0, 48.0, 38.1, 48.1),
    )
    for shift in range(20):
        last = gf.Snapshot(
            "test",
            dt.datetime(2025, 2, 2, 20, 30, tzinfo=dt.UTC),
            shapely.box(38.01, 48.0, east + shift / 997, 48.1),
        )
        sentence = told(first, last)["sentence"]
        found = re.search(
            r"(grew|shrank) by ([\d.]+) km² \(([\d.]+) km² gained, "
            r"([\d.]+) km² lost(, each rounded)?\)",
            sentence,
        )
        assert found
        net, gained, lost = map(float, found.group(2, 3, 4))
        net = net if found[1] == "grew" else -net
        assert (abs(gained - lost - net) > 1e-6) == bool(found[5])


def test_nothing_to_add_is_null() -> None:
    row = told(*(snapshot(day, grey_zone=[]) for day in (1, 2)))
    assert pd.isna(row["remarks"])
    assert row["sentence"].endswith(").")
    assert "Incomplete" not in row["sentence"]


def test_fields_are_those_of_the_delta(example: gf.History) -> None:
    frame = gf.explain(example, **DAYS)
    assert list(frame) == list(EXPLAINED | DELTAS)
    expected = gf.deltas(example, **DAYS, every="all")
    pd.testing.assert_frame_equal(
        frame[list(DELTAS)], expected, check_dtype=False
    )


def test_regions_have_a_sentence_each(example: gf.History) -> None:
    regions = gf.oblasts()
    frame = gf.explain(example, **DAYS, by=regions)
    assert list(frame) == list(EXPLAINED | DELTAS | REGION)
    assert frame.attrs["inputs"] == regions.attrs["inputs"]
    for row in frame.to_dict("records"):
        assert row["remarks"].startswith("Borders of the regions: Natural E")
        assert f"the occupied area of {row['region']}, in " in row["sentence"]
    whole = gf.explain(example, **DAYS).loc[0, "occupied_net_km2"]
    assert frame["occupied_net_km2"].sum() == pytest.approx(whole, abs=1e-6)


# ---- the command


def test_command_prints_the_sentence(
    boundaries: Path, example: gf.History
) -> None:
    expected = gf.explain(example, **DAYS)
    assert done("explain", boundaries, *CALL) == expected["sentence"][0] + "\n"
    text = done("explain", boundaries, *CALL, "--format", "json")
    assert json.loads(text) == plain(expected)


def test_command_lists_the_regions_that_changed(boundaries: Path) -> None:
    result = run("explain", boundaries, *CALL, "--by", "oblast")
    assert result.exit_code == 0
    named = re.findall(r"occupied area of (\w+), in", result.stdout)
    assert named == ["Donetsk", "Luhansk"]
    assert "without a change not listed" in result.stderr


def test_command_prints_and_writes(boundaries: Path, tmp_path: Path) -> None:
    output = tmp_path / "e.csv"
    call = ["explain", boundaries, *CALL]
    assert run(*call, "-o", output).stdout == ""
    both = run(*call, "-o", output, "--format", "table").stdout
    assert both == done(*call)
    assert pd.read_csv(output).loc[0, "sentence"] == both.strip()


def test_area_is_of_what_both_maps_cover() -> None:
    west, east = (
        shapely.box(37.0, 48.0, 39.0, 49.0),
        shapely.box(37.5, 48.0, 39.5, 49.0),
    )
    both = f"{area_km2(shapely.intersection(west, east)):,.0f} km²"
    alone = f"{area_km2(west):,.0f} km²"
    for covered, km2 in (((west, east), both), ((west, None), alone)):
        maps = [
            gf.Snapshot(
                "test",
                dt.datetime(2025, 2, day, 20, tzinfo=dt.UTC),
                shapely.box(38.5, 48.2, 38.5 + day / 10, 48.4),
                coverage=coverage,
            )
            for day, coverage in enumerate(covered, 1)
        ]
        row = told(*maps, since="2025-02-01", until="2025-02-02")
        assert f"within the {km2} that both maps cover," in row["sentence"]
