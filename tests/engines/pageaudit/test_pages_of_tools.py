# ruff: noqa: E501, E731 - pages, each on its line
"""Pages as publishing tools write them: the same skeleton each time, and one thing in it."""

import pytest
from pages_made import PROSE, fetched, html, marks

from traam.engines.pageaudit import audit_page


def spip(body: str, head: str = "", foot: str = "") -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr" lang="fr" dir="ltr"><head><title>Le relief - SVT académie de Lyon</title><meta name="generator" content="SPIP 4.2" />{head}<link rel="canonical" href="https://svt.ac-lyon.fr/spip.php?article12" /></head>
<body class="page_article"><div id="page"><div class="header"><strong><a rel="start home" href="/" title="Accueil">SVT</a></strong></div><div class="nav" id="nav"><ul><li><a href="/r1">Enseigner les sciences</a></li></ul></div>
<div class="main"><div class="cartouche"><h1>Le relief</h1><p class="info-publi">Publié le 3 mai 2024</p></div><div class="texte"><p>{PROSE}</p>{body}</div></div>
<div class="footer"><p><a href="/spip.php?page=plan">Plan du site</a> | <a href="/spip.php?page=login&amp;url=x" class="login_modal">Se connecter</a> | <a href="/spip.php?article3">Mentions légales</a> | <a href="/spip.php?article4">Accessibilité : non conforme</a> | Licence : CC BY-NC-SA</p>{foot}</div></div></body></html>"""


def wp(body: str, foot: str = "", head: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="fr-FR"><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="profile" href="https://gmpg.org/xfn/11"><title>Le relief &#8211; SVT Lyon</title><link rel='dns-prefetch' href='//s.w.org' /><link rel="alternate" type="application/rss+xml" href="/feed/" /><link rel="https://api.w.org/" href="/wp-json/" /><link rel="EditURI" type="application/rsd+xml" href="/xmlrpc.php?rsd" />{head}<link rel='stylesheet' href='/wp-includes/css/style.min.css' media='all' /></head>
<body class="post-template-default single"><a class="skip-link screen-reader-text" href="#content">Aller au contenu</a><div id="page" class="site"><header id="masthead" class="site-header"><p class="site-title"><a href="/" rel="home">SVT Lyon</a></p><nav id="site-navigation" class="main-navigation"><button class="menu-toggle" aria-controls="m" aria-expanded="false">Menu</button><ul id="m"><li><a href="/a">Activités de classe</a></li></ul></nav></header><div id="content" class="site-content"><main id="main"><article class="post"><header class="entry-header"><h1 class="entry-title">Le relief</h1><span class="posted-on"><a href="/2024/05/03/le-relief/" rel="bookmark"><time datetime="2024-05-03">3 mai 2024</time></a></span></header><div class="entry-content"><p>{PROSE}</p>{body}</div></article><div id="comments"><h2 id="reply-title" class="comment-reply-title">Laisser un commentaire</h2><form action="/wp-comments-post.php" method="post"><p><label for="comment">Commentaire</label><textarea id="comment" name="comment"></textarea></p><p><label for="author">Nom</label><input id="author" name="author" type="text"></p><p><label for="email">Adresse e-mail</label><input id="email" name="email" type="email"></p><input name="submit" type="submit" value="Laisser un commentaire"><input type="hidden" name="comment_post_ID" value="12"></form></div></main></div><aside id="secondary" class="widget-area"><form role="search"><label><span class="screen-reader-text">Rechercher :</span><input type="search" name="s" placeholder="Rechercher…"></label><button type="submit"><span class="screen-reader-text">Rechercher</span></button></form><h2>Méta</h2><ul><li><a href="/wp-login.php">Connexion</a></li></ul></aside><footer id="colophon" class="site-footer"><div class="site-info">Contenus sous licence Creative Commons Attribution – Partage dans les mêmes conditions. <a href="/mentions-legales/">Mentions légales</a> <a href="/accessibilite/">Accessibilité : partiellement conforme</a></div></footer></div></body></html>"""


