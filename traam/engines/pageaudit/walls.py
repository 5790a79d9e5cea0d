# ruff: noqa: E501 - patterns and sentences, each on its line
"""Does one have to sign in before reading?

Pages about signing in are common in this field: words of a wall only count where there is next to nothing else to read.
"""

import re

from traam.engines.pageaudit.addresses import host_of, path_of
from traam.engines.pageaudit.content import content, first_heading, readable, title_of
from traam.engines.pageaudit.known import find
from traam.engines.pageaudit.reading import Node, Page, Within, sentences
from traam.engines.pageaudit.report import Report, folded, quoted
from traam.engines.pageaudit.resources import running_code

SHORT = 500
_DESK_HOST = re.compile(
    r"^(?:cas|auth|sso|idp|login|connexion|signin|identite|ident|shibboleth|wayf|oauth|keycloak|adfs|sts)\d?[.-]"
)
_DESK_PATH = re.compile(
    r"/(?:cas/(?:login|oauth)|cas$|casshib|idp/profile|idp/sso|shibboleth\.sso|saml2?/|simplesaml|adfs/ls|openid-connect/auth"
    r"|oauth2?/(?:v\d/)?auth|authorize\?|oidc/|login(?:/index)?(?:\.php|\.aspx?|\.html?|\.jsp|\.do)?(?:/|\?|$)|wp-login\.php"
    r"|signin|sign-in|sign_in|log-in|log_in|connexion(?:\.php|\.html?)?(?:/|\?|$)|se-connecter|authentification|user/login"
    r"|users/sign_in|account/login|accounts/login|session/new|enrol/index\.php|auth/login|auth/realms|s/[^/]{5,40}/authenticate"
    r"|identification(?:\.php|\.html?)?(?:/|\?|$)|ident\.php|spip\.php\?page=login|_layouts/15/authenticate)",
    re.I,
)
_WALL = re.compile(
    r"(?:vous devez|vous devrez|il faut|merci de|veuillez|priere de|nous vous invitons a|il est necessaire de|necessite de)"
    r"(?: d'abord| au prealable)? (?:vous |etre |d'etre |s')?(?:y )?"
    r"(?:identifier|connecter|authentifier|connectee?s?|identifiee?s?|authentifiee?s?|inscrire|abonner)"
    r"|(?:connectez|identifiez|authentifiez)[- ]vous (?:pour|afin|avec|a l'aide|via|a votre)"
    r"|(?:identifiant|login|nom d'utilisateur|adresse (?:e-?mail|electronique)|courriel)[^.]{0,60}mot de passe"
    r"|(?:acces|contenu|page|espace|article|ressource|cours|document|site|partage|zone|rubrique)s?\b[^.!?]{0,40}"
    r"(?:reserve|restreint|protege|prive|limite aux|non autorise|interdit|refuse|soumis a)"
    r"|(?:reserve|accessible uniquement|uniquement accessible|visible uniquement) (?:aux|a|par) (?:les )?"
    r"(?:membres|abonnes|personnes|enseignants|personnels|agents|utilisateurs|inscrits|adherents)"
    r"|acces (?:refuse|interdit|restreint|non autorise|reserve)|authentification (?:requise|necessaire|obligatoire)"
    r"|connexion (?:requise|obligatoire|necessaire)|identification (?:requise|necessaire)|session (?:a )?expiree?"
    r"|demander l'acces|vous n'avez pas (?:acces|l'autorisation|les droits|la permission)|vous n'etes pas autorise"
    r"|les (?:visiteurs anonymes|invites) ne peuvent pas acceder|mot de passe (?:requis|est necessaire|oublie)"
    r"|choisissez votre (?:profil|etablissement|academie|compte)|selectionnez votre (?:profil|etablissement|academie|compte)"
    r"|service central d'authentification|central authentication service|fournisseur d'identite|guichet (?:agents|de connexion)"
    r"|saisissez (?:votre|le|un) mot de passe|entrez (?:votre|le|un) mot de passe"
    r"|(?:sign|log) ?in to (?:your|continue|view|access)|please (?:sign|log) ?in|you (?:need|must|have) (?:to )?(?:be )?(?:log|sign|request)"
    r"|you need (?:access|permission)|login required|access denied|this (?:page|content|site|post) is (?:private|password|protected)"
    r"|members only"
)
_DESK_TITLE = re.compile(
    r"^(?:page de |espace de |portail de |service d'|guichet de )?(?:connexion|se connecter|connectez-vous|identification|identifiez-vous"
    r"|authentification|login|log in|sign in|sign-in|sso|acces (?:reserve|refuse|restreint|interdit)|espace (?:reserve|prive|membres?)"
    r"|mot de passe|contenu protege|protege ?:|authentification requise|connexion requise|access denied|forbidden|unauthorized"
    r"|401|403|service central d'authentification|cas)(?:$|[\s:|,.!-])"
)
_GO = re.compile(
    r"(?:window\.|document\.|self\.|top\.)?location(?:\.href|\.replace|\.assign)?\s?(?:=|\()\s?[\"']([^\"']{3,800})[\"']"
)


def wall(page: Page, report: Report) -> bool:
    """Says whether the page is kept behind a sign-in; nothing else of it is then worth looking at."""
    return _answered(page, report) or _sent_away(page, report) or _asked(page, report)


