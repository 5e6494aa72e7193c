"""What holds for every figure, whatever it shows."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from tests.figures.verbs import VERBS
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.figures.template import template
from wijkanalyse.figures.words import MAX_ALT
from wijkanalyse.privacy.gate import Audience

EVERY = pytest.mark.parametrize("verb", list(VERBS))
WEBGL = {"scattergl", "scatter3d", "surface", "splom", "parcoords", "scatterpolargl"}


def themes_of(texts, perspective):
    return wa.find_themes(make_corpus(texts, perspective=perspective), n_themes=3, firmness_rounds=3)


@pytest.fixture(scope="module")
def themes():
    return themes_of(three_subjects(60), ["inwoner", "wijkteam"] * 30)


@pytest.fixture(scope="module")
def drawn(themes):
    return {verb: make(themes) for verb, make in VERBS.items()}


def marks(figure):
    """Yield the key of every mark that can be clicked."""
    for trace in figure.data:
        yield from trace.customdata if trace.customdata is not None else ()


def test_the_list_has_every_plot_verb():
    assert sorted(VERBS) == sorted(name for name in wa.__all__ if name.startswith("plot_"))


@EVERY
def test_it_has_the_template_and_all_its_words(verb, drawn):
    figure, words = drawn[verb], behind(drawn[verb]).words
    assert figure.layout.template == template()
    assert figure.layout.title.text.replace("<br>", " ") == words.title
    assert figure.layout.title.subtitle.text.replace("<br>", " ") == words.subtitle
    (note,) = [note for note in figure.layout.annotations if note.name == "note"]
    assert note.text.replace("<br>", " ") == words.note
    assert "Voorlopig beeld, bedoeld voor gesprek" in words.note
    assert re.search(
        r"60 verhalen van 60 vertellers.*corpus [0-9a-f]{16}, wijkanalyse \S+, \d{4}-\d\d-\d\d", words.note
    )
    assert re.search(r"\d", words.subtitle)
    assert 40 < len(words.alt) <= MAX_ALT


@EVERY
def test_it_is_dutch(verb, drawn):
    written = f"{drawn[verb].layout.to_plotly_json()} {[trace.name for trace in drawn[verb].data]}"
    written += " ".join(str(trace.hovertemplate) for trace in drawn[verb].data)
    assert not re.findall(
        r"\b(the|stories|themes|count|value|trace \d|undefined|nan)\b", written, re.IGNORECASE
    )


@EVERY
def test_every_mark_opens_stories_and_every_key_is_drawn(verb, drawn):
    keys, members = set(marks(drawn[verb])), behind(drawn[verb]).members
    assert keys
    assert {type(key) for key in keys} == {str}
    assert set(members["mark"]) == keys
    assert set(members["narrative_id"]) <= set(behind(drawn[verb]).corpus.frame["narrative_id"])
    assert len(behind(drawn[verb]).stories(sorted(keys)[:1])) >= 1


@EVERY
def test_no_verdict_and_no_ranking(verb, drawn):
    assert not {"indicator", "table"} & {trace.type for trace in drawn[verb].data}
    colours = {
        colour.lower() for colour in re.findall(r"#[0-9a-fA-F]{6}|\b(?:red|green)\b", drawn[verb].to_json())
    }
    assert not {"red", "green", "#ff0000", "#00ff00", "#008000"} & colours


@EVERY
def test_no_text_of_a_story(verb, drawn, themes):
    content = drawn[verb].to_json()
    assert not any(text in content for text in themes.corpus.frame["text"])


@EVERY
def test_no_webgl_below_five_thousand(verb, drawn):
    assert not WEBGL & {trace.type for trace in drawn[verb].data}


@EVERY
def test_shuffled_input_gives_the_same_figure(verb, themes, drawn):
    order = random.Random(1).sample(range(60), 60)
    corpus = replace(themes.corpus, frame=themes.corpus.frame.iloc[order])
    again = wa.find_themes(corpus, n_themes=3, firmness_rounds=3)
    assert VERBS[verb](again).to_json() == drawn[verb].to_json()


@EVERY
def test_outside_it_is_drawn_from_a_released_table(verb, drawn):
    released = release(drawn[verb], audience=Audience.OUTSIDE)
    figure = released.safe.figure
    assert released.table.audience is Audience.OUTSIDE
    assert released.table.note.split(";")[0] in released.words.note
    assert list(marks(figure)) == []
    assert not any(
        re.search(rf"\b{key}\b", figure.to_json()) for key in behind(drawn[verb]).corpus.frame["narrative_id"]
    )
    assert len(released.words.alt) <= MAX_ALT


@EVERY
@pytest.mark.parametrize("n", [12, 15])
def test_few_stories_and_one_perspective(verb, n):
    themes = themes_of(three_subjects(n), ["inwoner"] * n)
    figure = VERBS[verb](themes)
    assert behind(figure).words.alt
    release(figure, audience=Audience.OUTSIDE)


@EVERY
@pytest.mark.parametrize("width", [321, 520, 643])
def test_it_can_be_drawn_at_any_width(verb, drawn, width):
    figure = release(drawn[verb], audience=Audience.WORKBENCH, width=width).safe.figure
    assert sorted(set(marks(figure))) == sorted(set(marks(drawn[verb])))
