"""What our pages cost at 20, 200 and 2 000 applications, beside pretalx in the same run.

    python -m bench.pages [20 200 2000]

Each size has a process and a database of its own, as pretalx has: see `bench.measuring` for what is counted, and how.
A database holds four simulated campaigns of that many applications, all over 19 themes and 36 academies but the
last: `open` (the call is open), `judged` (closed, every opinion given), `announced` (groups open), and `crowded`
(judged, all in one theme).
"""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from bench.apart import rows_of
from bench.peers import pretalx
from bench.tables import Page, figures_of, print_table

SIZES = (20, 200, 2_000)


EVERYONE = "?q=professeur"  # every simulated référent is called so
REVIEWS, LIST, ONE = "review dashboard, 50 rows", "submission list", "one submission"
PAGES = (
    Page("Sélection d'une campagne", "steering:selection", ("judged",), "bureau", peer=REVIEWS),
    Page("Sélection, un seul thème", "steering:selection", ("crowded",), "bureau", peer=REVIEWS),
    Page("Sélection, recherche qui les trouve toutes", "steering:selection", ("judged",), "bureau", EVERYONE, REVIEWS),
    Page("Propositions d'une campagne", "steering:proposals", ("judged",), "bureau"),
    Page("Liste d'attente d'un thème", "steering:waiting", ("crowded.theme",), "bureau"),
    Page("Suivi des remontées", "steering:followup", ("open",), "bureau", peer=LIST),
    Page("Une campagne", "steering:campaign", ("judged",), "bureau"),
    Page("Avenants d'une campagne", "steering:amendments", ("open",), "bureau"),
    Page("Annonce des résultats", "steering:announce", ("judged",), "bureau", peer=LIST),
    Page("Groupes d'une campagne", "steering:groups", ("announced",), "bureau", peer=LIST),
    Page("Pilotage", "steering:home", (), "bureau"),
    Page("Personnes", "steering:people", (), "bureau"),
    Page("Courriels", "steering:letters", (), "bureau"),
    Page("Dossiers d'un thème", "review:theme", ("judged.theme",), "expert1", peer=REVIEWS),
    Page("Dossiers, tous dans un thème", "review:theme", ("crowded.theme",), "expert1", peer=REVIEWS),
    Page("Dossiers, recherche qui les trouve tous", "review:theme", ("crowded.theme",), "expert1", EVERYONE, REVIEWS),
    Page("Comparaison d'un thème", "review:comparison", ("judged.theme",), "expert1", peer=REVIEWS),
    Page("Comparaison, tous dans un thème", "review:comparison", ("crowded.theme",), "expert1", peer=REVIEWS),
    Page("Lecteurs d'un thème", "review:readers", ("judged.theme",), "bureau"),
    Page("Lecteurs, tous dans un thème", "review:readers", ("crowded.theme",), "bureau"),
    Page("Mes thèmes", "review:home", (), "expert1"),
    Page("Tous les thèmes, bureau", "review:home", (), "bureau"),
    Page("Un dossier", "review:dossier", ("judged.dossier",), "expert1", peer=ONE),
    Page("Un dossier, tous dans un thème", "review:dossier", ("crowded.dossier",), "expert1", peer=ONE),
    Page("Candidatures d'une académie", "academy:applications", ("open.academy", "open"), "dan.{open}", peer=LIST),
    Page("Mon académie", "academy:home", (), "dan.{open}"),
    Page("Classement d'un thème par l'académie", "academy:rank", ("open.academy", "open", "open.theme"), "dan.{open}"),
    Page("Une candidature", "academy:application", ("open.dossier",), "dan.{open}", peer=ONE),
    Page("Tableau de bord, bureau", "desk:dashboard", (), "bureau"),
    Page("Tableau de bord, expert", "desk:dashboard", (), "expert1"),
    Page("Tableau de bord, DAN", "desk:dashboard", (), "dan.{open}"),
    Page("Tableau de bord, inspecteur", "desk:dashboard", (), "inspecteur.{announced}"),
    Page("L'appel, vu du public", "public:call", ("open",)),
    Page("Les appels, vus du public", "public:calls"),
)


# --- In the process of one size


def measure(size: int) -> Iterable[dict[str, Any]]:
    """A row for each page of the table, in a fresh database: label, then queries, cpu_ms and bytes, or failure."""
    keys = _simulate(size)
    academies = {name.removesuffix(".academy"): key for name, key in keys.items() if name.endswith(".academy")}

    from django.test import Client

    from bench.measuring import row_of
    from traam.demo.simulate import email_of
    from traam.programme.people.models import Person

    for page in PAGES:
        client = Client(HTTP_HOST="localhost")
        if page.account:
            client.force_login(Person.objects.get(email=email_of(page.account.format(**academies))))
        yield row_of(page, client, keys)


def _simulate(size: int) -> dict[str, str]:
    """Write the four campaigns; the keys that `args` may name."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "traam.config.settings"
    import django
    from django.conf import settings

    # Names of style sheets without their hash: no file has to be collected, as for pretalx.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from traam import reference
    from traam.demo.simulate import simulate
    from traam.programme.calls.models import Application

    call_command("migrate", verbosity=0)
    keys: dict[str, str] = {}
    groups, at = round(size / 2.5), timezone.localtime()
    for seed, (name, until, themes) in enumerate(
        (("open", "call", 19), ("judged", "opinions", 19), ("announced", "groups", 19), ("crowded", "opinions", 1))
    ):
        campaign = simulate(groups, seed, at=at, until=until, themes=themes).campaign
        theme = campaign.themes.order_by("pk")[0]
        forwarded = Application.objects.filter(theme__campaign=campaign, state="forwarded").order_by("pk")
        if until == "groups":
            forwarded = forwarded.filter(decision__state="retained")
        in_theme = forwarded.filter(theme=theme).first() or forwarded[0]
        keys |= {name: str(campaign.pk), f"{name}.theme": str(theme.pk), f"{name}.dossier": str(in_theme.pk)}
        keys[f"{name}.academy"] = reference.academies()[in_theme.academy].slug
    return keys


# --- Beside one another


def _theirs() -> dict[str, dict[str, Any]]:
    try:
        return {row["page"]: row for row in pretalx.measure()}
    except pretalx.Unavailable as why:
        print(f"pretalx n'a pas pu être installé ou lancé ici, le tableau va sans lui : {why}\n", flush=True)
        return {}


def main() -> int:
    peers = _theirs()
    asked = tuple(map(int, sys.argv[1:])) or SIZES
    sizes = []
    for size in asked:
        print(f"  nos pages à {size} candidatures…", file=sys.stderr, flush=True)
        sizes.append(rows_of("bench.pages", size))
    said = " / ".join(map(str, asked))
    print(f"Pages à {said} candidatures par campagne ; pretalx à {pretalx.SUBMISSIONS} candidatures et")
    print(f"{pretalx.REVIEWS} avis. CPU : meilleur de 3 après échauffement ; HTML non compressé ; SQLite.\n")
    print_table(PAGES, sizes, peers, f"pretalx {pretalx.VERSION}")
    for name in ("review dashboard", LIST, ONE):
        if name in peers:
            print(f"pretalx, {figures_of(peers[name])}")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--size"]:
        for measured in measure(int(sys.argv[2])):
            print(json.dumps(measured, ensure_ascii=False), flush=True)
        sys.exit(0)
    sys.exit(main())
