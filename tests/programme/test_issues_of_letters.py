"""An issue: drafted from the notices, ordered, read again, sent once, and never changed after."""

from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines import newsletters
from traam.engines.workflow import Invalid, Refused
from traam.programme.catalogue.models import Notice, PublicTheme
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person
from traam.programme.subscriptions import actions as subscriptions
from traam.programme.subscriptions.actions import NewsletterValues
from traam.programme.subscriptions.models import Newsletter
from traam.programme.valorisation.issues import actions, drafting, queries
from traam.programme.valorisation.issues.actions import BlockValues
from traam.programme.valorisation.issues.models import Block, Issue

pytestmark = pytest.mark.django_db

AT = timezone.localtime()


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def newsletter() -> Newsletter:
    return subscriptions.found(
        "essai", NewsletterValues("ÉduNum Essai", "Pour essayer."), actor=person("bureau"), at=AT
    )


@pytest.fixture
def issue(newsletter: Newsletter) -> Issue:
    return actions.begin(newsletter, "L'esprit critique", "Bonjour.", actor=person("expert"), at=AT)


def released() -> Notice:
    return Notice.objects.get(title__startswith="Enquêter sur une image")


def test_a_block_is_drafted_from_the_notice(issue: Issue) -> None:
    notice = released()
    history = Notice.objects.filter(source_key__startswith="history").first()
    assert history
    picked = [notice.pk, history.pk, 10**9]
    assert actions.pick_notices(issue, picked, actor=person("expert"), at=AT) == 2
    assert actions.pick_notices(issue, picked, actor=person("expert"), at=AT) == 0, "never twice in an issue"
    first, second = queries.blocks(issue)
    assert (
        first.title == notice.title and "Académie de Lyon" in first.details and notice.level_labels[0] in first.details
    )
    assert first.text.startswith("Ce que font les élèves : ") and "**" not in first.text and "1." not in first.text
    assert len(first.text) <= drafting.LONGEST_TEXT and first.address.endswith(f"/notices/{notice.pk}")
    assert second.text and notice.title in first.label


def test_the_markdown_of_a_section_becomes_words() -> None:
    told = "## Séance\n1. **Douter** (30 min). Voir [l'image](https://x.fr)\n- ![alt](y) fin\n"
    assert drafting.plain(told) == "Séance. Douter (30 min). Voir l'image. fin."


def test_blocks_are_ordered_by_buttons_and_changed_by_hand(issue: Issue) -> None:
    expert = person("expert")
    theme = PublicTheme.objects.order_by("pk").first()
    assert theme and actions.pick_themes(issue, [theme.pk], actor=expert, at=AT) == 1
    event = BlockValues("Webinaire", "jeudi 3 décembre, 17 h", "Une heure.", "https://exemple.fr/w", "S'inscrire")
    actions.write_block(issue, Block.Kind.EVENT, event, actor=expert, at=AT)
    last = actions.write_block(issue, Block.Kind.TEXT, BlockValues(text="À bientôt."), actor=expert, at=AT)
    assert [actions.move_block(last, -1, actor=expert, at=AT) for _ in range(3)] == [2, 1, 1]
    assert [block.kind for block in queries.blocks(issue)] == ["text", "theme", "event"]
    actions.edit_block(last, BlockValues(text="À très bientôt."), actor=expert, at=AT)
    actions.remove_block(queries.blocks(issue)[1], actor=expert, at=AT)
    assert [str(block) for block in queries.blocks(issue)] == ["À très bientôt.", "Webinaire"]


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("text", BlockValues(title="Sans texte"), "text"),
        ("event", BlockValues(text="Sans titre"), "title"),
        ("event", BlockValues("Titre", address="javascript:alert(1)"), "address"),
        ("event", BlockValues("Titre", label="Sans adresse"), "address"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(issue: Issue, kind: str, values: BlockValues, field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        actions.write_block(issue, kind, values, actor=person("expert"), at=AT)
    assert list(wrong.value.errors) == [field] and not queries.blocks(issue)


def test_an_empty_issue_is_not_ready_and_one_that_is_ready_does_not_change(issue: Issue) -> None:
    expert = person("expert")
    with pytest.raises(Invalid, match="au moins un élément"):
        actions.make_ready(issue, actor=expert, at=AT)
    actions.pick_notices(issue, [released().pk], actor=expert, at=AT)
    actions.make_ready(issue, actor=expert, at=AT)
    with pytest.raises(Refused, match="reprenez sa préparation"):
        actions.edit(issue, "Autre", "", actor=expert, at=AT)
    with pytest.raises(Refused, match="le bureau national"):
        actions.launch(issue, actor=expert, at=AT)
    with pytest.raises(Refused, match="composées par"):
        actions.begin(issue.newsletter, "X", actor=person("dan.lyon"), at=AT)


def test_what_leaves_is_what_was_read_and_never_changes(issue: Issue) -> None:
    bureau = person("bureau")
    actions.pick_notices(issue, [released().pk], actor=bureau, at=AT)
    actions.make_ready(issue, actor=bureau, at=AT)
    published = actions.launch(issue, actor=bureau, at=AT)
    assert (published.number, published.sending.state) == (1, "running")
    shown = newsletters.Issue.known(published.content)
    assert shown.number == 1 and shown.pieces[0].title == released().title
    assert "/lettres/essai/1" in published.html and "@@adresse-arreter@@" in published.text
    issue.refresh_from_db()
    assert queries.line(issue).label == "en cours d'envoi" and queries.preview(issue, AT) == shown
    for refused in (actions.launch, actions.reopen, actions.send_trial):
        with pytest.raises(Refused):
            refused(issue, actor=bureau, at=AT)


def test_a_trial_goes_to_who_asks_alone_in_both_forms(issue: Issue, mailoutbox: Any) -> None:
    from traam.programme.letters.actions import deliver

    expert = person("expert")
    Letter.objects.update(state=Letter.State.SENT)
    actions.send_trial(issue, actor=expert, at=AT)
    assert deliver(at=AT) == 1
    letter = mailoutbox[0]
    assert letter.to == [expert.email] and letter.subject == "[Essai] ÉduNum Essai : L'esprit critique"
    assert (
        letter.alternatives[0][0].startswith("<!doctype html>") and "@@" not in letter.body + letter.alternatives[0][0]
    )
