"""From a reader's query to one page: plan, rank, count, forgive."""

from dataclasses import dataclass, replace
from math import log
from typing import Any

import tantivy
from tantivy import Occur

from .analysis import LONGEST_QUERY, Group, groups
from .snapshot import Snapshot
from .stems import stem
from .values import BEST, DEEPEST, LARGEST_PAGE, Query, Results
from .vocabulary import SHORTEST

_WEIGHTS = {"title": 3.0, "lead": 1.0, "body": 0.5}
"""Of a word ranked by how often it comes and how short the field is (BM25)."""
_PRESENCE = {"body": 0.5, "keywords": 0.4}
"""Of a word ranked by its rarity alone: a full scenario must not pay for its length against two lines."""
_QUALITY = 0.4
"""Of each degree of quality: about what a common word of a summary weighs."""
_MOST_ENDINGS = 50
_MOST_CODES = 200
_MOST_CORRECTED = 4
_MOST_OFFERED = 2
"""Unknown words for which others are offered: each costs as much as a page."""
_WINDOW = 200
"""Results of the same score are ordered by date within blocks of so many: pages never overlap."""
_MORE_FREQUENT = 10
"""A word that exists is replaced only by one in so many times more documents."""


@dataclass(frozen=True)
class _Plan:
    """What is asked, ready to run: the text's query and the terms to highlight."""

    wanted: tuple[Group, ...]
    least: int

    @property
    def terms(self) -> frozenset[str]:
        return frozenset(t for group in self.wanted for alternative in group.alternatives for t in alternative)


def answer(snapshot: Snapshot, query: Query) -> Results:
    """The page `query` asks for, its typing errors forgiven when nothing else can be shown."""
    text = query.text[:LONGEST_QUERY]
    wanted = _planned(snapshot, text, query.prefix)
    corrected = _corrected(snapshot, text, wanted)
    if corrected:
        wanted = _planned(snapshot, corrected, query.prefix)
    found = _run(snapshot, query, _Plan(wanted, len(wanted)))
    if found.total or not wanted or _matches_without_filters(snapshot, wanted):
        return replace(found, corrected=corrected)
    if not corrected and (likelier := _likeliest(snapshot, query, text, wanted)):
        return likelier
    relaxed = _relaxed(snapshot, query, wanted) or _relaxed(snapshot, query, _word_by_word(wanted))
    return replace(relaxed, corrected=corrected) if relaxed else found


def _matches_without_filters(snapshot: Snapshot, wanted: tuple[Group, ...]) -> bool:
    """Whether the words are right and the chosen codes alone leave nothing: no error is to be forgiven then."""
    return bool(snapshot.searcher.search(_base(snapshot, _Plan(wanted, len(wanted))), 1).count)


def _likeliest(snapshot: Snapshot, query: Query, text: str, wanted: tuple[Group, ...]) -> Results | None:
    """The results of the first likelier text that has some."""
    for candidate in _likelier(snapshot, text, wanted):
        other = _planned(snapshot, candidate, query.prefix)
        found = _run(snapshot, query, _Plan(other, len(other)))
        if found.total:
            return replace(found, corrected=candidate)
    return None


