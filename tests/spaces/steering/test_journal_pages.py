"""The journal, read: by the national team, by each person, by whoever has its file."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from python_calamine import load_workbook

from traam.programme.journal.models import Entry
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
JOURNAL = "/pilotage/journal"


@pytest.fixture(autouse=True)
def _committed() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_national_team_alone_reads_it(sign_in: Any) -> None:
    client = sign_in("dan.lyon")
    assert client.get(JOURNAL).status_code == 403
    assert client.get(f"{JOURNAL}/fichier").status_code == 403


def test_it_is_filtered_by_person_object_verb_and_period(sign_in: Any) -> None:
    client = sign_in("bureau")
    entry = Entry.objects.filter(object_type="calls.application", actor_id__isnull=False).latest("pk")
    day = timezone.localtime(entry.at).strftime("%d/%m/%Y")
    asked = {"personne": entry.actor_id, "nature": entry.object_type, "objet": entry.object_id, "acte": entry.verb}
    page = client.get(JOURNAL, {**asked, "du": day, "au": day}).content.decode()
    assert entry.object_label[:20] in page
    assert f"/academie/candidatures/{entry.object_id}" in page
    assert "Aucun acte" in client.get(JOURNAL, {**asked, "au": "01/01/2001"}).content.decode()
    assert "Personne ne répond à" in client.get(JOURNAL, {"personne": "zzzz"}).content.decode()
    wrong = client.get(JOURNAL, {"du": "hier", "avant": "9" * 40, "objet": "\0" + "9" * 99})
    assert (wrong.status_code, "est pas une date" in wrong.content.decode()) == (200, True)


def test_it_is_read_backwards_slice_by_slice_at_a_constant_cost(
    sign_in: Any, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client, seen, address = sign_in("bureau"), [], JOURNAL
    while address:
        with django_assert_max_num_queries(8):
            page = client.get(address).content.decode()
        older = re.search(r'href="(\?avant=\d+)"', page)
        seen.append(page.count("tout ce qui lui est arrivé"))
        address = f"{JOURNAL}{older[1]}" if older else ""
    assert sum(seen) == Entry.objects.exclude(verb="redact").count()


def test_each_reads_her_own_acts_and_what_was_done_to_her_account(sign_in: Any) -> None:
    page = sign_in("dan.lyon").get("/mon-compte/activite").content.decode()
    assert "Vous" in page
    assert "a donné un rôle" in page
    her = Person.objects.get(email__startswith="dan.lyon@")
    others = Person.objects.filter(email__startswith="dan.lille@").values_list("name", flat=True)[0]
    assert others not in page
    assert Entry.objects.filter(actor_id=her.pk).exists()


def _exported(client: Any) -> list[str]:
    answer = client.get(f"{JOURNAL}/fichier?forme=jsonl")
    assert answer["Content-Type"].startswith("application/x-ndjson")
    return b"".join(answer.streaming_content).decode().splitlines()


def test_the_file_is_verified_without_us_by_the_program_of_the_guide(sign_in: Any, tmp_path: Path) -> None:
    guide = (settings.ROOT / "docs" / "guides" / "exploitant.md").read_text(encoding="utf-8")
    program = next(code for code in re.findall(r"```python\n(.*?)```", guide, re.DOTALL) if "sha256" in code)
    (tmp_path / "verify.py").write_text(program)
    lines = _exported(sign_in("bureau"))
    assert len(lines) == Entry.objects.count()

    def verify(kept: list[str]) -> str:
        (tmp_path / "journal.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
        command = [sys.executable, str(tmp_path / "verify.py"), str(tmp_path / "journal.jsonl")]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 - ours

    last = json.loads(lines[-1])
    assert verify(lines).split() == ["entier", f"{last['number']}:{last['link']}"]
    assert "6" in verify(lines[:5] + lines[6:])
    changed = {**json.loads(lines[3]), "reason": "autre"}
    assert verify([*lines[:3], json.dumps(changed), *lines[4:]]).split()[-1] == "4"


def test_the_spreadsheet_says_it_in_french_and_holds_no_formula(sign_in: Any) -> None:
    client = sign_in("bureau")
    text = b"".join(client.get(f"{JOURNAL}/fichier?forme=csv&acte=retain").streaming_content).decode()
    assert text.startswith("\ufeffNuméro;Date;Par")
    assert "a retenu" in text
    assert "a remonté" not in text
    assert client.get(f"{JOURNAL}/fichier?forme=exe").status_code == 404


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_the_workbook_has_the_acts_that_the_filters_keep(sign_in: Any, form: str) -> None:
    client, asked = sign_in("bureau"), "acte=retain"
    assert f"forme={form}" in client.get(JOURNAL).content.decode()
    answer = client.get(f"{JOURNAL}/fichier?forme={form}&{asked}")
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert book.sheet_names == ["Journal"]
    head, *rows = book.get_sheet_by_name("Journal").to_python()
    assert head[:4] == ["Numéro", "Date", "Par", "N° de la personne"]
    acts = Entry.objects.filter(verb="retain").order_by("link__number")
    assert [(row[2], row[4], row[7]) for row in rows] == [
        (act.actor_label, "a retenu", act.object_label) for act in acts
    ]
    lines = b"".join(client.get(f"{JOURNAL}/fichier?forme=csv&{asked}").streaming_content).decode().splitlines()
    assert [str(int(row[0])) for row in rows] == [line.split(";")[0] for line in lines[1:]]


def test_a_workbook_of_nothing_has_its_titles(sign_in: Any) -> None:
    answer = sign_in("bureau").get(f"{JOURNAL}/fichier?forme=ods&personne=zzzz")
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert len(book.get_sheet_by_name("Journal").to_python()) == 1
