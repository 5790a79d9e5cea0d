"""What a teacher types against what a notice says: the French cases, each against all the notices at once."""

import pytest

from traam.engines.search import Document, Index, Query

# (what is typed, a notice that must be found, a notice that must not be found)
CASES = [
    # elision, straight and typographic apostrophes
    ("élève", "La posture de l'élève chercheur", "La posture du maître"),
    ("l'élève", "Chaque élève tient un carnet", "Chaque maître tient un carnet"),
    ("évaluation", "Les enjeux de l’évaluation", "Les enjeux de l’orthographe"),
    ("l’oral", "Travailler l'oral en continu", "Travailler la danse en continu"),
    ("qu'apprendre", "Ce qu’apprendre veut dire", "Ce que danser veut dire"),
    ("aujourd'hui", "L’école d’aujourd’hui", "L’école d’hier"),
    ("aujourd’hui", "Le monde aujourd'hui", "Le monde demain"),
    ("prud'hommes", "Le conseil de prud’hommes", "Le conseil de classe"),
    ("presqu'île", "La presqu’île de Crozon", "Une île au large"),
    ("d'abord espace", "Penser l'espace", "Tout d'abord, le temps"),
    ("jusqu'au lycée", "Du collège jusqu’au lycée", "De la maternelle jusqu’au primaire"),
    ("J'écoute", "Une écoute active", "Une lecture active"),
    # ligatures, accents, capitals, composed and decomposed letters
    ("coeur", "Le cœur du dispositif", "Le corps du dispositif"),
    ("œuvre", "Analyser une oeuvre d'art", "Analyser une carte"),
    ("ŒUVRES", "Les œuvres au programme", "Les cartes au programme"),
    ("ex aequo", "Deux équipes ex æquo", "Deux équipes à égalité"),
    ("yeux", "L'œil et la vision", "L'oreille et le son"),
    ("numerique", "Un outil numérique", "Un outil en bois"),
    ("EVALUER", "Évaluer autrement", "Punir autrement"),
    ("eleve", "Des E\u0301LE\u0300VES motivés", "Des adultes motivés"),
    ("naïf", "Un regard naif", "Un regard aigu"),
    ("geographie", "La géographie à l'école", "La chimie à l'école"),
    ("ﬁlm", "Tourner un film court", "Écrire un livre court"),
    # hyphens and compounds
    ("vidéoprojecteur", "Le vidéo-projecteur de la salle", "Le projecteur de la scène"),
    ("vidéo-projecteur", "Le vidéoprojecteur de la salle", "La vidéo de la salle"),
    ("vidéo projecteur", "Brancher un vidéoprojecteur", "Brancher une enceinte"),
    ("auto-évaluation", "Une grille d'autoévaluation", "Une grille de mots croisés"),
    ("autoévaluation", "Une fiche d’auto-évaluation", "Une fiche de lecture"),
    ("co-intervention", "La cointervention en CAP", "L'intervention d'un pompier"),
    ("classe inversée", "La classe-inversée au quotidien", "La classe dehors"),
    ("e-portfolio", "Tenir un eportfolio", "Tenir un cahier"),
    ("physique-chimie", "En physique - chimie, mesurer", "En physique, mesurer"),
    # plural and gender
    ("travail", "Des travaux de groupe", "Des jeux de groupe"),
    ("journaux", "Un journal scolaire", "Une radio scolaire"),
    ("national", "Les concours nationaux", "Les concours locaux"),
    ("égaux", "Une femme égale à un homme", "Une femme face à un homme"),
    ("tableau", "Les tableaux de Delacroix", "Les romans de Balzac"),
    ("niveaux", "Un seul niveau de lecture", "Un seul texte"),
    ("jeux", "Apprendre par le jeu", "Apprendre par cœur"),
    ("animal", "La classification des animaux", "La classification des roches"),
    ("matériaux", "Un matériau isolant", "Un métal isolant"),
    ("vidéo", "Des vidéos courtes", "Des affiches courtes"),
    ("collaboratif", "Une écriture collaborative", "Une écriture solitaire"),
    ("public", "La parole publique", "La parole intime"),
    ("lectrice", "Un lecteur autonome", "Un danseur autonome"),
    ("nouveau", "De nouvelles pratiques", "De vieilles pratiques"),
    ("enseignantes", "Un enseignant raconte", "Un parent raconte"),
    ("actif", "Des pédagogies actives", "Des pédagogies traditionnelles"),
    ("long", "Une longue durée", "Une brève durée"),
    # verb forms
    ("évaluer", "Ils évaluent leurs pairs", "Ils écoutent leurs pairs"),
    ("évaluées", "On évalue les compétences", "On liste les compétences"),
    ("différencier", "Une séance différenciée", "Une séance commune"),
    ("lire", "Les enfants lisent à voix haute", "Les enfants chantent à voix haute"),
    ("lu", "Lire un album", "Dessiner un album"),
    ("écrivent", "J'écris une nouvelle policière", "Je filme une enquête policière"),
    ("apprennent", "Avoir appris en confinement", "Avoir dormi en confinement"),
    ("construire", "Une frise construite en classe", "Une frise affichée en classe"),
    ("produisent", "Produire un balado", "Écouter un balado"),
    ("choisir", "Les groupes choisissent un rôle", "Les groupes tirent un rôle"),
    ("répondre", "Ils répondent à un sondage", "Ils lancent un sondage"),
    ("découvert", "Découvrir un métier", "Quitter un métier"),
    ("inclure", "Une école qui inclut", "Une école qui exclut"),
    ("peint", "Peindre un paysage", "Décrire un paysage"),
    # derivation
    ("évaluation", "Un dispositif évaluatif", "Un dispositif ludique"),
    ("différenciation", "Différencier sans s'épuiser", "Punir sans s'épuiser"),
    ("collaboration", "Collaborer à distance", "Bavarder à distance"),
    ("écriture", "Écrire une fable", "Jouer une fable"),
    ("lecture", "Lire le paysage sonore", "Enregistrer le paysage sonore"),
    ("lycée", "La parole des lycéennes", "La parole des parents"),
    ("créativité", "Créer un fanzine", "Distribuer un fanzine"),
    ("ludification", "Une approche ludique", "Une approche sévère"),
    ("scolaire", "La vie de l'école rurale", "La vie de la ferme rurale"),
    # acronyms and what they stand for
    ("EMI", "L'éducation aux médias et à l'information", "L'éducation à la santé"),
    ("éducation aux médias et à l'information", "Une séance d'EMI", "Une séance d'EPS"),
    ("svt", "Les sciences de la vie et de la Terre", "Les sciences de l'ingénieur"),
    ("Sciences de la vie et de la terre", "Le programme de SVT", "Le programme de SES"),
    ("intelligence artificielle", "L’IA générative", "La TSF générative"),
    ("ia", "Débattre de l'intelligence artificielle", "Débattre de l'intelligence collective"),
    ("CDI", "Au centre de documentation et d’information", "Au centre équestre"),
    ("crcn", "Le cadre de référence des compétences numériques", "Le cadre de vie"),
    ("ses", "Un manuel de SES", "Le manuel et ses annexes"),
    ("langues vivantes", "La LV dès la maternelle", "La natation dès la maternelle"),
    ("TBI", "Un tableau numérique interactif", "Un tableau noir"),
    ("E.P.S.", "L'éducation physique et sportive", "L'éducation civique"),
    ("histoire géo", "Le cours d’HG", "Le cours de latin"),
    ("maths", "Le laboratoire de mathématiques", "Le laboratoire de langues"),
    ("NSI", "Numérique et sciences informatiques au bac", "Sciences du sport au bac"),
    # other names of one thing
    ("escape game", "Des jeux d’évasion en latin", "Des jeux de rôle en latin"),
    ("jeu d'évasion", "Un escape-game au musée", "Un game designer au musée"),
    ("podcasts", "Une baladodiffusion de poche", "Une balade de poche"),
    ("lycée pro", "Au lycée professionnel hôtelier", "Au lycée agricole hôtelier"),
    ("baccalauréat professionnel", "En bac pro commerce", "En bac techno commerce"),
    ("prof doc", "La professeure-documentaliste anime", "La professeure de chant anime"),
    ("quiz", "Un QCM hebdomadaire", "Un dossier hebdomadaire"),
    ("serious game", "Des jeux sérieux d'entreprise", "Des jeux olympiques d'entreprise"),
    ("carte mentale", "Une carte heuristique au mur", "Une carte routière au mur"),
    ("pédagogie inversée", "La classe inversée au gymnase", "La classe dehors au gymnase"),
    ("visio", "Une visioconférence avec Dakar", "Une lettre vers Dakar"),
    ("tablettes", "Un iPad par îlot", "Un pupitre par îlot"),
    ("infox", "Démonter une fake news", "Démonter une horloge"),
    ("bande dessinée", "Scénariser une BD muette", "Scénariser une pièce muette"),
    ("code QR", "Flasher des QR codes", "Flasher des codes barres"),
    ("AI", "Une IA en forêt", "J'ai une cabane en forêt"),
    ("inspecteur", "Visite de l'IA-IPR", "Visite du maire"),
    # levels
    ("6e", "Une classe de sixième", "Une classe de cinquième"),
    ("sixièmes", "En 6ème, on débute", "En 3ème, on oriente"),
    ("5eme", "Le programme de 5ᵉ", "Le programme de 4ᵉ"),
    ("4°", "Les quatrièmes enquêtent", "Les troisièmes enquêtent"),
    ("seconde", "Un projet en 2de", "Un projet de second degré"),
    ("2nde", "L'entrée en seconde", "L'entrée en terminale"),
    ("1re", "La spécialité de première", "La spécialité du premier degré"),
    ("Terminale", "Une épreuve en Tle", "Une épreuve en 1re"),
    ("CM2", "Du CM1 au CM 2", "Du CE1 au CE2"),
    # typing errors
    ("grammiare", "La grammaire en jouant", "La conjugaison en jouant"),
    ("pedagogei", "Une pédagogie coopérative", "Une routine coopérative"),
    ("orthografe", "L'orthographe grammaticale", "La ponctuation du texte"),
    ("laboratiore", "Un laboratoire d'histoire", "Un musée d'histoire"),
    ("lescargot", "Élever un escargot", "Élever une poule"),
    ("philosophei", "Un atelier de philosophie", "Un atelier de poterie"),
    ("robottique", "La robotique pas à pas", "La couture pas à pas"),
    ("baladodifusion", "La baladodiffusion en langues", "La presse en langues"),
    ("escargotvolcan", "Un escargot sur un volcan", "Un volcan d'Auvergne"),
]

