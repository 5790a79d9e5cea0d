# ruff: noqa: E501 - patterns and sentences, each on its line
"""Links, buttons and feeds of social networks. A page may speak of them, cite their rules, and still send nobody there."""

import re

from traam.engines.pageaudit.addresses import domain_of, host_of, path_of
from traam.engines.pageaudit.known import find
from traam.engines.pageaudit.networks import SHARED, led_to, network
from traam.engines.pageaudit.reading import Node, Page, Place, Within
from traam.engines.pageaudit.report import Report, folded, quoted
from traam.engines.pageaudit.resources import resources, running_code

_SCHEMES = {
    "whatsapp": "WhatsApp", "fb-messenger": "Messenger", "tg": "Telegram", "viber": "Viber", "twitter": "Twitter (X)",
    "fb": "Facebook", "instagram": "Instagram", "snapchat": "Snapchat", "web+mastodon": "Mastodon", "web+ap": "Fédivers",
    "acct": "Fédivers", "linkedin": "LinkedIn", "tiktok": "TikTok", "discord": "Discord", "threads": "Threads", "line": "Line",
}  # fmt: skip
_PAPERS = frozenset(("github.com", "gitlab.com", "orcid.org", "codeberg.org", "framagit.org", "hal.science"))
_NETWORKS = (
    r"facebook|twitter|linkedin|instagram|whats ?app|pinterest|mastodon|bluesky|tik ?tok|snapchat|threads|telegram|reddit|messenger"
    r"|tumblr|viadeo|discord|fediverse|google\+|google plus|twitch"
)
_ACT = re.compile(
    r"(?:^|\b)(?:partage[rz]?(?: (?:ce|cet|cette|la|le|l')\s?[\w-]+)?|republier|publier|tweete[rz]|suivre|suivez|suivez[- ]nous|"
    r"nous suivre|retrouve[rz][- ]nous|rejoigne[rz][- ]nous|rejoindre|s'abonner|abonnez[- ]vous|aimer|envoyer|share|follow(?: us)?|"
    r"tweet|post|like)\b[^.!?]{0,40}?\b(?:sur|sous|via|par|avec|a|on|to|our|notre|with)?\s?(?:la page |notre (?:page|compte) |le compte )?"
    rf"(?:{_NETWORKS}|\bx\b(?: ?\(|$))"
    r"|^(?:tweeter|tweetez|retweeter|tweet|j'aime sur facebook)$"
)
_WHOLE_ACT = re.compile(
    r"^(?:cliquez pour )?(?:partage[rz]|suivre|suivez|suivez[- ]nous|nous suivre|retrouve[rz][- ]nous|rejoigne[rz][- ]nous|s'abonner|abonnez[- ]vous|share|follow(?: us)?)"
    rf" (?:(?:cette page|cet article|l'article|la page|ce contenu|le site) )?(?:sur|via|par|on|a) (?:notre (?:page|compte) )?(?:{_NETWORKS}|x)(?: ?[(\-:,]? ?(?:nouvelle fenetre|x|twitter|ex-twitter|s'ouvre).{{0,40}})?$"
)
_ALONE = re.compile(rf"^(?:{_NETWORKS}|x)(?: ?\((?:x|twitter|ex-twitter|nouvelle fenetre)\))?$")
_SHARING = re.compile(r"share|partag|social|reseaux|follow", re.I)
# Tools that share through an address of the site itself.
_RELAYED = re.compile(
    rf"(?:[?&](?:share|sharer?_?to|partage|partager|reseau|network|share_network|service|nb)=|/(?:share|partage|partager|sharer)/)({_NETWORKS}|x)(?=$|[/?&#])",
    re.I,
)
_SHARED_HINTS = (
    "/share",
    "/intent",
    "/send",
    "/pin/",
    "/submit",
    "/dialog",
    "wa.me",
    "mastodonshare",
    "/sharing",
    "/sharer",
    "/widgets/",
    "?status",
)
_EMBEDDED = {
    "twitter-tweet": "un message de Twitter (X)", "twitter-timeline": "un fil de Twitter (X)", "twitter-video": "une vidéo de Twitter (X)",
    "twitter-share-button": "un bouton de Twitter (X)", "twitter-follow-button": "un bouton de Twitter (X)",
    "fb-post": "un message de Facebook", "fb-page": "une page de Facebook", "fb-like": "un bouton de Facebook",
    "fb-share-button": "un bouton de Facebook", "fb-comments": "les commentaires de Facebook", "fb-video": "une vidéo de Facebook",
    "fb-like-box": "une page de Facebook", "fb-group": "un groupe de Facebook", "instagram-media": "un message d'Instagram",
    "tiktok-embed": "une vidéo de TikTok", "bluesky-embed": "un message de Bluesky", "mastodon-embed": "un message de Mastodon",
    "text-post-media": "un message de Threads", "reddit-embed-bq": "un message de Reddit", "reddit-card": "un message de Reddit",
    "tumblr-post": "un message de Tumblr", "mt-timeline": "un fil de Mastodon", "mt-container": "un fil de Mastodon",
    "addtoany_share_save_container": "des boutons AddToAny", "a2a_kit": "des boutons AddToAny", "a2a_dd": "des boutons AddToAny",
    "sharethis-inline-share-buttons": "des boutons ShareThis", "addthis_toolbox": "des boutons AddThis",
    "addthis_inline_share_toolbox": "des boutons AddThis", "snapchat-embed": "une vidéo de Snapchat",
    "sb_instagram": "un fil d'Instagram", "cff-wrapper": "un fil de Facebook", "ctf-tweets": "un fil de Twitter (X)",
    "pinterest-widget": "un bouton de Pinterest", "linkedin-share": "un bouton de LinkedIn", "heateor_sss_sharing_container": "des boutons de partage",
    "fr-btn--facebook": "un bouton vers Facebook", "fr-btn--twitter": "un bouton vers Twitter", "fr-btn--twitter-x": "un bouton vers X",
    "fr-btn--linkedin": "un bouton vers LinkedIn", "fr-btn--instagram": "un bouton vers Instagram", "fr-btn--mastodon": "un bouton vers Mastodon",
    "fr-btn--bluesky": "un bouton vers Bluesky", "fr-btn--threads": "un bouton vers Threads", "fr-btn--whatsapp": "un bouton vers WhatsApp",
    "fr-btn--tiktok": "un bouton vers TikTok", "fr-btn--telegram": "un bouton vers Telegram", "fr-btn--snapchat": "un bouton vers Snapchat",
    "fr-share__link--facebook": "un bouton vers Facebook", "fr-share__link--twitter": "un bouton vers Twitter",
    "fr-share__link--twitter-x": "un bouton vers X", "fr-share__link--linkedin": "un bouton vers LinkedIn",
    "fr-share__link--mastodon": "un bouton vers Mastodon", "fr-share__link--bluesky": "un bouton vers Bluesky",
    "fr-share__link--threads": "un bouton vers Threads", "fr-share__link--whatsapp": "un bouton vers WhatsApp",
    "fr-share__link--telegram": "un bouton vers Telegram",
}  # fmt: skip
_EMBED_TAGS = ("div", "blockquote", "span", "a", "button", "ul", "section", "ins")
_FEED_TAGS = {"mastodon-timeline": "un fil de Mastodon", "bsky-embed": "un fil de Bluesky", "bsky-comments": "les commentaires de Bluesky",
              "mastodon-comments": "les commentaires de Mastodon", "amp-twitter": "un message de Twitter (X)",
              "amp-facebook": "un message de Facebook", "amp-instagram": "un message d'Instagram", "amp-social-share": "un bouton de partage",
              "share-buttons": "des boutons de partage"}  # fmt: skip


