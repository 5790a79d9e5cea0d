"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import End, Held

HELD = {
    "people.Forgetting": Held(
        "accounts",
        {"reason": "ce que dit la demande d'effacement", "answer": "réponse du bureau"},
        other="state counts",
    ),
    "sessions.Session": Held(
        "security",
        {"session_key": "numéro de session", "session_data": "contenu de la session"},
        end=End.KEEP,
        kept="effacé de lui-même à la fin de la session",
    ),
    "account.EmailAddress": Held("accounts", {"email": "adresse électronique"}, end=End.DELETE),
    "account.EmailConfirmation": Held("accounts", {"key": "clé de confirmation"}, end=End.DELETE),
    "mfa.Authenticator": Held(
        "security", {"type": "moyen", "data": "clé publique ou secret du second facteur"}, end=End.DELETE
    ),
    "socialaccount.SocialApp": Held("accounts", other="provider provider_id name client_id secret key settings"),
    "socialaccount.SocialAccount": Held(
        "accounts",
        {"provider": "fournisseur d'identité", "uid": "numéro chez ce fournisseur", "extra_data": "ce qu'il en dit"},
        end=End.DELETE,
    ),
    "socialaccount.SocialToken": Held(
        "security", {"token": "jeton", "token_secret": "secret du jeton"}, end=End.DELETE
    ),
    "people.Person": Held(
        "accounts",
        {
            "name": "prénom et nom",
            "email": "adresse électronique",
            "phone": "téléphone",
            "password": "empreinte du mot de passe",
        },
    ),
    "people.Appointment": Held(
        "accounts",
        {"role": "rôle tenu", "academy": "académie"},
        end=End.KEEP,
        kept="l'histoire du programme dit quel rôle a été tenu, par numéro",
    ),
    "people.Typing": Held("accounts", {"fields": "texte en cours de frappe"}, other="place", end=End.DELETE),
    "people.AcademyContact": Held(
        "accounts", other="academy service email phone address", end=End.KEEP, kept="un service, pas une personne"
    ),
    "people.CalendarKey": Held("accounts", {"digest": "empreinte de l'adresse secrète du calendrier"}, end=End.DELETE),
    "people.SignIn": Held(
        "security",
        {
            "session": "session ouverte",
            "means": "moyen de connexion",
            "device": "navigateur",
            "network": "empreinte à clé du réseau",
        },
        end=End.DELETE,
    ),
    "people.Attempt": Held(
        "security",
        {"key": "empreinte à clé de ce qui a été essayé"},
        end=End.KEEP,
        kept="effacé de lui-même quand le compte d'essais s'achève",
    ),
}
