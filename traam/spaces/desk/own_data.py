"""What the platform knows of whoever is signed in: what she did, all that it holds, and how to be forgotten."""

from tempfile import TemporaryFile

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from traam.design.downloads import give_back
from traam.design.forms import PageForm, show
from traam.design.pages import Request, reads, signed_in, writes
from traam.programme.journal import queries, wording
from traam.programme.journal.queries import Asked
from traam.programme.letters import privacy
from traam.programme.people import actions, forgetting, portability
from traam.spaces.desk import door

PER_PAGE = 50


class AskForm(PageForm):
    names = forms.BooleanField(
        label="Retirer aussi mon nom des œuvres publiées que j'ai signées",
        required=False,
        help_text="Sans cela, elles gardent votre nom : c'est votre droit d'auteur.",
    )
    reason = forms.CharField(
        label="Ce que le bureau national doit savoir", max_length=1000, required=False, widget=forms.Textarea
    )


@never_cache
@reads(may=signed_in)
def data(request: Request) -> HttpResponse:
    person = request.user
    return show(
        request,
        "desk/data.html",
        asked=forgetting.open_one(person),
        needs=forgetting.needs(person, request.at),
    )


@never_cache
@reads(may=signed_in)
def activity(request: Request) -> HttpResponse:
    """Her acts, and what was done to her account."""
    before = request.GET.get("avant", "")
    asked = Asked(people=[request.user.pk])
    found = queries.read(asked, int(before) if before.isdecimal() and len(before) < 18 else None, PER_PAGE)
    told = [(entry, wording.said(entry.verb, entry.object_type)) for entry in found.entries]
    return show(request, "desk/activity.html", told=told, older=found.older, recent=not before)


@never_cache
@writes(may=signed_in)
@door.fresh
def download(request: Request) -> HttpResponseBase:
    """All that the site holds of her: made in a file of the disk, however much there is."""
    if request.method != "POST":
        return show(request, "desk/data_download.html")
    actions.note_download(actor=request.user, at=request.at)
    made = TemporaryFile()  # noqa: SIM115 - the answer closes it
    portability.archive(request.user, made, request.at)
    made.seek(0)
    answer: FileResponse = give_back(made, filename=f"mes-donnees-{request.at:%Y-%m-%d}.zip", media="application/zip")
    return answer


@never_cache
@writes(may=signed_in)
@door.fresh
def forget_me(request: Request) -> HttpResponse:
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        privacy.ask(**form.cleaned_data, actor=request.user, at=request.at)
        messages.success(request, "Votre demande est faite : le bureau national vous répond par courriel.")
        return redirect("desk:data")
    return show(
        request,
        "design/form.html",
        form,
        title="Demander l'effacement de mes données",
        introduction="Le bureau national répond à cette demande. S'il l'accepte, un courriel vous dit ce qui sera fait "
        "et quand ; votre compte est alors fermé, et votre nom remplacé par un numéro. C'est définitif.",
        submit_label="Demander l'effacement",
        cancel=reverse("desk:data"),
        trail=[("Mon bureau", reverse("desk:dashboard")), ("Mes données", reverse("desk:data"))],
    )
