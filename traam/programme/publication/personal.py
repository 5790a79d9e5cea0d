"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import End, Held

HELD = {
    "publication.Release": Held(
        "publication",
        {"content": "texte publié, noms des auteurs compris", "reason": "motif de retrait"},
        other="state way address",
        end=End.KEEP,
        kept="l'œuvre publiée, avec le nom accepté par ses auteurs",
    ),
    "publication.Erratum": Held("publication", {"text": "erratum"}),
    "publication.EdubaseEntry": Held("publication", other="address"),
    "publication.Watched": Held("publication", other="address academy licence told"),
    "publication.AuditRun": Held("publication", other="final error detail static_only findings counts"),
    "publication.Contest": Held(
        "publication", {"reason": "contestation", "answer_reason": "réponse"}, other="code finding element answer"
    ),
    "publication.LinkState": Held("publication", other="address error"),
    "publication.RightsSheet": Held(
        "publication", {"authorisations": "où sont les autorisations"}, other="pupils way address declared"
    ),
    "publication.Resource": Held(
        "publication",
        {"holder": "titulaire des droits", "authorisation": "autorisation"},
        other="kind name address licence terms_address account data_place framework",
        end=End.KEEP,
        kept="preuve des droits de l'œuvre publiée",
    ),
    "publication.Control": Held("publication", {"reason": "motif"}, other="item answer"),
    "publication.Waiver": Held(
        "publication", {"reason": "motif", "ended_reason": "motif de fin"}, other="of code finding"
    ),
}
