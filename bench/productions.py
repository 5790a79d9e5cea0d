"""What the pages of the productions cost, with 1 and 200 scenarios and modules in one group.

    python -m bench.productions [1 200]

Each size has a process and a database of its own: a small simulated year, one of whose groups wrote that many of each.
"""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from bench.apart import rows_of
from bench.tables import Page, print_table

SIZES = (1, 200)
GROUPS = 8

PAGES = (
    Page("Un groupe, référent", "workshop:group", ("group",), "referent"),
    Page("Scénarios d'un groupe", "workshop:scenarios", ("group",), "member"),
    Page("Un scénario, référent", "workshop:scenario", ("scenario",), "referent"),
    Page("Un scénario, autre académie", "workshop:scenario", ("scenario",), "tester"),
    Page("Écrire un scénario", "workshop:edit_scenario", ("draft",), "referent"),
    Page("Deux versions d'un scénario", "workshop:compare", ("scenario",), "referent"),
    Page("Décliner un scénario", "workshop:decline", ("scenario",), "referent"),
    Page("Demander un test", "workshop:ask_test", ("scenario",), "referent"),
    Page("Tests d'un thème, référent", "workshop:theme_trials", ("theme",), "referent"),
    Page("Tests de mes thèmes, expert", "review:trials", (), "expert"),
    Page("Un module, référent", "workshop:module", ("module",), "referent"),
    Page("Écrire un module", "workshop:edit_module", ("module",), "referent"),
    Page("Aperçu d'un module", "workshop:preview_module", ("module",), "referent"),
    Page("Modules d'un thème", "workshop:theme_modules", ("theme",), "referent"),
    Page("Bilan d'un groupe", "workshop:bilan", ("bilan",), "referent"),
    Page("Écrire un bilan", "workshop:edit_bilan", ("bilan",), "referent"),
    Page("Lire un scénario, inspecteur", "review:scenario", ("scenario",), "inspector"),
    Page("Lire un module, inspecteur", "review:module", ("sent_module",), "inspector"),
    Page("Mes lectures, inspecteur", "review:home", (), "inspector"),
    Page("Un thème, expert", "review:theme", ("theme",), "expert"),
    Page("Tableau de bord, référent", "desk:dashboard", (), "referent"),
    Page("Tableau de bord, inspecteur", "desk:dashboard", (), "inspector"),
    Page("Tableau de bord, expert", "desk:dashboard", (), "expert"),
)


def measure(size: int) -> Iterable[dict[str, Any]]:
    """A row for each page, in a fresh database."""
    keys, people = _written(size)

    from django.test import Client

    from bench.measuring import row_of

    for page in PAGES:
        client = Client(HTTP_HOST="localhost")
        client.force_login(people[page.account])
        yield row_of(page, client, keys)


def _written(size: int) -> tuple[dict[str, str], dict[str, Any]]:
    """Write the year and the productions; the keys that `args` may name, and the people that `account` may."""
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
    simulate(GROUPS, 7, at=timezone.localtime(), until="year", themes=2)
    return _fill(size)


def _fill(size: int) -> tuple[dict[str, str], dict[str, Any]]:
    from django.utils import timezone

    from traam import reference
    from traam.demo.simulate import email_of
    from traam.programme.groups.models import Group, Member
    from traam.programme.people.models import Person
    from traam.programme.productions.actions import bilans

    at = timezone.now()
    at_work = Group.objects.filter(state="working", bilan=None)  # its bilan is begun here
    group = at_work.select_related("application__theme").order_by("pk")[0]
    theme = group.application.theme
    beside = Group.objects.filter(application__theme=theme, state="working").exclude(pk=group.pk).order_by("pk")[0]
    here = Member.objects.filter(group=group, until=None).order_by("pk")
    referent = here.filter(role="referent")[0].person
    scenarios = _scenarios(group, size, referent, at)
    _around(scenarios, group, beside, referent, at)
    modules = _modules(group, size, referent, at)
    bilan = bilans.begin(group, actor=referent, at=at)
    keys = {
        "group": str(group.pk),
        "theme": str(theme.pk),
        "scenario": str(scenarios[0].pk),
        "draft": str(_draft(group, referent, at).pk),
        "module": str(modules[0].pk),
        "sent_module": str(modules[1].pk),
        "bilan": str(bilan.pk),
    }
    academy = reference.academies()[group.academy].slug
    people = {
        "bureau": Person.objects.get(email=email_of("bureau")),
        "inspector": Person.objects.get(email=email_of(f"inspecteur.{academy}")),
        "expert": theme.stewards.filter(role="expert").order_by("pk")[0].person,
        "referent": referent,
        "member": here.filter(role="teacher")[0].person,
        "tester": Member.objects.filter(group=beside, role="referent", until=None)[0].person,
    }
    return keys, people


