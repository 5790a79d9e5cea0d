from traam.engines.workflow import Machine, Move

SENDING = Machine(
    name="sending",
    noun="l'envoi",
    states={"running": "en cours d'envoi", "paused": "en pause", "done": "envoyé"},
    initial="running",
    moves=(
        Move("pause", "Mettre en pause", frozenset({"running"}), "paused", frozenset({"national", "system"})),
        Move("resume", "Reprendre", frozenset({"paused"}), "running", frozenset({"national"})),
        Move("finish", "Terminer", frozenset({"running"}), "done", frozenset({"system"})),
        Move("retry", "Réessayer les échecs", frozenset({"paused", "done"}), "running", frozenset({"national"})),
    ),
    roles={"national": "le bureau national", "system": "la plateforme"},
)
