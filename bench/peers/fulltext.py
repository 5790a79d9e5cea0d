"""The same pages of results by our search, PostgreSQL's full text and SQLite FTS5: one class each, the same verbs.

`load(notices)` indexes; `page(asked)` gives the ids of 20 hits, the exact total, the counts of every facet (its own
choice left out) and the marked extracts; `cpu()` tells the CPU seconds spent so far, those of a server included.
"""

import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bench.corpus import FACETS, Asked, Made
from traam.engines import search

SEVERAL = ("niveau", "crcn")
ONE = tuple(name for name in FACETS if name not in SEVERAL)
SIZE = 20


class Unavailable(Exception):
    """A peer cannot be measured here: why, in one sentence."""


@dataclass(frozen=True)
class Page:
    ids: list[int]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    extracts: list[str]


def bytes_of(path: Path) -> int:
    """Of a file, or of all those of a folder."""
    return sum(one.stat().st_size for one in (path.rglob("*") if path.is_dir() else [path]) if one.is_file())


class Ours:
    """Our engine, with the rows of a SQLite table for the extracts."""

    name = "TraAM"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index: Any = None
        self.rows = sqlite3.connect(folder / "rows.sqlite3")

    def load(self, notices: Iterable[Made]) -> None:
        self.rows.execute("create table notice (id integer primary key, title text, summary text)")
        search.rebuild(self.folder / "index", self._documents(notices), FACETS, 1).close()
        self.rows.commit()

    def _documents(self, notices: Iterable[Made]) -> Iterable[search.Document]:
        for n in notices:
            self.rows.execute("insert into notice values (?, ?, ?)", (n.id, n.title, n.summary))
            yield search.Document(n.id, n.title, "", n.codes, n.date, lead=n.summary, keywords=n.keywords)

    def open(self) -> None:
        self.index = search.open_current(self.folder / "index")

    def page(self, asked: Asked) -> Page:
        self.index.reload()  # as each page of the site does
        found = self.index.search(search.Query(asked.text, asked.chosen, prefix=asked.prefix, size=SIZE))
        marks = ",".join("?" * len(found.ids))
        rows = {row[0]: row for row in self.rows.execute(f"select * from notice where id in ({marks})", found.ids)}
        extracts = []
        for number in found.ids:
            title = search.highlight(rows[number][1], found.terms)
            said = search.extract(rows[number][2], found.terms)
            extracts.append("".join(f"<mark>{part}</mark>" if marked else part for part, marked in (*title, *said)))
        return Page(found.ids, found.total, found.facets, extracts)

    def cpu(self) -> float:
        return time.process_time()

    def size(self) -> int:
        """Of the index; the rows are those of the site, which has them anyway."""
        return bytes_of(self.folder / "index")


