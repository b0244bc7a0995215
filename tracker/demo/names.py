"""Invented names: real first names of many languages, and family names that nobody bears.

Family names of children are plants, birds and stones; those of staff are put together from two words.
"""

import random

FIRST_NAMES = (
    "Aaliyah", "Abdi", "Ada", "Adaeze", "Aisha", "Alfie", "Amara", "Ameer", "Anika", "Anton",
    "Arjun", "Arlo", "Asha", "Ayaan", "Bea", "Bilal", "Blessing", "Bronte", "Caleb", "Çağla",
    "Chidi", "Chloe", "Connor", "Daisy", "Dara", "Darius", "Demi", "Dina", "Dylan", "Efe",
    "Eira", "Elif", "Ellis", "Emeka", "Erin", "Esme", "Ewa", "Farah", "Femi", "Finley",
    "Freya", "Gethin", "Grace", "Hana", "Harvey", "Hawa", "Holly", "Ibrahim", "Idris", "Ines",
    "Ioana", "Isla", "Jakub", "Jasleen", "Jayden", "Jodie", "José", "Kacper", "Kai", "Keira",
    "Kofi", "Kyra", "Laila", "Leo", "Liam", "Lowri", "Łucja", "Lulu", "Maja", "Malik",
    "Marek", "Maryam", "Mei", "Mia", "Mina", "Mihai", "Musa", "Naomi", "Niamh", "Noah",
    "Nuala", "Obi", "Oliwia", "Omar", "Oscar", "Pia", "Poppy", "Priya", "Quinn", "Rafe",
    "Rania", "Renée", "Rhys", "Ria", "Robyn", "Rohan", "Ruby", "Saoirse", "Safiya", "Sami",
    "Seán", "Sefa", "Shanice", "Simran", "Siân", "Stefan", "Tariq", "Tegan", "Temi", "Theo",
    "Tilly", "Tomasz", "Uma", "Veer", "Wren", "Xiu", "Yara", "Yusuf", "Zac", "Zahra",
    "Zainab", "Zoë",
)  # fmt: skip
FAMILY_NAMES = (
    "Agrimony", "Amaltas", "Amberjack", "Anemone", "Avocet", "Barberry", "Basalt", "Bilberry",
    "Bittern", "Borage", "Brambling", "Bryony", "Bulrush", "Burdock", "Campion", "Catkin",
    "Celandine", "Celyn", "Chaffinch", "Chamomile", "Chinar", "Chickweed", "Chiffchaff",
    "Cinnabar", "Comfrey", "Corncrake", "Cornflower", "Cowslip", "Cranesbill", "Curlew",
    "Dabchick", "Damson", "Deodar", "Dogwood", "Dunnock", "Eglantine", "Elderflower", "Feldspar",
    "Fennel", "Fieldfare", "Fluorspar", "Foxglove", "Gillyflower", "Goldcrest", "Goldenrod",
    "Goshawk", "Greenfinch", "Gulmohar", "Harebell", "Hawkbit", "Hawthorn-Dew", "Helleborine",
    "Hornbeam", "Iroko", "Jacaranda", "Jackdaw", "Jarzębina", "Kapok", "Kestrelle", "Kikar",
    "Kingcup", "Kittiwake", "Knapweed", "Lapwing", "Larkspur", "Lavenderwell", "Linnet",
    "Loosestrife", "Lovage", "Madrone", "Mallowfield", "Marigold", "Marjoram", "Meadowsweet",
    "Mimosa", "Mugwort", "Mulberry", "Neem", "Nightjar", "Nuthatch", "Nyala", "Okapi",
    "Orpiment", "Oystercatcher", "Pennyroyal", "Periwinkle", "Pimpernel", "Pipit", "Plover",
    "Quillwort", "Ragwort", "Redstart", "Rosefinch", "Rowanberry", "Sandpiper", "Saxifrage",
    "Sedge", "Sheoak", "Siskin", "Skylark", "Sloeberry", "Snowdrop", "Sorrel", "Speedwell",
    "Spindleberry", "Stejar", "Stonechat", "Sundew", "Tamarind", "Tansy", "Teasel", "Thistledown",
    "Toadflax", "Tormentil", "Treecreeper", "Turmeric", "Umber-Jay", "Valerian", "Vetchling",
    "Wagtail", "Wheatear", "Whimbrel", "Whinberry", "Woodruff", "Yaprak", "Yellowhammer",
)  # fmt: skip
STAFF_BEGINNINGS = (
    "Apple", "Barrow", "Candle", "Dapple", "Ember", "Feather", "Gravel", "Hazel", "Inkle",
    "Jumble", "Kettle", "Lantern", "Mitten", "Needle", "Orchard", "Pebble", "Quilt", "Ribbon",
    "Saddle", "Thimble", "Umber", "Velvet", "Wicker", "Yarrow",
)  # fmt: skip
STAFF_ENDINGS = ("bank", "croft", "dene", "field", "holt", "lock", "mere", "stead", "thorpe", "wick")


class Staff:
    """Gives out names of invented staff, none twice."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._given: set[str] = set()

    def name(self, other_than: frozenset[str] = frozenset()) -> str:
        """A name whose initials are not among these: a team tells its people apart by them."""
        while True:
            beginning, ending = self._rng.choice(STAFF_BEGINNINGS), self._rng.choice(STAFF_ENDINGS)
            name = f"{self._rng.choice(FIRST_NAMES)} {beginning}{ending}"
            if name not in self._given and initials(name) not in other_than:
                self._given.add(name)
                return name


def initials(name: str) -> str:
    """The first letters of the parts of a name, as the Owner column has them."""
    return "".join(part[0] for part in name.split()).upper()