def _relaxed(snapshot: Snapshot, query: Query, wanted: tuple[Group, ...]) -> Results | None:
    """The same with fewer words required: all but one, half, one."""
    for least in sorted({len(wanted) - 1, (len(wanted) + 1) // 2, 1} - {len(wanted), 0}, reverse=True):
        found = _run(snapshot, query, _Plan(wanted, least))
        if found.total:
            return replace(found, relaxed=True)
    return None


def _word_by_word(wanted: tuple[Group, ...]) -> tuple[Group, ...]:
    """The words of phrases, each asked for alone: « réalité virtuelle » may be relaxed to « réalité »."""
    return tuple(Group(((word.term,),), (word,)) for group in wanted for word in group.words)


# ---- plan


def _planned(snapshot: Snapshot, text: str, prefix: bool) -> tuple[Group, ...]:
    wanted = groups(text)
    if prefix and wanted and wanted[-1].words[-1].end == len(text.rstrip()) == len(text):
        wanted[-1] = _unfinished(snapshot, wanted[-1])
    return tuple(_in_one_piece(snapshot, wanted))


def _unfinished(snapshot: Snapshot, group: Group) -> Group:
    """The last word may also be the beginning of a longer one."""
    typed = group.words[-1].folded
    if len(typed) < 2:
        return group
    found = snapshot.words_starting(typed)
    often = sorted(found, key=lambda word: (-found[word], word))[:_MOST_ENDINGS]
    before = group.alternatives[0][:-1]
    longer = [(*before, stem(word)) for word in often]
    return Group(tuple(dict.fromkeys([*group.alternatives, *longer])), group.words)


def _in_one_piece(snapshot: Snapshot, wanted: list[Group]) -> list[Group]:
    """« vidéo projecteur » also asks for « vidéoprojecteur » when documents write it so."""
    result: list[Group] = []
    for group in wanted:
        previous = result[-1] if result else None
        if previous and len(previous.words) == len(group.words) == 1:
            joined = stem(previous.words[0].folded + group.words[0].folded)
            if previous.alternatives[0] != (joined,) and snapshot.frequency(joined):
                both = tuple((*a, *b) for a in previous.alternatives for b in group.alternatives)
                result[-1] = Group((*both, (joined,)), previous.words + group.words)
                continue
        result.append(group)
    return result


# ---- typing errors


def _corrected(snapshot: Snapshot, text: str, wanted: tuple[Group, ...]) -> str | None:
    """`text` with its unknown words replaced by near ones; None when there is nothing to replace."""
    unknown = [
        word
        for group in wanted
        if not any(all(map(snapshot.frequency, terms)) for terms in group.alternatives)
        for word in group.words
        if not snapshot.frequency(word.term)
    ]
    nearer = [(word, _better(snapshot, word.folded)) for word in unknown[:_MOST_CORRECTED]]
    changes = [(word.start, word.end, better) for word, better in nearer if better]
    return _replaced(text, changes) if changes else None


def _better(snapshot: Snapshot, folded: str) -> str | None:
    vocabulary = snapshot.vocabulary
    if near := vocabulary.nearest(folded):
        return vocabulary.written(near)
    if halves := vocabulary.split(folded):
        return " ".join(map(vocabulary.written, halves))
    return None


def meant(snapshot: Snapshot, text: str, count: int) -> list[str]:
    """Texts that one may have meant by a text of unknown words: one word replaced in each, the first unknown first."""
    text = text[:LONGEST_QUERY]
    unknown = [w for group in groups(text) for w in group.words if not snapshot.frequency(w.term)][:_MOST_OFFERED]
    vocabulary = snapshot.vocabulary
    offered = [
        _replaced(text, [(word.start, word.end, vocabulary.written(near))])
        for word in unknown
        for near in vocabulary.sounding(word.folded, count)
    ]
    return list(dict.fromkeys(offered))


def _likelier(snapshot: Snapshot, text: str, wanted: tuple[Group, ...]) -> list[str]:
    """Texts with one rare word replaced by a much more frequent neighbour, the rarest word first."""
    words = [word for group in wanted for word in group.words if len(word.folded) >= SHORTEST]
    words.sort(key=lambda word: snapshot.frequency(word.term))
    result = []
    for word in words[:_MOST_CORRECTED]:
        at_least = _MORE_FREQUENT * max(1, snapshot.frequency(word.term))
        near = snapshot.vocabulary.nearest(word.folded, at_least=at_least)
        if near and stem(near) != word.term:
            result.append(_replaced(text, [(word.start, word.end, snapshot.vocabulary.written(near))]))
    return result


def _replaced(text: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, better in sorted(changes, reverse=True):
        text = text[:start] + better + text[end:]
    return text


# ---- run


def _run(snapshot: Snapshot, query: Query, plan: _Plan) -> Results:
    base = _base(snapshot, plan)
    filters = {name: _filter(snapshot, name, codes) for name, codes in query.chosen.items() if codes}
    if plan.wanted:
        facets, total = _counted(snapshot, query, base, filters)
    else:
        facets, total = _counted_without_words(snapshot, query, base, filters)
    ids = _page(snapshot, query, _joined(base, filters.values()), bool(plan.wanted)) if total else []
    return Results(total, ids, facets, plan.terms)


def _base(snapshot: Snapshot, plan: _Plan) -> Any:
    """What matches the text; every record when there is none."""
    if not plan.wanted:
        record = tantivy.Query.term_query(snapshot.schema, "kind", "record", index_option="basic")
        return tantivy.Query.const_score_query(record, 0.0)
    asked = [_any(snapshot, group) for group in plan.wanted]
    if plan.least == len(asked):
        return _all(asked)
    some = [(Occur.Should, one) for one in asked]
    return tantivy.Query.boolean_query(some, minimum_number_should_match=plan.least)


def _any(snapshot: Snapshot, group: Group) -> Any:
    options = [_all([term_query(snapshot, term) for term in terms]) for terms in group.alternatives]
    return options[0] if len(options) == 1 else tantivy.Query.disjunction_max_query(options, 0.1)


def _all(queries: list[Any]) -> Any:
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Occur.Must, q) for q in queries])


def term_query(snapshot: Snapshot, term: str) -> Any:
    """The records that hold `term`, scored by where they hold it."""
    held = {field: _holding(snapshot, field, term) for field in (*_WEIGHTS, *_PRESENCE)}
    scored = [tantivy.Query.boost_query(held[field], weight) for field, weight in _WEIGHTS.items()]
    scored += [
        tantivy.Query.const_score_query(held[field], weight * rarity(snapshot, field, term))
        for field, weight in _PRESENCE.items()
    ]
    return tantivy.Query.boolean_query([(Occur.Should, one) for one in scored])


def _holding(snapshot: Snapshot, field: str, term: str) -> Any:
    return tantivy.Query.term_query(snapshot.schema, field, term, index_option="freq")


def rarity(snapshot: Snapshot, field: str, term: str) -> float:
    """The inverse document frequency, as BM25 counts it."""
    count = min(snapshot.searcher.doc_freq(field, term), snapshot.count)
    return log(1 + (snapshot.count - count + 0.5) / (count + 0.5))


