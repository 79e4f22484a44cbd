"""Built-in places against the published table, and how they are found."""

import pyproj
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

import geofront as gf
from geofront import places
from geofront.places import Place, find

GEOD = pyproj.Geod(ellps="WGS84")

# name, latitude, longitude, population, published area (km²), code
TABLE = [
    ("Bilohorivka", 48.92585, 38.24674, 1142, 3.26, "UA44120050040082233"),
    ("Siversk", 48.86476, 38.09683, 10875, 11, "UA14020070010064896"),
    ("Lyman", 48.99012, 37.80843, 20066, 18.2, "UA14120110010088407"),
    ("Chasiv Yar", 48.58768, 37.83409, 12250, 17.9, "UA14020130010015598"),
    ("Toretsk", 48.39477, 37.84780, 30914, None, "UA14020110010025394"),
    ("Myrnohrad", 48.30990, 37.26513, 46098, None, "UA14160150010065527"),
    ("Pokrovsk", 48.28014, 37.17706, 60127, 29.7, "UA14160210010099403"),
    (
        "Kostiantynivka",
        48.52728,
        37.70594,
        67350,
        66.04,
        "UA14120070010085843",
    ),
    ("Druzhkivka", 48.61995, 37.52537, 53977, None, "UA14120030010055241"),
    ("Sloviansk", 48.84974, 37.59739, 105141, None, "UA14120210010032554"),
    ("Kramatorsk", 48.73106, 37.56779, 147145, None, "UA14120090010038661"),
]
ROWS = pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
MEMBERS = ("Sloviansk", "Kramatorsk", "Druzhkivka", "Kostiantynivka")


def geod_km2(geometry):
    """Geodesic area of polygons without holes, edges cut at every 0.001°."""
    total = 0.0
    for polygon in shapely.get_parts(geometry):
        ring = shapely.segmentize(polygon.exterior, 0.001)
        total += abs(GEOD.polygon_area_perimeter(*ring.xy)[0]) / 1e6
    return total


@ROWS
def test_place_is_as_published(row):
    name, latitude, longitude, population, area, code = row
    place = find(code)
    assert place.name == name
    assert (place.latitude, place.longitude) == (latitude, longitude)
    assert place.population == population
    assert place.published_area_km2 == area
    assert place.id == code
    assert place.oblast == ("Luhansk" if name == "Bilohorivka" else "Donetsk")
    assert place.centre.coords[0] == (longitude, latitude)


@ROWS
def test_disc_has_the_published_or_estimated_area(row):
    _, _, _, population, area, code = row
    place = find(code)
    expected = area or 0.064 * population**0.579
    assert geod_km2(place.extent) == pytest.approx(expected, rel=1e-3)
    assert place.area_km2 == pytest.approx(expected, rel=1e-6)
    assert place.extent_is_estimated


@ROWS
def test_disc_is_round_about_its_centre(row):
    place = find(row[-1])
    assert isinstance(place.extent, MultiPolygon)
    assert place.extent.is_valid
    ring = place.extent.geoms[0].exterior
    assert ring.is_ccw
    radii = [
        GEOD.inv(place.longitude, place.latitude, *vertex)[2]
        for vertex in ring.coords
    ]
    assert max(radii) - min(radii) < 0.01
    assert shapely.distance(ring.centroid, place.centre) < 1e-4


def test_built_in_places_are_the_table_and_the_agglomeration():
    assert {place.id for place in places.BUILT_IN} == {
        *(row[-1] for row in TABLE),
        "sloviansk-kramatorsk",
    }
    assert len(places.BUILT_IN) == len(TABLE) + 1


def test_constants_are_the_places_found():
    for place in places.BUILT_IN:
        if not place.members:
            constant = place.name.upper().replace(" ", "_")
            assert getattr(gf.places, constant) is place
    assert {name for name in places.__all__ if name.isupper()} == {
        *(place.name.upper().replace(" ", "_") for place in MEMBER_PLACES),
        "BUILT_IN",
        "SLOVIANSK_KRAMATORSK",
    }


