"""What a campaign amounts to: its indicators, its alerts, the years beside one another, two campaigns compared."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from traam.design import pdf
from traam.design.pages import Request, reads
from traam.engines import tilemap
from traam.engines.workflow import Missing
from traam.programme.calls.exports import FORMS
from traam.programme.campaigns import policies
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Campaign
from traam.programme.indicators import exports, queries
from traam.programme.indicators.alerts import KINDS
from traam.programme.indicators.definitions import PARTS
from traam.programme.people.policies import is_national

DRAWN = ("forwarded", "retained", "academies", "people", "scenarios", "tested_elsewhere", "published", "readings")
"""The indicators drawn as bars over the years; the table has them all."""


@reads(may=is_national)
def indicators(request: Request) -> HttpResponse:
    """The campaigns beside one another."""
    known, lines = queries.years()
    context = {
        "campaigns": known,
        "lines": lines,
        "parts": PARTS,
        "drawn": [line for line in lines if line.indicator.id in DRAWN],
        "forms": tuple(FORMS),
    }
    return render(request, "steering/indicators.html", context)


def _form(form: str) -> str:
    if form not in FORMS:
        raise Missing("Ce format n'existe pas : choisissez .xlsx, .ods ou .csv.")
    return form


@reads(find=_form, may=lambda person, form, at: is_national(person, at))
def indicators_file(request: Request, form: str) -> HttpResponse:
    head = {"Content-Disposition": f'attachment; filename="indicateurs.{form}"'}
    return HttpResponse(exports.indicators(*queries.years(), form), content_type=FORMS[form][1], headers=head)


@reads(may=is_national)
def compare(request: Request) -> HttpResponse:
    """Two campaigns; the two latest until others are chosen."""
    known = queries.campaigns()
    asked = [request.GET.get(name, "") for name in ("premiere", "seconde")]
    chosen = [next((one for one in known if str(one.pk) == value), None) for value in asked]
    first, second = (one or latest for one, latest in zip(chosen, [None, None, *known][-2:], strict=True))
    pair, lines = queries.compare(first.pk, second.pk) if first and second else ([], [])
    context = {"campaigns": known, "pair": pair, "lines": lines, "parts": PARTS}
    return render(request, "steering/indicators_compare.html", context)


@reads(find=campaigns.campaign, may=policies.may_steer)
def campaign_indicators(request: Request, campaign: Campaign) -> HttpResponse:
    year = queries.year(campaign, request.at)
    context = {
        "campaign": campaign,
        "year": year,
        "parts": PARTS,
        "kinds": KINDS,
        "board": tilemap.board(year.academies, "candidature retenue", "candidatures retenues"),
        "pdf": pdf.available(),
    }
    return render(request, "steering/campaign_indicators.html", context)


@reads(find=campaigns.campaign, may=policies.may_steer)
def campaign_report(request: Request, campaign: Campaign) -> HttpResponse:
    """The indicators of a campaign beside those of the one before, for whoever asks for two pages."""
    known = [one for one in queries.campaigns() if one.pk != campaign.pk and one.first_year < campaign.first_year]
    before = queries.compare(known[-1].pk, campaign.pk) if known and campaign.state != "draft" else None
    year = queries.year(campaign, request.at)
    context = {
        "campaign": campaign,
        "year": year,
        "parts": PARTS,
        "kinds": KINDS,
        "before": before,
        "day": timezone.localdate(request.at),
    }
    name = f"rapport-{campaign.years}.pdf"
    return pdf.pdf(request, "steering/campaign_report.html", context, filename=name, dated=request.at)
