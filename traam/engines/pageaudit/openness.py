# ruff: noqa: E501 - patterns and sentences, each on its line
"""Is the page there, open, over HTTPS, and do its links lead somewhere."""

import re
from collections.abc import Mapping

from traam.engines.pageaudit.addresses import domain_of, host_of, path_of
from traam.engines.pageaudit.content import content, first_headings, is_little, readable, title_of
from traam.engines.pageaudit.known import find
from traam.engines.pageaudit.reading import Node, Page, Within, is_page, read
from traam.engines.pageaudit.report import Report, folded, quoted
from traam.engines.pageaudit.resources import resources
from traam.engines.pageaudit.values import FETCH_ERRORS, Fetched, Link

ALONE = 300  # characters of running text under which words deep in it may say that the page does not exist
LONG = 1_500
NOTHING = 150  # under which there is nothing else to read
SAID = 400  # under which a title such as "Erreur 404" is believed alone; a lesson about errors has more to say

_TO_THE_READER = re.compile(
    r"(?:page|contenu|article|document|ressource|adresse)s? (?:que vous|demandee?|recherchee?|souhaitee?|you)|vous (?:cherchez|recherchez|demandez|tentez)"
)

# --- reach


def reach(page: Page, report: Report) -> bool:
    """Says whether there is a page to look at."""
    fetched = page.fetched
    if fetched.error:
        reason = fetched.detail or FETCH_ERRORS.get(fetched.error, "le site n'a pas répondu")
        report.fault("reach", f"L'adresse n'a pas répondu : {reason}", fetched.address)
        return False
    if fetched.status == 429:
        report.untested("reach", "Le site a demandé d'attendre (réponse 429) : la page n'a pas été lue cette fois.")
        return False
    if fetched.status in (401, 403, 407):
        return True
    if fetched.status >= 400 or (300 <= fetched.status < 400) or fetched.status < 200:
        report.fault("reach", f"L'adresse répond par {_status(fetched.status)}.", fetched.final or fetched.address)
        return False
    return not is_page(fetched) or _there(page, report)


def _there(page: Page, report: Report) -> bool:
    if not page.nodes or (not page.text.strip() and not _filled(page)):
        report.fault("reach", "L'adresse répond une page vide.", page.address)
        return False
    said = missing(page)
    if said:
        report.fault("reach", f"L'adresse répond une page qui dit qu'il n'y a rien : {quoted(said)}.", said)
        return False
    if _sent_home(page.fetched):
        report.review(
            "reach",
            "L'adresse demandée renvoie à l'accueil du site : la page a peut-être été retirée.",
            page.fetched.final,
        )
    return True


def _filled(page: Page) -> bool:
    """Something is shown without a word, or a script will write it, or the reader is sent elsewhere."""
    shown = ("img", "iframe", "frame", "script", "video", "object", "embed", "svg", "canvas", "input")
    return any(page.all(tag) for tag in shown) or any(node.get("http-equiv") for node in page.all("meta"))


_STATUS = {
    404: "une erreur 404 : la page n'existe pas",
    410: "une erreur 410 : la page a été retirée",
    500: "une erreur 500 : le site est en panne",
    503: "une erreur 503 : le site est indisponible",
}


def _status(status: int) -> str:
    return _STATUS.get(status, f"une erreur {status}" if status >= 400 else f"un code {status}, sans page")


def _sent_home(fetched: Fetched) -> bool:
    if not fetched.final or fetched.final == fetched.address:
        return False
    asked, got = path_of(fetched.address).partition("?")[0], path_of(fetched.final)
    deep = asked.strip("/").count("/") >= 1
    same = domain_of(host_of(fetched.address)) == domain_of(host_of(fetched.final))
    return deep and same and got.rstrip("/") in ("", "/fr", "/accueil", "/index.php", "/index.html", "/home")


