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

CONTEXTS = (
    "Une classe entière, en salle ordinaire, avec des tablettes partagées.",
    "Un demi-groupe, au CDI, un ordinateur pour deux.",
    "Deux classes qui se répondent, dans deux établissements.",
    "Une classe et son professeur documentaliste, une heure par semaine.",
)
OBJECTIVES = (
    "- Distinguer ce que l'on sait de ce que l'on croit.\n- Citer une source et dire pourquoi on la retient.",
    "- Écrire pour un lecteur que l'on ne connaît pas.\n- Relire le travail d'un autre groupe.",
    "- Mesurer, noter, comparer.\n- Rendre compte d'une mesure qui surprend.",
    "- Prendre la parole devant une autre classe.\n- Répondre à une objection.",
)
PHASES = ("Se poser la question", "Chercher et choisir", "Produire à plusieurs", "Relire et publier")
ADDED = (
    "Chacun voit le travail des autres pendant qu'il se fait : la discussion porte sur les choix, non sur la copie.",
    "On écoute, on recommence, on compare deux essais : sans enregistrement, rien ne resterait du premier.",
    "Les données sont vraies et nombreuses : aucun tableau fait à la main n'aurait laissé le temps d'en parler.",
)
EVALUATION = (
    "Une grille de quatre critères, remplie par l'élève, puis par l'enseignant.",
    "Trois choix expliqués par écrit.",
)
LIMITS = ("La mise en commun demande du temps.", "Une connexion lente fait perdre la première étape.")
TOOLS = ("Pad de l'ENT", "Dictaphone de la tablette", "Tableur de l'ENT", "Carte en ligne sans compte")

BACK = (
    "Dites ce que fait l'élève à chaque étape, et comment on sait qu'il a appris.",
    "La durée est courte pour ce déroulement : retirez une étape, ou comptez une séance de plus.",
)
ASKING = (
    "Une classe de votre académie pourrait-elle l'essayer avant les vacances ?",
    "Votre regard nous aiderait : nos élèves connaissaient déjà l'outil.",
)
DECLINING = ("Nos classes sont prises par les examens.", "L'outil n'est pas installé chez nous.")
WORKED = (
    "Les élèves ont argumenté sans attendre la réponse de l'enseignant.",
    "Les groupes se sont relus avec bienveillance, et les textes y ont gagné.",
    "L'enregistrement a donné envie de recommencer : la plupart ont fait un second essai.",
    "Les élèves les plus discrets ont pris la parole.",
    "Le carnet partagé a évité de tout réexpliquer d'une séance à l'autre.",
)
RESISTED = (
    "La mise en commun a débordé sur la séance suivante.",
    "La connexion a manqué au moment de publier.",
    "Les consignes étaient trop longues pour une partie de la classe.",
)
ADVICE = (
    "Préparer les documents imprimés.",
    "Commencer par un exemple fait ensemble.",
    "Prévoir un lieu calme pour les enregistrements.",
)

REPORT = {
    "presentation": (
        "Le groupe a cherché comment des élèves apprennent à dire d'où vient ce qu'ils avancent.",
        "Le groupe voulait savoir si la relecture entre élèves tient d'une classe à l'autre.",
    ),
    "work": (
        "Nous nous sommes partagé l'écriture, puis chacun a essayé la séance d'un autre.",
        "Une première ébauche a été **réécrite en entier** après le premier essai en classe.",
    ),
    "pupils": (
        "Les élèves citent leurs sources sans qu'on le demande ; leurs carnets le montrent.",
        "Ils ont appris à **reprendre un texte** : les secondes versions sont plus courtes et plus claires.",
    ),
    "teachers": (
        "Nous relisons désormais nos séances à deux voix, et nous gardons les grilles.",
        "Le travail avec une autre académie nous a appris à écrire pour qui n'était pas là.",
    ),
    "difficulties": (
        "Trouver une classe pour le second essai a pris du temps ; un calendrier commun l'aurait évité.",
        "Le prêt du matériel n'est pas assuré d'un trimestre à l'autre.",
    ),
    "outlook": (
        "Ces pratiques s'étendent si une heure commune est donnée aux équipes.",
        "Il faut un équipement prêté assez longtemps pour que l'outil se fasse oublier.",
    ),
}

COURSE = (
    ("Voir la séance", "Un récit de la séance, avec les productions des élèves.", 20),
    ("Essayer à son tour", "Chacun fait ce que l'élève a fait, puis dit ce qui lui a résisté.", 40),
)
COURSE_TEXTS = {
    "summary": "Une heure pour essayer ce que les équipes du thème ont mis au point, et l'adapter à sa classe.",
    "objectives": "Essayer une séance, la transposer, prévoir ce qui résistera.",
    "audience": "Enseignants du thème, débutants bienvenus",
    "framing": "Le module part des scénarios validés du thème.",
    "notebook": "Notez ce que vous garderez, et pour quelle classe.",
    "guide": "Laissez essayer avant d'expliquer ; gardez le dernier quart d'heure pour la transposition.",
}
POSTER = "Une frise en trois temps : la question que se posent les élèves, ce qu'ils produisent, ce qu'ils publient."
