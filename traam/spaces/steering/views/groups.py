"""What all the groups of a campaign still owe their cahier des charges."""

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from traam.design import lists
from traam.design.forms import show
from traam.design.pages import Request, reads
from traam.engines.workflow import Missing, Verdict
from traam.programme.calls.exports import FORMS
from traam.programme.campaigns import policies, queries
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue.queries import published_of
from traam.programme.catalogue.records import edubase_file
from traam.programme.groups.exports import obligations as exports
from traam.programme.groups.queries import Table, owed_in_campaign
from traam.programme.groups.states import GROUP
from traam.programme.people.models import Person
from traam.spaces.steering.wording import GROUP_KINDS


def _asked(request: Request, table: Table) -> tuple[lists.Filters, Table]:
    offered = [lists.select(*one) for one in table.filters]
    filters = lists.read_filters(request, *offered, lists.check("retard", "En retard"))
    return filters, table.matching({one.name: one.value for one in filters})


@reads(find=queries.campaign, may=policies.may_steer, why="group")
def groups(request: Request, campaign: Campaign) -> HttpResponse:
    """The late ones first, then those that something is soonest due from."""
    table = owed_in_campaign(campaign, timezone.localdate(request.at))
    filters, shown = _asked(request, table)
    return show(
        request,
        "steering/groups.html",
        campaign=campaign,
        table=table,
        filters=filters,
        page=lists.page_of(shown.lines, request),
        states=GROUP.states,
        kinds=GROUP_KINDS,
        forms=tuple(FORMS),
    )


def _file(pk: int, form: str) -> tuple[Campaign, str]:
    if form not in FORMS:
        raise Missing("Ce format n'existe pas : choisissez .xlsx, .ods ou .csv.")
    return queries.campaign(pk), form


def _may_have_file(person: Person, wanted: tuple[Campaign, str], at: datetime) -> Verdict:
    return policies.may_steer(person, wanted[0], at)


@reads(find=_file, may=_may_have_file)
def groups_file(request: Request, wanted: tuple[Campaign, str]) -> HttpResponse:
    """The table as a file, filtered as the page is."""
    campaign, form = wanted
    _, shown = _asked(request, owed_in_campaign(campaign, timezone.localdate(request.at)))
    head = {"Content-Disposition": f'attachment; filename="exigences-des-groupes-{campaign.years}.{form}"'}
    data = exports.obligations(shown, f"{campaign.title} - exigences des groupes", form)
    return HttpResponse(data, content_type=FORMS[form][1], headers=head)


@reads(find=queries.campaign, may=policies.may_steer)
def edubase_csv(request: Request, campaign: Campaign) -> HttpResponse:
    """The sheets of Édubase of every scenario of the campaign that is on line."""
    head = {"Content-Disposition": f'attachment; filename="edubase-{campaign.years}.csv"'}
    data = edubase_file(published_of(campaign=campaign.pk), f"{campaign.title} - Édubase", "csv")
    return HttpResponse(data, content_type=FORMS["csv"][1], headers=head)
