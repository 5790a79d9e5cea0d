from traam.engines.workflow import Machine, Move
from traam.programme.people.policies import ROLE_NAMES

APPLICATION = Machine(
    name="application",
    noun="la candidature",
    states={"draft": "brouillon", "forwarded": "remontée", "withdrawn": "retirée"},
    initial="draft",
    moves=(
        Move("forward", "Remonter la candidature", frozenset({"draft"}), "forwarded", frozenset({"dan"})),
        Move("recall", "Reprendre la candidature", frozenset({"forwarded"}), "draft", frozenset({"dan"})),
        Move(
            "withdraw",
            "Retirer la candidature",
            frozenset({"draft", "forwarded"}),
            "withdrawn",
            frozenset({"dan"}),
        ),
    ),
    roles=ROLE_NAMES,
)

EDITORS = frozenset({"dan", "inspector"})

# What the academy did to an application, as its history tells it. Opinions and decisions are not hers to read.
ACTS = {
    "enter": "Candidature saisie",
    "change": "Candidature modifiée",
    "forward": "Candidature remontée au bureau national",
    "recall": "Candidature reprise pour correction",
    "withdraw": "Candidature retirée",
}
