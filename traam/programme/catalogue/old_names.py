"""How pages of the past name academies, disciplines and levels: the codes behind their words."""

import re
import unicodedata

from traam import reference

# The names of the groups of work, as pages of the time wrote them, where they are not the label of the vocabulary.
DISCIPLINE_NAMES = {
    "svt": "SVT",
    "ses": "SES",
    "emi": "EMI",
    "eps": "EPS",
    "sti": "STI",
    "biotechnologies - stms": "BIO",
    "economie et gestion": "ECOGEST",
    "histoire-geographie": "HG",
    "langues vivantes": "LV",
    "lettres": "LET",
    "education musicale": "EMUS",
    "physique-chimie": "PC",
    "mathematiques": "MATH",
}
LEVEL_WORDS = (
    (r"\b6e\b", "018"),
    (r"\b5e\b", "020"),
    (r"\b4e\b", "021"),
    (r"\b3e\b", "023"),
    (r"\b2de pro\b", "027"),
    (r"\b2de\b(?! pro)", "136"),
    (r"\b1re\b", "146"),
    (r"\bterminale\b", "201"),
    (r"\bcoll[eè]ge\b", "016"),
    (r"\blyc[ée]e professionnel\b", "165"),
    (r"\blyc[ée]e\b(?! professionnel)", "142"),
    (r"\bprofessionnel\b", "165"),
    (r"\bcycles? 3\b", "620"),
    (r"\b(?:cycles? (?:3 et )?4)\b", "621"),
    (r"\bformation\b", "163"),
)
NO_ACADEMY = {"", "(non précisée)", "(plusieurs)"}


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.lower().split())


def academies_named(text: str, where: str, problems: list[str]) -> list[str]:
    """Codes of the academies named, separated by ";"."""
    by_name = {fold(academy.name): code for code, academy in reference.academies().items()}
    codes = []
    for name in (part.strip() for part in text.split(";")):
        if name in NO_ACADEMY:
            continue
        code = by_name.get(fold(name))
        if code is None:
            problems.append(f"{where} : l'académie « {name} » n'est pas connue ; écrivez son nom officiel.")
        else:
            codes.append(code)
    return codes


def discipline_codes(text: str) -> list[str]:
    """The codes behind "EMI (HG-EMC, documentation)" or "Anglais;Espagnol"; none when nothing is recognised."""
    labels = {fold(d.label): code for code, d in reference.disciplines().items()}
    known = {**labels, **DISCIPLINE_NAMES}
    found = (known.get(fold(re.sub(r"\(.*?\)", "", part))) for part in text.split(";"))
    return [code for code in found if code]


def level_codes(text: str) -> list[str]:
    """The levels a free text names, for facets; the text itself is kept and shown."""
    folded = text.lower()
    return sorted({code for pattern, code in LEVEL_WORDS if re.search(pattern, folded)})
