"""The `[selection]` of `rules.toml`, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass

from traam.engines.rulebook.articles import Article
from traam.engines.rulebook.book import Limit
from traam.engines.rulebook.reading import Table
from traam.engines.rulebook.sections import read_article, read_id
from traam.engines.rulebook.selection import Criterion, Mark, Proposal, Selection, Setting


@dataclass(frozen=True)
class _Named:
    articles: dict[str, Article]
    limits: Mapping[str, Limit]


def read_selection(root: Table, articles: dict[str, Article], limits: Mapping[str, Limit]) -> Selection:
    table = root.table("selection")
    around = _Named(articles, limits)
    selection = Selection(
        article=read_article(table, articles),
        blind=table.flag("blind"),
        readers_min=table.whole("readers_min"),
        criteria=_criteria(table, articles),
        marks=_marks(table),
        proposal=_proposal(table.table("proposal"), around),
    )
    if table.has("readers_min") and selection.readers_min < 1:
        table.refuse("readers_min", "un dossier a au moins un lecteur")
    table.finish()
    return selection


def _criteria(table: Table, articles: dict[str, Article]) -> tuple[Criterion, ...]:
    taken: set[str] = set()
    criteria = []
    rows = table.rows("criterion")
    for row in rows:
        name, label, question = read_id(row, taken), row.text("label"), row.text("question")
        criteria.append(Criterion(name, label, question, row.whole("weight"), read_article(row, articles)))
        if question and not question.endswith("?"):
            row.refuse("question", f"une question finit par « ? » : « {question} »")
        if isinstance(row.values.get("weight"), int) and criteria[-1].weight < 1:
            row.refuse("weight", "un poids vaut au moins 1")
        row.finish()
    if table.has("criterion") and not rows:
        table.refuse("criterion", "il faut au moins un critère")
    return tuple(criteria)


def _marks(table: Table) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    rows = table.rows("mark")
    for row in rows:
        mark = Mark(row.whole("value"), row.text("label"))
        if mark.value < 0:
            row.refuse("value", "doit être positif ou nul")
        if marks and row.has("value") and mark.value <= marks[-1].value:
            row.refuse("value", f"suit {marks[-1].value} ; l'échelle va de la note la plus basse à la plus haute")
        if mark.label and mark.label in {other.label for other in marks}:
            row.refuse("label", f"« {mark.label} » est déjà pris plus haut")
        marks.append(mark)
        row.finish()
    if table.has("mark") and len(rows) < 2:
        table.refuse("mark", "une échelle compte au moins deux notes")
    return tuple(marks)


def _proposal(table: Table, around: _Named) -> Proposal:
    proposal = Proposal(
        academies_least=_setting(table, "academies_least", around),
        per_region_most=_setting(table, "per_region_most", around),
        per_academy_most=_setting(table, "per_academy_most", around),
        mixed_degrees=_setting(table, "mixed_degrees", around),
        served_academy=_setting(table, "served_academy", around),
        places=_optional(table, "places", around),
        academies_most=_optional(table, "academies_most", around),
        continuing_least=_optional(table, "continuing_least", around),
    )
    most = proposal.academies_most
    if most and most.article and proposal.academies_least.value > most.value:
        table.refuse("academies_least", f"dépasse « academies_most », qui vaut {most.value}")
    table.finish()
    return proposal


def _optional(table: Table, key: str, around: _Named) -> Setting | None:
    if table.has(key):
        return _setting(table, key, around)
    table.raw(key)  # so that a misspelt key is offered this one
    return None


def _setting(table: Table, key: str, around: _Named) -> Setting:
    """`{ limit = "teams_total" }`, or `{ value = 2, article = "B.3" }`."""
    row = table.table(key)
    if row.has("limit"):
        return _from_limit(row, around)
    setting = Setting(row.whole("value"), read_article(row, around.articles)) if table.has(key) else Setting(0, "")
    if setting.value < 0:
        row.refuse("value", "doit être positif ou nul")
    row.finish()
    return setting


def _from_limit(row: Table, around: _Named) -> Setting:
    """A limit brings its own article: giving a value or an article beside it is refused."""
    name = row.text("limit")
    for key in ("value", "article"):
        row.raw(key)
        if row.has(key):
            row.refuse(key, "une limite apporte déjà sa valeur et son article")
    row.finish()
    if not row.named(name, "limit", around.limits, "limite non définie dans [limits]"):
        return Setting(0, "", name)
    return Setting(around.limits[name].value, around.limits[name].article, name)
