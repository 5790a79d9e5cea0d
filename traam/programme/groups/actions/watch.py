from datetime import datetime

from django.db import transaction

from traam.engines.sharing import BadAddress, BadTags, likeness, normal, read_tags
from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Theme
from traam.programme.groups import policies, queries
from traam.programme.groups.models import Group, WatchItem
from traam.programme.journal.actions import record
from traam.programme.people.models import Person

LONGEST_TITLE, LONGEST_WHY = 200, 1000


@transaction.atomic
def share_watch(
    group: Group, *, address: str, title: str, why: str, tags: str = "", actor: Person, at: datetime
) -> WatchItem:
    """Share an address with the whole theme. `tags` are typed, separated by commas. Nothing is fetched."""
    theme = group.application.theme
    Theme.objects.select_for_update().get(pk=theme.pk)  # two people share the same address at the same time
    policies.may_share(actor, queries.group(group.pk), at).require()
    there = queries.watch_of_theme(theme)
    address, chosen = _checked(address, title, why, tags, there)
    item = WatchItem.objects.create(
        group=group,
        address=address,
        title=title.strip(),
        why=why.strip(),
        tags=chosen,
        shared_by=actor,
        shared_at=at,
    )
    record("share_watch", group, actor=actor, at=at, data={"item": item.pk, "address": address})
    return item


def _checked(address: str, title: str, why: str, tags: str, there: list[WatchItem]) -> tuple[str, list[str]]:
    """The address and the tags in form; raises `Invalid` with every fault."""
    errors: dict[str, list[str]] = {}
    chosen: list[str] = []
    if not title.strip():
        errors["title"] = ["Donnez le titre de la page, tel qu'un collègue le cherchera."]
    elif len(title.strip()) > LONGEST_TITLE:
        errors["title"] = [f"Ce titre compte {len(title.strip())} caractères : {LONGEST_TITLE} au plus."]
    if not why.strip():
        errors["why"] = ["Dites en une phrase pourquoi cette page compte pour le thème."]
    elif len(why.strip()) > LONGEST_WHY:
        errors["why"] = [f"Ce texte compte {len(why.strip())} caractères : {LONGEST_WHY} au plus."]
    try:
        address = normal(address)
    except BadAddress as bad:
        errors["address"] = [str(bad)]
    else:
        if same := next((item for item in there if likeness(item.address) == likeness(address)), None):
            errors["address"] = [
                f"Cette adresse est déjà dans la veille du thème : « {same.title} », partagée par "
                f"{same.shared_by.name} le {same.shared_at:%d/%m/%Y}."
            ]
    try:
        chosen = read_tags(tags, [tag for item in there for tag in item.tags])
    except BadTags as bad:
        errors["tags"] = [str(bad)]
    if errors:
        raise Invalid(errors)
    return address, chosen


@transaction.atomic
def remove_watch(item: WatchItem, *, actor: Person, at: datetime) -> None:
    """Take an address out of the watch; the journal keeps what it was."""
    policies.may_remove_watch(actor, item, at).require()
    data = {"address": item.address, "title": item.title, "shared_by": item.shared_by_id}
    record("remove_watch", item.group, actor=actor, at=at, data=data)
    WatchItem.objects.filter(pk=item.pk).delete()