class PostgreSQL:
    """Its full text search as its manual says: french + unaccent, a weighted vector, a GIN index, one round trip."""

    name = "PostgreSQL"

    def __init__(self, address: str) -> None:
        import psycopg

        self.link = psycopg.connect(address, autocommit=True)
        # CPU of one backend is what is counted: no helpers beside it.
        self.link.execute("set max_parallel_workers_per_gather = 0")
        self.link.execute("set work_mem = '256MB'")
        self.backend = self.link.info.backend_pid

    def load(self, notices: Iterable[Made]) -> None:
        run: Any = self.link.execute
        run("create extension if not exists unaccent")
        run("drop table if exists notice")
        run("drop text search configuration if exists fr")
        run("create text search configuration fr (copy = french)")
        run("alter text search configuration fr alter mapping for hword, hword_part, word with unaccent, french_stem")
        columns = [f"{name} text" for name in ONE] + [f"{name} text[]" for name in SEVERAL]
        run(f"create table notice (id int, title text, summary text, keywords text, day int, {', '.join(columns)})")
        names = ["id", "title", "summary", "keywords", "day", *ONE, *SEVERAL]
        with self.link.cursor() as cursor, cursor.copy(f"copy notice ({', '.join(names)}) from stdin") as copy:
            for n in notices:
                one, several = [n.codes[name][0] for name in ONE], [list(n.codes[name]) for name in SEVERAL]
                copy.write_row([n.id, n.title, n.summary, n.keywords, n.date, *one, *several])
        run(
            "alter table notice add words tsvector generated always as (setweight(to_tsvector('fr', title), 'A') || "
            "setweight(to_tsvector('fr', summary), 'B') || setweight(to_tsvector('fr', keywords), 'D')) stored"
        )
        run("create index on notice using gin (words)")
        run("create index on notice (day desc, id desc)")
        run("alter table notice add primary key (id)")
        for name in FACETS:
            run(f"create index on notice {'using gin ' if name in SEVERAL else ''}({name})")
        run("vacuum analyze notice")

    def page(self, asked: Asked) -> Page:
        run: Any = self.link.execute
        rows = run(*self._statement(asked)).fetchall()
        counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        total, hits = 0, []
        for kind, code, number, extract in rows:
            if kind == "hit":
                hits.append((number, int(code), extract))
            elif kind == "total":
                total = number
            else:
                counts[kind][code] = number
        hits.sort()
        return Page([pk for _, pk, _ in hits], total, counts, [extract for *_, extract in hits])

    def _statement(self, asked: Asked) -> tuple[str, dict[str, Any]]:
        values: dict[str, Any] = {name: sorted(codes) for name, codes in asked.chosen.items()}
        where = {name: f"{name} {'&&' if name in SEVERAL else '='} " for name in asked.chosen}
        tests = {
            name: start + (f"%({name})s::text[]" if name in SEVERAL else f"any(%({name})s)")
            for name, start in where.items()
        }
        query = "to_tsquery('fr', %(text)s)" if asked.prefix else "websearch_to_tsquery('fr', %(text)s)"
        values["text"] = f"{asked.text}:*" if asked.prefix else asked.text
        matched = f"words @@ {query}" if asked.text else "true"
        order = f"ts_rank(words, {query}) desc, day desc" if asked.text else "day desc, id desc"
        every = " and ".join(tests.values()) or "true"
        flags = "".join(f", ({test}) as in_{name}" for name, test in tests.items())
        columns = ", ".join(FACETS)
        parts = []
        for name in FACETS:
            others = " and ".join(f"in_{other}" for other in tests if other != name) or "true"
            source = f"m, unnest({name}) as code" if name in SEVERAL else "m"
            code = "code" if name in SEVERAL else name
            parts.append(f"select '{name}', {code}, count(*), '' from {source} where {others} group by {code}")
        inside = " and ".join(f"in_{name}" for name in tests) or "true"
        marked = f"ts_headline('fr', title || ' ' || summary, {query})" if asked.text else "title"
        return (
            f"with m as materialized (select {columns}{flags} from notice where {matched}), "
            f"h as (select id, row_number() over () as rank from (select id from notice where {matched} and {every} "
            f"order by {order} limit {SIZE}) x) "
            f"select 'hit', n.id::text, h.rank, {marked} from h join notice n on n.id = h.id "
            f"union all select 'total', '', count(*), '' from m where {inside} union all " + " union all ".join(parts),
            values,
        )

    def cpu(self) -> float:
        """Ours and its backend's, which Linux counts in nanoseconds."""
        spent = int(Path(f"/proc/{self.backend}/schedstat").read_text(encoding="ascii").split()[0])
        return time.process_time() + spent / 1e9

    def size(self) -> int:
        """Of the vector's index and of the vectors themselves."""
        asking = "select pg_relation_size('notice_words_idx') + sum(pg_column_size(words)) from notice"
        row: Any = self.link.execute(asking).fetchone()
        return int(row[0])


