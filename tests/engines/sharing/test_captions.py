"""Captions that a player would show well, and those it would not."""

import pytest

from traam.engines.sharing import cues

GOOD = """WEBVTT - une vidéo

NOTE ceci ne se montre pas

STYLE
::cue { color: red }

1
00:01.000 --> 00:04.000 align:start
<v Élève>Bonjour,</v>
à tous.

01:00:05.500 --> 01:00:07.000
Fin.
"""


def test_captions_are_read_with_their_times_and_their_words() -> None:
    found, faults = cues(GOOD)
    assert faults == []
    assert [(cue.start, cue.end, cue.text, cue.line) for cue in found] == [
        (1.0, 4.0, "Bonjour, à tous.", 9),
        (3605.5, 3607.0, "Fin.", 13),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_and_a_mark_of_order_are_read(end: str) -> None:
    found, faults = cues("\ufeff" + GOOD.replace("\n", end))
    assert len(found) == 2 and faults == []


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("00:04.000 --> 00:01.000\nÀ rebours", "ligne 3 : ce sous-titre finit avant"),
        ("00:01.000 --> 00:04.000", "ligne 3 : ce sous-titre n'a pas de texte"),
        ("00:01,000 --> 00:04,000\nComme en SRT", "ligne 3 : écrivez les temps ainsi"),
        ("00:09.000 --> 00:10.000\nA\n\n00:01.000 --> 00:02.000\nB", "ligne 6 : ce sous-titre commence avant"),
    ],
)
def test_what_a_player_would_not_show_is_said_with_its_line(block: str, said: str) -> None:
    _, faults = cues(f"WEBVTT\n\n{block}\n")
    assert len(faults) == 1 and faults[0].startswith(said)


def test_a_wrong_file_is_not_told_line_by_line() -> None:
    block = "\n\n".join("00:01,000 --> 00:04,000\nA" for _ in range(400))
    assert len(cues(f"WEBVTT\n\n{block}")[1]) == 5
