from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.calls import messages, policies, queries, rules, states
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.policies import accepts_applications
from traam.programme.journal.actions import record
from traam.programme.people.models import Person


class Stale(Exception):
    """Someone saved after this page was opened. `stored` is what they saved: show both."""

    def __init__(self, stored: Application) -> None:
        super().__init__("Cette candidature a été modifiée pendant que vous l'écriviez.")
        self.stored = stored


def _locked(application: Application) -> Application:
    Application.objects.select_for_update().get(pk=application.pk)
    return queries.application(application.pk)


def _fill(application: Application, values: rules.Values) -> None:
    for name, value in values.items():
        setattr(application, name, value)


def refuse_twin(academy: str, values: rules.Values, but: int | None = None) -> None:
    """Two applications of an academy to a theme differ by their référent or, while they have none, by their titles."""
    theme, email = values["theme"], values["referent_email"]
    same = Application.objects.filter(theme=theme, academy=academy, referent_email__iexact=email)
    twins = [a for a in same.exclude(state="withdrawn").exclude(pk=but or 0) if email or a.titles == values["titles"]]
    if twins and email:
        raise Invalid(
            {
                "referent_email": [
                    f"Une candidature de ce professeur référent ({email}) existe déjà pour le thème « {theme} » : "
                    "modifiez-la, ou retirez-la avant d'en écrire une autre."
                ]
            }
        )
    if twins:
        raise Invalid(
            {
                "titles": [
                    f"Une candidature du même intitulé, sans professeur référent, existe déjà pour le thème "
                    f"« {theme} » : complétez-la, ou donnez un autre intitulé à celle-ci."
                ]
            }
        )


def _store(application: Application, at: datetime) -> None:
    application.changed_at = at
    application.revision += 1
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError:  # written by someone else between our look and our write
        refuse_twin(application.academy, rules.stored(application), application.pk)
        raise


@transaction.atomic
def save_draft(
    campaign: Campaign,
    academy: str,
    raw: Mapping[str, object],
    *,
    application: Application | None = None,
    revision: int | None = None,
    actor: Person,
    at: datetime,
) -> Application:
    """Keep what was typed in the form. A draft may be incomplete; what is there must be well formed.

    `revision` is the one the page was opened on: `Stale` when somebody saved since.
    """
    if application is None:
        policies.may_begin(actor, academy, campaign, at).require()
    else:
        application = _locked(application)
        policies.may_edit(actor, application, at).require()
        if revision is not None and revision != application.revision:
            raise Stale(application)
    if not policies.edits_all(actor, academy, at):
        raw = _keeping_the_academys(raw, application)
    values, errors = rules.examine(campaign, queries.published_themes(campaign), raw)
    if errors:
        raise Invalid(errors)
    return write_application(academy, values, application, actor, at)


def _keeping_the_academys(raw: Mapping[str, object], application: Application | None) -> dict[str, object]:
    """What a teacher sends, with what the academy alone says left as it is."""
    stored = rules.as_cells(application) if application else {}
    return {**raw, **{name: stored.get(name) for name in rules.OF_THE_ACADEMY}}


def write_application(
    academy: str, values: rules.Values, application: Application | None, actor: Person, at: datetime
) -> Application:
    """Write one application already judged: the last step of the form and of a row of the spreadsheet."""
    theme = values["theme"]
    if theme is None:
        raise Invalid({"theme": ["Choisissez un thème de l'appel."]})
    accepts_applications(theme, at).require()
    changed = _changed(application, values)
    if application is not None and not changed:
        return application
    refuse_twin(academy, values, application.pk if application else None)
    if application is None:
        application = Application(academy=academy, created_by=actor, created_at=at, revision=0)
        _fill(application, values)
        _store(application, at)
        record("enter", application, actor=actor, at=at)
        return application
    data: dict[str, object] = {"fields": changed}
    if application.inspector_opinion and not policies.edits_all(actor, academy, at):
        data["opinion_dropped"] = application.inspector_opinion  # it was given on another text
        _set_opinion(application, "", "", None, None)
    _fill(application, values)
    _store(application, at)
    record("change", application, actor=actor, at=at, data=data)
    return application


