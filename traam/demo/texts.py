# ruff: noqa: E501
"""The words of the demonstration: invented themes and scenarios, no real person."""

from traam.programme.productions.actions import Content

THEMES = (
    {
        "title": "L'intelligence artificielle au service de l'esprit critique",
        "framing": (
            "Les élèves rencontrent chaque jour des textes, des images et des voix produits par des machines. "
            "Le thème invite les équipes à construire des séances où l'on apprend à interroger ces productions : "
            "d'où viennent-elles, que valent-elles, comment les vérifier, comment en faire un outil de travail."
        ),
        "axes": (
            "Comprendre comment une réponse est produite",
            "Vérifier une information, confronter des sources",
            "Écrire et réviser avec un assistant",
            "Débattre des enjeux éthiques et environnementaux",
        ),
        "disciplines": ("EMI", "DOC", "LET"),
        "constraints": "Une classe de collège au moins. Aucun compte d'élève n'est ouvert chez un fournisseur.",
        "degree": "second",
    },
    {
        "title": "Évaluer autrement avec le numérique",
        "framing": (
            "Le numérique permet de donner à chaque élève un retour rapide et précis. Les équipes sont invitées à montrer "
            "comment ces retours font progresser, sans transformer la classe en suite de tests."
        ),
        "axes": (
            "Donner des rétroactions utiles",
            "Suivre les progrès dans la durée",
            "Associer les élèves à l'évaluation",
        ),
        "disciplines": ("MATH", "PC", "SVT"),
        "constraints": "",
        "degree": "second",
    },
    {
        "title": "Raconter le territoire : cartes, récits et données ouvertes",
        "framing": (
            "Cartes numériques, photographies, relevés et données publiques permettent de raconter un lieu. Le thème est "
            "ouvert aux écoles comme aux collèges et aux lycées, et encourage les liaisons entre degrés."
        ),
        "axes": (
            "Lire et fabriquer des cartes",
            "Enquêter sur le terrain",
            "Publier pour un public réel",
        ),
        "disciplines": ("HG", "SVT"),
        "constraints": "Chaque équipe associe une école et un collège, ou un collège et un lycée.",
        "degree": "mixte",
    },
)

PROJECTS = (
    (
        "Démonter une rumeur à plusieurs voix",
        "Les élèves enquêtent sur une rumeur locale, confrontent trois sources et rédigent un démenti sourcé.",
    ),
    (
        "Le carnet d'enquête numérique",
        "Un carnet partagé suit chaque groupe d'élèves, de la question à la publication, et garde la trace des choix.",
    ),
    (
        "Des rétroactions qui font progresser",
        "Des questionnaires courts donnent aux élèves un retour immédiat, repris en classe à partir des erreurs fréquentes.",
    ),
    (
        "Une carte sonore du quartier",
        "Les élèves enregistrent, situent et commentent les sons de leur quartier sur une carte accessible à tous.",
    ),
)

DEBUNK = Content(
    title="Enquêter sur une image générée : du doute à la preuve",
    summary=(
        "En trois séances, des élèves de 3e apprennent à douter méthodiquement d'une image spectaculaire trouvée en ligne : "
        "ils cherchent son origine, relèvent les indices d'une génération automatique et publient un verdict argumenté."
    ),
    sections={
        "context": (
            "Une classe de 3e de 26 élèves, en octobre, au CDI puis en salle ordinaire. Un ordinateur pour deux, "
            "une connexion filtrée, aucun compte d'élève."
        ),
        "objectives": (
            "- Identifier la source d'une image et dater sa première publication.\n"
            "- Distinguer un indice d'une preuve.\n"
            "- Rédiger un paragraphe argumenté.\n\n"
            "Programme du cycle 4 : éducation aux médias et à l'information ; français, argumenter."
        ),
        "steps": (
            "1. **Douter** (30 min). Projection de l'image, relevé des premières impressions, formulation de questions.\n"
            "2. **Enquêter** (55 min). Recherche inversée, lecture des légendes, comparaison de trois sources.\n"
            "3. **Prouver** (55 min). Tri des indices, rédaction du verdict, relecture croisée.\n\n"
            "| Séance | Durée | Trace écrite |\n|---|---|---|\n"
            "| Douter | 30 min | carte des questions |\n| Enquêter | 55 min | journal de recherche |\n"
            "| Prouver | 55 min | verdict publié |\n"
        ),
        "materials": "Cinq images choisies par l'enseignant, le journal de recherche à imprimer, un diaporama.",
        "added_value": (
            "La recherche inversée et la comparaison côte à côte seraient impossibles sans outil numérique ; le journal "
            "partagé rend visible le chemin de l'enquête, pas seulement sa conclusion."
        ),
        "differentiation": "Un journal guidé, avec des questions déjà écrites, est proposé à qui en a besoin.",
        "evaluation": "Une grille de quatre critères, remplie par l'élève puis par l'enseignant.",
        "limits": "Les outils de détection automatique se trompent souvent : ils sont montrés, jamais crus sur parole.",
    },
    disciplines=("EMI", "DOC"),
    levels=("023",),
    competences=("1.1", "1.3", "4.3"),
    licence="CC-BY-SA",
    tools=("Moteur de recherche inversée", "Pad de l'ENT"),
    duration_minutes=140,
    authors="Groupe TraAM documentation",
    terms_read=True,
    personal_data_checked=True,
)