def social(page: Page, report: Report) -> None:
    told: set[int] = set()
    for node in page.all("a", "area", "link", "form", "button", "input"):
        if not node.within & Within.TEMPLATE and _link(page, node, report):
            told.add(node.rank)
    _embedded(page, report, told)
    _buttons(page, report, told)
    _loaded(page, report, told)
    _in_code(page, report)


def _link(page: Page, node: Node, report: Report) -> bool:
    relations = node.get("rel").lower().split()
    if node.tag == "link" and "me" not in relations:
        return False
    written = node.get("action" if node.tag == "form" else "href") or node.get("xlink:href") or node.get("formaction")
    if _UNSCHEMED.match(written):
        written = f"https://{written}"  # typed without its beginning: it leads nowhere, but says where it wants to
    scheme = written.partition(":")[0].lower()
    if scheme in _SCHEMES:
        report.fault("social", f"Lien vers {_SCHEMES[scheme]}.", node)
        return True
    address = page.absolute(written) if written else ""
    if not host_of(address):
        return False
    if relayed := _RELAYED.search(path_of(address)):
        report.fault("social", f"Lien qui partage la page sur {relayed.group(1).capitalize()}.", node)
        return True
    name, sure = network(address, page.address)
    if not name and "me" in relations and _elsewhere(address, page) and domain_of(host_of(address)) not in _PAPERS:
        name, sure = "un compte personnel (rel=me)", True
    if not name and (inner := led_to(address)):
        name, sure = network(inner, page.address)
    if not name:
        return False
    if sure or SHARED.search(address) or not _bare_in_text(page, node, address):
        report.fault("social", f"Lien vers {name} ({host_of(address)}).", node)
    else:
        report.review("social", f"Lien vers {name}, dans un texte qui semble en parler.", node)
    return True


