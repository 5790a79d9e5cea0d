"""What the pages of a working year cost at 13, 130 and 1 300 groups, and how long the digests of 1 000 people take.

    python -m bench.year [13 130 1300]

Each size has a process and a database of its own, which holds one simulated year (`traam simulate`): see
`bench.measuring` for what is counted, and how.
"""

import json
import os
import sys
import time
from collections.abc import Iterable
from typing import Any

from bench.apart import rows_of
from bench.tables import Page, print_table

SIZES = (13, 130, 1_300)
DIGESTS_FOR, MOST_SECONDS = 1_000, 10
TABLE, MOST_TABLE_MS = "Ce que doivent les groupes, bureau", 300

# `account` names someone of the year: see `_keys`.
PAGES = (
    Page(TABLE, "steering:groups", ("campaign",), "bureau"),
    Page("Ce que doivent les groupes, expert", "review:groups", (), "expert"),
    Page("Ce que doivent les groupes, académie", "academy:groups", ("academy",), "dan"),
    Page("Avancement d'une campagne", "steering:progress", ("campaign",), "bureau"),
    Page("Avancement d'un thème", "review:progress", ("theme",), "expert"),
    Page("Avancement d'un groupe", "workshop:progress", ("group",), "dan"),
    Page("Veille d'un thème", "workshop:watch", ("theme",), "member"),
    Page("Documents d'un groupe", "workshop:documents", ("group",), "member"),
    Page("Un groupe, référent", "workshop:group", ("group",), "referent"),
    Page("Un groupe, bureau", "workshop:group", ("group",), "bureau"),
    Page("Composition d'un groupe", "workshop:composition", ("group",), "referent"),
    Page("Calendrier d'un groupe", "workshop:group_calendar", ("group",), "member"),
    Page("À faire d'un groupe", "workshop:group_actions", ("group",), "member"),
    Page("Une réunion et son compte rendu", "workshop:meeting", ("meeting",), "referent"),
    Page("Présences d'une réunion", "workshop:attendance", ("meeting",), "referent"),
    Page("Une réunion nationale", "workshop:meeting", ("national",), "expert"),
    Page("Groupe national d'un thème", "workshop:national", ("theme",), "expert"),
    Page("Calendrier d'un thème", "workshop:theme_calendar", ("theme",), "expert"),
    Page("À faire d'un thème", "workshop:theme_actions", ("theme",), "expert"),
    Page("Échéances d'un thème", "review:milestones", ("theme",), "expert"),
    Page("Service fait d'un groupe", "workshop:service", ("group",), "inspector"),
    Page("Mes services", "workshop:services", (), "member"),
    Page("Service fait d'une campagne", "steering:service", ("campaign",), "bureau"),
    Page("Service fait d'une académie", "academy:service", ("academy", "campaign"), "dan"),
    Page("Atelier, référent", "workshop:home", (), "referent"),
    Page("Atelier, bureau", "workshop:home", (), "bureau"),
    Page("Tableau de bord, référent", "desk:dashboard", (), "referent"),
    Page("Tableau de bord, inspecteur", "desk:dashboard", (), "inspector"),
    Page("Tableau de bord, expert", "desk:dashboard", (), "expert"),
    Page("Tableau de bord, bureau", "desk:dashboard", (), "bureau"),
    Page("Mon calendrier", "desk:calendar", (), "referent"),
    Page("Mes courriels", "desk:habits", (), "referent"),
    Page("Qui recevra quoi, quand", "steering:mailing", ("campaign",), "bureau"),
    Page("Courriels", "steering:letters", (), "bureau"),
)


# --- In the process of one size


def measure(size: int) -> Iterable[dict[str, Any]]:
    """A row for each page, in a fresh database; then one for the digests."""
    keys, people = simulated(size)

    from django.test import Client

    from bench.measuring import row_of

    for page in PAGES:
        client = Client(HTTP_HOST="localhost")
        client.force_login(people[page.account])
        yield row_of(page, client, keys)
    yield {"label": "digests", **_digests()}


