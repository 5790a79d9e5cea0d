"""Terms, their places, families kept apart, and hostile texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traam.engines.search import query_terms, terms, tokens
from traam.engines.search.analysis import LONGEST_QUERY, LONGEST_TEXT, MOST_GROUPS
from traam.engines.search.stems import LONGEST, fold, stem

TOGETHER = (
    """
feu feux; enjeu enjeux; scénario scénarios; agenda agendas; schéma schémas; réseau réseaux; métal métaux
social sociaux; hôpital hôpitaux; médiéval médiévale; animateur animatrice; danseur danseuse; sérieux sérieuse
infirmier infirmière; étranger étrangères; chinois chinoise; laïc laïque; technicien techniciennes
partager partageons; commencer commençons; programmer programment; résoudre résolvent; recevoir reçu
connaître connues; prendre prise; mettre mis; ouvrir ouvertes; suivre suivi; croire croient; traduire traduction
accessible accessibilité; comparer comparaison; rédiger rédaction; publier publication; lire lus
""".replace("\n", ";")
    .strip(";")
    .split(";")
)

APART = (
    """
élève élevage; média médiation; musée muse; formation format; partie parti; mère mer; port porter; science conscience
page paysage; livre libre; poisson poison; ami amiral; jeu jeudi; lycée lys; collège collègue; laïcité laitier
public publication; instrument instruire; document docteur; plan planète; table tableau; université univers
""".replace("\n", ";")
    .strip(";")
    .split(";")
)


@pytest.mark.parametrize("pair", [pair.strip() for pair in TOGETHER])
def test_forms_of_one_word_share_a_term(pair: str) -> None:
    assert len({stem(fold(word)) for word in pair.split()}) == 1


@pytest.mark.parametrize("pair", [pair.strip() for pair in APART])
def test_other_words_stay_apart(pair: str) -> None:
    assert len({stem(fold(word)) for word in pair.split()}) == 2


def test_each_term_knows_its_place() -> None:
    text = "Aujourd’hui, l’auto-évaluation en 6ᵉ : l'intelligence artificielle"
    places = {token.term: text[token.start : token.end] for token in tokens(text)}
    assert places["aujourdhui"] == "Aujourd’hui"
    assert places["evalu"] == "évaluation"
    assert places["niveau6"] == "6ᵉ"
    assert places["ia"] == "intelligence artificielle"


def test_stop_words_leave_nothing_unless_they_are_an_acronym() -> None:
    assert terms("ce qu'il y a de plus dans ses leçons") == terms("leçons")
    assert query_terms("ses") == ["ses"]
    assert query_terms("l'") == []


def test_ai_in_capitals_is_the_english_acronym_and_a_verb_elsewhere() -> None:
    assert query_terms("AI") == query_terms("l'AI") == query_terms("IA") == ["ia"]
    assert query_terms("ai") == query_terms("j'ai") == query_terms("J'AI") == query_terms("je n'ai") == []
    assert terms("ce que j'ai vu de l'AI Act") == terms("ce que vu de l'IA Act")


@pytest.mark.parametrize(
    "written", ["IA-IPR", "IA‑IPR", "ia-ipr", "IA - IPR", "IA/IPR", "IA IPR", "l'IA-IPR", "IAIPR", "IA-IPRs"]
)
def test_an_inspector_is_one_term_and_no_intelligence(written: str) -> None:
    assert query_terms(written) == ["iaipr"]
    assert set(terms(f"avec {written} de lettres")) >= {"iaipr", stem("inspecteur")}
    assert "ia" not in terms(f"avec {written} de lettres")


def test_other_inspectors_keep_their_letters() -> None:
    assert (query_terms("IEN-ET"), query_terms("IEN-EG")) == (["ienet"], ["ieneg"])
    assert set(terms("Les IEN-ET")) == {"ienet", "ien", stem("inspecteur")}
    assert "ienet" not in terms("L'IEN et les équipes")
    assert terms("une IA, des IPR")[0] == "ia"


def test_a_wider_term_is_given_by_documents_and_never_asked_for() -> None:
    assert {"chatgpt", "chatbot", "ia"} <= set(terms("Avec ChatGPT"))
    assert query_terms("ChatGPT") == ["chatgpt"]
    assert {"iag", "ia"} <= set(terms("L'intelligence artificielle générative"))


def test_years_and_levels_in_a_row_are_no_compound() -> None:
    assert terms("2024-2025") == ["2024", "2025"]
    assert terms("6e-5e") == ["niveau6", "niveau5"]


def test_long_words_texts_and_queries_are_cut() -> None:
    assert terms("x" * 100_000) == ["x" * LONGEST]
    assert len(terms("mot " * LONGEST_TEXT)) == LONGEST_TEXT // 4
    assert len(query_terms(" ".join(f"mot{n}" for n in range(200)))) <= MOST_GROUPS
    assert query_terms("x" * LONGEST_QUERY + " visible") == ["x" * LONGEST]
    assert len(terms("a-" * 50_000)) <= 50_000


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_clean_terms_at_places_in_it(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.term
        assert not any(letter.isspace() for letter in token.term)
        assert len(token.term) <= LONGEST + 10


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="éàœçabct'’- EMI6²ᵉ", max_size=60))
def test_a_query_asks_only_for_terms_of_the_same_text(text: str) -> None:
    assert set(query_terms(text)) <= set(terms(text)) | {"ses", "si"}
