"""A published synthesis sent to the groups and to the lists: who will receive it is read first."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam.design.forms import apply_invalid, posted, show
from traam.design.pages import Request, writes
from traam.design.typography import plural
from traam.engines.workflow import Invalid
from traam.programme.people.policies import is_national
from traam.programme.valorisation.syntheses import actions, policies, queries, sending
from traam.programme.valorisation.syntheses.models import Synthesis
from traam.spaces.review.synthesis_forms import SendForm
from traam.spaces.review.views.syntheses import trail


@writes(find=queries.synthesis, may=policies.may_send, why="synthesis")
def send_synthesis(request: Request, synthesis: Synthesis) -> HttpResponse:
    public = queries.of_public(synthesis)
    known = sending.audiences(synthesis, public.version if public else 0)
    form = SendForm(posted(request), known=known)
    if request.method == "POST" and form.is_valid():
        try:
            sent = actions.send(synthesis, form.cleaned_data["audiences"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(
                request, f"{plural(sent, 'courriel part', 'courriels partent')} dans les minutes qui viennent."
            )
            return redirect("review:send_synthesis", synthesis.pk)
    context = {
        "synthesis": synthesis,
        "public": public,
        "audiences": known,
        "trail": trail(synthesis),
        "keeps_lists": bool(is_national(request.user, request.at)),
    }
    return show(request, "review/syntheses/send.html", form, **context)