def simulated(size: int) -> tuple[dict[str, str], dict[str, Any]]:
    """Write the year; the keys that `args` may name, and the people that `account` may."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "traam.config.settings"
    import django
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from traam.demo.simulate import simulate

    call_command("migrate", verbosity=0)
    simulate(size, 7, at=timezone.localtime(), until="year")
    return _keys()


def _keys() -> tuple[dict[str, str], dict[str, Any]]:
    from traam import reference
    from traam.demo.simulate import email_of
    from traam.programme.groups.models import Group, Meeting, Member
    from traam.programme.people.models import Person

    group = Group.objects.filter(state="working").select_related("application__theme").order_by("pk")[0]
    theme, academy = group.application.theme, reference.academies()[group.academy].slug
    held = Meeting.objects.filter(state="held", minutes__isnull=False).order_by("pk")
    keys = {
        "campaign": str(theme.campaign_id),
        "theme": str(theme.pk),
        "group": str(group.pk),
        "academy": academy,
        "meeting": str(held.filter(group=group)[0].pk),
        "national": str(held.filter(theme=theme)[0].pk),
    }
    here = Member.objects.filter(group=group, until=None).order_by("pk")
    people = {
        "bureau": Person.objects.get(email=email_of("bureau")),
        "dan": Person.objects.get(email=email_of(f"dan.{academy}")),
        "inspector": Person.objects.get(email=email_of(f"inspecteur.{academy}")),
        "expert": theme.stewards.filter(role="expert").order_by("pk")[0].person,
        "referent": here.filter(role="referent")[0].person,
        "member": here.filter(role="teacher")[0].person,
    }
    return keys, people


def _digests() -> dict[str, Any]:
    """Tell three things to 1 000 people, then prepare what leaves the next morning."""
    from datetime import timedelta

    from django.utils import timezone

    from traam.programme.letters import digests
    from traam.programme.letters.actions import Line, tell_all
    from traam.programme.people.models import Person

    at = timezone.localtime() - timedelta(days=9)
    there = Person.objects.count()
    more = [
        Person(email=f"lecteur{n}@bench.invalid", name=f"Lecteur {n}", created_at=at)
        for n in range(DIGESTS_FOR - there)
    ]
    Person.objects.bulk_create(more)
    people = list(Person.objects.order_by("pk")[:DIGESTS_FOR])
    lines = [
        Line(
            f"bench:{n}:{person.pk}", person.pk, f"Il reste {n + 1} choses à relire", "Relire", "tableau-de-bord", None
        )
        for person in people
        for n in range(3)
    ]
    tell_all(lines, at=at)
    begin, written = time.perf_counter(), 0
    while made := digests.compose(at=timezone.localtime()):
        written += made
    return {"seconds": time.perf_counter() - begin, "letters": written}


# --- Beside one another


def main() -> int:
    asked = tuple(map(int, sys.argv[1:])) or SIZES
    sizes = []
    for size in asked:
        print(f"  une année de {size} groupes…", file=sys.stderr, flush=True)
        sizes.append(rows_of("bench.year", size))
    print(f"Pages d'une année simulée de {' / '.join(map(str, asked))} groupes.")
    print("CPU : meilleur de 3 après échauffement ; HTML non compressé ; SQLite.\n")
    print_table(PAGES, sizes)
    for size, rows in zip(asked, sizes, strict=True):
        _promises(size, rows)
    return 0


def _promises(size: int, rows: dict[str, dict[str, Any]]) -> None:
    """The two numbers that were promised."""
    table, digests = rows[TABLE].get("cpu_ms"), rows["digests"]
    if table is not None:
        held = "tenu" if table < MOST_TABLE_MS else "**manqué**"
        print(f"{size} groupes : table de ce qu'ils doivent en {table:.0f} ms (< {MOST_TABLE_MS} : {held}).")
    held = "tenu" if digests["seconds"] < MOST_SECONDS else "**manqué**"
    print(
        f"{size} groupes : {digests['letters']} récapitulatifs préparés en {digests['seconds']:.1f} s "
        f"(< {MOST_SECONDS} : {held})."
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--size"]:
        for measured in measure(int(sys.argv[2])):
            print(json.dumps(measured, ensure_ascii=False), flush=True)
        sys.exit(0)
    sys.exit(main())
