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

SHARE = Machine(
    name="share",
    noun="le service",
    states={"planned": "prévu", "attested": "attesté", "sent": "envoyé à la paye"},
    initial="planned",
    moves=(
        Move("plan", "Prévoir le service", frozenset({"planned"}), "planned", frozenset({"inspector"})),
        Move("attest", "Attester le service fait", frozenset({"planned"}), "attested", frozenset({"inspector"})),
        Move("correct", "Corriger l'attestation", frozenset({"attested"}), "attested", frozenset({"inspector"})),
        Move("send", "Envoyer au service de paye", frozenset({"attested"}), "sent", frozenset({"dan"})),
        # What was sent does not change: the difference is sent in its turn.
        Move("compensate", "Rectifier un service envoyé", frozenset({"sent"}), "attested", frozenset({"inspector"})),
    ),
    roles=ROLE_NAMES,
)

KEEPERS = frozenset({"referent", "inspector"})
READERS = frozenset({"referent", "member", "inspector", "dan", "expert", "general_inspector", "national"})
STEWARDS = frozenset({"expert", "general_inspector", "national"})
"""Those who lead a theme, and so hold the meetings of its national group."""


def _meeting(name: str, hosts: frozenset[str]) -> Machine:
    return Machine(
        name=name,
        noun="la réunion",
        states={"planned": "prévue", "held": "tenue", "cancelled": "annulée"},
        initial="planned",
        moves=(
            Move("hold", "Noter les présences", frozenset({"planned"}), "held", hosts),
            Move("reopen", "Remettre la réunion à l'état prévu", frozenset({"held"}), "planned", hosts),
            Move("cancel", "Annuler la réunion", frozenset({"planned"}), "cancelled", hosts),
        ),
        roles=ROLE_NAMES,
    )


def _minutes(name: str, validators: frozenset[str]) -> Machine:
    return Machine(
        name=name,
        noun="le compte rendu",
        states={"draft": "en cours d'écriture", "published": "validé"},
        initial="draft",
        moves=(
            Move("publish", "Valider le compte rendu", frozenset({"draft"}), "published", validators),
            Move("resume", "Corriger le compte rendu", frozenset({"published"}), "draft", validators),
        ),
        roles=ROLE_NAMES,
    )


MEETING = _meeting("meeting", KEEPERS)
NATIONAL_MEETING = _meeting("national_meeting", STEWARDS)
MINUTES = _minutes("minutes", frozenset({"inspector"}))
NATIONAL_MINUTES = _minutes("national_minutes", frozenset({"expert", "general_inspector"}))
