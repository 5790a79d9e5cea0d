"""What holds for every page, whoever wrote it: what is sent with it, what is taken from it, where it leads."""

import ast
import csv
import io
import json
import re
import resource
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from traam.demo.build import DOMAIN, PASSWORD
from traam.engines.datasets.delimited import harmless
from traam.programme.calls.models import Application
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
PACKAGE = Path(settings.PACKAGE)
SOURCES = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]


# What is sent with a page.


@pytest.mark.parametrize(
    ("who", "address"), [("", "/"), ("", "/connexion"), ("", "/nulle-part"), ("bureau", "/pilotage/")]
)
def test_every_answer_says_what_a_browser_may_do_with_it(client: Any, sign_in: Any, who: str, address: str) -> None:
    answer = (sign_in(who) if who else client).get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert "unsafe" not in policy and "nonce" not in policy
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_no_page_has_anything_inline(client: Any) -> None:
    """What the policy of content would refuse is not even written."""
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>|\son(?:click|load|error|change|input|submit|focus\w*|blur|key\w+|mouse\w+|pointer\w+|toggle)=|\sstyle=|<style|javascript:"
    )
    templates = [p for p in PACKAGE.rglob("*.html") if "jinja2" in p.parts and not p.name.endswith("_pdf.html")]
    wrong = {
        str(path.relative_to(PACKAGE)): found[0]
        for path in templates
        if "print.html" not in path.read_text()
        and path.name not in DRAWN_ALONE
        and (found := inline.findall(path.read_text(encoding="utf-8")))
    }
    assert len(templates) > 100 and wrong == {}


# Not a page of the site: drawn into a PDF, a letter, a document.
DRAWN_ALONE = {"print.html", "letter.html"}


@pytest.mark.parametrize(
    ("who", "address", "kept"),
    [
        ("bureau", "/pilotage/", "private, no-cache"),
        ("bureau", "/mes-courriels", "private, no-store"),
        ("bureau", "/tableau-de-bord", "private, no-store"),
        ("dan.lyon", "/academie/lyon/groupes.csv", "private, no-store"),
    ],
)
def test_no_shared_cache_keeps_what_is_somebody_s(sign_in: Any, who: str, address: str, kept: str) -> None:
    answer = sign_in(who).get(address)
    assert answer.status_code == HTTPStatus.OK
    assert "private" in answer["Cache-Control"] and kept.split(", ")[1] in answer["Cache-Control"]


def test_a_public_page_may_be_kept_and_shown_elsewhere(client: Any) -> None:
    assert "private" not in client.get("/").headers.get("Cache-Control", "")
    assert client.get("/api/v1/themes")["Cross-Origin-Resource-Policy"] == "cross-origin"


# What is taken from a browser.


def test_another_host_is_not_answered(client: Any) -> None:
    assert client.get("/", headers={"host": "ailleurs.example"}).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("sent", [{"a": "x" * (5 * 1024 * 1024 + 1)}, {f"a{n}": "" for n in range(1_001)}])
def test_too_much_at_once_is_refused_in_french(sign_in: Any, sent: dict[str, str]) -> None:
    answer = sign_in("bureau").post("/pilotage/personnes/inviter", sent)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "trop volumineux" in answer.content.decode() and "Rien n" in answer.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "9" * 30, "x", "1e9", ""])
def test_a_page_that_does_not_exist_is_never_an_error(sign_in: Any, page: str) -> None:
    client = sign_in("bureau")
    for address in ("/recherche", "/pilotage/personnes/", "/evaluation/groupes", "/mes-courriels"):
        assert client.get(address, {"page": page}).status_code == HTTPStatus.OK, address


@pytest.mark.parametrize("size", ["100000000", "-5", "0"])
def test_an_interface_never_gives_everything_at_once(client: Any, size: str) -> None:
    answer = client.get("/api/v1/notices", {"limit": size, "page_size": size, "size": size})
    assert answer.status_code in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
    if answer.status_code == HTTPStatus.OK:
        assert len(answer.json()["items"]) <= 100


def test_fields_that_the_form_does_not_have_change_nothing(sign_in: Any) -> None:
    application = Application.objects.filter(academy="10", state="draft", theme__campaign__state="open")[0]
    before = (application.state, application.academy, application.created_by_id, application.forwarded_at)
    hostile = {"state": "forwarded", "academy": "09", "created_by": "1", "forwarded_at": "2020-01-01", "pk": "1"}
    sign_in("dan.lyon").post(reverse("academy:edit", args=[application.pk]), hostile | {"titles": "Nouveau titre"})
    application.refresh_from_db()
    assert (application.state, application.academy, application.created_by_id, application.forwarded_at) == before


def test_nobody_gives_herself_a_role(sign_in: Any) -> None:
    client = sign_in("enseignant.lyon")
    for address in ("/mes-courriels", "/mon-calendrier", "/saisies"):
        client.post(address, {"role": "national", "is_active": "1", "appointments": "1", "period": "daily"})
    person = Person.objects.get(email=f"enseignant.lyon@{DOMAIN}")
    assert [appointment.role for appointment in person.appointments.all()] == ["teacher"]


# Where a page leads.


