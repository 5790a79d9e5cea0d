"""The register of processing: why personal data are held, on what basis, how long, and who reads them.

Each step declares in its `personal.py` what its tables hold (`HELD`, by the label of the model); a test wants every
text of every table declared personal or not. `docs/generated/registre.md` and the page « Données personnelles » are
drawn from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from django.conf import settings


@dataclass(frozen=True)
class Treatment:
    """One line of the register, in the words of the CNIL's model."""

    key: str
    title: str
    purpose: str
    basis: str
    people: str
    readers: str
    retention: str
    measures: str = "droits par rôle et par périmètre, journal, sauvegardes vérifiées"

    @property
    def told(self) -> list[tuple[str, str]]:
        """Its lines, each with its heading."""
        return [
            ("Finalité", self.purpose),
            ("Base légale", self.basis),
            ("Personnes concernées", self.people),
            ("Destinataires", self.readers),
            ("Durée", self.retention),
            ("Mesures de sécurité", self.measures),
        ]


MISSION = "mission d'intérêt public (article 6.1.e du RGPD)"
CONSENT = "consentement (article 6.1.a du RGPD)"
LAW = "obligation légale (article 6.1.c du RGPD)"
AFTER = "trois ans après le dernier rôle, la dernière campagne et le dernier acte, puis effacement"
TEAMS = "enseignants, professeurs référents, inspecteurs, DAN, experts"

_ALL = (
    Treatment(
        "accounts",
        "Comptes et rôles",
        "savoir qui participe, ouvrir à chacun ce que son rôle permet",
        MISSION,
        "toutes les personnes qui ont un compte",
        "la personne ; le bureau national ; le DAN et les inspecteurs de son académie pour ceux qu'ils invitent",
        AFTER,
        "mots de passe sous forme d'empreinte, second facteur, limites de tentatives, journal",
    ),
    Treatment(
        "security",
        "Connexions et sessions",
        "protéger les comptes : reconnaître une session, freiner qui essaie des mots de passe",
        "intérêt légitime de sécurité (article 6.1.f) et obligation de sécurité (article 32 du RGPD)",
        "toutes les personnes qui se connectent",
        "la personne elle-même ; aucune adresse IP n'est gardée en clair",
        "trente jours pour les connexions, la durée de la session pour la session",
        "empreintes à clé, durée courte",
    ),
    Treatment(
        "calls",
        "Candidatures et remontées",
        "recueillir et transmettre les candidatures des académies",
        MISSION,
        "enseignants qui candidatent, professeurs référents, inspecteurs nommés dans un dossier",
        "l'auteur, le DAN et les inspecteurs de l'académie, les experts du thème, le bureau national",
        AFTER,
    ),
    Treatment(
        "selection",
        "Lecture et sélection des candidatures",
        "donner un avis, déclarer un lien d'intérêt, décider et motiver",
        MISSION,
        "lecteurs désignés, experts, inspecteurs généraux, membres du bureau national",
        "les lecteurs du thème, l'inspection générale, le bureau national",
        AFTER,
    ),
    Treatment(
        "groups",
        "Travail des groupes",
        "constituer les groupes, tenir leurs réunions, leurs documents et leur avancement",
        MISSION,
        TEAMS,
        "les membres du groupe, le DAN et les inspecteurs de l'académie, les experts du thème, le bureau national",
        AFTER,
    ),
    Treatment(
        "service",
        "Service fait",
        "attester le travail fait et le transmettre aux services qui paient",
        LAW,
        "membres des groupes dont le service est rémunéré",
        "la personne, son inspecteur, le DAN, le bureau national, le service gestionnaire",
        "dix ans après la transmission, comme pièce justificative ; les lignes scellées ne sont pas récrites",
        "lignes scellées par empreinte, aucun numéro de sécurité sociale ni compte bancaire",
    ),
    Treatment(
        "productions",
        "Productions et relecture",
        "écrire, relire, tester en classe et valider les scénarios, modules, bilans et supports",
        MISSION,
        TEAMS,
        "le groupe, ses inspecteurs, les experts du thème, le bureau national ; les testeurs pour ce qu'ils testent",
        AFTER,
    ),
    Treatment(
        "publication",
        "Publication et catalogue",
        "donner au public les productions validées, avec le nom des seuls auteurs qui l'ont accepté",
        f"{MISSION} ; {CONSENT} pour le nom d'un auteur",
        "auteurs des productions publiées",
        "le public",
        "tant que l'œuvre est en ligne ; le nom, jusqu'au retrait du consentement (droit d'auteur)",
        "signature de la fiche de droits avant publication, retrait possible à tout moment",
    ),
    Treatment(
        "letters",
        "Courriels de service",
        "prévenir chacun de ce qui l'attend",
        MISSION,
        "toutes les personnes qui ont un compte",
        "la personne ; le bureau national pour ce qui n'est pas parti",
        AFTER,
    ),
    Treatment(
        "newsletters",
        "Lettres d'information",
        "envoyer les lettres demandées",
        CONSENT,
        "abonnés, avec ou sans compte",
        "le bureau national voit des nombres, pas des adresses",
        "jusqu'au désabonnement",
        "double accord par courriel, désabonnement en un clic",
    ),
    Treatment(
        "journal",
        "Journal des actes",
        "prouver qui a fait quoi, quand et pourquoi",
        f"{MISSION} ; obligation de sécurité (article 32 du RGPD)",
        "toutes les personnes qui agissent sur la plateforme",
        "le bureau national ; chacun pour ses propres actes",
        "la durée de la plateforme, par numéro ; les noms, adresses et téléphones en sont récrits quand une personne "
        "est effacée",
        "base qui refuse de le changer, chaîne d'empreintes vérifiable",
    ),
)
TREATMENTS = {treatment.key: treatment for treatment in _ALL}


