"""The index itself: exact counts, order, corrections, changes, damage, rebuilding."""

import random
from collections import Counter
from pathlib import Path

import pytest

from traam.engines.search import (
    Document,
    Index,
    IndexBusy,
    IndexUnavailable,
    Query,
    open_current,
    rebuild,
)
from traam.engines.search.analysis import terms
from traam.engines.search.stems import fold
from traam.engines.search.vocabulary import Vocabulary, distance

FACETS = ("niveau", "académie", "crcn")
WORDS = ["fable", "grille", "volcan", "escargot", "balado", "frise"]
CODES = {"niveau": ["6e", "5e", "2nde"], "académie": ["Lyon", "Lille", 'a:"b" (c)', "é\\x"], "crcn": list("ABCDEFGH")}


def _random_document(number: int, chance: random.Random) -> Document:
    facets = {name: tuple(chance.choices(codes, k=chance.randint(0, 3))) for name, codes in CODES.items()}
    title, body = (" ".join(chance.choices(WORDS, k=4)) for _ in range(2))
    return Document(number, title, body, facets, chance.choice([20200101, 20240630, 20261122]))


def _document(number: int, title: str, body: str = "", date: int = 20240101, **facets: tuple[str, ...]) -> Document:
    return Document(number, title, body, facets, date)


def _matches(document: Document, text: str, chosen: dict[str, frozenset[str]], but: str = "") -> bool:
    held = {*terms(document.title), *terms(document.body)}
    return set(terms(text)) <= held and all(
        codes & set(document.facets.get(name, ())) for name, codes in chosen.items() if name != but
    )


@pytest.fixture()
def index(tmp_path: Path) -> Index:
    return Index.create(tmp_path / "index", FACETS)


def test_totals_and_facets_agree_with_counting_by_hand(index: Index) -> None:
    chance = random.Random(7)
    documents = {n: _random_document(n, chance) for n in range(400)}
    for start in range(0, 400, 90):
        index.apply([documents[n] for n in range(start, min(400, start + 90))], (), mark=start)
    changed = {n: _random_document(n, chance) for n in chance.sample(range(400), 60)}
    gone = set(chance.sample(range(400), 50))
    index.apply([d for n, d in changed.items() if n not in gone], gone, mark=9)
    documents = {n: d for n, d in (documents | changed).items() if n not in gone}
    assert index.count() == len(documents)
    for _ in range(60):
        text = " ".join(chance.sample(WORDS, chance.randint(0, 2)))
        names = chance.sample(FACETS, chance.randint(0, 3))
        chosen = {name: frozenset(chance.sample(CODES[name], chance.randint(1, 2))) for name in names}
        results = index.search(Query(text, chosen, size=100))
        if results.relaxed or results.corrected:
            continue
        expected = [d for d in documents.values() if _matches(d, text, chosen)]
        assert results.total == len(expected)
        assert set(results.ids) <= {d.id for d in expected}
        for name in FACETS:
            counted = Counter(
                code for d in documents.values() if _matches(d, text, chosen, name) for code in set(d.facets[name])
            )
            assert {code: n for code, n in results.facets[name].items() if n} == dict(counted)


def test_a_facet_of_many_values_is_counted_exactly(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "many", ("code",))
    codes = [f"c{n % 300}" for n in range(900)]
    index.apply((_document(n, "frise", code=(code,)) for n, code in enumerate(codes)), (), mark=1)
    assert index.search(Query("frise")).facets["code"] == dict(Counter(codes))


def test_a_chosen_code_is_shown_even_when_nothing_holds_it(index: Index) -> None:
    index.apply([_document(1, "frise", niveau=("6e",))], (), mark=1)
    results = index.search(Query("", {"niveau": frozenset({"Tle"})}))
    assert (results.total, results.ids) == (0, [])
    assert results.facets["niveau"] == {"6e": 1, "Tle": 0}


def test_pages_follow_one_another_without_gap_or_double(index: Index) -> None:
    chance = random.Random(3)
    documents = [_document(n, "frise", date=chance.choice([20240101, 20250101])) for n in range(450)]
    chance.shuffle(documents)
    for start in range(0, 450, 150):
        index.apply(documents[start : start + 150], (), mark=start)
    by_date = [d.id for d in sorted(documents, key=lambda d: (d.date, d.id), reverse=True)]
    for text, sort in (("", "pertinence"), ("frise", "date")):
        pages = [index.search(Query(text, sort=sort, page=page, size=70)).ids for page in range(1, 8)]  # type: ignore[arg-type]
        assert [n for page in pages for n in page] == by_date
    ranked = [n for page in range(1, 8) for n in index.search(Query("frise", page=page, size=70)).ids]
    assert sorted(ranked) == sorted(by_date)


