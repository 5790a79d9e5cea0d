"""Service fait of a campaign: its two periods, the totals of every academy, the lines sent and their proof."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam.design.forms import DateField, PageForm, apply_invalid, show
from traam.design.hundredths import HundredthsField, euros, written
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Campaign
from traam.programme.campaigns.policies import may_steer
from traam.programme.campaigns.queries import campaign as find_campaign
from traam.programme.groups.actions import service as actions
from traam.programme.groups.actions.service import PeriodValues
from traam.programme.groups.exports import service as exports
from traam.programme.groups.models import ServicePeriod
from traam.programme.groups.policies import service as policies
from traam.programme.groups.queries import envelopes
from traam.programme.groups.queries import service as queries
from traam.programme.groups.queries.service import Totals

NUMBERS = (1, 2)
"""A campaign pays in two times (article B.10 of 2014)."""


@reads(find=find_campaign, may=may_steer, why="service")
def service(request: Request, campaign: Campaign) -> HttpResponse:
    rows = queries.by_academy(campaign)
    periods = [(p, Totals.of(row.periods[p.number] for row in rows)) for p in queries.periods(campaign)]
    lines, last = queries.head(campaign)
    proved = request.GET.get("verifier") == "oui"
    return show(
        request,
        "steering/service.html",
        campaign=campaign,
        periods=periods,
        rows=rows,
        envelopes=envelopes.of_campaign(campaign),
        lines=lines,
        last=last,
        proof=queries.proof(campaign) if proved else None,
        may_set=policies.may_set_periods(request.user, campaign, request.at),
        written=written,
        euros=euros,
        forms=tuple(exports.FORMS),
    )


@reads(find=find_campaign, may=may_steer)
def service_file(request: Request, campaign: Campaign) -> HttpResponse:
    """Every line sent for a campaign."""
    form, media = exports.FORMS.get(request.GET.get("format", ""), exports.FORMS["csv"])
    head = {"Content-Disposition": f'attachment; filename="service-fait-{campaign.years}.{form}"'}
    return HttpResponse(exports.of_campaign(campaign, form), content_type=media, headers=head)


def _name(rank: str) -> forms.CharField:
    return forms.CharField(label=f"Nom du {rank} temps", max_length=100)


def _unit(rank: str) -> forms.ChoiceField:
    choices = ServicePeriod.Unit.choices
    return forms.ChoiceField(label=f"Unité du {rank} temps", choices=choices, widget=forms.RadioSelect)


def _rate(rank: str) -> HundredthsField:
    hint = "Ce que vaut une unité. Vide : les montants ne sont pas calculés."
    return HundredthsField(label=f"Taux du {rank} temps, en euros", required=False, help_text=hint)


class PeriodsForm(PageForm):
    """Both periods: `label_1`, `since_1`, …, `rate_2`."""

    label_1, label_2 = _name("premier"), _name("second")
    since_1, since_2 = DateField(label="Début du premier temps"), DateField(label="Début du second temps")
    until_1, until_2 = DateField(label="Fin du premier temps"), DateField(label="Fin du second temps")
    unit_1, unit_2 = _unit("premier"), _unit("second")
    rate_1, rate_2 = _rate("premier"), _rate("second")

    def __init__(self, campaign: Campaign, known: list[ServicePeriod], *args: Any, **options: Any) -> None:
        super().__init__(*args, initial=_initial(campaign, known), **options)

    @property
    def numbers(self) -> tuple[int, ...]:
        return NUMBERS

    def periods(self) -> list[PeriodValues]:
        """What was typed, once the form is valid."""
        return [
            PeriodValues(
                label=self.cleaned_data[f"label_{n}"].strip(),
                since=self.cleaned_data[f"since_{n}"],
                until=self.cleaned_data[f"until_{n}"],
                unit=self.cleaned_data[f"unit_{n}"],
                rate_cents=self.cleaned_data[f"rate_{n}"],
            )
            for n in NUMBERS
        ]


def _initial(campaign: Campaign, known: list[ServicePeriod]) -> dict[str, Any]:
    """What is stored; else a first time until the end of the year, a second until the end of the school year."""
    year = campaign.first_year
    stored = {period.number: period for period in known}
    first = {"label": "Premier temps", "since": date(year, 9, 1), "until": date(year, 12, 31)}
    second = {"label": "Second temps", "since": date(year + 1, 1, 1), "until": date(year + 1, 7, 5)}
    return {
        f"{name}_{number}": value
        for number, proposed in zip(NUMBERS, (first, second), strict=True)
        for name, value in _values(stored.get(number), proposed).items()
    }


def _values(period: ServicePeriod | None, proposed: dict[str, Any]) -> dict[str, Any]:
    if period is None:
        return {**proposed, "unit": ServicePeriod.Unit.HOURS.value}
    names = ("label", "since", "until", "unit")
    return {name: getattr(period, name) for name in names} | {"rate": period.rate_cents}


@writes(find=find_campaign, may=policies.may_set_periods, why="service")
def service_periods(request: Request, campaign: Campaign) -> HttpResponse:
    form = PeriodsForm(campaign, queries.periods(campaign), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_periods(campaign, form.periods(), actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Les périodes de service sont enregistrées : les inspecteurs peuvent prévoir.")
            return redirect("steering:service", campaign.pk)
    return show(request, "steering/service_periods.html", form, campaign=campaign)
