"""The spreadsheets of an academy: sent out, received, explained, read before they are written, given back marked."""

from pathlib import PurePath

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify

from traam import reference
from traam.design import lists
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, reads, writes
from traam.design.typography import plural
from traam.engines import sheets
from traam.engines.workflow import Invalid
from traam.programme.calls import exports, imports, policies, queries
from traam.programme.calls.models import Upload
from traam.programme.calls.queries import AcademyCall
from traam.spaces.academy.forms import UploadForm
from traam.spaces.academy.headings import ColumnsForm
from traam.spaces.academy.views.overview import address

MOST_ABSENT = 100  # drafts that a page offers to withdraw; beyond, the file is surely not the right one
MOST_WARNINGS = 50


def _file(data: bytes, name: str) -> HttpResponse:
    form = sheets.form_of(data)
    head = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(data, content_type=exports.FORMS[form][1], headers=head)


def _form(request: Request) -> sheets.Form:
    return exports.FORMS.get(request.GET.get("format", ""), exports.FORMS["xlsx"])[0]


@reads(find=queries.academy_call, may=policies.may_follow, why="application")
def template(request: Request, call: AcademyCall) -> HttpResponse:
    """The spreadsheet of the call, with what the academy has already entered."""
    data = exports.workbook(call.campaign, call.academy.code, _form(request))
    return _file(data, f"candidatures-{call.academy.slug}-{call.campaign.years}")


@reads(find=queries.academy_call, may=policies.may_follow)
def export(request: Request, call: AcademyCall) -> HttpResponse:
    """All that the academy entered, with what was said of it."""
    data = exports.of_academy(call.campaign, call.academy.code, _form(request))
    return _file(data, f"export-{call.academy.slug}-{call.campaign.years}")


@writes(find=queries.academy_call, may=policies.may_answer, why="application")
def upload(request: Request, call: AcademyCall) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            kept = imports.receive(
                call.campaign,
                call.academy.code,
                sent.read(imports.LARGEST_FILE + 1),
                filename=sent.name,
                actor=request.user,
                at=request.at,
            )
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            return redirect("academy:preview", kept.pk)
    return show(request, "academy/upload.html", form, call=call, forms=tuple(exports.FORMS))


@writes(find=queries.upload, may=policies.may_see_upload, why="application")
def columns(request: Request, kept: Upload) -> HttpResponse:
    """What the titles that are not those of the call mean; remembered for the academy."""
    if request.method == "POST" and "forget" in request.POST:
        imports.forget_headings(kept, actor=request.user, at=request.at)
        messages.success(request, "Ce qui avait été dit de vos colonnes est oublié : dites-le à nouveau.")
        return redirect("academy:columns", kept.pk)
    found = imports.columns_of(kept)
    if not found.unknown:
        return redirect("academy:preview", kept.pk)
    form = ColumnsForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            imports.explain(kept, form.answers, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, form.by_field(invalid))
        else:
            return redirect("academy:preview", kept.pk)
    return show(request, "academy/columns.html", form, upload=kept, call=_call(kept), columns=found)


def _call(kept: Upload) -> AcademyCall:
    return AcademyCall(kept.campaign, reference.academies()[kept.academy])


@reads(find=queries.upload, may=policies.may_see_upload)
def marked(request: Request, kept: Upload) -> HttpResponse:
    """The file that was sent, with what is wrong in it at its cells."""
    try:
        data = imports.marked(kept)
    except Invalid as invalid:
        return _page(request, kept, imports.preview(kept), str(invalid), status=422)
    name = slugify(PurePath(kept.filename).stem)[:80] or "candidatures"
    return _file(data, f"{name.removesuffix('-annote')}-annote")


@writes(find=queries.upload, may=policies.may_see_upload, why="application")
def preview(request: Request, kept: Upload) -> HttpResponse:
    """What the file would do; on POST, do it."""
    if request.method != "POST":
        read = imports.preview(kept)
        return redirect("academy:columns", kept.pk) if read.asks else _page(request, kept, read)
    leaving = [int(pk) for pk in request.POST.getlist("leaving") if pk.isascii() and pk.isdigit() and len(pk) < 10]
    try:
        stamp = request.POST.get("stamp", "")
        done = imports.accept(kept, stamp=stamp, leaving=leaving, actor=request.user, at=request.at)
    except Invalid as invalid:
        return _page(request, kept, imports.preview(kept), str(invalid), status=422)
    if done.problems:
        return _page(request, kept, done, status=422)
    messages.success(request, _told(done, len(leaving)))
    return redirect(address(_call(kept)))


def _page(request: Request, kept: Upload, read: imports.Preview, refusal: str = "", status: int = 200) -> HttpResponse:
    leaves = read.absent and policies.may_move("withdraw", request.user, read.absent[0], request.at)
    lacking = imports.lacking(read)
    response = show(
        request,
        "academy/preview.html",
        upload_form=UploadForm(),
        upload=kept,
        call=_call(kept),
        preview=read,
        problems=lists.page_of(read.problems, request, parameter="problemes"),
        changes=lists.page_of(sorted(read.changes, key=lambda change: not change.writes), request),
        absent=read.absent[:MOST_ABSENT],
        leaves=bool(leaves),
        warnings=read.warnings[:MOST_WARNINGS],
        lacking=len({problem.ref for problem in lacking}),
        refusal=refusal,
    )
    response.status_code = status
    return response


def _told(done: imports.Preview, gone: int) -> str:
    new, changed = done.count("new"), done.count("changed")
    if not new and not changed and not gone:
        return "Rien n'a changé : le tableur dit ce qui était déjà écrit."
    parts = [
        plural(new, "candidature nouvelle", "candidatures nouvelles"),
        plural(changed, "modifiée", "modifiées"),
        *([plural(gone, "retirée", "retirées")] if gone else []),
    ]
    return f"Le tableur est écrit : {', '.join(parts)}. Il reste à les remonter."
