"""What forbids a module to leave is said where it is, with what to do."""

from dataclasses import replace

import pytest
from parcours_cases import PDF, PNG, QUESTIONS, everything

from traam.engines.parcours import (
    Activity,
    Answer,
    Completion,
    Course,
    Document,
    Fault,
    File,
    Kind,
    Question,
    QuestionKind,
    Section,
    address_of,
    judge,
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def course(*activities: Activity, **changed: object) -> Course:
    page = Activity(Kind.PAGE, "Lire", "<p>Lisez.</p>", minutes=60)
    whole = replace(everything(), documents=(), minutes=60, sections=(Section("Partie", "", (page, *activities)),))
    return replace(whole, **changed)  # type: ignore[arg-type]


def said(course: Course) -> list[str]:
    return [plain(fault.sentence) for fault in judge(course)]


def test_nothing_to_mend() -> None:
    assert judge(everything()) == []
    assert judge(course()) == []


def test_a_fault_says_where() -> None:
    link = Activity(Kind.LINK, "Éduscol", address="eduscol.education.fr")
    fault = judge(course(link))[0]
    assert (fault.section, fault.activity) == ("Partie", "Éduscol")
    assert plain(str(fault)) == (
        "Partie « Partie », activité « Éduscol » : son adresse ne commence pas par https:// ou http:// : "
        "recopiez l'adresse complète de la page."
    )
    assert "«\u00a0Éduscol\u00a0»\u00a0:" in str(fault)
    assert str(Fault("le module est vide.")) == "Le module est vide."


@pytest.mark.parametrize(
    ("minutes", "sound"), [(120, True), (109, False), (110, True), (132, True), (134, False), (0, False)]
)
def test_minutes_add_up_within_ten_per_cent(minutes: int, sound: bool) -> None:
    found = said(replace(everything(), minutes=minutes))
    assert bool(found) is not sound
    if minutes == 109:
        assert found[0].startswith("les activités durent 120 min en tout (30 + 45 + 45) quand le module en annonce 109")


ANSWERS = (Answer("a", True), Answer("b"))


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        (Activity(Kind.PAGE, "P"), "la page est vide"),
        (Activity(Kind.PAGE, "P", "<p> &nbsp; </p>"), "la page est vide"),
        (Activity(Kind.PAGE, " ", "<p>x</p>"), "cette activité n'a pas de titre"),
        (Activity(Kind.PAGE, "P", "<p>x</p>", -5), "sa durée est négative"),
        (Activity(Kind.VIDEO, "V", address="https://tube.fr/v"), "cette vidéo n'a pas de transcription"),
        (Activity(Kind.VIDEO, "V", transcript_html="<p>a</p>"), "son adresse ne commence pas"),
        (Activity(Kind.LINK, "L", address="javascript:alert(1)"), "son adresse ne commence pas"),
        (Activity(Kind.LINK, "L", address="https://"), "son adresse ne commence pas"),
        (Activity(Kind.LINK, "L", address="https://moi:secret@site.fr/"), "son adresse ne commence pas"),
        (Activity(Kind.LINK, "L", address="https://[site"), "son adresse ne commence pas"),
        (Activity(Kind.H5P, "H"), "le fichier H5P manque"),
        (Activity(Kind.H5P, "H", file=File("a.h5p", PDF)), "« a.h5p » n'est pas un H5P"),
        (Activity(Kind.FILE, "F"), "le document manque"),
        (Activity(Kind.FILE, "F", file=File("a.pdf", b"")), "le fichier « a.pdf » est vide"),
        (Activity(Kind.PAGE, "P", "<p>x</p>", file=File("a.pdf", PDF)), "un fichier ne se joint qu'à"),
        (Activity(Kind.PAGE, "P", f'<img src="{address_of("a b.png")}">'), "le texte montre le fichier « a b.png »"),
        (Activity(Kind.PAGE, "P", "<p>écrire à a.b@ac-lyon.fr</p>"), "le texte contient l'adresse électronique a.b@"),
        (Activity(Kind.PAGE, "P", '<a href="mailto:a@b.fr">ici</a>'), "le texte contient l'adresse électronique a@"),
        (Activity(Kind.PAGE, "P", "<p>x</p>", requires="Nulle part"), "elle attend « Nulle part », qui n'est pas"),
        (Activity(Kind.QUIZ, "Q"), "ce questionnaire n'a aucune question"),
        (Activity(Kind.PAGE, "lire ", "<p>x</p>"), "deux activités s'appellent « Lire »"),
    ],
)  # fmt: skip
def test_what_an_activity_lacks(activity: Activity, expected: str) -> None:
    assert any(sentence.startswith(expected) for sentence in said(course(activity)))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question(QuestionKind.CHOICE, "<p>?</p>", (Answer("a"), Answer("b"))), "aucune réponse n'est juste"),
        (Question(QuestionKind.CHOICE, "", ANSWERS), "l'énoncé est vide"),
        (Question(QuestionKind.CHOICE, "<p>?</p>", (Answer("a", True), Answer(" "))), "une réponse est vide"),
        (Question(QuestionKind.CHOICE, "<p>?</p>", (Answer("a", True), Answer("b", True))), "plusieurs réponses"),
        (Question(QuestionKind.CHOICES, "<p>?</p>", (Answer("a", True),)), "il n'y a pas de choix"),
        (Question(QuestionKind.CHOICE, "<p>?</p>", (Answer("a", True), Answer("a "))), "deux réponses sont identiques"),
        (Question(QuestionKind.TRUE_FALSE, "<p>?</p>", ANSWERS), "les deux réponses doivent être « Vrai » et « Faux »"),
        (Question(QuestionKind.CHOICES, "<p>?</p>", tuple(Answer(str(n), True) for n in range(11))), "plus de 10"),
        (Question(QuestionKind.SHORT, "<p>?</p>", (Answer("a@b.fr", True),)), "la question contient l'adresse"),
        (Question(QuestionKind.SHORT, f'<img src="{address_of("a.png")}">', ANSWERS), "l'énoncé montre le fichier"),
    ],
)  # fmt: skip
def test_what_a_question_lacks(question: Question, expected: str) -> None:
    found = said(course(Activity(Kind.QUIZ, "Q", questions=(QUESTIONS[0], question))))
    assert any(sentence.startswith(f"question 2 : {expected}") for sentence in found)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"title": " "}, "le module n'a pas de titre"),
        ({"shortname": "é t"}, "le nom abrégé"),
        ({"sections": ()}, "le module n'a aucune partie"),
        ({"sections": (Section("Vide"),)}, "cette partie n'a aucune activité"),
        ({"authors": ("A. B. <a.b@ac-lyon.fr>",)}, "la signature des auteurs contient l'adresse"),
        ({"documents": (Document("Carnet"),)}, "le document « Carnet » est vide"),
        ({"documents": (Document("", "<p>x</p>"),)}, "un document du module n'a pas de titre"),
        ({"documents": (Document("C", file=File("c.pdf", b"")),)}, "le fichier « c.pdf » est vide"),
        ({"summary_html": f'<img src="{address_of("a.png")}">'}, "le résumé du module montre"),
    ],
)
def test_what_the_module_lacks(changed: dict[str, object], expected: str) -> None:
    assert any(sentence.startswith(expected) for sentence in said(course(**changed)))


