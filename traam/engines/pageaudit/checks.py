# ruff: noqa: E501 - sentences of a report, each on its line
"""What is looked for: each check with its weight, the part of the rules it serves, and how to mend what it finds.

Documentation for people: `title` names the requirement, `seeks` says what the machine looks at (so that nobody has to
guess why it found nothing), `mend` what to do; for documents, in LibreOffice and in Word.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from traam.engines.pageaudit.values import Severity

BLOCKING, MAJOR, MINOR, INFO = Severity.BLOCKING, Severity.MAJOR, Severity.MINOR, Severity.INFO


@dataclass(frozen=True)
class Check:
    """`topic` is the part of the work whose article asks for it; `rgaa` the criteria of RGAA 4.1 it is a test of."""

    code: str
    title: str
    severity: Severity
    topic: str
    seeks: str
    mend: str
    rgaa: tuple[str, ...] = ()
    libreoffice: str = ""
    word: str = ""


_ALL = (
    # --- Open, without an account
    Check(
        "reach",
        "La page répond",
        BLOCKING,
        "openness",
        "L'adresse est demandée comme par un lecteur : elle doit répondre une page, et non une erreur ni une page qui dit qu'elle n'existe pas.",
        "Vérifiez l'adresse dans un navigateur où vous n'êtes pas connecté, puis corrigez-la.",
    ),
    Check(
        "auth",
        "La page se lit sans s'identifier",
        BLOCKING,
        "openness",
        "Un renvoi vers un guichet de connexion, une réponse 401 ou 403, un mot de passe demandé à la place du contenu.",
        "Publiez la page dans un espace ouvert, puis essayez dans une fenêtre de navigation privée.",
    ),
    Check(
        "https",
        "La page est servie en HTTPS",
        MAJOR,
        "openness",
        "L'adresse finale commence par https://.",
        "Demandez à l'administrateur du site un certificat ; donnez ensuite l'adresse en https://.",
    ),
    Check(
        "mixed",
        "Rien n'est chargé en HTTP dans une page HTTPS",
        MAJOR,
        "openness",
        "Images, cadres, scripts, styles et médias appelés par une adresse en http://.",
        "Remplacez http:// par https:// dans l'adresse, ou déposez le fichier sur le site.",
    ),
    Check(
        "deadlink",
        "Les liens répondent",
        MINOR,
        "openness",
        "Chaque lien de la page est demandé ; une erreur, ou une page qui dit qu'elle n'existe pas, est signalée.",
        "Corrigez l'adresse du lien ou retirez-le.",
    ),
    # --- Personal data
    Check(
        "tracker",
        "Aucun traceur",
        BLOCKING,
        "rights",
        "Scripts, images d'un pixel et cadres de services connus pour suivre les lecteurs, y compris lancés par un gestionnaire de consentement.",
        "Retirez le code du service de mesure ou de publicité ; pour une mesure d'audience, préférez un outil exempté de consentement.",
    ),
    Check(
        "analytics",
        "Une mesure d'audience exemptée reste réglée comme telle",
        INFO,
        "rights",
        "Matomo ou un outil du même genre, servi par le site ou par l'État.",
        "Vérifiez auprès de l'administrateur du site que l'outil est réglé selon l'exemption de la CNIL.",
    ),
    Check(
        "thirdparty",
        "Rien n'est chargé d'un autre site",
        MAJOR,
        "rights",
        "Polices, scripts, styles, images, cadres et médias chargés d'un autre domaine sans que le lecteur l'ait demandé.",
        "Déposez le fichier sur le site ; remplacez un lecteur vidéo intégré par un lien, ou par une vidéo hébergée par l'éducation nationale.",
    ),
    Check(
        "social",
        "Aucun renvoi vers les réseaux sociaux",
        BLOCKING,
        "rights",
        "Liens, boutons de partage et fils intégrés de réseaux sociaux, y compris le Fédivers.",
        "Retirez le lien ou le bouton. Citez une publication par son texte, son auteur et sa date.",
    ),
    Check(
        "pupil_account",
        "Aucun compte au nom d'un élève",
        MAJOR,
        "rights",
        "Phrases qui demandent aux élèves de créer un compte ou de s'inscrire, et services connus pour en demander un.",
        "Préférez un service sans compte, ou proposé par l'ENT, le GAR ou apps.education.fr, ou un compte de classe.",
    ),
    Check(
        "cookie",
        "Aucun témoin de connexion avant l'accord du lecteur",
        MAJOR,
        "rights",
        "Témoins déposés à l'arrivée, hors ceux de session strictement nécessaires.",
        "Faites régler le gestionnaire de consentement pour que rien ne soit déposé avant l'accord.",
    ),
    Check(
        "photo",
        "Aucune photographie ne dit où elle a été prise",
        MAJOR,
        "rights",
        "Coordonnées et nom d'auteur gardés dans les images du site (Exif, XMP).",
        "Enlevez ces données : enregistrez l'image sous un autre nom dans un logiciel de retouche sans ses métadonnées, puis déposez-la à nouveau.",
    ),
    # --- Rights
    Check(
        "licence",
        "La licence est dite, et une seule",
        MAJOR,
        "rights",
        "rel=license, données structurées, lien vers Creative Commons ou Licence Ouverte, ou nom de la licence dans le texte ; et si deux se contredisent.",
        "Écrivez la licence au bas de la page, avec un lien vers son texte.",
    ),
    Check(
        "legal",
        "Les mentions légales sont à portée",
        MINOR,
        "rights",
        "Un lien dont le texte dit « mentions légales », « informations légales » ou « crédits ».",
        "Demandez à l'administrateur du site un lien vers les mentions légales au bas de chaque page.",
    ),
    # --- Accessible: the page
    Check(
        "a11ystmt",
        "La mention d'accessibilité est à portée",
        MINOR,
        "accessibility",
        "Un lien « accessibilité : non / partiellement / totalement conforme », ou vers la déclaration d'accessibilité.",
        "Demandez à l'administrateur du site un lien vers la déclaration d'accessibilité au bas de chaque page.",
    ),
    Check(
        "a11y.lang",
        "La langue de la page est dite",
        MAJOR,
        "accessibility",
        "L'attribut lang de l'élément html, connu, et celui de la langue du texte.",
        "Faites régler la langue de la page sur « français » dans l'outil de publication.",
        ("8.3", "8.4"),
    ),
    Check(
        "a11y.title",
        "La page a un titre",
        MAJOR,
        "accessibility",
        "L'élément title, non vide, et qui n'est pas celui de l'outil (« Document », « Sans titre »).",
        "Donnez à la page un titre qui dit ce qu'elle contient.",
        ("8.5", "8.6"),
    ),
    Check(
        "a11y.head",
        "Les titres forment un plan",
        MAJOR,
        "accessibility",
        "Un titre de niveau 1, aucun niveau sauté, aucun titre vide, aucun paragraphe en gras à la place d'un titre.",
        "Mettez les titres avec les styles de l'éditeur (Titre 1, Titre 2…), sans sauter de niveau.",
        ("9.1",),
    ),
    Check(
        "a11y.alt",
        "Les images ont une alternative",
        MAJOR,
        "accessibility",
        "L'attribut alt des images, des zones et des boutons images, des images vectorielles ; un alt vide est admis d'une image décorative.",
        "Dites dans le texte alternatif ce que l'image montre d'utile ; laissez-le vide si elle ne fait qu'orner.",
        ("1.1",),
    ),
    Check(
        "a11y.altq",
        "Les alternatives disent quelque chose",
        MINOR,
        "accessibility",
        "Alternatives qui sont un nom de fichier, « image », « photo », ou très longues.",
        "Remplacez le nom du fichier par une phrase qui dit ce que l'image montre.",
        ("1.3",),
    ),
    Check(
        "a11y.form",
        "Les champs ont une étiquette",
        MAJOR,
        "accessibility",
        "Un label lié, ou aria-label, aria-labelledby ou title, pour chaque champ visible.",
        "Donnez à chaque champ une étiquette visible liée au champ.",
        ("11.1",),
    ),
    Check(
        "a11y.link",
        "Les liens ont un texte",
        MAJOR,
        "accessibility",
        "Liens sans texte ni alternative d'image.",
        "Écrivez un texte dans le lien, ou l'alternative de l'image qu'il contient.",
        ("6.2",),
    ),
    Check(
        "a11y.linkq",
        "Le texte des liens suffit à les comprendre",
        MINOR,
        "accessibility",
        "« cliquez ici », « lire la suite », « lien », une adresse nue ; un même texte pour deux adresses.",
        "Écrivez dans le lien où il mène : « Fiche de l'élève (PDF, 2 pages) ».",
        ("6.1",),
    ),
    Check(
        "a11y.iframe",
        "Les cadres ont un titre",
        MAJOR,
        "accessibility",
        "L'attribut title des cadres visibles.",
        "Ajoutez au cadre un attribut title qui dit ce qu'il contient.",
        ("2.1",),
    ),
    Check(
        "a11y.table",
        "Les tableaux de données ont des en-têtes",
        MAJOR,
        "accessibility",
        "Cellules th, portée des en-têtes, légende ; les tableaux de mise en page sont laissés de côté.",
        "Déclarez la première ligne ou la première colonne comme en-tête dans l'éditeur de tableaux.",
        ("5.4", "5.6", "5.7"),
    ),
    Check(
        "a11y.captions",
        "Les vidéos ont des sous-titres",
        MAJOR,
        "accessibility",
        "Une piste de sous-titres pour chaque vidéo ; une vidéo d'une plateforme est à vérifier.",
        "Ajoutez des sous-titres, et une transcription sous la vidéo.",
        ("4.1", "4.3"),
    ),
    Check(
        "a11y.zoom",
        "La page s'agrandit",
        MAJOR,
        "accessibility",
        "Une balise viewport qui interdit d'agrandir.",
        "Retirez user-scalable=no et maximum-scale de la balise viewport.",
        ("10.4",),
    ),
    Check(
        "a11y.axe",
        "Ce que voit axe dans la page affichée",
        MAJOR,
        "accessibility",
        "Les règles d'axe-core, une fois les scripts exécutés : contrastes, rôles, ordre, clavier…",
        "Suivez l'explication donnée avec chaque élément.",
    ),
    # --- Accessible, and discreet: documents
    Check(
        "doc.format",
        "Le document s'ouvre",
        MAJOR,
        "accessibility",
        "Un fichier qui n'est pas ce que dit son nom, abîmé, ou trop lourd pour être lu.",
        "Ouvrez le fichier, enregistrez-le à nouveau et remplacez-le.",
        ("13.3",),
    ),
    Check(
        "doc.structure",
        "Le document a une structure",
        MAJOR,
        "accessibility",
        "PDF balisé ; texte véritable et non une image numérisée ; titres de diapositives.",
        "Produisez le PDF depuis le document d'origine, avec ses balises.",
        ("13.3",),
        "Fichier, Exporter au format PDF, cochez « Format PDF/UA (accessibilité universelle) » ou « PDF balisé ».",
        "Fichier, Enregistrer sous, PDF, Options, cochez « Balises de structure de document pour l'accessibilité ».",
    ),
    Check(
        "doc.lang",
        "La langue du document est dite",
        MINOR,
        "accessibility",
        "La langue du PDF, ou celle du style par défaut du document.",
        "Réglez la langue du document sur le français.",
        ("13.3",),
        "Outils, Langue, Pour tout le texte, Français.",
        "Révision, Langue, Définir la langue de vérification, Français, Par défaut.",
    ),
    Check(
        "doc.title",
        "Le document a un titre",
        MINOR,
        "accessibility",
        "Le titre des propriétés du document, qui n'est ni vide ni un nom de fichier.",
        "Donnez un titre au document dans ses propriétés.",
        ("13.3",),
        "Fichier, Propriétés, onglet Description, champ Titre.",
        "Fichier, Informations, champ Titre.",
    ),
    Check(
        "doc.head",
        "Les titres du document sont de vrais titres",
        MAJOR,
        "accessibility",
        "Des styles de titre, dans l'ordre ; aucun paragraphe en gras à la place d'un titre.",
        "Appliquez les styles Titre 1, Titre 2… aux titres du document.",
        ("13.3",),
        "Placez le curseur dans le titre, puis Styles, Titre 1.",
        "Placez le curseur dans le titre, puis Accueil, Styles, Titre 1.",
    ),
    Check(
        "doc.alt",
        "Les images du document ont une alternative",
        MAJOR,
        "accessibility",
        "Le texte de remplacement de chaque image, dessin ou graphique.",
        "Donnez un texte de remplacement à chaque image, ou dites-la décorative.",
        ("13.3",),
        "Clic droit sur l'image, Texte alternatif.",
        "Clic droit sur l'image, Modifier le texte de remplacement.",
    ),
    Check(
        "doc.table",
        "Les tableaux du document ont des en-têtes",
        MINOR,
        "accessibility",
        "Une ligne d'en-tête déclarée ; aucune cellule fusionnée.",
        "Déclarez la première ligne comme en-tête.",
        ("13.3",),
        "Tableau, Propriétés, onglet Enchaînements, « Répéter le titre ».",
        "Disposition du tableau, « Répéter les lignes d'en-tête ».",
    ),
    Check(
        "doc.contrast",
        "Le texte du document se détache du fond",
        MINOR,
        "accessibility",
        "Couleurs de texte et de fond écrites dans le document, à moins de 4,5 pour 1.",
        "Choisissez une couleur de texte plus foncée.",
        ("13.3",),
    ),
    Check(
        "doc.locked",
        "Le document se laisse lire par une aide technique",
        MAJOR,
        "accessibility",
        "Un PDF protégé qui interdit l'extraction du texte pour l'accessibilité, ou un mot de passe à l'ouverture.",
        "Produisez le document à nouveau, sans protection.",
        ("13.3",),
    ),
    Check(
        "doc.author",
        "Le document ne nomme personne sans le dire",
        MINOR,
        "rights",
        "Auteur, dernier auteur, entreprise, chemins de fichiers gardés dans les propriétés.",
        "Effacez les propriétés personnelles du document.",
        (),
        "Fichier, Propriétés, onglet Général, décochez « Appliquer les données d'identité », puis « Réinitialiser les propriétés ».",
        "Fichier, Informations, Vérifier l'absence de problèmes, Inspecter le document, « Propriétés du document ».",
    ),
    Check(
        "doc.gps",
        "Les photographies du document ne disent pas où elles ont été prises",
        MAJOR,
        "rights",
        "Coordonnées gardées dans les images incorporées.",
        "Enlevez les données des images avant de les insérer.",
        (),
        "Clic droit sur l'image, Compresser.",
        "Format de l'image, Compresser les images.",
    ),
    Check(
        "doc.tracked",
        "Le document ne garde ni corrections ni commentaires",
        MAJOR,
        "rights",
        "Modifications suivies, commentaires et texte masqué, qui gardent des noms et ce qui fut effacé.",
        "Acceptez ou refusez les modifications, effacez les commentaires, puis remplacez le document.",
        (),
        "Édition, Suivi des modifications, Tout accepter ; Édition, Commentaire, Supprimer tous les commentaires.",
        "Révision, Accepter toutes les modifications ; Révision, Supprimer tous les commentaires du document.",
    ),
)

CHECKS: Mapping[str, Check] = {check.code: check for check in _ALL}
"""Every check by its code, in the order a report follows."""
