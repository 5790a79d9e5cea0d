from datetime import datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.catalogue.information import policies, queries, rules
from traam.programme.catalogue.information.models import Content, InformationPage, InformationRevision
from traam.programme.catalogue.information.queries import Written
from traam.programme.journal.actions import Actor, record
from traam.programme.people.models import Person


class Stale(Invalid):
    """Somebody saved the page meanwhile: `theirs` is what they wrote."""

    def __init__(self, theirs: InformationRevision) -> None:
        super().__init__(
            f"Cette page a été enregistrée entre-temps par {theirs.saved_by}. Votre texte est encore dans le "
            "formulaire : comparez les deux, puis enregistrez."
        )
        self.theirs = theirs


@transaction.atomic
def write(slug: str, content: Content, *, actor: Person, at: datetime) -> Written:
    """Begin a page: a draft at an address that will stay."""
    policies.may_write(actor, at).require()
    errors = rules.faults(content)
    if not rules.SLUG.fullmatch(slug):
        errors["slug"] = ["L'adresse s'écrit avec des minuscules sans accent, des chiffres et des tirets."]
    elif InformationPage.objects.filter(slug=slug).exists():
        errors["slug"] = ["Une autre page a déjà cette adresse : choisissez-en une autre."]
    if errors:
        raise Invalid(errors)
    return add(slug, content, actor=actor, at=at)


@transaction.atomic
def revise(written: Written, content: Content, *, on: int, actor: Person, at: datetime) -> Written:
    """Save a page over its revision `on`. The public goes on reading the one that was published."""
    policies.may_edit(actor, written, at).require()
    InformationPage.objects.select_for_update().get(pk=written.page.pk)
    now = queries.written(written.page.slug)
    if now.last.number != on:
        raise Stale(now.last)
    errors = rules.faults(content)
    if errors:
        raise Invalid(errors)
    if content == now.last.content:
        return now
    return add(written.page.slug, content, actor=actor, at=at)


@transaction.atomic
def add(slug: str, content: Content, *, actor: Actor, at: datetime, imported: bool = False) -> Written:
    """One revision more, of a page that may be new. For the actions of this step: nothing is asked here."""
    page, new = InformationPage.objects.select_for_update().get_or_create(slug=slug, defaults={"changed_at": at})
    page.last, page.changed_at = page.last + 1, at
    row = InformationRevision.objects.create(
        page=page,
        number=page.last,
        stored=content.stored(),
        imported=imported,
        saved_by=actor.label[:200],
        saved_at=at,
    )
    page.save(update_fields=["last", "changed_at"])
    record("write" if new else "save", page, actor=actor, at=at, data={"version": row.number, "imported": imported})
    return Written(page, row)


@transaction.atomic
def publish(written: Written, *, actor: Person, at: datetime) -> InformationPage:
    """Show the last revision to everybody."""
    page = InformationPage.objects.select_for_update().get(pk=written.page.pk)
    now = queries.written(page.slug)
    policies.may_publish(actor, now, at).require()
    page.state, page.shown, page.reason, page.changed_at = InformationPage.State.PUBLISHED, now.last, "", at
    page.published_on = page.published_on or at.date()
    page.save()
    record("publish", page, actor=actor, at=at, data={"version": now.last.number})
    return page


@transaction.atomic
def withdraw(written: Written, reason: str, *, actor: Person, at: datetime) -> InformationPage:
    """Take a page off line. Its address then says why."""
    page = InformationPage.objects.select_for_update().get(pk=written.page.pk)
    policies.may_withdraw(actor, queries.written(page.slug), at).require()
    if not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi cette page est retirée : son adresse le dira."]})
    page.state, page.reason, page.changed_at = InformationPage.State.WITHDRAWN, reason.strip(), at
    page.save()
    record("withdraw", page, actor=actor, at=at, reason=page.reason)
    return page
