from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.errors import InputError
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.privacy.gate import Audience

CODES = ["geld", "school", "veilig", "erbij", "buiten het kader"]


def near(rows, codes=CODES):
    corpus = make_corpus(["Het regende."] * len(rows))
    ids = list(corpus.frame["narrative_id"])
    return SimpleNamespace(
        corpus=corpus, scheme=None, settings={"random_state": 1},
        assignments=pd.DataFrame({"narrative_id": ids, "theme_id": [row[0] for row in rows]}),
        topics=pd.DataFrame({"theme_id": [0, 1, -1], "label": ["bus", "brief", "Past nergens"]}),
        nearness=pd.DataFrame(
            [(i, code, value) for i, row in zip(ids, rows, strict=True) for code, value in zip(codes, row[1], strict=True)],
            columns=["narrative_id", "code", "nearness"],
        ),
    )  # fmt: skip


ROWS = [
    (0, (0.5, 0.0, 0.0, 0.1, 0.4)),  # at the first corner
    (0, (0.2, 0.2, 0.2, 0.0, 0.4)),  # in the middle
    (1, (0.1, 0.1, 0.1, 0.4, 0.3)),  # nearest to a fourth code
    (-1, (0.3, 0.0, 0.0, 0.0, 0.7)),  # mostly outside the frame
    (-1, (0.0, 0.0, 0.5, 0.0, 0.5)),  # half is not more than half
]


def lying(figure):
    return behind(figure).counted.set_index("narrative_id")["ligging"].to_dict()


def test_where_stories_lie():
    figure = wa.plot_opgaven(near(ROWS))
    assert lying(figure) == {
        "v000": "geld",
        "v001": "geld",
        "v002": "erbij",
        "v003": "Buiten het kader",
        "v004": "veilig",
    }
    assert behind(figure).words.title.startswith(
        "3 van de 5 verhalen liggen bij geld, school of veilig; 1 vooral buiten"
    )


def test_every_story_is_drawn_once_and_what_lies_beside_is_open():
    dots = {
        narrative_id: (x, y, trace.marker.color)
        for trace in wa.plot_opgaven(near(ROWS)).data
        if trace.customdata is not None and trace.marker.symbol != "diamond"
        for narrative_id, x, y in zip(trace.customdata, trace.x, trace.y, strict=True)
    }
    assert sorted(dots) == ["v000", "v001", "v002", "v003", "v004"]
    assert {i for i, (*_, colour) in dots.items() if colour == "#ffffff"} == {"v002", "v003", "v004"}
    assert dots["v000"][0] < dots["v001"][0]
    assert dots["v002"][1] < dots["v000"][1] < dots["v001"][1] < dots["v004"][1]


def test_a_diamond_opens_all_stories_of_its_theme_and_a_theme_beside_has_none():
    figure = wa.plot_opgaven(near(ROWS))
    assert list(behind(figure).stories(["bus"])["narrative_id"]) == ["v000", "v001"]
    assert [trace.name for trace in figure.data if trace.marker.symbol == "diamond"] == ["bus"]


def test_other_corners():
    figure = wa.plot_opgaven(near(ROWS), corners=("erbij", "school", "veilig"))
    assert lying(figure)["v002"] == "erbij"
    assert behind(figure).words.title.startswith("2 van de 5 verhalen liggen bij erbij, school of veilig")
    assert figure.to_json() != wa.plot_opgaven(near(ROWS)).to_json()


@pytest.mark.parametrize(
    "corners", [("geld", "school"), ("geld", "geld", "school"), ("geld", "school", "weer")]
)
def test_corners_are_three_codes(corners):
    with pytest.raises(InputError, match="drie verschillende codes") as caught:
        wa.plot_opgaven(near(ROWS), corners=corners)
    assert "‘erbij’" in str(caught.value)


def test_without_a_scheme():
    themes = near(ROWS)
    themes.nearness = themes.nearness.iloc[:0]
    with pytest.raises(InputError, match="Maak de thema’s met een schema"):
        wa.plot_opgaven(themes)


def test_everything_outside_the_frame_leaves_an_empty_triangle():
    figure = wa.plot_opgaven(near([(0, (0, 0, 0, 0, 1))] * 6))
    assert set(lying(figure).values()) == {"Buiten het kader"}
    assert "0 van de 6 verhalen" in behind(figure).words.title


def test_a_theme_on_one_line_has_no_area():
    rows = [(0, (part, 0.6 - part, 0, 0, 0.4)) for part in (0.1, 0.2, 0.25, 0.3, 0.35, 0.4)]
    assert not [trace for trace in wa.plot_opgaven(near(rows)).data if trace.fill == "toself"]


def test_names_keep_off_each_other_and_off_the_corners(sample_themes):
    figure = wa.plot_opgaven(sample_themes)
    corners = [
        note for note in figure.layout.annotations if note.text.startswith("<b>") and note.name != "naam"
    ]
    assert {note.text for note in corners} == {
        "<b>Bestaanszekerheid</b>",
        "<b>Kansengelijkheid</b>",
        "<b>Veiligheid</b>",
    }
    named = [note for note in figure.layout.annotations if note.name == "naam" and note.visible is not False]
    assert named
    lowest = min(note.y for note in corners if note.text != "<b>Veiligheid</b>")
    assert all(note.y > lowest for note in named)


def test_in_a_column_every_theme_has_its_name_or_a_number_with_it(sample):
    many = wa.find_themes(sample, scheme=wa.load_scheme("opgaven"), n_themes=12, firmness_rounds=2)
    released = release(wa.plot_opgaven(many), audience=Audience.WORKBENCH, width=321)
    figure = released.safe.figure
    notes = [note.text.replace("</b><br><b>", " ") for note in figure.layout.annotations]
    scatter = [trace for trace in figure.data if trace.type == "scatter"]
    themes = [trace.name for trace in scatter if trace.marker.symbol == "diamond"]
    (listed,) = [note for note in notes if note.startswith("1 ")]
    assert all(f"<b>{name}</b>" in notes or name in listed.replace("<br>", " ") for name in themes)
    numbers = [note for note in notes if note in {f"<b>{n}</b>" for n in range(1, 30)}]
    # A long name goes on under its number.
    assert len(numbers) == len(re.findall(r"(?:^|<br>)\d+ ", listed)) >= 2