def dsfr(body: str, foot: str = "") -> str:
    return f"""<!doctype html><html lang="fr" data-fr-scheme="system"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, shrink-to-fit=no"><link rel="stylesheet" href="/dsfr/dsfr.min.css"><link rel="apple-touch-icon" href="/dsfr/favicon/apple-touch-icon.png"><title>Le relief - TraAM</title></head><body><div class="fr-skiplinks"><nav class="fr-container" role="navigation" aria-label="Accès rapide"><ul class="fr-skiplinks__list"><li><a class="fr-link" href="#content">Contenu</a></li></ul></nav></div><header role="banner" class="fr-header"><div class="fr-header__logo"><a href="/" title="Accueil - TraAM"><p class="fr-logo">République<br>Française</p></a></div><button class="fr-btn--menu fr-btn" data-fr-opened="false" aria-controls="modal" title="Menu">Menu</button></header><main id="content" role="main"><div class="fr-container"><nav role="navigation" class="fr-breadcrumb" aria-label="vous êtes ici :"><button class="fr-breadcrumb__button">Voir le fil d'Ariane</button><ol><li><a class="fr-breadcrumb__link" href="/">Accueil</a></li><li><a class="fr-breadcrumb__link" aria-current="page">Le relief</a></li></ol></nav><h1>Le relief</h1><p>{PROSE}</p>{body}</div></main><footer class="fr-footer" role="contentinfo"><ul class="fr-footer__content-list"><li><a class="fr-footer__content-link" target="_blank" rel="noopener external" title="info.gouv.fr - nouvelle fenêtre" href="https://info.gouv.fr">info.gouv.fr</a></li><li><a title="legifrance.gouv.fr - nouvelle fenêtre" href="https://legifrance.gouv.fr">legifrance.gouv.fr</a></li></ul><ul class="fr-footer__bottom-list"><li><a class="fr-footer__bottom-link" href="/a11y">Accessibilité : non conforme</a></li><li><a href="/ml">Mentions légales</a></li><li><button class="fr-footer__bottom-link" data-fr-opened="false">Paramètres d'affichage</button></li></ul><div class="fr-footer__bottom-copy"><p>Sauf mention explicite de propriété intellectuelle détenue par des tiers, les contenus de ce site sont proposés sous <a href="https://github.com/etalab/licence-ouverte/blob/master/LO.md" title="Licence etalab - nouvelle fenêtre" target="_blank">licence etalab-2.0</a></p></div>{foot}</footer></body></html>"""