# (what is being typed, found, not found)
PREFIXES = [
    ("géogr", "La géographie des transports", "La géométrie des transports"),
    ("l'orthog", "L’orthographe rectifiée", "L'oral spontané"),
    ("fable animal", "La fable et ses animaux", "La fable et ses bergers"),
    ("bala", "Un balado d'histoire locale", "Un ballon d'histoire locale"),
    ("compétences numé", "Les compétences numériques de base", "Les compétences orales de base"),
    ("œ", "Une œuvre ouverte", "Une porte ouverte"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """All the notices of the table: 2n must be found by case n, 2n + 1 must not."""
    texts = [text for _, found, missed in CASES + PREFIXES for text in (found, missed)]
    index = Index.create(tmp_path_factory.mktemp("french") / "index", ())
    index.apply((Document(n, "", text, {}, 20240101) for n, text in enumerate(texts)), (), mark=1)
    return index


def _everything(index: Index, typed: str, *, prefix: bool = False) -> set[int]:
    found: set[int] = set()
    for page in (1, 2, 3):
        results = index.search(Query(typed, page=page, size=100, prefix=prefix))
        assert not results.relaxed, f"{typed}: no notice holds all the words"
        found |= set(results.ids)
    return found


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)), ids=lambda value: str(value)[:40])
def test_what_is_typed_finds_what_is_written(index: Index, number: int, case: tuple[str, str, str]) -> None:
    found = _everything(index, case[0])
    assert 2 * number in found
    assert 2 * number + 1 not in found


@pytest.mark.parametrize(("number", "case"), list(enumerate(PREFIXES)), ids=lambda value: str(value)[:40])
def test_the_last_word_may_be_unfinished(index: Index, number: int, case: tuple[str, str, str]) -> None:
    found = _everything(index, case[0], prefix=True)
    first = 2 * len(CASES) + 2 * number
    assert first in found
    assert first + 1 not in found


def test_the_table_is_large_enough() -> None:
    assert len(CASES) + len(PREFIXES) >= 82
