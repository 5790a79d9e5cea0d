"""The parts of `rules.toml` other than the rules: edition, calendar, limits, form, productions."""

import re
from collections.abc import Iterable
from datetime import date

from traam.engines.rulebook.amending import contradictions
from traam.engines.rulebook.articles import Article
from traam.engines.rulebook.book import ApplicationField, Control, Edition, Limit, Milestone, ProductionKind, Synthesis
from traam.engines.rulebook.facts import SUBJECTS
from traam.engines.rulebook.reading import Table
from traam.engines.rulebook.topics import TOPICS

# The programme draws its pages and reminders from these; an edition may add others.
CORE_MILESTONES = (
    "call_opens",
    "applications_due",
    "selection",
    "announcement",
    "launch",
    "first_meeting",
    "end",
)

AUDIENCES = {
    "groups": "les groupes de travail du thème",
    "igesr": "l'inspection générale (IGÉSR)",
    "dgesco": "la DGESCO",
    "ih2ef": "l'IH2EF",
}
"""To whom a text may address the national synthesis, in the order it is sent."""

# A year that is not a leap year: a 29 February would not exist every year.
_ORDINARY_YEAR = 2001


def read_id(row: Table, taken: set[str]) -> str:
    """The id of a row, unique among `taken`, to which it is added."""
    name = row.text("id")
    if name and not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        row.refuse("id", f"« {name} » : un identifiant s'écrit en minuscules, chiffres, « - » et « _ »")
    if name in taken:
        row.refuse("id", f"« {name} » est déjà pris plus haut")
    taken.add(name)
    return name


def read_article(row: Table, articles: dict[str, Article]) -> str:
    anchor = row.text("article")
    if anchor and anchor not in articles:
        row.refuse("article", f"l'article « {anchor} » n'existe pas dans text.md")
    return anchor


def read_edition(root: Table, folder_name: str) -> Edition:
    table = root.table("edition")
    edition = Edition(
        id=table.text("id"),
        title=table.text("title"),
        short_title=table.text("short_title"),
        pilot=table.text("pilot"),
        years=table.text("years"),
        duration_years=table.whole("duration_years"),
        renewable=table.flag("renewable"),
        source=table.text("source"),
    )
    if edition.id and edition.id != folder_name:
        table.refuse("id", f"« {edition.id} » n'est pas le nom du dossier, « {folder_name} »")
    if table.has("duration_years") and edition.duration_years not in (1, 2):
        table.refuse("duration_years", "un thème dure 1 ou 2 ans")
    table.finish()
    return edition


def read_calendar(root: Table, articles: dict[str, Article]) -> tuple[Milestone, ...]:
    taken: set[str] = set()
    milestones: list[Milestone] = []
    for row in root.rows("calendar"):
        milestone = _milestone(row, articles, taken)
        if milestone and milestones and milestone.on(_ORDINARY_YEAR) < milestones[-1].on(_ORDINARY_YEAR):
            row.refuse("when", f"tombe avant « {milestones[-1].label} », écrit au-dessus ; suivez l'ordre des dates")
        if milestone:
            milestones.append(milestone)
    for missing in (name for name in CORE_MILESTONES if name not in taken):
        root.refuse("calendar", f"il manque l'échéance « {missing} »")
    return tuple(milestones)


def _milestone(row: Table, articles: dict[str, Article], taken: set[str]) -> Milestone | None:
    name, label, when = read_id(row, taken), row.text("label"), row.text("when")
    offset, said = row.whole("year_offset", default=0), row.text("said", default="")
    article = read_article(row, articles)
    row.finish()
    if not re.fullmatch(r"\d\d-\d\d", when):
        if when:
            row.refuse("when", f"« {when} » : une date s'écrit « mois-jour », par exemple « 03-15 »")
        return None
    month, day = map(int, when.split("-"))
    try:
        date(_ORDINARY_YEAR, month, day)
    except ValueError:
        row.refuse("when", f"« {when} » n'existe pas chaque année (écrit « mois-jour »)")
        return None
    return Milestone(name, label, month, day, offset, article, said)


def read_limits(root: Table, articles: dict[str, Article]) -> dict[str, Limit]:
    table = root.table("limits")
    limits = {}
    for name in table.values:
        row = table.table(name)
        limits[name] = Limit(name, row.whole("value"), read_article(row, articles), row.text("label"))
        if limits[name].value < 0:
            row.refuse("value", "doit être positif ou nul")
        row.finish()
    for low, high in contradictions(limits):
        table.refuse(f"{low}.value", f"dépasse « {high} », qui vaut {limits[high].value}")
    return limits


def read_form(root: Table, articles: dict[str, Article], limits: Iterable[str]) -> tuple[ApplicationField, ...]:
    taken: set[str] = set()
    fields = []
    table = root.table("application")
    for row in table.rows("field"):
        name, label, mandatory = read_id(row, taken), row.text("label"), row.flag("mandatory")
        fact, limit = row.text("fact", default=name), row.text("limit", default="")
        row.named(fact, "fact" if row.has("fact") else "id", SUBJECTS["application"], "fait inconnu")
        row.named(limit, "limit", limits, "limite non définie dans [limits]")
        fields.append(ApplicationField(name, label, mandatory, read_article(row, articles), fact, limit))
        row.finish()
    table.finish()
    return tuple(fields)


def read_kinds(root: Table, articles: dict[str, Article]) -> tuple[ProductionKind, ...]:
    taken: set[str] = set()
    kinds = []
    for row in root.rows("production_kind"):
        kinds.append(ProductionKind(read_id(row, taken), row.text("label"), read_article(row, articles)))
        row.finish()
    return tuple(kinds)


def read_public_minutes(root: Table, articles: dict[str, Article]) -> str:
    """The clause that puts the minutes of national meetings on line: `[minutes] article = "B.8"`, or no such table."""
    if not root.has("minutes"):
        return ""
    table = root.table("minutes")
    anchor = read_article(table, articles)
    table.finish()
    return anchor


def read_synthesis(root: Table, articles: dict[str, Article]) -> Synthesis | None:
    """The table `[synthesis]`: its clause and `sent_to = ["groups", "dgesco"]`; None without the table."""
    if not root.has("synthesis"):
        return None
    table = root.table("synthesis")
    anchor, audiences = read_article(table, articles), table.texts("sent_to")
    for name in audiences:
        table.named(name, "sent_to", AUDIENCES, "destinataire inconnu")
    table.finish()
    return Synthesis(anchor, audiences)


def read_checklist(root: Table, articles: dict[str, Article]) -> tuple[Control, ...]:
    """The tables `[[control]]`: what an inspector answers before a production is published. None is none asked."""
    taken: set[str] = set()
    controls = []
    for row in root.rows("control", optional=True):
        name, question, look = read_id(row, taken), row.text("question"), row.text("look")
        controls.append(Control(name, question, look, read_article(row, articles)))
        row.finish()
    return tuple(controls)


def read_topics(root: Table, articles: dict[str, Article]) -> dict[str, str]:
    """The article of each part of the work: every edition answers for all of them."""
    table = root.table("topics")
    topics = {topic: table.text(topic) for topic in TOPICS}
    for topic, anchor in topics.items():
        if anchor and anchor not in articles:
            table.refuse(topic, f"l'article « {anchor} » n'existe pas dans text.md")
    table.finish()
    return topics
