from traam.engines.workflow import Machine, Move
from traam.programme.people.policies import ROLE_NAMES

STATES = {
    "draft": "en rédaction",
    "proposed": "proposé au professeur référent",
    "submitted": "soumis à l'inspecteur",
    "endorsed": "transmis à l'expert",
    "returned": "renvoyé aux auteurs",
    "validated": "validé",
}
READERS = {
    "proposed": frozenset({"referent"}),
    "submitted": frozenset({"inspector"}),
    "endorsed": frozenset({"expert", "general_inspector"}),
}
"""Who reads, judges and sends back in each state where a production waits."""

TURNS = {
    "propose": "Proposé au professeur référent",
    "submit": "Soumis à l'inspecteur",
    "endorse": "Transmis à l'expert",
    "validate": "Validé par l'inspecteur",
    "confirm": "Validé par l'expert",
    "send_back": "Renvoyé aux auteurs",
    "take_back": "Repris par les auteurs",
    "reopen": "Rédaction rouverte",
}
"""What each move did, as the history says it."""

AUTHORS = frozenset({"referent", "member"})
EDITABLE = frozenset({"draft", "returned"})
DECISIONS = frozenset({"endorse", "validate", "confirm"})
"""What those who wrote a production leave to others."""


def _move(verb: str, label: str, sources: frozenset[str], target: str, *roles: str) -> Move:
    return Move(verb, label, sources, target, frozenset(roles))


def circuit(name: str, noun: str) -> Machine:
    """The review of one kind of production; of `validate` and `endorse`, the edition says which one it wants."""
    waiting = frozenset({"submitted"})
    return Machine(
        name=name,
        noun=noun,
        states=STATES,
        initial="draft",
        moves=(
            _move("propose", "Proposer au professeur référent", EDITABLE, "proposed", *sorted(AUTHORS)),
            _move("submit", "Soumettre à l'inspecteur", EDITABLE | {"proposed"}, "submitted", "referent"),
            _move("take_back", "Reprendre", frozenset({"proposed", "submitted"}), "draft", "referent"),
            *(
                _move("send_back", "Renvoyer aux auteurs", frozenset({state}), "returned", *sorted(readers))
                for state, readers in READERS.items()
            ),
            _move("endorse", "Transmettre à l'expert", waiting, "endorsed", "inspector"),
            _move("validate", "Valider", waiting, "validated", "inspector"),
            _move("confirm", "Valider", frozenset({"endorsed"}), "validated", "expert"),
            _move("reopen", "Reprendre la rédaction", frozenset({"validated"}), "draft", "referent", "inspector"),
        ),
        roles=ROLE_NAMES,
    )


SCENARIO = circuit("scenario", "le scénario")
MODULE = circuit("module", "le module")
BILAN = circuit("bilan", "le bilan")
SUPPORT = circuit("support", "le support")
MACHINES = {machine.name: machine for machine in (SCENARIO, MODULE, BILAN, SUPPORT)}

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
