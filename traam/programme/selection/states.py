from traam.engines.workflow import Machine, Move
from traam.programme.people.models import Role
from traam.programme.people.policies import ROLE_NAMES

NATIONAL = frozenset({"national"})

DECISION = Machine(
    name="decision",
    noun="la décision",
    states={
        "pending": "à décider",
        "retained": "retenue",
        "waiting": "en liste d'attente",
        "refused": "non retenue",
        "dropped": "désistée",
    },
    initial="pending",
    moves=(
        Move("retain", "Retenir", frozenset({"pending", "waiting", "refused"}), "retained", NATIONAL),
        Move(
            "put_on_waiting_list",
            "Mettre en liste d'attente",
            frozenset({"pending", "retained", "refused"}),
            "waiting",
            NATIONAL,
        ),
        Move("refuse", "Ne pas retenir", frozenset({"pending", "retained", "waiting"}), "refused", NATIONAL),
        Move("reopen", "Remettre à décider", frozenset({"retained", "waiting", "refused"}), "pending", NATIONAL),
        Move("give_up", "Constater le désistement", frozenset({"retained"}), "dropped", NATIONAL),
        Move("call_up", "Appeler depuis la liste d'attente", frozenset({"waiting"}), "retained", NATIONAL),
    ),
    roles=ROLE_NAMES,
)

# Once the results are announced, nothing else moves.
AFTER_ANNOUNCEMENT = frozenset({"give_up", "call_up"})

READERS = frozenset({"expert", "general_inspector", "reader"})
ASSIGNERS = frozenset({"national", "general_inspector"})
MAY_BE_ASKED = frozenset({Role.EXPERT, Role.GENERAL_INSPECTOR})  # the appointments of those who may be asked to read
