# ruff: noqa: E501 - pages, each on its line
"""Is there a page, can it be read without signing in, and do its links lead somewhere."""

import pytest
from pages_made import ADDRESS, HTML, PROSE, fetched, html, marks, seen

from traam.engines.pageaudit import audit_page, blocking, is_soft_missing
from traam.engines.pageaudit.values import Answer, Fetched, Link

LOGIN = (
    "<form action='/login' method=post><label>Identifiant <input name=username></label>"
    "<label>Mot de passe <input type=password name=password></label><button>Valider</button></form>"
)


def bare(body: str, title: str = "Site") -> str:
    menu = "".join(f"<li><a href='/r{n}'>Rubrique numéro {n} du site</a></li>" for n in range(12))
    return (
        f"<!DOCTYPE html><html lang=fr><head><title>{title}</title></head><body><header><nav><ul>{menu}</ul></nav></header>"
        f"<div id=content>{body}</div><footer><p>Académie de Lyon, 92 rue de Marseille.</p></footer></body></html>"
    )


def test_a_page_without_fault_has_no_finding_but_what_was_not_tested() -> None:
    found = audit_page(fetched(html()))
    assert {(f.code, f.answer) for f in found} == {("cookie", Answer.UNTESTED), ("a11y.axe", Answer.UNTESTED)}


@pytest.mark.parametrize("status", [404, 410, 500, 503, 302, 451])
def test_an_error_is_told_alone(status: int) -> None:
    assert marks(audit_page(fetched(html(), status=status))) == {"reach"}


def test_a_failure_says_why() -> None:
    (found,) = audit_page(Fetched(ADDRESS, ADDRESS, error="name", detail="Le nom svt.ac-lyon.fr n'existe pas."))
    assert found.code == "reach"
    assert "n'existe pas" in found.message
    assert found.element == ADDRESS


def test_being_asked_to_wait_is_no_fault() -> None:
    (found,) = audit_page(fetched("", status=429))
    assert found.answer is Answer.UNTESTED


GONE = {
    "heading": bare("<h1>Page introuvable</h1><p>La page demandée n'existe pas ou a été déplacée.</p>"),
    "title": bare("<p>Revenez à l'accueil.</p>", "Erreur 404 - Académie de Lyon"),
    "title at the end": bare("<p>Revenez à l'accueil.</p>", "Académie de Lyon | Page non trouvée"),
    "words only": bare("<p>Désolé, cette page n'existe plus. Utilisez le moteur de recherche.</p>"),
    "english": bare("<h1>Not Found</h1><p>The requested URL was not found on this server.</p>"),
    "article": bare("<h1>Oups !</h1><p>L'article que vous cherchez n'est plus disponible.</p>"),
    "removed": bare("<p>Ce contenu a été supprimé par son auteur.</p>"),
    "deep in a site": bare("<h1>Oups, cette page est introuvable</h1><ul><li><a href=/a>Accueil</a></li></ul>"),
    "for sale": bare("<p>Ce nom de domaine est à vendre.</p>"),
    "broken": bare("<h1>Error establishing a database connection</h1>"),
    "work": bare("<h1>Site en maintenance</h1><p>Nous revenons bientôt.</p>"),
}


@pytest.mark.parametrize("case", GONE)
def test_a_page_that_says_it_is_not_there(case: str) -> None:
    assert is_soft_missing(fetched(GONE[case]))
    assert marks(audit_page(fetched(GONE[case]))) == {"reach"}


THERE = {
    "about errors": html(
        "<h2>Erreur 404</h2><p>Enquêter sur une page introuvable.</p>", h1="<h1>Erreur 404 : l'enquête</h1>"
    ),
    "a number": html("<p>La salle 404 n'existe plus.</p>"),
    "short": html(prose="<p>La rivière a déplacé son lit.</p>"),
    "missing thing": html(prose="<p>Le fichier de la carte est disponible dans la page des documents.</p>"),
    "a lost page of a book": html(h1="<h1>La page arrachée</h1>", prose="<p>Une page du journal a disparu.</p>"),
}


