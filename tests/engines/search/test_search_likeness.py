"""Records that look like another, and an index that is killed while it commits."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from traam.engines.search import Document, Index, IndexUnavailable, Query


def _document(number: int, title: str, lead: str = "") -> Document:
    return Document(number, title, "", {}, 20240101, lead=lead)


@pytest.fixture()
def index(tmp_path: Path) -> Index:
    made = Index.create(tmp_path / "index", ())
    others = [_document(n, f"Sujet {n}", "Une fiche sans rapport") for n in range(10, 40)]
    made.apply(
        [
            _document(1, "Débattre du climat avec un chatbot", "Des élèves argumentent sur le réchauffement"),
            _document(2, "Un débat sur le climat", "Argumenter avec un chatbot"),
            _document(3, "Débats et réchauffement climatique", "Un argument par élève"),
            _document(4, "Un chatbot en cuisine", "Des recettes de saison"),
            *others,
        ],
        (),
        mark=1,
    )
    return made


def test_the_likest_comes_first_and_never_itself(index: Index) -> None:
    asked = _document(1, "Débattre du climat avec un chatbot", "Des élèves argumentent sur le réchauffement")
    found = index.similar(asked)
    assert found[0] == 2
    assert 1 not in found
    assert not {4, *range(10, 40)} & set(found)
    assert len(index.similar(asked, 1)) == 1


def test_what_shares_too_few_words_looks_like_nothing(index: Index) -> None:
    assert index.similar(_document(4, "Un chatbot en cuisine", "Des recettes de saison")) == []
    assert index.similar(_document(99, "", "")) == []
    assert index.similar(_document(99, "le la de", "zzz " * 5_000)) == []


def test_a_reload_without_a_commit_keeps_what_was_read_and_sees_the_next(index: Index) -> None:
    reader = Index.open(index.folder)
    before = reader._snapshot
    reader.reload()
    assert reader._snapshot is before
    index.apply([_document(50, "Volcan")], (), mark=2)
    reader.reload()
    assert (reader.mark, reader.search(Query("volcan")).ids) == (2, [50])
    (index.folder / "meta.json").unlink()
    with pytest.raises(IndexUnavailable):
        reader.reload()


def test_two_machines_fed_in_another_order_rank_alike(tmp_path: Path) -> None:
    words = ["volcan", "fable", "climat", "débat", "chatbot", "frise", "grille"]
    made = [
        Document(n, " ".join(words[i % 7] for i in range(n, n + 3)), "", {}, 20240101 + n % 9, lead=words[n % 5] * 2)
        for n in range(1, 90)
    ]
    one, other = Index.create(tmp_path / "one", ()), Index.create(tmp_path / "other", ())
    one.apply(made, (), mark=1)
    for start in range(0, 90, 30):
        other.apply(reversed(made[start : start + 30]), (), mark=start)
    for text in ("volcan", "débat climat", "fable frise", "grilles"):
        assert one.search(Query(text, size=50)) == other.search(Query(text, size=50)), text


WRITER = """
import sys
from pathlib import Path
from traam.engines.search import Document, Index
index = Index.open(Path(sys.argv[1]))
while True:
    mark = index.mark + 1
    made = [Document(mark * 100 + n, f"volcan {mark}", "lave " * 40, {}, 20240101) for n in range(40)]
    index.apply(made, [], mark=mark)
    print(mark, flush=True)
"""


def test_a_writer_killed_while_it_commits_leaves_a_whole_index(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    Index.create(folder, ()).close()
    for commits in (2, 5):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(commits)]
        os.kill(writer.pid, signal.SIGKILL)
        told += [int(line) for line in writer.stdout if line.strip()]
        writer.wait()
        index = Index.open(folder)
        assert index.mark >= told[-1]
        assert index.count() == index.search(Query("volcan lave")).total == 40 * index.mark
        index.apply([Document(1, "fable", "", {}, 20240101)], [], mark=index.mark)  # the lock died with the writer
        index.apply([], [1], mark=index.mark)
        index.close()