def test_equal_scores_are_ordered_by_date_then_id(index: Index) -> None:
    index.apply([_document(n, "frise", date=d) for n, d in ((1, 20240101), (2, 20250101), (3, 20240101))], (), mark=1)
    assert index.search(Query("frise")).ids == [2, 3, 1]


def test_the_title_counts_more_than_the_body(index: Index) -> None:
    index.apply([_document(1, "fable rare", "volcan gris"), _document(2, "volcan gris", "fable rare")], (), mark=1)
    assert index.search(Query("volcan")).ids == [2, 1]
    assert index.search(Query("fable")).ids == [1, 2]


def test_title_then_summary_then_body_then_keywords(index: Index) -> None:
    places = [("title", 4), ("lead", 3), ("body", 2), ("keywords", 1)]
    for place, number in places:
        texts = {name: "volcan gris" if name == place else "fable rare" for name, _ in places}
        index.apply([Document(id=number, facets={}, date=20240101, **texts)], (), mark=1)  # type: ignore[arg-type]
    assert index.search(Query("volcan")).ids == [4, 3, 2, 1]
    assert index.search(Query("volcan", {})).total == 4


def test_a_full_record_does_not_pay_for_its_length(index: Index) -> None:
    long = "balado " + " ".join(f"mot{number}" for number in range(400))
    short = [Document(n, "Une fable", "", {}, 20240101, lead="grille volcan") for n in range(2, 9)]
    full = Document(1, "Une frise", long, {}, 20240101, lead="grille volcan d'une classe entière", quality=2)
    index.apply([full, *short], (), mark=1)
    assert index.search(Query("grille")).ids[0] == 1
    assert index.search(Query("grille")).total == 8
    index.apply([Document(50, "Une liste", "", {}, 20240101, keywords="balado")], (), mark=2)
    assert index.search(Query("balado")).ids == [1, 50]
    index.apply([Document(1, full.title, long, {}, 20240101, lead=full.lead)], (), mark=3)
    assert (index.search(Query("grille")).ids[-1], index.search(Query("balado")).ids[0]) == (1, 1)


def test_quality_is_a_nudge_and_never_a_match(index: Index) -> None:
    index.apply([_document(1, "volcan"), Document(2, "fable", "volcan", {}, 20240101, quality=1)], (), mark=1)
    others = [_document(n, "escargot") for n in range(3, 40)]
    index.apply(others, (), mark=2)
    assert index.search(Query("volcan")).ids == [1, 2]
    assert index.search(Query("frise")).total == 0
    with pytest.raises(ValueError):
        Document(1, "", "", {}, 20240101, quality=4)


def test_titles_are_sorted_as_a_reader_expects(index: Index) -> None:
    titles = ["Zoo", "Œuvre", "école", "Été", "« Avant »", "Éclair"]
    index.apply([_document(n, title) for n, title in enumerate(titles)], (), mark=1)
    ids = index.search(Query("", sort="titre")).ids
    assert [titles[n] for n in ids] == ["« Avant »", "Éclair", "école", "Été", "Œuvre", "Zoo"]


def test_a_correction_is_made_only_for_an_unknown_word_and_said(index: Index) -> None:
    index.apply([_document(1, "Une évaluation sereine"), _document(2, "Un chat"), _document(3, "Un chant")], (), mark=1)
    results = index.search(Query("l'évaluattoin sereine"))
    assert (results.ids, results.corrected) == ([1], "l'évaluation sereine")
    known = index.search(Query("chat"))
    assert (known.ids, known.corrected) == ([2], None)
    hopeless = index.search(Query("xylophone"))
    assert (hopeless.total, hopeless.corrected) == (0, None)


def test_a_word_of_its_own_is_no_class_mistyped(index: Index) -> None:
    classes = ["En terminale", "En première", "En seconde", "En sixième"]
    index.apply([_document(n, title) for n, title in enumerate(classes)], (), mark=1)
    for typed in ("terminal", "terminaux", "dixième", "premiers", "seconder", "fécond", "terme"):
        assert (index.search(Query(typed)).total, index.search(Query(typed)).corrected) == (0, None), typed
    assert index.search(Query("terminalle")).corrected == "terminale"


def test_words_that_the_chosen_codes_exclude_are_not_errors(index: Index) -> None:
    songs = [_document(n, "chant choral", niveau=("5e",)) for n in range(10, 40)]
    index.apply([_document(1, "chart choral", niveau=("6e",)), *songs], (), mark=1)
    results = index.search(Query("chart choral", {"niveau": frozenset({"5e"})}))
    assert (results.total, results.corrected, results.relaxed) == (0, None, False)
    assert results.facets["niveau"] == {"6e": 1, "5e": 0}


