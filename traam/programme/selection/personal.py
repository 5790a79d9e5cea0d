"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import Held

HELD = {
    "selection.Opinion": Held("selection", {"marks": "notes données", "comment": "avis rédigé"}),
    "selection.Note": Held("selection", {"text": "note"}),
    "selection.Conflict": Held("selection", {"reason": "lien d'intérêt déclaré"}),
    "selection.Decision": Held("selection", {"reason": "motif de la décision"}, other="state"),
    "selection.Pin": Held("selection", {"reason": "motif"}, other="kind"),
    "selection.Proposal": Held("selection", other="state inputs outcome"),
    "selection.Pairing": Held("selection", other="pairs"),
}
