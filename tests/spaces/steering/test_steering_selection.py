"""The committee's pages: the list, a dossier, the waiting list, the proposals, the announcement."""

import csv
import io
import json
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.catalogue.models import PublicCall, PublicTheme
from traam.programme.groups.models import Group
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person
from traam.programme.selection import proposals
from traam.programme.selection.models import Announcement, Decision, Opinion, Pin, Proposal
from traam.programme.selection.states import AFTER_ANNOUNCEMENT, DECISION
from traam.spaces.steering.views.selection import reordered

pytestmark = pytest.mark.django_db
OTHERS = ("inspection.generale", "expert", "dan.lyon", "inspecteur.lyon", "referent.lyon", "enseignante.lyon")


def called(name: str, *args: object) -> str:
    return reverse(f"steering:{name}", args=args)


def text(answer: Any) -> str:
    """The page as read: one kind of space."""
    return " ".join(unescape(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ").split())


def bureau() -> Person:
    return Person.objects.get(email=f"bureau@{DOMAIN}")


@pytest.fixture
def campaign() -> Campaign:
    """The open call, closed."""
    found = Campaign.objects.get(state="open")
    Campaign.objects.filter(pk=found.pk).update(state="closed")
    found.refresh_from_db()
    return found


def forwarded(campaign: Campaign) -> list[Application]:
    return list(Application.objects.filter(theme__campaign=campaign, state="forwarded").order_by("pk"))


def put(application: Application, state: str, rank: int | None = None) -> None:
    values = {"state": state, "waiting_rank": rank, "decided_by": bureau(), "decided_at": timezone.now()}
    Decision.objects.update_or_create(application=application, defaults=values)


def state_of(application: Application) -> str:
    found = Decision.objects.filter(application=application).first()
    return found.state if found else "pending"


def more(application: Application, academies: tuple[str, ...], state: str = "") -> list[Application]:
    """The same dossier, from other academies."""
    made = []
    for number, academy in enumerate(academies):
        other = Application.objects.get(pk=application.pk)
        other.pk, other.academy, other.referent_email = None, academy, f"r{number}.{academy}@{DOMAIN}"
        other._state.adding = True
        other.save()
        if state:
            put(other, state)
        made.append(other)
    return made


def ready(campaign: Campaign, *, leave: int = 0) -> list[Application]:
    rows = forwarded(campaign)
    for n, row in enumerate(rows[: len(rows) - leave]):
        put(row, ("retained", "waiting", "refused")[n % 3], 1 if n % 3 == 1 else None)
    return rows


# The list


def test_one_row_is_decided_by_its_button(sign_in: Any, campaign: Campaign) -> None:
    client, row = sign_in("bureau"), forwarded(campaign)[0]
    address = called("selection", campaign.pk) + f"?theme={row.theme_id}"
    answer = client.post(address, {"one": f"retain:{row.pk}", "rows": [forwarded(campaign)[1].pk]})
    assert answer.url == address + "#liste"
    assert [state_of(one) for one in forwarded(campaign)[:2]] == ["retained", "pending"]
    assert f"{row.academy_name}, « {row.title} » : retenue." in text(client.get(answer.url))


def test_ticked_rows_are_decided_together_with_one_reason(sign_in: Any, campaign: Campaign) -> None:
    client, rows = sign_in("bureau"), forwarded(campaign)[:3]
    asked = {"rows": [row.pk for row in rows], "verb": "put_on_waiting_list", "reason": "Places comptées."}
    assert client.post(called("selection", campaign.pk), asked).status_code == 302
    assert {state_of(row) for row in rows} == {"waiting"}
    assert set(Decision.objects.filter(application__in=rows).values_list("reason", flat=True)) == {"Places comptées."}


def test_a_refusal_names_the_rows_keeps_the_boxes_and_writes_nothing(sign_in: Any, campaign: Campaign) -> None:
    client, first = sign_in("bureau"), forwarded(campaign)[0]
    more(first, ("01", "02", "03", "04", "06"), "retained")
    two = more(first, ("07", "08"))
    asked = {"rows": [row.pk for row in two], "verb": "retain", "reason": "Un beau projet."}
    answer = client.post(called("selection", campaign.pk), asked)
    assert answer.status_code == 422
    page = text(answer)
    assert "Aucune décision n’est enregistrée" in page
    assert f"{two[1]} : " in page and f"{two[0]} : " not in page
    assert "(article B.3)" in page
    assert page.count(" checked") == 2 and 'value="Un beau projet."' in page
    assert [state_of(row) for row in two] == ["pending", "pending"]


def test_nothing_ticked_and_strangers_are_refused(sign_in: Any, campaign: Campaign) -> None:
    client = sign_in("bureau")
    stranger = Application.objects.filter(theme__campaign__announcement__isnull=False, state="forwarded")[0]
    for rows in ([], [stranger.pk], ["x"]):
        answer = client.post(called("selection", campaign.pk), {"rows": rows, "verb": "refuse"})
        assert answer.status_code == 422, rows
    assert client.post(called("selection", campaign.pk), {"rows": ["1"], "verb": "exploser"}).status_code == 404
    assert client.post(called("selection", campaign.pk), {"rows": ["1"], "verb": "give_up"}).status_code == 404


def test_an_open_call_decides_nothing(sign_in: Any) -> None:
    opened = Campaign.objects.get(state="open")
    client, row = sign_in("bureau"), forwarded(opened)[0]
    assert 'name="one"' not in text(client.get(called("selection", opened.pk)))
    answer = client.post(called("selection", opened.pk), {"one": f"retain:{row.pk}"})
    assert answer.status_code == 422 and "closez l" in text(answer)


def test_the_list_is_filtered_sorted_and_counted_in_constant_queries(
    sign_in: Any, campaign: Campaign, django_assert_max_num_queries: Any
) -> None:
    client, row = sign_in("bureau"), forwarded(campaign)[0]
    Opinion.objects.filter(application=row).delete()
    for who, score in (("expert", 300), ("inspection.generale", 350)):
        reader = Person.objects.get(email=f"{who}@{DOMAIN}")
        Opinion.objects.create(application=row, reader=reader, score=score, comment="Lu.", given_at=timezone.now())
    with django_assert_max_num_queries(15):
        page = text(client.get(called("selection", campaign.pk)))
    assert "3,25" in page and "0,50" in page and "2 avis" in page
    more(row, tuple(f"{n:02d}" for n in (1, 2, 3, 4, 6, 7, 8, 9)))
    with django_assert_max_num_queries(15):
        client.get(called("selection", campaign.pk))
    page = text(client.get(called("selection", campaign.pk), {"academie": "01", "theme": row.theme_id}))
    assert page.count('name="rows"') == 1
    page = text(client.get(called("selection", campaign.pk), {"etat": "retained"}))
    assert "Aucun résultat" in page


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_opens_the_pages_of_the_committee(sign_in: Any, campaign: Campaign, who: str) -> None:
    row, at = forwarded(campaign)[0], timezone.now()
    run = proposals.ask(campaign, 1, actor=bureau(), at=at)
    proposals.work(lambda: at)
    put(row, "retained")
    client = sign_in(who)
    pages = (
        called("selection", campaign.pk),
        called("decide", row.pk),
        called("waiting", row.theme_id),
        called("proposals", campaign.pk),
        called("proposal", run.pk),
        called("proposal_file", run.pk, "json"),
        called("announce", campaign.pk),
        called("announce_letter", campaign.pk),
    )
    for address in pages:
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"verb": "refuse", "one": f"refuse:{row.pk}"}).status_code in {403, 405, 302}
    assert state_of(row) == "retained"
    assert not Announcement.objects.filter(campaign=campaign).exists()


