"""The columns of the files, and what each notice puts in them."""

from collections.abc import Callable, Iterable
from typing import Any

from traam import reference
from traam.engines.datasets import Column, Row
from traam.interop.api.things import site
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.records import identifier

Get = Callable[[Notice], Any]


def _names(codes: Iterable[str]) -> list[str]:
    return [reference.academies()[code].name for code in codes]


def _slugs(codes: Iterable[str]) -> list[str]:
    return [reference.academies()[code].slug for code in codes]


_TABLE: tuple[tuple[Column, Get], ...] = (
    (Column("id", "Numéro", "integer", "Numéro de la notice, pour toujours.", True), lambda n: n.pk),
    (Column("oai", "Identifiant OAI", "text", "Identifiant dans le dépôt OAI-PMH.", True), identifier),
    (Column("url", "Adresse", "text", "Page de la notice.", True), lambda n: site("public:notice", n.pk)),
    (Column("title", "Titre", "text", "Titre.", True), lambda n: n.title),
    (Column("summary", "Résumé", "text", "Résumé, en texte simple."), lambda n: n.summary or None),
    (Column("years", "Années", "text", "Année ou années du travail."), lambda n: n.years or None),
    (Column("theme_id", "Numéro du thème", "integer", "Numéro du thème."), lambda n: n.theme_id),
    (Column("theme", "Thème", "text", "Intitulé du thème."), lambda n: n.theme.title if n.theme else None),
    (
        Column("academies", "Académies (identifiants)", "texts", "Identifiants des académies qui l'ont produit."),
        lambda n: _slugs(n.academies),
    ),
    (
        Column("academy_names", "Académies", "texts", "Noms des mêmes académies."),
        lambda n: _names(n.academies),
    ),
    (Column("disciplines", "Disciplines (codes)", "texts", "Codes des disciplines."), lambda n: n.disciplines),
    (Column("discipline_labels", "Disciplines", "texts", "Leurs libellés."), lambda n: n.discipline_labels),
    (Column("levels", "Niveaux (codes)", "texts", "Codes ScoLOMFR des niveaux."), lambda n: n.levels),
    (
        Column("level_labels", "Niveaux", "texts", "Leurs libellés, ou le niveau tel qu'une source ancienne l'écrit."),
        lambda n: n.level_labels or [text for text in [n.level_text] if text],
    ),
    (Column("competences", "Compétences du CRCN", "texts", "Codes des compétences."), lambda n: n.competences),
    (Column("tools", "Outils", "texts", "Outils et services employés."), lambda n: n.tools),
    (
        Column("duration_minutes", "Durée", "integer", "Durée en minutes, si elle est dite."),
        lambda n: n.duration_minutes,
    ),
    (Column("authors", "Auteurs", "text", "Comme ils souhaitent être nommés."), lambda n: n.authors or None),
    (
        Column("licence", "Licence", "text", "Code de la licence de la ressource ; vide si elle n'est pas précisée."),
        lambda n: n.licence or None,
    ),
    (Column("source_url", "Source", "text", "Où le travail est publié."), lambda n: n.source_url or None),
    (Column("edubase_number", "Fiche Édubase", "integer", "Numéro de la fiche."), lambda n: n.edubase_number),
    (
        Column("tested_by", "Testé par", "texts", "Identifiants des académies qui l'ont testé en classe."),
        lambda n: _slugs(n.tested_by),
    ),
    (
        Column("archived", "Archive", "boolean", "Vrai pour un travail antérieur à la plateforme.", True),
        lambda n: n.archived,
    ),
    (
        Column("version", "Version", "integer", "Version publiée ; vide pour une archive."),
        lambda n: None if n.archived else n.version,
    ),
    (
        Column("published_on", "Publié le", "date", "Jour de la publication ; vide pour une archive."),
        lambda n: n.published_on,
    ),
    (Column("datestamp", "Modifié le", "moment", "Dernier changement, en UTC.", True), lambda n: n.datestamp),
)
COLUMNS = tuple(column for column, _ in _TABLE)


def row(notice: Notice) -> Row:
    return [get(notice) for _, get in _TABLE]
