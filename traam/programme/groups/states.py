from traam.engines.workflow import Machine, Move
from traam.programme.people.policies import ROLE_NAMES

GROUP = Machine(
    name="group",
    noun="le groupe",
    states={"forming": "en constitution", "working": "au travail", "ended": "terminé"},
    initial="forming",
    moves=(
        Move(
            "start",
            "Déclarer le groupe constitué",
            frozenset({"forming"}),
            "working",
            frozenset({"referent", "inspector"}),
        ),
        Move("end", "Clore le groupe", frozenset({"working"}), "ended", frozenset({"inspector", "national"})),
        Move("dissolve", "Dissoudre le groupe", frozenset({"forming", "working"}), "ended", frozenset({"national"})),
        Move("resume", "Rouvrir le groupe", frozenset({"ended"}), "working", frozenset({"national"})),
    ),
    roles=ROLE_NAMES,
)

KEEPERS = frozenset({"referent", "inspector"})
READERS = frozenset({"referent", "member", "inspector", "dan", "expert", "general_inspector", "national"})