def _set_opinion(application: Application, opinion: str, comment: str, by: Person | None, at: datetime | None) -> None:
    application.inspector_opinion, application.inspector_comment = opinion, comment
    application.inspector_opinion_by, application.inspector_opinion_at = by, at


def _changed(application: Application | None, values: rules.Values) -> list[str]:
    """The titles of the answers that differ from what is stored."""
    if application is None:
        return []
    return [d.label for d in rules.differences(rules.as_cells(application), rules.cells(values))]


def missing(application: Application) -> dict[str, list[str]]:
    """What an application lacks before it can be forwarded: sentences with their article, by field."""
    errors: dict[str, list[str]] = {}
    for lack in rules.lacks(rules.stored(application), application.theme.campaign):
        if lack.blocking:
            errors.setdefault(lack.field, []).append(lack.sentence)
    return errors


@transaction.atomic
def forward(application: Application, *, actor: Person, at: datetime) -> Application:
    """Send an application up to the national team. It must be complete under its cahier des charges, and, written by
    a teacher, have the opinion of an inspector."""
    application = _locked(application)
    policies.may_move("forward", actor, application, at).require()
    errors = {**missing(application), **_shared_ranks([application]).get(application.pk, {})}
    if errors:
        raise Invalid(errors)
    return _send_up(application, actor, at)


def _send_up(application: Application, actor: Person, at: datetime) -> Application:
    application.forwarded_at = at
    _move(application, "forward", actor, at)
    messages.forwarded(application, actor=actor, at=at)
    return application


def _shared_ranks(applications: Sequence[Application]) -> dict[int, dict[str, list[str]]]:
    """What is wrong with the ranks of applications of one academy that go up: one rank is one application."""
    if not applications:
        return {}
    first = applications[0]
    holders: dict[tuple[int, int | None], list[Application]] = {}
    for one in queries.with_rank(first.theme.campaign, first.academy, applications):
        holders.setdefault((one.theme_id, one.rank), []).append(one)
    found = {}
    for one in applications:
        others = [other for other in holders.get((one.theme_id, one.rank), []) if other.pk != one.pk]
        if others:
            found[one.pk] = {"rank": [f"Deux candidatures ont le rang {one.rank} : l'autre est « {others[0].title} »."]}
    return found


def faults(applications: Sequence[Application]) -> dict[int, list[str]]:
    """What keeps each of these applications of one academy from going up now, by key: sentences."""
    ranks = _shared_ranks(applications)
    found: dict[int, list[str]] = {}
    for one in applications:
        opinion = policies.has_its_opinion(one)
        errors = {**missing(one), **ranks.get(one.pk, {}), **({} if opinion else {"": [opinion.reason]})}
        if errors:
            found[one.pk] = [sentence for several in errors.values() for sentence in several]
    return found


@transaction.atomic
def forward_all(campaign: Campaign, academy: str, *, actor: Person, at: datetime) -> list[Application]:
    """Send up every draft of an academy and what was proposed to its inspectors, or none: what blocks is named.

    What teachers are still writing is not asked to go.
    """
    policies.may_forward_all(actor, academy, campaign, at).require()
    queries.lock(campaign, academy)
    ready = queries.drafts_of(campaign, academy)
    if not ready:
        raise Invalid("Il n'y a aucune candidature à remonter.")
    blocked = faults(ready)
    if blocked:
        titles = {one.pk: f"« {one.title} » ({one.theme})" for one in ready}
        raise Invalid({"": [f"{titles[pk]} : {_first(sentences)}" for pk, sentences in blocked.items()]})
    for application in ready:
        accepts_applications(application.theme, at).require()
        _send_up(application, actor, at)
    return ready