def test_built_in_places_are_what_the_register_says_of_them():
    known = gf.settlements().set_index("place_id")
    for place in MEMBER_PLACES:
        row = known.loc[place.id]
        assert (place.name, place.name_uk) == (row["place"], row["name_uk"])
        units = (place.oblast, place.raion, place.hromada)
        assert units == (row["oblast"], row["raion"], row["hromada"])
        assert (place.longitude, place.latitude) == (
            row["longitude"],
            row["latitude"],
        )
        assert place.population == row["population_reference"]


def test_a_town_that_is_built_in_is_the_only_one_of_its_name():
    known = gf.settlements()
    towns = known[known["category"].isin(["K", "M"])]
    for place in MEMBER_PLACES:
        if place.is_town:
            namesakes = towns[towns["place"] == place.name]
            assert namesakes["place_id"].to_list() == [place.id]


MEMBER_PLACES = [place for place in places.BUILT_IN if not place.members]


def test_it_shows_itself_in_few_words():
    assert repr(places.SIVERSK) == "<Place Siversk, Donetsk>"
    assert repr(places.SLOVIANSK_KRAMATORSK).startswith("<Place Sloviansk–")


# The agglomeration


def test_agglomeration_is_the_union_of_its_four_members():
    whole = places.SLOVIANSK_KRAMATORSK
    assert [member.name for member in whole.members] == [*MEMBERS]
    union = shapely.union_all([find(name).extent for name in MEMBERS])
    assert whole.extent.equals(union)
    assert len(whole.extent.geoms) == 4


def test_agglomeration_has_the_area_of_its_members_together():
    whole = places.SLOVIANSK_KRAMATORSK
    total = sum(find(name).area_km2 for name in MEMBERS)
    assert geod_km2(whole.extent) == pytest.approx(total, rel=1e-3)


def test_area_of_the_agglomeration_is_the_sum_of_its_members():
    total = sum(find(name).area_km2 for name in MEMBERS)
    assert places.SLOVIANSK_KRAMATORSK.area_km2 == pytest.approx(
        total, rel=1e-3
    )


def test_agglomeration_is_no_hull():
    whole = places.SLOVIANSK_KRAMATORSK
    assert geod_km2(whole.extent.convex_hull) > 2 * geod_km2(whole.extent)


def test_members_that_overlap_count_once():
    twice = Place.agglomeration("Twice", "twice", [places.SIVERSK] * 2)
    assert geod_km2(twice.extent) == pytest.approx(11, rel=1e-3)


# Finding


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Siversk", "SIVERSK"),
        ("siversk", "SIVERSK"),
        ("CHASIV YAR", "CHASIV_YAR"),
        ("  Chasiv   Yar ", "CHASIV_YAR"),
        ("Slovyansk", "SLOVIANSK"),
        ("Kostyantynivka", "KOSTIANTYNIVKA"),
        ("kostyantynivka, donetsk", "KOSTIANTYNIVKA"),
        ("Kramatorsk, Donetsk", "KRAMATORSK"),
        ("Kramatorsk, Donetsk oblast", "KRAMATORSK"),
        ("Bilohorivka, Luhansk", "BILOHORIVKA"),
        ("bilohorivka, LUHANSK Oblast", "BILOHORIVKA"),
        ("Bilohorivka, Luhanska", "BILOHORIVKA"),
        ("Bilohorivka, Luhanska oblast", "BILOHORIVKA"),
        ("Siversk, Donetska", "SIVERSK"),
        ("Belogorovka, Luhansk", "BILOHORIVKA"),
        ("UA44120050040082233", "BILOHORIVKA"),
        ("ua14020070010064896", "SIVERSK"),
        ("sloviansk-kramatorsk", "SLOVIANSK_KRAMATORSK"),
        ("Sloviansk–Kramatorsk", "SLOVIANSK_KRAMATORSK"),
        ("Sloviansk–Kramatorsk agglomeration", "SLOVIANSK_KRAMATORSK"),
        ("Sloviansk-Kramatorsk Agglomeration", "SLOVIANSK_KRAMATORSK"),
    ],
)
def test_find_knows(name, expected):
    assert find(name) is getattr(places, expected)


