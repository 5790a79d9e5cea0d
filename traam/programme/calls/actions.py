from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from traam.engines.workflow import Invalid
from traam.programme.calls import policies, queries, rules, states
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


def _fill(application: Application, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        if name != "theme":
            setattr(application, name, value)


def _refuse_duplicate(theme: Theme, academy: str, email: str, but: int | None) -> None:
    same = Application.objects.filter(theme=theme, academy=academy, referent_email__iexact=email)
    if email and same.exclude(state="withdrawn").exclude(pk=but or 0).exists():
        raise Invalid(
            {
                "referent_email": [
                    f"Une candidature de ce professeur référent ({email}) existe déjà pour le thème « {theme} » : "
                    "modifiez-la, ou retirez-la avant d'en écrire une autre."
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
        _refuse_duplicate(application.theme, application.academy, application.referent_email, application.pk)
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
    themes = queries.open_themes(campaign)
    values, errors = rules.examine(campaign, themes, raw, complete=False)
    if errors:
        raise Invalid(errors)
    return write_application(academy, values, application, actor, at)


def write_application(
    academy: str, values: Mapping[str, object], application: Application | None, actor: Person, at: datetime
) -> Application:
    """Write one application already judged: the last step of the form and of a row of the spreadsheet."""
    theme = values["theme"]
    if not isinstance(theme, Theme):
        raise Invalid({"theme": ["Choisissez un thème de l'appel."]})
    accepts_applications(theme, at).require()
    _refuse_duplicate(theme, academy, str(values["referent_email"]), application.pk if application else None)
    verb = "change" if application else "enter"
    application = application or Application(academy=academy, created_by=actor, created_at=at, revision=0)
    application.theme = theme
    _fill(application, values)
    _store(application, at)
    record(verb, application, actor=actor, at=at)
    return application


def missing(application: Application, at: datetime) -> dict[str, list[str]]:
    """What an application lacks before it can be forwarded: sentences with their article, by field."""
    campaign = application.theme.campaign
    raw = rules.as_cells(application)
    _, errors = rules.examine(campaign, [application.theme], raw, complete=True)
    return errors


@transaction.atomic
def forward(application: Application, *, actor: Person, at: datetime) -> Application:
    """Send an application up to the national team. It must be complete under its cahier des charges."""
    application = _locked(application)
    policies.may_move("forward", actor, application, at).require()
    errors = missing(application, at)
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
    faults = {a: missing(a, at) for a in drafts}
    sentences = [f"{a.theme} : {a.title} : {_first(errors)}" for a, errors in faults.items() if errors]
    if sentences:
        raise Invalid({"": sentences})
    return [forward(application, actor=actor, at=at) for application in drafts]


def _first(errors: Mapping[str, list[str]]) -> str:
    sentences = [sentence for several in errors.values() for sentence in several]
    return sentences[0] + (f" (et {len(sentences) - 1} autre(s) point(s))" if len(sentences) > 1 else "")


@transaction.atomic
def recall(application: Application, *, actor: Person, at: datetime) -> Application:
    """Take back a forwarded application to correct it, before the deadline."""
    application = _locked(application)
    policies.may_move("recall", actor, application, at).require()
    application.forwarded_at = None
    return _move(application, "recall", actor, at)


@transaction.atomic
def withdraw(application: Application, *, actor: Person, at: datetime, reason: str = "") -> Application:
    """Withdraw an application for good; another may then be written for the same référent."""
    application = _locked(application)
    policies.may_move("withdraw", actor, application, at).require()
    return _move(application, "withdraw", actor, at, reason)


def _move(application: Application, verb: str, actor: Person, at: datetime, reason: str = "") -> Application:
    application.state = states.APPLICATION.move(verb).target
    application.revision += 1
    application.save(update_fields=["state", "forwarded_at", "revision"])
    record(verb, application, actor=actor, at=at, reason=reason)
    return application
