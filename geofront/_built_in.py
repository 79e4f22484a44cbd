"""The targets that matter, known without a register.

The settlements of the founding report, with the areas that are published of
them, and the agglomeration that lies behind.
"""

from geofront.place import Place

__all__ = [
    "BILOHORIVKA",
    "BUILT_IN",
    "CHASIV_YAR",
    "DRUZHKIVKA",
    "KOSTIANTYNIVKA",
    "KRAMATORSK",
    "LYMAN",
    "MYRNOHRAD",
    "POKROVSK",
    "SIVERSK",
    "SLOVIANSK",
    "SLOVIANSK_KRAMATORSK",
    "TORETSK",
]

# Coordinates and populations: GeoNames (CC BY 4.0); the rest: KATOTTG.
BILOHORIVKA = Place(
    "Bilohorivka",
    "UA44120050040082233",
    38.24674,
    48.92585,
    oblast="Luhansk",
    raion="Siverskodonetskyi",
    hromada="Lysychanska",
    name_uk="Білогорівка",
    population=1_142,
    published_area_km2=3.26,
    is_town=False,
)
SIVERSK = Place(
    "Siversk",
    "UA14020070010064896",
    38.09683,
    48.86476,
    oblast="Donetsk",
    raion="Bakhmutskyi",
    hromada="Siverska",
    name_uk="Сіверськ",
    population=10_875,
    published_area_km2=11.0,
)
LYMAN = Place(
    "Lyman",
    "UA14120110010088407",
    37.80843,
    48.99012,
    oblast="Donetsk",
    raion="Kramatorskyi",
    hromada="Lymanska",
    name_uk="Лиман",
    population=20_066,
    published_area_km2=18.2,
)
CHASIV_YAR = Place(
    "Chasiv Yar",
    "UA14020130010015598",
    37.83409,
    48.58768,
    oblast="Donetsk",
    raion="Bakhmutskyi",
    hromada="Chasovoiarska",
    name_uk="Часів Яр",
    population=12_250,
    published_area_km2=17.9,
)
TORETSK = Place(
    "Toretsk",
    "UA14020110010025394",
    37.84780,
    48.39477,
    oblast="Donetsk",
    raion="Bakhmutskyi",
    hromada="Toretska",
    name_uk="Торецьк",
    population=30_914,
)
MYRNOHRAD = Place(
    "Myrnohrad",
    "UA14160150010065527",
    37.26513,
    48.30990,
    oblast="Donetsk",
    raion="Pokrovskyi",
    hromada="Myrnohradska",
    name_uk="Мирноград",
    population=46_098,
)
POKROVSK = Place(
    "Pokrovsk",
    "UA14160210010099403",
    37.17706,
    48.28014,
    oblast="Donetsk",
    raion="Pokrovskyi",
    hromada="Pokrovska",
    name_uk="Покровськ",
    population=60_127,
    published_area_km2=29.7,
)
KOSTIANTYNIVKA = Place(
    "Kostiantynivka",
    "UA14120070010085843",
    37.70594,
    48.52728,
    oblast="Donetsk",
    raion="Kramatorskyi",
    hromada="Kostiantynivska",
    name_uk="Костянтинівка",
    population=67_350,
    published_area_km2=66.04,
    aliases=("Kostyantynivka",),
)
DRUZHKIVKA = Place(
    "Druzhkivka",
    "UA14120030010055241",
    37.52537,
    48.61995,
    oblast="Donetsk",
    raion="Kramatorskyi",
    hromada="Druzhkivska",
    name_uk="Дружківка",
    population=53_977,
)
SLOVIANSK = Place(
    "Sloviansk",
    "UA14120210010032554",
    37.59739,
    48.84974,
    oblast="Donetsk",
    raion="Kramatorskyi",
    hromada="Slovianska",
    name_uk="Слов’янськ",
    population=105_141,
    aliases=("Slovyansk",),
)
KRAMATORSK = Place(
    "Kramatorsk",
    "UA14120090010038661",
    37.56779,
    48.73106,
    oblast="Donetsk",
    raion="Kramatorskyi",
    hromada="Kramatorska",
    name_uk="Краматорськ",
    population=147_145,
)
SLOVIANSK_KRAMATORSK = Place.agglomeration(
    "Sloviansk–Kramatorsk agglomeration",
    "sloviansk-kramatorsk",
    [SLOVIANSK, KRAMATORSK, DRUZHKIVKA, KOSTIANTYNIVKA],
    aliases=("Sloviansk–Kramatorsk",),
)

BUILT_IN: tuple[Place, ...] = (
    SIVERSK,
    SLOVIANSK_KRAMATORSK,
    SLOVIANSK,
    KRAMATORSK,
    DRUZHKIVKA,
    KOSTIANTYNIVKA,
    BILOHORIVKA,
    LYMAN,
    CHASIV_YAR,
    TORETSK,
    MYRNOHRAD,
    POKROVSK,
)
"""Places that are known without a register."""
