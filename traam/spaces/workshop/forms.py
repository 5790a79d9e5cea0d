"""What is typed in the pages of the groups. The rules stay in the steps: these forms read, the actions judge."""

from django import forms

from traam.design.forms import DateField, PageForm
from traam.programme.groups.models import Meeting
from traam.programme.productions.actions import LONGEST

CHOOSE = ("", "Choisissez")


class MeetingForm(PageForm):
    on = DateField(label="Date de la réunion")
    mode = forms.ChoiceField(label="Comment", choices=Meeting.Mode.choices, widget=forms.RadioSelect)
    subject = forms.CharField(label="Objet", max_length=200)
    place = forms.CharField(label="Lieu", max_length=200, required=False)


class AgreementForm(PageForm):
    given_on = DateField(label="Date de l'accord du DASEN")


class BeginForm(PageForm):
    title = forms.CharField(
        label="Titre du scénario",
        max_length=LONGEST["title"],
        help_text="Même provisoire : il dit ce que font les élèves. Tout le reste s'écrit ensuite.",
    )


class CommentForm(PageForm):
    comment = forms.CharField(
        label="Message",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Il reste dans l'historique de la relecture.",
    )
