"""Service fait on its pages: the bureau opens the periods, the inspector plans and attests, the DAN sends."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from traam.engines import ledger
from traam.programme.groups.models import Group, ServiceLine, ServicePeriod, Share

pytestmark = pytest.mark.django_db
SEEN = "J'ai vu le travail du groupe lors de ma visite."
SignIn = Callable[[str], Any]


@pytest.fixture
def group() -> Group:
    return Group.objects.filter(application__academy="10").order_by("pk")[0]


def campaign_of(group: Group) -> Any:
    return group.application.theme.campaign


def typed_periods(group: Group, **changed: str) -> dict[str, str]:
    year = campaign_of(group).first_year
    return {
        "label_1": "Premier temps",
        "since_1": f"01/09/{year}",
        "until_1": f"31/01/{year + 1}",
        "label_2": "Second temps",
        "since_2": f"01/02/{year + 1}",
        "until_2": f"05/07/{year + 1}",
        "unit_1": "hours",
        "unit_2": "hours",
        "rate_1": "40,12",
        "rate_2": "",
        **changed,
    }


def open_periods(sign_in: SignIn, group: Group) -> None:
    """The bureau sets the periods; nothing is planned yet."""
    Share.objects.all().delete()
    address = reverse("steering:service_periods", args=[campaign_of(group).pk])
    assert sign_in("bureau").post(address, typed_periods(group)).status_code == 302


def shares_to_pay(group: Group) -> dict[str, str]:
    return {f"planned_{m.pk}": "12,5" for m in group.members.exclude(role="inspector")}


def planned(sign_in: SignIn, group: Group) -> None:
    open_periods(sign_in, group)
    address = reverse("workshop:plan_service", args=[group.pk, 1])
    assert sign_in("inspecteur.lyon").post(address, shares_to_pay(group)).status_code == 302


def attested(sign_in: SignIn, group: Group) -> None:
    planned(sign_in, group)
    done = {name.replace("planned", "done"): "12" for name in shares_to_pay(group)}
    address = reverse("workshop:attest_service", args=[group.pk, 1])
    answer = sign_in("inspecteur.lyon").post(address, {**done, "statement": SEEN})
    assert answer.status_code == 302


def send_address(group: Group, slug: str = "lyon") -> str:
    return reverse("academy:send_service", args=[slug, campaign_of(group).pk, 1])


def stamp_of(answer: Any) -> str:
    found = re.search(r'name="stamp" value="(\w+)"', answer.content.decode())
    assert found
    return found[1]


def sent(sign_in: SignIn, group: Group) -> None:
    attested(sign_in, group)
    dan = sign_in("dan.lyon")
    stamp = stamp_of(dan.get(send_address(group)))
    assert dan.post(send_address(group), {"stamp": stamp}).status_code == 302


def test_from_the_periods_to_a_file_that_the_script_proves(sign_in: SignIn, group: Group) -> None:
    sent(sign_in, group)
    campaign = campaign_of(group)
    paid = group.members.exclude(role="inspector").count()
    assert ServiceLine.objects.count() == paid
    answer = sign_in("dan.lyon").get(reverse("academy:service_file", args=["lyon", campaign.pk]))
    report = ledger.verify(answer.content)
    assert report.totals == {("Lyon", 1, "Heures"): [1200 * paid, paid * ledger.amount(1200, 4012)]}
    assert answer["Content-Disposition"].endswith('.csv"')
    script = sign_in("dan.lyon").get(reverse("academy:service_verifier"))
    assert script.content.decode() == ledger.source()
    page = sign_in("bureau").get(reverse("steering:service", args=[campaign.pk]) + "?verifier=oui").content.decode()
    assert "Tout est en règle" in page and report.last in page
    for form in ("xlsx", "ods"):
        address = reverse("steering:service_file", args=[campaign.pk]) + f"?format={form}"
        assert sign_in("bureau").get(address).content[:2] == b"PK"


def test_what_was_found_is_shown_and_nothing_found_asks_for_words(sign_in: SignIn, group: Group) -> None:
    planned(sign_in, group)
    address = reverse("workshop:attest_service", args=[group.pk, 1])
    client = sign_in("inspecteur.lyon")
    page = client.get(address).content.decode()
    assert "Scénario validé le" in page and "Ni présence ni production notée" in page
    done = {name.replace("planned", "done"): "12" for name in shares_to_pay(group)}
    answer = client.post(address, {**done, "statement": "Vu."})
    assert answer.status_code == 422 and "écrivez ce que vous avez constaté" in answer.content.decode()
    assert not Share.objects.exclude(state="planned").exists()


def test_what_is_typed_badly_is_said_and_nothing_is_written(sign_in: SignIn, group: Group) -> None:
    open_periods(sign_in, group)
    address = reverse("workshop:plan_service", args=[group.pk, 1])
    wrong = dict.fromkeys(shares_to_pay(group), "douze")
    answer = sign_in("inspecteur.lyon").post(address, wrong)
    assert answer.status_code == 422 and "écrivez-le en chiffres" in answer.content.decode()
    assert not Share.objects.exists()
    periods = reverse("steering:service_periods", args=[campaign_of(group).pk])
    year = campaign_of(group).first_year
    answer = sign_in("bureau").post(periods, typed_periods(group, since_2=f"01/12/{year}"))
    assert answer.status_code == 422 and "commencez après" in answer.content.decode()
    assert ServicePeriod.objects.get(number=2).since.month == 2


def test_what_changed_since_the_page_is_read_again(sign_in: SignIn, group: Group) -> None:
    attested(sign_in, group)
    stamp = stamp_of(sign_in("dan.lyon").get(send_address(group)))
    share = Share.objects.order_by("pk")[0]
    change = reverse("workshop:correct_service", args=[share.pk])
    answer = sign_in("inspecteur.lyon").post(change, {"quantity": "8", "reason": "Une séance annulée."})
    assert answer.status_code == 302
    answer = sign_in("dan.lyon").post(send_address(group), {"stamp": stamp})
    assert answer.status_code == 422 and "relisez les totaux" in answer.content.decode()
    assert sign_in("dan.lyon").post(send_address(group)).status_code == 422
    assert not ServiceLine.objects.exists()


def test_a_sent_service_is_mended_by_a_line_more(sign_in: SignIn, group: Group) -> None:
    sent(sign_in, group)
    share = Share.objects.order_by("pk")[0]
    page = sign_in("inspecteur.lyon").get(reverse("workshop:correct_service", args=[share.pk])).content.decode()
    assert "une ligne de plus portera la différence" in page
    change = {"quantity": "10", "reason": "Une séance comptée deux fois."}
    sign_in("inspecteur.lyon").post(reverse("workshop:correct_service", args=[share.pk]), change)
    page = sign_in("dan.lyon").get(send_address(group)).content.decode()
    assert "−2" in page and "−80,24" in page


def test_what_waits_is_on_the_desk_of_who_does_it(sign_in: SignIn, group: Group) -> None:
    desk = reverse("desk:dashboard")
    planned(sign_in, group)
    assert "Attester le service fait" in sign_in("inspecteur.lyon").get(desk).content.decode()
    assert "Envoyer le service fait" not in sign_in("dan.lyon").get(desk).content.decode()
    done = {name.replace("planned", "done"): "12" for name in shares_to_pay(group)}
    address = reverse("workshop:attest_service", args=[group.pk, 1])
    sign_in("inspecteur.lyon").post(address, {**done, "statement": SEEN})
    assert "Attester le service fait" not in sign_in("inspecteur.lyon").get(desk).content.decode()
    assert "Envoyer le service fait" in sign_in("dan.lyon").get(desk).content.decode()


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("dan.lyon", "steering"),
        ("inspecteur.lyon", "periods"),
        ("referent.lyon", "plan"),
        ("dan.lyon", "attest"),
        ("inspecteur.lille", "attest"),
        ("expert", "group"),
        ("inspecteur.lyon", "send"),
        ("bureau", "send"),
        ("dan.lille", "send"),
        ("dan.lille", "academy"),
        ("inspecteur.lyon", "file"),
        ("dan.lille", "file"),
        ("referent.lyon", "correct"),
        ("referent.lyon", "script"),
    ],
)
def test_who_may_not_is_told_why(sign_in: SignIn, group: Group, who: str, page: str) -> None:
    attested(sign_in, group)
    campaign = campaign_of(group).pk
    address = {
        "steering": reverse("steering:service", args=[campaign]),
        "periods": reverse("steering:service_periods", args=[campaign]),
        "plan": reverse("workshop:plan_service", args=[group.pk, 1]),
        "attest": reverse("workshop:attest_service", args=[group.pk, 1]),
        "group": reverse("workshop:service", args=[group.pk]),
        "send": send_address(group),
        "academy": reverse("academy:service", args=["lyon", campaign]),
        "file": reverse("academy:service_file", args=["lyon", campaign]),
        "correct": reverse("workshop:correct_service", args=[Share.objects.order_by("pk")[0].pk]),
        "script": reverse("academy:service_verifier"),
    }[page]
    assert sign_in(who).get(address).status_code == 403


def test_a_member_sees_her_own_service_and_no_other(sign_in: SignIn, group: Group) -> None:
    attested(sign_in, group)
    page = sign_in("enseignante.lyon").get(reverse("workshop:service", args=[group.pk])).content.decode()
    assert "Enseignante de Lyon" in page and "Enseignant de Lyon" not in page
    page = sign_in("referent.lyon").get(reverse("workshop:service", args=[group.pk])).content.decode()
    assert "Enseignant de Lyon" in page


def test_every_page_takes_a_constant_number_of_queries(
    sign_in: SignIn, group: Group, django_assert_max_num_queries: Any
) -> None:
    sent(sign_in, group)
    campaign = campaign_of(group).pk
    for who, address in (
        ("bureau", reverse("steering:service", args=[campaign])),
        ("dan.lyon", reverse("academy:service", args=["lyon", campaign])),
        ("dan.lyon", send_address(group)),
        ("inspecteur.lyon", reverse("workshop:service", args=[group.pk])),
        ("inspecteur.lyon", reverse("workshop:services")),
    ):
        client = sign_in(who)
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200