def _first(sentences: Sequence[str]) -> str:
    others = len(sentences) - 1
    more = f" Et {others} autre{'s' if others > 1 else ''} point{'s' if others > 1 else ''}." if others else ""
    return sentences[0] + more


@transaction.atomic
def submit(application: Application, *, actor: Person, at: datetime) -> Application:
    """A teacher proposes her application to the inspector. It must hold all that is hers to say."""
    application = _locked(application)
    policies.may_move("submit", actor, application, at).require()
    errors = {name: found for name, found in missing(application).items() if name not in rules.OF_THE_ACADEMY}
    if errors:
        raise Invalid(errors)
    _move(application, "submit", actor, at)
    messages.proposed(application, actor=actor, at=at)
    return application


@transaction.atomic
def give_inspector_opinion(
    application: Application,
    opinion: str,
    comment: str = "",
    *,
    revision: int | None = None,
    actor: Person,
    at: datetime,
) -> Application:
    """Say what an inspector thinks of an application, or change it until it goes up.

    `opinion` is one of `Application.InspectorOpinion`; unless favourable, it is explained. `revision` is that of the
    text that was read.
    """
    application = _locked(application)
    policies.may_give_inspector_opinion(actor, application, at).require()
    errors: dict[str, list[str]] = {}
    if revision is not None and revision != application.revision:
        errors[""] = ["La candidature a changé depuis que vous l'avez lue : relisez-la, puis confirmez votre avis."]
    if opinion not in Application.InspectorOpinion.values:
        errors["opinion"] = ["Choisissez votre avis : favorable, réservé ou défavorable."]
    elif opinion != Application.InspectorOpinion.FAVOURABLE and not comment.strip():
        errors["comment"] = ["Expliquez votre avis : le DAN et l'auteur s'appuient dessus."]
    if errors:
        raise Invalid(errors)
    _set_opinion(application, opinion, comment.strip(), actor, at)
    application.save(
        update_fields=["inspector_opinion", "inspector_comment", "inspector_opinion_by", "inspector_opinion_at"]
    )
    record("give_inspector_opinion", application, actor=actor, at=at, reason=comment.strip(), data={"opinion": opinion})
    messages.endorsed(application, actor=actor, at=at)
    return application


HIGHEST_RANK = 99


@transaction.atomic
def rank(
    campaign: Campaign, academy: str, ranks: Mapping[int, int | None], *, actor: Person, at: datetime
) -> list[Application]:
    """Order applications of an academy within their themes: `ranks` gives a rank, or None, by key.

    Two applications of a theme never share one, those that are not named included. The errors are by "rank-<key>".
    """
    policies.may_rank(actor, queries.AcademyCall(campaign, reference.academies()[academy]), at).require()
    queries.lock(campaign, academy)
    standing = [one for one in queries.of_academy(campaign, academy) if one.state != "withdrawn"]
    _check_ranks(standing, ranks)
    moved = [one for one in standing if one.pk in ranks and one.rank != ranks[one.pk]]
    for one in moved:
        before, one.rank = one.rank, ranks[one.pk]
        one.revision += 1
        one.save(update_fields=["rank", "revision"])
        record("rank", one, actor=actor, at=at, data={"before": before, "after": one.rank})
    return moved


def _check_ranks(standing: Sequence[Application], ranks: Mapping[int, int | None]) -> None:
    errors: dict[str, list[str]] = {}
    if set(ranks) - {one.pk for one in standing}:
        raise Invalid("Une candidature a été retirée ou n'est pas de cette académie : rechargez la page.")
    held: dict[tuple[int, int], list[Application]] = {}
    for one in standing:
        given = ranks.get(one.pk, one.rank)
        if one.pk in ranks and given is not None and not 1 <= given <= HIGHEST_RANK:
            errors[f"rank-{one.pk}"] = [f"Donnez à « {one.title} » un rang de 1 à {HIGHEST_RANK}."]
        elif given is not None:
            held.setdefault((one.theme_id, given), []).append(one)
    for (_, number), several in held.items():
        if len(several) > 1 and any(one.pk in ranks for one in several):
            said = (
                f"{_COUNTED.get(len(several), len(several))} candidatures ont le rang {number} : gardez-le à une seule."
            )
            errors |= {f"rank-{one.pk}": [said] for one in several if one.pk in ranks}
    if errors:
        raise Invalid(errors)


