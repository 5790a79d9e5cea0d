"""The end of a call comes: the applications that their academy has not sent up."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import localtime

from traam import reference
from traam.programme.calls import queries
from traam.programme.campaigns import queries as campaign_queries
from traam.programme.campaigns.models import Campaign
from traam.programme.letters.actions import Line
from traam.programme.letters.deadlines import LATE, stage, tell
from traam.programme.people.models import Role
from traam.programme.people.queries import by_academy

SCOPE = "deadline:applications"
NOT_SENT_UP = ("draft", "to_endorse", "endorsed")


def tell_deadlines(*, at: datetime) -> None:
    """To the DANs whose applications are not sent up when the call is about to end, or has just ended."""
    tell(SCOPE, [line for campaign in campaign_queries.open_calls() for line in _lines(campaign, at)], at=at)


def _lines(campaign: Campaign, at: datetime) -> Iterator[Line]:
    due = campaign.on("applications_due")
    told = stage(due, localtime(at).date()) if due else ""
    if not told:
        return
    dans = by_academy(Role.DAN, at)
    counts = queries.counts_by_stage([campaign], dans)
    for code, people in dans.items():
        stages = counts.get((campaign.pk, code), Counter())
        count, academy = sum(stages[each] for each in NOT_SENT_UP), reference.academies()[code]
        for dan in people if count else ():
            yield Line(
                key=f"{SCOPE}:{campaign.pk}:{due}:{told}:{code}:{dan.pk}",
                to=dan.pk,
                text=_said(count, academy.of_name, campaign, late=told == LATE),
                label="Voir les candidatures",
                address=f"/academie/{academy.slug}/campagnes/{campaign.pk}",
                due=due,
            )


def _said(count: int, of_name: str, campaign: Campaign, *, late: bool) -> str:
    what = f"{count} candidatures ne sont pas remontées" if count > 1 else "Une candidature n'est pas remontée"
    after = " Pour une remontée tardive, écrivez au bureau national." if late else ""
    return f"{what} : académie {of_name}, {campaign}.{after}"
