"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import End, Held

HELD = {
    "productions.Version": Held(
        "productions",
        {"content": "texte de la version, noms des auteurs compris"},
        end=End.KEEP,
        kept="l'œuvre, avec le nom accepté par ses auteurs",
    ),
    "productions.Turn": Held("productions", {"comment": "commentaire"}, other="verb"),
    "productions.Remark": Held(
        "productions", {"quote": "passage cité", "text": "remarque", "answer": "réponse"}, other="section"
    ),
    "productions.Bilan": Held("productions", {"sections": "texte du bilan"}, other="state licence"),
    "productions.Scenario": Held(
        "productions",
        {"authors": "auteurs nommés", "source": "source reprise"},
        other="origin_kind state title summary sections phases disciplines levels competences "
        "teacher_competences licence tools",
        end=End.KEEP,
        kept="l'œuvre, avec le nom accepté par ses auteurs jusqu'au retrait du consentement",
    ),
    "productions.Piece": Held(
        "productions",
        {"holder": "titulaire des droits", "file": "fichier joint", "filename": "nom du fichier"},
        other="screened title address alternative licence",
    ),
    "productions.Draft": Held("productions", {"content": "texte remplacé"}),
    "productions.Module": Held(
        "productions",
        {"authors": "auteurs nommés"},
        other="state title summary objectives audience framing notebook guide disciplines levels "
        "competences teacher_competences keywords licence",
        end=End.KEEP,
        kept="l'œuvre, avec le nom accepté par ses auteurs jusqu'au retrait du consentement",
    ),
    "productions.ModuleSection": Held("productions", other="title summary"),
    "productions.ModuleActivity": Held(
        "productions", other="file filename screened kind title body address transcript questions licence"
    ),
    "productions.Support": Held(
        "productions",
        {"authors": "auteurs nommés"},
        other="file filename screened state kind title summary address alternative transcript "
        "captions no_speech licence",
        end=End.KEEP,
        kept="l'œuvre, avec le nom accepté par ses auteurs jusqu'au retrait du consentement",
    ),
    "productions.Promise": Held(
        "productions", {"message": "demande de test", "answer": "réponse"}, other="state level"
    ),
    "productions.ClassTest": Held(
        "productions",
        {"worked": "ce qui a marché", "resisted": "ce qui a résisté", "advice": "conseils"},
        other="academy level",
    ),
}
