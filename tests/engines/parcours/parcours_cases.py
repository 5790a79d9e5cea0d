"""Modules for the tests: one with everything, and whatever Hypothesis may think of."""

import io
import zipfile
from dataclasses import replace

from hypothesis import strategies as st

from traam.engines.parcours import (
    Activity,
    Answer,
    Completion,
    Course,
    Document,
    File,
    Kind,
    Question,
    QuestionKind,
    Section,
    address_of,
)

NOW = 1_795_000_000
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def h5p() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("h5p.json"), '{"mainLibrary": "H5P.Blanks"}')
        archive.writestr(zipfile.ZipInfo("content/content.json"), "{}")
    return out.getvalue()


QUESTIONS = (
    Question(
        QuestionKind.CHOICE,
        "<p>Une IA générative…</p>",
        (
            Answer("produit un texte plausible, à vérifier", True, "Oui : toujours vérifier."),
            Answer("cite toujours ses sources", False, "Non."),
            Answer("est déterministe"),
        ),
        "<p>Voir la page « Repères ».</p>",
    ),
    Question(
        QuestionKind.CHOICES,
        "<p>Que ne saisit-on pas ?</p>",
        (Answer("un nom", True), Answer("une note", True), Answer("un énoncé"), Answer("une consigne", feedback="Si.")),
    ),
    Question(
        QuestionKind.TRUE_FALSE,
        "<p>On peut saisir le nom des élèves.</p>",
        (Answer("Faux", True, "Exact."), Answer("Vrai", False, "Données personnelles.")),
    ),
    Question(
        QuestionKind.SHORT,
        "<p>Le sigle du cadre de référence ?</p>",
        (Answer("CRCN", True, "Exact."), Answer("C*R*C*N", True), Answer("RGPD", False, "Un autre.")),
    ),
)


def everything() -> Course:
    """120 minutes: 30 + 45 + 45, every kind of activity, two documents."""
    page = Activity(
        Kind.PAGE,
        "Repères",
        f'<h3>Repères</h3><p>é &amp; « ü »</p><img src="{address_of("schéma 1.png")}" alt="Schéma">',
        minutes=15,
        images=(File("schéma 1.png", PNG),),
    )
    video = Activity(
        Kind.VIDEO,
        "Les TraAM en trois minutes",
        "<p>Sous-titrée.</p>",
        minutes=15,
        address="https://tube.example/w/abc?start=1&stop=2",
        transcript_html="<p>Bonjour à tous.</p>",
    )
    quiz = Activity(
        Kind.QUIZ, "Vérifier", "<p>Quatre questions.</p>", minutes=20, questions=QUESTIONS, requires="Repères"
    )
    practice = (
        Activity(Kind.LABEL, "Consigne", "<p>Choisissez.</p>"),
        quiz,
        Activity(Kind.FILE, "Fiche", "<p>À imprimer.</p>", minutes=10, file=File("fiche.pdf", PDF)),
        Activity(Kind.H5P, "Trous", minutes=10, file=File("trous.h5p", h5p())),
        Activity(Kind.LINK, "Éduscol", "<p>La page.</p>", minutes=5, address="https://eduscol.education.fr/?a=1&b=2"),
    )
    transfer = (
        Activity(Kind.FORUM, "Échanger", "<p>Présentez.</p>", minutes=15),
        Activity(Kind.TASK, "Déposer", "<p>Déposez.</p>", minutes=30, file=File("modèle.odt", b"PK odt")),
    )
    return Course(
        shortname="traam-ia-2026",
        title="IA et différenciation",
        summary_html="<p>Un module mutualisé.</p>",
        minutes=120,
        sections=(
            Section("S'informer", "<p>Situer les usages.</p>", (page, video)),
            Section("S'entraîner", "<p>Exercices.</p>", practice),
            Section("Mettre en œuvre", "", transfer),
        ),
        tags=("TraAM", "IA"),
        authors=("Groupe de Lyon",),
        documents=(
            Document("Carnet du stagiaire", "<p>Mes notes.</p>", file=File("carnet.pdf", PDF)),
            Document("Guide du formateur", "<p>Prévoir 2 h.</p>", for_trainers=True),
        ),
    )


