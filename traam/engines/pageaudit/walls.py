# ruff: noqa: E501 - patterns and sentences, each on its line
"""Does one have to sign in before reading?

Pages about signing in are common in this field: words of a wall only count where there is next to nothing else to read.
"""

import re
from itertools import islice

from traam.engines.pageaudit.addresses import host_of, path_of
from traam.engines.pageaudit.content import content, first_heading, has_main, is_little, readable, title_of
from traam.engines.pageaudit.known import find
from traam.engines.pageaudit.reading import Node, Page, Within, is_page, sentences
from traam.engines.pageaudit.report import Report, folded, quoted
from traam.engines.pageaudit.resources import running_code

SHORT = 500
LONG = 1_500
FIRST = 7  # sentences, headings counted
AT_ONCE = 10  # seconds under which a page that sends the reader elsewhere is not there to be read
TITLE_ALONE = 80  # characters under which the title of a desk says it all
BESIDE = 250  # characters beside the words of a wall, above which there is something to read

_ONLY_TO_ANSWER = re.compile(
    r"(?:pour|afin de|de) (?:\w+ )?(?:publier|laisser|poster|ajouter|ecrire|deposer|commenter|repondre|voter|participer|noter|reagir"
    r"|contribuer|modifier|s'inscrire|editer)|\bcommentaires?\b|to (?:post|leave|add) a comment"
)
_REST = re.compile(
    r"(?:la suite|l'integralite|le reste|l'article (?:complet|entier)|la version complete|le contenu complet)\b[^.!?]{0,60}"
    r"(?:reserve|abonne|membres|connect|identifi)|(?:connectez|identifiez|abonnez)[- ]vous pour (?:lire|voir|consulter|acceder a) (?:la suite|l'integralite|l'article|le reste)"
)
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
_THIS = r"(?:page|contenu|espace|article|ressource|cours|document|site|partage|zone|rubrique|section|dossier|fichier|blog|forum|module|parcours)"
_KEPT = r"(?:reservee?s?|restreinte?s?|protegee?s?|privee?s?|interdite?s?|refusee?s?|non autorisee?s?|limitee?s?)"
_SIGNED = r"(?:identifier|connecter|authentifier|connectee?s?|identifiee?s?|authentifiee?s?|abonner|abonnee?s?)"
# Said to the reader, of this very page.
_WALL = re.compile(
    rf"(?:vous devez|vous devrez|il faut|merci de|veuillez|priere de|nous vous invitons a|il est necessaire de|necessite (?:de|d'))"
    rf"(?: d'abord| au prealable)? ?(?:vous |etre |d'etre |s')?(?:y )?{_SIGNED}\b"
    r"|(?:connectez|identifiez|authentifiez)[- ]vous (?:pour|afin|a l'aide|a votre|avec votre|via|ou demandez)"
    rf"|^(?:l')?acces(?: a (?:cette?|ce|cet|la|l')? ?{_THIS})?(?: (?:est|y est|vous est))?(?: strictement| momentanement)? {_KEPT}\b"
    rf"|^{_THIS}s? {_KEPT}\b|\b(?:cette?|cet|ces) {_THIS}s?\b[^.!?]{{0,40}} (?:est|sont|n'est) (?:\w+ ){{0,2}}(?:{_KEPT}|accessibles? (?:uniquement|seulement|qu))"
    rf"|^(?:ce|cet|cette) [\w' -]{{1,30}} est (?:\w+ )?(?:privee?|protegee?|reservee?)\b|\bl'acces a (?:cette?|ce|cet) {_THIS}\b[^.!?]{{0,40}}{_KEPT}"
    r"|(?:authentification|connexion|identification) (?:est )?(?:requise|necessaire|obligatoire)|session (?:a )?expiree?|session est expiree"
    r"|demande[rz] l'acces|autorisation d'acces|vous n'avez pas (?:acces|l'autorisation|les droits|la permission|le droit)|vous n'etes pas autorise"
    r"|les (?:visiteurs anonymes|invites|visiteurs) ne peuvent pas|vous ne pouvez pas vous inscrire|vous n'etes pas (?:connecte|identifie|inscrit)"
    r"|(?:choisissez|selectionnez|indiquez) votre (?:profil|etablissement|academie|compte|fournisseur)"
    r"|service central d'authentification|central authentication service|fournisseur d'identite|guichet (?:agents|de connexion)"
    r"|(?:saisissez|entrez|indiquez) (?:votre|le|un|vos) (?:mot de passe|identifiant|nom d'utilisateur|code d'acces)|mot de passe (?:est )?(?:requis|necessaire)"
    r"|(?:sign|log) ?in to (?:your|continue|view|access)|please (?:sign|log) ?in|you (?:need|must|have) (?:to )?(?:be )?(?:log|sign|request)"
    r"|you need (?:access|permission)|login required|access denied|this (?:page|content|site|post) is (?:private|password|protected)|members only"
)
_DESK_TITLE = re.compile(
    r"^(?:page de |espace de |portail de |service d'|service de |guichet de |fenetre de )?(?:connexion|je me connecte|se connecter|connectez-vous|identification"
    r"|identifiez-vous|s'identifier|authentification|login|log ?in|sign ?in|sign-in|sso|contenu protege|espace (?:reserve|prive|membres?)"
    r"|acces (?:reserve|refuse|restreint|interdit|non autorise|protege)|authentification requise|connexion requise|options d'inscription"
    r"|access denied|forbidden|unauthorized|(?:erreur )?(?:401|403)(?: forbidden| unauthorized| interdit)?|service central d'authentification|cas"
    r"|educonnect|identity provider|fournisseur d'identite)(?: requise| obligatoire)?(?: (?:a|au|aux|sur|via|avec|pour|with|to) .{1,60})?$"
)
_GO = re.compile(
    r"(?:window\.|document\.|self\.|top\.)?location(?:\.href|\.replace|\.assign)?\s?(?:=|\()\s?[\"']([^\"']{3,800})[\"']"
)


