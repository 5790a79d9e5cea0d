# ruff: noqa: E501 - pages, each on its line
"""The licence of the page, the legal notice, the accessibility statement, accounts for pupils."""

import pytest
from pages_made import FOOT, LICENCE, PROSE, fetched, html, marks, seen

from traam.engines.pageaudit import audit_page
from traam.engines.pageaudit.licences import code_of_address, code_of_name, codes_of_text

NAMES = {
    "CC BY": "CC BY",
    "CC-BY-SA 4.0": "CC BY-SA",
    "cc by nc nd 3.0": "CC BY-NC-ND",
    "Licence CC BY-NC-SA": "CC BY-NC-SA",
    "CC-BY-NC/4.0": "CC BY-NC",
    "Creative Commons Attribution – Pas d'utilisation commerciale": "CC BY-NC",
    "Creative Commons Attribution - Pas d’Utilisation Commerciale - Partage dans les Mêmes Conditions 4.0 International": "CC BY-NC-SA",
    "Creative Commons Attribution – Partage dans les mêmes conditions": "CC BY-SA",
    "Creative Commons Attribution - Partage à l'identique": "CC BY-SA",
    "Creative Commons (Attribution, Pas de modification)": "CC BY-ND",
    "Creative Commons Paternité - Pas d'utilisation commerciale - Pas de modification": "CC BY-NC-ND",
    "Creative Commons Attribution-NonCommercial-ShareAlike 4.0": "CC BY-NC-SA",
    "licence Creative Commons BY-SA": "CC BY-SA",
    "Creative Commons Zéro : domaine public": "CC0",
    "CC0 1.0": "CC0",
    "Licence Ouverte 2.0 (Etalab)": "Licence Ouverte",
    "Etalab 2.0": "Licence Ouverte",
    "GNU GPL v3": "GPL",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_licence_is_known_by_its_name(name: str) -> None:
    assert codes_of_text(name) == [NAMES[name]]


@pytest.mark.parametrize(
    "text",
    [
        "en licence de lettres",
        "la licence du logiciel",
        "accès",
        "cc : le groupe",
        "by the river",
        "ccby",
        "permis de conduire",
    ],
)
def test_other_words_are_no_licence(text: str) -> None:
    assert codes_of_text(text) == []


def test_a_licence_is_known_by_its_address_or_its_code() -> None:
    assert code_of_address("https://creativecommons.org/licenses/by-nc-sa/4.0/deed.fr") == "CC BY-NC-SA"
    assert code_of_address("http://creativecommons.org/publicdomain/zero/1.0/") == "CC0"
    assert code_of_address("https://www.etalab.gouv.fr/licence-ouverte-open-licence/") == "Licence Ouverte"
    assert code_of_address("https://github.com/etalab/licence-ouverte/blob/master/LO.md") == "Licence Ouverte"
    assert code_of_address("https://creativecommons.org/") == ""
    assert code_of_name("CC-BY-NC") == "CC BY-NC"
    assert code_of_name("LO-2.0") == "Licence Ouverte"
    assert code_of_name("") == ""


SAID = {
    "rel": LICENCE,
    "link": "<p><a href='https://creativecommons.org/licenses/by/4.0/'><img src='/by.png' alt='Licence Creative Commons'></a></p>",
    "text": "<p>Contenus sous licence CC BY-SA.</p>",
    "spelled": "<p>Sauf mention contraire : Creative Commons Attribution – Pas d’utilisation commerciale.</p>",
    "open": "<p>Licence Ouverte 2.0</p>",
    "data": '<script type=\'application/ld+json\'>{"@context":"https://schema.org","@type":"LearningResource","license":"https://creativecommons.org/licenses/by/4.0/"}</script>',
    "badge": "<p><img src='https://svt.ac-lyon.fr/img/by-nc-sa.png' alt='Licence de la page'></p>",
    "badge named": "<p><img src='/badge.png' alt='Licence CC BY-SA'></p>",
}


@pytest.mark.parametrize("case", SAID)
def test_a_licence_that_is_said(case: str) -> None:
    assert seen(licence=SAID[case]) == set()


def test_a_licence_in_the_head() -> None:
    assert seen(licence="", head="<link rel=license href='https://creativecommons.org/licenses/by/4.0/'>") == set()
    assert (
        seen(licence="", head="<meta name='DCTERMS.license' content='https://creativecommons.org/licenses/by/4.0/'>")
        == set()
    )


UNSAID = {
    "nothing": "",
    "only reserved": "<p>© Académie de Lyon. Tous droits réservés.</p>",
    "only of an image": "<figure><img src='/a.png' alt='Carte'><figcaption>Jeanne, CC BY-SA 4.0</figcaption></figure>",
    "only of a credit": "<p>Photo : Wikimedia, <a href='https://creativecommons.org/licenses/by-sa/3.0/'>CC BY-SA 3.0</a></p>",
    "a degree": "<p>Ce travail fut mené avec des étudiants de licence.</p>",
}


@pytest.mark.parametrize("case", UNSAID)
def test_a_licence_that_is_missing(case: str) -> None:
    found = [f for f in audit_page(fetched(html(licence=UNSAID[case]))) if f.code == "licence"]
    assert [f.answer.value for f in found] == ["fault"]
    assert "rel=license" in found[0].message


def test_creative_commons_without_saying_which() -> None:
    assert seen(licence="<p>Sous licence Creative Commons.</p>") == {"licence?"}


CONTRARY = {
    "link and text": LICENCE + "<p>Contenus sous licence CC BY-NC-ND.</p>",
    "data and link": LICENCE
    + '<script type=\'application/ld+json\'>{"license":"https://creativecommons.org/licenses/by-nc/4.0/"}</script>',
    "two texts": "<p>Cette page est sous licence CC BY.</p><p>Licence : Creative Commons Attribution – Pas de modification</p>",
    "reserved": LICENCE + "<p>© Académie de Lyon – Tous droits réservés</p>",
}


@pytest.mark.parametrize("case", CONTRARY)
def test_two_licences_that_contradict_each_other(case: str) -> None:
    found = [f for f in audit_page(fetched(html(licence=CONTRARY[case]))) if f.code == "licence"]
    assert [f.answer.value for f in found] == ["fault"]


AGREED = {
    "said twice": LICENCE + "<p>Licence Creative Commons Attribution - Partage dans les mêmes conditions.</p>",
    "an image of somebody": LICENCE
    + "<figure><img src='/a.png' alt='Carte'><figcaption>Jeanne, CC BY 2.0</figcaption></figure>",
    "a credit": LICENCE + "<p>Crédits photographiques : Jean, CC BY-NC 2.0.</p>",
    "reserved but here": LICENCE + "<p>Sauf mention contraire, tous droits réservés pour les logos.</p>",
}


@pytest.mark.parametrize("case", AGREED)
def test_licences_that_do_not_contradict_each_other(case: str) -> None:
    assert seen(licence=AGREED[case]) == set()


def test_a_lesson_about_licences_does_not_contradict_that_of_the_page() -> None:
    names = ("by", "by-sa", "by-nd")
    lesson = "".join(
        f"<p>La licence <a href='https://creativecommons.org/licenses/{name}/4.0/'>CC {name.upper()}</a> permet de copier.</p>"
        for name in names
    )
    assert seen(lesson) == set()


def test_the_licence_declared_for_the_production() -> None:
    page = fetched(html())
    assert marks(audit_page(page, expected_licence="CC-BY-SA")) == set()
    assert marks(audit_page(page, expected_licence="CC-BY-NC")) == {"licence"}


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/m'>Mentions légales</a>",
        "<a href='/m'>MENTIONS LEGALES</a>",
        "<a href='/m'>Informations\xa0légales</a>",
        "<a href='/m'>Mentions l&eacute;gales et cr&eacute;dits</a>",
        "<a href='/m'>Crédits</a>",
        "<a href='/m' aria-label='Mentions légales'><svg></svg></a>",
        "<a href='/spip.php?article12'>Mentions&nbsp;légales</a>",
        "<a href='/mentions-legales'>À propos</a>",
    ],
)
def test_a_legal_notice_within_reach(link: str) -> None:
    assert seen(foot=FOOT.replace('<a href="/mentions-legales">Mentions légales</a>', link)) == set()