# One dossier


@pytest.mark.parametrize("move", DECISION.moves, ids=lambda move: move.verb)
@pytest.mark.parametrize("who", ["bureau", *OTHERS])
def test_every_decision_is_the_national_teams(sign_in: Any, campaign: Campaign, move: Any, who: str) -> None:
    client, row = sign_in(who), forwarded(campaign)[0]
    put(row, sorted(move.sources)[0])
    if move.verb in AFTER_ANNOUNCEMENT:
        Announcement.objects.create(campaign=campaign, announced_by=bureau(), announced_at=timezone.now())
    answer = client.post(called("decide", row.pk), {"verb": move.verb, "reason": "Un motif."})
    if who == "bureau":
        assert answer.status_code == 302
        assert state_of(row) == move.target
        assert "Un motif." in text(client.get(called("decide", row.pk)))
    else:
        assert (answer.status_code, state_of(row)) == (403, sorted(move.sources)[0])
        assert "bureau national" in text(answer)


def test_a_dossier_says_what_may_be_decided_and_why_not(sign_in: Any, campaign: Campaign) -> None:
    client, row = sign_in("bureau"), forwarded(campaign)[0]
    more(row, ("01", "02", "03", "04", "06", "07"), "retained")
    page = text(client.get(called("decide", row.pk)))
    assert "disabled>Retenir" in page and "(article B.3)" in page
    answer = client.post(called("decide", row.pk), {"verb": "retain", "reason": "Tout de même."})
    assert answer.status_code == 422
    assert "Tout de même." in text(answer) and state_of(row) == "pending"
    assert client.post(called("decide", row.pk), {"verb": "exploser"}).status_code == 404
    put(row, "refused")
    assert client.post(called("decide", row.pk), {"verb": "refuse"}).status_code == 403


