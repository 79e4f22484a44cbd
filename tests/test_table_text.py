"""Tables for people: alignment, rounding, and room in a terminal."""

import pandas as pd
import pytest

import geofront as gf
from geofront._output import DELTAS_SHOWN
from geofront._table_text import as_text


@pytest.fixture(scope="module")
def weeks(example: gf.History) -> pd.DataFrame:
    return gf.deltas(example, every="week")[DELTAS_SHOWN]


def broadest(text: str) -> int:
    return max(map(len, text.splitlines()))


def test_words_stand_left_and_numbers_right() -> None:
    rows = pd.DataFrame({"place": ["Siversk", "Lyman"], "front_km": [7.5, 11]})
    assert as_text(rows).splitlines() == [
        "place   front_km",
        "Siversk     7.50",
        "Lyman      11.00",
    ]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("population_reference", 105160, "105,160"),
        ("band_km", 5.0, "5"),
        ("band_km", 2.5, "2.5"),
        ("occupied_share", 0.1975, "19.75%"),
        ("occupied_net_km2", 0.0, "+0.00"),
        ("occupied_net_km2", -0.001, "+0.00"),
        ("front_km", -0.001, "0.00"),
        ("front_km", None, "–"),
        ("limited", True, "yes"),
        (
            "recorded_at",
            pd.Timestamp("2025-02-24 20:05Z"),
            "2025-02-24 20:05Z",
        ),
        ("date", pd.Timestamp("2025-02-24"), "2025-02-24"),
        ("place", "A\nb\x1b[31m", "A b [31m"),
    ],
)
def test_cell_is_written(name: str, value: object, text: str) -> None:
    column = pd.Series([value], dtype=float if value is None else None)
    heading, cell = as_text(pd.DataFrame({name: column})).splitlines()
    assert (heading, cell.strip()) == (name, text)


def test_file_or_pipe_gets_one_line_of_headings(weeks: pd.DataFrame) -> None:
    text = as_text(weeks)
    assert text.splitlines()[0].split() == DELTAS_SHOWN
    assert broadest(text) > 120


def test_headings_are_folded_where_a_terminal_is_narrow(
    weeks: pd.DataFrame,
) -> None:
    text = as_text(weeks, 120)
    assert 80 < broadest(text) <= 120
    upper, lower, *rows = text.splitlines()
    assert "occupied_" in upper
    assert "gained_km2" in lower
    assert "since_" in upper
    assert len(rows) == len(weeks)


def test_empty_columns_are_left_out_where_folding_does_not_do(
    weeks: pd.DataFrame,
) -> None:
    text = as_text(weeks, 80)
    assert broadest(text) <= 80
    assert "break" not in text
    assert "carried" not in text
    assert "complete" in text, "that no week is complete has to be seen"
    assert "+6.55" in text


def test_table_that_fits_is_left_as_it_is(example: gf.History) -> None:
    rows = gf.areas(example)[["date", "occupied_km2"]]
    assert as_text(rows, 80) == as_text(rows)


def test_table_of_nothing_but_empty_columns_keeps_its_headings() -> None:
    rows = pd.DataFrame({"limited": [False], "front_km_before": [None]})
    assert "limited" in as_text(rows, 5)
