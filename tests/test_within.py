"""Settlements in bands along the held side of the front."""

import datetime as dt
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from click.testing import CliRunner
from shapely import box
from test_proximity import snapshot

import geofront as gf
from geofront.cli import main
from geofront.places import Place

BOUNDARIES = Path(__file__).parents[1] / "data/boundaries"
KM = 1 / 73.3  # a kilometre along the parallel, in degrees


def village(number, east_km, oblast="Donetsk", people=100):
    """A place so far west of 38°."""
    return Place(
        f"Village {number}",
        f"UA-{number}",
        38 - east_km * KM,
        48.8,
        oblast=oblast,
        population=people,
        published_area_km2=1e-6,
    )


def front_at(longitude, day=24, grey=0.0):
    occupied = box(longitude, 48, 40, 49.6)
    zone = box(longitude - grey, 48, longitude, 49.6) if grey else []
    return snapshot(occupied, zone, day=day)


VILLAGES = [
    village(1, 3.0),
    village(2, 8.0, people=None),
    village(3, 8.5, oblast="Luhansk"),
    village(4, 18.0),
    village(5, 30.0),
    village(6, -2.0),
]


def counts(history, **options):
    found = gf.within(history, places=VILLAGES, **options)
    return found[["band_km", "settlements", "population_reference"]].to_numpy(
        object
    )


@pytest.fixture
def history():
    return gf.History([front_at(38.0 + 6 * KM, day=14), front_at(38.0)])


def test_each_band_holds_the_narrower_ones(history):
    assert counts(history).tolist() == [
        [5.0, 1, 100],
        [10.0, 3, 200],
        [20.0, 4, 300],
    ]


def test_occupied_and_grey_ground_are_not_counted():
    drawn = gf.History([front_at(38.0, grey=5 * KM)])
    near = gf.settlements_within(drawn, places=VILLAGES)
    assert near.place_id.tolist() == ["UA-2", "UA-3", "UA-4"]
    assert near.front_km.iloc[0] == pytest.approx(3.0, abs=0.03)


def test_what_entered_and_left_since(history):
    found = gf.within(history, places=VILLAGES, compare="2025-02-17")
    # The front stood 6 km farther east; village 6 was 4 km from it, held.
    assert found.entered.tolist() == [1, 2, 1]
    assert found.left.tolist() == [1, 1, 1]
    assert (found.compared_with.dt.date == dt.date(2025, 2, 17)).all()


def test_counts_balance_between_the_days(history):
    now = gf.within(history, places=VILLAGES, compare="2025-02-17")
    then = gf.within(history, places=VILLAGES, at="2025-02-17")
    balance = then.settlements + now.entered - now.left
    assert balance.tolist() == now.settlements.tolist()


def test_without_comparison_nothing_entered_or_left(history):
    found = gf.within(history, places=VILLAGES)
    assert found.entered.isna().all()
    assert found.left.isna().all()


def test_by_oblast_sums_to_the_whole(history):
    whole = gf.within(history, places=VILLAGES)
    parts = gf.within(history, places=VILLAGES, by="oblast")
    assert set(parts.region) == {"Donetsk", "Luhansk"}
    summed = parts.groupby("band_km")["settlements"].sum()
    assert summed.tolist() == whole.settlements.tolist()


def test_by_regions_of_ones_own(history):
    halves = gpd.GeoDataFrame(
        {"region": ["near", "far"]},
        geometry=[box(37.85, 48, 40, 50), box(35, 48, 37.85, 50)],
        crs="OGC:CRS84",
    )
    found = gf.within(history, places=VILLAGES, by=halves, km=[20])
    assert dict(zip(found.region, found.settlements, strict=True)) == {
        "near": 3,
        "far": 1,
    }


def test_population_may_be_given(history):
    found = gf.within(
        history, places=VILLAGES, population={"UA-1": 7, "UA-2": 30}
    )
    assert found.population_reference.tolist() == [7, 37, 37]


def test_a_place_without_extent_is_measured_from_its_centre(history):
    near = gf.settlements_within(
        history, places=[Place("Point", "p", 38 - 3 * KM, 48.8)]
    )
    assert near.front_km.item() == pytest.approx(3.0, abs=0.02)
    assert near.population_reference.isna().all()


def test_the_coverage_limits_and_the_note_says_so():
    drawn = snapshot(
        box(38.0, 48, 38.4, 49.6), coverage=box(37.8, 48.0, 38.4, 49.6)
    )
    near = gf.settlements_within(gf.History([drawn]), places=VILLAGES)
    # Village 3 is farther from the front than from the coverage's edge.
    assert near.place_id.tolist() == ["UA-1"]
    note = gf.within(gf.History([drawn]), places=VILLAGES).coverage_note[0]
    assert "of 6 places given" in note
    assert "draws everything nearer" in note


