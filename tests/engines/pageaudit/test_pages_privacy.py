# ruff: noqa: E501 - pages, each on its line
"""Trackers, audience measurement, files of other sites, cookies: what must be told, and what must not."""

import pytest
from pages_made import HTML, fetched, html, marks, seen

from traam.engines.pageaudit import audit_page

GA = "<script async src='https://www.googletagmanager.com/gtag/js?id=G-AB12'></script>"

TRACKED = {
    "file of a tag manager": {"head": GA},
    "gtag configured": {"head": "<script>window.dataLayer=[];gtag('config', 'G-AB12');</script>"},
    "container of tags": {
        "head": "<script>(function(w,d,s,l,i){w[l]=w[l]||[];})(window,document,'script','dataLayer','GTM-ABC123');</script>"
    },
    "old analytics": {"head": "<script>ga('create', 'UA-1-1', 'auto'); ga('send','pageview')</script>"},
    "older analytics": {"head": "<script>var _gaq = _gaq || []; _gaq.push(['_setAccount','UA-1']);</script>"},
    "started under a new name": {
        "head": "<script>tarteaucitron.user.ga4Id = 1; tarteaucitron.user.linkedininsighttag = 2;</script>"
    },
    "started by tarteaucitron": {
        "head": "<script>tarteaucitron.user.gtagUa = 'G-AB12'; (tarteaucitron.job = tarteaucitron.job || []).push('gtag');</script>"
    },
    "only pushed by tarteaucitron": {
        "head": "<script>(tarteaucitron.job = tarteaucitron.job || []).push('googletagmanager');</script>"
    },
    "kept for after consent": {
        "head": "<script type='text/plain' data-category='analytics' src='https://www.google-analytics.com/analytics.js'></script>"
    },
    "code kept for after consent": {
        "head": "<script type='text/plain' data-category='x'>gtag('config','G-1')</script>"
    },
    "pixel of a network": {
        "body": "<noscript><img height=1 width=1 style='display:none' src='https://www.facebook.com/tr?id=1&ev=PageView'></noscript>"
    },
    "network's script": {"head": "<script>!function(f){}(window);fbq('init','123');fbq('track','PageView');</script>"},
    "pixel of nobody known": {"body": "<img src='https://compteur.exemple.net/p?x=1' width='1' height='1' alt=''>"},
    "pixel by style": {"body": "<img src='https://c.exemple.net/p.gif' style='width:1px;height:1px' alt=''>"},
    "frame without script": {
        "body": "<noscript><iframe src='https://www.googletagmanager.com/ns.html?id=GTM-A1B2' height=0 width=0 style='display:none;visibility:hidden'></iframe></noscript>"
    },
    "address written in a script": {
        "head": "<script>var s=document.createElement('script');s.src='https://static.hotjar.com/c/hotjar-'+h+'.js';</script>"
    },
    "recordings": {"head": "<script>(function(c,l,a,r,i){})(window,document,'clarity','script','abc');</script>"},
    "imported by a style": {"head": "<style>@import url('https://pagead2.googlesyndication.com/a.css');</style>"},
    "share tools": {"body": "<script src='https://s7.addthis.com/js/300/addthis_widget.js'></script>"},
    "statistics of a host": {"body": "<script src='https://stats.wp.com/e-202401.js' defer></script>"},
    "beacon": {"body": "<script>navigator.sendBeacon('https://www.google-analytics.com/g/collect?v=2')</script>"},
    "preloaded": {"head": "<link rel=preload as=script href='https://www.google-analytics.com/analytics.js'>"},
}


@pytest.mark.parametrize("case", TRACKED)
def test_a_tracker_is_told(case: str) -> None:
    assert "tracker" in seen(**TRACKED[case])