_UNSCHEMED = re.compile(r"(?:www\.|fr-fr\.|m\.)?(?:facebook|twitter|instagram|linkedin|tiktok|x)\.com/", re.I)


def _elsewhere(address: str, page: Page) -> bool:
    return domain_of(host_of(address)) != domain_of(host_of(page.address))


def _bare_in_text(page: Page, node: Node, address: str) -> bool:
    """In a sentence, the name of a network that leads to its own front page: a text about it, maybe."""
    if node.tag != "a" or node.within & Within.CHROME or "me" in node.get("rel"):
        return False
    up = node.parent
    while up is not None and up.tag in ("strong", "em", "span", "b", "i"):
        up = up.parent
    return up is not None and up.tag in ("p", "td", "dd", "li") and len(page.text_of(up)) > len(page.text_of(node)) + 40


def _embedded(page: Page, report: Report, told: set[int]) -> None:
    for node in page.all(*_EMBED_TAGS):
        classes = node.marks
        if not classes or node.rank in told or node.within & Within.TEMPLATE:
            continue
        what = next((_EMBEDDED[each] for each in classes.lower().split() if each in _EMBEDDED), "")
        if what:
            told.update(each.rank for each in page.inner(node, "a")[:50])
            told.add(node.rank)
            report.fault("social", f"La page contient {what}.", node)
    for tag, what in _FEED_TAGS.items():
        for node in page.all(tag):
            report.fault("social", f"La page contient {what}.", node)


def _buttons(page: Page, report: Report, told: set[int]) -> None:
    """Elements that a script makes into a link: what they hold, or what they are called."""
    for node in page.nodes:
        if node.rank in told or node.within & Within.TEMPLATE or not (node.attrs or node.tag == "button"):
            continue
        if node.tag in ("a", "button") or node.get("role") in ("button", "link"):
            name = folded(page.name_of(node))[:200]
            if name and ((_acts_here(node) and _ACT.search(name)) or _invites(page, node, name)):
                report.fault("social", f"Bouton de réseau social : {quoted(page.name_of(node))}.", node)
                continue
            if _acts_here(node) and (icon := _iconed(page, node)):
                report.fault("social", f"Bouton de réseau social, à son icône : {icon}.", node)
                continue
        if node.tag not in ("meta", "link", "script", "img", "body", "html"):
            held = _held(node)
            if held:
                report.fault("social", f"Cet élément mène à un réseau social : {held}.", node)


def _invites(page: Page, node: Node, name: str) -> bool:
    """A redirection of the site called "Suivez-nous sur X", or a bare "Facebook" among share buttons."""
    if _WHOLE_ACT.match(name):
        return True
    return bool(_ALONE.match(name)) and _acts_here(node) and any(_SHARING.search(each.marks) for each in _around(node))


def _around(node: Node) -> list[Node]:
    found: list[Node] = []
    up: Node | None = node
    while up is not None and len(found) < 4 and up.tag not in ("main", "body", "article"):
        found.append(up)
        up = up.parent
    return found


def _acts_here(node: Node) -> bool:
    """A button, or a link that stays on the page until a script takes over."""
    target = node.get("href").lower()
    return node.tag != "a" or not target or target.startswith(("#", "javascript:"))