def test_a_pin_is_given_with_its_reason_and_taken_back(sign_in: Any, campaign: Campaign) -> None:
    client, row = sign_in("bureau"), forwarded(campaign)[0]
    answer = client.post(called("decide", row.pk), {"verb": "pin", "kind": "retained", "reason": ""})
    assert answer.status_code == 422 and "Dites pourquoi" in text(answer)
    client.post(called("decide", row.pk), {"verb": "pin", "kind": "retained", "reason": "Territoire rural."})
    for page in (called("decide", row.pk), called("proposals", campaign.pk)):
        shown = text(client.get(page))
        assert "Territoire rural." in shown and bureau().name in shown
    client.post(called("decide", row.pk), {"verb": "pin", "kind": "", "reason": ""})
    assert not Pin.objects.exists()


# The waiting list


def test_the_waiting_list_takes_new_places_and_moves_the_others() -> None:
    assert reordered([10, 20, 30, 40], {10: "1", 20: "2", 30: "3", 40: "1"}) == [40, 10, 20, 30]
    assert reordered([10, 20, 30, 40], {10: "4", 40: " 1 "}) == [40, 20, 30, 10]
    for typed in ({10: "0"}, {10: "5"}, {10: ""}, {10: "²"}, {10: "3", 20: "3"}):
        with pytest.raises(Invalid):
            reordered([10, 20, 30, 40], typed)


def test_the_waiting_list_is_ordered_by_typing_ranks(sign_in: Any, campaign: Campaign) -> None:
    client, row = sign_in("bureau"), forwarded(campaign)[0]
    others = more(row, ("01", "02"))
    for n, one in enumerate([row, *others], 1):
        put(one, "waiting", n)
    address = called("waiting", row.theme_id)
    assert client.post(address, {f"rang-{others[1].pk}": "1"}).status_code == 302
    ranks = Decision.objects.filter(state="waiting", application__theme=row.theme_id).order_by("waiting_rank")
    assert [one.application_id for one in ranks] == [others[1].pk, row.pk, others[0].pk]
    answer = client.post(address, {f"rang-{row.pk}": "douze"})
    assert answer.status_code == 422 and 'value="douze"' in text(answer)


