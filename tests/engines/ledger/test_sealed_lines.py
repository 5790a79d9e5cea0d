"""What is sealed is proved by a script that stands alone, and nothing in a file can change without being seen."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from traam.engines import ledger
from traam.engines.ledger import verifier

STEP = 7  # a byte in seven when the whole file would be long


def content(number: int, **changed: Any) -> dict[str, Any]:
    done = changed.get("done", 1250)
    return {
        "campaign": "TraAM 2026-2028",
        "academy": "Lyon",
        "project": "L'intelligence artificielle",
        "name": "Une enseignante",
        "school": "0699901A",
        "corps": "",
        "role": "Enseignant",
        "period": 1,
        "unit": "Heures",
        "planned": 1500,
        "done": done,
        "attested_on": "15/01/2027",
        "inspector": "Un inspecteur",
        "state": "envoyée",
        "remark": "",
        "rate_cents": 4012,
        "amount_cents": ledger.amount(done, 4012),
        "number": number,
        "rank": number,
        "share": number,
        "evidence": [f"attendance:{'a' * 64}"],
        **changed,
    }


def a_file(*contents: dict[str, Any]) -> bytes:
    return ledger.to_csv(ledger.seal(contents))


SMALL = a_file(content(1), content(2, remark='Dit "oui" ; puis part'), content(3, rate_cents=None, amount_cents=None))


def test_a_sound_file_is_sound() -> None:
    report = ledger.verify(SMALL)
    assert (report.lines, report.whole) == (3, True)
    assert report.totals == {("Lyon", 1, "Heures"): [3750, 2 * 50150]}
    assert ledger.verify(SMALL, report.last).last == report.last


@pytest.mark.parametrize("mask", [1, 32, 128])
def test_every_byte_counts(mask: int) -> None:
    """No byte of the file, title, end of line and mark included, changes unseen."""
    unseen = []
    for place in range(len(SMALL)):
        wrong = bytearray(SMALL)
        wrong[place] ^= mask
        try:
            ledger.verify(bytes(wrong))
        except ledger.Broken:
            continue
        unseen.append(place)
    assert unseen == []


def test_every_byte_removed_or_added_is_seen() -> None:
    for place in range(0, len(SMALL), STEP):
        with pytest.raises(ledger.Broken):
            ledger.verify(SMALL[:place] + SMALL[place + 1 :])
        with pytest.raises(ledger.Broken):
            ledger.verify(SMALL[:place] + b" " + SMALL[place:])


def lines_of(data: bytes) -> list[bytes]:
    return data.split(b"\r\n")[:-1]


def test_a_line_removed_moved_or_repeated_is_seen() -> None:
    head, one, two, three = lines_of(SMALL)
    for rows in ([head, one, three], [head, two, three], [head, two, one, three], [head, one, one, two, three]):
        with pytest.raises(ledger.Broken):
            ledger.verify(b"\r\n".join(rows) + b"\r\n")


def test_an_end_cut_off_is_seen_with_the_last_seal() -> None:
    cut = b"\r\n".join(lines_of(SMALL)[:-1]) + b"\r\n"
    assert ledger.verify(cut).lines == 2
    with pytest.raises(ledger.Broken, match="la fin manque"):
        ledger.verify(cut, ledger.verify(SMALL).last)


def test_the_lines_of_one_academy_are_proved_without_the_others() -> None:
    """Ranks are without a gap where numbers have some; a line of hers that is removed is seen."""
    mixed = [content(n, academy="Lyon" if n % 2 else "Lille", rank=(n + 1) // 2, share=n) for n in range(1, 8)]
    sealed = list(ledger.seal(mixed))
    hers = [line for line in sealed if json.loads(line.payload)["academy"] == "Lyon"]
    report = ledger.verify(ledger.to_csv(hers))
    assert (report.lines, report.whole) == (4, False)
    with pytest.raises(ledger.Broken, match="il manque une ligne de l'académie"):
        ledger.verify(ledger.to_csv([hers[0], *hers[2:]]))


def test_an_academy_taken_out_of_a_campaign_is_seen() -> None:
    names = ("Lille", "Lyon", "Nice")
    mixed = [content(n, academy=names[n % 3], rank=(n + 2) // 3) for n in range(1, 10)]
    kept = [line for line in ledger.seal(mixed) if "Lyon" not in line.payload]
    with pytest.raises(ledger.Broken, match="il manque des lignes"):
        ledger.verify(ledger.to_csv(kept))


def test_who_seals_a_wrong_amount_is_seen() -> None:
    with pytest.raises(ledger.Broken, match="montant"):
        ledger.verify(a_file(content(1, amount_cents=50151)))


@pytest.mark.parametrize(
    ("hundredths", "rate", "cents"), [(1, 49, 0), (1, 50, 1), (333, 4012, 13_360), (1250, 4012, 50_150), (0, 4012, 0)]
)
def test_an_amount_is_rounded_half_up(hundredths: int, rate: int, cents: int) -> None:
    assert ledger.amount(hundredths, rate) == cents


def test_a_correction_gives_back_to_the_cent() -> None:
    """12,50 at 40,12 then 12,00 in all: what is taken back is the difference of the rounded amounts."""
    back = ledger.amount(1200, 4012) - ledger.amount(1250, 4012)
    report = ledger.verify(a_file(content(1), content(2, share=1, done=-50, amount_cents=back)))
    assert report.totals == {("Lyon", 1, "Heures"): [1200, ledger.amount(1200, 4012)]}


def test_no_text_becomes_a_formula_or_a_second_line() -> None:
    row = lines_of(a_file(content(1, name="=1+1", remark=" @SUM(A1)\r\nplus", project="-2+3")))[1].decode()
    shown = row.split(";")
    assert shown[2] == "'-2+3" and shown[3] == "'=1+1"
    assert "' @SUM(A1) plus" in row
    assert len(lines_of(a_file(content(1, remark="a\u2028b\nc")))) == 2


def test_a_decimal_number_is_never_sealed() -> None:
    with pytest.raises(TypeError):
        ledger.canonical({"done": 12.5})


def test_ten_thousand_lines_are_reconciled_to_the_cent() -> None:
    wanted: dict[tuple[str, int, str], list[int]] = {}
    ranks: dict[str, int] = {}
    contents = []
    for number in range(1, 10_001):
        academy, period, done = f"Académie {number % 30}", 1 + number % 2, (number * 37) % 5000
        cents = ledger.amount(done, 4012 + period)
        ranks[academy] = ranks.get(academy, 0) + 1
        total = wanted.setdefault((academy, period, "Heures"), [0, 0])
        total[0], total[1] = total[0] + done, total[1] + cents
        contents.append(
            content(
                number,
                academy=academy,
                period=period,
                done=done,
                rate_cents=4012 + period,
                amount_cents=cents,
                rank=ranks[academy],
            )
        )
    assert ledger.verify(a_file(*contents)).totals == wanted


def test_the_script_stands_alone(tmp_path: Path) -> None:
    """Copied elsewhere, without site packages nor this one: OK, or the first broken line."""
    script, sound, wrong = (tmp_path / name for name in ("verificateur.py", "bon.csv", "faux.csv"))
    script.write_text(ledger.source(), encoding="utf-8")
    sound.write_bytes(SMALL)
    wrong.write_bytes(SMALL.replace(b"12,50", b"92,50", 1))

    def run(path: Path) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-I", "-S", script, path], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    assert run(sound)[0] == 0 and "OK : 3 lignes (campagne entière)" in run(sound)[1]
    assert run(wrong) == (1, "NON : ligne 2 du fichier : une colonne ne dit pas ce que dit le contenu scellé.\n")
    assert len(ledger.source().splitlines()) <= 200
    assert ledger.COLUMNS.index("Empreinte précédente") == verifier.PREVIOUS