@pytest.mark.parametrize("case", THERE)
def test_a_page_that_is_there(case: str) -> None:
    assert not is_soft_missing(fetched(THERE[case]))
    assert "reach" not in marks(audit_page(fetched(THERE[case])))


def test_an_empty_answer_is_told() -> None:
    assert marks(audit_page(fetched(""))) == {"reach"}
    assert marks(audit_page(fetched("<html><body>  </body></html>"))) == {"reach"}


def test_being_sent_to_the_front_page_is_to_be_checked() -> None:
    page = fetched(html(), "https://svt.ac-lyon.fr/traam/2024/relief", final="https://svt.ac-lyon.fr/")
    assert marks(audit_page(page)) == {"reach?"}


@pytest.mark.parametrize("status", [401, 403, 407])
def test_a_refusal_is_a_wall(status: int) -> None:
    assert marks(audit_page(fetched(bare("<h1>Interdit</h1>"), status=status))) == {"auth"}


def test_a_refusal_to_robots_is_to_be_checked() -> None:
    page = fetched(bare("<p>Checking your browser</p>", "Just a moment..."), status=403)
    assert marks(audit_page(page)) == {"auth?"}


@pytest.mark.parametrize(
    "final",
    [
        "https://cas.ent-exemple.fr/login?service=https%3A%2F%2Fx",
        "https://www.site.fr/cas/login?service=x",
        "https://login.microsoftonline.com/common/oauth2/authorize?client_id=1",
        "https://accounts.google.com/v3/signin/identifier",
        "https://educonnect.education.gouv.fr/idp/profile/SAML2/POST/SSO?execution=e1s1",
        "https://magistere.education.fr/ac-lyon/login/index.php",
        "https://idp.univ-exemple.fr/idp/profile/SAML2/Redirect/SSO",
        "https://svt.ac-lyon.fr/wp-login.php?redirect_to=x",
        "https://sso.exemple.org/auth/realms/x/protocol/openid-connect/auth?client_id=a",
    ],
)
def test_being_sent_to_a_sign_in_desk(final: str) -> None:
    page = fetched(bare(LOGIN, "Connexion"), final=final)
    found = audit_page(page)
    assert marks(found) == {"auth"}
    assert blocking(found)


WALLS = {
    "password": bare(LOGIN),
    "password and words": bare("<h1>Connexion</h1><p>Veuillez vous identifier pour accéder à cette page.</p>" + LOGIN),
    "words": bare("<p>Vous devez être connecté pour accéder à ce contenu.</p>"),
    "words of a space": bare("<h1>Accès réservé</h1><p>Cet espace est réservé aux membres du groupe.</p>"),
    "one article": bare("<p>Le contenu est protégé. <a href='/l'>Se connecter</a></p>", "Protégé : relief"),
    "password of an article": html(
        "<form class='post-password-form' action='/wp-login.php?action=postpass'><p>Cet article est protégé.</p>"
        "<label>Mot de passe : <input name='post_password' type=password></label></form>"
    ),
    "meta": "<html lang=fr><head><title>x</title><meta http-equiv=refresh content=\"0; url='/cas/login?service=x'\"></head><body>…</body></html>",
    "script": "<html lang=fr><body><p>…</p><script>window.location.href = 'https://cas.site.fr/cas/login';</script></body></html>",
    "saml": "<html><body onload='document.forms[0].submit()'><form action='https://idp.x.fr/idp/profile/SAML2/POST/SSO'>"
    "<input type=hidden name=SAMLRequest value=a><noscript><p>Continuer</p></noscript></form></body></html>",
    "choose a profile": bare(
        "<h1>Je me connecte avec EduConnect</h1><p>Sélectionnez votre profil</p><button>Élève</button>"
    ),
    "address first": "<html lang=fr><head><title>Connectez-vous à votre compte</title></head><body><h1>Se connecter</h1>"
    "<form action=/x><label>Adresse <input type=email name=loginfmt></label><button>Suivant</button></form></body></html>",
    "guests refused": bare(
        "<h1>TraAM SVT</h1><p>Les visiteurs anonymes ne peuvent pas accéder à ce cours. Veuillez vous connecter.</p>"
    ),
    "shared folder": bare(
        "<h2>Ce partage est protégé par un mot de passe</h2><form action=/s><input type=password name=p title='Mot de passe'></form>"
    ),
    "nothing else": bare("<p>Accès restreint aux personnels de l'académie.</p>"),
}


