"""What every panel shares."""

from __future__ import annotations

import warnings

import pytest

import wijkanalyse as wa
from wijkanalyse.errors import InputError
from wijkanalyse.widgets.panel import Panel

ERROR = {"what": "Dit kan niet.", "where": "hier", "expected": "iets anders", "now": "Doe iets anders."}


def refuse():
    raise InputError.one(**ERROR)


def break_down():
    raise ValueError("een woord uit een verhaal")


def warn():
    warnings.warn("Er is geen browser.", UserWarning, stacklevel=1)
    return "Klaar."


def test_an_error_is_shown_in_four_parts():
    panel = Panel("Kop")
    assert isinstance(panel.run(refuse), InputError)
    assert panel.status.problems == [ERROR]
    assert panel.status.text == "Dit kan niet. Doe iets anders."
    assert panel.run(lambda: "Klaar.") is None
    assert (panel.status.problems, panel.status.text) == ([], "Klaar.")


def test_what_nobody_expected_is_a_sentence_without_a_word_of_a_story():
    panel = Panel()
    assert isinstance(panel.run(break_down), ValueError)
    assert panel.status.problems[0]["where"] == "ValueError"
    assert "verhaal" not in str(panel.status.get_state())


def test_warnings_of_ours_are_said_with_it():
    panel = Panel()
    panel.run(warn)
    assert panel.status.text == "Klaar. Er is geen browser."


def test_while_it_is_busy_it_says_so_and_no_button_works():
    seen, panel = [], Panel("Kop")

    def act():
        panel.status.report("zoeken", 1, 4)
        seen.append(
            (panel.status.is_busy, panel.status.share, panel.status.text, button.disabled, off.disabled)
        )

    button, off = panel.button("Doe het", act, doing="bezig"), panel.button("Niet nu", refuse)
    off.disabled = True
    panel.fill(button, panel.status)
    button.click()
    assert seen == [(True, 0.25, "zoeken (1 van 4)", True, True)]
    assert (panel.status.is_busy, button.disabled, off.disabled) == (False, False, True)


@pytest.mark.parametrize("heading", ["", "Inlezen & <kiezen>"])
def test_a_heading_is_text(heading):
    panel = Panel(heading)
    panel.fill(panel.status)
    shown = [child.value for child in panel.box.children[:-1]]
    assert shown == (["<h3>Inlezen &amp; &lt;kiezen&gt;</h3>"] if heading else [])
    assert panel._repr_mimebundle_()


def test_a_bar_under_the_cell_goes_away_also_when_it_goes_wrong(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    with wa.show_progress("Thema’s zoeken") as report:
        status = shown[0].status
        assert (status.text, status.is_busy, shown[0].box.layout.display) == ("Thema’s zoeken", True, None)
        report("Woorden", 1, 4)
        assert (status.text, status.share) == ("Woorden (1 van 4)", 0.25)
    assert (status.is_busy, shown[0].box.layout.display) == (False, "none")
    with pytest.raises(InputError), wa.show_progress("Thema’s zoeken"):
        refuse()
    assert shown[1].box.layout.display == "none"