def _content(number: int, group: Any) -> dict[str, Any]:
    words = " ".join(["Les élèves comparent leurs réponses et les défendent."] * 12)
    return {
        "title": f"Scénario {number:03} : débattre d'une image",
        "summary": "Une séance où l'on doute, cherche et prouve.",
        "sections": dict.fromkeys(("context", "objectives", "steps", "added_value", "limits"), words),
        "disciplines": list(group.application.theme.disciplines)[:1] or ["EMI"],
        "levels": ["3e"],
        "competences": ["1.1", "2.3"],
        "licence": "CC-BY-SA",
        "terms_read": True,
        "personal_data_checked": True,
    }


def _scenarios(group: Any, size: int, author: Any, at: Any) -> list[Any]:
    """That many, submitted twice and waiting for the inspector."""
    from traam.programme.productions.models import Review, Scenario, Version

    made = []
    for number in range(size):
        content = _content(number, group)
        fixed = {"created_by": author, "created_at": at, "changed_at": at, "state": "submitted", "version": 2}
        review = Review.objects.create(opened_at=at)
        made.append(Scenario.objects.create(group=group, review=review, **content, **fixed))
        for version in (1, 2):
            kept = {**content, "summary": content["summary"] * version}
            Version.objects.create(review=review, number=version, content=kept, made_at=at, made_by=author)
    return made


def _draft(group: Any, author: Any, at: Any) -> Any:
    from traam.programme.productions.models import Review, Scenario

    fixed = {"created_by": author, "created_at": at, "changed_at": at}
    return Scenario.objects.create(
        group=group, review=Review.objects.create(opened_at=at), **_content(999, group), **fixed
    )


def _around(scenarios: list[Any], group: Any, beside: Any, author: Any, at: Any) -> None:
    """A test, a promise, a remark, a turn and a piece for each scenario."""
    from traam.programme.productions.models import ClassTest, Piece, Promise, Remark, Turn

    for one in scenarios:
        ClassTest.objects.create(
            scenario=one,
            version=1,
            group=group,
            academy=group.academy,
            level="3e",
            on=at.date(),
            pupils=24,
            worked="Le débat.",
            by=author,
            recorded_at=at,
        )
        Promise.objects.create(scenario=one, group=beside, state="asked", asked_by=author, asked_at=at, changed_at=at)
        Turn.objects.create(review=one.review, version=2, verb="submit", by=author, at=at)
        Remark.objects.create(
            review=one.review, version=2, section="steps", text="Combien de temps ?", by=author, at=at
        )
        Piece.objects.create(
            scenario=one, title="La fiche", address="https://exemple.fr/fiche", added_by=author, added_at=at
        )


def _modules(group: Any, size: int, author: Any, at: Any) -> list[Any]:
    """One more than asked: the first is being written, the others wait for the inspector."""
    from traam.programme.productions.models import Module, ModuleActivity, ModuleSection, Review, Version

    made = []
    for number in range(size + 1):
        state = "draft" if number == 0 else "submitted"
        module = Module.objects.create(
            theme=group.application.theme,
            group=group,
            review=Review.objects.create(opened_at=at),
            state=state,
            title=f"Module {number:03}",
            summary="Deux heures pour essayer.",
            version=int(number > 0),
            created_by=author,
            created_at=at,
            changed_at=at,
        )
        for place in range(4):
            section = ModuleSection.objects.create(module=module, position=place, title=f"Partie {place + 1}")
            for n in range(10 if number == 0 else 2):
                ModuleActivity.objects.create(
                    section=section, position=n, kind="page", title=f"Page {n + 1}", body="À lire.", minutes=3
                )
        if number:
            from traam.programme.productions.kinds import of

            content = of(module).snapshot(module)
            Version.objects.create(review=module.review, number=1, content=content, made_at=at, made_by=author)
        made.append(module)
    return made


def main() -> int:
    asked = tuple(map(int, sys.argv[1:])) or SIZES
    sizes = []
    for size in asked:
        print(f"  un groupe de {size} scénarios et modules…", file=sys.stderr, flush=True)
        sizes.append(rows_of("bench.productions", size))
    print(f"Pages des productions, un groupe ayant écrit {' / '.join(map(str, asked))} scénarios et modules.")
    print("CPU : meilleur de 3 après échauffement ; HTML non compressé ; SQLite.\n")
    print_table(PAGES, sizes)
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--size"]:
        for measured in measure(int(sys.argv[2])):
            print(json.dumps(measured, ensure_ascii=False), flush=True)
        sys.exit(0)
    sys.exit(main())
