# ruff: noqa: E501 - patterns and sentences, each on its line
"""What a page tells others about its reader: trackers, audience measurement, files of other sites."""

import re
from collections.abc import Collection
from itertools import islice

from traam.engines.pageaudit.addresses import domain_of, host_of, is_foreign, is_state
from traam.engines.pageaudit.known import DOUBTED, Known, codes, doubt, find, weighed
from traam.engines.pageaudit.reading import Node, Page, Place, Within
from traam.engines.pageaudit.report import Report
from traam.engines.pageaudit.resources import Resource, resources, running_code

_MATOMO_FILE = re.compile(
    r"/(?:matomo|piwik)\.(?:js|php)|/(?:matomo|piwik)/|/js/container_[A-Za-z0-9]{6,12}(?:_\w+)?\.js|/container_[A-Za-z0-9]{6,12}\.js"
)
_MATOMO_CODE = re.compile(r"\b_paq\b|\b_mtm\b|\bMatomo\.getTracker|\bPiwik\.getTracker", re.I)
_MATOMO_TAGS = re.compile(r"\b_mtm\b|container_[A-Za-z0-9]{6,12}")
_MATOMO_HOST = re.compile(r"(?:setTrackerUrl[\"']\s?,\s?|\bu\s?=\s?)[\"'](?:https?:)?//([\w.-]+)")
_EXEMPT_CODE = re.compile(
    r"\bEA_(?:push|collector|data)\b|\bEA_\w+\s?\(|\bATInternet\b|\bATTag\b|\bpa\.(?:sendEvent|setConfigurations)\b|\bxtpage\b|"
    r"tarteaucitron\.user\.(?:atLibUrl|eulerianHost|atinternet\w*|xiti\w*|matomoId|matomoHost|piano\w*)|\b_paq\b",
    re.I,
)
_EXEMPT_HINTS = ("ea_", "atinternet", "attag", "pa.se", "xtpage", "tarteaucitron.user")
_RELAYED = re.compile(
    r"/(?:gtag/js|gtm\.js|ns\.html|g/collect)\?(?:[^#]{0,100}&)?(?:t?id)=((?:G|GTM|UA|AW|DC)-[A-Z0-9-]{4,15})"
)
_QUOTED_ADDRESS = re.compile(r"[\"'`](?:https?:)?//([A-Za-z0-9.-]{3,100}\.[a-z]{2,12})(/[^\"'`\s\\]{0,300})?")
_TINY = re.compile(r"(?:^|[;\s])(?:width|height)\s?:\s?[01](?:px|\s|;|$)", re.I)


def trackers(page: Page, report: Report, at_home: Collection[str]) -> set[tuple[int, str]]:
    """Reports trackers and audience measurement; gives the (rank, address) of the resources already spoken of."""
    told: set[tuple[int, str]] = set()
    here = host_of(page.address)
    for resource in resources(page):
        if _tracker_file(page, resource, report, here, at_home):
            told.add((resource.node.rank, resource.address))
    for node, code in running_code(page):
        _tracker_code(page, node, code, report, here, at_home)
    _marked_up(page, report)
    return told


def _tracker_file(page: Page, resource: Resource, report: Report, here: str, at_home: Collection[str]) -> bool:
    known = find("trackers", resource.address)
    if known is None and (tag := _RELAYED.search(resource.address)):
        report.fault("tracker", f"Traceur servi sous l'adresse du site : Google ({tag.group(1)}).", resource.shown)
        return True
    if known is not None and not _is_own(known, here):
        return _by_kind(known.name, known.kind, resource, report, here)
    if _MATOMO_FILE.search(resource.address) and resource.kind in ("script", "image", "fichier préchargé", "cadre"):
        home = not is_foreign(resource.address, here, at_home)
        whose = "par le site ou par l'État" if home else f"par un tiers ({host_of(resource.address)})"
        code = "analytics" if home else "tracker"
        report.review(code, f"Matomo, servi {whose} : {_settings(resource.address)}", resource.shown)
        return home
    if _is_pixel(resource) and is_foreign(resource.address, here, at_home):
        report.fault(
            "tracker",
            f"Une image invisible d'un autre site ({host_of(resource.address)}) fait savoir qui lit la page.",
            resource.node,
        )
        return True
    return False


def _is_own(known: Known, here: str) -> bool:
    """The page of the service itself, if one ever audits it."""
    return domain_of(here) == domain_of(known.host)