HOSTILE = (
    "$@NULL@$",
    "$@FILEPHP@$x",
    "@@PLUGINFILE@@/x",
    "<script>alert(1)</script>",
    "]]>",
    "&amp;&nbsp;&",
    "\x00\x08\x1f",
    "\ud800",
    "\ufffe",
    "\u202eenversé",
    "../../etc/passwd",
    "C:\\con\\nul.",
    "a\r\nb\rc",
    "%s %(x)s {0}",
    "'\"`",
    "日本語 🎓",
    "*",
    "=cmd()",
    "parcours:x",
)
texts = st.one_of(
    st.text(max_size=40), st.sampled_from(HOSTILE), st.tuples(*[st.sampled_from(HOSTILE)] * 2).map("".join)
)


def _said(prefix: str, text: str) -> str:
    """A text that says something, whatever was drawn, and that nobody takes for an e-mail address."""
    return f"{prefix}{text}".replace("@", "@ ") if "@@" not in text and "$@" not in text else f"{prefix}{text}"


def html(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return f"<p>{escaped}</p>"


_answers = st.lists(texts, min_size=2, max_size=6)


@st.composite
def _questions(draw: st.DrawFn) -> Question:
    kind = draw(st.sampled_from(QuestionKind))
    told = [_said(f"r{rank} ", text) for rank, text in enumerate(draw(_answers))]
    if kind is QuestionKind.TRUE_FALSE:
        truth = draw(st.booleans())
        answers = (Answer("Vrai", truth, _said("", told[0])), Answer("Faux", not truth, _said("", told[1])))
    else:
        right = draw(st.integers(0, len(told) - 1))
        many = kind is not QuestionKind.CHOICE
        answers = tuple(Answer(text, rank == right or (many and rank < right), text) for rank, text in enumerate(told))
    return Question(kind, html(_said("Q ", draw(texts))), answers, html(_said("", draw(texts))))


_names = st.one_of(texts, st.sampled_from(["a.png", "A.PNG", "é è.jpg", "..", "a/b.pdf", "x" * 300 + ".png"]))
_files = st.builds(File, name=_names.map(lambda name: _said("f", name)), data=st.binary(min_size=1, max_size=40))


@st.composite
def _activities(draw: st.DrawFn, rank: int) -> Activity:
    kind = draw(st.sampled_from(Kind))
    images = tuple(draw(st.lists(_files, max_size=2, unique_by=lambda file: file.name)))
    shown = "".join(f'<img src="{address_of(file.name)}" alt="">' for file in images)
    return Activity(
        kind=kind,
        title=_said(f"Activité {rank} ", draw(texts)),
        html=html(_said("x", draw(texts))) + shown,
        minutes=draw(st.integers(0, 60)),
        address="https://example.org/?q=<&>".replace("<", "%3C").replace(">", "%3E"),
        transcript_html=html(_said("t", draw(texts))),
        questions=tuple(draw(st.lists(_questions(), min_size=1, max_size=3))) if kind is Kind.QUIZ else (),
        file={Kind.H5P: File("a.h5p", h5p())}.get(kind, draw(_files) if kind in (Kind.FILE, Kind.TASK) else None),
        images=images,
        completion=draw(st.sampled_from([Completion.USUAL, Completion.MANUAL, Completion.NONE])),
    )


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Any module that may leave."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    activities = [draw(_activities(rank)) for rank in range(sum(sizes))]
    for rank in range(1, len(activities)):
        before = activities[draw(st.integers(0, rank - 1))]
        if draw(st.booleans()) and before.done is not Completion.NONE:
            activities[rank] = replace(activities[rank], requires=before.title)
    activities[0] = replace(activities[0], minutes=max(1, activities[0].minutes))
    sections, start = [], 0
    for rank, size in enumerate(sizes):
        title, summary = _said(f"Partie {rank} ", draw(texts)), html(_said("", draw(texts)))
        sections.append(Section(title, summary, tuple(activities[start : start + size])))
        start += size
    documents = st.builds(
        Document,
        title=texts.map(lambda text: _said("D ", text)),
        html=texts.map(lambda text: html(_said("", text)) + "<p>.</p>"),
        file=st.one_of(st.none(), _files),
        for_trainers=st.booleans(),
    )
    return Course(
        shortname="m-1",
        title=_said("Module ", draw(texts)),
        summary_html=html(_said("", draw(texts))),
        minutes=sum(activity.minutes for activity in activities),
        sections=tuple(sections),
        tags=tuple(draw(st.lists(texts.map(lambda text: _said("", text)), max_size=3))),
        authors=tuple(draw(st.lists(texts.map(lambda text: _said("", text)), max_size=2))),
        documents=tuple(draw(st.lists(documents, max_size=2))),
    )
