"""How a recipient is greeted: by the first name where it is clear which that is, else as written.

Nobody is greeted as "Mr.", "The" or "Lee,": a title, an article or a family is no first name.
"""

import re

from core.bidi import in_one_line
from giftshop.friends.names import reordered, word_set

_TITLES = word_set("""
    doctor doctora dra profesor profesora
    mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend fr father madam hon herr hr
    frau frl fräulein dipl ing mag sr sra srta don doña dona señor señora señorita lic m mme mlle
    monsieur madame mademoiselle signor signora sig
""")
_WHOLE_FROM = word_set("""
    the our my dear all everyone everybody team a an der die das den dem unser unsere mein meine
    liebe lieber alle el los las mi mis nuestro nuestra todos todas les mon ma nos mom mum dad mama
    papa mutti vati mamá papá grandma grandpa granny gran nana oma opa abuela abuelo aunt auntie
    uncle cousin tante onkel tía tío tia tio prima primo coach captain pastor sister brother st
    saint san santa familie fam family familia
""")
"""Words before a name that belong to it: "Aunt Ana", "the whole Miller family"."""
_WHOLE_WITH = word_set("""
    and und et & + / family familie familia families team crew class klasse clase gang of at in
    the
""")
_PARTICLES = word_set("""
    von van vom zu zur de del della di da der den la le du
""")
_TITLE_STUCK = re.compile(r"(\w{1,5})\.(?=\w{2,})")


def short_name(name: str) -> str:
    """ "Dr. Ana Ruiz" -> "Ana", "Lee, Ann" -> "Ann", "Mom and Dad" -> "Mom and Dad", "Mr. Smith" as it is."""
    whole = in_one_line(name).strip(" ,;:")
    words = _words(whole)
    if "&" in whole or any(
        word in ("y", "e", "i", "u", "u.") or _plain(word) in _WHOLE_WITH for word in words
    ):
        return whole
    if "," in whole:
        turned = reordered(whole)
        if not turned:
            return whole
        whole, words = turned, _words(turned)
    if not words or _plain(words[0]) in _WHOLE_FROM:
        return whole
    first = [word for word in words if not _is_title(word)]
    if len(first) < len(words) and (len(first) < 2 or _plain(first[0]) in _PARTICLES):
        return whole  # a title with a last name
    if first[0].endswith(".") or not any(map(str.isalpha, first[0])):
        return whole  # "J. R. Miller"
    return first[0].strip(",;:") or whole


def _words(text: str) -> list[str]:
    """Also of "Dr.Ana": a title that nothing parts from the name."""
    parted = _TITLE_STUCK.sub(
        lambda found: f"{found[0]} " if found[1].casefold() in _TITLES else found[0], text
    )
    return parted.split()


def _plain(word: str) -> str:
    return word.strip(".,;:()\"'").casefold() or word


def _is_title(word: str) -> bool:
    return _plain(word) in _TITLES and (word.endswith(".") or len(_plain(word)) > 1)