def _answered(page: Page, report: Report) -> bool:
    fetched = page.fetched
    if fetched.status not in (401, 403, 407):
        return False
    if fetched.status == 403 and _robots_refused(page):
        report.review(
            "auth",
            "Le site a refusé la visite de la plateforme (réponse 403, filtre contre les robots) : ouvrez la page dans une "
            "fenêtre de navigation privée pour voir si elle se lit.",
            title_of(page) or page.address,
        )
        return True
    what = "demande un mot de passe" if fetched.status != 403 else "refuse l'accès"
    report.fault(
        "auth", f"Le site {what} (réponse {fetched.status}).", first_heading(page) or title_of(page) or page.address
    )
    return True


def _robots_refused(page: Page) -> bool:
    if page.fetched.header("cf-mitigated") or page.fetched.header("x-datadome"):
        return True
    said = folded(f"{title_of(page)} {readable(page)[:2000]}")
    return any(
        words in said
        for words in (
            "just a moment",
            "checking your browser",
            "attention required! | cloudflare",
            "captcha",
            "etes un humain",
            "verification de votre navigateur",
            "vous n'etes pas un robot",
            "you are human",
            "incapsula",
            "datadome",
        )
    )


def _sent_away(page: Page, report: Report) -> bool:
    """Redirected by HTTP, by a meta element or by a script on a page that has nothing else."""
    final = page.address
    service = desk(final)
    if service and (find("walls", final) is not None or _asks(page) or len(content(page)) < SHORT):
        moved = final != page.fetched.address
        how = (
            "L'adresse renvoie vers un guichet de connexion"
            if moved
            else "L'adresse est celle d'un guichet de connexion"
        )
        if moved or _asks(page) or find("walls", final) is not None:
            report.fault("auth", f"{how} ({service}).", final)
            return True
    if len(content(page)) >= SHORT:
        return False
    for node, target in _jumps(page):
        if service := desk(target):
            report.fault("auth", f"La page renvoie aussitôt vers un guichet de connexion ({service}).", node)
            return True
    for node in page.all("input"):
        if node.get("name").lower() in ("samlrequest", "samlresponse", "wresult"):
            report.fault("auth", "La page n'est qu'une étape vers un guichet de connexion (SAML).", node)
            return True
    return False


def desk(address: str) -> str:
    """What sign-in desk an address looks like, "" when it looks like none."""
    known = find("walls", address)
    if known is not None:
        return known.name
    host = host_of(address)
    if host and _DESK_PATH.search(path_of(address)):
        return host
    if host and _DESK_HOST.search(host) and path_of(address).rstrip("/").count("/") <= 3:
        return host
    return ""


def _jumps(page: Page) -> list[tuple[Node, str]]:
    found = []
    for node in page.all("meta"):
        if node.get("http-equiv").lower() == "refresh":
            _, _, target = node.get("content").partition("=")
            found.append((node, page.absolute(target.strip(" '\""))))
    for node, code in running_code(page):
        for match in list(_GO.finditer(code[:20_000]))[:5]:
            found.append((node, page.absolute(match.group(1))))
    return found


def _passwords(page: Page) -> list[Node]:
    return [
        node
        for node in page.seen("input")
        if node.get("type").lower() == "password" and not node.within & Within.CHROME
    ]


def _asks(page: Page) -> bool:
    """A field for a password, or for the identifier that comes before it."""
    if any(node.get("type").lower() == "password" for node in page.seen("input")):
        return True
    return any(
        re.search(
            r"user|login|identifiant|email|courriel|mail",
            f"{node.get('name')} {node.get('id')} {node.get('autocomplete')}",
            re.I,
        )
        for node in page.seen("input")
        if node.get("type").lower() in ("", "text", "email")
    )


def _asked(page: Page, report: Report) -> bool:
    """On the page itself: a password field, words of a wall, with next to nothing else to read."""
    text = content(page)
    fields = _passwords(page)
    for field in fields:
        if field.get("name") == "post_password":
            report.fault("auth", "Le contenu est protégé par un mot de passe.", _form_of(field))
            return True
    if len(text) >= SHORT:
        return False
    title = next(
        (said for said in (first_heading(page), title_of(page)) if said and _DESK_TITLE.search(folded(said))), ""
    )
    said = _said(page)
    if fields and (title or said or len(text) < 250):
        report.fault("auth", "La page demande un mot de passe à la place du contenu.", fields[0])
        return True
    if title and (said or _asks(page) or len(text) < 80):
        report.fault("auth", f"La page est celle d'un guichet de connexion : {quoted(title)}.", said or title)
        return True
    if said and _little(page):
        report.fault("auth", "La page dit qu'il faut s'identifier pour lire.", said)
        return True
    return False


def _form_of(node: Node) -> Node:
    up: Node | None = node
    while up is not None:
        if up.tag == "form":
            return up
        up = up.parent
    return node


def _said(page: Page) -> str:
    for sentence in sentences(readable(page)[:3000]):
        if len(sentence) < 400 and _WALL.search(folded(sentence)):
            return sentence
    return ""


def _little(page: Page) -> bool:
    """Nothing but the wall: few images, documents or headings that would be a content."""
    inside = [node for node in page.seen("img", "video", "iframe", "table", "audio") if not node.within & Within.CHROME]
    headings = [node for node in page.seen("h2", "h3") if not node.within & Within.CHROME]
    links = [node for node in page.seen("a") if not node.within & Within.CHROME]
    return len(inside) <= 2 and len(headings) <= 2 and len(links) <= 15
