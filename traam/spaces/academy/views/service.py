"""Service fait of an academy: what its inspectors planned and attested, what its DAN sends to the payment service."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import show
from traam.design.hundredths import euros, written
from traam.design.pages import Request, reads, writes
from traam.design.typography import plural
from traam.engines import ledger
from traam.engines.workflow import Invalid
from traam.programme.groups.actions import service as actions
from traam.programme.groups.exports import service as exports
from traam.programme.groups.policies import service as policies
from traam.programme.groups.policies.service import AcademyService
from traam.programme.groups.queries import service as queries
from traam.programme.groups.queries.envelopes import of_campaign
from traam.programme.groups.queries.service import Totals


@reads(find=queries.academy_service, may=policies.may_follow, why="service")
def service(request: Request, found: AcademyService) -> HttpResponse:
    """Where each group stands, the totals of each period, and the file once something was sent."""
    groups = queries.of_academy(found)
    periods = [
        (period, Totals.of(group.periods[period.number] for group in groups))
        for period in queries.periods(found.campaign)
    ]
    lines, last = queries.head(found.campaign, found.academy.code)
    envelopes = of_campaign(found.campaign)
    return show(
        request,
        "academy/service.html",
        service=found,
        groups=groups,
        periods=periods,
        taken={period.number: envelopes.of(period.number, found.academy.code) for period, _ in periods},
        amount=ledger.amount,
        written=written,
        euros=euros,
        send=policies.may_send(request.user, found, request.at),
        exports=bool(policies.may_export(request.user, found, request.at)),
        forms=tuple(exports.FORMS),
        lines=lines,
        last=last,
    )


@writes(find=queries.academy_service, may=policies.may_send, why="service")
def send_service(request: Request, found: AcademyService) -> HttpResponse:
    """Read what leaves, line by line, then send it: what was sent is never changed."""
    assert found.period is not None  # noqa: S101 - the address has a number
    refusal = ""
    if request.method == "POST":
        try:
            stamp = request.POST.get("stamp", "none")
            lines = actions.send(found.period, found, stamp=stamp, actor=request.user, at=request.at)
        except Invalid as invalid:
            refusal = str(invalid)
        else:
            said = plural(len(lines), "ligne envoyée", "lignes envoyées")
            messages.success(request, f"{said}. Prenez le fichier .csv pour le service de paye.")
            return redirect("academy:service", found.academy.slug, found.campaign.pk)
    rows = [(share, queries.to_be_sent(share)) for share in queries.to_send(found, found.period)]
    response = show(
        request,
        "academy/service_send.html",
        service=found,
        period=found.period,
        rows=rows,
        total=sum(leaving.quantity for _, leaving in rows),
        cents=sum(leaving.cents or 0 for _, leaving in rows),
        stamp=queries.stamp(share for share, _ in rows),
        written=written,
        euros=euros,
        refusal=refusal,
        back=reverse("academy:service", args=[found.academy.slug, found.campaign.pk]),
    )
    response.status_code = 422 if refusal else 200
    return response


@reads(find=queries.academy_service, may=policies.may_export)
def service_file(request: Request, found: AcademyService) -> HttpResponse:
    """The lines of the academy, as the payment service loads them."""
    form, media = exports.FORMS.get(request.GET.get("format", ""), exports.FORMS["csv"])
    name = f"service-fait-{found.academy.slug}-{found.campaign.years}.{form}"
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(exports.of_campaign(found.campaign, form, found.academy.code), content_type=media, headers=head)


@reads(may=policies.may_verify)
def verifier(request: Request) -> HttpResponse:
    """The script that proves a file, for whoever receives one."""
    head = {"Content-Disposition": 'attachment; filename="verificateur.py"'}
    return HttpResponse(ledger.source(), content_type="text/x-python; charset=utf-8", headers=head)