def test_the_register_is_the_default_and_says_what_it_sees():
    near = gf.within(gf.example_history(), km=[10])
    assert near.settlements.item() > 0
    note = near.coverage_note.item()
    known = gf.settlements().longitude.notna().sum()
    assert note.startswith(f"{known:,} of the 29,703 registered settlements")


@pytest.mark.parametrize(
    ("km", "message"),
    [
        ([], r"km=\[\]: expected at least one width of a band"),
        ([0.0], "km=0.0: expected kilometres, above 0"),
        ([-5.0, 10.0], "km=-5.0: expected kilometres, above 0"),
        ("5,10", "km='5,10': expected kilometres, above 0"),
        ([10, 5, 5], "expected each band once, found 5 km twice"),
    ],
)
def test_bands_must_be_widths_each_once(history, km, message):
    with pytest.raises(ValueError, match=message):
        gf.within(history, places=VILLAGES, km=km)


def test_one_band_needs_no_list(history):
    one = gf.within(history, places=VILLAGES, km=10)
    several = gf.within(history, places=VILLAGES, km=[5, 10])
    assert one.settlements.item() == several.settlements.iloc[1]


def test_without_a_place_there_is_nothing_to_count(history):
    for function in (gf.within, gf.settlements_within):
        with pytest.raises(ValueError, match="at least one place"):
            function(history, places=[])


def test_nobody_near_counts_as_none(history):
    found = gf.within(history, places=[village(9, 90.0)], compare="2025-02-17")
    assert found.settlements.tolist() == [0, 0, 0]
    assert found.entered.tolist() == found.left.tolist() == [0, 0, 0]


def test_regions_without_settlements_have_rows_of_zeros(history):
    far = [*VILLAGES, village(9, 90.0, oblast="Lviv")]
    found = gf.within(history, places=far, by="oblast")
    assert found.groupby("region").band_km.apply(list).to_dict() == {
        name: [5.0, 10.0, 20.0] for name in ("Donetsk", "Lviv", "Luhansk")
    }
    assert (found[found.region == "Lviv"].settlements == 0).all()
    empty = gpd.GeoDataFrame(
        {"region": ["empty"]}, geometry=[box(30, 48, 31, 49)], crs="OGC:CRS84"
    )
    own = gf.within(history, places=VILLAGES, by=empty, km=[20])
    assert own.region.isna().tolist() == [False, True]
    assert own.settlements.tolist() == [0, 4]


def test_the_earlier_day_must_be_earlier(history):
    with pytest.raises(ValueError, match="compare 2025-02-24 is after"):
        gf.within(
            history, places=VILLAGES, at="2025-02-20", compare="2025-02-24"
        )


def test_a_layer_of_the_map_shows_each(history):
    near = gf.settlements_within(
        history, places=VILLAGES, compare="2025-02-17"
    )
    layer = gf.map_within(near)
    markers = [
        child
        for child in layer._children.values()
        if type(child).__name__ == "CircleMarker"
    ]
    assert len(markers) == 4
    weights = sorted(marker.options["weight"] for marker in markers)
    assert weights[0] == weights[2] < weights[3]  # one of them entered
    page = gf.base_map((37, 48, 39, 49))
    layer.add_to(page)
    assert "before the war" in page.get_root().render()


def test_more_bands_than_colours_are_refused(history):
    near = gf.settlements_within(history, places=VILLAGES, km=40)
    assert gf.map_within(near, km=[1, 5, 10, 20])
    with pytest.raises(ValueError, match=r"at most 4 bands.*found 5"):
        gf.map_within(near, km=[1, 5, 10, 20, 40])


@pytest.mark.parametrize("of", [gf.within, gf.settlements_within])
def test_regions_without_names_are_told(history, of):
    nameless = gf.oblasts().drop(columns="region")
    with pytest.raises(gf.InvalidBoundaryError, match="the column region"):
        of(history, places=VILLAGES, by=nameless)
    with pytest.raises(TypeError, match="takes regions"):
        of(history, places=VILLAGES, by=3)


def test_counts_rest_on_the_snapshots_that_were_looked_at(history):
    ids = [item.id for item in history]
    alone = gf.within(history, places=VILLAGES)
    both = gf.within(history, places=VILLAGES, compare="2025-02-17")
    assert alone.attrs["snapshots"] == ids[1:]
    assert both.attrs["snapshots"] == ids
    near = gf.settlements_within(
        history, places=VILLAGES, compare="2025-02-17", km=20
    )
    assert near.attrs == both.attrs | {"km": 20.0}


def test_hostile_names_do_not_run_in_the_layer(history):
    bad = Place(
        "<b>{{7*7}}</b>", "x", 38 - 3 * KM, 48.8, published_area_km2=1.0
    )
    page = gf.base_map((37, 48, 39, 49))
    gf.map_within(gf.settlements_within(history, places=[bad])).add_to(page)
    html = page.get_root().render()
    assert "<b>49" not in html
    assert "{{7*7}}" not in html


