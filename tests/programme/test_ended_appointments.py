"""Who leads a theme does as long as her appointment lasts: then its pages and its lists close together."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import standing
from traam.programme.campaigns.queries import leading
from traam.programme.groups.queries.composition import visible_to
from traam.programme.groups.queries.national import national_themes
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.productions.policies import may_review
from traam.programme.selection.queries import readings

pytestmark = pytest.mark.django_db


def _expert() -> Person:
    return Person.objects.get(email=f"expert@{DOMAIN}")


def _followed(at: datetime) -> tuple[bool, ...]:
    expert = _expert()
    theme = Theme.objects.filter(stewards__person=expert).order_by("pk")[0]
    return (
        bool(standing(expert, theme, at)),
        leading(expert, at).exists(),
        visible_to(expert, at).exists(),
        bool(national_themes(expert, at)),
        bool(readings(expert, at)),
        bool(may_review(expert, at)),
    )


def test_the_end_of_an_expert_s_appointment_takes_her_themes_with_it() -> None:
    at = timezone.localtime()
    assert all(_followed(at))
    Appointment.objects.filter(person=_expert(), role=Role.EXPERT).update(until=at.date())
    assert all(_followed(at)), "the last day counts"
    assert not any(_followed(at + timedelta(days=1)))