class End(StrEnum):
    """What happens to the rows of a person who is forgotten."""

    REWRITE = "récrit : « Personne n° … » à la place du nom"
    DELETE = "effacé"
    KEEP = "gardé"


@dataclass(frozen=True)
class Held:
    """What a table holds. `personal`: its personal texts, by name of field, with what they are; `other`: the names of
    those that say nothing of a person; `end`: what becomes of it when a person is forgotten; `kept`: why, if it is."""

    treatment: str
    personal: Mapping[str, str] = field(default_factory=dict)
    other: str = ""
    end: End = End.REWRITE
    kept: str = ""

    @property
    def declared(self) -> set[str]:
        return {*self.personal, *self.other.split()}


def fate(label: str, row: Held) -> str:
    """What becomes of the rows of a table when a person is forgotten."""
    if label == "people.Person":
        return "la ligne reste, vidée : « Personne n° … », sans adresse, téléphone ni mot de passe"
    return f"{row.end} : {row.kept}" if row.kept else str(row.end)


class Line(NamedTuple):
    """A line of the register: a treatment, and what is held for it (label of the model → Held)."""

    treatment: Treatment
    held: dict[str, Held]

    @property
    def data(self) -> str:
        """What is held, in a line."""
        return ", ".join(dict.fromkeys(said for row in self.held.values() for said in row.personal.values()))


@cache
def held() -> dict[str, Held]:
    """What each table holds, by the label of its model: those of the steps, and of the libraries they use."""
    found: dict[str, Held] = {}
    for step in settings.STEPS:
        name = f"traam.programme.{step}.personal"
        if find_spec(name):
            found |= import_module(name).HELD
    return found


def register() -> list[Line]:
    """The register, a line for each treatment that holds something."""
    rows = held()
    lines = [
        Line(each, {label: row for label, row in rows.items() if row.treatment == each.key and row.personal})
        for each in _ALL
    ]
    return [line for line in lines if line.held]
