"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import End, Held

HELD = {
    "groups.Group": Held("groups", other="state"),
    "groups.Member": Held(
        "groups",
        {"role": "place dans le groupe", "corps": "corps", "school": "établissement"},
        end=End.KEEP,
        kept="l'histoire du groupe, par numéro",
    ),
    "groups.Correspondent": Held(
        "groups", {"capacity": "qualité"}, end=End.KEEP, kept="l'histoire du programme, par numéro"
    ),
    "groups.Relay": Held(
        "groups",
        {"academy": "académie de la mission d'IAN", "discipline": "discipline de la mission d'IAN"},
        end=End.KEEP,
        kept="l'histoire du réseau, par numéro",
    ),
    "groups.Milestone": Held("groups", {"label": "jalon", "detail": "détail"}),
    "groups.Meeting": Held(
        "groups",
        {"subject": "sujet", "agenda": "ordre du jour", "reason": "motif d'annulation"},
        other="mode place link state uid",
    ),
    "groups.Attendance": Held(
        "groups", {"state": "présence"}, end=End.KEEP, kept="l'histoire de la réunion, par numéro"
    ),
    "groups.Minutes": Held("groups", {"sections": "compte rendu"}, other="state"),
    "groups.Point": Held("groups", {"text": "décision ou action"}, other="kind"),
    "groups.ServicePeriod": Held("groups", other="label unit"),
    "groups.Envelope": Held("groups", other="academy"),
    "groups.Share": Held("service", {"remark": "remarque sur le service"}, other="state"),
    "groups.Evidence": Held(
        "service",
        {"said": "ce qui prouve le service"},
        other="kind digest",
        end=End.KEEP,
        kept="pièce justificative, dix ans",
    ),
    "groups.ServiceLine": Held(
        "service",
        {"payload": "ligne transmise : nom, établissement, heures"},
        other="digest",
        end=End.KEEP,
        kept="pièce justificative scellée, dix ans",
    ),
    "groups.ProgressNote": Held("groups", {"text": "point d'avancement", "need": "besoin"}, other="mood"),
    "groups.WatchItem": Held("groups", {"title": "titre", "why": "pourquoi le partager"}, other="address tags"),
    "groups.Document": Held(
        "groups",
        {
            "title": "titre",
            "filename": "nom du fichier",
            "file": "fichier partagé",
            "personal_data": "ce que le document dit de personnes",
        },
        other="address screened licence",
    ),
}