_COUNTED = {2: "Deux", 3: "Trois", 4: "Quatre"}


@transaction.atomic
def draft_from(previous: Application, theme: Theme, *, actor: Person, at: datetime) -> Application:
    """Write the second year of a team: last year's dossier, copied as a draft of the theme that carries its own on.

    The academy ranks it again, and what the new theme does not ask (an axis it has not) is left out.
    """
    previous = _locked(previous)
    policies.may_carry_on(actor, previous, theme, at).require()
    if theme.continues_id != previous.theme_id:
        raise Invalid(
            f"Le thème « {theme} » ne continue pas « {previous.theme} » : choisissez le thème qui le continue."
        )
    if already := previous.renewals.exclude(state="withdrawn").first():
        raise Invalid(
            f"Cette équipe est déjà renouvelée : « {already.title} » existe dans la campagne {theme.campaign}."
        )
    values = rules.stored(previous)
    values["theme"], values["rank"] = theme, None
    values["axes"] = [n for n in values["axes"] if n <= len(theme.axes)]
    refuse_twin(previous.academy, values)
    application = Application(academy=previous.academy, renews=previous, created_by=actor, created_at=at, revision=0)
    _fill(application, values)
    _store(application, at)
    record("carry_on", application, actor=actor, at=at, data={"renews": previous.pk})
    return application


@transaction.atomic
def take_back(application: Application, *, actor: Person, at: datetime) -> Application:
    """Take back what was proposed to the inspector, to correct it."""
    application = _locked(application)
    policies.may_move("take_back", actor, application, at).require()
    return _move(application, "take_back", actor, at)


@transaction.atomic
def send_back(application: Application, *, actor: Person, at: datetime, reason: str = "") -> Application:
    """Send an application back to the teacher who wrote it, saying what must be mended."""
    application = _locked(application)
    policies.may_move("send_back", actor, application, at).require()
    if not reason.strip():
        raise Invalid({"reason": ["Dites ce qu'il faut reprendre : l'auteur le lira."]})
    _move(application, "send_back", actor, at, reason.strip())
    messages.sent_back(application, reason.strip(), actor=actor, at=at)
    return application


@transaction.atomic
def abandon(application: Application, *, actor: Person, at: datetime) -> Application:
    """Give up a draft."""
    application = _locked(application)
    policies.may_move("abandon", actor, application, at).require()
    return _move(application, "abandon", actor, at)


@transaction.atomic
def recall(application: Application, *, actor: Person, at: datetime) -> Application:
    """Take back a forwarded application to correct it, before the deadline."""
    application = _locked(application)
    policies.may_move("recall", actor, application, at).require()
    application.forwarded_at = None
    return _move(application, "recall", actor, at)


@transaction.atomic
def withdraw(application: Application, *, actor: Person, at: datetime, reason: str = "") -> Application:
    """Withdraw an application for good, saying why; another may then be written for the same référent."""
    application = _locked(application)
    policies.may_move("withdraw", actor, application, at).require()
    if not reason.strip():
        raise Invalid({"reason": ["Dites en une phrase pourquoi vous la retirez : le bureau national la lira."]})
    return _move(application, "withdraw", actor, at, reason.strip())


def _move(application: Application, verb: str, actor: Person, at: datetime, reason: str = "") -> Application:
    application.state = states.APPLICATION.move(verb).target
    application.revision += 1
    application.save(update_fields=["state", "forwarded_at", "revision"])
    record(verb, application, actor=actor, at=at, reason=reason)
    messages.moved(application, at=at)
    return application
