from traam.engines.workflow import Machine, Move
from traam.programme.people.policies import ROLE_NAMES

AUTHORS = frozenset({"expert", "national"})
JUDGES = frozenset({"general_inspector"})
READERS = AUTHORS | JUDGES | {"referent"}
"""The national group: who reads a synthesis before it is public, and may remark on it."""
EDITABLE = frozenset({"draft", "returned"})
DECISIONS = frozenset({"validate", "send_back"})
"""What those who wrote a synthesis leave to others."""

SYNTHESIS = Machine(
    name="synthesis",
    noun="la synthèse",
    states={
        "draft": "en rédaction",
        "submitted": "soumise à l'inspection générale",
        "returned": "renvoyée aux auteurs",
        "validated": "validée",
        "published": "publiée",
        "withdrawn": "retirée",
    },
    initial="draft",
    moves=(
        Move("submit", "Soumettre à l'inspection générale", EDITABLE, "submitted", AUTHORS),
        Move("take_back", "Reprendre", frozenset({"submitted"}), "draft", AUTHORS),
        Move("send_back", "Renvoyer aux auteurs", frozenset({"submitted"}), "returned", JUDGES),
        Move("validate", "Valider", frozenset({"submitted"}), "validated", JUDGES),
        Move("publish", "Publier", frozenset({"validated"}), "published", AUTHORS),
        # What is on line stays there while it is written again.
        Move(
            "reopen",
            "Reprendre la rédaction",
            frozenset({"validated", "published", "withdrawn"}),
            "draft",
            AUTHORS | JUDGES,
        ),
        Move("withdraw", "Retirer de la publication", frozenset({"published"}), "withdrawn", JUDGES | {"national"}),
    ),
    roles=ROLE_NAMES,
)

TURNS = {
    "submit": "Soumise à l'inspection générale",
    "take_back": "Reprise par les auteurs",
    "send_back": "Renvoyée aux auteurs",
    "validate": "Validée par l'inspection générale",
    "publish": "Publiée",
    "reopen": "Rédaction rouverte",
    "withdraw": "Retirée de la publication",
}
"""What each move did, as the history says it."""