def test_giving_up_then_calling_the_first_of_the_list(sign_in: Any, campaign: Campaign) -> None:
    client, row = sign_in("bureau"), forwarded(campaign)[0]
    ready(campaign)
    Application.objects.filter(theme=row.theme).exclude(pk=row.pk).update(state="withdrawn")
    Decision.objects.filter(application__state="withdrawn").delete()
    put(row, "retained")
    first, second = more(row, ("01", "02"))
    put(first, "waiting", 1)
    put(second, "waiting", 2)
    assert client.post(called("announce", campaign.pk)).status_code == 302
    gone = Group.objects.get(application=row)
    answer = client.post(called("decide", row.pk), {"verb": "give_up", "reason": " "})
    assert answer.status_code == 422 and "Dites pourquoi" in text(answer)
    answer = client.post(called("decide", row.pk), {"verb": "give_up", "reason": "Le professeur référent est muté."})
    assert answer.url == called("waiting", row.theme_id)
    gone.refresh_from_db()
    assert gone.state == "ended"
    page = text(client.get(answer.url))
    assert f'value="{first.pk}" checked' in page
    public = PublicTheme.objects.get(source_key=f"theme:{row.theme_id}")
    assert row.academy not in public.academies
    refused = client.post(answer.url, {"call": first.pk, "reason": ""})
    assert refused.status_code == 422 and state_of(first) == "waiting"
    client.post(answer.url, {"call": second.pk, "reason": "La première ne répond plus."})
    assert (state_of(first), state_of(second)) == ("waiting", "retained")
    assert Group.objects.filter(application=second).exists()
    public.refresh_from_db()
    assert second.academy in public.academies
    told = Letter.objects.filter(key__startswith=f"result:{second.pk}:called-up", body__contains="ne répond plus")
    assert told.exists()


def test_announced_decisions_do_not_change(sign_in: Any) -> None:
    client = sign_in("bureau")
    row = Application.objects.filter(theme__campaign__announcement__isnull=False, decision__state="retained")[0]
    assert client.post(called("decide", row.pk), {"verb": "refuse"}).status_code == 403
    page = text(client.get(called("selection", row.theme.campaign_id)))
    assert "Les décisions ne changent plus" in page
    assert 'name="one"' not in page and 'name="verb"' not in page
    assert "Constater le désistement" in text(client.get(called("decide", row.pk)))


# Proposals


def computed(client: Any, campaign: Campaign) -> Proposal:
    answer = client.post(called("proposals", campaign.pk), {"seed": "20270401"})
    assert answer.status_code == 302
    proposals.work(timezone.now)
    return Proposal.objects.latest("pk")


def test_a_proposal_is_asked_waited_for_and_read(sign_in: Any, campaign: Campaign) -> None:
    client = sign_in("bureau")
    page = text(client.get(called("proposals", campaign.pk)))
    assert f'value="{timezone.localdate():%Y%m%d}"' in page
    assert "Équipes d'une même académie, au plus" in page and "SHA-256" in page
    answer = client.post(called("proposals", campaign.pk), {"seed": "1"})
    waiting = client.get(answer.url)
    assert "attend son tour" in text(waiting) and "every 2s" in text(waiting)
    assert "HX-Refresh" not in client.get(answer.url, headers={"hx-request": "true", "hx-target": "avancement"}).headers
    proposals.work(timezone.now)
    refreshed = client.get(answer.url, headers={"hx-request": "true", "hx-target": "avancement"})
    assert refreshed.headers["HX-Refresh"] == "true"
    page = text(client.get(answer.url))
    assert "Elle ne décide rien" in page
    assert "Retenir" in page and "point" in page
    bad = client.post(called("proposals", campaign.pk), {"seed": "beaucoup"})
    assert bad.status_code == 422 and "nombre" in text(bad)