@pytest.mark.parametrize("case", WALLS)
def test_a_wall_is_told_alone(case: str) -> None:
    assert marks(audit_page(fetched(WALLS[case]))) == {"auth"}


OPEN = {
    "a lesson about passwords": html(
        "<h2>Choisir un mot de passe</h2><p>Vous devez vous identifier pour accéder à l'ENT. "
        "Connectez-vous pour voir vos notes. Accès réservé aux enseignants : que signifie cette phrase ?</p>"
    ),
    "a sign-in box beside": html(f"<aside>{LOGIN}</aside>"),
    "a sign-in box in the header": html().replace("<header>", f"<header>{LOGIN}"),
    "a link to sign in": html(
        "<p><a href='https://cas.ac-lyon.fr/cas/login'>Se connecter à l'espace du groupe</a></p>"
    ),
    "a short page": html(prose="<p>Une carte du relief à imprimer.</p><img src='/c.png' alt='Carte du relief'>"),
    "an address with login": html(),
}


@pytest.mark.parametrize("case", OPEN)
def test_a_page_that_is_open(case: str) -> None:
    address = "https://svt.ac-lyon.fr/articles/login-et-mot-de-passe" if case == "an address with login" else ADDRESS
    found = marks(audit_page(fetched(OPEN[case], address)))
    assert not found & {"auth", "auth?"}


def test_a_page_that_only_sends_elsewhere() -> None:
    head = "<html lang=fr><head><title>Relief</title>"
    moved = f"{head}<meta http-equiv=refresh content='0;url=/relief-2'></head><body><p>La page a changé d'adresse.</p></body></html>"
    assert marks(audit_page(fetched(moved))) == {"reach?"}
    assert "reach?" not in marks(audit_page(fetched(moved.replace("/relief-2", ADDRESS))))


def test_links_that_do_not_answer() -> None:
    body = "".join(f"<p><a href='https://x.fr/{n}'>Le document numéro {n}</a></p>" for n in range(7))
    links = {
        "https://x.fr/0": Link("https://x.fr/0", 404),
        "https://x.fr/1": Link("https://x.fr/1", 200, soft=True),
        "https://x.fr/2": Link("https://x.fr/2", 0, "name"),
        "https://x.fr/3": Link("https://x.fr/3", 403),
        "https://x.fr/4": Link("https://x.fr/4", 0, "timeout"),
        "https://x.fr/5": Link("https://x.fr/5", 200),
    }
    found = [f for f in audit_page(fetched(html(body)), links=links) if f.code == "deadlink"]
    assert [f.answer.value for f in found] == ["fault"] * 3 + ["review"] * 2
    assert [f.element.partition("x.fr/")[2][0] for f in found] == list("01234")


@pytest.mark.parametrize(
    "address", ["file:///C:/Users/x/carte.pdf", "C:\\cartes\\a.pdf", "http://localhost/a", "http://http://x.fr"]
)
def test_links_that_lead_nowhere(address: str) -> None:
    assert seen(f"<p><a href='{address}'>La carte du relief</a></p>") == {"deadlink"}


def test_a_document_is_not_judged_as_a_page() -> None:
    page = fetched(b"%PDF-1.7", headers=(("content-type", "application/pdf"),))
    assert audit_page(page) == []


def test_prose_is_long_enough_to_be_a_content() -> None:
    assert len(PROSE) > 300
    assert HTML
