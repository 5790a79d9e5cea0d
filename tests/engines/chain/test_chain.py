"""The digests of the journal, alone."""

from datetime import UTC, datetime, timedelta, timezone

from traam.engines import chain
from traam.engines.chain import Act, Anchor

DAY = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def acts(*verbs: str) -> list[Act]:
    made: list[Act] = []
    link = chain.START
    for number, verb in enumerate(verbs, 1):
        words = chain.words_of("salt", "Une personne", "Un objet", "", {})
        content = chain.content_of(DAY, 1, verb, "a.b", "1", words)
        link = chain.link_of(link, number, content)
        made.append(
            Act(
                number,
                number,
                DAY,
                1,
                verb,
                "a.b",
                "1",
                "salt",
                "Une personne",
                "Un objet",
                "",
                {},
                words,
                content,
                link,
            )
        )
    return made


def test_a_value_is_written_in_one_way() -> None:
    assert chain.canonical({"b": (1.0, 1e16, "é"), "a": None}) == '{"a":null,"b":[1,10000000000000000,"é"]}'
    assert chain.canonical({1: 0.5}) == chain.canonical({"1": 0.5})


def test_a_moment_is_the_same_wherever_it_is_told() -> None:
    paris = DAY.astimezone(timezone(timedelta(hours=1)))
    assert chain.moment(paris) == chain.moment(DAY) == "2026-11-22T09:30:00.000000+00:00"


def test_a_whole_chain_has_no_fault_and_an_anchor_of_its_past_holds() -> None:
    made = acts("a", "b", "c")
    assert list(chain.faults(made, Anchor(2, made[1].link))) == []
    assert [fault.code for fault in chain.faults(made[:2], Anchor(3, made[2].link))] == ["truncated"]
    assert [fault.code for fault in chain.faults(made, Anchor(2, "0" * 64))] == ["anchor"]


def test_what_is_missing_or_turned_round_is_seen() -> None:
    one, two, three = acts("a", "b", "c")
    assert [(f.code, f.number) for f in chain.faults([one, three])] == [("removed", 2)]
    assert [(f.code, f.number) for f in chain.faults([two, one, three])] == [("removed", 1)]


def test_the_digests_stay_those_of_scheme_1() -> None:
    """Published: an export of today must be verified in ten years."""
    words = chain.words_of("00" * 16, "Une personne", "Un objet", "motif", {"n": 1})
    content = chain.content_of(DAY, 12, "retain", "calls.application", "7", words)
    assert words == "240fe4143b5427eecd705bacd6e5d861ca3312f284fb1d864dff1a3b35e0364a"
    assert content == "67b701efcdb2d647af5e7c6024d5562670caccc24b2e59d56f51abb19e6b0c9d"
    assert chain.link_of(chain.START, 1, content) == "dedc76fb237c0efcda8819cd452b4b8b2d8c145034b460c5a105d0e5d0199cef"
