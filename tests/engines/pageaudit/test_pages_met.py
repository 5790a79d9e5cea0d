# ruff: noqa: E501 - pages, each on its line
"""Pages as sites write them: what publishing tools, sign-in desks, consent managers and share bars really put out."""

from typing import Any

import pytest
from pages_made import FOOT, LICENCE, PROSE, fetched, html, marks

from traam.engines.pageaudit import audit_page

SHORT = "<p>Une carte du relief à imprimer pour la classe de cinquième.</p>"

LONGLIST = "".join(f"<p>Article {number} : {PROSE}</p>" for number in range(5))

PAGES: list[tuple[str, str, set[str], dict[str, Any]]] = [
    (
        "corrige reserve",
        html("<p>Le corrigé est réservé aux enseignants : demandez-le par courriel.</p>", prose=SHORT),
        set(),
        {},
    ),
    (
        "commentaires",
        html("<h2>Commentaires</h2><p>Vous devez vous connecter pour publier un commentaire.</p>", prose=SHORT),
        set(),
        {},
    ),
    (
        "ent",
        html(
            "<h2>Déroulé</h2><ol><li>Les élèves se connectent à l'ENT.</li><li>Ils ouvrent l'espace réservé à la classe.</li></ol>",
            prose=SHORT,
        ),
        set(),
        {},
    ),
    (
        "mdp",
        html(
            "<p>Pour ouvrir la session, l'élève saisit son identifiant et son mot de passe de l'ENT, puis choisit la carte.</p>",
            prose=SHORT,
        ),
        set(),
        {},
    ),
    (
        "acces restreint sujet",
        html("<h2>Internet et accès restreint</h2><p>On étudie l'accès refusé à une page : code 403.</p>", prose=SHORT),
        set(),
        {},
    ),
    ("site n'existe plus", html("<p>Le site d'origine n'existe plus, en voici une copie.</p>", prose=SHORT), set(), {}),
    (
        "doc plus dispo",
        html("<p>Le document source n'est plus disponible en ligne.</p>", prose=SHORT, h1="<h1>Le relief</h1>"),
        set(),
        {},
    ),
    (
        "wp 404",
        "<html lang='fr-FR'><head><title>Page non trouvée &#8211; SVT Lyon</title></head><body class='error404'><div id='page'><header id='masthead'><h1 class='site-title'>SVT Lyon</h1></header><div id='content'><h1>Oops! That page can&rsquo;t be found.</h1><p>Il semble que rien n'a été trouvé à cet endroit.</p><form role=search><label>Rechercher <input type=search name=s></label></form></div></body></html>",
        {"reach"},
        {},
    ),
    (
        "spip 404",
        "<html lang=fr><head><title>SVT Lyon - Erreur 404</title></head><body><div id=conteneur><h1 class=titre>Cet article n'existe pas ou n'est plus publié</h1></div></body></html>",
        {"reach"},
        {},
    ),
    (
        "dsfr 404",
        "<html lang=fr><head><title>Page non trouvée - Site</title></head><body><main><div class=fr-container><h1>Page non trouvée</h1><p>Erreur 404</p><p>La page que vous cherchez est introuvable. Excusez-nous pour la gêne occasionnée.</p><p>Si vous avez tapé l'adresse web dans le navigateur, vérifiez qu'elle est correcte. La page n’est peut-être plus disponible. Dans ce cas, pour continuer votre visite vous pouvez consulter notre page d’accueil, ou effectuer une recherche avec notre moteur de recherche en haut de page. Sinon contactez-nous pour que l’on puisse vous rediriger vers la bonne information.</p><a class=fr-btn href=/>Page d'accueil</a></div></main></body></html>",
        {"reach"},
        {},
    ),
    (
        "nextcloud",
        "<html lang=fr><head><title>Nuage</title></head><body><main><div class=update><h2>Ce partage n'est plus disponible</h2><p>Le lien a expiré ou a été supprimé.</p></div></main></body></html>",
        {"reach"},
        {},
    ),
    (
        "moodle login",
        "<html lang=fr><head><title>Se connecter sur le site | Magistère</title></head><body><div id=page><h1>Magistère</h1><div class=login-form><p>Vous n'êtes pas connecté.</p><form action=/login/index.php><input type=hidden name=logintoken><label for=username>Nom d'utilisateur</label><input id=username name=username><label for=password>Mot de passe</label><input id=password name=password type=password><button>Connexion</button></form><a href=/forgot>Mot de passe oublié ?</a><div><h3>Certains cours peuvent permettre l'accès anonyme</h3></div></div></body></html>",
        {"auth"},
        {"final": "https://magistere.education.fr/login/index.php"},
    ),
    (
        "moodle enrol",
        "<html lang=fr><head><title>Options d'inscription</title></head><body><div id=page><h1>TraAM SVT</h1><h2>Options d'inscription</h2><div role=main><p>Vous ne pouvez pas vous inscrire vous-même à ce cours.</p><a class=btn href=/>Continuer</a></div></div></body></html>",
        {"auth"},
        {"final": "https://m.education.fr/enrol/index.php?id=3"},
    ),
    (
        "genially private",
        "<html lang=fr><head><title>Genially</title></head><body><h1>Ce Genially est privé</h1><p>Demandez l'accès à son auteur.</p></body></html>",
        {"auth"},
        {},
    ),
    (
        "drive",
        "<html lang=fr><head><title>Google Drive : accès refusé</title></head><body><p>Vous avez besoin d'une autorisation d'accès.</p><p>Demandez l'accès ou connectez-vous à un compte qui dispose d'une autorisation.</p></body></html>",
        {"auth"},
        {},
    ),
    (
        "educonnect page",
        "<html lang=fr><head><title>ÉduConnect</title></head><body><h1>Je me connecte</h1><h2>Sélectionnez votre profil</h2><ul><li><a href=/e>Élève</a></li><li><a href=/r>Représentant légal</a></li></ul></body></html>",
        {"auth"},
        {},
    ),
    (
        "ent portal",
        "<html lang=fr><head><title>ENT - Authentification</title></head><body><h1>Bienvenue sur l'ENT</h1><ul><li><a href=1>Élèves et parents avec ÉduConnect</a><li><a href=2>Enseignants et personnels de l'académie</a></ul></body></html>",
        {"auth"},
        {},
    ),
    (
        "tribu",
        "<html lang=fr><head><title>Tribu</title></head><body><p>Cet espace collaboratif est accessible uniquement aux membres. Merci de vous authentifier.</p><a href='/cas'>S'authentifier</a></body></html>",
        {"auth"},
        {},
    ),
    ("partial", html("<p>La suite de cet article est réservée aux abonnés.</p>"), {"auth?"}, {}),
    ("relay", html(head="<script src='/gtag/js?id=G-ABC123'></script>"), {"tracker"}, {}),
    (
        "orejime tpl",
        html(
            head="<template data-purpose='analytics'><script src='https://www.googletagmanager.com/gtag/js?id=G-1'></script></template>"
        ),
        {"tracker"},
        {},
    ),
    (
        "cookiebot",
        html(head="<script id=Cookiebot src='https://consent.cookiebot.com/uc.js' data-cbid=1></script>"),
        {"tracker?", "thirdparty"},
        {},
    ),
    (
        "didomi",
        html(
            head="<script type='didomi/javascript' data-vendor='c:googleana' src='https://www.google-analytics.com/analytics.js'></script>"
        ),
        {"tracker"},
        {},
    ),
    (
        "didomi sdk",
        html(
            head="<script>window.gdprAppliesGlobally=true;(function(){function n(){};var e=document.createElement('script');e.src='https://sdk.privacy-center.org/'+t+'/loader.js'})();</script>"
        ),
        {"tracker?"},
        {},
    ),
    (
        "axeptio",
        html(
            head="<script>window.axeptioSettings={clientId:'5f',cookiesVersion:'a'};(function(d,s){var e=d.createElement(s);e.async=true;e.src='//static.axept.io/sdk.js';})(document,'script');</script>"
        ),
        {"tracker?"},
        {},
    ),
    (
        "axeptio ga",
        html(
            head="<script>void 0 === window._axcb && (window._axcb = []);window._axcb.push(function(axeptio) {axeptio.on('cookies:complete', function(choices) {if(choices.google_analytics) {launchGA();}})})</script>"
        ),
        {"tracker"},
        {},
    ),
    ("tac gtm", html(head="<script>tarteaucitron.user.googletagmanagerId = 'GTM-XXXX';</script>"), {"tracker"}, {}),
    (
        "tac matomo",
        html(
            head="<script>tarteaucitron.user.matomoId = 4; (tarteaucitron.job = tarteaucitron.job || []).push('matomocloud');tarteaucitron.user.matomoHost = 'https://stats.ac-lyon.fr/';</script>"
        ),
        {"analytics?"},
        {},
    ),
    (
        "xiti ac",
        html("<noscript><img width=1 height=1 alt='' src='https://logi242.xiti.com/hit.xiti?s=1'></noscript>"),
        {"tracker"},
        {},
    ),
    ("eulerian", html(head="<script>EA_push(['site','x'])</script>"), {"tracker"}, {}),
    ("recaptcha", html(head="<script src='https://www.google.com/recaptcha/api.js'></script>"), {"tracker"}, {}),
    (
        "maps",
        html("<iframe title='Plan de la ville' src='https://www.google.com/maps/embed?pb=1'></iframe>"),
        {"thirdparty"},
        {},
    ),
    (
        "disqus",
        html(
            "<div id=disqus_thread></div><script>var d=document,s=d.createElement('script');s.src='https://svt.disqus.com/embed.js';</script>"
        ),
        {"tracker"},
        {},
    ),
    (
        "about cookies",
        html(
            "<h2>Les témoins</h2><p>_ga et _gid sont déposés par Google Analytics ; <a href='https://www.cnil.fr/fr/cookies'>la CNIL</a>, <a href='https://policies.google.com/privacy'>les règles de Google</a>, <a href='https://marketingplatform.google.com/about/analytics/'>le produit</a>.</p>"
        ),
        set(),
        {},
    ),
    ("hal link", html("<p><a href='https://www.googletagmanager.com/'>Le produit étudié</a></p>"), set(), {}),
    (
        "dsfr share",
        html(
            "<div class=fr-share><p class=fr-share__title>Partager la page</p><ul><li><a class='fr-btn--facebook fr-btn' href='https://www.facebook.com/sharer.php?u=x' title='Partager sur Facebook - nouvelle fenêtre'>Partager sur Facebook</a></li></ul></div>"
        ),
        {"social"},
        {},
    ),
    (
        "toc",
        html(
            "<ul><li><a href='#facebook'>Facebook</a></li><li><a href='#x'>X</a></li></ul><h2 id=facebook>Facebook</h2><h2 id=x>X</h2>"
        ),
        set(),
        {},
    ),
    (
        "share icons",
        html(
            "<ul class='share-buttons'><li><button data-network=facebook aria-label=Facebook><i></i></button></li></ul>"
        ),
        {"social"},
        {},
    ),
    ("redirection", html("<a href='/go/tw'>Suivez-nous sur Twitter (nouvelle fenêtre)</a>"), {"social"}, {}),
    (
        "tweet lesson",
        html(
            "<h2>Analyser un tweet</h2><p>« Tweeter » n'est pas prouver. Voici le texte d'un message publié le 3 mai 2022 par @AcLyon : « Bonne rentrée ».</p>"
        ),
        set(),
        {},
    ),
    (
        "peertube",
        html("<p><a href='https://tube-sciences.apps.education.fr/w/abc'>La vidéo de la vallée</a></p>"),
        set(),
        {},
    ),
    ("peertube2", html("<p><a href='https://framatube.org/@framasoft'>La chaîne</a></p>"), set(), {}),
    ("mail share", html("<a href='mailto:?subject=x'>Partager par courriel</a>"), set(), {}),
    ("rss", html("<a href='/rss'>Suivre le fil RSS</a>"), set(), {}),
    ("linkedin learn", html("<a href='https://www.linkedin.com/learning/carto'>Un cours de carte</a>"), set(), {}),
    (
        "sameas",
        html('<script type=\'application/ld+json\'>{"sameAs":["https://www.facebook.com/aclyon"]}</script>'),
        set(),
        {},
    ),
    (
        "twitter img",
        html("<a href='https://twitter.com/ac_lyon' aria-label='Compte Twitter'><svg aria-hidden=true></svg></a>"),
        {"social"},
        {},
    ),
    ("fediverse remote", html("<a href='https://pouet.chapril.org/@svt/109385'>Le message</a>"), {"social"}, {}),
    (
        "onclick",
        html(
            "<span role=button tabindex=0 onclick='shareFb()' class='share-fb' aria-label='Partager sur Facebook'></span>"
        ),
        {"social"},
        {},
    ),
    ("whats", html("<a href='https://api.whatsapp.com/send?text=x'>Envoyer</a>"), {"social"}, {}),
    (
        "ext redirect",
        html("<a href='https://www.google.com/url?q=https://www.facebook.com/aclyon&sa=D'>Page du lycée</a>"),
        {"social"},
        {},
    ),
    ("btn noattr", html("<button>Partager sur Facebook</button>"), {"social"}, {}),
    ("sharer.js", html("<button data-sharer='twitter' data-title='x'>Faire savoir</button>"), {"social"}, {}),
    (
        "svg use",
        html("<button aria-label='Voir'><svg aria-hidden=true><use href='#icon-linkedin'></use></svg></button>"),
        {"social"},
        {},
    ),
    (
        "a2a",
        html(
            "<div class='a2a_kit a2a_kit_size_32'><a class='a2a_button_facebook'></a><a class='a2a_button_mastodon'></a></div><script async src='https://static.addtoany.com/menu/page.js'></script>"
        ),
        {"social", "thirdparty"},
        {},
    ),
    (
        "tac facebook",
        html(
            head="<script src='/tac.js'></script><script>tarteaucitron.init({}); (tarteaucitron.job = tarteaucitron.job || []).push('facebook');</script>"
        ),
        {"social"},
        {},
    ),
    (
        "tac yt only",
        html(
            head="<script>tarteaucitron.init({}); (tarteaucitron.job = tarteaucitron.job || []).push('youtube');</script>"
        ),
        set(),
        {},
    ),
    (
        "long 404",
        f"<html lang=fr><head><title>Page introuvable | SVT Lyon</title></head><body><main><h1>Page introuvable</h1>{LONGLIST}</main></body></html>",
        {"reach"},
        {},
    ),
    (
        "lesson 404",
        html(
            LONGLIST,
            h1="<h1>Erreur 404 : enquêter sur une page disparue</h1>",
            title="<title>Erreur 404 : enquêter sur une page disparue - SVT</title>",
        ),
        set(),
        {},
    ),
    (
        "expired link",
        "<html lang=fr><head><title>Partage</title></head><body><main><h1>Partage</h1><p>Ce lien de partage a expiré.</p></main></body></html>",
        {"reach"},
        {},
    ),
    (
        "blog gone",
        "<html lang=fr><head><title>Blog</title></head><body><p>Ce blog a été supprimé ou suspendu.</p></body></html>",
        {"reach"},
        {},
    ),
    (
        "login verbose",
        f"<html lang=fr><head><title>Connexion - Portail</title></head><body><main><h1>Connexion</h1><form><label>Identifiant<input name=u></label><label>Mot de passe<input type=password name=p></label></form><p>{PROSE}</p><p>{PROSE}</p></main></body></html>",
        {"auth"},
        {},
    ),
    (
        "refus verbose",
        f"<html lang=fr><head><title>Accès réservé</title></head><body><main><h1>Accès réservé</h1><p>Cette page est réservée aux membres du groupe.</p><p>{PROSE}</p></main></body></html>",
        {"auth"},
        {},
    ),
    (
        "tuto ent",
        html(
            "<h2>Étape 1</h2><p>Connectez-vous avec votre identifiant et votre mot de passe.</p><img src='/1.png' alt='Page de connexion de l’ENT'><h2>Étape 2</h2><p>Cliquez sur le module.</p>",
            h1="<h1>Se connecter à l'ENT</h1>",
            title="<title>Se connecter à l'ENT - Aide</title>",
            prose="",
        ),
        set(),
        {},
    ),
    (
        "mdp lecon",
        html(
            "<form><label>Essayez un mot de passe <input type=password></label></form>",
            h1="<h1>Choisir un mot de passe solide</h1>",
        ),
        set(),
        {},
    ),
    (
        "joomla side login",
        f"<html lang=fr><head><title>Le relief - SVT</title></head><body><div id=left class=col><h2>Identification</h2><form><label>Identifiant<input name=u></label><label>Mot de passe<input type=password></label><a href=x>Mot de passe oublié ?</a></form></div><div id=center><h1>Le relief</h1><p>{PROSE}</p><p>{PROSE}</p></div>{LICENCE}{FOOT}</body></html>",
        set(),
        {},
    ),
    (
        "matomo tiers",
        html(
            head="<script>var _paq=[];var u='https://stats.exemple.net/';_paq.push(['setTrackerUrl',u+'matomo.php']);</script>"
        ),
        {"tracker?", "thirdparty"},
        {},
    ),
    ("cas gateway", html(), set(), {"final": "https://svt.ac-lyon.fr/traam/scenario-relief?ticket=ST-1"}),
    (
        "403 waf",
        "<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>",
        {"auth"},
        {"status": 403},
    ),
    (
        "index of",
        "<html lang=fr><head><title>Index of /traam</title></head><body><h1>Index of /traam</h1><a href='a.pdf'>a.pdf</a></body></html>",
        {"licence", "legal", "a11ystmt"},
        {},
    ),
    (
        "fr twitter video embed",
        html(
            "<blockquote class='twitter-video' data-lang=fr><a href='https://twitter.com/x/status/1'>3 mai</a></blockquote>"
        ),
        {"social"},
        {},
    ),
    ("insta feed wp", html("<div id='sb_instagram' class='sbi'></div>"), {"social"}, {}),
    (
        "fb page plugin",
        html(
            "<div id='fb-root'></div><script async src='https://connect.facebook.net/fr_FR/sdk.js#xfbml=1'></script><div class='fb-page' data-href='https://www.facebook.com/aclyon/'></div>"
        ),
        {"social", "thirdparty"},
        {},
    ),
    (
        "emi page",
        html(
            "<h2>Vérifier un compte</h2><p>Sur X, Facebook ou TikTok, regardez l'adresse : <code>https://twitter.com/elysee</code>. Lisez les <a href='https://www.facebook.com/communitystandards/'>règles de la communauté de Facebook</a> et <a href='https://support.tiktok.com/fr'>l'aide de TikTok</a>. Voir <a href='https://www.clemi.fr/reseaux-sociaux'>le dossier du CLEMI sur les réseaux sociaux</a>.</p><img src='/tweet.png' alt='Copie d’un tweet de 2019 : le texte annonce la rentrée'>"
        ),
        set(),
        {},
    ),
    (
        "peertube embed edu",
        html(
            "<iframe title='La vallée' src='https://tube-sciences-technologies.apps.education.fr/videos/embed/abc'></iframe>"
        ),
        {"a11y.captions?"},
        {},
    ),
    ("json list of nets", html("<script>var nets=['facebook','twitter'];function f(){}</script>"), set(), {}),
    (
        "discord link",
        html("<p>Rejoignez notre <a href='https://discord.com/invite/abc'>salon de classe</a></p>"),
        {"social", "pupil_account?"},
        {},
    ),
    (
        "login box beside a short lesson",
        html(
            "<h2>Le mur</h2><p>Chacun ajoute une idée.</p><h2>Consigne</h2><p>Dire d'où on la tient.</p>", prose=""
        ).replace(
            "</main>",
            "</main><div id=x class=span3><form><p>Rédacteurs</p><label>Identifiant <input name=u></label><label>Mot de passe <input type=password name=p></label></form></div>",
        ),
        set(),
        {},
    ),
    (
        "lesson on error codes",
        html(
            "<h2>Une page introuvable</h2><p>Quand un serveur répond 404, la page demandée n'existe pas.</p><h2>Activité</h2><h2>Bilan</h2>",
            h1="<h1>Erreur 404 : les codes du Web</h1>",
        ),
        set(),
        {},
    ),
    (
        "a chapter to come",
        html("<p>Page en travaux : le chapitre trois n'existe pas encore.</p>", prose=SHORT),
        set(),
        {},
    ),
    ("default title", html(title="<title>Document sans titre</title>"), {"a11y.title"}, {}),
    (
        "kept for subscribers",
        html("<p>Cet article est réservé à nos abonnés.</p><p><a href='/abo'>Je m'abonne</a></p>"),
        {"auth"},
        {},
    ),
    (
        "a lesson on the press",
        html(
            "<p>On y lit « Cet article est réservé aux abonnés. » et l'on cherche pourquoi.</p><p><a href='/i'>S'inscrire à la visite</a></p>"
        ),
        set(),
        {},
    ),
    (
        "a document taken away",
        "<html lang=fr><head><title>Pads</title></head><body><p>Ce document a été supprimé par son auteur.</p></body></html>",
        {"reach"},
        {},
    ),
    (
        "a lesson on signing in",
        html(
            "<p>Essayez :</p><form><label>Mot de passe <input type=password></label></form>",
            h1="<h1>Authentification : pourquoi deux facteurs</h1>",
            title="<title>Authentification : pourquoi deux facteurs | SNT</title>",
        ),
        set(),
        {},
    ),
    (
        "crisp",
        html(head="<script>window.$crisp=[];s.src='https://client.crisp.chat/l.js';</script>"),
        {"thirdparty?"},
        {},
    ),
    ("sentry", html(head="<script src='https://browser.sentry-cdn.com/7/bundle.min.js'></script>"), {"thirdparty"}, {}),
    ("typekit", html(head="<link rel=stylesheet href='https://use.typekit.net/abc.css'>"), {"thirdparty"}, {}),
    (
        "cdn jsdelivr",
        html(head="<script src='https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js'></script>"),
        {"thirdparty"},
        {},
    ),
    ("geoportail", html("<iframe title='Carte' src='https://cartes.ign.fr/embed?c=1'></iframe>"), {"thirdparty"}, {}),
    (
        "ign gouv",
        html("<iframe title='Carte' src='https://www.geoportail.gouv.fr/embed/visu.html'></iframe>"),
        set(),
        {},
    ),
    (
        "gtm noscript",
        html(
            "<noscript><iframe src='https://www.googletagmanager.com/ns.html?id=GTM-A' height=0 width=0 style='display:none'></iframe></noscript>"
        ),
        {"tracker"},
        {},
    ),
    (
        "gtag consent",
        html(
            head="<script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments);}gtag('consent','default',{'analytics_storage':'denied'});</script>"
        ),
        {"tracker"},
        {},
    ),
    ("pixel 1x1 attr px", html("<img src='https://p.exemple.net/x' width='1px' height='1px' alt=''>"), {"tracker"}, {}),
    ("image 1x100", html("<img src='https://p.exemple.net/x' width='1' height='100' alt=''>"), {"thirdparty"}, {}),
    ("dc.rights", html(licence="", head="<meta name='DC.rights' content='CC BY-NC-SA 4.0'>"), set(), {}),
    (
        "rdfa",
        html(
            licence="<p xmlns:cc='http://creativecommons.org/ns#'><a property='dct:title' href='/'>Le relief</a> est sous <a href='http://creativecommons.org/licenses/by-nc/4.0/?ref=chooser-v1' rel='license noopener'>CC BY-NC 4.0<img src='/cc.svg' alt=''></a></p>"
        ),
        set(),
        {},
    ),
    (
        "badge link",
        html(
            licence="<p><a rel='license' href='http://creativecommons.org/licenses/by-nc-sa/3.0/fr/'><img alt='Licence Creative Commons' style='border-width:0' src='/i/by-nc-sa.png'></a><br>Ce(tte) œuvre est mise à disposition selon les termes de la <a rel='license' href='http://creativecommons.org/licenses/by-nc-sa/3.0/fr/'>Licence Creative Commons Attribution - Pas d’Utilisation Commerciale - Partage dans les Mêmes Conditions 3.0 France</a>.</p>"
        ),
        set(),
        {},
    ),
    (
        "two licences dual",
        html(licence="<p>Les textes sont sous licence CC BY-SA 4.0, les données sous Licence Ouverte 2.0.</p>"),
        set(),
        {},
    ),
    (
        "contradict foot vs content",
        html("<p>Cette activité est mise à disposition sous licence CC BY-NC-ND 4.0.</p>"),
        {"licence"},
        {},
    ),
    ("code gpl", html("<p>Le code du programme est distribué sous licence GNU GPL v3.</p>"), set(), {}),
    ("code mit", html("<p>Le programme Python est sous licence MIT.</p>"), set(), {}),
    ("font ofl", html("<p>La police est sous licence libre.</p>"), set(), {}),
    ("image all rights", html("<p>Photographie : musée de Lyon, tous droits réservés.</p>"), set(), {}),
    (
        "lien vers video ext",
        html("<p><a href='https://www.youtube.com/watch?v=1'>La vidéo sur YouTube de la rivière</a></p>"),
        set(),
        {},
    ),
    (
        "chaine playlist",
        html("<p><a href='https://www.youtube.com/playlist?list=1'>La liste de vidéos</a></p>"),
        set(),
        {},
    ),
    (
        "legal anchored only",
        html(
            foot="<p><a href='#legal'>Mentions légales</a> <a href='/accessibilite'>Accessibilité : non conforme</a></p><div id=legal><h2>Mentions légales</h2><p>Rectorat.</p></div>"
        ),
        set(),
        {},
    ),
    (
        "pad",
        "<html lang=fr><head><title>CodiMD</title></head><body><div class=container><h1>404 Not Found</h1><p>oops.</p></div></body></html>",
        {"reach"},
        {},
    ),
    (
        "peertube blocked",
        "<html lang=fr><head><title>Tube</title></head><body><p>Cette vidéo est introuvable.</p></body></html>",
        {"reach"},
        {},
    ),
    ("moodle guest", html("<p>Vous êtes connecté anonymement (<a href='/login'>Connexion</a>)</p>"), set(), {}),
    (
        "english wall",
        "<html lang=en><head><title>Sign in</title></head><body><h1>Sign in</h1><form><input name=email title=Email><button>Next</button></form></body></html>",
        {"auth"},
        {},
    ),
    (
        "portal text",
        "<html lang=fr><head><title>Portail Arena</title></head><body><h1>Authentification</h1><form><label>Identifiant<input name=u></label><label>Passcode<input type=password name=p></label><button>Valider</button></form></body></html>",
        {"auth"},
        {},
    ),
    (
        "padlet removed",
        "<html lang=fr><head><title>Padlet</title></head><body><h1>Accès refusé</h1><p>Ce padlet est privé. Demandez au propriétaire de le partager.</p></body></html>",
        {"auth"},
        {},
    ),
    (
        "framaforms closed",
        "<html lang=fr><head><title>Formulaire</title></head><body><main><h1>Formulaire clos</h1><p>Ce formulaire est fermé.</p></main></body></html>",
        {"reach"},
        {},
    ),
]


@pytest.mark.parametrize(("name", "source", "expected", "how"), PAGES, ids=[page[0] for page in PAGES])
def test_pages_as_they_are_met(name: str, source: str, expected: set[str], how: dict[str, Any]) -> None:
    assert marks(audit_page(fetched(source, **how))) == expected, name