def _by_kind(name: str, kind: str, resource: Resource, report: Report, here: str) -> bool:
    host = host_of(resource.address)
    code, sure = weighed(kind, here)
    if not sure:
        report.review(code, f"{name} ({host}) {doubt(kind)}.", resource.shown)
        return code == "analytics"
    if resource.kind == "connexion anticipée":
        report.review("tracker", f"La page prépare une connexion à {name} ({host}).", resource.shown)
        return True
    after = ", même après accord" if resource.waits else ""
    report.fault("tracker", f"{_named(kind)} : {name} ({host}) est appelé par la page{after}.", resource.shown)
    return True


def _named(kind: str) -> str:
    return {
        "balises": "Gestionnaire de balises, qui lance des traceurs",
        "publicité": "Traceur publicitaire",
        "partage": "Outil de partage qui suit les lecteurs",
        "suivi": "Service qui suit les lecteurs",
    }.get(kind, "Mesure d'audience soumise au consentement")


def _settings(address: str) -> str:
    if "container_" in address:
        return "c'est un gestionnaire de balises, vérifiez ce qu'il lance."
    return "vérifiez qu'il est réglé selon l'exemption de la CNIL."


def _is_pixel(resource: Resource) -> bool:
    node = resource.node
    if node.tag != "img" or node.within & Within.TEMPLATE:
        return False
    width, height = node.get("width").rstrip("px "), node.get("height").rstrip("px ")
    if width in ("0", "1") and height in ("0", "1"):
        return True
    tiny = len(_TINY.findall(node.get("style")))
    return tiny >= 2 or (tiny == 1 and "0" in (width, height)) or _undisplayed_alone(node)


def _undisplayed_alone(node: Node) -> bool:
    """An image hidden by itself, with a query: nobody will see it, somebody counts it."""
    style = node.get("style").replace(" ", "").lower()
    hides = "display:none" in style or "visibility:hidden" in style or bool(node.within & Within.NOSCRIPT)
    return hides and "?" in node.get("src") and not node.get("alt")


def _tracker_code(page: Page, node: Node, code: str, report: Report, here: str, at_home: Collection[str]) -> None:
    low = code.lower()
    names: set[str] = set()
    for known in codes():
        if known.hint in low and known.name.partition(" (")[0] not in names and (found := known.pattern.search(code)):
            names.add(known.name.partition(" (")[0])
            report.fault("tracker", f"{_named(known.kind)} : {known.name}.", _around(node, code, found))
    for found in list(_QUOTED_ADDRESS.finditer(code))[:200]:
        address = f"https://{found.group(1)}{found.group(2) or '/'}"
        service = find("trackers", address)
        if (
            service is None
            or service.name in names
            or names & {service.name.partition(" (")[0]}
            or _is_own(service, here)
        ):
            continue
        names.add(service.name)
        _by_address_in_code(service, _around(node, code, found), report, here)
    _written_files(code, node, report, here, at_home)
    if any(hint in low for hint in ("_paq", "_mtm", ".gettracker")) and _MATOMO_CODE.search(code):
        _matomo_code(page, node, code, report, here, at_home)
    elif any(hint in low for hint in _EXEMPT_HINTS) and (found_exempt := _EXEMPT_CODE.search(code)):
        _exempt_code(_around(node, code, found_exempt), found_exempt.group(), report, here)


_SOURCE = re.compile(r"\.src\s?=\s?[\"'`](?:https?:)?//([A-Za-z0-9.-]{3,100}\.[a-z]{2,12})(/[^\"'`\s\\]{0,300})?")


def _written_files(code: str, node: Node, report: Report, here: str, at_home: Collection[str]) -> None:
    """Files that a script of the page adds to it: it may wait for something before it does."""
    for found in islice(_SOURCE.finditer(code), 50):
        address = f"https://{found.group(1)}{found.group(2) or '/'}"
        if is_foreign(address, here, at_home) and find("trackers", address) is None:
            message = f"Un script de la page peut charger un fichier de {host_of(address)}."
            report.review("thirdparty", message, _around(node, code, found))


def _exempt_code(place: Place, seen: str, report: Report, here: str) -> None:
    """Code of a tool that can be exempted: Matomo, which one serves oneself, or the State's contract, or neither."""
    if "matomo" in seen.lower() or is_state(here):
        message = "Une mesure d'audience est lancée : vérifiez qu'elle est réglée selon l'exemption de la CNIL."
        report.review("analytics", message, place)
    else:
        report.fault("tracker", f"{_named('mesure')} : {seen}.", place)


