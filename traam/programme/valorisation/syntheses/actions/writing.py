"""Open a synthesis, write it, cite in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions.models import Review
from traam.programme.valorisation.syntheses import policies, queries, rules, sources, states
from traam.programme.valorisation.syntheses.models import Citation, Synthesis

LONGEST_QUOTE = 2_000


class StaleSynthesis(Exception):
    """Somebody saved after this page was opened. `stored` is what they saved: show both."""

    def __init__(self, stored: Synthesis) -> None:
        super().__init__("Cette synthèse a été modifiée pendant que vous l'écriviez.")
        self.stored = stored


def locked(synthesis: Synthesis) -> Synthesis:
    """The synthesis read again, that nobody else changes before the end of the transaction."""
    Synthesis.objects.select_for_update().get(pk=synthesis.pk)
    return queries.synthesis(synthesis.pk)


@transaction.atomic
def open_synthesis(theme: Theme, *, title: str = "", actor: Person, at: datetime) -> Synthesis:
    """Open the synthesis of a theme. Its figures are there at once: nothing of them is kept before it is submitted."""
    Theme.objects.select_for_update().get(pk=theme.pk)
    theme = campaigns.theme(theme.pk)
    policies.may_open(actor, theme, at).require()
    return _opened([theme], title or f"Synthèse nationale : {theme.title}"[: rules.LONGEST_TITLE], actor, at)


@transaction.atomic
def join_themes(themes: Sequence[Theme], *, title: str, actor: Person, at: datetime) -> Synthesis:
    """Open a transversal synthesis over two themes or more."""
    policies.may_join(actor, at).require()
    found = [campaigns.theme(pk) for pk in dict.fromkeys(theme.pk for theme in themes)]
    errors: dict[str, list[str]] = {}
    if len(found) < 2:
        errors["themes"] = ["Choisissez au moins deux thèmes : celle d'un seul s'ouvre depuis sa page."]
    elif not any(theme_standing(actor, theme, at) & states.AUTHORS for theme in found):
        errors["themes"] = ["Choisissez au moins un thème dont vous êtes l'expert."]
    if not title.strip():
        errors["title"] = ["Donnez un titre à cette synthèse."]
    if errors:
        raise Invalid(errors)
    return _opened(found, title.strip(), actor, at)


def _opened(themes: Sequence[Theme], title: str, actor: Person, at: datetime) -> Synthesis:
    _check_title(title)
    review = Review.objects.create(opened_at=at)
    made = Synthesis.objects.create(review=review, title=title, created_by=actor, created_at=at, changed_at=at)
    made.themes.set(themes)
    record("open", made, actor=actor, at=at, data={"themes": [theme.pk for theme in themes]})
    return queries.synthesis(made.pk)


def _check_title(title: str) -> None:
    if not title.strip():
        raise Invalid({"title": ["Donnez un titre à cette synthèse."]})
    if len(title) > rules.LONGEST_TITLE:
        raise Invalid({"title": [f"Ce titre compte {len(title)} caractères : {rules.LONGEST_TITLE} au plus."]})


@transaction.atomic
def save_synthesis(
    synthesis: Synthesis,
    sections: Mapping[str, str],
    *,
    title: str,
    licence: str,
    nobody_named: bool,
    revision: int,
    actor: Person,
    at: datetime,
) -> Synthesis:
    """Keep the analysis. `revision` is the one the page was opened on: `StaleSynthesis` when somebody saved since."""
    synthesis = locked(synthesis)
    policies.may_edit(actor, synthesis, at).require()
    if revision != synthesis.revision:
        raise StaleSynthesis(synthesis)
    _check(sections, title, licence)
    synthesis.sections = {key: sections[key].strip() for key in rules.TITLES if sections.get(key, "").strip()}
    synthesis.title, synthesis.licence, synthesis.nobody_named = title.strip(), licence, nobody_named
    synthesis.revision += 1
    synthesis.changed_at = at
    synthesis.save()
    record("save", synthesis, actor=actor, at=at, data={"revision": synthesis.revision})
    return synthesis


def _check(sections: Mapping[str, str], title: str, licence: str) -> None:
    _check_title(title)
    errors = {
        key: [f"Cette partie compte {len(text)} caractères : {rules.LONGEST_SECTION} au plus."]
        for key, text in sections.items()
        if len(text) > rules.LONGEST_SECTION
    }
    errors |= {key: ["Cette partie n'existe pas dans une synthèse."] for key in sections if key not in rules.TITLES}
    if licence and licence not in reference.licences():
        errors["licence"] = ["Choisissez la licence dans la liste."]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def cite(synthesis: Synthesis, key: str, section: str, words: str, *, actor: Person, at: datetime) -> Citation:
    """Take words of a source ("bilan:3", "test:5"), word for word. They are shown where `{{ citation:n }}` is written.

    `Invalid` when they are not there; `Missing` for a source of another theme.
    """
    synthesis = locked(synthesis)
    policies.may_edit(actor, synthesis, at).require()
    source = sources.find(synthesis.theme_list, key)
    part = source.part(section)
    words = " ".join(words.split())
    if not words:
        raise Invalid({"words": ["Copiez ici le passage à citer, ou sélectionnez-le dans le texte."]})
    if len(words) > LONGEST_QUOTE:
        raise Invalid({"words": [f"Ce passage compte {len(words)} caractères : citez-en {LONGEST_QUOTE} au plus."]})
    if not sources.holds(part.text, words):
        raise Invalid(
            {"words": [f"Ces mots ne sont pas dans « {part.title} » : une citation reprend la source mot pour mot."]}
        )
    kind, _, number = key.partition(":")
    last = Citation.objects.filter(synthesis=synthesis).aggregate(last=Max("number"))["last"] or 0
    made = Citation.objects.create(
        synthesis=synthesis,
        number=last + 1,
        bilan_id=int(number) if kind == "bilan" else None,
        test_id=int(number) if kind == "test" else None,
        section=section,
        version=source.version,
        words=words,
        source=_where(source, part)[:300],
        added_by=actor,
        added_at=at,
    )
    record("cite", synthesis, actor=actor, at=at, data={"source": key, "section": section, "number": made.number})
    return made


def _where(source: sources.Source, part: sources.Part) -> str:
    version = f", version {source.version}" if source.version else ""
    return f"{source.title}, partie « {part.title} »{version}"


@transaction.atomic
def remove_citation(synthesis: Synthesis, number: int, *, actor: Person, at: datetime) -> None:
    """Take a citation away. Where the text still calls it, the page says so."""
    synthesis = locked(synthesis)
    policies.may_edit(actor, synthesis, at).require()
    for one in Citation.objects.filter(synthesis=synthesis, number=number):
        record("remove_citation", synthesis, actor=actor, at=at, reason=one.words, data={"number": number})
        one.delete()
