"""No table holds a text that nobody declared: personal, with its purpose and its end, or not."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from traam.programme.journal.register import TREATMENTS, End, held, register

TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
)
# Tables of Django that only name its own code.
ITS_OWN = {"auth", "contenttypes"}
TABLES = [model for model in apps.get_models() if model._meta.app_label not in ITS_OWN]


def texts(model: Any) -> set[str]:
    return {field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS)}


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_every_text_is_declared_personal_or_not(model: Any) -> None:
    label, wanted = model._meta.label, texts(model)
    declared = held()[label].declared if label in held() else set()
    where = f"traam/programme/{model._meta.app_label}/personal.py"
    assert sorted(wanted - declared) == [], f"say in {where} what {label} holds of people (`personal`) or not (`other`)"
    assert sorted(declared - wanted) == [], f"{where} speaks of what {label} no longer holds"


def test_nothing_is_declared_twice_and_what_is_kept_says_why() -> None:
    twice = [label for label, row in held().items() if set(row.personal) & set(row.other.split())]
    silent = [label for label, row in held().items() if row.personal and row.end is End.KEEP and not row.kept]
    assert (twice, silent) == ([], [])
    assert {row.treatment for row in held().values()} <= set(TREATMENTS)


def test_every_treatment_says_all_that_the_register_asks() -> None:
    assert len(register()) == len(TREATMENTS)
    assert all(said for line in register() for _, said in line.treatment.told)
