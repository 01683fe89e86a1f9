"""Folded text finds and orders alike on both databases."""

from models.folding import fold, search_text, search_words


def test_three_spellings_of_mueller_find_one_another() -> None:
    text = search_text(["Jürgen Müller"])
    for query in ("Muller", "Mueller", "Müller", "MÜLLER", "jurgen"):
        assert all(word in text for word in search_words(query)), query


def test_marks_and_special_letters_are_folded() -> None:
    assert fold("São Paulo") == "sao paulo"
    assert fold("Straße in Łódź") == "strasse in lodz"


def test_german_order_puts_umlauts_beside_their_vowel() -> None:
    names = ["Zebra", "Ähre", "Özdemir", "Otto", "Adam"]
    assert sorted(names, key=fold) == ["Adam", "Ähre", "Otto", "Özdemir", "Zebra"]
