# ruff: noqa: E501 - patterns and sentences, each on its line
"""Frames and their titles, videos and their captions."""

import re

from traam.engines.pageaudit.addresses import host_of
from traam.engines.pageaudit.known import find
from traam.engines.pageaudit.reading import Node, Page
from traam.engines.pageaudit.report import Report, folded, quoted

_VAGUE_TITLE = re.compile(
    r"^(?:iframe|frame|cadre|sans titre|untitled|youtube video player|youtube|video player|lecteur video|player|lecteur|embed|embedded content|contenu (?:integre|embarque)"
    r"|contenu|video|title|titre|html5|vimeo|dailymotion|https?://\S+|\d+)$"
)
_VIDEO_PATH = re.compile(
    r"/(?:videos/embed|video-playlists/embed|video/|embed/video|w/[A-Za-z0-9]{8,})|\.(?:mp4|webm|ogv|m3u8|mov)(?:\?|$)",
    re.I,
)
_VIDEO_HOST = re.compile(r"(?:^|\.)(?:tube|peertube|video|videos|pod|podeduc|webtv|mediacad|streaming)[.-]")
_VIDEO_FILE = re.compile(r"\.(?:mp4|webm|ogv|mov|avi|wmv|flv|m4v|mpe?g|swf)(?:\?|#|$)", re.I)


def frames(page: Page, report: Report) -> None:
    for node in page.seen("iframe", "frame"):
        if _invisible(node):
            continue
        said = node.get("title") or node.get("aria-label") or page.referred(node)
        if not said:
            report.fault("a11y.iframe", f"Ce cadre n'a pas de titre{_from(page, node)}.", node)
        elif _VAGUE_TITLE.match(folded(said)):
            report.review("a11y.iframe", f"Le titre du cadre, {quoted(said)}, ne dit pas ce qu'il contient.", node)


def _invisible(node: Node) -> bool:
    width, height = node.get("width").rstrip("px"), node.get("height").rstrip("px")
    if node.get("role").lower() in ("presentation", "none") or "hidden" in node.attrs:
        return True
    tiny = re.search(r"(?:^|;|\s)(?:width|height)\s?:\s?[01](?:px)?\s?(?:;|$)", node.get("style"), re.I)
    return width in ("0", "1") or height in ("0", "1") or bool(tiny)


def _from(page: Page, node: Node) -> str:
    written = node.get("src") or node.get("data-src")
    host = host_of(page.absolute(written)) if written else ""
    return f" (il montre {host})" if host else ""


def captions(page: Page, report: Report) -> None:
    for node in page.seen("video"):
        _video(page, node, report)
    for node in page.seen("audio"):
        report.review("a11y.captions", "Ce son a-t-il une transcription, à côté ou par un lien ?", node)
    for node in page.seen("iframe", "frame", "object", "embed"):
        _platform(page, node, report)
    for node in page.seen("div", "lite-youtube", "lite-vimeo", "youtube-embed"):
        classes = node.attrs.get("class", "")
        if (
            "youtube_player" in classes
            or "vimeo_player" in classes
            or "dailymotion_player" in classes
            or "-" in node.tag
        ):
            report.review("a11y.captions", "Cette vidéo d'une plateforme a-t-elle des sous-titres justes ?", node)


def _video(page: Page, node: Node, report: Report) -> None:
    tracks = [each for each in page.inner(node, "track") if each.get("kind").lower() in ("captions", "subtitles", "")]
    if any(each.get("src") for each in tracks):
        return
    if "muted" in node.attrs and "controls" not in node.attrs:
        return  # an animation without sound, that nobody starts
    if "muted" in node.attrs:
        report.review("a11y.captions", "Cette vidéo est muette au départ : a-t-elle du son à sous-titrer ?", node)
        return
    report.fault("a11y.captions", "Cette vidéo n'a pas de piste de sous-titres.", node)


def _platform(page: Page, node: Node, report: Report) -> None:
    written = node.get("src") or node.get("data-src") or node.get("data")
    address = page.absolute(written) if written else ""
    host = host_of(address)
    if not host:
        return
    known = find("videos", address)
    if node.tag in ("object", "embed") and _VIDEO_FILE.search(address):
        report.fault("a11y.captions", "Cette vidéo incorporée ne peut pas avoir de sous-titres.", node)
    elif known is not None or _VIDEO_PATH.search(address) or _VIDEO_HOST.search(host):
        name = known.name if known else host
        report.review("a11y.captions", f"Cette vidéo de {name} a-t-elle des sous-titres justes ?", node)
