"""The REST interface as a program uses it: lists, pages, what changed, refusals, caches, other origins."""

import json
from dataclasses import replace
from datetime import UTC, timedelta
from itertools import product
from typing import Any
from urllib.parse import parse_qs, urlencode

import jsonschema_rs
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from traam.interop import limits
from traam.interop.api import document, operations
from traam.interop.api.parameters import read as operations_read
from traam.interop.api.parameters import wanted
from traam.programme.catalogue import index, listing
from traam.programme.catalogue.models import Notice, PastResult, PublicCall, PublicSynthesis, PublicTheme
from traam.programme.catalogue.notices import note_changes

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


def ask(client: Client, path: str, status: int = 200, **parameters: Any) -> dict[str, Any]:
    answer = client.get(f"{ROOT}/{path}", parameters)
    assert answer.status_code == status, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def every(client: Client, path: str, **parameters: Any) -> list[dict[str, Any]]:
    """All the pages, by their own links."""
    found = []
    address = f"{ROOT}/{path}?{urlencode(parameters, doseq=True)}"
    while address:
        page = client.get(address).json()
        found += page["items"]
        address = (page["next"] or "").partition("//")[2].partition("/")[2]
        address = address and f"/{address}"
    return found


def published() -> Any:
    return Notice.objects.filter(state=Notice.State.PUBLISHED)


def schema_of(operation: operations.Operation) -> Any:
    """A judge of the answers of an operation, by the document that we publish."""
    told = json.loads(json.dumps(document.document()))
    body = told["paths"][operation.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator({**body, "components": told["components"]}, validate_formats=True)


def test_every_notice_is_listed_once_by_following_the_pages(client: Client) -> None:
    found = [one["id"] for one in every(client, "notices", limit=7)]
    assert len(found) == len(set(found)) == published().count() > 14


def test_what_changes_during_the_reading_is_neither_lost_nor_hidden(client: Client) -> None:
    first = ask(client, "notices", limit=5)
    read, ahead = first["items"][0]["id"], published().order_by("-datestamp", "-pk").first()
    assert ahead is not None
    later = timezone.now().replace(microsecond=0) + timedelta(minutes=1)
    Notice.objects.filter(pk__in=[read, ahead.pk]).update(datestamp=later)
    rest = every(client, "notices", limit=5, cursor=first["next"].partition("cursor=")[2])
    assert {read, ahead.pk} <= {one["id"] for one in rest}
    assert {one["id"] for one in first["items"] + rest} == set(published().values_list("pk", flat=True))


@pytest.mark.parametrize("operation", operations.EVERY, ids=lambda one: one.id)
def test_answers_are_those_that_the_document_describes(client: Client, operation: operations.Operation) -> None:
    judge = schema_of(operation)
    tables = {
        "notice": published(),
        "theme": PublicTheme.objects.all(),
        "synthesis": PublicSynthesis.objects.filter(state="published"),
        "call": PublicCall.objects.all(),
    }
    if operation.id in tables:
        places: list[Any] = list(tables[operation.id].values_list("pk", flat=True)[:40])
    else:
        places = list(operations.VOCABULARIES) if operation.id == "vocabulary" else ["lyon"]
    for place in places:
        path = operation.path.partition("{")[0] + (str(place) if operation.place else "")
        answer = client.get(path, {"limit": 100} if operation.parameters else {})
        assert answer.status_code == 200
        judge.validate(answer.json())
    judge.validate(operation.example)


@pytest.mark.parametrize(
    ("name", "facet"), [("level", "niveau"), ("academy", "academie"), ("discipline", "discipline")]
)
def test_the_filters_find_what_the_search_finds(name: str, facet: str) -> None:
    asked = {"level": "levels", "academy": "academies", "discipline": "disciplines"}[name]
    documents = [index.document(notice) for notice in published().select_related("theme")]
    values = {value for one in documents for value in one.facets[facet]}
    assert values
    for value in values:
        wanted = replace(listing.Wanted(), **{asked: [value]})  # type: ignore[arg-type]
        found = listing.notices(wanted, after=None, size=10_000)
        assert {one.pk for one in found} == {one.id for one in documents if value in one.facets[facet]}, value


def test_filters_narrow_together_and_widen_by_repetition(client: Client) -> None:
    academies = {one["academies"][0]["slug"] for one in every(client, "notices") if one["academies"]}
    first, second = sorted(academies)[:2]
    count = {slug: len(every(client, "notices", academy=slug)) for slug in (first, second)}
    both = every(client, "notices", academy=[first, second])
    assert max(count.values()) < len(both) <= sum(count.values())
    year = both[0]["years"]
    some = every(client, "notices", academy=[first, second], years=year)
    assert [one["id"] for one in some] == [one["id"] for one in both if one["years"] == year]


def _filtered_count(query: str) -> int:
    """Counted by reading the lists of every row."""
    values = operations_read(QueryDict(query), operations.NOTICES.parameters)
    return listing._filtered(wanted(values)).count()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "discipline=SVT",
        "academy=lyon&academy=lille",
        "level=615",
        "level=619",
        "years=2024-2025&discipline=SVT",
        "withdrawn=true",
        "changed_since=2001-01-01",
    ],
)
@pytest.mark.parametrize("few", [0, 10_000])
def test_the_total_is_that_of_every_page(client: Client, monkeypatch: pytest.MonkeyPatch, query: str, few: int) -> None:
    """Whether the index says which they are, or reading does; and of what the index has still to learn too."""
    monkeypatch.setattr(listing, "FEW", few)
    index.current()
    late = Notice.objects.filter(state="published", disciplines__icontains='"SVT"').order_by("pk")[0]
    late.disciplines = ["MATH"]
    late.save()
    note_changes([late])
    for learnt in (False, True):
        if learnt:
            index.update()
        asked = parse_qs(query)
        numbers = [one["id"] for one in every(client, "notices", limit=40, **asked)]
        assert len(set(numbers)) == len(numbers) == _filtered_count(query)
        told = ask(client, "notices", **asked)["total"]
        assert told == len(numbers) or (told is None and (not learnt or query == "level=615"))
    themes = client.get("/api/v1/themes?limit=1&discipline=SVT").json()
    assert themes["total"] == len(every(client, "themes", discipline="SVT"))