class Fts5:
    """SQLite's own full text, accents removed: bm25, snippet, and SQL for the facets."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self.file = folder / "fts5.sqlite3"
        self.link = sqlite3.connect(self.file, isolation_level=None)
        self.link.execute("pragma cache_size = -200000")

    def load(self, notices: Iterable[Made]) -> None:
        run = self.link.execute
        run("pragma synchronous = off")
        run(
            "create virtual table words using fts5(title, summary, keywords, "
            "tokenize = 'unicode61 remove_diacritics 2')"
        )
        run(f"create table notice (id integer primary key, day int, {', '.join(ONE)})")
        for name in SEVERAL:
            run(f"create table {name} (id int, code text, primary key (code, id)) without rowid")
        run("begin")
        remaining = iter(notices)
        marks = ", ".join("?" * (2 + len(ONE)))
        while batch := list(islice(remaining, 5_000)):
            texts = [(n.id, n.title, n.summary, n.keywords) for n in batch]
            self.link.executemany("insert into words (rowid, title, summary, keywords) values (?, ?, ?, ?)", texts)
            rows = [(n.id, n.date, *(n.codes[name][0] for name in ONE)) for n in batch]
            self.link.executemany(f"insert into notice values ({marks})", rows)
            for name in SEVERAL:
                self.link.executemany(
                    f"insert into {name} values (?, ?)", [(n.id, code) for n in batch for code in n.codes[name]]
                )
        run("commit")
        run("insert into words (words) values ('optimize')")
        for name in SEVERAL:
            run(f"create index {name}_of on {name} (id)")
        for name in ONE:
            run(f"create index {name}_code on notice ({name})")
        run("create index notice_day on notice (day desc, id desc)")
        run("analyze")

    def page(self, asked: Asked) -> Page:
        run = self.link.execute
        typed = " ".join(f'"{word}"' for word in asked.text.replace("'", " ").split()) + ("*" if asked.prefix else "")
        tests, values = self._tests(asked)
        run("drop table if exists temp.m")
        flags = "".join(f", ({test}) as in_{name}" for name, test in tests.items())
        source = "words join notice n on n.id = words.rowid where words match ?" if asked.text else "notice n"
        bound = [*values, *([typed] if asked.text else [])]
        kept = ", ".join(f"n.{name}" for name in ONE)
        run(f"create temp table m as select n.id as id, {kept}{flags} from {source}", bound)
        counts = {}
        for name in FACETS:
            others = " and ".join(f"in_{other}" for other in tests if other != name) or "true"
            if name in SEVERAL:
                asking = f"select code, count(*) from temp.m join {name} f on f.id = m.id where {others} group by code"
            else:
                asking = f"select {name}, count(*) from temp.m where {others} group by 1"
            counts[name] = dict(run(asking).fetchall())
        inside = " and ".join(f"in_{name}" for name in tests) or "true"
        total = int(run(f"select count(*) from temp.m where {inside}").fetchone()[0])
        hits = self._hits(asked, typed, tests, values)
        return Page([pk for pk, _ in hits], total, counts, [extract for _, extract in hits])

    def _tests(self, asked: Asked) -> tuple[dict[str, str], list[str]]:
        tests, values = {}, []
        for name, codes in asked.chosen.items():
            marks = ", ".join("?" * len(codes))
            one = f"n.{name} in ({marks})"
            tests[name] = f"n.id in (select id from {name} where code in ({marks}))" if name in SEVERAL else one
            values += sorted(codes)
        return tests, values

    def _hits(self, asked: Asked, typed: str, tests: dict[str, str], values: list[str]) -> list[tuple[int, str]]:
        every = " and ".join(tests.values()) or "true"
        if not asked.text:
            asking = f"select n.id, title from notice n join words w on w.rowid = n.id where {every} "
            return self.link.execute(asking + f"order by n.day desc, n.id desc limit {SIZE}", values).fetchall()
        extract = "snippet(words, 1, '<mark>', '</mark>', '…', 32)"
        return self.link.execute(
            f"select n.id, {extract} from words join notice n on n.id = words.rowid where words match ? and {every} "
            f"order by bm25(words, 3.0, 1.0, 0.4) limit {SIZE}",
            [typed, *values],
        ).fetchall()

    def cpu(self) -> float:
        return time.process_time()

    def size(self) -> int:
        return bytes_of(self.file)
