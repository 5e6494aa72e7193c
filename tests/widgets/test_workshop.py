"""The theme workshop: what is done there is done by the themes, kept in the project, and seen on map and list."""

from __future__ import annotations

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from tests.widgets.lab import run_cell
from wijkanalyse.widgets.workshop import FAINT


def find(project=None):
    return wa.find_themes(
        make_corpus([*three_subjects(36), "ja"]), n_themes=3, firmness_rounds=3, project=project
    )


@pytest.fixture(scope="module")
def themes():
    return find()


@pytest.fixture
def project():
    with wa.open_project(":memory:") as made:
        yield made


@pytest.fixture
def panel(themes, project):
    return wa.theme_workshop(themes, project)


def press(panel, label):
    (button,) = [button for button in panel._buttons if button.description == label]
    button.click()


def labels(panel):
    return [label.split(" · ")[0] for label, _ in panel.list.options]


def send(panel, action, choice):
    story = panel.reader.story["id"]
    panel.reader._receive(
        panel.reader, {"type": "action", "action": action, "story": story, "choice": choice}, []
    )
    return story


def test_a_theme_of_the_list_shows_its_stories_and_dims_the_rest(panel, themes):
    panel.list.value = (1,)
    assert [item["id"] for item in panel.reader.queue] == list(themes.stories(1)["narrative_id"])
    row = themes.topics.set_index("theme_id").loc[1]
    assert panel.name.value == row.label
    assert row.terms in panel.about.value
    shown = {trace.name: trace.opacity for trace in panel.map.figure.data if trace.customdata is not None}
    assert {name for name, opacity in shown.items() if opacity != FAINT} == {row.label}
    panel.list.value = ()
    assert len(panel.reader.queue) == 37


def test_a_click_on_a_point_reads_its_story(panel):
    trace = next(
        trace for trace in panel.map.figure.data if trace.customdata is not None and len(trace.customdata) > 3
    )
    panel.map._receive(panel.map, {"type": "marks", "keys": [trace.customdata[2]]}, [])
    assert panel.reader.story["id"] == trace.customdata[2]
    assert panel._tabs.selected_index == 1


def test_every_edit_is_seen_kept_and_undone(panel, themes, project):
    panel.list.value = (0,)
    panel.name.value = "Brieven <en> geld"
    press(panel, "Hernoem")
    assert panel.status.text == "Bewaard."
    assert labels(panel)[0] == "Brieven <en> geld"
    assert panel.list.value == (0,)
    assert "Brieven &lt;en&gt; geld" in panel.about.value
    panel.list.value = (0, 1)
    press(panel, "Voeg samen")
    assert panel.themes.division.ids == [0, 2]
    assert panel.list.value == (0,)
    press(panel, "Splits in")
    assert panel.themes.division.ids == [0, 2, 3]
    press(panel, "Zet vast")
    assert "vast" in panel.list.options[0][0]
    press(panel, "Laat los")
    assert "vast" not in panel.list.options[0][0]
    moved = send(panel, "move", "2")
    apart = send(panel, "aside", "hoort nergens")
    now = panel.themes.assignments.set_index("narrative_id")
    assert now.at[moved, "theme_id"] == (-1 if moved == apart else 2)
    assert now.at[apart, "reason"] == "hoort nergens"
    pd.testing.assert_frame_equal(find(project).topics, panel.themes.topics)
    again = wa.theme_workshop(find(), project)
    pd.testing.assert_frame_equal(again.themes.assignments, panel.themes.assignments)
    for _ in range(7):
        press(again, "Ongedaan maken")
    assert again.themes.topics.equals(themes.topics)
    press(again, "Ongedaan maken")
    assert again.status.text == "Er is niets om ongedaan te maken."
    press(again, "Opnieuw")
    assert labels(again)[0] == "Brieven <en> geld"
    for _ in range(7):
        press(again, "Opnieuw")
    assert again.status.text == "Er is niets meer om opnieuw te doen."
    pd.testing.assert_frame_equal(again.themes.assignments, panel.themes.assignments)


@pytest.mark.parametrize(
    ("chosen", "button", "message"),
    [
        ((), "Zet vast", "Er is geen thema gekozen"),
        ((-1,), "Laat los", "Er is geen thema gekozen"),
        ((0, 1), "Hernoem", "één thema tegelijk"),
        ((0,), "Voeg samen", "twee thema’s of meer"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_box(panel, chosen, button, message):
    before = panel.themes
    panel.list.value = chosen
    press(panel, button)
    assert message in panel.status.problems[0]["what"]
    assert panel.themes is before


def test_without_a_project_it_works_as_long_as_the_notebook(themes):
    panel = wa.theme_workshop(themes)
    panel.list.value = (2,)
    press(panel, "Splits in")
    assert len(panel.themes.division.ids) == 4


CELL = """
import wijkanalyse as wa
project = wa.open_project("onderzoek.wijk")
wa.theme_workshop(wa.find_themes(wa.load_sample(), n_themes=6, firmness_rounds=2), project)
"""
POINT = """() => {
  const map = document.querySelector(".js-plotly-plot"), box = map.getBoundingClientRect(), { xaxis, yaxis } = map._fullLayout;
  const marks = map.calcdata.find((trace) => trace[0]?.trace?.customdata && trace.length > 20);
  return [box.left + xaxis._offset + xaxis.c2p(marks[9].x), box.top + yaxis._offset + yaxis.c2p(marks[9].y)];
}"""


@pytest.mark.browser
@pytest.mark.slow
def test_a_point_is_read_and_themes_are_merged_and_separated_in_jupyterlab(browser, tmp_path):
    from playwright.sync_api import expect

    with run_cell(browser, tmp_path, CELL) as page:
        themes = page.locator(".wp select option")
        expect(themes).to_have_count(7, timeout=180_000)
        page.locator(".wp").first.evaluate("panel => panel.scrollIntoView()")
        page.locator(".js-plotly-plot .point").first.wait_for(timeout=120_000)
        page.mouse.move(*page.evaluate(POINT))
        page.wait_for_timeout(300)
        page.mouse.down()
        page.mouse.up()
        expect(page.locator(".wt-text")).to_be_visible(timeout=60_000)
        expect(page.locator(".wt-text")).not_to_be_empty()
        page.get_by_role("tab", name="Thema’s").click()
        chosen = page.locator(".wp .widget-html p")
        themes.nth(0).click()
        expect(chosen).to_have_count(
            1, timeout=60_000
        )  # the kernel answers, and its answer would undo a click in between
        themes.nth(1).click(modifiers=["Control"])
        expect(chosen).to_have_count(2, timeout=60_000)
        page.get_by_role("button", name="Voeg samen").click()
        expect(themes).to_have_count(6, timeout=60_000)
        page.get_by_role("button", name="Ongedaan maken").click()
        expect(themes).to_have_count(7, timeout=60_000)
    with wa.open_project(tmp_path / "onderzoek.wijk") as project:
        assert "thema 0, 1 samengevoegd" in list(project.log()["action"])