def test_a_run_that_failed_says_so(sign_in: Any, campaign: Campaign) -> None:
    client = sign_in("bureau")
    run = proposals.ask(campaign, 1, actor=bureau(), at=timezone.now())
    Proposal.objects.filter(pk=run.pk).update(state="failed", outcome={"problem": "SolverRefused : non"})
    assert "Le calcul n’a pas abouti" in text(client.get(called("proposal", run.pk)))
    assert client.get(called("proposal_file", run.pk, "json")).status_code == 404


def test_rows_are_pinned_from_the_proposal_and_it_is_then_out_of_date(sign_in: Any, campaign: Campaign) -> None:
    client, row = sign_in("bureau"), forwarded(campaign)[0]
    address = called("proposal", computed(client, campaign).pk)
    assert "ont changé depuis" not in text(client.get(address))
    answer = client.post(address, {"verb": "pin-excluded", "rows": [row.pk], "reason": ""})
    assert answer.status_code == 422 and "Dites pourquoi" in text(answer)
    client.post(address, {"verb": "pin-excluded", "rows": [row.pk], "reason": "Déjà portée ailleurs."})
    page = text(client.get(address))
    assert "Déjà portée ailleurs." in page and "ont changé depuis" in page
    answer = client.post(address, {"verb": "again"})
    proposals.work(timezone.now)
    assert str(row.pk) not in Proposal.objects.latest("pk").outcome["solution"]["retained"]
    assert "ont changé depuis" not in text(client.get(answer.url))


def test_a_proposal_without_solution_says_which_rules_forbid_it(sign_in: Any, campaign: Campaign) -> None:
    client, row = sign_in("bureau"), forwarded(campaign)[0]
    twins = more(row, (row.academy,))
    for one in (row, *twins):
        proposals.pin(one, "retained", "Toutes les deux.", actor=bureau(), at=timezone.now())
    address = called("proposal", computed(client, campaign).pk)
    page = text(client.get(address))
    assert "Aucune sélection ne respecte toutes les règles" in page
    assert row.theme.title in page
    assert "Décider ce qui reste" not in page
    assert client.post(address, {"verb": "adopt", "rest": "waiting", "sure": "on"}).status_code == 422


def test_adopting_asks_to_be_sure_then_decides_what_is_left(sign_in: Any, campaign: Campaign) -> None:
    client, rows = sign_in("bureau"), forwarded(campaign)
    run = computed(client, campaign)
    put(rows[0], "refused")
    address = called("proposal", run.pk)
    answer = client.post(address, {"verb": "adopt", "rest": "waiting"})
    assert answer.status_code == 422 and "Cochez la case" in text(answer)
    assert state_of(rows[1]) == "pending"
    answer = client.post(address, {"verb": "adopt", "rest": "waiting", "sure": "on"})
    assert answer.url == called("selection", campaign.pk)
    kept = set(map(int, run.outcome["solution"]["retained"]))
    assert state_of(rows[0]) == "refused"
    assert {state_of(row) for row in rows[1:] if row.pk in kept} <= {"retained"}
    if rows[0].pk in kept:
        assert "a décidé autrement" in text(client.get(address))


def test_a_proposal_is_taken_away_and_played_again(
    sign_in: Any, campaign: Campaign, tmp_path: Any, capsys: Any
) -> None:
    from traam.config.commands import run as command

    client = sign_in("bureau")
    made = computed(client, campaign)
    exported = tmp_path / "export.json"
    exported.write_bytes(client.get(called("proposal_file", made.pk, "json")).content)
    assert command(["propose", "--replay", str(exported)]) == 0
    kept = json.loads(exported.read_bytes())
    kept["outcome"]["solution"]["retained"] = []
    exported.write_text(json.dumps(kept))
    assert command(["propose", "--replay", str(exported)]) == 1
    rows = list(
        csv.reader(
            io.StringIO(client.get(called("proposal_file", made.pk, "csv")).content.decode("utf-8-sig")), delimiter=";"
        )
    )
    assert sum(row[:1] == [str(forwarded(campaign)[0].pk)] for row in rows) == 1
    assert client.get(called("proposal_file", made.pk, "xlsx")).content[:2] == b"PK"
    assert client.get(called("proposal_file", made.pk, "exe")).status_code == 404


