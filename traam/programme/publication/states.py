from traam.engines.workflow import Machine, Move
from traam.programme.people.policies import ROLE_NAMES

PUBLISHERS = frozenset({"inspector", "national"})

RELEASE = Machine(
    name="release",
    noun="la publication",
    states={"absent": "non publié", "released": "publié", "withdrawn": "retiré"},
    initial="absent",
    moves=(
        Move("release", "Publier", frozenset({"absent", "released", "withdrawn"}), "released", PUBLISHERS),
        Move("withdraw", "Retirer de la publication", frozenset({"released"}), "withdrawn", PUBLISHERS),
    ),
    roles=ROLE_NAMES,
)
