"""The parts of the work a screen may be about, so that each can open the article that asks for it."""

from collections.abc import Mapping

TOPICS: Mapping[str, str] = {
    "call": "l'appel à candidatures et ses thèmes",
    "application": "le dossier de candidature",
    "inspector_opinion": "l'avis de l'inspecteur",
    "forwarding": "le classement et la remontée par le DAN",
    "amendment": "un avenant au cahier des charges",
    "renewal": "la reconduction d'une année sur l'autre",
    "opinion": "la lecture et les avis des lecteurs",
    "selection": "le choix des académies",
    "pairing": "l'association des académies d'un thème",
    "announcement": "l'annonce des décisions",
    "group": "le groupe académique",
    "meeting": "les réunions",
    "agreement": "l'accord du DASEN ou de l'inspecteur",
    "scenario": "l'écriture d'un scénario",
    "class_test": "la mise à l'essai en classe",
    "module": "le module de formation",
    "bilan": "le bilan académique",
    "support": "les supports de communication",
    "synthesis": "la synthèse nationale d'un thème",
    "review": "la relecture avant publication",
    "release": "la publication",
    "openness": "la lecture sans s'identifier",
    "accessibility": "l'accessibilité des ressources",
    "service": "le service fait",
    "rights": "les droits d'usage et les données personnelles",
}
