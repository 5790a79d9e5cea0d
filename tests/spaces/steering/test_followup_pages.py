"""The follow-up of a call: figures, filters, reading again, exports, reminders."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines import sheets
from traam.programme.calls import exports
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.letters.models import Letter

pytestmark = pytest.mark.django_db


def the_call() -> Campaign:
    return Campaign.objects.get(state="open")


def called(name: str) -> str:
    return reverse(f"steering:{name}", args=[the_call().pk])


def words(response: Any) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


def many(count: int) -> None:
    """As many applications, everywhere."""
    source = Application.objects.filter(theme__campaign=the_call(), state="forwarded")[0]
    themes = list(the_call().themes.order_by("pk"))
    codes = sorted(code for code, one in sheets_academies().items() if one.current)
    rows = []
    for n in range(count):
        copied = Application.objects.get(pk=source.pk)
        copied.pk, copied.theme, copied.academy = None, themes[n % len(themes)], codes[n % len(codes)]
        copied.referent_email = f"many{n}@ac-exemple.fr"
        rows.append(copied)
    Application.objects.bulk_create(rows)


def sheets_academies() -> Any:
    from traam import reference

    return reference.academies()


def test_the_follow_up_stays_light_however_many_answers(sign_in: Any, django_assert_max_num_queries: Any) -> None:
    client = sign_in("bureau")
    for count in (200, 1_800):
        many(count) if count == 200 else many_more(count)
        with django_assert_max_num_queries(11):
            page = client.get(called("followup"))
        assert len(page.content) < 120_000
    assert "académies ont répondu" in words(page)


def many_more(count: int) -> None:
    Application.objects.filter(referent_email__startswith="many").update(referent_email="")
    many(count)


def test_drafts_are_counted_and_filters_keep_some_academies(sign_in: Any) -> None:
    client = sign_in("bureau")
    page = words(client.get(called("followup")))
    assert "1 proposée à l’inspecteur" in page
    kept = words(client.get(called("followup"), {"region": "Hauts-de-France"}))
    assert "2 académies affichées" in kept
    assert "Où en est chaque académie" in kept
    none = words(client.get(called("followup"), {"region": "Nulle part"}))
    assert "académies affichées" in none, "a region that does not exist is not asked"


def test_the_page_reads_itself_again_until_asked_not_to(sign_in: Any) -> None:
    client = sign_in("bureau")
    address = called("followup")
    live = client.get(address + "?region=Bretagne").content.decode()
    assert f'data-hx-get="{address}?region=Bretagne" data-hx-trigger="every 30s"' in live
    assert "data-say-after-swap" in live
    polled = client.get(address, headers={"HX-Request": "true", "HX-Trigger": "suivi"}).content.decode()
    assert "data-say-after-swap" not in polled, "nothing is said every thirty seconds"
    assert "every 30s" not in client.get(address + "?direct=non").content.decode()
    Campaign.objects.filter(pk=the_call().pk).update(state="closed")
    closed = client.get(reverse("steering:followup", args=[Campaign.objects.get(state="closed", announcement=None).pk]))
    assert "every 30s" not in closed.content.decode()
    assert "n'est pas ouvert" in words(closed).replace("’", "'")


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_all_that_went_up_is_exported(sign_in: Any, form: str, django_assert_max_num_queries: Any) -> None:
    client = sign_in("bureau")
    with django_assert_max_num_queries(9):
        answer = client.get(called("followup_export"), {"format": form})
    assert answer["Content-Disposition"].endswith(f'candidatures-{the_call().years}.{form}"')
    read = sheets.read(answer.content, exports.layout(), filename=f"x.{form}")
    up = Application.objects.filter(theme__campaign=the_call(), state="forwarded")
    assert read.problems == ()
    assert sorted(str(row.values["referent_email"]) for row in read.rows) == sorted(
        up.values_list("referent_email", flat=True)
    )
    assert {row.values["state"] for row in read.rows} == {"remontée"}
    assert all(row.values["forwarded_on"] for row in read.rows)


@pytest.mark.parametrize("who", ["dan.lyon", "expert", "inspection.generale", "referent.lyon"])
@pytest.mark.parametrize("page", ["followup", "followup_export", "remind"])
def test_following_is_for_the_national_team(sign_in: Any, who: str, page: str) -> None:
    assert sign_in(who).get(called(page)).status_code == 403


def test_a_reminder_is_read_before_it_leaves_and_leaves_once(sign_in: Any) -> None:
    client, before = sign_in("bureau"), Letter.objects.count()
    asked = client.get(called("remind"))
    lyon = re.search(r'<input[^>]*value="10"[^>]*>', asked.content.decode())
    lille = re.search(r'<input[^>]*name="academies"[^>]*value="09"[^>]*>', asked.content.decode())
    assert lyon and "checked" in lyon[0], "Lyon sent nothing up"
    assert lille and "checked" not in lille[0]
    posted = {"academies": ["10"], "message": "Nous attendons vos candidatures."}
    shown = client.post(called("remind"), posted)
    assert shown.status_code == 200
    assert "2 courriels" in words(shown) and f"dan.lyon@{DOMAIN}" in words(shown)
    assert "Nous attendons vos candidatures." in words(shown)
    assert Letter.objects.count() == before, "reading writes nothing"
    back = client.post(called("remind"), {**posted, "back": "1"})
    assert "Nous attendons vos candidatures." in words(back)
    done = client.post(called("remind"), {**posted, "send": "1"}, follow=True)
    assert "2 courriels partent vers 1 académie." in words(done)
    assert Letter.objects.count() == before + 2
    again = client.post(called("remind"), {**posted, "send": "1"}, follow=True)
    assert "déjà été relancées aujourd'hui" in words(again).replace("’", "'")
    assert Letter.objects.count() == before + 2
    nobody = client.post(called("remind"), {"message": "Bonjour.", "send": "1"})
    assert nobody.status_code == 422


def test_after_the_deadline_the_reminder_is_dimmed_with_its_reason(sign_in: Any) -> None:
    call = the_call()
    Campaign.objects.filter(pk=call.pk).update(
        calendar={**call.calendar, "applications_due": (timezone.localdate() - timedelta(days=1)).isoformat()}
    )
    client = sign_in("bureau")
    assert "La date limite de remontée est passée" in words(client.get(called("followup")))
    assert client.post(called("remind"), {"academies": ["10"], "message": "x", "send": "1"}).status_code == 403
