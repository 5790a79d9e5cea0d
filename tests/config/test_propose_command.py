"""`traam propose`: a selection from the command line, kept nowhere."""

import json
from typing import Any

import pytest
from django.utils import timezone

from traam.config.commands import run
from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.people.models import Person
from traam.programme.selection import proposals
from traam.programme.selection.models import Proposal

pytestmark = pytest.mark.django_db


def test_it_answers_in_json_by_number_or_by_title_and_stores_nothing(capsys: Any) -> None:
    campaign = Campaign.objects.get(state="open")
    assert run(["propose", str(campaign.pk), "--json", "--seed", "7"]) == 0
    by_number = capsys.readouterr().out
    assert run(["propose", campaign.title, "--json", "--seed", "7"]) == 0
    assert capsys.readouterr().out == by_number
    found = json.loads(by_number)
    assert found["problem"]["seed"] == 7
    assert found["outcome"]["solution"]["status"] == "optimal"
    assert set(found["outcome"]["explanations"]) == {one["id"] for one in found["problem"]["candidates"]}
    assert not Proposal.objects.exists()


def test_it_answers_in_french(capsys: Any) -> None:
    campaign = Campaign.objects.get(state="open")
    assert run(["propose", str(campaign.pk)]) == 0
    told = capsys.readouterr().out
    assert "équipes retenues" in told or "équipe retenue" in told
    assert campaign.themes.order_by("pk")[0].title in told


def test_the_worker_computes_what_waits_after_sending_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    # The connection of a test is never too old: its transaction is in it.
    monkeypatch.setattr("traam.config.commands.close_old_connections", lambda: None)
    monkeypatch.setattr("traam.config.auditing.Visits.work", lambda *_: 0)  # tried elsewhere
    compute = proposals.compute

    def deliver(**_: object) -> int:
        order.append("letters")
        return 0

    def told(*given: Any) -> dict[str, Any]:
        order.append("proposal")
        return compute(*given)

    monkeypatch.setattr("traam.config.commands.deliver", deliver)
    monkeypatch.setattr(proposals, "compute", told)
    campaign = Campaign.objects.get(state="open")
    Campaign.objects.filter(pk=campaign.pk).update(state="closed")
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    asked = [proposals.ask(campaign, seed, actor=bureau, at=timezone.now()) for seed in (1, 2)]
    assert run(["work", "--once"]) == 0
    states = [Proposal.objects.get(pk=one.pk).state for one in asked]
    assert states == ["done", "waiting"], "one at a time"
    assert order[:2] == ["letters", "proposal"]
    assert "letters" in order[2:], "letters go on leaving meanwhile"


def test_it_says_what_is_wrong(capsys: Any, tmp_path: Any) -> None:
    campaign = Campaign.objects.get(state="open")
    assert run(["propose", "999999"]) == 2
    assert campaign.title in capsys.readouterr().err
    assert run(["propose", str(campaign.pk), "--seed", "-1"]) == 2
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    assert run(["propose", "--replay", str(wrong)]) == 2
    with pytest.raises(SystemExit) as refusal:
        run(["propose"])
    assert refusal.value.code == 2


def test_an_empty_campaign_is_refused(capsys: Any) -> None:
    campaign = Campaign.objects.get(state="open")
    Application.objects.filter(theme__campaign=campaign).update(state="draft")
    assert run(["propose", str(campaign.pk)]) == 1
    assert "Aucune candidature" in capsys.readouterr().err
