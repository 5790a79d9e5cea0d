"""The bilans académiques on line: put there by the inspector, read by everyone, with nobody named."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from traam.engines.wordprocessing import Paper
from traam.engines.workflow import Invalid, Missing, Verdict, allow_if, refuse
from traam.programme.catalogue.models import PublicBilan, PublicTheme
from traam.programme.catalogue.naming import check_nobody_named
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions import bilan_papers, bilan_tables, queries
from traam.programme.productions.bilan_rules import SECTIONS
from traam.programme.productions.models import Bilan
from traam.programme.productions.policies import standing
from traam.programme.productions.queries import bilans

PUBLISHERS = frozenset({"inspector", "national"})


def may_publish(person: Person, bilan: Bilan, at: datetime) -> Verdict:
    """Put the validated version on line."""
    if not standing(person, bilan, at) & PUBLISHERS:
        return refuse("Un bilan est mis en ligne par l'inspecteur du groupe ou par le bureau national.")
    if bilan.state != "validated":
        return refuse("Le bilan n'est pas validé : il ne peut pas être mis en ligne.")
    public = of_bilan(bilan)
    return allow_if(
        public is None or public.state == PublicBilan.State.WITHDRAWN or public.version < bilan.version,
        "Cette version du bilan est déjà en ligne.",
    )


def may_withdraw(person: Person, bilan: Bilan, at: datetime) -> Verdict:
    if not standing(person, bilan, at) & PUBLISHERS:
        return refuse("Un bilan est retiré par l'inspecteur du groupe ou par le bureau national.")
    public = of_bilan(bilan)
    return allow_if(public and public.state == PublicBilan.State.PUBLISHED, "Ce bilan n'est pas en ligne.")


@transaction.atomic
def publish(bilan: Bilan, *, actor: Person, at: datetime) -> PublicBilan:
    """Put a copy of the last version on the public pages of its theme and of its academy.

    `Invalid` when its text names somebody of the group or gives an electronic address.
    """
    Bilan.objects.select_for_update().get(pk=bilan.pk)
    bilan = bilans.bilan(bilan.pk)
    may_publish(actor, bilan, at).require()
    version = queries.last_version(bilan)
    theme = PublicTheme.objects.filter(source_key=f"theme:{bilan.group.application.theme_id}").first()
    if version is None or theme is None:
        raise Invalid("Le thème de ce groupe n'a pas encore de page publique : le bilan attend qu'elle existe.")
    facts = {**version.content["facts"], "named": []}
    written: Mapping[str, str] = version.content["sections"]
    sections = [[title, written[key]] for key, title, _, _ in SECTIONS if written.get(key, "").strip()]
    _check_names(bilan, "\n".join(text for _, text in sections))
    public, _ = PublicBilan.objects.update_or_create(
        source_key=f"bilan:{bilan.pk}",
        defaults={
            "theme": theme,
            "academy": bilan.group.academy,
            "state": PublicBilan.State.PUBLISHED,
            "version": bilan.version,
            "sections": sections,
            "facts": facts,
            "licence": version.content["licence"],
            "reason": "",
            "published_on": at.date(),
            "changed_at": at,
        },
    )
    record("publish_bilan", bilan, actor=actor, at=at, data={"version": bilan.version})
    return public


def _check_names(bilan: Bilan, text: str) -> None:
    check_nobody_named(
        "Le bilan",
        text,
        [member.person.name for member in bilan.group.members.all()],
        name_away="renvoyez-le, qu'on y écrive sa fonction à la place.",
        address_away="renvoyez-le, qu'on la retire.",
    )


@transaction.atomic
def withdraw(bilan: Bilan, *, reason: str, actor: Person, at: datetime) -> PublicBilan:
    """Take a bilan off line; its address goes on saying that it was there, and why it is not."""
    Bilan.objects.select_for_update().get(pk=bilan.pk)
    bilan = bilans.bilan(bilan.pk)
    may_withdraw(actor, bilan, at).require()
    if not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi le bilan est retiré : la page publique l'expliquera."]})
    public = PublicBilan.objects.get(source_key=f"bilan:{bilan.pk}")
    public.state, public.reason, public.changed_at = PublicBilan.State.WITHDRAWN, reason.strip(), at
    public.save(update_fields=["state", "reason", "changed_at"])
    record("withdraw_bilan", bilan, actor=actor, at=at, reason=reason)
    return public


# --- what the public reads


def of_bilan(bilan: Bilan) -> PublicBilan | None:
    return PublicBilan.objects.filter(source_key=f"bilan:{bilan.pk}").first()


def public_bilan(pk: int) -> PublicBilan:
    try:
        return PublicBilan.objects.select_related("theme__call").get(pk=pk)
    except PublicBilan.DoesNotExist:
        raise Missing("Ce bilan n'existe pas.") from None


def of_theme(theme: PublicTheme) -> list[PublicBilan]:
    """Those on line, by the name of the academy."""
    rows = PublicBilan.objects.filter(theme=theme, state=PublicBilan.State.PUBLISHED).select_related("theme")
    return sorted(rows, key=lambda row: row.academy_known.slug)


def of_academy(codes: set[str]) -> list[PublicBilan]:
    """Those on line of these academies, the latest first."""
    rows = PublicBilan.objects.filter(academy__in=codes, state=PublicBilan.State.PUBLISHED).select_related("theme")
    return list(rows.order_by("-published_on", "-pk"))


def figures(public: PublicBilan) -> list[tuple[int, str]]:
    return bilan_tables.figures(public.facts)


def tables(public: PublicBilan) -> list[bilan_tables.Table]:
    return bilan_tables.tables(public.facts)


def paper(public: PublicBilan) -> Paper:
    """The public bilan as a text that one may go on writing."""
    keys = {title: key for key, title, _, _ in SECTIONS}
    sections = {keys[title]: text for title, text in public.sections if title in keys}
    return bilan_papers.paper(public.facts, sections, dated=public.published_on)
