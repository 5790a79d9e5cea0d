"""What is typed of the tests in class: what was held, what is promised, what is asked."""

from collections.abc import Sequence
from typing import Any

from django import forms

from traam.design.forms import DateField, PageForm
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.actions.trials import LONGEST_TEST
from traam.programme.productions.models import ClassTest, Promise, Scenario
from traam.programme.productions.queries.trials import versions
from traam.spaces.workshop import vocabulary
from traam.spaces.workshop.forms import CHOOSE


class LevelForm(PageForm):
    """A form that asks for the level of a class."""

    level = forms.ChoiceField(label="Niveau de la classe", choices=[])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["level"].choices = [CHOOSE, *vocabulary.select_levels()]  # type: ignore[attr-defined]


class TestForm(LevelForm):
    """What came of a test. `groups` are those for which the person may note it."""

    __test__ = False  # pytest would take it for tests

    group = forms.TypedChoiceField(label="Groupe qui a tenu la séance", coerce=int, choices=[])
    version = forms.TypedChoiceField(label="Version du scénario que la classe a essayée", coerce=int, choices=[])
    on = DateField(label="Date de la séance")
    academy = forms.ChoiceField(label="Académie où la séance a eu lieu", choices=[])
    pupils = forms.IntegerField(
        label="Nombre d'élèves", min_value=1, max_value=500, widget=forms.NumberInput(attrs={"size": 6})
    )
    worked = forms.CharField(label="Ce qui a marché", widget=forms.Textarea, max_length=LONGEST_TEST)
    resisted = forms.CharField(label="Ce qui a résisté", widget=forms.Textarea, max_length=LONGEST_TEST, required=False)
    advice = forms.CharField(
        label="Conseils aux collègues", widget=forms.Textarea, max_length=LONGEST_TEST, required=False
    )
    field_order = ("group", "version", "on", "level", "academy", "pupils", "worked", "resisted", "advice")

    def __init__(self, scenario: Scenario, groups: Sequence[Group], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("group", [(group.pk, f"Groupe {group.of_academy}") for group in groups])
        self._choose("version", [(number, _version(number, scenario)) for number in versions(scenario)])
        if any(group.pk == scenario.group_id for group in groups):
            self._choose("academy", vocabulary.academies())
        else:  # the others note what they hold at home
            del self.fields["academy"]
        self._say_how_many_pupils()

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """A question that has one answer is not asked."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        if len(choices) < 2:
            del self.fields[name]

    def _say_how_many_pupils(self) -> None:
        pupils = self.fields["pupils"]
        for code in ("min_value", "max_value"):
            pupils.error_messages[code] = "Donnez le nombre d'élèves, de 1 à 500."
        for validator in pupils.validators:
            validator.message = pupils.error_messages["min_value"]  # type: ignore[attr-defined]


def _version(number: int, scenario: Scenario) -> str:
    return f"Version {number} (la dernière soumise)" if number == scenario.version else f"Version {number}"


def initial_test(test: ClassTest) -> dict[str, object]:
    """A test as the form types it."""
    names = ("version", "on", "level", "academy", "pupils", "worked", "resisted", "advice")
    return {name: getattr(test, name) for name in names}


class PromiseForm(LevelForm):
    planned_on = DateField(label="Jour prévu pour la séance")
    person = forms.TypedChoiceField(label="Qui tiendra la séance", coerce=int, choices=[])
    answer = forms.CharField(
        label="Message aux auteurs",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_TEST,
        help_text="Ce que vous attendez d'eux, par exemple un document à adapter.",
    )
    field_order = ("person", "level", "planned_on", "answer")

    def __init__(self, members: Sequence[Person], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [(person.pk, person.name) for person in members]  # type: ignore[attr-defined]


class PostponeForm(LevelForm):
    planned_on = DateField(label="Nouveau jour prévu pour la séance")
    field_order = ("planned_on", "level")


def initial_promise(promise: Promise | None, person: Person) -> dict[str, object]:
    if promise is None or promise.state not in {"asked", "promised"}:
        return {"person": person.pk}
    return {"person": promise.person_id or person.pk, "level": promise.level, "planned_on": promise.planned_on}


class AskForm(PageForm):
    """Whom to ask: `choices` are groups with the reasons, the most fitting first."""

    group = forms.TypedChoiceField(label="Groupe à qui demander", coerce=int, choices=[], widget=forms.RadioSelect)
    message = forms.CharField(
        label="Message",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_TEST,
        help_text="Ce que vous voulez savoir de ce test, et avant quand.",
    )

    def __init__(self, choices: Sequence[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["group"].choices = list(choices)  # type: ignore[attr-defined]


class ReasonForm(PageForm):
    reason = forms.CharField(
        label="Raison", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_TEST
    )
