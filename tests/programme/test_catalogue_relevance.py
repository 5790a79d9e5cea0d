"""What a teacher types, and the notice, of the demonstration or the history, to come among the first three."""

import pytest

from traam.programme.catalogue import queries

pytestmark = pytest.mark.django_db

FIRST = 3

# (what is typed, how the title of the notice begins)
JUDGED = [
    # a full scenario before the one-line records of the history that hold the same words
    ("IA esprit critique", "Enquêter sur une image"),
    ("esprit critique", "Enquêter sur une image"),
    ("image générée par IA", "Enquêter sur une image"),
    ("désinformation image 3e", "Enquêter sur une image"),
    ("vérifier une image", "Enquêter sur une image"),
    ("recherche inversée", "Enquêter sur une image"),
    ("questionnaires", "Des questionnaires éclair"),
    ("évaluer en maths", "Des questionnaires éclair"),
    ("évaluation maths 4e", "Des questionnaires éclair"),
    ("tablettes partagées", "Des questionnaires éclair"),
    ("évaluation collège", "Des questionnaires éclair"),
    ("rituel de début de séance", "Des questionnaires éclair"),
    # « AI » in capitals, « IA » everywhere else
    ("AI esprit critique", "Développer l'esprit critique face à l'IA"),
    ("AI santé", "L'IA, une opportunité pour la santé"),
    ("inteligence artificielle santé", "L'IA, une opportunité pour la santé"),
    ("ia generative lycée pro", "IAG explorateurs"),
    # inspectors are no artificial intelligence
    ("IA-IPR", "Défis académiques de langues"),
    ("inspecteur", "Défis académiques de langues"),
    # other words for the same thing
    ("escape game", "Des escape games en ligne"),
    ("escape game latin", "Création d'un jeu d'évasion latin"),
    ("escape game physique chimie", "Évaluer en optique"),
    ("jeux d'évasion seconde", "Des escape games en ligne"),
    ("balado", "Réaliser une exposition hybride"),
    ("baladodiffusion", "Réaliser une exposition hybride"),
    ("code QR exposition", "Réaliser une exposition hybride"),
    ("prof doc", "L'intelligence collective"),
    ("prof doc espagnol", "Cuentos de Navidad"),
    ("lecture en lycée pro", "Arpentage littéraire : collaborer"),
    ("carte heuristique", "IA et développement durable"),
    ("quiz optique", "Évaluer en optique"),
    ("quiz chimie", "Création de capsules vidéo"),
    ("serious game", "Ludification"),
    ("classe inversée", "Pédagogies actives"),
    ("agent conversationnel", "Débat avec un chatbot"),
    ("infox", "Création et débunking"),
    # plain questions: a word of a title still comes before the same word in the name of a theme
    ("évaluer", "Évaluer en optique"),
    ("biodiversité 6e", "Portail biodiversité"),
    ("identité numérique", "Identité numérique"),
    ("cross EPS", "Chronométrage RFID"),
    ("jeux vidéo histoire", "La ludicisation"),
    ("jeu de piste moyen age", "Créer un jeu de piste"),
    ("arduino", "Évaluation d'un protocole"),
    ("retour audio", "Compte rendu multimédia"),
    ("musee numérique", "Sp'Art"),
]


@pytest.fixture(autouse=True)
def _own_index(settings, tmp_path_factory):
    """One index for the whole table: the notices are those of the demonstration, none is written."""
    settings.INDEX_FOLDER = tmp_path_factory.getbasetemp() / "judged-index"


@pytest.mark.parametrize(("typed", "expected"), JUDGED, ids=lambda value: value[:40])
def test_the_notice_meant_is_among_the_first(typed, expected):
    titles = [hit.notice.title for hit in queries.find(typed, {}).hits[:FIRST]]
    assert any(title.startswith(expected) for title in titles), titles