# The announcement


def test_announcing_says_what_it_will_do_then_does_it(sign_in: Any, campaign: Campaign) -> None:
    client = sign_in("bureau")
    ready(campaign)
    retained = Decision.objects.filter(application__theme__campaign=campaign, state="retained").count()
    page = text(client.get(called("announce", campaign.pk)))
    assert f"{retained} groupes s’ouvrent" in page
    assert "au DAN de chaque académie qui a répondu" in page
    assert not Announcement.objects.filter(campaign=campaign).exists()
    before = Letter.objects.count()
    assert client.post(called("announce", campaign.pk)).url == called("groups", campaign.pk)
    assert Group.objects.filter(application__theme__campaign=campaign).count() == retained
    assert Letter.objects.count() > before
    assert PublicCall.objects.get(pk=campaign.pk).state == "announced"
    assert client.post(called("announce", campaign.pk)).status_code == 403


def test_the_letters_are_read_with_the_words_that_are_added(sign_in: Any, campaign: Campaign) -> None:
    client, row = sign_in("bureau"), forwarded(campaign)[0]
    ready(campaign)
    put(row, "retained")
    address = called("announce", campaign.pk)
    words = {"verb": "preview", "retained": "Rendez-vous le 3 juin.", "waiting": "", "refused": ""}
    assert client.post(address, words).url == address + "#courriels"
    assert not Announcement.objects.filter(campaign=campaign).exists()
    shown = text(client.get(called("announce_letter", campaign.pk), {"cle": f"result:{row.pk}"}))
    assert "Rendez-vous le 3 juin." in shown
    seal = client.get(address).content.decode().split('name="seal" value="')[1].split('"')[0]
    put(forwarded(campaign)[2], "retained")
    answer = client.post(address, {"verb": "announce", "seal": seal})
    assert answer.status_code == 422 and "ont changé depuis que vous les avez lus" in text(answer)
    seal = client.get(address).content.decode().split('name="seal" value="')[1].split('"')[0]
    assert client.post(address, {"verb": "announce", "seal": seal}).status_code == 302
    assert "Rendez-vous le 3 juin." in Letter.objects.get(key=f"result:{row.pk}").body
    too_long = {"verb": "preview", "retained": "x" * 2_001, "waiting": "", "refused": ""}
    assert client.post(address, too_long).status_code == 403


def test_words_too_long_are_refused_with_their_field(sign_in: Any, campaign: Campaign) -> None:
    client = sign_in("bureau")
    ready(campaign)
    answer = client.post(called("announce", campaign.pk), {"verb": "preview", "retained": "x" * 2_001})
    assert answer.status_code == 422 and "2000" in text(answer).replace(" ", "")
    assert client.get(called("announce_letter", campaign.pk), {"cle": "inconnu"}).status_code == 404


def test_announcing_waits_for_every_decision(sign_in: Any, campaign: Campaign) -> None:
    client = sign_in("bureau")
    ready(campaign, leave=2)
    assert "2 candidatures à décider" in text(client.get(called("announce", campaign.pk)))
    answer = client.post(called("announce", campaign.pk))
    assert answer.status_code == 422
    assert "Il reste 2 candidature(s) à décider" in text(answer)
    assert not Announcement.objects.filter(campaign=campaign).exists()


def test_announcing_waits_for_the_call_to_close(sign_in: Any) -> None:
    answer = sign_in("bureau").post(called("announce", Campaign.objects.get(state="open").pk))
    assert answer.status_code == 403
    assert "Closez d" in text(answer)


def test_the_list_of_a_theme_unknown_is_missing(sign_in: Any) -> None:
    assert sign_in("bureau").get(called("waiting", Theme.objects.latest("pk").pk + 1)).status_code == 404
