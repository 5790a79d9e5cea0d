"""The vocabulary of the rules: what may be asked about each subject, with its type.

The steps of the programme fill these facts from their rows; a cahier des charges may judge only these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """The type of a fact. `None` is always accepted and means "not given yet"."""

    TEXT = "texte"
    WHOLE = "nombre entier"
    FLAG = "oui ou non"
    DAY = "date"
    LIST = "liste"

    def accepts(self, value: object) -> bool:
        """Whether a value has this type (`True` is not a whole number, a text is not a list)."""
        match self:
            case Kind.WHOLE:
                return isinstance(value, int) and not isinstance(value, bool)
            case Kind.LIST:
                return isinstance(value, list | tuple) and all(isinstance(item, str | int) for item in value)
            case Kind.TEXT:
                return isinstance(value, str)
            case Kind.FLAG:
                return isinstance(value, bool)
            case Kind.DAY:
                return type(value) is date


@dataclass(frozen=True)
class Fact:
    """One fact: its type, what it means (French), the words it may take, whether it may be left out."""

    kind: Kind
    meaning: str
    choices: tuple[str, ...] = ()
    optional: bool = False


DEGREES = {"premier": "premier degré", "second": "second degré", "mixte": "premier et second degrés"}

INSPECTOR_CORPS = {
    "IA-IPR": "inspecteur d'académie, inspecteur pédagogique régional",
    "IEN-ET": "inspecteur de l'éducation nationale, enseignement technique",
    "IEN-EG": "inspecteur de l'éducation nationale, enseignement général",
    "IEN-1D": "inspecteur de l'éducation nationale du premier degré",
}

_DEGREE = Fact(Kind.TEXT, "degré d'enseignement", choices=tuple(DEGREES))

APPLICATION: Mapping[str, Fact] = {
    "degree": _DEGREE,
    "inspector_name": Fact(Kind.TEXT, "nom de l'inspecteur référent"),
    "inspector_email": Fact(Kind.TEXT, "adresse électronique de l'inspecteur référent"),
    "inspector_phone": Fact(Kind.TEXT, "téléphone de l'inspecteur référent"),
    "referent_name": Fact(Kind.TEXT, "nom du professeur référent"),
    "referent_school": Fact(Kind.TEXT, "établissement (UAI) du professeur référent"),
    "referent_email": Fact(Kind.TEXT, "adresse électronique du professeur référent"),
    "referent_phone": Fact(Kind.TEXT, "téléphone du professeur référent"),
    "titles": Fact(Kind.LIST, "intitulés des projets"),
    "axes": Fact(Kind.LIST, "axes du thème traités"),
    "description_chars": Fact(Kind.WHOLE, "caractères de la description, tous projets réunis"),
    "dasen_agreement": Fact(Kind.FLAG, "accord du DASEN obtenu"),
    "submitted_on": Fact(Kind.DAY, "date de remontée"),
    "due_on": Fact(Kind.DAY, "dernier jour de remontée"),
    "theme_open": Fact(Kind.FLAG, "thème ouvert à l'appel de l'année"),
}

THEME: Mapping[str, Fact] = {
    "academies": Fact(Kind.WHOLE, "académies retenues"),
    "continuing_academies": Fact(Kind.WHOLE, "académies qui poursuivent en seconde année"),
    "year": Fact(Kind.WHOLE, "année du thème, 1 ou 2"),
    "experts": Fact(Kind.WHOLE, "experts, chefs de projet"),
    "general_inspectors": Fact(Kind.WHOLE, "inspecteurs généraux"),
    "associates_per_academy_min": Fact(Kind.WHOLE, "académies associées à la moins associée"),
    "associates_per_academy_max": Fact(Kind.WHOLE, "académies associées à la plus associée"),
}

CAMPAIGN: Mapping[str, Fact] = {
    "teams": Fact(Kind.WHOLE, "équipes retenues"),
    "themes": Fact(Kind.WHOLE, "thèmes proposés"),
    "duration_years": Fact(Kind.WHOLE, "durée des thèmes, en années"),
}

GROUP: Mapping[str, Fact] = {
    "degree": _DEGREE,
    "teachers": Fact(Kind.WHOLE, "enseignants, professeur référent compris"),
    "referents": Fact(Kind.WHOLE, "professeurs référents"),
    "inspectors": Fact(Kind.WHOLE, "inspecteurs qui pilotent"),
    "inspector_corps": Fact(Kind.LIST, "corps de ces inspecteurs", choices=tuple(INSPECTOR_CORPS)),
    "cardie": Fact(Kind.WHOLE, "représentants de la CARDIE"),
    "ien_tice": Fact(Kind.WHOLE, "IEN-TICE ou IEN de circonscription"),
    "dasen_agreement": Fact(Kind.FLAG, "accord du DASEN obtenu"),
    "in_person_meetings": Fact(Kind.WHOLE, "réunions en présentiel tenues"),
    "remote_meetings": Fact(Kind.WHOLE, "réunions à distance tenues"),
    "ended": Fact(Kind.FLAG, "travaux terminés", optional=True),
}

PRODUCTION: Mapping[str, Fact] = {
    "kind": Fact(Kind.TEXT, "nature de la production"),
    "title": Fact(Kind.TEXT, "titre"),
    "summary": Fact(Kind.TEXT, "résumé"),
    "disciplines": Fact(Kind.LIST, "disciplines"),
    "levels": Fact(Kind.LIST, "niveaux"),
    "crcn": Fact(Kind.LIST, "compétences du CRCN"),
    "licence": Fact(Kind.TEXT, "licence"),
    "sections_missing": Fact(Kind.LIST, "rubriques encore vides"),
    "open_access": Fact(Kind.FLAG, "lisible sans authentification"),
    "rights_checked": Fact(Kind.FLAG, "CGU lues, données personnelles vérifiées"),
    "tests": Fact(Kind.WHOLE, "mises à l'essai en classe"),
    "social_links": Fact(Kind.WHOLE, "liens vers des réseaux sociaux"),
}

SUBJECTS: Mapping[str, Mapping[str, Fact]] = {
    "application": APPLICATION,
    "theme": THEME,
    "campaign": CAMPAIGN,
    "group": GROUP,
    "production": PRODUCTION,
}
