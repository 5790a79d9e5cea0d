"""What the programme still needs of a person (a step that needs more has its own `needs.py`)."""

from datetime import datetime

from traam.programme.people.models import Person
from traam.programme.people.policies import held


def needed(person: Person, at: datetime) -> list[str]:
    return [f"tient encore un rôle : {appointment}" for appointment in held(person, at)]
