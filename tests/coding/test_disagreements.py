from __future__ import annotations

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.coding.disagreements import differences
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import PrivacyError

TEXT = "Ik had geen geld. De buurvrouw hielp mij. <b>Dat</b> was fijn."


def corpus(status: PrivacyStatus = PrivacyStatus.REVIEWED):
    return make_corpus([TEXT, "Niets."], title=["Geld & zo", ""], status=status)


def comparison(unit: str = "zin"):
    rows = [
        ("v000", "An", "geld", 12, 16, "geld", "armoede?"),
        ("v000", "Bo", "geld", 3, 16, "had geen geld", ""),
        ("v000", "An", "hulp", 18, 40, "De buurvrouw hielp mij", "gaat om nabijheid"),
        ("v000", "Bo", "buurt", 21, 30, "buurvrouw", "de straat zelf"),
    ]
    columns = ["narrative_id", "coder", "code", "start", "end", "quote", "memo"]
    return wa.compare_coders(pd.DataFrame(rows, columns=columns), unit, ["v000", "v001"], corpus=corpus())


def test_a_place_has_all_its_codes_and_what_everybody_wrote():
    (place,) = differences(comparison())
    assert TEXT[place["start"] : place["end"]].strip() == "De buurvrouw hielp mij."
    assert place["codes"] == ["buurt: wel Bo, niet An", "hulp: wel An, niet Bo"]
    assert place["said"] == [
        {"coder": "An", "codes": "hulp", "memo": "hulp: gaat om nabijheid"},
        {"coder": "Bo", "codes": "buurt", "memo": "buurt: de straat zelf"},
    ]


def test_a_whole_story_has_no_place_and_every_quote_once():
    (place,) = differences(comparison("verhaal"))
    assert (place["start"], place["end"]) == (None, None)
    assert place["text"] == "buurvrouw | De buurvrouw hielp mij"


@pytest.mark.parametrize("unit", ["verhaal", "zin", "teken"])
def test_the_page_shows_what_everybody_saw_and_no_markup_of_a_story(tmp_path, unit):
    path = wa.write_disagreements(comparison(unit), tmp_path / "verschillen.html", corpus=corpus())
    page = path.read_text("utf-8")
    assert "Geld &amp; zo" in page
    assert "gaat om nabijheid" in page
    assert "Afspraak:" in page
    assert "<b>Dat" not in page
    assert "Werkversie" not in page


def test_a_page_of_stories_that_nobody_reviewed_says_so_and_raw_ones_are_refused(tmp_path):
    made = wa.write_disagreements(
        comparison(), tmp_path / "a.html", corpus=corpus(status=PrivacyStatus.MASKED)
    )
    assert "Werkversie voor eigen gebruik" in made.read_text("utf-8")
    with pytest.raises(PrivacyError):
        wa.write_disagreements(comparison(), tmp_path / "b.html", corpus=corpus(status=PrivacyStatus.RAW))
    assert not (tmp_path / "b.html").exists()


def test_without_differences_the_page_says_so(tmp_path):
    codings = pd.DataFrame(
        [("v000", coder, "geld", None, None, "") for coder in ("An", "Bo")],
        columns=["narrative_id", "coder", "code", "start", "end", "quote"],
    )
    same = wa.compare_coders(codings, narratives=["v000"], corpus=corpus())
    page = wa.write_disagreements(same, tmp_path / "a.html", corpus=corpus()).read_text("utf-8")
    assert "Er zijn geen verschillen." in page
