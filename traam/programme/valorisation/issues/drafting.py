"""First words of a block, from what was picked: short, and ready to be rewritten."""

import re
from dataclasses import dataclass

from django.conf import settings

from traam.programme.catalogue import queries as catalogue
from traam.programme.catalogue.models import Notice, PublicSynthesis, PublicTheme
from traam.programme.catalogue.posters import capital, listed, named, of_notice, shortened
from traam.programme.catalogue.syntheses.content import Content
from traam.programme.valorisation.issues.models import Block

LONGEST_TEXT = 320
_LISTED = 110
_DOING = ("deroulement", "activite", "demarche")  # titles of the section that tells what pupils do
_MARKUP = re.compile(r"!\[[^\]]*\]\([^)]*\)|^\s{0,3}(?:#{1,6}|>|[-*+]|\d+[.)])\s+|[*_`]{1,3}", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Drafted:
    """What a block begins with."""

    kind: str
    source: str
    title: str
    details: str
    text: str
    address: str
    label: str


def of_work(notice: Notice) -> Drafted:
    """Its title, what pupils do in it, for whom, where it was made."""
    poster = of_notice(notice, address="")
    details = " · ".join(filter(None, (poster.levels, capital(poster.academies), poster.tests)))
    doing = next((body for title, body in notice.sections if _tells(title)), "")
    said = f"Ce que font les élèves : {_lower(plain(doing))}" if plain(doing) else notice.summary
    return Drafted(
        Block.Kind.NOTICE,
        f"notice:{notice.pk}",
        notice.title[:300],
        shortened(details, 300),
        shortened(said, LONGEST_TEXT),
        f"{settings.SITE_ADDRESS}/notices/{notice.pk}",
        f"Lire le scénario « {shortened(notice.title, 200)} »",
    )


def of_theme(theme: PublicTheme) -> Drafted:
    """Its question, its years, the academies that work on it."""
    academies = listed([named(one) for one in theme.academy_list], _LISTED)
    details = " · ".join(filter(None, (theme.years, listed(theme.discipline_labels, _LISTED), capital(academies))))
    return Drafted(
        Block.Kind.THEME,
        f"theme:{theme.pk}",
        shortened(theme.title, 300),
        shortened(details, 300),
        shortened(plain(theme.framing), LONGEST_TEXT),
        f"{settings.SITE_ADDRESS}/themes/{theme.pk}",
        f"Voir les travaux du thème « {shortened(theme.title, 200)} »",
    )


def _tells(title: str) -> bool:
    return any(word in catalogue.plain(title) for word in _DOING)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def plain(markdown: str) -> str:
    """The words of a Markdown text, on one line."""
    lines = (_LINK.sub(r"\1", _MARKUP.sub("", line)).strip() for line in markdown.splitlines())
    ended = (line if line[-1:] in ".!?:;…" else f"{line}." for line in lines if line)
    return " ".join(" ".join(ended).split())


def of_synthesis(public: PublicSynthesis) -> Drafted:
    """What was counted, and the first words of its analysis."""
    content = Content.known(public.stored)
    figures = " · ".join(f"{figure.value} {figure.label}" for figure in content.essential[:4])
    words = (plain(block.text) for section in content.sections for block in section.blocks if block.text)
    return Drafted(
        Block.Kind.SYNTHESIS,
        f"synthesis:{public.pk}",
        public.title[:300],
        shortened(figures, 300),
        shortened(next(filter(None, words), ""), LONGEST_TEXT),
        f"{settings.SITE_ADDRESS}/syntheses/{public.pk}",
        f"Lire la synthèse nationale « {shortened(public.title, 200)} »",
    )