def test_a_legal_notice_that_is_missing() -> None:
    assert seen(foot='<p><a href="/accessibilite">Accessibilité : non conforme</a></p>') == {"legal"}
    words = '<p>Mentions légales</p><p><a href="/accessibilite">Accessibilité : non conforme</a></p>'
    assert seen(foot=words) == {"legal"}


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/a'>Accessibilité : partiellement conforme</a>",
        "<a href='/a'>Accessibilité\xa0: totalement conforme</a>",
        "<a href='/a'>ACCESSIBILITE NUMERIQUE : NON CONFORME</a>",
        "<a href='/a'>Accessibilité (non conforme)</a>",
        "<a href='/a'>Déclaration d’accessibilité</a>",
        "<a href='/a'>Accessibilité</a>",
        "<a href='/a'>Accessibilité du site : non conforme au RGAA</a>",
        "<a href='/a'>Déclaration de conformité RGAA</a>",
    ],
)
def test_a_statement_within_reach(link: str) -> None:
    assert seen(foot=f'<p><a href="/mentions-legales">Mentions légales</a></p><p>{link}</p>') == set()


def test_a_statement_that_is_missing() -> None:
    legal = '<p><a href="/mentions-legales">Mentions légales</a></p>'
    assert seen(foot=legal) == {"a11ystmt"}
    assert seen("<p><a href='/dys'>L'accessibilité des cartes aux élèves dyslexiques</a></p>", foot=legal) == {
        "a11ystmt"
    }
    assert seen(foot=legal + "<p><a href='#'>Accessibilité</a></p>") == {"a11ystmt"}
    assert seen(foot=legal + "<p>Accessibilité : non conforme</p>") == {"a11ystmt?"}