def test_every_place_is_found_by_what_it_prints():
    for place in places.BUILT_IN:
        assert find(str(place)) is place


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Сіверськ", "UA14020070010064896"),
        ("Бахмут", "UA14020010010059145"),
        ("Bakhmut", "UA14020010010059145"),
        ("Слов'янськ", "UA14120210010032554"),
        ("Torez", "UA14060150010042613"),
        ("Krasnoarmiisk", "UA14160210010099403"),
        ("Білогорівка, Луганська область", "UA44120050040082233"),
        ("Bilohorivka, Siverskodonetskyi raion", "UA44120050040082233"),
        ("Lyman", "UA14120110010088407"),
        ("Kyiv", "UA80000000000093317"),
    ],
)
def test_find_knows_the_register(name, code):
    assert find(name).id == code


@pytest.mark.parametrize(
    "name",
    [
        "Bilohorivka",
        "BILOHORIVKA",
        " bilohorivka",
        "Білогорівка",
        # Known of the one that GeoNames knows, but all are called so.
        "Белогоровка",
        "Belogorovka",
    ],
)
def test_a_name_of_several_villages_is_refused_with_all_of_them(name):
    with pytest.raises(gf.UnknownPlaceError) as refused:
        find(name)
    message = str(refused.value)
    assert "any of 3 places" in message
    for oblast in ("Luhansk", "Donetsk", "Rivne"):
        assert f"Bilohorivka, {oblast} (" in message
    assert "UA44120050040082233" in message
    assert "Add the oblast or raion" in message


def test_a_former_name_of_several_is_refused():
    with pytest.raises(gf.UnknownPlaceError, match=r"Bakhmut.*Kypuche"):
        find("Artemivsk")


def test_namesakes_within_an_oblast_are_told_by_their_raion():
    with pytest.raises(gf.UnknownPlaceError, match="any of 9 places"):
        find("Novoselivka, Donetsk")
    with pytest.raises(gf.UnknownPlaceError, match="Pokrovskyi raion"):
        find("Novoselivka, Pokrovskyi, Donetsk")


def test_namesakes_within_a_raion_are_told_by_their_hromada():
    with pytest.raises(gf.UnknownPlaceError) as refused:
        find("Novoselivka, Kramatorskyi, Donetsk")
    message = str(refused.value)
    assert "(Lymanska hromada, Kramatorskyi raion, UA14120110040015" in message
    assert "Add the oblast, raion or hromada after a comma" in message
    with pytest.raises(gf.UnknownPlaceError, match="UA14120110040015024"):
        find("Novoselivka, Lymanska, Donetsk")


def test_places_of_ones_own_are_found_by_the_oblast_s_adjective():
    own = gf.Place("Bilohorivka", "mine", 38.0, 48.7, oblast="Luhansk")
    assert find("Bilohorivka, Luhanska", among=[own]) is own


def test_names_are_put_in_order_once_for_many(monkeypatch):
    built = []
    directory = places.Directory
    monkeypatch.setattr(
        places,
        "Directory",
        lambda entries: built.append(1) or directory(entries),
    )
    own = [gf.Place(f"Own {n}", f"{n}", 38.0, 48.7) for n in range(9)]
    find_in = places.finder(own)
    assert [find_in(place.name) for place in own] == own
    assert len(built) == 1


def test_ambiguity_counts_settlements_that_have_no_position():
    located = [place.name for place in places.registered()]
    assert located.count("Bilohorivka") == 1


def test_a_long_list_of_namesakes_is_cut_and_counted():
    with pytest.raises(gf.UnknownPlaceError, match="and 68 more"):
        find("Novoselivka")


