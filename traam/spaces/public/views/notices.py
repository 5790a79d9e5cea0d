from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from traam import reference
from traam.design.downloads import give_back
from traam.design.pages import Request, anyone, reads
from traam.design.prose import pictures
from traam.engines.notices import lom
from traam.engines.sharing import kind_of_name
from traam.engines.workflow import Missing
from traam.gateways import storage
from traam.programme.catalogue import became, linked, queries
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.posters import lasting, named
from traam.programme.catalogue.queries import PublicFile, PublicVersion
from traam.programme.catalogue.records import as_notice
from traam.spaces.public import wording
from traam.spaces.public.views import sharing


def _tests(notice: Notice) -> list[dict[str, Any]]:
    return [
        {
            **test,
            "academy": named(reference.academies()[test["academy"]]),
            "level": reference.levels()[test["level"]].label,
            "on": date.fromisoformat(test["on"]),
            "elsewhere": test["academy"] not in notice.academies,
        }
        for test in notice.tests
    ]


def _contents(notice: Notice) -> list[tuple[str, str]]:
    """The headings of the page: pairs (title, anchor)."""
    parts = [(title, f"partie-{number}") for number, (title, _) in enumerate(notice.sections, 1)]
    parts += [("Tests en classe", "tests")] if notice.tests else []
    return parts + ([("Pièces", "pieces")] if notice.pieces else [])


def address_of(notice: Notice, piece: Mapping[str, Any]) -> str:
    """Of a file on this site, of a page elsewhere."""
    if piece["file"]:
        return reverse("public:notice_file", args=[notice.pk, piece["file"], piece["filename"]])
    return str(piece["address"])


def _pieces(notice: Notice) -> list[dict[str, Any]]:
    return [
        {
            **piece,
            "href": address_of(notice, piece),
            "kind": kind_of_name(piece["filename"]),
            "site": urlsplit(piece["address"]).hostname,
            "licence": reference.licences().get(piece["licence"]),
        }
        for piece in notice.pieces
    ]


def gone(request: Request, record: Notice, version: PublicVersion | None = None) -> HttpResponse:
    """A withdrawn notice answers 410 at its addresses, for ever; so does a version that was withdrawn."""
    return render(request, "public/withdrawn.html", {"record": record, "version": version}, status=410)


@reads(find=queries.notice, may=anyone, public=True)
def notice(request: Request, notice: Notice) -> HttpResponse:
    if notice.state == Notice.State.WITHDRAWN:
        return gone(request, notice)
    told = shown(notice, None) | {
        "versions": queries.versions(notice),
        "alike": queries.similar(notice),
        "became": became.of(notice),
    }
    return render(
        request, "public/notice.html", told | {"json_ld": linked.json_ld(notice, image=told["card"]["image"])}
    )


@reads(find=queries.version, may=anyone, public=True)
def notice_version(request: Request, version: PublicVersion) -> HttpResponse:
    """A version as it was published. What search engines keep is the notice."""
    if version.notice.state == Notice.State.WITHDRAWN:
        return gone(request, version.notice)
    if version.row.withdrawn_on:
        return gone(request, version.notice, version)
    return render(
        request, "public/notice.html", shown(version.then, version) | {"versions": [], "alike": [], "became": None}
    )


def shown(notice: Notice, version: PublicVersion | None) -> dict[str, Any]:
    """What the page says; of a version, its own address is said, and the one of the notice is canonical."""
    canonical = f"{settings.SITE_ADDRESS}{reverse('public:notice', args=[notice.pk])}"
    address = f"{canonical}/versions/{notice.version}" if version else canonical
    return {
        "record": notice,
        "version": version,
        "address": address,
        "canonical": canonical,
        "contents": _contents(notice),
        "tests": _tests(notice),
        "duration": lasting(notice.duration_minutes),
        "when": wording.when(notice),
        "sources": wording.addresses(notice.source_url),
        "links": [] if notice.pieces else [pair for link in notice.links for pair in wording.addresses(link)],
        "pieces": _pieces(notice),
        "images": pictures(notice.pieces, partial(address_of, notice)),
        "citation": wording.citation(notice, address),
        "card": sharing.told(notice),
    }


@reads(find=queries.notice, may=anyone, public=True)
def notice_scolomfr(request: Request, notice: Notice) -> HttpResponse:
    """In the version of the profile that the site was set to."""
    return _scolomfr(request, notice, settings.SCOLOMFR)


@reads(find=queries.notice, may=anyone, public=True)
def notice_scolomfr_strict(request: Request, notice: Notice) -> HttpResponse:
    """What the schema of ScoLOMFR 3.1 accepts: the CRCN came after it."""
    return _scolomfr(request, notice, "3.1")


def _scolomfr(request: Request, notice: Notice, version: str) -> HttpResponse:
    if notice.state == Notice.State.WITHDRAWN:
        return gone(request, notice)
    head = {"Content-Disposition": f'attachment; filename="scolomfr-{version}-{notice.pk}.xml"'}
    data = lom(as_notice(notice), version=version)
    return HttpResponse(data, content_type="application/xml; charset=utf-8", headers=head)


@reads(find=queries.notice_file, may=anyone, public=True)
def notice_file(request: Request, file: PublicFile) -> HttpResponseBase:
    """A file that goes with a notice, at an address that changes with its bytes. Withdrawn with what had it (410)."""
    if file.withdrawn:
        return gone(request, file.notice, file.version)
    kind = kind_of_name(file.filename)
    try:
        opened = storage.reading(file.file)
    except storage.Lost:
        raise Missing("Ce fichier n'est pas là. Écrivez à l'équipe du site, en donnant cette adresse.") from None
    return give_back(
        opened, filename=file.filename, media=kind.media if kind else "", shown=True, cache="public, max-age=3600"
    )