@pytest.mark.parametrize(
    "onward",
    ["//ailleurs.example", "https://ailleurs.example/", "/\\ailleurs.example", "javascript:alert(1)", "\t//a.b"],
)
def test_signing_in_never_leads_elsewhere(client: Any, onward: str) -> None:
    sent = {"email": f"dan.lyon@{DOMAIN}", "password": PASSWORD, "next": onward}
    answer = client.post("/connexion", sent)
    assert answer.status_code == HTTPStatus.FOUND and answer.url == "/tableau-de-bord"


def test_a_form_without_its_token_is_refused(client: Any) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(Person.objects.get(email=f"bureau@{DOMAIN}"))
    answer = careful.post("/pilotage/personnes/inviter", {"name": "x"})
    assert answer.status_code == HTTPStatus.FORBIDDEN


# Secrets and tokens.

SECRET = re.compile(r"token|secret|signature|password|passphrase|hmac", re.IGNORECASE)

NEAR = re.compile(rf"(?:{SECRET.pattern})\w* [!=]=|[!=]= [\w.]*(?:{SECRET.pattern})", re.IGNORECASE)


def _compared(source: str) -> list[int]:
    """The lines that compare a secret with == or !=: the time it takes tells how much of it was right."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        and any(
            SECRET.search(side.id if isinstance(side, ast.Name) else side.attr)
            for side in (node.left, *node.comparators)
            if isinstance(side, ast.Name | ast.Attribute)
        )
        and not any(isinstance(side, ast.Constant) for side in node.comparators)
    ]


# Nobody outside measures these: two digests of our own database; the false identity service of the demonstration.
NOT_GIVEN = {"programme/people/actions.py", "demo/proconnect.py"}


def test_secrets_are_compared_in_constant_time() -> None:
    assert _compared("if given.token == kept:\n    pass") == [1]
    assert _compared("if kind == other and token == '':\n    pass") == []
    texts = {str(path.relative_to(PACKAGE)): path.read_text(encoding="utf-8") for path in SOURCES}
    near = {path: text for path, text in texts.items() if NEAR.search(text) and path not in NOT_GIVEN}
    found = {path: _compared(text) for path, text in near.items()}
    assert {path: lines for path, lines in found.items() if lines} == {}, (
        "use django.utils.crypto.constant_time_compare"
    )


# Files out.

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", '=HYPERLINK("https://a.b")']
# Who writes delimited text: each makes its cells harmless (tests of sheets, datasets, ledger and journal beside this).
WRITERS = {
    "config/archiving.py",
    "engines/datasets/delimited.py",
    "engines/ledger/verifier.py",
    "engines/sheets/delimited.py",
    "programme/journal/exports.py",
    "spaces/review/views/audits.py",
}


def test_nobody_else_writes_delimited_text() -> None:
    found = {
        str(path.relative_to(PACKAGE)) for path in SOURCES if re.search(r"csv\.(writer|DictWriter)", path.read_text())
    }
    assert found <= WRITERS, "write through traam.engines.sheets or traam.engines.datasets, which disarm formulas"


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula(cell: str) -> None:
    from traam.engines.ledger.verifier import text_cell
    from traam.programme.journal.exports import _harmless as of_the_journal

    for disarmed in (harmless(cell), of_the_journal(cell), text_cell(cell)):
        assert not re.match(r"[=+\-@\t\r]", disarmed), disarmed


def test_exports_disarm_what_people_typed(sign_in: Any) -> None:
    application = Application.objects.filter(state="forwarded", theme__campaign__state="open")[0]
    Application.objects.filter(pk=application.pk).update(titles=['=HYPERLINK("https://a.b")'], referent_name="@x")
    address = reverse("steering:followup_export", args=[application.theme.campaign_id])
    answer = sign_in("bureau").get(address, {"format": "csv"})
    rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    cells = [cell for row in rows for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if re.match(r"[=+\-@]", cell)] == []


@pytest.mark.parametrize(
    "name", ['a"; filename="b.html', "a\r\nX-Injected: 1.pdf", "é\u202efdp.exe", "../../etc/passwd"]
)
def test_a_file_name_injects_no_header(name: str) -> None:
    from traam.design.downloads import give_back
    from traam.engines.sharing.kinds import KINDS, safe_name

    answer = give_back(io.BytesIO(b"x"), filename=safe_name(name, KINDS["pdf"]), media="text/html")
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment") and "\n" not in disposition and "/" not in disposition.replace("''", "")
    assert not answer.has_header("X-Injected") and "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "private, no-store"


# What people search for.

HOSTILE = ["a" * 5_000, "(" * 2_000, '"' * 2_001, "a-" * 2_000, "A." * 2_500, "é" * 3_000, "a?" * 1_000, " -a'" * 1_500]
READ_THEM = """
import json, sys
from traam.engines.search import analysis
for text in json.load(sys.stdin):
    analysis.tokens(text), analysis.groups(text), analysis.query_terms(text), analysis.all_words(text)
"""


def test_no_words_keep_the_machine_busy() -> None:
    """In a child that the system stops after some seconds of its own: an expression that backtracks takes years."""
    done = subprocess.run(
        [sys.executable, "-c", READ_THEM],
        input=json.dumps(HOSTILE),
        text=True,
        cwd=settings.ROOT,
        preexec_fn=_some_seconds,
        check=False,
    )
    assert done.returncode == 0


def _some_seconds() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (8, 8))
