from __future__ import annotations

import pytest

import wijkanalyse as wa
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.dialogue import bulletin
from wijkanalyse.errors import PrivacyError


@pytest.fixture
def project(tmp_path):
    with wa.open_project(tmp_path / "onderzoek.wijk") as made:
        yield made


@pytest.fixture
def few(monkeypatch):
    """Return nothing; drawing all figures takes long, so there are three: one of them without data, one too small."""

    def nothing():
        raise bulletin.InputError.one(what="Er is geen maand.", where="", expected="", now="")

    def figures(themes):
        return {
            "kaart": lambda: wa.plot_theme_map(themes),
            "tijd": nothing,
            "klein": lambda: wa.plot_theme_map(themes),
        }

    checked = bulletin.check_figures

    def with_a_small_one(themes):
        return [(*each[:3], "Te weinig vertellers." if each[0] == "klein" else each[3]) for each in checked(themes)]  # fmt: skip

    monkeypatch.setattr(bulletin, "_figures", figures)
    monkeypatch.setattr(bulletin, "check_figures", with_a_small_one)


def test_what_stays_inside_cannot_be_ticked_and_says_why(few, sample_themes, project):
    panel = wa.export_panel(sample_themes, project)
    assert {name: (tick.value, tick.disabled) for name, tick in panel.ticks.items()} == {
        "kaart": (True, False), "tijd": (False, True), "klein": (False, True),
    }  # fmt: skip
    whys = {name: (why.value, why.layout.display) for name, why in zip(panel.ticks, panel._whys, strict=True)}
    assert whys["tijd"] == ("blijft binnen. Er is geen maand.", None)
    assert whys["klein"] == ("blijft binnen. Te weinig vertellers.", None)
    assert whys["kaart"][1] == "none"
    panel.audience.value = "werkbank"
    assert [tick.disabled for tick in panel.ticks.values()] == [False, True, False]
    panel.ticks["klein"].value = True
    panel.audience.value = "buiten"
    assert not panel.ticks["klein"].value


def test_a_figure_is_saved_beside_the_project(few, sample_themes, project, tmp_path):
    panel = wa.export_panel(sample_themes, project)
    panel.suffix.value = ".html"
    panel._save()
    assert {path.name for path in (tmp_path / "figuren").iterdir()} == {"kaart.html", "kaart.csv", "kaart.alt.txt"}  # fmt: skip
    assert "<li>kaart.html</li>" in panel.saved.value
    assert list(project.log()["action"]).count("naar buiten") == 1
    panel.ticks["kaart"].value = False
    assert panel._save() == "Er is niets aangevinkt."


def test_quotes_are_kept_when_they_are_ticked_and_taken_back(few, sample_themes, project):
    panel = wa.export_panel(sample_themes, project)
    panel.quotes[0].value = True
    assert panel.status.text == "Bewaard."
    (held,) = project.decisions(bulletin.KIND).values()
    assert " ".join(held["quote"].split()) in panel.quotes[0].description
    again = wa.export_panel(sample_themes, project)
    assert [tick.value for tick in again.quotes] == [True, *[False] * (len(again.quotes) - 1)]
    again.quotes[0].value = False
    assert project.decisions(bulletin.KIND) == {}


def test_the_bulletin_has_the_figures_that_were_ticked(few, sample_themes, project, tmp_path, monkeypatch):
    asked = {}

    def write(themes, folder, **how):
        asked.update(how, folder=folder)
        return [folder / "kaart.svg"], ["Nog geen 3 citaten & meer."]

    monkeypatch.setattr(bulletin, "write_bulletin", write)
    panel = wa.export_panel(sample_themes, project)
    panel.width.value = 85
    panel.box.children[-3].children[-1].click()
    assert asked == {
        "figures": ["kaart"],
        "project": project,
        "width_mm": 85,
        "folder": tmp_path / "figuren",
    }
    assert "kaart.svg</li><li>Let op: Nog geen 3 citaten &amp; meer." in panel.saved.value


def test_stories_that_nobody_reviewed_do_not_leave(sample_themes, project):
    from dataclasses import replace

    corpus = replace(sample_themes.corpus, status=PrivacyStatus.MASKED)
    themes = replace(sample_themes, ground=replace(sample_themes.ground, corpus=corpus))
    with pytest.raises(PrivacyError, match="gemaskeerd"):
        wa.export_panel(themes, project)
