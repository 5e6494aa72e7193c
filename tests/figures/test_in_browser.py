"""Every figure as a browser draws it: nothing clipped, no words over each other."""

from __future__ import annotations

import itertools

import pytest

import wijkanalyse as wa
from tests.figures.verbs import VERBS
from wijkanalyse.figures.behind import release
from wijkanalyse.figures.template import SCREEN_WIDTH
from wijkanalyse.privacy.gate import Audience

COLUMN = 321  # pixels of 85 mm
BOXES = """([json, width]) => {
  const figure = JSON.parse(json);
  const old = document.getElementById("f"); if (old) { Plotly.purge(old); old.remove(); }
  const node = document.createElement("div"); node.id = "f"; node.style.width = width + "px"; document.body.append(node);
  return Plotly.newPlot(node, figure.data, {...figure.layout, width}).then(() => {
    const own = node.querySelector(".main-svg").getBoundingClientRect();
    const texts = [...node.querySelectorAll("text")].filter((text) => text.textContent.trim() && !text.closest(".modebar, .hoverlayer"));
    return {height: own.height, texts: texts.map((text) => {
      const box = text.getBoundingClientRect();
      return [text.textContent, box.left - own.left, box.top - own.top, box.right - own.left, box.bottom - own.top];
    }).filter(([, left, top, right, bottom]) => right > left)};
  });
}"""


@pytest.fixture(scope="module")
def plots(browser):
    """Return a page with plotly in it."""
    from plotly.offline import get_plotlyjs

    context = browser.new_context(viewport={"width": 1200, "height": 900}, offline=True)
    page = context.new_page()
    page.set_content("<!doctype html><body style='margin:0'>")
    page.add_script_tag(content=get_plotlyjs())
    yield page
    context.close()


def faults(plots, figure, width):
    """Return the words that stick out of a figure of a width, and the pairs that lie over each other."""
    seen = plots.evaluate(BOXES, [figure.to_json(), width])
    assert len(seen["texts"]) > 3
    clipped = [
        text
        for text, left, top, right, bottom in seen["texts"]
        if left < -1 or top < -1 or right > width + 1 or bottom > seen["height"] + 1
    ]
    over = [
        (a[0], b[0])
        for a, b in itertools.combinations(seen["texts"], 2)
        if min(a[3], b[3]) - max(a[1], b[1]) > 1 and min(a[4], b[4]) - max(a[2], b[2]) > 2
    ]
    return clipped, over


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("verb", list(VERBS))
@pytest.mark.parametrize("audience", list(Audience))
def test_all_words_are_whole_and_apart(verb, audience, plots, sample_themes):
    figure = VERBS[verb](sample_themes)
    for width, shown in ((COLUMN, COLUMN), (SCREEN_WIDTH, SCREEN_WIDTH), (SCREEN_WIDTH, 1_000)):
        drawn = release(figure, audience=audience, width=width).safe.figure
        assert faults(plots, drawn, shown) == ([], []), (width, shown)


@pytest.fixture(scope="module")
def few_themes(sample):
    """Return themes of the first fifteen stories of the sample."""
    few = sample.select(sample.frame["narrative_id"][:15], step="vijftien verhalen")
    return wa.find_themes(few, scheme=wa.load_scheme("opgaven"), n_themes=3, firmness_rounds=3)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("verb", list(VERBS))
def test_of_few_stories_too_all_words_are_whole_and_apart(verb, plots, few_themes):
    figure = VERBS[verb](few_themes)
    for audience, width in itertools.product(Audience, (COLUMN, SCREEN_WIDTH, 1_000)):
        drawn = release(figure, audience=audience, width=min(width, SCREEN_WIDTH)).safe.figure
        assert faults(plots, drawn, width) == ([], []), (audience, width)


@pytest.mark.browser
def test_what_is_drawn_for_a_screen_does_not_fit_a_column(plots, sample_themes):
    clipped, over = faults(plots, wa.plot_theme_map(sample_themes), COLUMN)
    assert clipped
    assert over
