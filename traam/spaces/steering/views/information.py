"""Pages of information: writing, reading again, publishing and withdrawing them."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam.design import kept, typed
from traam.design.forms import apply_invalid, attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.design.players import allowing, player
from traam.engines.workflow import Invalid, Missing
from traam.programme.catalogue.information import actions, policies, queries
from traam.programme.catalogue.information.models import Content, InformationRevision
from traam.programme.catalogue.information.queries import Written
from traam.programme.catalogue.information.rules import lacking
from traam.programme.people import actions as people_actions
from traam.programme.people import queries as people_queries
from traam.spaces.steering.information_forms import InformationForm, WithdrawForm

STATES = {"draft": ("Brouillon", "info"), "published": ("En ligne", "success"), "withdrawn": ("Retirée", "warning")}


@reads(may=policies.may_write)
def informations(request: Request) -> HttpResponse:
    rows = [(one, STATES[one.page.state], one.last.content) for one in queries.every()]
    return show(request, "steering/informations.html", rows=rows)


@reads(find=queries.written, may=policies.may_edit)
def information(request: Request, written: Written) -> HttpResponse:
    """The page as it would be published, or as it was saved once (?version=2)."""
    row = _asked(request, written)
    content = row.content
    video = player(content.video, content.download, captions=bool(content.captions), hosts=settings.VIDEO_HOSTS)
    answer = show(
        request,
        "steering/information.html",
        written=written,
        row=row,
        content=content,
        video=video,
        state=STATES[written.page.state],
        lacks=lacking(written.last.content),
        revisions=queries.revisions(written),
        publishing=policies.may_publish(request.user, written, request.at),
        withdrawing=policies.may_withdraw(request.user, written, request.at),
    )
    return allowing(request, answer, video)


def _asked(request: Request, written: Written) -> InformationRevision:
    asked = request.GET.get("version", "")
    if not asked:
        return written.last
    if not asked.isdecimal() or len(asked) > 9:
        raise Missing("Donnez le numéro d'une version de cette page.")
    return queries.revision(written, int(asked))


def _initial(content: Content, revision: int) -> dict[str, object]:
    return {**content.stored(), "revision": revision}


@kept.keeping
@writes(may=policies.may_write)
def new_information(request: Request) -> HttpResponse:
    return _write(request, None)


@kept.keeping
@writes(find=queries.written, may=policies.may_edit)
def edit_information(request: Request, written: Written) -> HttpResponse:
    return _write(request, written)


def _write(request: Request, written: Written | None) -> HttpResponse:
    place = f"information:{written.page.pk}" if written else "information:new"
    initial = _initial(_asked(request, written).content, written.last.number) if written else None
    form = InformationForm(posted(request), initial=initial, new=written is None)
    theirs: Content | None = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, written, form)
        except actions.Stale as stale:
            theirs = stale.theirs.content
            data = request.POST.copy()
            data["revision"] = str(stale.theirs.number)  # the next saving is over what is shown now
            form.data = data
            apply_invalid(form, stale)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            kept.forget(request)
            people_actions.drop_typing(place, actor=request.user)
            messages.success(request, f"Page enregistrée, version {saved.last.number}.")
            return redirect("steering:information", saved.page.slug)
    again = typed.again(request, people_queries.typing(request.user, place))
    if again:
        again.fill(form)
    context = {"written": written, "again": again, "place": place, "differing": _differing(form, theirs)}
    return show(request, "steering/information_edit.html", form, **context)


def _save(request: Request, written: Written | None, form: InformationForm) -> Written:
    if written is None:
        return actions.write(form.cleaned_data["slug"], form.content, actor=request.user, at=request.at)
    # A form without its number was opened on nothing: it is over no revision, and both texts are shown.
    on = form.cleaned_data["revision"] or 0
    return actions.revise(written, form.content, on=on, actor=request.user, at=request.at)


def _differing(form: InformationForm, theirs: Content | None) -> list[tuple[str, str]]:
    """What somebody else saved meanwhile, field by field, where it is not what was typed here."""
    if theirs is None:
        return []
    mine, stored = form.content.stored(), theirs.stored()
    labels = {name: str(each.label) for name, each in form.fields.items()}
    return [(labels[n], _said(value)) for n, value in stored.items() if n in labels and mine[n] != value]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "coché" if value else "non coché"
    return ", ".join(value) if isinstance(value, list) else str(value)


@writes(find=queries.written, may=policies.may_publish)
def publish_information(request: Request, written: Written) -> HttpResponse:
    if request.method == "POST":
        actions.publish(written, actor=request.user, at=request.at)
        messages.success(request, "Page publiée : tout le monde peut la lire.")
    return redirect("steering:information", written.page.slug)


@writes(find=queries.written, may=policies.may_withdraw)
def withdraw_information(request: Request, written: Written) -> HttpResponse:
    form = WithdrawForm(posted(request))
    if attempt(request, form, lambda given: actions.withdraw(written, **given)):
        messages.success(request, "Page retirée : son adresse dit pourquoi.")
        return redirect("steering:information", written.page.slug)
    return show(request, "steering/information_withdraw.html", form, written=written)
