"""What changed between two contents of a production, told in the words of the page."""

from traam.programme.productions.changes import changed, count

BEFORE = {
    "title": "Mesurer",
    "sections": {"steps": "Ouvrir le débat.", "context": "Une classe."},
    "competences": ["1.1"],
    "phases": [{"title": "Ouvrir", "minutes": 10, "text": ""}],
    "terms_read": False,
}


def test_each_field_is_told_under_its_title_in_the_order_of_reading() -> None:
    after = BEFORE | {"sections": {"steps": "Clore le débat.", "context": "Une classe."}, "title": "Estimer"}
    told = changed(BEFORE, after)
    assert [change.title for change in told] == ["Titre", "Déroulement"]
    assert [(part.kind, part.text) for part in told[1].parts] == [
        ("removed", "Ouvrir"),
        ("added", "Clore"),
        ("same", " le débat."),
    ]
    assert count(told) == (2, 2)


def test_codes_phases_and_boxes_are_told_in_words() -> None:
    after = BEFORE | {"competences": ["1.1", "9.9"], "phases": [], "terms_read": True}
    told = {change.name: change.parts for change in changed(BEFORE, after)}
    assert [part.text for part in told["competences"] if part.kind == "added"] == ["\n9.9"]
    assert "Mener une recherche" in told["competences"][0].text
    assert [part.text for part in told["phases"]] == ["Ouvrir (10 minutes)"]
    assert [part.text for part in told["terms_read"]] == ["non", "oui"]


def test_what_nobody_named_is_told_all_the_same() -> None:
    told = changed({}, {"sections_of_later": ["a", {"b": "c"}]}, {})
    assert [(change.title, change.parts[0].text) for change in told] == [("sections_of_later", "a\nc")]
