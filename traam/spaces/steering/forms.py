"""What the national team types."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from traam import editions, reference
from traam.design.forms import DATE_HINT, DateField, PageForm
from traam.programme.campaigns.models import Amendment, Campaign, Steward, Theme
from traam.programme.campaigns.rules import Clause, ThemeValues, milestone_labels
from traam.programme.people.models import ROLES_OF_AN_ACADEMY, Person, Role
from traam.programme.people.seeing import MINUTES, ROLES_TO_SEE
from traam.programme.selection.proposals import LARGEST_SEED

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


class TitleForm(PageForm):
    """A campaign whose call is open: its title alone is still typed."""

    title = forms.CharField(label="Titre", max_length=200)


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


Labelled = Sequence[tuple[Theme, str]]


class CopyForm(PageForm):
    """A campaign begun from another: its title, its year, and which themes come with it."""

    title = forms.CharField(label="Titre", max_length=200, help_text="Par exemple : TraAM 2027-2029.")
    first_year = CampaignForm.base_fields["first_year"]
    carry_on = forms.MultipleChoiceField(
        label="À poursuivre en seconde année", required=False, widget=forms.CheckboxSelectMultiple
    )
    keep = forms.MultipleChoiceField(label="À proposer de nouveau", required=False, widget=forms.CheckboxSelectMultiple)
    with_overrides = forms.BooleanField(
        label="Reprendre ces nombres dans la nouvelle campagne",
        required=False,
        help_text="Un avenant signé de votre nom dira d'où ils viennent. Sinon, le cahier des charges s'applique.",
    )

    def __init__(self, source: Campaign, going: Labelled, others: Labelled, *args: Any, **options: Any) -> None:
        year = source.first_year + 1
        lasts = source.edition.edition.duration_years
        initial = {
            "title": f"{source.edition.edition.short_title} {year}-{year + lasts}",
            "first_year": year,
            "carry_on": [str(theme.pk) for theme, _ in going if theme.state == "open"],
            "keep": [str(theme.pk) for theme, _ in others if theme.state == "draft"],
        }
        super().__init__(*args, initial=initial, **options)
        self.themes = {str(theme.pk): theme for theme, _ in (*going, *others)}
        for name, themes in (("carry_on", going), ("keep", others)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared just above
            field.choices = [(str(theme.pk), label) for theme, label in themes]
            if not themes:
                del self.fields[name]
        if not source.overrides:
            del self.fields["with_overrides"]

    @property
    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        chosen = {name: [self.themes[key] for key in typed.get(name, ())] for name in ("carry_on", "keep")}
        return {
            "title": typed["title"],
            "first_year": typed["first_year"],
            "with_overrides": typed.get("with_overrides", False),
            **chosen,
        }


class AmendmentForm(PageForm):
    """What an amendment puts in the place of a date, of a number or of the way dossiers are read, and why."""

    reason = forms.CharField(
        label="Motif",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Pourquoi ce changement ? Le motif est publié avec l'avenant : ne nommez personne.",
    )

    def __init__(self, clause: Clause, *args: Any, **options: Any) -> None:
        self.base_fields = {"after": _field_of(clause), **type(self).base_fields}  # type: ignore[misc]
        super().__init__(*args, **options)

    @property
    def after(self) -> str:
        """The new value as it is stored."""
        typed = self.cleaned_data.get("after", "")
        return typed.isoformat() if isinstance(typed, date) else str(typed)


def _field_of(clause: Clause) -> forms.Field:
    if clause.kind == Amendment.Kind.DATE:
        return DateField(label="Nouvelle date", help_text="Au format jj/mm/aaaa.")
    if clause.kind == Amendment.Kind.LIMIT:
        return forms.CharField(
            label="Nouveau nombre",
            max_length=9,
            help_text="Un nombre entier, en chiffres.",
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
        )
    choices = [("oui", "Oui : l'équipe et son établissement sont cachés aux lecteurs"), ("non", "Non")]
    return forms.ChoiceField(
        label="Lire les candidatures à l'aveugle",
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez oui ou non."},
    )


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
        help_text="Un axe par ligne, de trois à cinq. Ils sont numérotés dans cet ordre.",
    )
    constraints = forms.CharField(
        label="Contraintes",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce que le thème impose en plus : un niveau, un matériel, une production précise.",
    )
    year = forms.ChoiceField(
        label="Année du thème",
        choices=[("1", "Première année"), ("2", "Seconde année")],
        widget=forms.RadioSelect,
        initial="1",
        required=False,
    )
    continues = forms.ChoiceField(
        label="Thème poursuivi",
        required=False,
        help_text="En seconde année : le thème de la première. Ses académies sont rappelées sur la page de l'appel.",
        error_messages={"invalid_choice": "Choisissez le thème poursuivi dans la liste."},
    )
    degree = forms.ChoiceField(
        label="Degré d'enseignement",
        choices=Theme.Degree.choices,
        widget=forms.RadioSelect,
        initial=Theme.Degree.SECOND,
    )
    transversal = forms.BooleanField(
        label="Thème transversal",
        required=False,
        help_text="Il s'adresse à toutes les disciplines ; celles cochées plus bas sont seulement citées.",
    )
    disciplines = forms.MultipleChoiceField(
        label="Disciplines",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Une au moins, sauf pour un thème transversal.",
    )
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

    def __init__(
        self,
        experts: Iterable[Person],
        inspectors: Iterable[Person],
        first_years: Iterable[Theme] | None,
        *args: Any,
        **options: Any,
    ) -> None:
        """`first_years` are the themes that this one may continue; None when the edition gives one year only."""
        super().__init__(*args, **options)
        experts, inspectors = list(experts), list(inspectors)
        self.first_years = {str(theme.pk): theme for theme in first_years or ()}
        if first_years is None:
            del self.fields["year"]
        if self.first_years:
            themes = [(key, f"{theme.title} ({theme.campaign})") for key, theme in self.first_years.items()]
            self._choose("continues", [("", "Aucun : un nouveau thème"), *themes])
        else:
            del self.fields["continues"]
        self.people = {str(person.pk): person for person in [*experts, *inspectors]}
        self._choose("disciplines", [(d.code, d.label) for d in reference.disciplines().values()])
        self._choose("experts", [(str(p.pk), p.name) for p in experts])
        self._choose("general_inspectors", [(str(p.pk), p.name) for p in inspectors])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared just above
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
            constraints=typed["constraints"],
            transversal=typed["transversal"],
            year=int(typed.get("year") or 1),
            continues=self.first_years.get(typed.get("continues", "")),
        )


def theme_initial(theme: Theme) -> dict[str, Any]:
    led = [(steward.role, str(steward.person_id)) for steward in theme.stewards.all()]
    return {
        "title": theme.title,
        "framing": theme.framing,
        "axes": "\n".join(theme.axes),
        "degree": theme.degree,
        "constraints": theme.constraints,
        "transversal": theme.transversal,
        "year": str(theme.year),
        "continues": str(theme.continues_id or ""),
        "disciplines": theme.disciplines,
        "experts": [key for role, key in led if role == Steward.Role.EXPERT],
        "general_inspectors": [key for role, key in led if role == Steward.Role.GENERAL_INSPECTOR],
    }


class AskForm(PageForm):
    """A proposal of selection to compute."""

    seed = forms.IntegerField(
        label="Nombre public du tirage au sort",
        min_value=0,
        max_value=LARGEST_SEED,
        help_text="Il départage les sélections de même valeur. Choisissez-le avant, en public : la date convient.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 12}),
    )


class AdoptForm(PageForm):
    """What becomes of the applications that a proposal does not retain."""

    rest = forms.ChoiceField(
        label="Les candidatures que la proposition ne retient pas",
        choices=[
            ("waiting", "Les mettre en liste d'attente, la meilleure note d'abord"),
            ("refused", "Ne pas les retenir"),
            ("pending", "Les laisser à décider"),
        ],
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(
        label="Je décide ce qui reste comme la proposition",
        error_messages={"required": "Cochez la case pour confirmer : les décisions sont prises en votre nom."},
    )


OF_AN_ACADEMY = " ; ".join(str(Role(role).label) for role in Role.values if role in ROLES_OF_AN_ACADEMY)


class EndRoleForm(PageForm):
    """The last day of a role."""

    last_day = DateField(
        label="Dernier jour",
        required=False,
        help_text=f"Aujourd'hui : les droits s'arrêtent ce soir. Hier : aussitôt, même en pleine session. {DATE_HINT}",
    )


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
    since = DateField(
        label="Premier jour",
        required=False,
        help_text=f"Les droits commencent ce jour-là ; sans date, aujourd'hui. {DATE_HINT}",
    )
    until = DateField(
        label="Dernier jour",
        required=False,
        help_text=f"Les droits s'arrêtent ce soir-là, d'eux-mêmes ; sans date, ils durent. {DATE_HINT}",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["academy"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared just above
        current = [(a.code, a.name) for a in reference.academies().values() if a.current]
        field.choices = [("", "Aucune"), *current]


class SeeAsForm(PageForm):
    """Why somebody's view is borrowed, and for how long at most."""

    reason = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="La personne et le journal le liront. Par exemple : elle ne trouve pas où remonter sa candidature.",
    )
    minutes = forms.TypedChoiceField(
        label="Durée",
        choices=[(str(minutes), f"{minutes} minutes" if minutes < 60 else "Une heure") for minutes in MINUTES],
        initial=str(MINUTES[0]),
        coerce=int,
        widget=forms.RadioSelect,
        help_text="Vous pouvez quitter avant.",
    )


class SeeAsRoleForm(SeeAsForm):
    """The same, for a role and nobody in particular."""

    role = forms.ChoiceField(
        label="Rôle", choices=[(role.value, role.label) for role in ROLES_TO_SEE], widget=forms.RadioSelect
    )
    academy = forms.ChoiceField(
        label="Académie", required=False, help_text=f"À choisir pour les rôles d'une académie : {OF_AN_ACADEMY}."
    )
    field_order = ("role", "academy", "reason", "minutes")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["academy"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared just above
        current = [(a.code, a.name) for a in reference.academies().values() if a.current]
        field.choices = [("", "Aucune"), *current]
