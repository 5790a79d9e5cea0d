"""A synthesis put on line, corrected by an erratum, taken off line. Who may is asked by `valorisation`, which calls."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.catalogue.models import PublicSynthesis, PublicTheme
from traam.programme.catalogue.naming import check_nobody_named
from traam.programme.catalogue.syntheses.content import Content
from traam.programme.journal.actions import Actor, record

LONGEST_ERRATUM = 2_000


@transaction.atomic
def publish(
    source_key: str,
    content: Content,
    *,
    themes: Iterable[int],
    version: int,
    licence: str,
    names: Iterable[str],
    actor: Actor,
    at: datetime,
) -> PublicSynthesis:
    """Put a copy on line, in the place of the version before. `themes` are numbers of campaigns' themes; `names` those
    of the people who took part: `Invalid` when the text names one, gives an address, or when a theme has no page."""
    keys = [f"theme:{pk}" for pk in themes]
    pages = list(PublicTheme.objects.filter(source_key__in=keys))
    if len(pages) < len(keys):
        raise Invalid("Un des thèmes n'a pas encore de page publique : la synthèse attend qu'elle existe.")
    check_nobody_named(
        "La synthèse",
        "\n".join([content.title, *_texts(content)]),
        names,
        name_away="reprenez la rédaction et écrivez sa fonction à la place.",
        address_away="reprenez la rédaction et retirez-la.",
    )
    public, _ = PublicSynthesis.objects.update_or_create(
        source_key=source_key,
        defaults={
            "state": PublicSynthesis.State.PUBLISHED,
            "version": version,
            "title": content.title,
            "stored": content.stored(),
            "licence": licence,
            "errata": [],
            "reason": "",
            "published_on": at.date(),
            "changed_at": at,
        },
    )
    public.themes.set(pages)
    record("publish_synthesis", public, actor=actor, at=at, data={"version": version})
    return public


def _texts(content: Content) -> Iterable[str]:
    for section in content.sections:
        yield from (block.text for block in section.blocks)
    yield from (quote.words for quote in content.quotes)


@transaction.atomic
def add_erratum(public: PublicSynthesis, text: str, *, actor: Actor, at: datetime) -> PublicSynthesis:
    """Say what is wrong in what is on line, under its title, with the day."""
    public = PublicSynthesis.objects.select_for_update().get(pk=public.pk)
    text = text.strip()
    if not text:
        raise Invalid({"text": ["Dites ce qui était faux, et ce qu'il faut lire à la place."]})
    if len(text) > LONGEST_ERRATUM:
        raise Invalid({"text": [f"Cet erratum compte {len(text)} caractères : {LONGEST_ERRATUM} au plus."]})
    public.errata = [*public.errata, {"on": at.date().isoformat(), "text": text}]
    public.changed_at = at
    public.save(update_fields=["errata", "changed_at"])
    record("correct_synthesis", public, actor=actor, at=at, reason=text)
    return public


@transaction.atomic
def withdraw(public: PublicSynthesis, reason: str, *, actor: Actor, at: datetime) -> PublicSynthesis:
    """Take a synthesis off line; its address goes on saying that it was there, and why it is not."""
    public = PublicSynthesis.objects.select_for_update().get(pk=public.pk)
    if not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi la synthèse est retirée : la page publique l'expliquera."]})
    public.state, public.reason, public.changed_at = PublicSynthesis.State.WITHDRAWN, reason.strip(), at
    public.save(update_fields=["state", "reason", "changed_at"])
    record("withdraw_synthesis", public, actor=actor, at=at, reason=reason)
    return public