_GONE_TITLE = re.compile(
    r"^(?:oups|oops|desole|erreur|error|http|page|la page|cette page)?[\s,:!.-]*(?:"
    r"(?:http )?(?:erreur|error)?\s?[(\[]?(?:404|410)[)\]]?(?:$|[\s:,.!|-])"
    r"|(?:page|contenu|article|document|ressource|fichier|site|objet|adresse)s? (?:demandee? )?"
    r"(?:est |n'est |n'a |n'existe |a ete )?(?:pas |plus )?(?:ete )?"
    r"(?:introuvable|inexistante?|non[- ]?trouvee?|manquante?|supprimee?|retiree?|trouvee?|disponible|indisponible|pas$|plus$"
    r"|pas\b|plus\b|not found|deplacee?)"
    r"|(?:page |file |file or directory )?not found\b|page can(?:no|')t be found"
    r"|(?:cette page|la page|ce contenu|la page demandee) (?:n'existe|n'est|est introuvable|a ete supprimee?)"
    r"|nothing found|aucun resultat n'a ete trouve|object not found|rien trouve"
    r"|impossible de trouver|(?:nous n'avons|on n'a) pas (?:pu )?trouve)"
)
# The whole heading, or a whole part of the title: said by both, it is believed whatever else the page lists.
_PLAINLY = re.compile(
    r"(?:^|[|·•»:-] )(?:oups ?!? ?|desole,? ?)?(?:(?:http )?(?:erreur|error) (?:404|410)(?: ?[:-] ?(?:page|document|contenu) .{5,30})?|(?:404|410)(?: ?[:-])? (?:not found|error)"
    r"|(?:cette |la )?page (?:demandee )?(?:est )?(?:introuvable|non[- ]trouvee|inexistante|not found)|page (?:n'existe|not found).{0,15})(?:[ .!]{0,3}$| [|·•«-] )"
)
_ABSENT = (
    r"(?:introuvable|n'existe(?:nt)? (?:pas|plus)(?! encore)|n'a (?:pas|pu|pas pu) (?:ete |etre )?trouve"
    r"|n'est (?:pas|plus) (?:disponible|accessible|en ligne|publie)|a (?:peut-etre )?ete (?:supprime|deplace|retire|depublie)"
    r"|est (?:inexistant|introuvable|indisponible)|non trouve|ne correspond a aucun|a expire)"
)
_GONE_TEXT = re.compile(
    rf"\b(?:(?:cette?|la|votre|the) (?:page|url)|page|(?:ce|cet|le|l') ?(?:contenu|article|partage|billet))\b[^.!?:;]{{0,60}}?{_ABSENT}"
    rf"|(?:document|ressource|fichier|element|adresse|url|lien)s?\b[^.!?:;]{{0,20}}(?:demande|recherche|que vous|saisi|ce partage)[^.!?:;]{{0,40}}?{_ABSENT}"
    r"|(?:nous n'avons|n'avons) pas (?:pu )?trouver? (?:la|cette|votre) page|erreur 404|404 not found|404 error"
    r"|rien n'a ete trouve|page (?:you requested )?(?:was |could )?(?:not|cannot) (?:be )?found|no longer (?:exists|available)"
    r"|(?:this|the|that|requested) (?:page|document|url|address|resource|link)\b[^.!?:;]{0,40}(?:doesn'?t|does not)(?: seem to)? exist|cannot find (?:the|that|this) page|page can'?t be found"
)
_FOR_SALE = re.compile(
    r"(?:domaine|domain)(?: name)?[^.]{0,40}(?:est a vendre|is for sale|may be for sale|a expire|has expired|is parked)"
    r"|buy this domain|acheter ce domaine|site (?:en construction|under construction|suspendu)|account suspended"
    r"|compte suspendu|\b(?:ce|cet|cette|votre) (?:site|blog|compte|espace|forum|wiki|pad|mur|tableau|fichier|dossier|document|sondage|formulaire|cours|album|projet|parcours"
    r"|module|support|activite|quiz|questionnaire|video|presentation|diaporama|carte|capsule|salon|groupe)\b[^.:;]{0,30}(?:a ete (?:supprime|ferme|desactive|suspendu|retire|archive)e?"
    r"|est (?:ferme|desactive|suspendu|introuvable|indisponible)e?|n'existe (?:pas|plus)(?! encore)|n'est plus|a expire)|\bce lien\b[^.]{0,40}(?:a expire|n'est plus valide|est invalide|n'est pas valide)|felicitations ! votre domaine a bien ete cree|(?:welcome to nginx|apache2 (?:debian|ubuntu) default page|"
    r"it works!$)"
)
_BROKEN = re.compile(
    r"error establishing a database connection|erreur lors de la connexion a la base de donnees"
    r"|fatal error: |database error$|there has been a critical error on this website|erreur critique sur (?:ce|votre) site"
    r"|site (?:est )?(?:en|under|actuellement en) maintenance|service (?:temporairement )?(?:indisponible|unavailable)"
    r"|internal server error|bad gateway|(?:site|page) (?:est )?temporairement indisponible|503 service|502 bad"
    r"|briefly unavailable for scheduled maintenance|ce site est en cours de maintenance"
)


def missing(page: Page) -> str:
    """The sentence by which a page that was answered with 200 says that it does not exist; "" when it says nothing so."""
    title, text = title_of(page), content(page)
    head = next(iter(first_headings(page)), "")
    if _PLAINLY.fullmatch(folded(head)) and _PLAINLY.search(folded(title)):
        return head
    if len(text) > LONG:
        return ""
    body = folded(readable(page)[:LONG])
    for said in (*first_headings(page), title):
        words = folded(said)
        gone = words and len(words) < 120 and (_GONE_TITLE.search(words) or _in_part(words))
        if not gone or not is_little(page):
            continue
        if _only_a_number(words):
            believed = len(text) < NOTHING or (len(text) < SAID and is_little(page, 1) and _GONE_TEXT.search(body))
        else:
            believed = len(text) < SAID or _TO_THE_READER.search(body)
        if believed:
            return said
    if len(text) < ALONE and len(body) < LONG and is_little(page):
        for pattern in (_GONE_TEXT, _FOR_SALE, _BROKEN):
            found = pattern.search(f"{folded(title)}\n{body}") if pattern is not _GONE_TEXT else pattern.search(body)
            if found:
                return _sentence_with(page, found.group()) or found.group()
    return ""