def _by_address_in_code(service: Known, place: Place, report: Report, here: str) -> None:
    code, sure = weighed(service.kind, here)
    if sure:
        report.fault(code, f"{_named(service.kind)} : un script de la page appelle {service.name}.", place)
    else:
        report.review(code, f"Un script appelle {service.name}, qui {doubt(service.kind)}.", place)


def _matomo_code(page: Page, node: Node, code: str, report: Report, here: str, at_home: Collection[str]) -> None:
    found = _MATOMO_CODE.search(code)
    assert found is not None  # noqa: S101 - the caller has just seen it
    host = next((match.group(1) for match in _MATOMO_HOST.finditer(code) if match.group(1)), here).lower()
    elsewhere = is_foreign(f"https://{host}/", here, at_home)
    if elsewhere:
        report.fault("thirdparty", f"Matomo est servi par un autre site ({host}).", _around(node, code, found))
    tags = " C'est un gestionnaire de balises : vérifiez ce qu'il lance." if _MATOMO_TAGS.search(code) else ""
    told = (
        " Le script demande de ne déposer aucun témoin."
        if "disablecookies" in code.lower()
        else " Rien dans le script ne dit qu'aucun témoin n'est déposé."
    )
    message = f"Matomo mesure l'audience de la page.{told}{tags}"
    report.review("tracker" if elsewhere else "analytics", message, _around(node, code, found))


def _around(node: Node, code: str, found: re.Match[str]) -> Place:
    """The line of the script where it was seen."""
    begin = max(code.rfind("\n", 0, found.start()) + 1, found.start() - 100)
    end = code.find("\n", found.end())
    line = code[begin : min(end if end > 0 else len(code), found.end() + 150)]
    return Place(line.strip(), node.line)


_MARKED = {"g-recaptcha": "Google reCAPTCHA", "adsbygoogle": "Google AdSense", "addthis_toolbox": "AddThis",
           "addthis_inline_share_toolbox": "AddThis", "sharethis-inline-share-buttons": "ShareThis"}  # fmt: skip


def _marked_up(page: Page, report: Report) -> None:
    for node in page.all("div", "ins", "amp-analytics", "amp-pixel"):
        if node.tag.startswith("amp-"):
            report.fault("tracker", "Une balise AMP mesure l'audience de la page.", node)
            continue
        classes = node.attrs.get("class", "").split()
        name = next((_MARKED[each] for each in classes if each in _MARKED), "")
        if name and not report.has("tracker"):
            report.fault("tracker", f"La page prépare une place à {name}, qui suit les lecteurs.", node)


# --- Files of other sites


def third_parties(page: Page, report: Report, told: set[tuple[int, str]], at_home: Collection[str]) -> None:
    """One finding for each other site, on the first element that calls it."""
    here = host_of(page.address)
    first: dict[tuple[str, str], Resource] = {}
    count: dict[tuple[str, str], int] = {}
    for resource in resources(page):
        if (resource.node.rank, resource.address) in told or not is_foreign(resource.address, here, at_home):
            continue
        if _is_analytics(resource):
            continue
        key = (host_of(resource.address), "waits" if resource.waits else "")
        first.setdefault(key, resource)
        count[key] = count.get(key, 0) + 1
    _posted(page, report, here, at_home)
    for key, resource in first.items():
        _third_party(key[0], resource, count[key], report)


def _posted(page: Page, report: Report, here: str, at_home: Collection[str]) -> None:
    for form in page.all("form"):
        address = page.absolute(form.get("action")) if form.get("action") else ""
        if is_foreign(address, here, at_home) and not form.within & Within.TEMPLATE and not find("social", address):
            report.review("thirdparty", f"Ce formulaire envoie ce qui est saisi à {host_of(address)}.", form)


def _is_analytics(resource: Resource) -> bool:
    known = find("trackers", resource.address)
    return known is not None and known.kind not in DOUBTED


def _third_party(host: str, resource: Resource, count: int, report: Report) -> None:
    more = f", et {count - 1} autre{'s' if count > 2 else ''} du même site" if count > 1 else ""
    if resource.waits:
        report.review(
            "thirdparty", f"Un {resource.kind} de {host} semble attendre l'accord du lecteur{more}.", resource.shown
        )
        return
    video = find("videos", resource.address)
    if video and resource.kind == "cadre":
        message = f"La vidéo est lue chez {video.name} ({host}), qui reçoit l'adresse du lecteur dès l'arrivée{more}."
    else:
        message = f"Chargé de {host} ({resource.kind}){more} : ce site reçoit l'adresse du lecteur."
    report.fault("thirdparty", message, resource.shown)
