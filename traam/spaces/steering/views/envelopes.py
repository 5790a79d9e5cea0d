"""The envelopes of service fait: what the national team gives each academy to share out over each period."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam import reference
from traam.design.forms import PageForm, apply_invalid, show
from traam.design.hundredths import HundredthsField
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Campaign
from traam.programme.campaigns.queries import campaign as find_campaign
from traam.programme.groups.actions import envelopes as actions
from traam.programme.groups.models import ServicePeriod
from traam.programme.groups.policies import service as policies
from traam.programme.groups.queries import envelopes as queries
from traam.programme.groups.queries.envelopes import Allotment
from traam.programme.groups.queries.service import periods as periods_of


class EnvelopesForm(PageForm):
    """`default_<period>` for every academy, `own_<academy>_<period>` for one of them, then whether it is a limit."""

    def __init__(
        self,
        periods: Sequence[ServicePeriod],
        academies: Sequence[reference.Academy],
        known: Mapping[int, Allotment],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.periods, self.academies = periods, academies
        for period in periods:
            one = known.get(period.number, Allotment())
            self._add(f"default_{period.number}", f"{period.label}, en {_unit(period)}", one.default)
        for academy in academies:
            for period in periods:
                one = known.get(period.number, Allotment())
                self._add(_name(academy, period), f"{academy.name}, {period.label}", one.own.get(academy.code))
        self.fields["strict"] = forms.BooleanField(
            label="Refuser ce qui dépasse une enveloppe",
            required=False,
            initial=any(period.strict for period in periods),
            help_text="Sinon, un dépassement est dit à l'inspecteur, au DAN et au bureau, sans être refusé.",
        )

    def _add(self, name: str, label: str, initial: int | None) -> None:
        self.fields[name] = HundredthsField(label=label, required=False, initial=initial)

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The name of each academy, with the names of its fields."""
        return [(one.name, [_name(one, period) for period in self.periods]) for one in self.academies]

    def allotments(self) -> dict[int, Allotment]:
        """What was typed, by number of period; an empty field says nothing."""
        typed = self.cleaned_data
        return {
            period.number: Allotment(
                default=typed[f"default_{period.number}"],
                own={
                    academy.code: typed[_name(academy, period)]
                    for academy in self.academies
                    if typed[_name(academy, period)] is not None
                },
            )
            for period in self.periods
        }


def _unit(period: ServicePeriod) -> str:
    return period.get_unit_display().lower()


def _name(academy: reference.Academy, period: ServicePeriod) -> str:
    return f"own_{academy.code}_{period.number}"


@writes(find=find_campaign, may=policies.may_set_envelopes, why="service")
def service_envelopes(request: Request, campaign: Campaign) -> HttpResponse:
    periods, known = periods_of(campaign), queries.allotments(campaign)
    if not periods:
        messages.info(request, "Fixez d'abord les deux périodes de service : une enveloppe est celle d'une période.")
        return redirect("steering:service_periods", campaign.pk)
    form = EnvelopesForm(periods, queries.academies_of(campaign), known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            strict = form.cleaned_data["strict"]
            actions.set_envelopes(campaign, form.allotments(), strict=strict, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Les enveloppes sont enregistrées : chaque académie voit ce qui lui reste.")
            return redirect("steering:service", campaign.pk)
    return show(request, "steering/service_envelopes.html", form, campaign=campaign)
