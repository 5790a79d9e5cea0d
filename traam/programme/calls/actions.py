from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from traam.engines.workflow import Invalid
from traam.programme.calls import policies, queries, rules, states
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
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
        policies.may_enter(actor, academy, campaign, at).require()
    else:
        application = _locked(application)
        policies.may_edit(actor, application, at).require()
        if revision is not None and revision != application.revision:
            raise Stale(application)
    values, errors = rules.examine(campaign, queries.published_themes(campaign), raw)
    if errors:
        raise Invalid(errors)
    return write_application(academy, values, application, actor, at)


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
    verb = "change" if application else "enter"
    application = application or Application(academy=academy, created_by=actor, created_at=at, revision=0)
    _fill(application, values)
    _store(application, at)
    record(verb, application, actor=actor, at=at, data={"fields": changed} if verb == "change" else None)
    return application


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
    """Send an application up to the national team. It must be complete under its cahier des charges."""
    application = _locked(application)
    policies.may_move("forward", actor, application, at).require()
    errors = missing(application)
    if errors:
        raise Invalid(errors)
    application.forwarded_at = at
    return _move(application, "forward", actor, at)


@transaction.atomic
def forward_all(campaign: Campaign, academy: str, *, actor: Person, at: datetime) -> list[Application]:
    """Send up every draft of an academy, or none: the incomplete ones are named."""
    policies.may_forward_all(actor, academy, campaign, at).require()
    drafts = queries.drafts_of(campaign, academy)
    if not drafts:
        raise Invalid("Il n'y a aucun brouillon à remonter.")
    faults = {a: missing(a) for a in drafts}
    sentences = [f"« {a.title} » ({a.theme}) : {_first(errors)}" for a, errors in faults.items() if errors]
    if sentences:
        raise Invalid({"": sentences})
    return [forward(application, actor=actor, at=at) for application in drafts]


def _first(errors: Mapping[str, list[str]]) -> str:
    sentences = [sentence for several in errors.values() for sentence in several]
    others = len(sentences) - 1
    return sentences[0] + (
        "" if not others else f" Et {others} autre{'s' if others > 1 else ''} point{'s' if others > 1 else ''}."
    )


@transaction.atomic
def submit(application: Application, *, actor: Person, at: datetime) -> Application:
    """A teacher proposes her application to the inspector. It must be complete under its cahier des charges."""
    application = _locked(application)
    policies.may_move("submit", actor, application, at).require()
    errors = missing(application)
    if errors:
        raise Invalid(errors)
    return _move(application, "submit", actor, at)


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
    return _move(application, "send_back", actor, at, reason.strip())


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
    return application
