"""The tables of the open data: the columns of each, and what each row puts in them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from traam import reference
from traam.engines.datasets import Column, Row
from traam.interop.api import reports, things
from traam.interop.api.fields import Thing
from traam.interop.api.things import site
from traam.programme.catalogue import listing
from traam.programme.catalogue.records import identifier
from traam.programme.catalogue.syntheses import queries as synthesised
from traam.programme.catalogue.syntheses import records

Cells = tuple[tuple[Column, Callable[[Any], Any]], ...]


@dataclass(frozen=True)
class Table:
    """`name` is that of its files; `rows` gives what is told, in order; `whole` tells a row in JSON Lines."""

    name: str
    title: str
    says: str
    cells: Cells
    rows: Callable[[], Iterable[Any]]
    whole: Thing

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column for column, _ in self.cells)

    def row(self, told: Any) -> Row:
        return [get(told) for _, get in self.cells]


def _names(codes: Iterable[str]) -> list[str]:
    return [reference.academies()[code].name for code in codes]


def _slugs(codes: Iterable[str]) -> list[str]:
    return [reference.academies()[code].slug for code in codes]


_NOTICES: Cells = (
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
_THEMES: Cells = (
    (Column("id", "Numéro", "integer", "Numéro du thème.", True), lambda t: t.pk),
    (Column("url", "Adresse", "text", "Page du thème.", True), lambda t: site("public:theme", t.pk)),
    (Column("title", "Titre", "text", "Intitulé.", True), lambda t: t.title),
    (Column("years", "Années", "text", "Année ou années du travail."), lambda t: t.years or None),
    (Column("call_id", "Numéro de l'appel", "integer", "Vide pour un thème de l'archive."), lambda t: t.call_id),
    (Column("framing", "Cadrage", "text", "Cadrage."), lambda t: t.framing or None),
    (Column("axes", "Axes", "texts", "Axes de travail."), lambda t: [str(axis) for axis in t.axes]),
    (Column("degree", "Degré", "text", "Degré d'enseignement, s'il est connu."), lambda t: t.degree_label or None),
    (
        Column("transversal", "Transversal", "boolean", "Vrai s'il traverse les disciplines.", True),
        lambda t: t.transversal,
    ),
    (Column("disciplines", "Disciplines (codes)", "texts", "Codes des disciplines."), lambda t: t.disciplines),
    (Column("discipline_labels", "Disciplines", "texts", "Leurs libellés."), lambda t: t.discipline_labels),
    (
        Column("academies", "Académies (identifiants)", "texts", "Identifiants des académies retenues ou connues."),
        lambda t: _slugs(t.academies),
    ),
    (Column("academy_names", "Académies", "texts", "Noms des mêmes académies."), lambda t: _names(t.academies)),
    (
        Column("continues_id", "Suite de", "integer", "Pour une seconde année, numéro du thème de la première."),
        lambda t: t.continues_id,
    ),
    (
        Column("research", "Recherche", "texts", "Groupes de recherche (GTnum) reliés au thème."),
        lambda t: [row["name"] for row in t.research],
    ),
    (
        Column("research_urls", "Pages de recherche", "texts", "Leurs pages, dans le même ordre."),
        lambda t: [row["address"] for row in t.research],
    ),
    (
        Column("uncertain", "À vérifier", "texts", "Noms des informations déduites ou non vérifiées."),
        lambda t: t.uncertain,
    ),
    (Column("changed_at", "Modifié le", "moment", "Dernier changement, en UTC.", True), lambda t: t.changed_at),
)
_SYNTHESES: Cells = (
    (Column("id", "Numéro", "integer", "Numéro de la synthèse, pour toujours.", True), lambda s: s.pk),
    (Column("url", "Adresse", "text", "Page de la synthèse.", True), lambda s: site("public:synthesis", s.pk)),
    (Column("title", "Titre", "text", "Titre.", True), lambda s: s.title),
    (
        Column("summary", "Résumé", "text", "Ses premiers mots, en texte simple."),
        lambda s: records.as_notice(s).summary or None,
    ),
    (
        Column("theme_ids", "Numéros des thèmes", "texts", "Numéros de ses thèmes."),
        lambda s: [str(theme.pk) for theme in synthesised.themes_of(s)],
    ),
    (
        Column("themes", "Thèmes", "texts", "Intitulés des mêmes thèmes."),
        lambda s: [theme.title for theme in synthesised.themes_of(s)],
    ),
    (Column("years", "Années", "texts", "Années de ces thèmes."), records.years),
    (
        Column("disciplines", "Disciplines (codes)", "texts", "Codes des disciplines de ces thèmes."),
        lambda s: [one.code for one in records.disciplines(s)],
    ),
    (
        Column("discipline_labels", "Disciplines", "texts", "Leurs libellés."),
        lambda s: [one.label for one in records.disciplines(s)],
    ),
    (
        Column("figures", "Chiffres essentiels", "texts", "Comptés par la plateforme ; JSON Lines les définit."),
        lambda s: [f"{one.value} {one.label}" for one in synthesised.content(s).essential],
    ),
    (Column("licence", "Licence", "text", "Code de sa licence, si elle est précisée."), lambda s: s.licence or None),
    (Column("version", "Version", "integer", "Version en ligne.", True), lambda s: s.version),
    (Column("published_on", "Publiée le", "date", "Jour de la mise en ligne.", True), lambda s: s.published_on),
    (Column("changed_at", "Modifiée le", "moment", "Dernier changement, en UTC.", True), lambda s: s.changed_at),
)
_RESULTS: Cells = (
    (Column("id", "Numéro", "integer", "Numéro.", True), lambda r: r.pk),
    (Column("national", "National", "boolean", "Vrai quand il vaut pour la nation.", True), lambda r: r.national),
    (Column("years", "Année", "text", "Année.", True), lambda r: r.years),
    (Column("disciplines", "Disciplines (codes)", "texts", "Codes des disciplines."), lambda r: r.disciplines),
    (
        Column("discipline_text", "Discipline", "text", "Comme la page l'écrit ; vide pour toutes."),
        lambda r: r.discipline_text or None,
    ),
    (
        Column("academies", "Académies (identifiants)", "texts", "Identifiants des académies qui ont participé."),
        lambda r: _slugs(r.academies),
    ),
    (Column("academy_names", "Académies", "texts", "Noms des mêmes académies."), lambda r: _names(r.academies)),
    (
        Column("academies_note", "Note sur les académies", "text", "Ce que la page en dit d'autre."),
        lambda r: r.academies_note or None,
    ),
    (Column("productions", "Productions", "text", "Comme la page le dit."), lambda r: r.productions or None),
    (
        Column("production_count", "Nombre de productions", "integer", "S'il est dit."),
        lambda r: r.production_count,
    ),
    (Column("tests", "Tests", "text", "Comme la page le dit."), lambda r: r.tests or None),
    (Column("test_count", "Nombre de tests", "integer", "S'il est dit."), lambda r: r.test_count),
    (Column("difficulties", "Difficultés", "text", "Difficultés dites."), lambda r: r.difficulties or None),
    (
        Column("source_url", "Source", "text", "La page de l'époque ; elle peut ne plus répondre.", True),
        lambda r: r.source_url,
    ),
    (
        Column("uncertain", "À vérifier", "texts", "Noms des informations qui n'ont pas été vues, ou pas en entier."),
        lambda r: r.uncertain,
    ),
    (Column("changed_at", "Modifié le", "moment", "Dernier changement, en UTC.", True), lambda r: r.changed_at),
)
NOTICES = Table(
    "notices",
    "Notices",
    "Les scénarios pédagogiques publiés par les groupes académiques TraAM depuis 2006 : un par ligne, avec ses "
    "disciplines, niveaux, compétences du CRCN, académies et licence.",
    _NOTICES,
    listing.every_notice,
    things.WHOLE_NOTICE,
)
THEMES = Table(
    "themes",
    "Thèmes",
    "Les thèmes de travail depuis 2006 : un par ligne, avec ses académies et les groupes de recherche qui lui sont "
    "reliés.",
    _THEMES,
    listing.every_theme,
    things.THEME,
)
SYNTHESES = Table(
    "syntheses",
    "Synthèses nationales",
    "Les synthèses nationales en ligne : une par ligne, avec ses thèmes et ses chiffres essentiels.",
    _SYNTHESES,
    listing.every_synthesis,
    reports.WHOLE_SYNTHESIS,
)
RESULTS = Table(
    "resultats",
    "Résultats des années passées",
    "Ce que les pages de l'époque disent des résultats d'une année, pour la nation ou une académie : une page et une "
    "discipline par ligne.",
    _RESULTS,
    listing.every_past_result,
    reports.RESULT,
)
TABLES: Mapping[str, Table] = {table.name: table for table in (NOTICES, THEMES, SYNTHESES, RESULTS)}
