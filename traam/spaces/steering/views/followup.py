"""Following a call: what the academies send up."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from traam import reference
from traam.design import lists
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, reads, writes
from traam.design.typography import agree, plural
from traam.engines.workflow import Invalid
from traam.programme.calls import exports, reminders
from traam.programme.calls import policies as call_policies
from traam.programme.calls import queries as calls
from traam.programme.calls.queries import Answer
from traam.programme.campaigns import policies, queries
from traam.programme.campaigns.models import Campaign
from traam.programme.people import queries as people
from traam.programme.people.models import Person, Role
from traam.spaces.steering.reminding import RemindForm

COUNTED = {"drafts": ("draft", "writing"), "proposed": ("to_endorse", "endorsed"), "forwarded": ("forwarded",)}
"""The figures of the page, and the stages of each."""


@dataclass(frozen=True)
class AcademyRow:
    """What an academy answers, and whom to write to there."""

    answer: Answer
    contacts: tuple[Person, ...]

    @property
    def academy(self) -> reference.Academy:
        return self.answer.academy


@reads(find=queries.campaign, may=policies.may_steer, why="call")
def followup(request: Request, campaign: Campaign) -> HttpResponse:
    """Who has answered, by academy and by theme, as it happens."""
    themes = calls.published_themes(campaign)
    answers = calls.answers(campaign)
    contacts = people.by_academy(Role.DAN, request.at)
    filters = _filters(request, answers)
    kept = [answer for answer in answers if _asked(answer, filters)]
    up = [(a.academy.name, [a.number("forwarded", theme=t.pk) for t in themes]) for a in kept if a.forwarded]
    return show(
        request,
        "steering/followup.html",
        campaign=campaign,
        filters=filters,
        rows=[AcademyRow(answer, tuple(contacts.get(answer.academy.code, ()))) for answer in kept],
        up=up,
        titles=[theme.title for theme in themes],
        answered=sum(bool(answer.forwarded) for answer in answers),
        silent=sum(not answer.forwarded for answer in answers),
        totals={name: sum(a.number(*stages) for a in kept) for name, stages in COUNTED.items()},
        total=sum(answer.forwarded for answer in answers),
        due=campaign.on("applications_due"),
        today=timezone.localdate(request.at),
        now=request.at,
        live=campaign.state == "open" and request.GET.get("direct") != "non",
        polled=request.headers.get("HX-Trigger") == "suivi",
        may_remind=call_policies.may_remind(request.user, campaign, request.at),
        forms=tuple(exports.FORMS),
    )


def _filters(request: Request, answers: list[Answer]) -> lists.Filters:
    regions = sorted({answer.academy.region for answer in answers if answer.academy.region})
    return lists.read_filters(
        request,
        lists.select("region", "Région", [(region, region) for region in regions], "Toutes les régions"),
        lists.check("muettes", "Rien remonté"),
    )


def _asked(answer: Answer, filters: lists.Filters) -> bool:
    return filters["region"] in {"", answer.academy.region} and not (filters["muettes"] and answer.forwarded)


@reads(find=queries.campaign, may=policies.may_steer)
def export(request: Request, campaign: Campaign) -> HttpResponse:
    """All that went up, as a spreadsheet."""
    form, media = exports.FORMS.get(request.GET.get("format", ""), exports.FORMS["xlsx"])
    head = {"Content-Disposition": f'attachment; filename="candidatures-{campaign.years}.{form}"'}
    return HttpResponse(exports.of_campaign(campaign, form), content_type=media, headers=head)


@writes(find=queries.campaign, may=call_policies.may_remind, why="call")
def remind(request: Request, campaign: Campaign) -> HttpResponse:
    """Choose the academies and the words, read what would leave, then write the letters."""
    form = RemindForm(calls.answers(campaign), reminders.default_message(campaign), request.POST or None)
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        chosen, message = form.cleaned_data["academies"], form.cleaned_data["message"]
        try:
            if "send" not in request.POST:
                return _what_would_leave(request, campaign, chosen, message)
            done = reminders.remind(campaign, chosen, message, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, _reminded(done))
            return redirect("steering:followup", campaign.pk)
    return show(request, "steering/remind.html", form, campaign=campaign)


def _what_would_leave(request: Request, campaign: Campaign, chosen: list[str], message: str) -> HttpResponse:
    reminders.check(campaign, chosen, message)
    planned = reminders.plan(campaign, chosen, request.at)
    return show(
        request,
        "steering/remind_preview.html",
        campaign=campaign,
        plan=planned,
        letters=[(one, reminders.body(campaign, one, message, request.user)) for one in planned.reminders],
        chosen=chosen,
        message=message,
    )


def _reminded(done: reminders.Plan) -> str:
    if not done.reminders:
        return "Aucun courriel de plus : ces personnes ont déjà été relancées aujourd'hui."
    academies = len({reminder.academy.code for reminder in done.reminders})
    letters = len(done.reminders)
    return f"{plural(letters, 'courriel')} {agree(letters, 'part', 'partent')} vers {plural(academies, 'académie')}."