def test_a_theme_and_a_competence_filter(client: Client) -> None:
    notice = next(one for one in published() if one.theme_id and one.competences)
    code = notice.competences[0]
    found = {one["id"] for one in every(client, "notices", theme=notice.theme_id, competence=code)}
    assert found == {n.pk for n in published() if n.theme_id == notice.theme_id and code in n.competences}


def withdrawn() -> Notice:
    notice: Notice = published().first()
    notice.state, notice.reason = Notice.State.WITHDRAWN, "Une image n'était pas libre."
    notice.datestamp = timezone.now().replace(microsecond=0) + timedelta(minutes=1)
    notice.save()
    return notice


def test_a_copy_learns_of_what_was_withdrawn_and_no_more(client: Client) -> None:
    since = published().latest("datestamp").datestamp.astimezone(UTC).isoformat()
    notice = withdrawn()
    assert notice.pk not in {one["id"] for one in every(client, "notices")}
    told = every(client, "notices", changed_since=since, withdrawn="true")[-1]
    assert (told["id"], told["state"]) == (notice.pk, "withdrawn") and "title" not in told
    schema_of(operations.NOTICES).validate({"items": [told], "next": None, "total": 1})
    gone = ask(client, f"notices/{notice.pk}", 410)
    assert gone["id"] == notice.pk and "Une image n'était pas libre." in gone["detail"]


def test_syntheses_are_told_with_their_themes_and_withdrawn_as_notices_are(client: Client) -> None:
    row = PublicSynthesis.objects.get(state="published")
    theme = row.themes.get()
    (one,) = every(client, "syntheses", theme=theme.pk, years=theme.years)
    assert (one["id"], [ref["id"] for ref in one["themes"]]) == (row.pk, [theme.pk]) and "sections" not in one
    others = PublicTheme.objects.exclude(pk=theme.pk).exclude(years=theme.years)[0]
    assert every(client, "syntheses", years=others.years) == every(client, "syntheses", theme=others.pk) == []
    whole = ask(client, f"syntheses/{row.pk}")
    blocks = [block for section in whole["sections"] for block in section["blocks"]]
    assert all(sum(value is not None for value in block.values()) == 1 for block in blocks)
    assert not any("#chiffre-" in (block["markdown"] or "") for block in blocks)
    assert {block["table"] for block in blocks} - {None} <= {table["key"] for table in whole["tables"]}
    since = row.changed_at.astimezone(UTC).isoformat()
    later = row.changed_at + timedelta(minutes=1)
    PublicSynthesis.objects.filter(pk=row.pk).update(
        state="withdrawn", reason="Un chiffre était faux.", changed_at=later
    )
    assert ask(client, "syntheses") == {"items": [], "next": None, "total": 0}
    told = ask(client, "syntheses", changed_since=since, withdrawn="true")
    schema_of(operations.SYNTHESES).validate(told)
    assert [(gone["id"], gone["state"], "title" in gone) for gone in told["items"]] == [(row.pk, "withdrawn", False)]
    gone = ask(client, f"syntheses/{row.pk}", 410)
    assert gone["id"] == row.pk and "Un chiffre était faux." in gone["detail"]


