# ruff: noqa: E501 - pages, each on its line
"""Social networks: links, buttons and feeds are told; a page that speaks of them is not."""

import pytest
from pages_made import seen

FAULTS = {
    "a page of ours": "<p><a href='https://www.facebook.com/academielyon'>Notre page</a></p>",
    "an icon": "<a href='https://twitter.com/aclyon' title='Twitter'><i class='fa fa-twitter'></i></a>",
    "the new name": "<a href='https://x.com/aclyon'>Nos brèves</a>",
    "professional": "<a href='https://www.linkedin.com/company/aclyon/'>LinkedIn</a>",
    "a message cited": "<p>Voir <a href='https://twitter.com/acme/status/1234567890'>ce message</a> de l'équipe.</p>",
    "share by address": "<a href='https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fac-lyon.fr'>Faire connaître</a>",
    "share by telephone": "<a href='whatsapp://send?text=bonjour'>Faire connaître</a>",
    "telegram": "<a href='https://t.me/share/url?url=x'>Faire connaître</a>",
    "mastodon known": "<a href='https://mastodon.social/@svtlyon'>Nos brèves</a>",
    "mastodon unknown": "<a href='https://colter.example/@svtlyon'>Nos brèves</a>",
    "mastodon of the State": "<a href='https://social.numerique.gouv.fr/@education'>Nos brèves</a>",
    "rel me": "<a rel='me' href='https://un.exemple.org/users/svt'>Nos brèves</a>",
    "bluesky": "<a href='https://bsky.app/profile/svt.bsky.social'>Nos brèves</a>",
    "threads": "<a href='https://www.threads.net/@svt'>Nos brèves</a>",
    "a channel": "<a href='https://www.youtube.com/@svtlyon'>Notre chaîne de cartes</a>",
    "an invitation": "<a href='https://discord.gg/abcd'>Le salon des classes</a>",
    "a button by script": "<button onclick=\"window.open('https://www.facebook.com/sharer/sharer.php?u=x')\">Faire connaître</button>",
    "a button by its name": "<button type=button>Partager sur LinkedIn</button>",
    "a link by its name": "<a href='#'><span>Partager sur Facebook</span></a>",
    "a message shown": "<blockquote class='twitter-tweet'><p>Bonjour</p></blockquote>",
    "a feed": "<script async src='https://platform.twitter.com/widgets.js'></script>",
    "a frame": "<iframe title='Fil' src='https://www.facebook.com/plugins/page.php?href=x'></iframe>",
    "share of the State's design": "<a class='fr-btn--facebook fr-btn' href='#partage'>Facebook</a>",
    "an area": "<img src='/p.png' usemap='#m' alt='Plan'><map name=m><area href='https://www.instagram.com/svt' alt='Instagram'></map>",
    "in a drawing": "<svg role=img aria-label='Plan'><a xlink:href='https://www.instagram.com/svt'><text>Photos</text></a></svg>",
    "counted on the way": "<a href='/sortie?url=https%3A%2F%2Fwww.facebook.com%2Faclyon'>Notre page</a>",
    "built by a script": "<script>var u='https://twitter.com/intent/tweet?url='+location.href;</script>",
    "hidden until asked": "<div style='display:none'><a href='https://www.facebook.com/aclyon'>Notre page</a></div>",
    "typed without its beginning": "<a href='www.facebook.com/aclyon'>Notre page</a>",
    "backslashes": "<a href='\\\\www.facebook.com\\aclyon'>Notre page</a>",
    "shouted": "<a href='HTTPS://WWW.FACEBOOK.COM/aclyon'>Notre page</a>",
    "a window opened": "<button onclick=\"window.open('https://www.instagram.com/aclyon')\">Voir nos photographies</button>",
    "a javascript address": "<a href=\"javascript:void(window.open('//www.facebook.com/aclyon'))\">Notre page</a>",
    "a form": "<form><button formaction='https://www.facebook.com/aclyon'>Notre page</button></form>",
    "on the mobile site": "<a href='//m.facebook.com/aclyon'>Notre page</a>",
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_social_network_is_told(case: str) -> None:
    assert "social" in seen(FAULTS[case])


PEACE = {
    "a lesson": "<h2>Facebook, Twitter et nous</h2><p>Les élèves étudient les réseaux sociaux : Instagram, TikTok, X. "
    "On y lit « suivez-nous sur Facebook » et l'on se demande pourquoi.</p>",
    "the rules of a network": "<p><a href='https://www.facebook.com/help/123'>Les règles de signalement de Facebook</a>, "
    "<a href='https://help.twitter.com/fr'>l'aide de Twitter</a>, <a href='https://www.tiktok.com/legal/page/eea/terms-of-service/fr'>"
    "les conditions de TikTok</a>, <a href='https://about.meta.com/fr/'>Meta</a>.</p>",
    "an article about": "<p><a href='https://fr.wikipedia.org/wiki/Facebook'>Facebook sur Wikipédia</a>, "
    "<a href='https://www.cnil.fr/fr/partager-sur-facebook'>Partager sur Facebook : que dit la CNIL ?</a></p>",
    "a video": "<p><a href='https://www.youtube.com/watch?v=abc'>La vidéo de la rivière</a></p>",
    "by mail": "<p><a href='mailto:?subject=Une page&body=https://www.ac-lyon.fr'>Envoyer à un collègue par courriel</a></p>",
    "a photographer": "<p><a href='https://unsplash.com/@jeanne'>La photographe</a></p>",
    "a package": "<p><a href='https://www.npmjs.com/package/@svt/carte'>La bibliothèque</a></p>",
    "a card for networks": "<meta property='og:title' content='x'><meta name='twitter:site' content='@aclyon'>",
    "its own pages": "<p><a href='/@carte'>La carte de la classe</a></p>",
    "data": '<script type=\'application/ld+json\'>{"@type":"Organization","sameAs":["https://www.facebook.com/a"]}</script>',
    "hosts that end alike": "<p><a href='https://www.netflix.com/'>Le film</a>, <a href='https://box.com/a'>le dossier</a></p>",
    "a button to close": "<button type=button>Fermer x</button><button type=button>Publier</button>",
    "to follow a course": "<p><a href='#'>Suivre la séance</a></p><button>Partager l'écran</button>",
    "the author of a magazine": "<p><a href='https://medium.com/@jeanne/une-histoire-1234'>Une histoire de cartes</a></p>",
}


@pytest.mark.parametrize("case", PEACE)
def test_speaking_of_a_network_is_no_link_to_it(case: str) -> None:
    assert "social" not in seen(PEACE[case])
    assert "social?" not in seen(PEACE[case])


def test_the_front_page_of_a_network_in_a_sentence_is_to_be_checked() -> None:
    sentence = (
        "<p>Le réseau <a href='https://www.facebook.com/'>Facebook</a> fut ouvert au public en septembre 2006.</p>"
    )
    assert seen(sentence) == {"social?"}


def test_a_verification_link_of_the_fediverse_is_told() -> None:
    assert "social" in seen(head="<link rel='me' href='https://piaille.fr/@svt'>")
