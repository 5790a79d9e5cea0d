"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import End, Held

HELD = {
    "campaigns.Campaign": Held("calls", other="title edition_id calendar overrides state"),
    "campaigns.Amendment": Held("calls", {"reason": "motif écrit"}, other="kind name before after"),
    "campaigns.Theme": Held("calls", other="title framing axes constraints disciplines degree state"),
    "campaigns.ResearchLink": Held("calls", other="name laboratory address brings"),
    "campaigns.Steward": Held(
        "calls", {"role": "rôle tenu sur un thème"}, end=End.KEEP, kept="l'histoire du programme, par numéro"
    ),
}
