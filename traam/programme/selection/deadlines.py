"""The selection comes: the dossiers whose readers have not given their opinion."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import localtime

from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.letters.actions import Line
from traam.programme.letters.deadlines import stage, tell
from traam.programme.selection import readers

SCOPE = "deadline:opinions"


def tell_deadlines(*, at: datetime) -> None:
    """To the readers who owe opinions when the selection is about to be made, or was to be."""
    judged = Campaign.objects.filter(state__in=["open", "closed"], announcement__isnull=True).order_by("pk")
    tell(SCOPE, [line for campaign in judged for line in _lines(campaign, at)], at=at)


def _lines(campaign: Campaign, at: datetime) -> Iterator[Line]:
    due = campaign.on("selection") or campaign.on("announcement")
    told = stage(due, localtime(at).date()) if due else ""
    if not told:
        return
    titles = dict(Theme.objects.filter(campaign=campaign).values_list("pk", "title"))
    for (theme, reader), count in sorted(readers.waiting(campaign, at).items()):
        what = f"{count} dossiers attendent votre avis" if count > 1 else "Un dossier attend votre avis"
        yield Line(
            key=f"{SCOPE}:{theme}:{due}:{told}:{reader}",
            to=reader,
            text=f"{what} : thème « {titles[theme]} ».",
            label="Donner mon avis",
            address=f"/evaluation/themes/{theme}",
            due=due,
        )
