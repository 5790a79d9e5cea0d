"""Pages of information: each with its video, its transcript, its credits."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from traam import reference
from traam.design.pages import Request, anyone, reads
from traam.design.players import allowing, player
from traam.engines.workflow import Missing
from traam.programme.catalogue.information import queries
from traam.programme.catalogue.information.queries import Shown
from traam.reference import Competence
from traam.spaces.public.views.searching import address


def domains() -> list[Competence]:
    """The domains of the CRCN-Édu, in their order."""
    return [one for one in reference.frameworks()["CRCN-Édu"].values() if not one.domain]


@reads(may=anyone, public=True)
def informations(request: Request) -> HttpResponse:
    every = queries.published()
    areas = {domain.code: f"Domaine {domain.code} : {domain.label}" for domain in domains()}
    areas[queries.WEBINARS] = "Webinaires"
    counts = {area: sum(one.of_area(area) for one in every) for area in areas}
    wanted = request.GET.get("domaine", "")
    wanted = wanted if counts.get(wanted) else ""
    context = {
        "pages": [one for one in every if not wanted or one.of_area(wanted)],
        "total": len(every),
        "wanted": wanted,
        "choices": [(area, label, counts[area]) for area, label in areas.items() if counts[area]],
    }
    return render(request, "public/informations.html", context)


@reads(find=queries.shown, may=anyone, public=True)
def information(request: Request, shown: Shown) -> HttpResponse:
    if shown.gone:
        return render(request, "public/information_withdrawn.html", {"shown": shown}, status=410)
    content = shown.content
    video = player(content.video, content.download, captions=bool(content.captions), hosts=settings.VIDEO_HOSTS)
    context = {
        "page": shown.page,
        "content": content,
        "video": video,
        "captions": reverse("public:information_captions", args=[shown.page.slug]) if content.captions else "",
        "domains": [(domain, address(domain.label, {})) for domain in content.domains],
    }
    return allowing(request, render(request, "public/information.html", context), video)


@reads(find=queries.shown, may=anyone, public=True)
def information_captions(request: Request, shown: Shown) -> HttpResponse:
    if shown.gone or not shown.content.captions:
        raise Missing("Cette page n'a pas de sous-titres.")
    return HttpResponse(shown.content.captions, content_type="text/vtt; charset=utf-8")
