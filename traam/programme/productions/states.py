from traam.engines.workflow import Machine, Move
from traam.programme.people.policies import ROLE_NAMES

SCENARIO = Machine(
    name="scenario",
    noun="le scénario",
    states={
        "draft": "en rédaction",
        "submitted": "soumis à l'inspecteur",
        "returned": "renvoyé aux auteurs",
        "validated": "validé",
    },
    initial="draft",
    moves=(
        Move(
            "submit",
            "Soumettre à l'inspecteur",
            frozenset({"draft", "returned"}),
            "submitted",
            frozenset({"referent"}),
        ),
        Move("take_back", "Reprendre", frozenset({"submitted"}), "draft", frozenset({"referent"})),
        Move(
            "send_back",
            "Renvoyer aux auteurs",
            frozenset({"submitted"}),
            "returned",
            frozenset({"inspector"}),
        ),
        Move("validate", "Valider", frozenset({"submitted"}), "validated", frozenset({"inspector"})),
        Move(
            "reopen",
            "Reprendre la rédaction",
            frozenset({"validated"}),
            "draft",
            frozenset({"referent", "inspector"}),
        ),
    ),
    roles=ROLE_NAMES,
)

AUTHORS = frozenset({"referent", "member"})
EDITABLE = frozenset({"draft", "returned"})
