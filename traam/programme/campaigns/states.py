from traam.engines.workflow import Machine, Move
from traam.programme.people.policies import ROLE_NAMES

NATIONAL = frozenset({"national"})

CAMPAIGN = Machine(
    name="campaign",
    noun="la campagne",
    states={
        "draft": "en préparation",
        "open": "appel ouvert",
        "closed": "appel clos",
        "archived": "archivée",
    },
    initial="draft",
    moves=(
        Move("open", "Ouvrir l'appel", frozenset({"draft"}), "open", NATIONAL),
        Move("close", "Clore l'appel", frozenset({"open"}), "closed", NATIONAL),
        Move("reopen", "Rouvrir l'appel", frozenset({"closed"}), "open", NATIONAL),
        Move("archive", "Archiver la campagne", frozenset({"closed"}), "archived", NATIONAL),
    ),
    roles=ROLE_NAMES,
)

THEME = Machine(
    name="theme",
    noun="le thème",
    states={"draft": "en préparation", "open": "proposé aux académies", "closed": "fermé aux candidatures"},
    initial="draft",
    moves=(
        Move("open", "Proposer le thème", frozenset({"draft", "closed"}), "open", NATIONAL),
        Move("close", "Fermer le thème", frozenset({"open"}), "closed", NATIONAL),
    ),
    roles=ROLE_NAMES,
)
