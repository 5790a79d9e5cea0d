"""Forms: what describes a control, what an error says, what the page answers."""

from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import Client
from trial_pages import Everything

from traam.design.forms import DateField, PageForm, apply_invalid, attempt, failed_fields
from traam.engines.workflow import Invalid


def _field(form: forms.Form, name: str, arguments: str = "") -> str:
    source = f'{{% from "dsfr/forms.html" import field %}}{{{{ field(form[name]{arguments}) }}}}'
    return str(engines["jinja2"].env.from_string(source).render(form=form, name=name))  # type: ignore[attr-defined]


def test_the_hint_and_the_error_both_describe_the_control() -> None:
    html = _field(Everything({}), "title")
    assert 'aria-describedby="id_title-aide id_title-erreur"' in html
    assert 'id="id_title-aide"' in html and 'id="id_title-erreur"' in html
    assert 'aria-invalid="true"' in html
    assert "« Titre du scénario »" in html.replace("\u00a0", " ")


def test_without_hint_or_error_nothing_is_described() -> None:
    html = _field(Everything(), "email")
    assert "aria-describedby" not in html and "aria-invalid" not in html
    assert 'autocomplete="email"' in html and 'class="fr-input"' in html


def test_only_optional_fields_are_marked() -> None:
    assert "(facultatif)" in _field(Everything(), "hours")
    assert "(facultatif)" not in _field(Everything(), "title")


def test_a_group_has_a_legend_and_hints_for_its_choices() -> None:
    html = _field(Everything({}), "level", ', hints={"c": "De la sixième à la troisième."}')
    assert "<legend" in html and html.count('type="radio"') == 2
    assert 'aria-labelledby="id_level-legende id_level-erreur"' in html
    assert 'id="id_level_0-aide"' in html and 'aria-describedby="id_level_0-aide"' in html
    assert "dsfr=" not in html


def test_a_long_text_is_counted_and_never_cut() -> None:
    html = _field(Everything(), "summary")
    assert "maxlength" not in html
    assert 'data-limit="300"' in html and "300 caractères au plus." in html


def test_a_value_is_escaped() -> None:
    assert "<img" not in _field(Everything({"title": '"><img src=x>'}), "title")


def test_the_author_of_a_form_keeps_their_sentences() -> None:
    class Own(PageForm):
        name = forms.CharField(error_messages={"required": "Qui êtes-vous ?"})
        email = forms.EmailField(label="Courriel")
        day = DateField(label="Jour")

    errors = Own({"email": "x", "day": "31/02/2026"}).errors
    assert errors["name"] == ["Qui êtes-vous ?"]
    assert errors["email"] == ["« Courriel » n'est pas une adresse : écrivez-la ainsi : nom@exemple.fr."]
    assert errors["day"] == ["« Jour » n'est pas une date connue : écrivez-la ainsi : 22/11/2026."]
    assert "Courriel" not in str(vars(forms.EmailField().validators[0]))


def test_a_date_is_read_as_french_people_write_it() -> None:
    class Day(PageForm):
        day = DateField()

    for typed in ("22/11/2026", "22-11-2026", "2026-11-22"):
        form = Day({"day": typed})
        assert form.is_valid() and form.cleaned_data["day"].isoformat() == "2026-11-22"
    assert 'value="22/11/2026"' in _field(Day(initial={"day": form.cleaned_data["day"]}), "day")
    assert 'type="text"' in _field(Day(), "day")


def test_the_errors_of_an_action_find_their_fields() -> None:
    form = Everything({})
    apply_invalid(form, Invalid({"title": ["Déjà pris."], "elsewhere": ["Ailleurs."], "": ["Tout."]}))
    lines = failed_fields(form)
    assert [line.sentence for line in lines if not line.anchor] == ["Ailleurs.", "Tout."]
    assert ("id_title", "Déjà pris.") in [(line.anchor, line.sentence) for line in lines]
    assert "id_level_0" in [line.anchor for line in lines]


def test_what_a_form_asks_is_done_once_it_is_sent_and_right(rf: Any) -> None:
    class Question(PageForm):
        title = forms.CharField()

    def refuse(given: dict[str, Any]) -> None:
        raise Invalid({"title": [f"{given['actor']} a déjà « {given['title']} »."]})

    def sent(**typed: str) -> Any:
        request = rf.post("/", typed)
        request.user, request.at = "Zoé", "midi"
        return request

    done: list[dict[str, Any]] = []
    assert attempt(rf.get("/"), Question({"title": "Robots"}), done.append) is None
    assert attempt(sent(title=""), Question({"title": ""}), done.append) is None and done == []
    form = Question({"title": "Robots"})
    assert attempt(sent(title="Robots"), form, refuse) is None
    assert form.errors["title"] == ["Zoé a déjà « Robots »."]
    # What is done is done, whatever it returns.
    assert attempt(sent(title="Robots"), Question({"title": "Robots"}), done.append)
    assert done == [{"title": "Robots", "actor": "Zoé", "at": "midi"}]


@pytest.mark.django_db
def test_a_refused_form_answers_422_with_its_summary(trial: Any) -> None:
    client = Client()
    assert client.get("/formulaire").status_code == 200
    answer = client.post("/formulaire", {"title": "Robots"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Erreur : Nouveau scénario" in page
    assert '<a href="#id_summary">' in page and 'href="#id_title"' not in page
    assert 'enctype="multipart/form-data"' in page and "novalidate" in page
    assert 'value="Robots"' in page