def test_corrections_follow_the_records(index: Index) -> None:
    index.apply([_document(1, "volcan")], (), mark=1)
    assert index.search(Query("balados")).corrected is None
    index.apply([_document(1, "ballade")], (), mark=2)
    index.reload()
    index.reload()
    assert index.search(Query("balade")).corrected == "ballade"


def test_a_rare_word_gives_way_to_a_frequent_one_when_nothing_is_found(index: Index) -> None:
    songs = [_document(n, "chant choral") for n in range(10, 40)]
    index.apply([_document(1, "chart"), *songs], (), mark=1)
    results = index.search(Query("chart choral"))
    assert (results.total, results.corrected, results.relaxed) == (30, "chant choral", False)


def test_fewer_words_are_required_when_no_record_holds_all_and_it_is_said(index: Index) -> None:
    index.apply([_document(1, "volcan escargot"), _document(2, "balado"), _document(3, "volcan")], (), mark=1)
    results = index.search(Query("volcan escargot balado"))
    assert (results.ids, results.relaxed) == ([1], True)
    assert not index.search(Query("volcan escargot")).relaxed
    index.apply([_document(4, "La réalité augmentée")], (), mark=2)
    phrase = index.search(Query("réalité virtuelle"))
    assert (phrase.ids, phrase.relaxed) == ([4], True)


def test_a_record_replaced_or_deleted_is_no_longer_found(index: Index) -> None:
    index.apply([_document(1, "volcan"), _document(2, "fable")], (), mark=1)
    index.apply([_document(1, "balado")], [2, 999], mark=2)
    assert index.count() == 1
    assert index.search(Query("volcan")).total == index.search(Query("fable")).total == 0
    assert index.search(Query("balado")).ids == [1]


def test_of_two_versions_in_one_batch_the_last_stays(index: Index) -> None:
    index.apply([_document(1, "volcan"), _document(1, "fable")], [1], mark=1)
    assert index.search(Query("fable")).ids == [1]
    assert index.count() == 1


def test_the_mark_is_committed_with_the_records(index: Index) -> None:
    assert index.mark == 0
    index.apply([_document(1, "volcan")], (), mark=41)
    index.apply((), (), mark=42)
    index.close()
    again = Index.open(index.folder)
    assert (again.mark, again.count(), again.facets) == (42, 1, FACETS)


def test_a_document_that_is_not_valid_leaves_the_index_as_it_was(index: Index) -> None:
    index.apply([_document(1, "volcan")], (), mark=1)
    for wrong in ({"inconnue": ("x",)}, {"niveau": ("",)}, {"niveau": ("x" * 1_000,)}, {"niveau": ("\x00",)}):
        with pytest.raises(ValueError):
            index.apply([Document(2, "fable", "", wrong, 20240101)], [1], mark=2)
    with pytest.raises(ValueError):
        _document(-1, "fable")
    with pytest.raises(ValueError):
        _document(1, "fable", date=202401011)
    assert (index.mark, index.count()) == (1, 1)


def test_a_reader_sees_a_commit_once_it_reloads(index: Index) -> None:
    reader = Index.open(index.folder)
    index.apply([_document(1, "volcan")], (), mark=5)
    assert (reader.mark, reader.search(Query("volcan")).total) == (0, 0)
    reader.reload()
    assert (reader.mark, reader.search(Query("volcan")).total) == (5, 1)


def test_a_second_writer_is_told_that_the_first_is_at_work(index: Index) -> None:
    other = Index.open(index.folder)
    with pytest.raises(IndexBusy):
        other.apply([_document(1, "volcan")], (), mark=1)
    index.close()
    other.apply([_document(1, "volcan")], (), mark=1)
    assert other.count() == 1


def test_rebuilding_switches_at_once_and_leaves_open_readers_alone(tmp_path: Path) -> None:
    first = rebuild(tmp_path, [_document(1, "volcan")], FACETS, 7)
    reader = open_current(tmp_path)
    rebuild(tmp_path, [_document(2, "volcan"), _document(3, "volcan")], FACETS, 8)
    assert reader.search(Query("volcan")).ids == [1]
    assert open_current(tmp_path).mark == 8
    assert first.folder.exists()
    rebuild(tmp_path, [], FACETS, 9)
    assert reader.search(Query("volcan")).ids == [1]
    assert not first.folder.exists()
    assert (open_current(tmp_path).mark, open_current(tmp_path).count()) == (9, 0)