def test_a_synthesis_is_given_again_when_its_theme_changes_its_title(client: Client) -> None:
    row = PublicSynthesis.objects.get(state="published")
    later = timezone.now() + timedelta(minutes=1)
    for path in ("syntheses", f"syntheses/{row.pk}"):
        before = client.get(f"{ROOT}/{path}")
        row.themes.update(title=f"Autre {path}", changed_at=later)
        later += timedelta(minutes=1)
        for name, header in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
            assert client.get(f"{ROOT}/{path}", headers={header: before[name]}).status_code == 200


def test_research_and_past_results_are_told(client: Client) -> None:
    link = {"name": "GTnum Écoute", "laboratory": "LabE", "address": "https://lab.example.org", "brings": "Du recul."}
    theme = PublicTheme.objects.order_by("pk")[0]
    PublicTheme.objects.filter(pk=theme.pk).update(research=[link])
    told = ask(client, f"themes/{theme.pk}")["research"]
    assert told == [{"name": link["name"], "laboratory": "LabE", "url": link["address"], "brings": "Du recul."}]
    fields = {"years": "2012-2013", "source_url": "https://x.example.org", "changed_at": timezone.now()}
    made = PastResult.objects.create(
        source_key="r:1", national=False, academies=["10"], disciplines=["SVT"], test_count=3, **fields
    )
    found = every(client, "results", academy="lyon", discipline="SVT", years="2012-2013")
    assert found[-1]["id"] == made.pk and found[-1]["scope"] == "academic" and found[-1]["test_count"] == 3
    schema_of(operations.RESULTS).validate({"items": found, "next": None, "total": len(found)})
    assert ask(client, "results", limit=1)["total"] == PastResult.objects.count()