def test_two_sections_of_one_name() -> None:
    whole = everything()
    twins = (whole.sections[0], replace(whole.sections[1], title="s'informer "), whole.sections[2])
    assert said(replace(whole, sections=twins)) == ["deux parties s'appellent « S'informer » : renommez l'une d'elles."]


def test_what_is_awaited_must_be_followed() -> None:
    label = Activity(Kind.LABEL, "Avant", "<p>x</p>")
    after = Activity(Kind.PAGE, "Après", "<p>x</p>", requires="avant")
    assert said(course(label, after))[0].startswith("elle attend « avant », dont l'achèvement n'est pas suivi")
    assert judge(course(replace(label, completion=Completion.MANUAL), after)) == []


@pytest.mark.parametrize(
    "html",
    [
        "<p>voir https://tube.fr/@chaine@instance.fr</p>",
        "<p>prenom.nom@exemple.fr</p>",
        "<p>a@test.invalid</p>",
        "<p>@ici</p>",
    ],
)
def test_what_looks_like_an_address_and_is_nobody_s(html: str) -> None:
    assert judge(course(Activity(Kind.PAGE, "P", html))) == []


def test_a_module_too_heavy_for_magistere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("traam.engines.parcours.judging.MAX_BYTES", 2**20)
    page = Activity(Kind.PAGE, "P", f'<img src="{address_of("a.png")}">', images=(File("a.png", PNG * 2**16),))
    assert said(course(page)) == ["les fichiers pèsent 4 Mo, au-delà des 512 Mo que m@gistère accepte : allégez-les."]
