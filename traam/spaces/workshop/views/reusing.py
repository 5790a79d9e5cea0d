"""A published scenario begun again by another group."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from traam.design.pages import Request, signed_in, writes
from traam.engines.workflow import Invalid
from traam.programme.catalogue import adoption
from traam.programme.catalogue.models import Notice


@writes(find=adoption.reusable, may=signed_in)
def reuse(request: Request, notice: Notice) -> HttpResponse:
    """Choose the group whose workshop receives the copy; what is copied is said first."""
    homes = adoption.homes(request.user, notice, request.at)
    if request.method == "POST":
        asked = request.POST.get("group", "")
        home = next((one for one in homes if str(one.group.pk) == asked), None)
        if home is None:
            messages.error(request, "Ce groupe n’est pas de ceux où vous travaillez : choisissez-en un dans la liste.")
            return redirect("workshop:reuse", notice.pk)
        try:
            made = adoption.reuse(notice, home.group, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
            return redirect("workshop:reuse", notice.pk)
        messages.success(request, "Scénario copié dans l’atelier de votre groupe : adaptez-le.")
        return redirect("workshop:edit_scenario", made.pk)
    return render(request, "workshop/reuse.html", {"notice": notice, "homes": homes})
