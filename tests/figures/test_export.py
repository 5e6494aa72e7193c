from __future__ import annotations

import csv
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import wijkanalyse as wa
from tests.conftest import CHROMIUM, make_corpus, open_offline, three_subjects
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.figures.behind import behind
from wijkanalyse.figures.picture import one_browser

needs_pictures = pytest.mark.skipif(
    CHROMIUM is None or importlib.util.find_spec("kaleido") is None, reason="kaleido of een browser ontbreekt"
)
EVIL = "schuld deurwaarder aanmaning </script><script>alert(1)</script> <img src=x onerror=alert(2)> rekening incasso"


@pytest.fixture(scope="module")
def themes():
    texts = three_subjects(60)
    corpus = make_corpus([*texts[:-1], EVIL], perspective=["inwoner", "wijkteam"] * 30)
    titled = replace(corpus, frame=corpus.frame.assign(title=[f"Titel <b>{i}" for i in range(60)]))
    return wa.find_themes(titled, n_themes=3, firmness_rounds=3)


@pytest.fixture(scope="module")
def figure(themes):
    return wa.plot_theme_map(themes)


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def test_beside_a_figure_lie_its_numbers_and_its_words(figure, tmp_path):
    path = wa.export_figure(figure, tmp_path / "kaart.html")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["kaart.alt.txt", "kaart.csv", "kaart.html"]
    assert (tmp_path / "kaart.alt.txt").read_text("utf-8").startswith("Kaart van thema’s uit 60 verhalen")
    rows = read_csv(tmp_path / "kaart.csv")
    assert rows[0] == ["", "vertellers"]
    assert rows[-1][0].startswith("Geteld zijn vertellers")
    assert path.stat().st_size < 6_000_000


def test_outside_a_page_has_no_story_and_on_the_workbench_it_has(figure, themes, tmp_path):
    outside = wa.export_figure(figure, tmp_path / "b.html").read_text("utf-8")
    inside = wa.export_figure(figure, tmp_path / "w.html", audience="werkbank").read_text("utf-8")
    texts = list(themes.corpus.frame["text"][:-1])
    assert not any(text in outside for text in texts)
    assert "De verhalen zelf staan niet in dit bestand." in outside
    assert all(text in inside for text in texts)
    assert "<script>alert" not in inside
    assert "<img src=x" not in inside


def test_a_page_of_stories_that_nobody_reviewed_says_so_and_goes_nowhere(themes, tmp_path):
    masked = replace(
        themes, ground=replace(themes.ground, corpus=replace(themes.corpus, status=PrivacyStatus.MASKED))
    )
    figure = wa.plot_theme_map(masked)
    page = wa.export_figure(figure, tmp_path / "w.html", audience="werkbank").read_text("utf-8")
    assert "WERKVERSIE, alleen voor eigen gebruik" in page
    with pytest.raises(PrivacyError, match="nog ‘gemaskeerd’"):
        wa.export_figure(figure, tmp_path / "b.html")
    assert not (tmp_path / "b.html").exists()


def test_the_same_figure_gives_the_same_files(themes, tmp_path):
    for folder in ("een", "twee"):
        wa.export_figure(wa.plot_voices(themes), tmp_path / folder / "f.html")
    assert [(tmp_path / "een" / name).read_bytes() for name in ("f.html", "f.csv", "f.alt.txt")] == [
        (tmp_path / "twee" / name).read_bytes() for name in ("f.html", "f.csv", "f.alt.txt")
    ]


def test_too_many_stories_for_one_page(figure, tmp_path, monkeypatch):
    monkeypatch.setattr("wijkanalyse.figures.standalone.MAX_TEXT", 100)
    page = wa.export_figure(figure, tmp_path / "w.html", audience="werkbank").read_text("utf-8")
    assert "Dit zijn te veel verhalen voor in dit bestand" in page
    assert 'id="verhalen"' not in page


def test_what_was_changed_by_hand_stays_on_the_workbench_and_goes_no_further(themes, tmp_path):
    figure = wa.plot_theme_map(themes)
    figure.update_layout(title_text="Eigen titel")
    inside = wa.export_figure(figure, tmp_path / "w.html", audience="werkbank").read_text("utf-8")
    assert "Eigen titel" in inside
    assert "<h1>" not in inside
    assert "Eigen titel" not in wa.export_figure(figure, tmp_path / "b.html").read_text("utf-8")