PAGES: list[tuple[str, str, set[str]]] = [
    ("spip good", spip(""), set()),
    (
        "spip docs",
        spip(
            "<div class='spip_document_1 spip_documents'><a href='/IMG/pdf/fiche.pdf' title='PDF - 1.2 Mo' type='application/pdf'><img src='/vignettes/pdf.png' width='52' height='52' alt='PDF' /></a><div class='spip_doc_titre'>Fiche</div></div>"
        ),
        set(),
    ),
    (
        "spip anchor",
        spip(
            "<p><a class='spip_note' href='#nb1' name='nh1' id='nh1' title='[1] Voir'>1</a></p><div id='notes'><p>[<a href='#nh1' id='nb1' title='Notes 1'>1</a>] Voir la carte.</p></div>"
        ),
        set(),
    ),
    (
        "spip table",
        spip(
            "<table class='spip'><thead><tr class='row_first'><th>Ville</th><th>Altitude</th></tr></thead><tbody><tr class='row_even'><td>Lyon</td><td>170</td></tr></tbody></table>"
        ),
        set(),
    ),
    (
        "spip forum",
        spip(
            "<div class='comments'><h2>Commentaires</h2><p>Pour participer, vous devez vous enregistrer au préalable. [Connexion | S'inscrire | mot de passe oublié ?]</p></div>"
        ),
        set(),
    ),
    ("wp good", wp(""), set()),
    (
        "wp emoji gravatar",
        wp("<img alt='' src='https://secure.gravatar.com/avatar/1?s=32' class='avatar' height='32' width='32'>"),
        {"thirdparty"},
    ),
    (
        "wp gfont",
        wp("", head="<link rel='stylesheet' id='lato-css' href='//fonts.googleapis.com/css?family=Lato' />"),
        {"thirdparty"},
    ),
    (
        "wp jetpack share",
        wp(
            "<div class='sharedaddy sd-sharing-enabled'><ul><li class='share-facebook'><a rel='nofollow' class='share-facebook sd-button share-icon' href='https://svt.ac-lyon.fr/le-relief/?share=facebook' target='_blank' title='Cliquez pour partager sur Facebook'><span>Facebook</span></a></li></ul></div>"
        ),
        {"social"},
    ),
    (
        "wp gallery",
        wp(
            "<figure class='wp-block-gallery'><figure class='wp-block-image'><img src='/a.jpg' alt='' /><figcaption>La vallée</figcaption></figure></figure>"
        ),
        set(),
    ),
    (
        "wp embed mastodon",
        wp("<iframe title='Message' src='https://mamot.fr/@svt/1093854/embed' class='mastodon-embed'></iframe>"),
        {"social", "thirdparty"},
    ),
    (
        "wp button file",
        wp(
            "<div class='wp-block-file'><a href='/f.pdf'>Fiche élève</a><a href='/f.pdf' class='wp-block-file__button' download aria-describedby='x'>Télécharger</a></div>"
        ),
        {"a11y.linkq"},
    ),
    ("dsfr good", dsfr(""), set()),
    (
        "dsfr follow",
        dsfr(
            "",
            "<div class='fr-follow'><h2 class='fr-h5'>Suivez-nous <br> sur les réseaux sociaux</h2><ul class='fr-btns-group'><li><a class='fr-btn--linkedin fr-btn' title='linkedIn - nouvelle fenêtre' href='[À MODIFIER - Lien vers la page linkedIn]' target='_blank'>linkedin</a></li></ul></div>",
        ),
        {"social"},
    ),
    (
        "dsfr modal",
        dsfr(
            "<dialog id=m class=fr-modal aria-labelledby=mt><h2 id=mt>Réglages</h2><button class='fr-btn--close fr-btn' title='Fermer'>Fermer</button></dialog>"
        ),
        set(),
    ),
    (
        "dsfr accordion",
        dsfr(
            "<section class='fr-accordion'><h2 class='fr-accordion__title'><button class='fr-accordion__btn' aria-expanded='false' aria-controls='a1'>Déroulé</button></h2><div class='fr-collapse' id='a1'><p>Lire la carte.</p></div></section>"
        ),
        set(),
    ),
    (
        "dsfr table",
        dsfr(
            "<div class='fr-table'><table><caption>Villes</caption><thead><tr><th scope='col'>Ville</th><th scope='col'>Alt.</th></tr></thead><tbody><tr><td>Lyon</td><td>170</td></tr></tbody></table></div>"
        ),
        set(),
    ),
    (
        "dsfr video local",
        dsfr(
            "<figure class='fr-content-media'><video controls><source src='/a.mp4' type='video/mp4'><track kind='captions' srclang='fr' src='/a.vtt' label='fr'>Votre navigateur ne lit pas la vidéo</video><figcaption>La vallée</figcaption></figure><p><a href='/t'>Transcription de la vidéo de la vallée</a></p>"
        ),
        set(),
    ),
    (
        "about licences tuto",
        dsfr(
            "<h2>Les licences Creative Commons</h2><ul>"
            + "".join(
                f"<li><a href='https://creativecommons.org/licenses/{x}/4.0/deed.fr'>CC {x.upper()}</a> : on peut copier</li>"
                for x in ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
            )
            + "</ul>"
        ),
        set(),
    ),
    (
        "credit line",
        dsfr(
            "<p><small>Crédit image : Jeanne Dupré, CC BY-SA 3.0, via Wikimedia Commons</small></p><img src='/c.jpg' alt='Vallée du Rhône'>"
        ),
        set(),
    ),
    (
        "pupils gar",
        dsfr(
            "<p>Les élèves se connectent à l'ENT avec leur compte EduConnect, puis ouvrent la ressource du GAR. Aucun compte à créer.</p>"
        ),
        set(),
    ),
    (
        "forms google",
        dsfr(
            "<p>Les élèves répondent au <a href='https://docs.google.com/forms/d/e/1/viewform'>questionnaire sur la vallée</a>.</p>"
        ),
        {"pupil_account?"},
    ),
    (
        "h5p",
        dsfr(
            "<iframe src='https://digitale.ac-lyon.fr/h5p/embed/3' title='Exercice sur la carte' width=900 height=500 allowfullscreen></iframe>"
        ),
        set(),
    ),
    ("ladigitale", dsfr("<p><a href='https://digipad.app/p/123/abc'>Le mur de la classe</a></p>"), set()),
    (
        "layout simple",
        html(
            "<table width=100% border=0 cellpadding=0><tr><td><img src='/a.png' alt='Carte'></td><td><p>La carte montre la vallée, ses deux versants et le cours d'eau qui l'a creusée depuis longtemps. On y voit aussi le village, son église, les champs et la route qui les relie à la ville voisine, à dix kilomètres de là vers le nord, au-delà du col.</p></td></tr><tr><td><img src='/b.png' alt='Coupe'></td><td><p>La coupe montre les couches de roches, de la plus ancienne, en bas, à la plus récente, en haut, telles que les élèves les ont relevées au bord de la route, et telles que la carte géologique les donne au même endroit, à la même échelle, sans faute.</p></td></tr></table>"
        ),
        set(),
    ),
    (
        "definition table",
        html(
            "<table><tr><td>Niveau</td><td>Cinquième</td></tr><tr><td>Durée</td><td>Deux heures</td></tr><tr><td>Matériel</td><td>Carte</td></tr></table>"
        ),
        {"a11y.table"},
    ),
    ("lang region", html(lang=' lang="fr-fr"'), set()),
    (
        "ol lists bold lead",
        html("<p><strong>Durée :</strong> deux heures</p><p><strong>Niveau :</strong> cinquième</p>"),
        set(),
    ),
    (
        "bold label only",
        html("<h2>Plan</h2><p><strong>Séance 1</strong></p><p>Lire.</p><p><strong>Séance 2</strong></p><p>Écrire.</p>"),
        {"a11y.head"},
    ),
    ("footer h4", html().replace("<footer>", "<footer><h2>Le site</h2><p>Académie</p>"), set()),
    ("aside h3 first", html().replace("<header>", "<header><h3>Menu</h3>"), set()),
    ("noindex refresh", html(head="<meta http-equiv=refresh content='300'>"), set()),
    ("refresh login later", html(head="<meta http-equiv=refresh content='1800;url=/login'>"), set()),
    (
        "img map",
        html(
            "<img src='/p.png' usemap='#m' alt='Plan des salles'><map name=m><area href='/s1' alt='Salle 1'><area href='/s2'></map>"
        ),
        {"a11y.alt"},
    ),
    ("svg in btn", html("<button><svg role=img aria-label='Fermer'><path/></svg></button>"), set()),
    ("lite yt", html("<lite-youtube videoid=abc title='La rivière'></lite-youtube>"), {"a11y.captions?"}),
    ("tac yt", html("<div class='youtube_player' videoID='abc' title='La rivière'></div>"), {"a11y.captions?"}),
    (
        "obj pdf",
        html(
            "<object data='/f.pdf' type='application/pdf' width=600 height=400><a href='/f.pdf'>La fiche de la classe</a></object>"
        ),
        set(),
    ),
    (
        "frame data-src",
        html("<iframe data-src='https://www.youtube-nocookie.com/embed/a' title='La rivière' class=lazy></iframe>"),
        {"thirdparty?", "a11y.captions?"},
    ),
    (
        "form ext",
        html(
            "<form action='https://www.mailchimp.example/s' method=post><label>Courriel <input type=email name=e></label><button>S'abonner</button></form>"
        ),
        {"thirdparty?"},
    ),
    ("css proto rel", html(head="<style>@import url(//fonts.googleapis.com/css?family=Lato);</style>"), {"thirdparty"}),
    (
        "license img wiki",
        html(
            "<figure><img src='/a.jpg' alt='Vallée'><figcaption>Vallée, par Jean, <a rel='license' href='https://creativecommons.org/licenses/by/2.0/'>CC BY 2.0</a></figcaption></figure>"
        ),
        set(),
    ),
    ("copyright only foot", html(licence="<p>© Académie de Lyon 2024</p>"), {"licence"}),
    ("licence page lien", html(licence="<p><a href='/licence'>Licence</a></p>"), {"licence"}),
]


@pytest.mark.parametrize(("name", "source", "expected"), PAGES, ids=[page[0] for page in PAGES])
def test_pages_of_publishing_tools(name: str, source: str, expected: set[str]) -> None:
    assert marks(audit_page(fetched(source))) == expected, name