# ---- command line


def run(*arguments):
    return CliRunner().invoke(main, ["within", *map(str, arguments)])


def test_command_counts(boundaries):
    found = run(boundaries, "--compare", "7d", "--by", "oblast")
    assert found.exit_code == 0
    assert "Donetsk" in found.stdout
    assert "registered settlements of Donetsk" in found.stderr


def test_command_takes_own_places_and_figures(boundaries, tmp_path):
    table = tmp_path / "places.csv"
    table.write_text("place_id,name,longitude,latitude\nUA-1,Own,38.1,48.9\n")
    figures = tmp_path / "people.csv"
    figures.write_text("place_id,now\nUA-1,55\n")
    found = run(
        *(boundaries, "--places", table, "--population", f"{figures}:now"),
        *("--list", "--format", "csv"),
    )
    assert found.exit_code == 0
    assert "Own,UA-1" in found.stdout
    assert ",55," in found.stdout


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (["--km", "5,x"], 2, "expected kilometres such as 5,10,20"),
        (["--km", "0"], 2, "expected kilometres such as 5,10,20"),
        (["--km", "1e9"], 2, "above 0 and below 10,000, found '1e9'"),
        (["--compare", "soon"], 2, "yesterday, 7d"),
        (["--at", "2025-02-20", "--compare", "2025-02-24"], 2, "is after"),
        (["--population", "nothing.csv:x"], 2, "no file nothing.csv"),
        (["--by", "README.md"], 1, "README.md: cannot be read"),
        (["--compare", "400d"], 1, "begin on"),
    ],
)
def test_command_tells_what_is_wrong(boundaries, options, status, message):
    found = run(boundaries, *options)
    assert found.exit_code == status
    assert message in found.stderr
    assert "Traceback" not in found.output


def test_faults_of_a_table_of_figures_are_told(boundaries, tmp_path):
    table = tmp_path / "people.csv"
    table.write_text("place_id,now\nUA-1,many\n")
    found = run(boundaries, "--population", f"{table}:now")
    assert found.exit_code == 1
    assert "row 2: expected a number of people, found 'many'" in found.stderr
    table.write_text("name,now\nOwn,3\n")
    found = run(boundaries, "--population", f"{table}:now")
    assert "expected a column 'now' and one of codes" in found.stderr


def test_distances_are_missing_where_nothing_is_known(history):
    near = gf.settlements_within(
        history, places=VILLAGES, compare="2025-02-17"
    ).set_index("place_id")
    assert np.isnan(near.loc["UA-6", "front_km"])
    assert near.loc["UA-6", "front_km_before"] == pytest.approx(4.0, abs=0.05)


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ("inf", "row 2: expected a number of people, found 'inf'"),
        ("-5", "row 2: expected a number of people, found '-5'"),
        ("5\nUA14020070010064896,6", "row 2: expected a code once"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    tmp_path: Path, figures: str, message: str
) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(f"code,people\nUA14020070010064896,{figures}\n")
    call = ["within", str(BOUNDARIES), "--population", f"{path}:people"]
    result = CliRunner().invoke(main, call)
    assert result.exit_code == 1
    assert message in result.stderr


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04\xff\xfe"])
def test_a_file_that_is_no_table_is_told(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "figures.csv"
    path.write_bytes(content)
    call = ["within", str(BOUNDARIES), "--population", f"{path}:people"]
    result = CliRunner().invoke(main, call)
    assert result.exit_code == 1
    assert "figures.csv: expected a CSV with a header: " in result.stderr


def test_a_place_of_no_oblast_has_a_row() -> None:
    history = gf.example_history()
    place = gf.Place("Own", "own", 38.1, 48.87, population=10)
    alone = gf.within(history, places=[place], km=[20])
    split = gf.within(history, places=[place], km=[20], by="oblast")
    assert split["settlements"].sum() == alone["settlements"].sum() == 1
    assert split["region"].isna().all()


def test_regions_of_another_word_are_refused() -> None:
    with pytest.raises(ValueError, match="by='raion': expected 'oblast'"):
        gf.within(gf.example_history(), by="raion")


def test_bands_wider_than_the_table_are_refused() -> None:
    near = gf.settlements_within(gf.example_history(), km=5)
    with pytest.raises(ValueError, match="within 5 km only"):
        gf.map_within(near, km=(5, 10))


@pytest.mark.parametrize(
    ("km", "shown"), [(7, [5, 7]), (20, [5, 10, 20]), (5, [5])]
)
def test_bands_of_the_layer_reach_as_far_as_the_table(
    km: float, shown: list[int]
) -> None:
    near = gf.settlements_within(gf.example_history(), km=km)
    page = gf.base_map((37, 48, 39, 49))
    gf.map_within(near).add_to(page)
    html = page.get_root().render()
    assert [
        band for band in (5, 7, 10, 20) if f"within {band} km" in html
    ] == (shown)