def _only_a_number(words: str) -> bool:
    """ "Erreur 404 : les codes du Web" names an error and goes on: a site's name, or a lesson's subject."""
    found = _NUMBER.match(words)
    return bool(found and found.group("more") and not _GONE_TITLE.search(found.group("more")))


_NUMBER = re.compile(r"(?:http )?(?:erreur|error)?\s?(?:404|410)\s?[:|,.-]\s?(?P<more>.{3,})")


def _in_part(words: str) -> bool:
    """A title has the name of the site on one side: "Page introuvable - Académie de Lyon"."""
    return any(
        _GONE_TITLE.search(part.strip()) for part in re.split(r"\s[|·•»:-]\s|\s?[|»]\s?", words)[:4] if part.strip()
    )


def _sentence_with(page: Page, folded_words: str) -> str:
    for line in readable(page).split("\n"):
        if folded_words in folded(line):
            return line
    return ""


def is_soft_missing(fetched: Fetched) -> bool:
    """Does a page answered with 200 say that it does not exist?"""
    if fetched.error or not 200 <= fetched.status < 300 or not fetched.body:
        return False
    if not is_page(fetched):
        return False
    return bool(missing(read(fetched)))


# --- https, mixed, deadlink


def secure(page: Page, report: Report) -> None:
    if page.address.lower().startswith("http://"):
        report.fault(
            "https", "La page est servie en HTTP : ce que le lecteur en reçoit peut être lu et changé.", page.address
        )


def mixed(page: Page, report: Report) -> None:
    if not page.address.lower().startswith("https://") or _upgraded(page):
        return
    for resource in resources(page):
        if resource.address[:7].lower() == "http://":
            report.fault("mixed", f"Appelé en HTTP ({resource.kind}) : {_cut(resource.address)}", resource.shown)
    for form in page.all("form"):
        address = page.absolute(form.get("action")) if form.get("action") else ""
        if address[:7].lower() == "http://":
            report.fault("mixed", f"Ce formulaire envoie ce qui est saisi en HTTP : {_cut(address)}", form)


def _upgraded(page: Page) -> bool:
    """The page asks browsers to turn http into https by themselves."""
    said = [value for key, value in page.fetched.headers if key.lower() == "content-security-policy"]
    said += [
        node.get("content") for node in page.all("meta") if node.get("http-equiv").lower() == "content-security-policy"
    ]
    return any("upgrade-insecure-requests" in value.lower() for value in said)


_NOWHERE = re.compile(
    r"^(?:file:|[a-z]:[\\/]|\\\\|https?:/{0,2}$|https?:///|https?://https?[:/]|htt?p?s?:?/?[^:/a-z])", re.I
)
_LOCAL = re.compile(r"^https?://(?:localhost|127\.\d|10\.\d|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)", re.I)


def dead_links(page: Page, report: Report, links: Mapping[str, Link]) -> None:
    for node in page.all("a", "area"):
        written = node.get("href")
        if not written or node.within & (Within.TEMPLATE | Within.NOSCRIPT):
            continue
        if _NOWHERE.search(written) or (_LOCAL.search(written) and not _LOCAL.search(page.address)):
            report.fault("deadlink", f"Ce lien ne mène nulle part pour un lecteur : {_cut(written)}", node)
            continue
        link = (
            links.get(page.absolute(written)) or links.get(page.absolute(written).partition("#")[0]) if links else None
        )
        if link is not None:
            _judge_link(link, node, report)


def _judge_link(link: Link, node: Node, report: Report) -> None:
    address = _cut(link.address)
    if link.soft:
        report.fault("deadlink", f"Ce lien mène à une page qui dit qu'elle n'existe pas : {address}", node)
    elif link.error == "name":
        report.fault("deadlink", f"Ce lien mène à un site qui n'existe pas : {address}", node)
    elif link.error == "refused":
        report.review(
            "deadlink", f"Ce lien n'a pas été suivi, son adresse n'est pas de celles qui se visitent : {address}", node
        )
    elif link.error:
        reason = FETCH_ERRORS.get(link.error, "pas de réponse")
        report.review("deadlink", f"Ce lien n'a pas répondu ({reason}) : {address}", node)
    elif link.status in (404, 410):
        report.fault("deadlink", f"Ce lien mène à une page absente (erreur {link.status}) : {address}", node)
    elif link.status in (401, 403, 407, 405, 429, 406, 999):
        report.review("deadlink", f"Ce lien n'a pas pu être vérifié, le site répond {link.status} : {address}", node)
    elif link.status >= 400:
        report.fault("deadlink", f"Ce lien mène à une erreur {link.status} : {address}", node)


def _cut(address: str) -> str:
    return address if len(address) <= 120 else f"{address[:119]}…"


def service_of(address: str) -> str:
    """The name of the sign-in desk an address is, "" when it is none that is known."""
    known = find("walls", address)
    return known.name if known else ""