def _with_quality(snapshot: Snapshot, full: Any) -> Any:
    """The same records, the better ones a little higher."""
    degrees = [_holding(snapshot, "quality", str(number)) for number in range(1, BEST + 1)]
    bonus = [(Occur.Should, tantivy.Query.const_score_query(degree, _QUALITY)) for degree in degrees]
    return tantivy.Query.boolean_query([(Occur.Must, full), *bonus])


def _filter(snapshot: Snapshot, name: str, codes: frozenset[str]) -> Any:
    field = f"facet{snapshot.facets.index(name)}"
    accepted = [
        (Occur.Should, tantivy.Query.term_query(snapshot.schema, field, code, index_option="basic"))
        for code in sorted(codes)[:_MOST_CODES]
        if code.isprintable()  # a lone surrogate cannot even be encoded, and no code holds one
    ]
    return tantivy.Query.const_score_query(tantivy.Query.boolean_query(accepted), 0.0)


def _joined(base: Any, filters: Any) -> Any:
    return _all([base, *filters])


def _counted(
    snapshot: Snapshot, query: Query, base: Any, filters: dict[str, Any]
) -> tuple[dict[str, dict[str, int]], int]:
    """Counts of each facet, its own choice left out, and the total: one pass, and one for each choice."""
    free = [name for name in snapshot.facets if name not in filters]
    asked = _aggregations(snapshot, free) | {"total": {"value_count": {"field": "id"}}}
    answered = snapshot.searcher.aggregate(_joined(base, filters.values()), asked)
    total = int(answered["total"]["value"])
    for name in filters:
        others = [one for other, one in filters.items() if other != name]
        answered |= snapshot.searcher.aggregate(_joined(base, others), _aggregations(snapshot, [name]))
    counts = {name: _counts(answered.get(name), query.chosen.get(name, ())) for name in snapshot.facets}
    return counts, total


def _counted_without_words(
    snapshot: Snapshot, query: Query, base: Any, filters: dict[str, Any]
) -> tuple[dict[str, dict[str, int]], int]:
    """The same when no word is asked for: what is counted over every record is counted once for each commit."""
    if snapshot.everything is None:
        snapshot.everything = _counted(snapshot, Query(), base, {})
    every, total = snapshot.everything
    if not filters:
        return {name: dict(counts) for name, counts in every.items()}, total
    if len(filters) > 1:
        return _counted(snapshot, query, base, filters)
    (name,) = filters
    others = [one for one in snapshot.facets if one != name]
    asked = _aggregations(snapshot, others) | {"total": {"value_count": {"field": "id"}}}
    answered = snapshot.searcher.aggregate(_joined(base, filters.values()), asked)
    found = {one: _counts(answered.get(one), ()) for one in others}
    chosen = dict.fromkeys(query.chosen[name], 0)
    return found | {name: chosen | every[name]}, int(answered["total"]["value"])


def _aggregations(snapshot: Snapshot, names: list[str]) -> dict[str, Any]:
    return {
        name: {"terms": {"field": f"facet{snapshot.facets.index(name)}", "size": snapshot.sizes[name]}}
        for name in names
        if snapshot.sizes[name]
    }


def _counts(answered: dict[str, Any] | None, chosen: Any) -> dict[str, int]:
    """Code → count; a chosen code is there even at 0, so that the page can show it."""
    counts = {bucket["key"]: int(bucket["doc_count"]) for bucket in answered["buckets"]} if answered else {}
    return counts | {code: 0 for code in chosen if code not in counts}


def _page(snapshot: Snapshot, query: Query, full: Any, ranked: bool) -> list[int]:
    size = min(max(query.size, 1), LARGEST_PAGE)
    first = (max(query.page, 1) - 1) * size
    if first >= DEEPEST:
        return []
    searcher = snapshot.searcher
    if query.sort == "titre":
        hits = searcher.search(
            full, size, count=False, order_by_field="order", offset=first, order=tantivy.Order.Asc
        ).hits
    elif query.sort == "date" or not ranked:
        hits = searcher.search(full, size, count=False, order_by_field="recency", offset=first).hits
    else:
        return _ranked(searcher, _with_quality(snapshot, full), first, size)
    addresses = [address for _, address in hits]
    return list(searcher.fast_field_values("id", addresses)) if addresses else []


def _ranked(searcher: Any, full: Any, first: int, size: int) -> list[int]:
    """Results `first` … `first + size` by score, then date, then id."""
    ids: list[int] = []
    for block in range(first // _WINDOW, (first + size - 1) // _WINDOW + 1):
        hits = searcher.search(full, _WINDOW, count=False, offset=block * _WINDOW).hits
        addresses = [address for _, address in hits]
        recent = searcher.fast_field_values("recency", addresses) if addresses else []
        ordered = sorted(zip((score for score, _ in hits), recent, strict=True), reverse=True)
        skipped = max(0, first - block * _WINDOW)
        ids += [recency & (1 << 36) - 1 for _, recency in ordered[skipped : first + size - block * _WINDOW]]
    return ids
