"""Who gives and who is given to. First names only: nobody here is anybody."""

# ruff: noqa: RUF001 - people write in many scripts

IN_SEATTLE = {"en": 64, "es": 12, "ja": 6, "ko": 6, "zh": 5, "vi": 4, "hi": 3}
IN_HAMBURG = {"de": 54, "en": 22, "tr": 9, "pl": 6, "pt": 3, "ar": 3, "uk": 3}

_ENGLISH = """
    Amara Ben Cleo Dev Elena Felix Grace Hugo Imani Jack Kezia Leo Maya Nate Olu Quinn Rosa Sam Theo
    Uma Violet Will Yara Zoe Caleb Dina Esther Farid Gus Hazel Ike Joy Kai Lena Marcus Nina Omar Piper
    Ruth Silas Tara Vic Winona Abel Bea Callum Delphine Ezra
"""
# Each with the way it is spelled in an e-mail address.
NAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "en": tuple((name, name.lower()) for name in _ENGLISH.split()),
    "es": (
        ("Lucía", "lucia"),
        ("Mateo", "mateo"),
        ("Inés", "ines"),
        ("Andrés", "andres"),
        ("Paloma", "paloma"),
        ("Joaquín", "joaquin"),
        ("Ximena", "ximena"),
        ("Rafael", "rafael"),
    ),
    "ja": (
        ("陽菜", "hina"),
        ("健太", "kenta"),
        ("美咲", "misaki"),
        ("そら", "sora"),
        ("直樹", "naoki"),
    ),
    "ko": (("지우", "jiwoo"), ("민준", "minjun"), ("서연", "seoyeon"), ("하늘", "haneul")),
    "zh": (("小雨", "xiaoyu"), ("子涵", "zihan"), ("志明", "zhiming"), ("佳怡", "jiayi")),
    "vi": (("Thảo", "thao"), ("Minh Anh", "minhanh"), ("Quân", "quan"), ("Hạnh", "hanh")),
    "hi": (("आरव", "aarav"), ("मीरा", "meera"), ("कबीर", "kabir"), ("अनन्या", "ananya")),
    "de": (
        ("Anneke", "anneke"),
        ("Bjarne", "bjarne"),
        ("Carlotta", "carlotta"),
        ("Dörte", "doerte"),
        ("Enno", "enno"),
        ("Fiete", "fiete"),
        ("Greta", "greta"),
        ("Hauke", "hauke"),
        ("Ida", "ida"),
        ("Jannis", "jannis"),
        ("Käthe", "kaethe"),
        ("Lasse", "lasse"),
        ("Mareike", "mareike"),
        ("Nele", "nele"),
        ("Ole", "ole"),
        ("Pauline", "pauline"),
        ("Ruben", "ruben"),
        ("Swantje", "swantje"),
        ("Thies", "thies"),
        ("Wiebke", "wiebke"),
        ("Jörg", "joerg"),
        ("Samira", "samira"),
    ),
    "tr": (
        ("Elif", "elif"),
        ("Deniz", "deniz"),
        ("Çağla", "cagla"),
        ("Ömer", "oemer"),
        ("Şirin", "sirin"),
    ),
    "pl": (("Zofia", "zofia"), ("Łukasz", "lukasz"), ("Kasia", "kasia"), ("Michał", "michal")),
    "pt": (("Inês", "ines"), ("Tiago", "tiago"), ("Beatriz", "beatriz"), ("João", "joao")),
    "ar": (("ليلى", "layla"), ("يوسف", "yusuf"), ("نور", "nour"), ("سامي", "sami")),
    "uk": (("Оксана", "oksana"), ("Тарас", "taras"), ("Марічка", "marichka"), ("Данило", "danylo")),
}

INITIALS = "ABCDEFGHIJKLMNOPRSTVWYZ"
MAIL_HOSTS = ("mail.example", "post.example", "inbox.example")