_NAMED_BY = ("data-sharer", "data-share", "data-network", "data-social", "data-social-network", "data-share-network", "data-platform",
             "data-provider", "data-media", "data-share-on")  # fmt: skip
_A_NETWORK = re.compile(rf"^(?:{_NETWORKS}|x|twitter-x|fb)$", re.I)
_ICON = re.compile(
    rf"(?:^|[\s#/])(?:(?:fa|icon|bi|ri|ti|la|mdi|i|ico|picto|share|partage|social|btn|button|sharer|follow|addthis_button|a2a_button|rrssb|ssba|tac|et-social)[-_]"
    rf"(?:[a-z]+[-_])?(?:{_NETWORKS})|tac(?:twitter|facebook|linkedin|pinterest)|(?:{_NETWORKS})[-_](?:share|partage|follow|button|btn|link))",
    re.I,
)


def _iconed(page: Page, node: Node) -> str:
    """The class of an icon of a network, on the button or on what it holds."""
    marks = [
        node.marks,
        *(
            f"{each.marks} {each.get('href')} {each.get('xlink:href')}"
            for each in page.inner(node, "i", "span", "svg", "use", "em")[:4]
        ),
    ]
    found = _ICON.search(" ".join(marks)[:1000])
    return found.group().strip() if found else ""


def _held(node: Node) -> str:
    for name in _NAMED_BY:
        if name in node.attrs and _A_NETWORK.match(node.get(name)):
            return node.get(name)
    for name, value in node.attrs.items():
        script = name.startswith("on") or (name == "href" and value.lower().startswith("javascript:"))
        if (script or name.startswith("data-")) and ("." in value or "/" in value):
            found = SHARED.search(value[:2000])
            if held := found.group() if found else _network_in(name, value, script):
                return held
    return ""


def _network_in(name: str, value: str, script: bool) -> str:
    """The network whose address an attribute holds, for a script to open."""
    if script:
        addresses = _WRITTEN.findall(value[:2000])[:5]
    elif name in ("data-href", "data-url", "data-link"):
        addresses = [value if "//" in value else f"//{value}"]
    else:
        return ""
    for written in addresses:
        known, sure = network(written if written.lower().startswith("http") else f"https:{written}")
        if known and sure:
            return known
    return ""


_WRITTEN = re.compile(r"(?:https?:)?//[\w.-]{3,100}/[^\s'\"<>)]{0,300}", re.I)


def _loaded(page: Page, report: Report, told: set[int]) -> None:
    for resource in resources(page):
        if resource.kind not in ("script", "cadre", "objet") or resource.node.rank in told:
            continue
        known = find("social", resource.address)
        tracker = find("trackers", resource.address)
        if known is not None and (tracker is None or tracker.kind == "partage"):
            told.add(resource.node.rank)
            report.fault("social", f"La page charge {known.name} ({host_of(resource.address)}).", resource.node)
        elif known is None and resource.kind == "cadre" and re.search(r"/@[\w.]+/\d+/embed", resource.address):
            report.fault(
                "social", f"La page contient un message du Fédivers ({host_of(resource.address)}).", resource.node
            )


_CONSENTED = re.compile(
    r"\.push\s?\(\s?[\"'](facebook(?:comment|likebox|post)?|twitter(?:embed|timeline)?|linkedin|pinterest|addtoany(?:feed|share)|sharethis|shareaddthis|shareaholic"
    r"|instagram|discordwidget|tiktokvideo|iframesocial|gplus|gplusbadge)[\"']"
)


def _in_code(page: Page, report: Report) -> None:
    for node, code in running_code(page):
        low = code.lower()
        for started in _CONSENTED.finditer(code) if "tarteaucitron" in low else ():
            report.fault(
                "social",
                f"tarteaucitron lance {started.group(1)}.",
                Place(code[max(0, started.start() - 80) : started.end() + 20], node.line),
            )
        found = SHARED.search(code) if any(host in low for host in _SHARED_HINTS) else None
        if found:
            begin = max(code.rfind("\n", 0, found.start()) + 1, found.start() - 100)
            report.fault(
                "social",
                f"Un script de la page mène à {found.group()}.",
                Place(code[begin : found.end() + 100], node.line),
            )
