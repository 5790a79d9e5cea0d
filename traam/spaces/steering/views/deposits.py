"""Files for the catalogue: given, shown line by line, confirmed; and how their columns are read."""

from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect

from traam.design import lists
from traam.design.forms import apply_invalid, attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid
from traam.programme.calls.exports import FORMS
from traam.programme.catalogue.deposits import actions, policies, queries
from traam.programme.catalogue.imports import THEME_COLUMNS
from traam.programme.catalogue.models import Correspondence, Deposit
from traam.programme.catalogue.reports import Report, placed
from traam.spaces.steering.deposit_forms import OURS, HistoryForm, MeaningsForm, SheetsForm

PAGES = {"notices": "public:notice", "scenarios": "public:notice", "themes": "public:theme"}
KINDS = {
    "added": ("Nouvelle", "new"),
    "changed": ("Modifiée", "info"),
    "unchanged": ("Inchangée", ""),
    "kept": ("D'une autre porte", "warning"),
}
"""What a line does, and how its badge looks: the word agrees with « ligne »."""
ORDER = list(KINDS)


@reads(may=policies.may_import)
def deposits(request: Request) -> HttpResponse:
    done = [(one, Report.found(one.report).told(dry_run=False)) for one in queries.done()]
    return show(
        request,
        "steering/deposits.html",
        waiting=queries.waiting(),
        done=done,
        most=queries.MOST_DONE,
        correspondences=queries.correspondences(),
        ours=OURS,
    )


@writes(may=policies.may_import)
def give_sheets(request: Request) -> HttpResponse:
    form = SheetsForm(queries.correspondences(), posted(request), request.FILES or None)
    if done := attempt(request, form, _receive_sheets):
        return redirect("steering:deposit", done.made.pk)
    return show(request, "steering/deposit_sheets.html", form, forms=tuple(FORMS))


def _receive_sheets(given: dict[str, Any]) -> Deposit:
    """Read with the correspondence that was given, else with the one that was chosen: "" is that of the program."""
    who = {"actor": given["actor"], "at": given["at"]}
    chosen = queries.correspondence(int(given["correspondence"])) if given["correspondence"] else None
    if given["mapping"]:
        chosen = actions.keep_correspondence(_file(given["mapping"]), **who)
    return actions.receive("sheets", _file(given["file"]), correspondence=chosen, **who)


def _file(sent: "UploadedFile[bytes]") -> actions.File:
    return sent.name or "fichier", sent.read()


@writes(may=policies.may_import)
def give_history(request: Request) -> HttpResponse:
    form = HistoryForm(posted(request), request.FILES or None)
    if done := attempt(request, form, lambda given: actions.receive("history", _file(given.pop("file")), **given)):
        return redirect("steering:deposit", done.made.pk)
    return show(request, "steering/deposit_history.html", form, columns=THEME_COLUMNS)


@writes(find=queries.deposit, may=policies.may_see)
def deposit(request: Request, kept: Deposit) -> HttpResponse:
    """What the file would do, line by line; on POST, do it, or let it go."""
    if request.method != "POST":
        return _page(request, kept, Report.found(kept.report))
    if "discard" in request.POST:
        actions.discard(kept, actor=request.user, at=request.at)
        messages.success(request, f"« {kept.filename} » est laissé : rien n'en a été écrit.")
        return redirect("steering:deposits")
    try:
        report = actions.accept(kept, stamp=request.POST.get("stamp", ""), actor=request.user, at=request.at)
    except Invalid as invalid:
        now = actions.read_again(kept, actor=request.user, at=request.at)
        return _page(request, kept, now, str(invalid), status=422)
    if report.problems:
        return _page(request, kept, report, status=422)
    messages.success(request, f"« {kept.filename} » est au catalogue : {' '.join(report.told(dry_run=False))}")
    return redirect("steering:deposits")


def _page(request: Request, kept: Deposit, report: Report, refusal: str = "", status: int = 200) -> HttpResponse:
    response = show(
        request,
        "steering/deposit.html",
        deposit=kept,
        report=report,
        refusal=refusal,
        problems=lists.page_of(placed(report.problems), request, parameter="problemes"),
        lines=lists.page_of(sorted(report.lines, key=lambda line: ORDER.index(line.kind)), request),
        kinds=KINDS,
        page=PAGES.get(report.what, ""),
        again="steering:give_history" if kept.kind == Deposit.Kind.HISTORY else "steering:give_sheets",
    )
    response.status_code = status
    return response


@writes(find=queries.deposit, may=policies.may_accept)
def deposit_columns(request: Request, kept: Deposit) -> HttpResponse:
    """What the columns that were left aside are: a correspondence made without writing one."""
    report = Report.found(kept.report)
    if not report.asks:
        return redirect("steering:deposit", kept.pk)
    stem = kept.mapping_name or PurePath(kept.filename).stem
    form = MeaningsForm(report, posted(request), initial={"name": stem.removesuffix(".toml")[:100]})
    if request.method == "POST" and form.is_valid():
        try:
            actions.explain(kept, form.answers, name=form.cleaned_data["name"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, form.by_field(invalid))
        else:
            return redirect("steering:deposit", kept.pk)
    return show(request, "steering/deposit_columns.html", form, deposit=kept, report=report)


@reads(may=policies.may_import)
def blank_sheets(request: Request) -> HttpResponse:
    """A table to fill."""
    form = FORMS.get(request.GET.get("format", ""), FORMS["xlsx"])[0]
    head = {"Content-Disposition": f'attachment; filename="fiches-a-remplir.{form}"'}
    return HttpResponse(queries.blank(form), content_type=FORMS[form][1], headers=head)


@reads(may=policies.may_import)
def our_correspondence(request: Request) -> HttpResponse:
    """That of the program: the form that the others follow."""
    return _toml("edubase.toml", queries.ours())


@reads(find=queries.correspondence, may=policies.may_read)
def correspondence_file(request: Request, kept: Correspondence) -> HttpResponse:
    return _toml(f"correspondance-{kept.pk}.toml", kept.text)


def _toml(name: str, text: str) -> HttpResponse:
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/toml; charset=utf-8", headers=head)


@writes(find=queries.correspondence, may=policies.may_forget)
def forget_correspondence(request: Request, kept: Correspondence) -> HttpResponse:
    if request.method == "POST":
        actions.forget_correspondence(kept, actor=request.user, at=request.at)
        messages.success(request, f"La correspondance « {kept.name} » n'est plus proposée.")
    return redirect("steering:deposits")
