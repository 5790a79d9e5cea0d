"""The living style page and a few doors, under tests only: every component, with what it must resist."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from traam.design import forms as design_forms
from traam.design import kept, lists, pdf, typed
from traam.design.navigation import Account, Entry, Navigation
from traam.design.pages import Request, anyone, reads, signed_in, writes
from traam.engines.workflow import Invalid, Missing, Refused, Verdict, allow_if, refuse

ATTACK = "<img src=x onerror=alert(1)>"


class Everything(design_forms.PageForm):
    title = forms.CharField(label="Titre du scénario", max_length=120, help_text="Une phrase courte.")
    summary = forms.CharField(label="Résumé", max_length=300, widget=forms.Textarea)
    email = forms.EmailField(label="Adresse électronique", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    hours = forms.IntegerField(label="Nombre d'heures", required=False)
    meeting = design_forms.DateField(label="Date de la réunion")
    academy = forms.ChoiceField(label="Académie", choices=[("", "Choisissez une académie"), ("ly", "Lyon")])
    level = forms.ChoiceField(label="Niveau", choices=[("c", "Collège"), ("l", "Lycée")], widget=forms.RadioSelect)
    tools = forms.MultipleChoiceField(
        label="Outils", choices=[("ent", "ENT"), ("tab", "Tablette")], widget=forms.CheckboxSelectMultiple
    )
    file = forms.FileField(label="Pièce jointe", required=False, help_text="PDF ou ODT, 5 Mo au plus.")
    agreed = forms.BooleanField(label="J'accepte la diffusion sous licence libre")


def navigation(request: HttpRequest) -> Navigation:
    return Navigation(
        entries=(
            Entry("Tableau de bord", "/", current=True, count=3),
            Entry("Candidatures", "/style"),
            Entry("Mon académie", children=(Entry("Groupes", "/a"), Entry("Bilans", "/b"))),
            Entry("Catalogue", "/catalogue"),
        ),
        account=Account(
            "Claude Exemple", "DAN de l'académie de Lyon", (Entry("Mon compte", "/moi", icon="user-line"),)
        ),
        sign_out="/deconnexion",
        search="/recherche",
    )


def article(anchor: str) -> Entry | None:
    return Entry("L'article 3.2", "/cahier-des-charges#art-3-2") if anchor == "art-3-2" else None


def why(topic: str, thing: Any) -> Entry | None:
    """What the setting WHY names: an article for the thing that has some."""
    if not thing.number:
        return None
    return Entry("article B.3, La sélection", f"/cahier-des-charges?sujet={topic}#B.3")


@reads(may=anyone, public=True)
def style(request: Request) -> HttpResponse:
    messages.success(request, f"Candidature transmise : {ATTACK}")
    pages = Paginator(range(400), 20).page(int(request.GET.get("page", 20)))
    return render(
        request,
        "trial/style.html",
        {"form_": Everything(), "pages": pages, "attack": ATTACK, "now": request.at},
    )


@writes(may=anyone, public=True)
def form(request: Request) -> HttpResponse:
    filled = Everything(request.POST or None, request.FILES or None)
    if request.method == "POST" and filled.is_valid():
        design_forms.apply_invalid(
            filled, Invalid({"title": ["« Titre » est déjà pris : choisissez-en un autre."], "": ["Tout."]})
        )
    return design_forms.show(request, "design/form.html", filled, title="Nouveau scénario", cancel="/style")


@reads(may=anyone, public=True)
def document(request: Request) -> HttpResponse:
    context = {"attack": ATTACK, "elsewhere": request.GET.get("image", "https://ailleurs.invalid/espion.png")}
    return pdf.pdf(request, "trial/document.html", context, filename="appel été.pdf", dated=date(2026, 11, 22))


@reads(may=anyone, public=True)
def figures(request: Request) -> HttpResponse:
    columns = ["Arts plastiques", "Mathématiques", f"Sciences de l'ingénieur et création {ATTACK}", "SVT", "Lettres"]
    names = ["Aix-Marseille", "Clermont-Ferrand", "Lyon", "Nouvelle-Calédonie", "Versailles"]
    rows = [(name, [(n * m) % 8 for m in range(5)]) for n, name in enumerate(names)]
    bars = [(name, n * 250, "/a" if n else "") for n, name in enumerate(names)]
    return render(request, "trial/figures.html", {"columns": columns, "rows": rows, "bars_": bars})


TYPINGS: dict[str, SimpleNamespace] = {}


def _keep(place: str, fields: Any) -> Any:
    if "refusé" in str(fields):
        raise Invalid("Trop long.")
    TYPINGS[place] = SimpleNamespace(fields=dict(fields), typed_at=timezone.now())
    return TYPINGS[place].typed_at


def _drop(place: str) -> None:
    TYPINGS.pop(place, None)


@writes(may=signed_in)
def typings(request: Request) -> HttpResponse:
    return typed.receive(request, keep=_keep, drop=_drop)


class Long(Everything):
    secret = forms.CharField(label="Mot de passe", required=False, widget=forms.PasswordInput)


@kept.keeping
@writes(may=signed_in)
def long_form(request: Request) -> HttpResponse:
    form = Long(request.POST or None, initial={"title": "Enregistré", "agreed": True})
    if request.method == "POST" and form.is_valid():
        TYPINGS.pop("trial:1", None)
        kept.forget(request)
        return HttpResponse("saved")
    again = typed.again(request, TYPINGS.get("trial:1"))
    if again:
        again.fill(form)
    return design_forms.show(request, "trial/long.html", form, again=again)


ROWS = [{"pk": n, "title": f"Dossier {n:04}", "academy": ("ly", "li")[n % 2]} for n in range(1, 2001)]


@writes(may=anyone, public=True)
def long_list(request: Request) -> HttpResponse:
    academies = lists.select("academy", "Académie", [("ly", "Lyon"), ("li", "Lille")], "Toutes les académies")
    filters = lists.read_filters(request, lists.search(), academies, lists.check("odd", "Impairs seulement"))
    ordering = lists.read_ordering(request, ("title", "academy"))
    rows = [
        row
        for row in ROWS
        if filters["q"].lower() in str(row["title"]).lower()
        and filters["academy"] in {"", row["academy"]}
        and (not filters["odd"] or int(str(row["pk"])) % 2)
    ]
    rows.sort(key=lambda row: str(row[ordering.key]), reverse=ordering.descending)
    if request.method == "POST":
        return HttpResponse(",".join(request.POST.getlist("rows")))
    context = {"page": lists.page_of(rows, request), "filters": filters, "ordering": ordering}
    return render(request, "trial/list.html", context)


def _thing(number: int) -> SimpleNamespace:
    if number != 7:
        raise Missing(f"La candidature {number} n'existe pas.")
    return SimpleNamespace(number=number)


def _only_even_names(person: Any, thing: SimpleNamespace, at: Any) -> Verdict:
    return allow_if(person and person.username == "even", "Réservé aux <pairs>.", "art-3-2")


def _asked(number: int) -> SimpleNamespace:
    return SimpleNamespace(number=number)


@writes(find=_asked, may=anyone, public=True, why="selection")
def asked(request: Request, asked: SimpleNamespace) -> HttpResponse:
    return design_forms.show(request, "trial/asked.html", Everything(request.POST or None))


@reads(may=anyone, public=True, why="selection")
def asked_of_nobody(request: Request) -> HttpResponse:
    return render(request, "trial/asked.html", {"form": Everything()})


@reads(find=_thing, may=_only_even_names)
def thing(request: Request, thing: SimpleNamespace) -> HttpResponse:
    return HttpResponse(f"{thing.number} {request.at.isoformat()}")


@writes(find=_thing, may=_only_even_names)
def act(request: Request, thing: SimpleNamespace) -> HttpResponse:
    if request.method == "POST" and "refuse" in request.POST:
        raise Refused(refuse("Trop tard : l'appel est clos."))
    if request.method == "POST" or "write" in request.GET:
        Group.objects.create(name="written")
    return HttpResponse("done")


@reads(may=signed_in)
def mine(request: Request) -> HttpResponse:
    return HttpResponse("mine")


@reads(may=anyone, public=True)
def sly(request: Request) -> HttpResponseBase:
    if "session" in request.GET:
        Session.objects.create(session_key="x", session_data="", expire_date=timezone.now())
        return HttpResponse("renewed")
    if "late" in request.GET:
        return TemplateResponse(request, "trial/late.html", {"write": lambda: Group.objects.create(name="late")})
    Group.objects.create(name="sly")
    return HttpResponse("never")


@reads(may=signed_in, public=True)
def crash(request: Request) -> HttpResponse:
    raise RuntimeError("broken on purpose")


@reads(may=anyone, public=True)
def crash_for_all(request: Request) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("style", style, name="style"),
    path("formulaire", form, name="form"),
    path("chose/<int:number>", thing),
    path("agir/<int:number>", act),
    path("moi", mine),
    path("document.pdf", document),
    path("figures", figures),
    path("liste", long_list),
    path("longue", long_form),
    path("saisies", typings),
    path("demande/<int:number>", asked),
    path("demande", asked_of_nobody),
    path("sournois", sly),
    path("reserve", crash),
    path("panne", crash_for_all),
]
handler400 = "traam.design.handlers.bad_request"
handler403 = "traam.design.handlers.forbidden"
handler404 = "traam.design.handlers.not_found"
handler500 = "traam.design.handlers.broken"