UNTRACKED = {
    "a lesson about trackers": {
        "body": "<p>Google Analytics (google-analytics.com) dépose des témoins. <code>gtag('config', 'G-1')</code></p>"
        "<pre>&lt;script src='https://www.googletagmanager.com/gtm.js'&gt;</pre>"
    },
    "a link to the documentation": {
        "body": "<p>Lisez <a href='https://www.google-analytics.com/about/'>la présentation de l'outil</a>.</p>"
    },
    "a comment of the page": {"body": "<!-- <script src='https://www.google-analytics.com/analytics.js'></script> -->"},
    "a comment of a script": {
        "head": "<script>\n// gtag('config','G-1');\n/* ga('create','UA-1') */\nvar a = 1;</script>"
    },
    "an image of one pixel of the site": {"body": "<img src='/spacer.gif' width=1 height=1 alt=''>"},
    "an image of one pixel of the State": {
        "body": "<img src='https://www.education.gouv.fr/p.gif' width=1 height=1 alt=''>"
    },
    "a template": {"body": "<template><script src='https://www.google-analytics.com/a.js'></script></template>"},
    "data": {"head": '<script type=\'application/json\'>{"u": "https://www.google-analytics.com/x"}</script>'},
    "tarteaucitron for a video": {
        "head": "<script src='/tarteaucitron.js'></script><script>tarteaucitron.init({});(tarteaucitron.job = tarteaucitron.job || []).push('youtube');</script>"
    },
    "a function of the site called ga": {"head": "<script>function saga(x){} saga('create');</script>"},
    "a media type with a star": {"head": "<script>fetch('/a', {headers: {Accept: '*/*'}}); var gtm = 1;</script>"},
}


@pytest.mark.parametrize("case", UNTRACKED)
def test_what_only_looks_like_a_tracker_is_left_in_peace(case: str) -> None:
    assert seen(**UNTRACKED[case]) == set()


def test_matomo_of_the_site_or_of_the_state_is_only_to_be_checked() -> None:
    code = "<script>var _paq=window._paq||[];_paq.push(['disableCookies']);var u='https://stats.ac-lyon.fr/';_paq.push(['setTrackerUrl',u+'matomo.php']);</script>"
    assert seen(head=code) == {"analytics?"}
    assert seen(head=code.replace("ac-lyon.fr", "beta.gouv.fr")) == {"analytics?"}
    assert seen(head="<script src='/matomo/matomo.js'></script>") == {"analytics?"}
    assert seen(head="<script>var _mtm=window._mtm=[];_mtm.push({'mtm.startTime':1});</script>") == {"analytics?"}


def test_matomo_of_another_site_is_a_third_party() -> None:
    code = (
        "<script>var _paq=[];var u='https://traam.matomo.cloud/';_paq.push(['setTrackerUrl',u+'matomo.php']);</script>"
    )
    assert "thirdparty" in seen(head=code)


def test_exempt_tools_are_to_be_checked_on_the_sites_of_the_state_only() -> None:
    head = "<script src='https://tag.aticdn.net/123/smarttag.js'></script>"
    assert seen(head=head, address="https://www.education.gouv.fr/traam") == {"analytics?"}
    assert seen(head=head) == {"tracker"}
    assert seen(head="<script src='https://plausible.io/js/script.js'></script>") == {"tracker?", "thirdparty"}


def test_a_consent_manager_of_a_third_party_is_to_be_checked() -> None:
    assert seen(head="<script src='https://static.axept.io/sdk.js'></script>") == {"tracker?", "thirdparty"}


THIRD = {
    "fonts": {"head": "<link rel=stylesheet href='https://fonts.googleapis.com/css?family=Lato'>"},
    "fonts of a style": {
        "head": "<style>@font-face{font-family:L;src:url(https://fonts.gstatic.com/s/l.woff2)}</style>"
    },
    "imported": {"head": '<style>@import "https://fonts.googleapis.com/css?family=Lato";</style>'},
    "a library": {"head": "<script src='https://cdnjs.cloudflare.com/ajax/libs/jquery/3.7/jquery.min.js'></script>"},
    "an image": {"body": "<img src='https://upload.wikimedia.org/a.png' alt='Carte du relief'>"},
    "an image among others": {
        "body": "<img src='/a.png' srcset='/a.png 1x, https://img.exemple.com/b.png 2x' alt='Carte'>"
    },
    "a picture": {
        "body": "<picture><source srcset='https://img.exemple.com/b.webp'><img src='/a.png' alt='Carte'></picture>"
    },
    "a frame": {
        "body": "<iframe title='Carte du relief' src='https://www.openstreetmap.org/export/embed.html'></iframe>"
    },
    "a background": {"body": "<div style=\"background:url('https://img.exemple.com/f.jpg')\">Texte</div>"},
    "a connection prepared": {"head": "<link rel=preconnect href='https://fonts.gstatic.com' crossorigin>"},
    "an object": {
        "body": "<object data='https://www.exemple.com/a.svg' type='image/svg+xml' aria-label='Carte'></object>"
    },
    "a base elsewhere": {"head": "<base href='https://www.exemple.com/'>", "body": "<img src='a.png' alt='Carte'>"},
    "lazy": {"body": "<img src='data:image/gif;base64,R0' data-src='https://img.exemple.com/a.jpg' alt='Carte'>"},
}


