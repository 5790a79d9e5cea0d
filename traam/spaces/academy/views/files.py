from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam import reference
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, reads, writes
from traam.design.typography import plural
from traam.engines.workflow import Invalid
from traam.programme.calls import exports, imports, policies, queries
from traam.programme.calls.models import Upload
from traam.programme.calls.queries import AcademyCall
from traam.spaces.academy.forms import UploadForm
from traam.spaces.academy.views.overview import address

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200


@reads(find=queries.academy_call, may=policies.may_follow, why="application")
def template(request: Request, call: AcademyCall) -> HttpResponse:
    """The workbook of the call, with what the academy has already entered."""
    data = exports.workbook(call.campaign, call.academy.code)
    name = f"candidatures-{call.academy.slug}-{call.campaign.years}.xlsx"
    return HttpResponse(data, content_type=WORKBOOK, headers={"Content-Disposition": f'attachment; filename="{name}"'})


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
    return show(request, "academy/upload.html", form, call=call)


@writes(find=queries.upload, may=policies.may_see_upload, why="application")
def preview(request: Request, kept: Upload) -> HttpResponse:
    """What the file would do; on POST, do it."""
    call = AcademyCall(kept.campaign, reference.academies()[kept.academy])
    refusal = ""
    if request.method == "POST":
        try:
            done = imports.accept(kept, stamp=request.POST.get("stamp", ""), actor=request.user, at=request.at)
        except Invalid as invalid:
            refusal = str(invalid)
        else:
            if not done.problems:
                messages.success(request, _told(done))
                return redirect(address(call))
    read = imports.preview(kept)
    response = show(
        request,
        "academy/preview.html",
        upload_form=UploadForm(),
        upload=kept,
        call=call,
        preview=read,
        problems=read.problems[:MOST_SHOWN],
        changes=sorted(read.changes, key=lambda change: not change.writes)[:MOST_SHOWN],
        refusal=refusal,
    )
    response.status_code = 200 if request.method != "POST" else 422
    return response


def _told(done: imports.Preview) -> str:
    new, changed = done.count("new"), done.count("changed")
    if not new and not changed:
        return "Rien n'a changé : le tableur dit ce qui était déjà écrit."
    return (
        f"Le tableur est écrit : {plural(new, 'candidature nouvelle', 'candidatures nouvelles')}, "
        f"{plural(changed, 'modifiée', 'modifiées')}. Il reste à les remonter."
    )
