from traam.engines.workflow import Machine, Move

_COMPOSERS = frozenset({"national", "expert"})

ISSUE = Machine(
    name="issue",
    noun="le numéro",
    states={"draft": "en préparation", "ready": "prêt", "launched": "confié à l'envoi"},
    initial="draft",
    moves=(
        Move("make_ready", "Dire qu'il est prêt", frozenset({"draft"}), "ready", _COMPOSERS),
        Move("reopen", "Reprendre la préparation", frozenset({"ready"}), "draft", _COMPOSERS),
        Move("launch", "Publier et envoyer", frozenset({"ready"}), "launched", frozenset({"national"})),
    ),
    roles={"national": "le bureau national", "expert": "les experts numériques"},
)