@pytest.mark.parametrize("case", THIRD)
def test_a_file_of_another_site_is_told(case: str) -> None:
    assert seen(**THIRD[case]) == {"thirdparty"}


FIRST = {
    "of the site": {"head": "<script src='/a.js'></script><link rel=stylesheet href='https://cdn.ac-lyon.fr/a.css'>"},
    "of the State": {"head": "<link rel=stylesheet href='https://static.data.gouv.fr/a.css'>"},
    "of the schools": {"body": "<img src='https://nuage02.apps.education.fr/a.png' alt='Carte'>"},
    "of another academy": {"body": "<img src='https://svt.ac-nantes.fr/a.png' alt='Carte'>"},
    "data": {"body": "<img src='data:image/png;base64,iVBOR' alt='Carte'>"},
    "canonical": {
        "head": "<link rel=canonical href='https://www.exemple.com/a'><link rel=alternate href='https://b.com/f'>"
    },
    "name look-up": {"head": "<link rel=dns-prefetch href='//s.w.org'>"},
    "a link": {"body": "<p><a href='https://www.exemple.com/a'>Un site ami des cartes</a></p>"},
}


@pytest.mark.parametrize("case", FIRST)
def test_what_is_not_a_third_party_is_left_in_peace(case: str) -> None:
    assert seen(**FIRST[case]) == set()


def test_a_video_without_cookies_is_still_a_third_party() -> None:
    body = "<iframe title='La rivière' src='https://www.youtube-nocookie.com/embed/abc'></iframe>"
    assert seen(body) == {"thirdparty", "a11y.captions?"}


def test_hosts_at_home_are_no_third_parties() -> None:
    page = fetched(html("<img src='https://img.lycee.example/a.png' alt='Carte'>"))
    assert marks(audit_page(page)) == {"thirdparty"}
    assert marks(audit_page(page, at_home={"lycee.example"})) == set()


def test_one_finding_for_each_other_site() -> None:
    body = "".join(f"<img src='https://img.exemple.com/{n}.png' alt='Carte {n} du relief'>" for n in range(30))
    found = [f for f in audit_page(fetched(html(body))) if f.code == "thirdparty"]
    assert len(found) == 1
    assert "29 autres" in found[0].message


COOKIES = {
    "PHPSESSID=a; path=/; HttpOnly": set(),
    "MoodleSession=a; path=/; secure; HttpOnly": set(),
    "csrftoken=a; Max-Age=31449600; Path=/": set(),
    "SERVERID=a; path=/": set(),
    "old=; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0": set(),
    "PHPSESSID=a; path=/": {"cookie?"},
    "_ga=GA1.2.3; Max-Age=63072000": {"cookie"},
    "visiteur=8f3; expires=Wed, 22 Nov 2028 10:00:00 GMT; path=/": {"cookie"},
    "etat=1; path=/": {"cookie?"},
    "_pk_id.1.fff=a; Max-Age=33955200": {"cookie?"},
}


@pytest.mark.parametrize("cookie", COOKIES)
def test_cookies_of_the_answer(cookie: str) -> None:
    headers = (*HTML, ("date", "Sun, 22 Nov 2026 10:00:00 GMT"), ("set-cookie", cookie))
    assert marks(audit_page(fetched(html(), headers=headers))) == COOKIES[cookie]


def test_mixed_content_is_told_unless_the_page_upgrades_it() -> None:
    body = "<img src='http://svt.ac-lyon.fr/a.png' alt='Carte'>"
    assert seen(body) == {"mixed"}
    assert seen("<p><a href='http://svt.ac-lyon.fr/'>Le site des SVT</a></p>") == set()
    assert seen(body, head="<meta http-equiv=Content-Security-Policy content='upgrade-insecure-requests'>") == set()
    assert seen("<form action='http://svt.ac-lyon.fr/x'><input title='Mot cherché' name=q></form>") == {"mixed"}
    assert seen(body, address="http://svt.ac-lyon.fr/a") == {"https"}
