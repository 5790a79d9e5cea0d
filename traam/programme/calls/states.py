from traam.engines.workflow import Machine, Move
from traam.programme.people.policies import ROLE_NAMES

APPLICATION = Machine(
    name="application",
    noun="la candidature",
    states={
        "draft": "brouillon",
        "submitted": "proposée à l'inspecteur",
        "forwarded": "remontée",
        "withdrawn": "retirée",
    },
    initial="draft",
    moves=(
        Move("submit", "Proposer à l'inspecteur", frozenset({"draft"}), "submitted", frozenset({"author"})),
        Move("take_back", "Reprendre ma proposition", frozenset({"submitted"}), "draft", frozenset({"author"})),
        Move(
            "send_back",
            "Renvoyer à l'auteur",
            frozenset({"submitted"}),
            "draft",
            frozenset({"inspector", "dan"}),
        ),
        Move("abandon", "Abandonner le brouillon", frozenset({"draft"}), "withdrawn", frozenset({"author"})),
        Move("forward", "Remonter la candidature", frozenset({"draft", "submitted"}), "forwarded", frozenset({"dan"})),
        Move("recall", "Reprendre la candidature", frozenset({"forwarded"}), "draft", frozenset({"dan"})),
        Move(
            "withdraw",
            "Retirer la candidature",
            frozenset({"draft", "submitted", "forwarded"}),
            "withdrawn",
            frozenset({"dan"}),
        ),
    ),
    roles=ROLE_NAMES,
)

EDITORS = frozenset({"dan", "inspector"})
AUTHORS = frozenset({"author"})

# What the academy did to an application, as its history tells it. Opinions and decisions are not hers to read.
ACTS = {
    "enter": "Candidature saisie",
    "carry_on": "Candidature reprise de l'année précédente",
    "change": "Candidature modifiée",
    "submit": "Candidature proposée à l'inspecteur",
    "take_back": "Proposition reprise par son auteur",
    "send_back": "Candidature renvoyée à son auteur",
    "give_inspector_opinion": "Avis de l'inspecteur",
    "rank": "Candidature classée par l'académie",
    "abandon": "Brouillon abandonné",
    "forward": "Candidature remontée au bureau national",
    "recall": "Candidature reprise pour correction",
    "withdraw": "Candidature retirée",
}

# Where an application stands for those who follow it: its state and, before it goes up, whose turn it is.
STAGES = {
    "writing": "en cours d'écriture",
    "draft": "brouillon de l'académie",
    "to_endorse": "à viser",
    "endorsed": "visée",
    "forwarded": "remontée",
    "withdrawn": "retirée",
}