def wall(page: Page, report: Report) -> bool:
    """Says whether the page is kept behind a sign-in; nothing else of it is then worth looking at."""
    if _answered(page, report) or not is_page(page.fetched):
        return report.has("auth")
    return _sent_away(page, report) or _asked(page, report)


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


_FOR_SOME = re.compile(
    r"^(?:cet?|cette|l'integralite de cet?|la suite de (?:cet?|cette|l')|la lecture de cet?) ?(?:article|contenu|page|document|texte|publication|ressource|dossier)"
    r"\b[^.!?:;]{0,30}reservee?s? (?:a nos |aux |a |pour les )(?:abonnes?|membres|adherents|inscrits|utilisateurs|lecteurs)"
)
_QUOTED = re.compile(r"[«»“”\"]")
_WAY_IN = re.compile(
    r"^(?:s'abonner|je m'abonne|abonnez-vous|se connecter|connexion|deja abonne|j'ai un compte|je me connecte|s'identifier|s'inscrire|adherer)"
)


def _way_in(page: Page) -> bool:
    """In the content itself, a link or a button to subscribe or to sign in."""
    return any(
        _WAY_IN.search(folded(page.name_of(node)))
        for node in page.seen("a", "button")
        if not node.within & Within.CHROME
    )


def elsewhere(page: Page, report: Report) -> bool:
    """A page that only sends its reader to another one, without a sign-in: that other one should have been given."""
    if len(readable(page)) >= TITLE_ALONE * 2:
        return False
    here = page.address.partition("#")[0]
    for node, target in _jumps(page):
        if host_of(target) and target.partition("#")[0] != here:
            report.review(
                "reach", f"La page n'est qu'un renvoi vers {target[:200]} : donnez plutôt cette adresse.", node
            )
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
            delay, _, target = node.get("content").partition("=")
            if (
                int("0" + "".join(each for each in delay.partition(".")[0][:6] if each.isdecimal() and each.isascii()))
                > AT_ONCE
            ):
                continue
            found.append((node, page.absolute(target.strip(" '\""))))
    for node, code in running_code(page):
        for match in list(_GO.finditer(code[:20_000]))[:5]:
            found.append((node, page.absolute(match.group(1))))
    return found