ASSISTANT = Content(
    title="Réviser un texte avec un assistant d'écriture : accepter, refuser, justifier",
    summary=(
        "Des élèves de 2de soumettent un paragraphe à un assistant d'écriture, trient ses propositions et justifient par "
        "écrit chaque choix. La machine devient un prétexte à parler de la langue."
    ),
    sections={
        "context": "Une classe de 2de générale de 32 élèves, en demi-groupe, après une première rédaction sur table.",
        "objectives": "- Réviser un texte.\n- Nommer un fait de langue.\n- Justifier un choix d'écriture.",
        "steps": (
            "1. Relecture silencieuse de son propre texte (15 min).\n"
            "2. Propositions de l'assistant, projetées par l'enseignant (20 min).\n"
            "3. Tri en trois colonnes : accepté, refusé, discuté (30 min).\n"
            "4. Justification écrite de trois choix (25 min)."
        ),
        "added_value": "L'assistant propose vite des variantes nombreuses : la discussion porte sur des cas réels.",
        "evaluation": "Trois justifications lisibles et exactes.",
    },
    disciplines=("LET",),
    levels=("136",),
    competences=("3.1", "5.2"),
    licence="CC-BY-SA",
    tools=("Assistant d'écriture projeté par l'enseignant",),
    duration_minutes=90,
    terms_read=True,
    personal_data_checked=True,
)

FEEDBACK = Content(
    title="Des questionnaires éclair pour revenir sur l'erreur",
    summary=(
        "Cinq questions au début de chaque séance de mathématiques, des résultats projetés sans nom, et un retour en classe "
        "sur l'erreur la plus fréquente : un rituel de dix minutes qui change le rapport à l'erreur."
    ),
    sections={
        "context": "Deux classes de 4e, tout un trimestre, avec des tablettes partagées.",
        "objectives": "Fractions et proportionnalité au cycle 4 ; apprendre à expliquer une erreur.",
        "steps": "1. Questionnaire (4 min).\n2. Lecture collective des résultats (3 min).\n3. Retour sur une erreur (5 min).",
        "added_value": "Les résultats de toute la classe sont visibles en un instant, sans nom d'élève.",
        "limits": "Au-delà de trois questionnaires par semaine, l'intérêt retombe.",
    },
    disciplines=("MATH",),
    levels=("021",),
    competences=("5.2",),
    licence="CC-BY",
    tools=("Questionnaire de l'ENT",),
    duration_minutes=12,
    terms_read=True,
    personal_data_checked=True,
)

SOUNDS = Content(
    title="La carte sonore de notre quartier",
    summary="Écouter, enregistrer, situer : des élèves de 6e construisent une carte sonore publiée et accessible.",
    sections={
        "context": "Une classe de 6e, deux sorties d'une heure autour du collège.",
        "objectives": "Se repérer sur un plan ; décrire un lieu ; respecter le droit à la voix.",
        "steps": "1. Préparer la sortie.\n2. Enregistrer.\n3. Situer et légender.\n4. Publier avec une transcription.",
        "added_value": "La carte relie un son, un lieu et un texte, et se lit sans entendre grâce à la transcription.",
    },
    disciplines=("HG", "EMUS"),
    levels=("018",),
    competences=("3.2", "2.2"),
    licence="CC-BY-SA",
    tools=("Enregistreur", "Carte en ligne sans compte"),
    duration_minutes=240,
    terms_read=True,
    personal_data_checked=True,
)

SKETCH = Content(
    title="Débattre du coût d'une requête",
    summary="Combien coûte une question posée à une machine ? Ébauche d'une séance de débat réglé.",
    sections={"context": "Une classe de terminale, en enseignement moral et civique."},
    disciplines=("EMI",),
    levels=("201",),
    authors="",
)