ASKED = [
    "Les élèves créent un compte sur Quizlet.",
    "Chaque élève se crée un compte avec son adresse électronique.",
    "Demandez aux élèves de s'inscrire sur le site avec leur prénom.",
    "L'élève s'inscrit sur la plateforme.",
    "Il faut créer un compte pour chaque élève.",
    "Créer des comptes élèves sur l'application.",
    "Les élèves se connectent avec leur adresse mail personnelle.",
    "Les élèves saisissent leur nom et leur date de naissance.",
    "Inscrivez vos élèves sur la plateforme avant la séance.",
]


@pytest.mark.parametrize("sentence", ASKED)
def test_an_account_asked_of_pupils_is_to_be_checked(sentence: str) -> None:
    assert seen(f"<p>{sentence}</p>") == {"pupil_account?"}


NOT_ASKED = [
    "Les élèves travaillent sans créer de compte.",
    "Aucun compte n'est demandé aux élèves.",
    "Les élèves n'ont pas besoin de compte.",
    "Faut-il demander aux élèves de créer un compte ?",
    "L'enseignant crée un compte et partage un lien.",
    "Les élèves rendent compte de leur sortie.",
    "Les élèves tiennent compte du relief, puis comptent les courbes.",
    "Évitez que les élèves ouvrent un compte.",
    "Les élèves se connectent à l'ENT.",
    "Les élèves inscrivent le nom de la rivière sur la carte.",
    "Le professeur s'inscrit à la formation.",
]


@pytest.mark.parametrize("sentence", NOT_ASKED)
def test_no_account_is_asked(sentence: str) -> None:
    assert seen(f"<p>{sentence}</p>") == set()


def test_services_known_for_their_accounts() -> None:
    assert seen("<p><a href='https://quizlet.com/fr/123/carte'>Le jeu de cartes</a></p>") == {"pupil_account?"}
    assert seen("<iframe title='Jeu' src='https://view.genially.com/abc'></iframe>") == {"pupil_account?", "thirdparty"}
    assert seen("<p><a href='https://www.geogebra.org/m/abc'>La figure</a></p>") == set()
    assert PROSE
