"""What a person receives by e-mail: how often, what is next, what left; and the address that stops it in one click."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from traam.design import lists
from traam.design.forms import attempt, show
from traam.design.pages import Request, anyone, signed_in, writes
from traam.programme.letters import actions, digests, queries
from traam.programme.letters.models import Habit
from traam.spaces.desk.forms import HabitForm

PER_PAGE = 25
SAVED = {
    Habit.Period.DAILY: "C'est noté : un récapitulatif par jour au plus, quand il y a du nouveau.",
    Habit.Period.WEEKLY: "C'est noté : un récapitulatif le lundi, quand il y a du nouveau.",
    Habit.Period.NEVER: "C'est noté : plus aucun récapitulatif. Votre tableau de bord dit ce qui vous attend.",
}


@writes(may=signed_in)
def habits(request: Request) -> HttpResponse:
    period = queries.period(request.user)
    form = HabitForm(request.POST or None, initial={"period": period})
    if done := attempt(request, form, lambda given: actions.choose_habit(**given)):
        messages.success(request, SAVED[Habit.Period(done.made.period)])
        return redirect("desk:habits")
    return show(
        request,
        "desk/habits.html",
        form,
        pending=[] if period == Habit.Period.NEVER else queries.pending(request.user),
        departure=digests.next_departure(period, request.at),
        received=lists.page_of(queries.received(request.user), request, PER_PAGE),
        never=period == Habit.Period.NEVER,
    )


@never_cache
@csrf_exempt  # a mail reader posts here for its user, without our page: the secret of the address is the permission
@writes(find=queries.habit_of, may=anyone, public=True)
def stop(request: Request, habit: Habit) -> HttpResponse:
    """GET asks, POST stops. The answer to a POST is a page: mail readers follow no redirection (RFC 8058)."""
    if request.method == "POST":
        habit = actions.stop_digests(habit, at=request.at)
    page = show(request, "desk/stop.html", stopped=habit.period == Habit.Period.NEVER, address=_veiled(habit))
    page["X-Robots-Tag"] = "noindex"
    return page


def _veiled(habit: Habit) -> str:
    """Enough of an address for its owner, and for nobody else who was handed the letter."""
    name, _, host = habit.person.email.partition("@")
    return f"{name[:2]}…@{host}"
