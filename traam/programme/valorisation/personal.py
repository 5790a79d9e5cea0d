"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import End, Held

HELD = {
    "valorisation.Issue": Held("productions", other="title introduction state begun_by"),
    "valorisation.Block": Held("productions", other="kind source title details text address label"),
    "valorisation.Synthesis": Held("productions", {"sections": "texte de la synthèse"}, other="title state licence"),
    "valorisation.Citation": Held("productions", other="section words source"),
    "valorisation.MailingList": Held(
        "newsletters",
        {"name": "nom de la liste", "recipients": "adresses des destinataires"},
        other="key",
        end=End.KEEP,
        kept="adresses de service, tenues par le bureau national",
    ),
}
