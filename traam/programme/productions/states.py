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

TESTERS = frozenset({"referent", "member"})  # of the group that would hold the test
ASKERS = frozenset({"national", "expert", "author_referent"})

PROMISE = Machine(
    name="promise",
    noun="le test",
    states={
        "missing": "manque",
        "asked": "demandé",
        "promised": "promis",
        "kept": "fait",
        "declined": "décliné",
        "withdrawn": "retiré",
    },
    initial="missing",
    moves=(
        Move("ask", "Demander un test", frozenset({"missing", "kept", "declined", "withdrawn"}), "asked", ASKERS),
        Move(
            "promise",
            "Promettre un test",
            frozenset({"missing", "asked", "kept", "declined", "withdrawn"}),
            "promised",
            TESTERS,
        ),
        Move("postpone", "Changer la date", frozenset({"promised"}), "promised", TESTERS),
        Move("decline", "Décliner la demande", frozenset({"asked"}), "declined", TESTERS),
        Move("cancel", "Retirer la demande", frozenset({"asked"}), "withdrawn", ASKERS),
        Move("withdraw", "Retirer la promesse", frozenset({"promised"}), "withdrawn", TESTERS),
        # A test needs no promise: who tried the scenario says so, whatever was said before.
        Move(
            "keep",
            "Noter un test",
            frozenset({"missing", "asked", "promised", "kept", "declined", "withdrawn"}),
            "kept",
            TESTERS,
        ),
        Move("correct", "Corriger un test", frozenset({"kept"}), "kept", TESTERS),
        # What was promised is then promised again.
        Move("undo", "Retirer un test noté", frozenset({"kept"}), "promised", TESTERS),
    ),
    roles=ROLE_NAMES,
)
WAITING = frozenset({"asked", "promised"})
