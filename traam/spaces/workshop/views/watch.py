"""The watch of a theme: what its groups read that matters. Addresses are shown, never fetched."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design import kept, lists
from traam.design.forms import attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.sharing import folded
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.groups import actions, policies, queries
from traam.programme.groups.models import Group, WatchItem
from traam.programme.groups.queries.front import SHOWN, Front
from traam.programme.people.models import Person
from traam.spaces.workshop.sharing_forms import WatchForm
from traam.spaces.workshop.views.progress import trail
from traam.spaces.workshop.views.writing import forget, found


def host(address: str) -> str:
    """Where a link leads, as people say it."""
    return urlsplit(address).netloc.removeprefix("www.")


def summary(front: Front, person: Person, at: datetime) -> Mapping[str, Any]:
    """The last things shared in the theme, for the front page of a group."""
    return {
        "items": front.watch[:SHOWN],
        "total": len(front.watch),
        "host": host,
        "may_share": policies.may_share(person, front.group, at),
    }


@reads(find=campaigns.theme, may=policies.may_read_watch, why="group")
def watch(request: Request, theme: Theme) -> HttpResponse:
    everything = queries.watch_of_theme(theme)
    filters = lists.read_filters(
        request,
        lists.search("q", "Rechercher"),
        lists.select("mot", "Mot-clé", _tags(everything), "Tous les mots-clés"),
    )
    found = queries.watch_of_theme(theme, filters["q"], filters["mot"]) if filters else everything
    mine = [one for one in queries.of_person(request.user) if one.application.theme_id == theme.pk]
    context = {
        "theme": theme,
        "filters": filters,
        "total": len(everything),
        "page": lists.page_of(found, request),
        "mine": [one for one in mine if policies.may_share(request.user, one, request.at)],
        "removable": _removable(request.user, mine, request.at),
        "person": request.user,
        "host": host,
        "folded": folded,
    }
    return render(request, "workshop/watch.html", context)


def _tags(items: list[WatchItem]) -> list[tuple[str, str]]:
    """The words of a theme, the most used first."""
    counted = Counter(tag for item in items for tag in item.tags)
    return [(folded(tag), f"{tag} ({count})") for tag, count in sorted(counted.items(), key=lambda p: (-p[1], p[0]))]


def _removable(person: Person, mine: list[Group], at: datetime) -> dict[int, bool]:
    """The groups of the person that are not over: whether she may take away all of their items, or her own."""
    return {
        one.pk: "referent" in policies.standing(person, one, at) for one in mine if policies.may_share(person, one, at)
    }


@kept.keeping
@writes(find=queries.group, may=policies.may_share, why="group")
def share_watch(request: Request, group: Group) -> HttpResponse:
    place = f"group:{group.pk}:watch"
    theme = group.application.theme
    back = reverse("workshop:watch", args=[theme.pk])
    form = WatchForm(posted(request))
    if done := attempt(request, form, lambda given: actions.share_watch(group, **given)):
        forget(request, place)
        messages.success(request, f"« {done.made.title} » est dans la veille du thème.")
        return redirect(back)
    again = found(request, place, form)
    return show(
        request,
        "workshop/sharing_form.html",
        form,
        again=again,
        place=place,
        title="Ajouter à la veille du thème",
        introduction=f"Tous les groupes du thème « {theme} » la lisent.",
        submit_label="Ajouter à la veille",
        cancel=back,
        trail=[*trail(group), ("Veille du thème", back)],
    )


@writes(find=queries.watch_item, may=policies.may_remove_watch, why="group")
def remove_watch(request: Request, item: WatchItem) -> HttpResponse:
    back = reverse("workshop:watch", args=[item.group.application.theme_id])
    if request.method == "POST":
        actions.remove_watch(item, actor=request.user, at=request.at)
        messages.success(request, f"« {item.title} » n'est plus dans la veille.")
        return redirect(back)
    return show(
        request,
        "workshop/confirm.html",
        title="Retirer de la veille",
        introduction=f"« {item.title} », partagé par {item.shared_by.name}, ne sera plus lu par les groupes du thème.",
        submit_label="Retirer de la veille",
        cancel=back,
        trail=[*trail(item.group), ("Veille du thème", back)],
    )
