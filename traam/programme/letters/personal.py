"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import End, Held

HELD = {
    "letters.Letter": Held(
        "letters",
        {
            "key": "ce que le courriel annonce",
            "subject": "objet",
            "body": "texte",
            "html": "texte mis en page",
            "attachment": "pièce jointe",
            "problem": "réponse du serveur de courriel",
        },
        other="filename state",
        end=End.DELETE,
    ),
    "letters.Habit": Held("letters", {"period": "rythme choisi", "token": "adresse secrète d'arrêt"}, end=End.DELETE),
    "letters.Item": Held(
        "letters",
        {"key": "ce que la ligne annonce", "text": "texte", "label": "lien", "address": "adresse du lien"},
        end=End.DELETE,
    ),
}
