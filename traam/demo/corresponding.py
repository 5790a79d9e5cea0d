"""The letters ÉduNum of the demonstration: one that left, one in preparation, and a few invented readers."""

from datetime import datetime, timedelta

from traam.programme.catalogue import queries as catalogue
from traam.programme.people.models import Person
from traam.programme.subscriptions import actions, queries
from traam.programme.subscriptions.actions import NewsletterValues
from traam.programme.subscriptions.models import Newsletter, SubscriptionRequest
from traam.programme.valorisation.issues import actions as issues
from traam.programme.valorisation.issues.actions import BlockValues
from traam.programme.valorisation.issues.models import Block

LETTERS = (
    (
        "emi",
        NewsletterValues(
            "ÉduNum EMI et documentation",
            "Éducation aux médias et à l'information : scénarios, outils, dates.",
            ("EMI", "DOC"),
        ),
    ),
    ("mathematiques", NewsletterValues("ÉduNum Mathématiques", "Le numérique en mathématiques.", ("MATH",))),
    ("ia", NewsletterValues("ÉduNum Intelligence artificielle", "L'IA en classe, dans toutes les disciplines.")),
)
READERS = ("lectrice", "lecteur", "cdi")


def correspond(bureau: Person, expert: Person, domain: str, now: datetime) -> None:
    letters = [actions.found(slug, values, actor=bureau, at=now) for slug, values in LETTERS]
    for place, name in enumerate(READERS):
        _subscribe(f"{name}@{domain}", letters[: place + 1], now - timedelta(days=20))
    picked = [notice.pk for notice in catalogue.latest(2)]
    first = issues.begin(
        letters[0],
        "Douter d'une image, et le prouver",
        "Bonjour,\n\nUn scénario testé dans deux académies, et une date à retenir.",
        actor=expert,
        at=now,
    )
    issues.pick_notices(first, picked, actor=expert, at=now)
    seminar = BlockValues(
        "Séminaire national des groupes",
        "mercredi 3 février, de 9 h à 17 h, en ligne",
        "Ouvert à tous, sans inscription.",
    )
    issues.write_block(first, Block.Kind.EVENT, seminar, actor=expert, at=now)
    issues.make_ready(first, actor=expert, at=now)
    issues.launch(first, actor=bureau, at=now)
    second = issues.begin(letters[2], "Ce que les élèves demandent à une IA", "", actor=expert, at=now)
    issues.pick_notices(second, picked[:1], actor=expert, at=now)


def _subscribe(email: str, letters: list[Newsletter], at: datetime) -> None:
    """As she does it herself: asked, then confirmed from her mailbox."""
    actions.ask(email, [letter.pk for letter in letters], at=at)
    request = queries.of_address(SubscriptionRequest, email).get()
    actions.confirm(request, at=at + timedelta(minutes=4))