def test_a_masked_word_in_a_name_of_a_theme_stops_every_kind_of_file(tmp_path):
    raw = make_corpus(
        [f"{text} en buurvrouw Fatima" for text in three_subjects(36)], status=PrivacyStatus.RAW
    )
    with wa.open_project(":memory:") as project:
        review = wa.privacy.Review(wa.mask(raw, project=project), project)
        for story in review.order:
            review.read(story)
        themes = wa.find_themes(review.corpus, n_themes=3, firmness_rounds=3)
    named = themes.rename(int(themes.topics["theme_id"].max()), "Wat Fatima zei")
    for suffix in ("html", "png", "pdf"):  # letters in a picture cannot be read back
        with pytest.raises(PrivacyError, match="van vóór het maskeren") as caught:
            wa.export_figure(wa.plot_theme_map(named), tmp_path / f"f.{suffix}")
        assert "Fatima" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_without_a_browser_there_is_a_page_and_a_sentence(figure, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    with pytest.warns(
        UserWarning, match=r"Voor \.svg is een browser nodig(.|\n)*figuur\.html(.|\n)*pip install kaleido"
    ):
        path = wa.export_figure(figure, tmp_path / "figuur.svg")
    assert path.name == "figuur.html"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["figuur.alt.txt", "figuur.csv", "figuur.html"]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("f.gif", {}, r"een naam op \.svg, \.pdf, \.png, \.docx, \.html"),
        ("f.svg", {"width_mm": 20}, "60 tot 400 mm breed"),
        ("f.svg", {"audience": "iedereen"}, "‘werkbank’ of ‘buiten’"),
    ],
)
def test_what_cannot_be_exported(figure, tmp_path, name, options, message):
    with pytest.raises(InputError, match=message):
        wa.export_figure(figure, tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


def test_what_goes_outside_is_logged_once(figure, tmp_path):
    with wa.open_project(":memory:", who="Noor") as project:
        wa.export_figure(figure, tmp_path / "f.html", project=project)
        wa.export_figure(figure, tmp_path / "w.html", audience="werkbank", project=project)
        log = project.log()
    assert list(log["action"]) == ["naar buiten"]


@needs_pictures
@pytest.mark.browser
@pytest.mark.slow
def test_an_svg_is_text_and_the_same_every_time(figure, tmp_path):
    first, second = (
        wa.export_figure(figure, tmp_path / f"{i}.svg", width_mm=85).read_bytes() for i in (1, 2)
    )
    assert first == second
    root = ET.fromstring(first)
    letters = "".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Waar deze verhalen over gaan" in letters
    assert root.get("width") == "85mm"
    assert b"<image" not in first


@needs_pictures
@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("inkscape") is None, reason="geen Inkscape op deze machine")
def test_an_svg_opens_in_inkscape_with_text_as_text(figure, tmp_path):
    path = wa.export_figure(figure, tmp_path / "f.svg", width_mm=85)
    saved = tmp_path / "inkscape.svg"
    command = ["inkscape", "--export-plain-svg", "-o", str(saved), str(path)]
    subprocess.run(
        command, check=True, capture_output=True, timeout=60, env={**os.environ, "HOME": str(tmp_path)}
    )
    root = ET.parse(saved).getroot()
    texts = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Waar deze verhalen over gaan" in "".join(texts)
    assert root.get("width") == "85mm"
    assert not list(root.iter("{http://www.w3.org/2000/svg}image"))


@needs_pictures
@pytest.mark.browser
@pytest.mark.slow
def test_one_browser_draws_many_pictures_and_the_same(figure, tmp_path):
    alone = wa.export_figure(figure, tmp_path / "a.svg").read_bytes()
    with one_browser():
        assert wa.export_figure(figure, tmp_path / "b.svg").read_bytes() == alone


def test_one_browser_without_a_browser_does_nothing(monkeypatch):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    with one_browser():
        pass


@needs_pictures
@pytest.mark.browser
@pytest.mark.slow
def test_png_pdf_and_word_have_their_size_and_no_maker(figure, tmp_path):
    png, pdf = (
        wa.export_figure(figure, tmp_path / f"f.{kind}", width_mm=85).read_bytes() for kind in ("png", "pdf")
    )
    assert 1000 <= int.from_bytes(png[16:20], "big") <= 1005
    assert b"MediaBox [0 0 240" in pdf
    assert b"Chrom" not in pdf
    if importlib.util.find_spec("docx"):
        path = wa.export_figure(figure, tmp_path / "f.docx", width_mm=85)
        with zipfile.ZipFile(path) as container:
            assert behind(figure).words.title.encode()[:20] in container.read("docProps/core.xml")
            assert b'descr="Kaart van thema' in container.read("word/document.xml")
            assert b"python-docx" not in b"".join(
                container.read(name) for name in container.namelist() if "docProps" in name
            )


@pytest.mark.browser
def test_a_page_works_without_network_and_a_point_opens_its_story(browser, figure, themes, tmp_path):
    path = wa.export_figure(figure, tmp_path / "w.html", audience="werkbank")
    with open_offline(browser, path, "#figuur") as view:
        view.locator("details summary").first.click()
        view.locator("button[data-teken='v003']").click()
        text = dict(zip(themes.corpus.frame["narrative_id"], themes.corpus.frame["text"], strict=True))[
            "v003"
        ]
        assert view.text_content("#tekst") == text
        assert view.evaluate("document.activeElement.id") == "kop"
        assert view.problems == []
        assert view.requests == []


@pytest.mark.browser
def test_names_without_room_appear_on_zooming_in(browser, themes, tmp_path):
    figure = wa.plot_theme_map(themes)
    for note in figure.layout.annotations:
        note.visible = note.visible and note.name != "naam"  # as on a map of very many themes
    path = wa.export_figure(figure, tmp_path / "w.html", audience="werkbank")
    with open_offline(browser, path, "#figuur") as view:
        count = "document.getElementById('figuur').layout.annotations.filter((note) => note.name === 'naam' && note.visible).length"
        assert view.evaluate(count) == 0
        view.evaluate("Plotly.relayout('figuur', {'xaxis.range': [-1.1, 1.1], 'yaxis.range': [-1.05, 1.05]})")
        view.wait_for_function(f"{count} > 0")
        assert view.problems == []
