"""A waiver comes to its end: who granted it is told a month before."""

from datetime import datetime, timedelta

from django.utils.timezone import localtime

from traam.programme.letters.actions import Line
from traam.programme.letters.deadlines import tell
from traam.programme.publication.models import Waiver

ENDING = "deadline:waiver"
BEFORE = timedelta(days=30)


def tell_waivers(*, at: datetime) -> None:
    """Told once, thirty days before the day, or as soon as it was granted when there are fewer. One query."""
    today = localtime(at).date()
    ending = Waiver.objects.filter(ended_at=None, until__gte=today, until__lte=today + BEFORE)
    tell(ENDING, [_line(waiver) for waiver in ending.select_related("scenario").order_by("until", "pk")], at=at)


def _line(waiver: Waiver) -> Line:
    return Line(
        key=f"{ENDING}:{waiver.pk}:{waiver.granted_by_id}",
        to=waiver.granted_by_id,
        text=f"Une dérogation que vous avez accordée à « {waiver.scenario} » prend fin bientôt : {waiver.reason}",
        label="Voir les dérogations",
        address=f"/evaluation/scenarios/{waiver.scenario_id}/derogations",
        due=waiver.until,
    )
