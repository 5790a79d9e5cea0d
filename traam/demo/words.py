"""The words of a simulated campaign: invented themes, projects, opinions. No real person, school or project."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ThemeWords:
    title: str
    disciplines: tuple[str, ...]
    degree: str = "second"


THEMES = (
    ThemeWords("Écrire avec une machine, relire en auteur", ("LET", "DOC")),
    ThemeWords("Preuves, images, rumeurs : ce que montre un écran", ("EMI", "HG", "DOC")),
    ThemeWords("Modéliser pour décider", ("MATH", "NSI")),
    ThemeWords("Mesurer le vivant avec ses propres capteurs", ("SVT", "PC")),
    ThemeWords("La voix et l'écoute : enregistrer, monter, diffuser", ("EMUS", "LV")),
    ThemeWords("Cartes et récits d'un territoire", ("HG",), "mixte"),
    ThemeWords("Parler une langue vivante hors de la classe", ("LV",)),
    ThemeWords("Le geste filmé : apprendre de son mouvement", ("EPS",)),
    ThemeWords("Fabriquer, réparer, documenter", ("TECHNO", "STI")),
    ThemeWords("Données publiques et débat citoyen", ("EMC", "SES")),
    ThemeWords("Apprendre à compter avec des machines simples", ("PREM", "MATH"), "premier"),
    ThemeWords("Lire longtemps à l'heure du fil continu", ("LET", "PREM"), "mixte"),
    ThemeWords("L'atelier et l'image numérique", ("AP", "HDA")),
    ThemeWords("Argumenter en philosophie avec des sources en ligne", ("PHILO",)),
    ThemeWords("Expériences à distance, expériences simulées", ("PC", "SVT")),
    ThemeWords("Gérer, produire, conseiller : outils de l'entreprise en classe", ("ECOGEST",)),
    ThemeWords("Soigner et prévenir : situations simulées", ("BIO",)),
    ThemeWords("Inscriptions, manuscrits, corpus : l'Antiquité en données", ("LCA", "HDA")),
    ThemeWords("Travailler à plusieurs sans se perdre", ("DOC", "EMI"), "mixte"),
)

AXES = (
    "Poser une question et choisir ses sources",
    "Produire à plusieurs, garder la trace des choix",
    "Donner et recevoir des retours utiles",
    "Publier pour un public réel",
    "Mesurer ce que les élèves ont appris",
)

FRAMING = (
    "Le thème « {title} » invite les équipes à construire des séances transférables, testées dans d'autres académies. "
    "Les élèves y produisent, vérifient et rendent compte ; le numérique y sert un apprentissage que l'on peut nommer."
)

VERBS = (
    "Enquêter sur",
    "Raconter",
    "Cartographier",
    "Mesurer",
    "Mettre en voix",
    "Modéliser",
    "Comparer",
    "Débattre de",
)
OBJECTS = (
    "l'eau de la commune",
    "un mot de la langue",
    "le trajet du matin",
    "une image qui circule",
    "la mémoire d'un quartier",
    "le bruit de la classe",
    "une décision publique",
    "un objet du quotidien",
    "le climat de la cour",
    "un récit de voyage",
    "les métiers du voisinage",
)
MANNERS = ("à plusieurs voix", "pas à pas", "d'une classe à l'autre", "avec des données ouvertes", "en trois versions")

SENTENCES = (
    "Les élèves partent d'une question qu'ils ont choisie et notent d'abord ce qu'ils croient savoir.",
    "Chaque groupe confronte trois sources, dit ce qu'il garde et pourquoi.",
    "Un carnet partagé suit le travail, de la question à la publication.",
    "Les outils retenus fonctionnent sur les tablettes de l'établissement, sans compte personnel.",
    "La mise en commun se fait à l'oral, devant une autre classe.",
    "Une grille simple aide les élèves à relire le travail d'un autre groupe.",
    "L'équipe prévoit deux séances de test dans une classe d'une autre discipline.",
    "Les productions sont publiées sous une licence ouverte, sans donnée sur les élèves.",
)

PRAISE = "Projet clair et réaliste, bien relié aux axes du thème."
FAIR = "L'idée est bonne ; il reste à dire ce que les élèves produisent et comment on le saura."
DOUBT = "Le lien aux axes est mince, et l'équipe paraît seule."

MEETINGS = (
    "Point d'étape",
    "Lancement et répartition du travail",
    "Relecture croisée des scénarios",
    "Bilan des premiers tests en classe",
    "Préparation des livrables",
    "Droits et licences des ressources",
)
DECISIONS = (
    "Deux scénarios seront menés jusqu'à la publication.",
    "La grille de relecture est adoptée.",
    "Les tests auront lieu dans une autre académie.",
    "Aucun outil qui demande un compte aux élèves ne sera retenu.",
)
ACTIONS = (
    "Envoyer l'ébauche aux collègues de l'autre académie",
    "Demander l'autorisation de citer les captures d'écran",
    "Trouver une classe pour le second test",
    "Relire la partie « déroulement »",
    "Réserver une salle pour la prochaine réunion",
)
NEWS = (
    "Deux scénarios sont écrits, un troisième est en test.",
    "Les séances prévues ont eu lieu, avec de bons retours.",
    "Un enseignant a changé d'établissement : le groupe se réorganise.",
    "La relecture avec l'autre académie a fait bouger le déroulement.",
    "Le matériel attendu n'est pas encore arrivé.",
    "Le calendrier tient ; la prochaine étape est la relecture.",
)
NEEDS = (
    "Une classe pour le second test, avant les vacances.",
    "Un avis sur les droits de deux images.",
    "Un remplaçant pour un enseignant qui a quitté le groupe.",
)
READINGS = ("Enquête", "Article", "Dossier", "Retour d'expérience", "Outil libre")
TAGS = ["évaluation", "oral", "données", "esprit critique", "coopération", "accessibilité", "outils libres", "IA"]
PAPERS = (
    "Grille de relecture",
    "Fiche élève",
    "Diaporama de la réunion",
    "Bilan du premier test",
    "Carte mentale du projet",
)