def test_a_rebuild_that_dies_changes_nothing_and_is_swept_by_the_next(tmp_path: Path) -> None:
    rebuild(tmp_path, [_document(1, "volcan")], FACETS, 1)

    def _dying() -> object:
        yield _document(2, "fable")
        raise OSError("the database has gone")

    with pytest.raises(OSError):
        rebuild(tmp_path, _dying(), FACETS, 2)  # type: ignore[arg-type]
    assert open_current(tmp_path).search(Query("volcan")).ids == [1]
    rebuild(tmp_path, [_document(3, "volcan")], FACETS, 3)
    assert len(list(tmp_path.glob("index-*"))) == 2
    assert open_current(tmp_path).mark == 3


def test_an_absent_or_damaged_index_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable):
        open_current(tmp_path)
    with pytest.raises(IndexUnavailable):
        Index.open(tmp_path / "nowhere")
    index = rebuild(tmp_path, [_document(1, "volcan")], FACETS, 1)
    (tmp_path / "current").write_text("../../etc")
    with pytest.raises(IndexUnavailable):
        open_current(tmp_path)
    (tmp_path / "current").write_text(index.folder.name)
    for file in index.folder.glob("*.term"):
        file.write_bytes(b"broken")
    with pytest.raises(IndexUnavailable):
        open_current(tmp_path)
    (index.folder / "meta.json").write_text("{")
    with pytest.raises(IndexUnavailable):
        open_current(tmp_path)


def test_an_index_of_another_analysis_is_refused(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("traam.engines.search.analysis.VERSION", 999)
    with pytest.raises(IndexUnavailable):
        Index.open(index.folder)


@pytest.mark.parametrize(
    "query",
    [
        Query("a" * 1_000_000),
        Query("mot " * 100_000),
        Query('\x00\ud800 ( ) " : * ? ~ ^ OR AND NOT'),
        Query("volcan", page=-3, size=0),
        Query("volcan", page=10**9, size=10**9),
        Query("volcan", {"niveau": frozenset({"x" * 100_000, "", "\ud800", "\x00"})}),
        Query("zzzzzzzzzzzzzzzzzzzzzzzz " * 12),
        Query("v", prefix=True),
        Query("", {"niveau": frozenset()}),
    ],
    ids=lambda query: f"{query.text[:20]!r} {sorted(query.chosen)} {query.page}",
)
def test_hostile_queries_are_answered(index: Index, query: Query) -> None:
    index.apply([_document(1, "volcan", niveau=("6e",))], (), mark=1)
    assert index.search(query).total in (0, 1)


def test_an_unknown_facet_or_sort_is_the_callers_mistake(index: Index) -> None:
    with pytest.raises(ValueError):
        index.search(Query("", {"inconnue": frozenset({"x"})}))
    with pytest.raises(ValueError):
        index.search(Query("", sort="hasard"))  # type: ignore[arg-type]


def test_distance_counts_swapped_letters_once() -> None:
    assert distance("grammiare", "grammaire", 2) == 1
    assert distance("chat", "chats", 1) == 1
    assert distance("abcd", "dcba", 2) == 3
    assert distance("kayak", "kaya", 1) == 1
    assert distance("court", "bien", 1) == 2


def test_the_nearest_word_is_the_most_frequent_of_those_at_one_error() -> None:
    vocabulary = Vocabulary([("carte", 3), ("conte", 9), ("compte", 50), ("evaluation|évaluation", 2)])
    assert vocabulary.nearest("conte") is None or vocabulary.nearest("conte") != "conte"
    assert vocabulary.nearest("cante") == "conte"
    assert vocabulary.written(vocabulary.nearest("evalution") or "") == "évaluation"
    assert vocabulary.nearest("x" * 10_000) is None
    assert vocabulary.nearest("svt") is None


def test_a_word_written_by_ear_is_heard_and_nothing_else() -> None:
    known = ("philosophie", "orthographe", "mathématiques", "géographie", "programme", "numérique", "podcasts")
    vocabulary = Vocabulary((f"{fold(word)}|{word}", 3) for word in known)
    heard = {
        "filosofi": "philosophie",
        "ortografe": "orthographe",
        "matematik": "mathematiques",
        "geografi": "geographie",
        "podkaste": "podcasts",
        "numerisable": "numerique",  # the same start
    }
    for typed, meant in heard.items():
        assert vocabulary.sounding(typed, 3)[:1] == [meant], typed
    for typed in ("xyzzyq", "zzz", "abcdefgh", "cyberpunk", "é", "a" * 400):
        assert vocabulary.sounding(typed, 3) == [], typed
    assert vocabulary.written("geographie") == "géographie"
