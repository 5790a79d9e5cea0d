"""What the national team types."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from traam import editions, reference
from traam.design.forms import DateField, PageForm
from traam.programme.campaigns.actions import ThemeValues, milestone_labels
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.people.models import ROLES_OF_AN_ACADEMY, Person, Role

DEMANDED = {"applications_due", "launch"}
FAR = date(9999, 12, 31)


def default_calendar(edition_id: str, first_year: int) -> dict[str, date | None]:
    """The dates the edition proposes for a campaign that begins that year, in their order."""
    book = editions.book(edition_id)
    days: dict[str, date | None] = {}
    for name in milestone_labels(edition_id):
        milestone = book.milestone(name)
        days[name] = milestone.on(first_year) if milestone else None
    return dict(sorted(days.items(), key=lambda item: item[1] or FAR))


class CampaignForm(PageForm):
    """A campaign: its title, its first year, and one date for each milestone of its edition."""

    title = forms.CharField(label="Titre", max_length=200, help_text="Par exemple : TraAM 2027-2029.")
    first_year = forms.IntegerField(
        label="Année de la rentrée",
        min_value=2000,
        max_value=2100,
        help_text="L'année où les groupes se mettent au travail, en quatre chiffres.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )

    def __init__(self, edition_id: str, first_year: int, *args: Any, **options: Any) -> None:
        # The fields of this edition, before `PageForm` gives each its sentences.
        self.base_fields = dict(type(self).base_fields)  # type: ignore[misc]
        self.milestones = list(default_calendar(edition_id, first_year))
        book, labels = editions.book(edition_id), milestone_labels(edition_id)
        for name in self.milestones:
            milestone = book.milestone(name)
            article = f" Article {milestone.article}." if milestone else ""
            said = f" Le cahier des charges dit : {milestone.said}." if milestone and milestone.said else ""
            self.base_fields[name] = DateField(
                label=labels[name], required=name in DEMANDED, help_text=f"Au format jj/mm/aaaa.{said}{article}"
            )
        super().__init__(*args, **options)

    @property
    def calendar(self) -> dict[str, date | None]:
        return {name: self.cleaned_data[name] for name in self.milestones}


def campaign_initial(campaign: Campaign) -> dict[str, Any]:
    days = {name: campaign.on(name) for name in campaign.calendar}
    return {"title": campaign.title, "first_year": campaign.first_year, **days}


class ThemeForm(PageForm):
    """A theme and those who lead it."""

    title = forms.CharField(label="Titre", max_length=200)
    framing = forms.CharField(
        label="Cadrage",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Le paragraphe qui dit aux équipes ce qui est attendu.",
    )
    axes = forms.CharField(
        label="Axes de travail",
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Un axe par ligne, de un à cinq. Ils sont numérotés dans cet ordre.",
    )
    degree = forms.ChoiceField(
        label="Degré d'enseignement",
        choices=Theme.Degree.choices,
        widget=forms.RadioSelect,
        initial=Theme.Degree.SECOND,
    )
    disciplines = forms.MultipleChoiceField(label="Disciplines", widget=forms.CheckboxSelectMultiple)
    experts = forms.MultipleChoiceField(
        label="Expert ou binôme d'experts",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Deux personnes au plus. Il en faut au moins une pour ouvrir l'appel.",
    )
    general_inspectors = forms.MultipleChoiceField(
        label="Inspection générale",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, experts: Iterable[Person], inspectors: Iterable[Person], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        experts, inspectors = list(experts), list(inspectors)
        self.people = {str(person.pk): person for person in [*experts, *inspectors]}
        self._choose("disciplines", [(d.code, d.label) for d in reference.disciplines().values()])
        self._choose("experts", [(str(p.pk), p.name) for p in experts])
        self._choose("general_inspectors", [(str(p.pk), p.name) for p in inspectors])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared just above
        field.choices = choices

    @property
    def values(self) -> ThemeValues:
        typed = self.cleaned_data
        return ThemeValues(
            title=typed["title"],
            framing=typed["framing"],
            axes=[line.strip() for line in typed["axes"].splitlines() if line.strip()],
            disciplines=typed["disciplines"],
            degree=typed["degree"],
            experts=[self.people[key] for key in typed["experts"]],
            general_inspectors=[self.people[key] for key in typed["general_inspectors"]],
        )


def theme_initial(theme: Theme) -> dict[str, Any]:
    led = [(steward.role, str(steward.person_id)) for steward in theme.stewards.all()]
    return {
        "title": theme.title,
        "framing": theme.framing,
        "axes": "\n".join(theme.axes),
        "degree": theme.degree,
        "disciplines": theme.disciplines,
        "experts": [key for role, key in led if role == Steward.Role.EXPERT],
        "general_inspectors": [key for role, key in led if role == Steward.Role.GENERAL_INSPECTOR],
    }


OF_AN_ACADEMY = " ; ".join(str(Role(role).label) for role in Role.values if role in ROLES_OF_AN_ACADEMY)


class InviteForm(PageForm):
    """Someone to whom a role is given."""

    name = forms.CharField(label="Prénom et nom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="L'invitation y est envoyée. Exemple : prenom.nom@ac-lyon.fr.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Rôle", choices=Role.choices, widget=forms.RadioSelect)
    academy = forms.ChoiceField(
        label="Académie",
        required=False,
        help_text=f"À choisir pour les rôles qui s'exercent dans une académie : {OF_AN_ACADEMY}.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["academy"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared just above
        current = [(a.code, a.name) for a in reference.academies().values() if a.current]
        field.choices = [("", "Aucune"), *current]