def test_a_settlement_without_a_position_says_what_to_bring():
    with pytest.raises(gf.UnknownPlaceError) as refused:
        find("Bilohorivka, Donetsk")
    assert "UA14020090040035720" in str(refused.value)
    assert "load_places" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Kramatosk", "Kramatorsk, Donetsk"),
        ("Slovansk", "Sloviansk, Donetsk"),
        ("Pokrovks", "Pokrovsk, Donetsk"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(name, suggested):
    with pytest.raises(gf.UnknownPlaceError) as refused:
        find(name)
    assert f"unknown place '{name}'" in str(refused.value)
    assert "did you mean" in str(refused.value)
    assert suggested in str(refused.value)


@pytest.mark.parametrize("name", ["Xyzzy", "", "🙂"])
def test_a_name_like_no_other_says_what_is_expected(name):
    with pytest.raises(gf.UnknownPlaceError, match="expected a name in"):
        find(name)


def test_places_given_are_looked_in_first():
    own = gf.Place("Bilohorivka", "mine", 38.0, 48.7, oblast="Donetsk")
    assert find("Bilohorivka", among=[own]) is own
    assert find("Bilohorivka, Luhansk", among=[own]) is places.BILOHORIVKA


def test_registered_places_are_those_with_a_position():
    known = gf.settlements()
    located = known.dropna(subset="longitude")["place_id"]
    assert [place.id for place in places.registered()] == located.to_list()
    assert places.BILOHORIVKA in places.registered()


def test_unknown_place_is_a_lookup_error():
    with pytest.raises(LookupError):
        find("Atlantis")


# Places of the user's own

OUTLINE = box(38.0, 48.8, 38.1, 48.9)


def own(**known):
    return Place("Own", "own", 38.05, 48.85, **known)


def test_an_outline_is_the_extent():
    place = own(outline=OUTLINE, population=1000, published_area_km2=1.0)
    assert place.extent.equals(OUTLINE)
    assert isinstance(place.extent, MultiPolygon)
    assert not place.extent_is_estimated


def test_an_outline_of_several_parts_is_kept_whole():
    parts = MultiPolygon([OUTLINE, box(38.2, 48.8, 38.3, 48.9)])
    assert own(outline=parts).extent.equals(parts)


def test_an_outline_may_run_either_way():
    turned = own(outline=Polygon(OUTLINE.exterior.coords[::-1]))
    assert turned.extent == own(outline=OUTLINE).extent


def test_area_of_an_outline_is_its_own():
    for known in ({}, {"population": 1000}, {"published_area_km2": 1.0}):
        place = own(outline=OUTLINE, **known)
        assert place.area_km2 == pytest.approx(geod_km2(OUTLINE), rel=1e-6)


def test_a_published_area_counts_before_a_population():
    place = own(population=1_000_000, published_area_km2=2.0)
    assert geod_km2(place.extent) == pytest.approx(2.0, rel=1e-3)


def test_a_population_alone_gives_an_estimate():
    expected = pytest.approx(0.064 * 5000**0.579, rel=1e-6)
    assert own(population=5000).area_km2 == expected


@pytest.mark.parametrize("question", ["extent", "area_km2"])
def test_a_place_of_no_known_size_says_what_was_expected(question):
    with pytest.raises(
        gf.UnknownPlaceError,
        match="Own is not known: expected an outline, a published area or a",
    ):
        getattr(own(), question)


def test_agglomeration_is_estimated_if_a_member_is():
    surveyed = own(outline=OUTLINE)
    both = Place.agglomeration("Both", "both", [surveyed, places.SIVERSK])
    alone = Place.agglomeration("Alone", "alone", [surveyed])
    assert both.extent_is_estimated
    assert not alone.extent_is_estimated


def test_places_are_frozen_and_comparable():
    with pytest.raises(AttributeError):
        places.SIVERSK.name = "Seversk"
    assert own(population=5) == own(population=5)
    assert len({places.SIVERSK, find("Siversk"), places.LYMAN}) == 2


def test_str_names_the_oblast():
    assert str(places.BILOHORIVKA) == "Bilohorivka, Luhansk"
    assert str(own()) == "Own"


def test_an_outline_that_crosses_itself_is_mended():
    bow_tie = Polygon([(38, 48), (39, 49), (39, 48), (38, 49)])
    place = gf.Place("Own", "own", 38.5, 48.5, outline=bow_tie)
    assert place.extent.is_valid


def test_a_population_of_none_is_no_extent():
    with pytest.raises(gf.UnknownPlaceError, match="extent of Own"):
        _ = own(population=0).extent


@pytest.mark.parametrize(
    "name",
    ["Bilohorivka,Luhansk", "Sloviansk — Kramatorsk", "sloviansk-kramatorsk"],
)
def test_spaces_and_dashes_do_not_matter(name):
    assert find(name) in places.BUILT_IN