def _passwords(page: Page) -> list[Node]:
    """The password fields of the content: where a main element says what the content is, those in it."""
    fields = [
        node
        for node in page.seen("input")
        if node.get("type").lower() == "password" and not node.within & Within.CHROME
    ]
    if has_main(page):
        fields = [node for node in fields if node.within & Within.MAIN]
    return fields


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
    if len(text) >= LONG:
        return False
    title = next((said for said in (first_heading(page), title_of(page)) if said and _is_desk(said)), "")
    if len(text) >= SHORT:
        return _at_length(page, report, title, fields)
    said = _said(page)
    if fields and (title or (is_little(page, 1) and (said or len(text) < BESIDE))):
        report.fault("auth", "La page demande un mot de passe à la place du contenu.", fields[0])
        return True
    if title and (_asks(page) or (is_little(page, 1) and len(text) < (BESIDE if said else TITLE_ALONE))):
        report.fault("auth", f"La page est celle d'un guichet de connexion : {quoted(title)}.", said or title)
        return True
    if said and is_little(page, 1) and len(text) - len(said) < BESIDE:
        report.fault("auth", "La page dit qu'il faut s'identifier pour lire.", said)
        return True
    return False


def _at_length(page: Page, report: Report, title: str, fields: list[Node]) -> bool:
    """A desk that explains itself at length: its title and its field, or its refusal, still say what it is."""
    if title and fields and is_little(page):
        report.fault("auth", f"La page est celle d'un guichet de connexion : {quoted(title)}.", fields[0])
        return True
    if title and _REFUSAL.search(folded(title)) and is_little(page, 1) and (said := _said(page)):
        report.fault("auth", f"La page refuse l'accès : {quoted(title)}.", said)
        return True
    return False


_REFUSAL = re.compile(
    r"(?:acces|espace|contenu|page|article) (?:reserve|refuse|restreint|interdit|non autorise|protege|prive)|access denied|forbidden"
)


def _is_desk(title: str) -> bool:
    """The whole title, or one of the parts around the name of the site."""
    words = folded(title)
    if words.startswith(("protege :", "prive :", "protege:", "prive:")):
        return True
    # After a colon comes what the page is about: "Authentification : pourquoi deux facteurs" is a lesson.
    parts = [part.rpartition(" : ")[2].strip() for part in _BETWEEN.split(words)[:4]]
    return any(_DESK_TITLE.match(part) for part in parts)


_BETWEEN = re.compile(r"\s[|·•»-]\s|\s?[|»]\s?")


def _form_of(node: Node) -> Node:
    up: Node | None = node
    while up is not None:
        if up.tag == "form":
            return up
        up = up.parent
    return node


def _said(page: Page) -> str:
    """The words of a wall among the first ones of the page: a lesson comes to them later, if it does."""
    for sentence in islice(sentences(readable(page)[:3000]), FIRST):
        words = folded(sentence)
        if len(sentence) < 400 and _WALL.search(words) and not _ONLY_TO_ANSWER.search(words):
            return sentence
    return ""


def part(page: Page, report: Report) -> None:
    """A page that shows its beginning and keeps the rest: for a person to see, unless it says so of itself and offers a
    way in."""
    for sentence in (each for _, line in page.lines_with("réserv") for each in sentences(line[:5_000])):
        words = folded(sentence)
        if len(sentence) < 200 and _FOR_SOME.search(words) and not _QUOTED.search(sentence) and _way_in(page):
            report.fault("auth", "La page ne montre que son début et garde le reste pour qui s'identifie.", sentence)
            return
    lines = (line for _, line in page.lines_with("la suite", "intégralité", "le reste", "complet", "entier"))
    for sentence in (each for line in lines for each in sentences(line[:5_000])):
        if len(sentence) < 300 and _REST.search(folded(sentence)):
            report.review("auth", "Une partie de la page semble réservée à qui s'identifie.", sentence)
            return
