"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import End, Held

HELD = {
    "catalogue.InformationPage": Held("publication", other="slug state reason"),
    "catalogue.InformationRevision": Held("publication", {"saved_by": "nom de qui a enregistré"}, other="stored"),
    "catalogue.ReadCount": Held("publication", other="kind"),
    "catalogue.SearchCount": Held("publication", other="text"),
    "catalogue.PublicCall": Held("publication", other="title edition_id years calendar overrides amendments state"),
    "catalogue.PublicTheme": Held(
        "publication",
        other="source_key years title framing axes constraints degree disciplines discipline_text "
        "academies academies_note source_url uncertain research",
    ),
    "catalogue.PastResult": Held(
        "publication",
        other="source_key years disciplines discipline_text academies academies_note productions tests difficulties "
        "source_url uncertain",
    ),
    "catalogue.PublicMinutes": Held(
        "publication",
        {"sections": "compte rendu public", "present": "qualités des présents"},
        other="source_key mode subject",
    ),
    "catalogue.PublicBilan": Held(
        "publication",
        {"sections": "texte du bilan", "facts": "faits du bilan"},
        other="source_key academy state licence reason",
    ),
    "catalogue.PublicSynthesis": Held(
        "publication",
        {"stored": "synthèse publiée", "errata": "errata"},
        other="source_key state title licence reason",
        end=End.KEEP,
        kept="l'œuvre publiée",
    ),
    "catalogue.Notice": Held(
        "publication",
        {"authors": "auteurs nommés avec leur accord", "errata": "errata"},
        other="source_key state title summary sections years academies disciplines levels level_text "
        "competences licence tools links pieces tests source_url edubase_address uncertain "
        "reason",
        end=End.KEEP,
        kept="l'œuvre publiée, avec le nom accepté par ses auteurs jusqu'au retrait du consentement",
    ),
    "catalogue.NoticeVersion": Held(
        "publication",
        {"content": "version publiée, noms des auteurs compris", "errata": "errata"},
        other="reason",
        end=End.KEEP,
        kept="l'œuvre publiée, avec le nom accepté par ses auteurs jusqu'au retrait du consentement",
    ),
    "catalogue.Correspondence": Held("publication", other="name text"),
    "catalogue.Deposit": Held("publication", other="kind filename data mapping_name mapping report"),
    "catalogue.Generation": Held("publication", other="token"),
}
