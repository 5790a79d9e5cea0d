# ruff: noqa: E501 - patterns and sentences, each on its line
"""Does the page ask pupils for an account? Always for a person to check: a sentence is never proof enough."""

import re

from traam.engines.pageaudit.addresses import host_of
from traam.engines.pageaudit.known import find
from traam.engines.pageaudit.reading import Page, Place, Within, sentences
from traam.engines.pageaudit.report import Report, folded
from traam.engines.pageaudit.resources import resources

_PUPILS = (
    r"(?:(?:les|des|aux|nos|vos|mes|ses|leurs|chaque|l'|un|une|votre|tous les|par les|par l') ?)?(?:eleves?|apprenants?|apprenantes?|collegiens?|lyceens?|lyceennes?"
    r"|ecoliers?|etudiants?|enfants?|participants?|groupes?|binomes?)\b"
)
_VERBS = (
    r"(?:se )?(?:cre(?:er?|ent|e|era|eront|ez|ant|eraient|ees?)|ouvr(?:ir|e|ent|ez|ira|iront)|poss(?:eder|ede|edent)|av(?:oir|ez)|dispos(?:er|ent|ez)|active[rz]?|activent"
    r"|utilis(?:er?|ent|ez)|se munir|obten(?:ir|ez))(?: (?:d'|de |chacun |chacune |d'abord |ensuite |aussi |alors |prealablement |eux-memes |donc )){0,3}"
    r" ?(?:un|une|son|leur|leurs|votre|vos|des|d'un|le|ton) (?:\w+ ){0,2}(?:comptes?|profils?|adresses? (?:mail|e-mail|electronique|courriel)|identifiants? personnels?|avatars? nominatif)\b"
)
_SIGN = (
    r"(?:s'inscri(?:re|t|vent|ra|ront|vant)|inscrivez[- ]vous|s'enregistr(?:er|e|ent)|enregistrez[- ]vous|s'abonn(?:er|ent)"
    r"|se connect(?:er|e|ent|eront) (?:a l'application |au site |sur le site )?(?:avec|a l'aide de|via|grace a) (?:son|leur|leurs|un|une) "
    r"(?:adresse|compte|mail|e-mail|identifiant))"
)
_ASKED = re.compile(
    rf"(?:{_PUPILS}[^.!?;]{{0,80}}(?:{_VERBS}|{_SIGN})|(?:{_VERBS}|{_SIGN})[^.!?;]{{0,60}}{_PUPILS}"
    r"|inscri(?:re|vez|t|s|vons|ption)\b[^.!?;]{0,30}?\b(?:les |vos |des |ses |nos |chaque |d'un |l')?eleves?\b[^.!?;]{0,40}\b(?:sur|a|au|avec)\b"
    r"|comptes? (?:individuels? |nominatifs? |personnels? )?(?:d'|des |pour les |pour chaque |par |au nom (?:de l'|des |d'un ))?eleves?\b"
    r"|(?:saisi(?:r|t|ssent|ssez|ra|ront)|indiqu(?:er|e|ent|ez)|entr(?:er|e|ent|ez)|renseign(?:er|e|ent|ez)|donn(?:er|e|ent|ez))[^.!?;]{0,40}"
    r"(?:son|leurs?|ses|votre|vos|le|les) (?:vrais? )?(?:noms?(?: et prenoms?)?|prenoms?(?: et noms?)?|adresses? (?:mail|e-?mail|electronique)s?|dates? de naissance)\b)"
)
_ADDRESSED = re.compile(
    r"^(?:\d+[.)] ?|[-•] ?)?(?:(?:commence[rz]? par|pensez a|il faut|vous devez|vous devrez|tu dois|tu devras|ensuite,?|puis,?|d'abord,?) )?"
    r"(?:cre(?:e|ez|er)(?:[- ](?:toi|vous))?|ouvr(?:e|ez|ir)|inscri(?:s|vez)[- ](?:toi|vous)|enregistre[z]?[- ](?:toi|vous)|s'inscrire|se creer|vous creer|te creer|vous inscrire|t'inscrire)"
    r"\b[^.!?;]{0,60}(?:comptes?|profils?|inscri|\bsur\b|gratuitement)"
)
_DENIED = re.compile(
    r"\b(?:sans (?:\w+ ){0,3}(?:compte|inscription|creer|creation|s'inscrire|avoir|donner|saisir|adresse)|aucune? (?:\w+ ){0,2}(?:compte|inscription|creation|donnee|eleve|adresse)"
    r"|pas (?:\w+ ){0,5}(?:compte|inscri|cre|besoin|necessaire|demand|saisi|nom|oblig)\w*|n'(?:ont|a|est|auront|aura|avez|etes|exige|utilise|ouvr\w+) (?:\w+ )?(?:pas|aucun|jamais|plus|nul)"
    r"|ne (?:\w+ ){0,3}(?:pas|jamais|aucun|plus)|n'\w+ (?:pas|aucun|jamais)|ni (?:compte|inscription)|interdi\w+|evite[rz]?|eviter|proscri\w+|plutot que|au lieu de|compte de classe|compte (?:de l')?enseignant|compte professeur)\b"
)
_TEACHER = re.compile(r"\b(?:enseignants?|professeurs?|collegues?|formateurs?|inspecteurs?|membres du groupe)\b")


def pupil_accounts(page: Page, report: Report) -> None:
    _asked(page, report)
    _services(page, report)


def _asked(page: Page, report: Report) -> None:
    left, mine = 400, _for_pupils(page)
    for sentence in (each for _, line in page.lines_with(*_WORTH) for each in sentences(line[:5_000])):
        if len(sentence) < 12:
            continue
        words = folded(sentence[:600])
        if _DENIED.search(words) or words.endswith("?"):
            continue
        if _ASKED.search(words) or (mine and _ADDRESSED.search(words) and not _TEACHER.search(words)):
            report.review(
                "pupil_account", "Cette phrase semble demander aux élèves un compte ou leur nom.", Place(sentence)
            )
        left -= 1
        if not left:
            return


_WORTH = ("compte", "inscri", "profil", "adresse", "identifiant", "nom", "avatar", "enregistr", "abonn", "naissance")


def _for_pupils(page: Page) -> bool:
    return bool(re.search(r"\b(?:élèves?|consignes?|vous allez|tu vas|fiche élève)\b", page.text[:50_000], re.I))


def _services(page: Page, report: Report) -> None:
    told: set[str] = set()
    here = host_of(page.address)
    for node in page.all("a", "area"):
        if node.within & (Within.TEMPLATE | Within.FOOTER) or not node.get("href"):
            continue
        address = page.absolute(node.get("href"))
        known = find("accounts", address)
        if known is not None and known.name not in told and host_of(address) != here:
            told.add(known.name)
            report.review(
                "pupil_account",
                f"{known.name} demande ou propose un compte : vérifiez que les élèves s'en servent sans en ouvrir un.",
                node,
            )
    for resource in resources(page):
        known = find("accounts", resource.address) if resource.kind == "cadre" else None
        if known is not None and known.name not in told:
            told.add(known.name)
            report.review(
                "pupil_account",
                f"{known.name} est intégré à la page : vérifiez que les élèves s'en servent sans ouvrir de compte.",
                resource.node,
            )