def test_the_number_of_queries_does_not_grow_with_the_page(client: Client) -> None:
    counts = []
    for limit in (1, 100):
        with CaptureQueriesContext(connection) as queries:
            found = ask(client, "notices", limit=limit)["items"]
        assert len(found) == min(limit, published().count())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("limit=0", "entre 1 et 100"),
        ("limit=101", "entre 1 et 100"),
        ("limit=5&limit=6", "une seule fois"),
        ("cursor=abc", "suivez l'adresse « next »"),
        ("discipline=magie", "/api/v1/vocabularies/disciplines"),
        ("academy=atlantide", "/api/v1/academies"),
        ("changed_since=hier", "2026-05-04"),
        ("changed_since=2026-02-30", "2026-05-04"),
        ("changed_since=2026-01-01T00:00:00+01:00", "%2B"),
        ("years=%00", "2025-2026"),
        ("theme=-1", "en chiffres"),
        ("withdrawn=oui", "true ou false"),
        ("q=robot", "n'existe pas ici. Ceux de cette adresse : discipline,"),
        ("&".join(["discipline=SVT"] * 21), "au plus 20"),
    ],
)
def test_a_wrong_parameter_is_told_in_french(client: Client, query: str, said: str) -> None:
    answer = client.get(f"{ROOT}/notices?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    told = answer.json()
    assert said in told["errors"][0]["detail"] and said in told["detail"]
    assert told["type"].endswith("/api/#parametre") and told["instance"] == f"{ROOT}/notices"


@pytest.mark.parametrize(
    "path",
    ["notices/0", "notices/abc", f"notices/{10**30}", "notices/٣", "themes/999999", "calls/9", "academies/ys",
     "vocabularies/x", "nothing/here", "notices/"],
)  # fmt: skip
def test_what_does_not_exist_is_told_as_a_problem(client: Client, path: str) -> None:
    answer = client.get(f"{ROOT}/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"].endswith(".")


def test_nothing_is_sent_again_to_who_has_it(client: Client) -> None:
    notice = published().filter(theme__isnull=False).first()
    assert notice is not None
    for path in ("notices", f"notices/{notice.pk}", "themes", "vocabularies/levels"):
        first = client.get(f"{ROOT}/{path}")
        assert "public" in first["Cache-Control"] and "Cookie" not in first.get("Vary", "")
        again = client.get(f"{ROOT}/{path}", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    address = f"{ROOT}/notices/{notice.pk}"
    before = client.get(address)
    assert client.get(address, headers={"If-Modified-Since": before["Last-Modified"]}).status_code == 304
    Notice.objects.filter(pk=notice.pk).update(title="Autre", datestamp=timezone.now() + timedelta(minutes=1))
    for headers in ({"If-None-Match": before["ETag"]}, {"If-Modified-Since": before["Last-Modified"]}):
        assert client.get(address, headers=headers).json()["title"] == "Autre"


def test_the_lists_date_from_their_last_change_even_of_what_left_them(client: Client) -> None:
    before = client.get(f"{ROOT}/notices")["Last-Modified"]
    notice = withdrawn()
    again = client.get(f"{ROOT}/notices", headers={"If-Modified-Since": before})
    assert again.status_code == 200
    assert notice.pk not in {one["id"] for one in again.json()["items"]}


def test_head_has_the_headers_of_get_without_its_body(client: Client) -> None:
    whole, head = client.get(f"{ROOT}/calls"), client.head(f"{ROOT}/calls")
    assert head.content == b"" and head["Content-Length"] == str(len(whole.content)) and head["ETag"] == whole["ETag"]


def test_other_sites_may_read_and_only_read(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    asked = {"Origin": "https://exemple.fr", "Access-Control-Request-Method": "GET"}
    preflight = strict.options(f"{ROOT}/notices", headers=asked)
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == "*"
    assert preflight["Access-Control-Allow-Methods"] == preflight["Allow"] == "GET, HEAD, OPTIONS"
    for method, path in product(("post", "put", "delete", "patch"), ("notices", "notices/1", "nothing")):
        answer = getattr(strict, method)(f"{ROOT}/{path}")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer["Content-Type"] == "application/problem+json"
    assert client.get(f"{ROOT}/notices")["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in client.get(f"{ROOT}/notices")


def test_who_asks_too_much_is_told_how_long_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST", 3)
    monkeypatch.setattr(limits, "time", lambda: 6_015.0)
    assert [client.get(f"{ROOT}/calls").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(f"{ROOT}/calls")
    assert refused["Retry-After"] == "45" and "attendez 45 s" in refused.json()["detail"]
    assert client.get(f"{ROOT}/calls", REMOTE_ADDR="192.0.2.7").status_code == 200
    monkeypatch.setattr(limits, "time", lambda: 6_061.0)
    assert client.get(f"{ROOT}/calls").status_code == 200


def test_behind_a_proxy_each_client_is_counted_and_none_can_hide(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST", 1)
    settings.PROXIES = 1
    seen = ["192.0.2.1", "192.0.2.2", "198.51.100.9, 192.0.2.1"]
    statuses = [client.get(f"{ROOT}/calls", headers={"X-Forwarded-For": one}).status_code for one in seen]
    assert statuses == [200, 200, 429]
    settings.PROXIES = 0
    told = [client.get(f"{ROOT}/calls", headers={"X-Forwarded-For": one}).status_code for one in seen[:2]]
    assert told == [200, 429], "without a proxy, only the connection is believed"


def test_requests_are_counted_by_all_the_processes(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache of files is what the processes of a machine share: another one opens the same folder."""
    from django.core.cache import caches

    files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)}
    settings.CACHES = {**settings.CACHES, "limits": files}
    monkeypatch.setattr(limits, "MOST", 2)
    waits = []
    for _ in range(3):
        waits.append(limits.wait("192.0.2.1", 10.0))
        del caches["limits"]
    assert waits == [0, 0, 50]
    assert b"192.0.2.1" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"), ("2001:db8::1", "2001:db8:0:0"),
     ("::1", "0:0:0:0"), ("", "")],
)  # fmt: skip
def test_an_ipv6_subscriber_is_one_client(address: str, network: str) -> None:
    assert limits.network(address) == network


def test_the_person_signed_in_changes_nothing(sign_in: Any, client: Client) -> None:
    before = client.get(f"{ROOT}/calls").content
    answer = sign_in("dan.lyon").get(f"{ROOT}/calls")
    assert answer.content == before and "Cookie" not in answer.get("Vary", "")


def test_the_page_for_people_describes_every_address_and_every_field(client: Client) -> None:
    page, objects = (client.get(address).content.decode() for address in ("/api/", "/api/objets"))
    for operation in operations.EVERY:
        assert operation.path in page
        assert all(f"<code>{one.name}</code>" in page for one in operation.parameters)
    for name in document.document()["components"]["schemas"].keys() - {"Problem"}:
        assert f'id="{name}"' in objects
    assert all(f"<code>{field.name}</code>" in objects for thing in operations.THINGS for field in thing.fields)
    assert all(f'id="{kind}"' in page for kind in document.PROBLEMS)


def test_the_oldest_and_the_latest_dates_are_dates(client: Client) -> None:
    for day in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-01-01T00:00:00.123456789Z"):
        ask(client, "notices", changed_since=day)
