# ruff: noqa: E501 - patterns and sentences, each on its line
"""Which addresses lead to a social network, and which only lead to what a network publishes for everybody."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from traam.engines.pageaudit.addresses import domain_of, host_of, is_friendly, path_of
from traam.engines.pageaudit.known import find

# What networks publish for everybody, which a lesson about them may cite.
_ABOUT_HOST = re.compile(
    r"^(?:about|help|support|business|developers?|dev|policies|policy|transparency|legal|blog|engineering|newsroom|news|privacy"
    r"|safety|press|docs|learn|careers|investors?|status|terms|faq|aide|developer|api|brand|design|research|ai|transparence"
    r"|privacycenter|familycenter|creators|parents|values|corp|ads-transparency|learning|education|for-?good|joinmastodon)\."
)
_ABOUT_PATH = re.compile(
    r"^/(?:[a-z]{2}(?:[-_][a-z]{2})?/)?(?:help|legal|policies|policy|privacy|privacy-policy|terms|terms-of-service|tos|rules|safety"
    r"|about|about-us|community-guidelines|communitystandards|guidelines|conditions|cookies|security|transparency|press|learn|learning"
    r"|docs|support|aide|site-policy|user-agreement|business|brand|branding|company-info|family-center|parents|guide)(?:[/?._-]|$)",
    re.I,
)
_FEDIVERSE_HOST = re.compile(
    r"(?:^|[.-])(?:mastodon|masto|mstdn|mastodonte|toot|pouet|pleroma|akkoma|misskey|calckey|firefish|sharkey|gotosocial|friendica"
    r"|pixelfed|lemmy|kbin|mbin|hubzilla|diaspora|bookwyrm|mobilizon|gancio|fedi|fediverse|piaille|mamot|framapiaf)(?:[.-]|$)"
)
_AT_PATH = re.compile(
    r"^/(?:web/)?(?:@|%40)[A-Za-z0-9_.-]{1,60}(?:(?:@|%40)[\w.-]+)?(?:/\d{6,25}(?:/embed)?)?/?(?:\?.*)?$"
)
_USERS_PATH = re.compile(r"^/users/[A-Za-z0-9_]+(?:/statuses/\d+)?/?$")
# Sites where "/@name" is the page of an author, of a package or of a channel, and that are no social network.
_AT_SITES_WORDS = (
    "medium.com youtube.com youtube-nocookie.com npmjs.com unpkg.com jsdelivr.net skypack.dev esm.sh"
    " observablehq.com unsplash.com pexels.com figma.com hashnode.com dev.to gitbook.com wattpad.com"
    " scratch.mit.edu vimeo.com dailymotion.com typepad.com sketchfab.com flickr.com padlet.com pinterest.com"
    " notion.site deno.land hackmd.io codimd.apps.education.fr substack.com archive.org google.com google.fr"
    " openstreetmap.org geoportail.gouv.fr apps.education.fr waze.com pixabay.com giphy.com wakelet.com kahoot.it"
    " quizlet.com duolingo.com strava.com lichess.org chess.com ko-fi.com patreon.com"
)
_AT_SITES = frozenset(_AT_SITES_WORDS.split())
_VIDEOS = re.compile(r"(?:^|\.)(?:tube|peertube|video|videos|pod|podeduc|webtv)[\d.-]")
_CHANNEL = re.compile(
    r"^/(?:@[^/]+|c/[^/]+|channel/[^/]+|user/[^/]+)(?:/(?:featured|videos|about|playlists|community|streams|shorts)?)?/?(?:\?.*)?$",
    re.I,
)
SHARED = re.compile(
    r"(?:facebook\.com/(?:sharer|share\.php|dialog)|(?:twitter|x)\.com/(?:intent|share|home\?status)|linkedin\.com/(?:shareArticle|sharing|feed/\?)"
    r"|api\.whatsapp\.com/send|wa\.me/\?|t\.me/share|telegram\.me/share|pinterest\.\w+/pin/create|reddit\.com/submit|bsky\.app/intent"
    r"|threads\.net/intent|tumblr\.com/(?:share|widgets/share)|vk\.com/share|mastodonshare\.com|share\.joinmastodon)",
    re.I,
)


def network(address: str, page_address: str = "") -> tuple[str, bool]:
    """The network an address leads to, "" for none; and whether the address alone is enough to say so."""
    host, path = host_of(address), path_of(address)
    if not host or (page_address and host == host_of(page_address)):
        return "", False
    known = find("social", address)
    about = _ABOUT_HOST.search(host) and (known is None or known.host != host)
    if about or (_ABOUT_PATH.search(path) and not SHARED.search(address)):
        return "", False
    if known is not None:
        return known.name, path.strip("/") not in ("", "fr", "fr-fr", "home", "explore", "login", "signup", "download")
    domain = domain_of(host)
    if domain in ("youtube.com", "dailymotion.com"):
        return ("une chaîne YouTube", True) if domain == "youtube.com" and _CHANNEL.search(path) else ("", False)
    if _FEDIVERSE_HOST.search(host) and (
        _AT_PATH.search(path) or _USERS_PATH.search(path) or path.startswith(("/share", "/authorize_interaction"))
    ):
        return "le Fédivers", True
    elsewhere = (
        domain in _AT_SITES or host in _AT_SITES or is_friendly(host) or _VIDEOS.search(host) or find("videos", address)
    )
    if _AT_PATH.search(path) and not elsewhere:
        return "le Fédivers", True
    return "", False


def led_to(address: str) -> str:
    """The address that a link hands over in its query: redirections that count clicks."""
    try:
        query = urlsplit(address).query
        if "http" not in query.lower():
            return ""
        pairs = parse_qsl(query[:3000])
    except ValueError:
        return ""
    for key, value in pairs[:20]:
        value = unquote(value)
        if value.lower().startswith(("http://", "https://")) and key.lower() in (
            "url",
            "u",
            "q",
            "to",
            "target",
            "dest",
            "destination",
            "link",
            "redirect",
            "goto",
            "out",
            "r",
        ):
            return value
    return ""
