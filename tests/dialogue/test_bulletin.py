"""The set for a bulletin: what goes in, what does not, and that no quote goes out that nobody approved."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import replace

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import CHROMIUM, make_corpus, open_offline, three_subjects
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.dialogue import bulletin
from wijkanalyse.dialogue.bulletin import KIND, PAGE, QUOTES, read_choices, write_choices
from wijkanalyse.errors import InputError, PrivacyError


def find(texts: list[str], **options):
    return wa.find_themes(
        make_corpus(texts, perspective=["inwoner"] * len(texts), **options), n_themes=3, firmness_rounds=3
    )


@pytest.fixture(scope="module")
def themes():
    return find([f"Eerst dit. {text} [buurvrouw 1]. Zo ging dat." for text in three_subjects(60)])


@pytest.fixture
def project():
    with wa.open_project(":memory:", who="Noor") as opened:
        yield opened


@pytest.fixture
def no_pictures(monkeypatch):
    """Only the map, and as a page: a browser takes seconds."""
    monkeypatch.setitem(sys.modules, "kaleido", None)
    monkeypatch.setattr(
        bulletin, "_figures", lambda themes: {"themakaart": lambda: wa.plot_theme_map(themes)}
    )


def told(corpus, narrative_id: str) -> str:
    return corpus.frame.set_index("narrative_id").at[narrative_id, "text"]


def test_quotes_stand_in_their_stories_and_nobody_has_approved_one(themes):
    quotes = wa.propose_quotes(themes)
    assert list(quotes.columns) == ["theme", "role", "narrative_id", "quote", "approved"]
    assert sorted(set(quotes["theme"])) == sorted(themes.topics.query("theme_id >= 0")["label"])
    assert not quotes["approved"].any()
    assert set(quotes["role"]) == {"typisch", "tegenverhaal", "rand"}
    for row in quotes.itertuples():
        assert row.quote in told(themes.corpus, row.narrative_id)
    assert quotes["quote"].str.count(r"\[").equals(quotes["quote"].str.count(r"\]"))


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Kort.", "Kort."),
        # Two sentences fit; those with most words of the theme, and without a placeholder.
        (
            f"{'Woord ' * 15}[buur 1]. {'Iets ' * 15}schuld. {'Niets ' * 15}brief. {'Dan ' * 15}einde.",
            f"{'Iets ' * 15}schuld. {'Niets ' * 15}brief.",
        ),
        (f"{'Lang ' * 60}schuld.", f"{'Lang ' * 60}schuld."),
    ],
)
def test_the_most_telling_sentences(text, quote):
    assert bulletin._telling(text, {"schuld", "brief"}) == quote


def test_themes_of_few_tellers_have_no_quotes():
    assert wa.propose_quotes(find(three_subjects(24))).empty


def test_a_person_ticks_and_only_that_goes_out(themes, project, tmp_path, no_pictures):
    path = write_choices(wa.propose_quotes(themes), themes.corpus, tmp_path / "kiezen.md")
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("WERKVERSIE")
    boxes = [number for number, line in enumerate(lines) if line.startswith("- [ ]")]
    lines[boxes[1]] = lines[boxes[1]].replace("[ ]", "[x]")
    path.write_text("\n".join(lines), "utf-8")
    choices = read_choices(path)
    assert list(choices.index) == [number + 1 for number in boxes]
    assert choices["approved"].sum() == 1
    wa.approve_quotes(choices, themes.corpus, project)
    assert wa.propose_quotes(themes, project)["approved"].tolist() == choices["approved"].tolist()
    assert wa.write_bulletin(themes, tmp_path / "geen", figures=["stemmen"])[0] == [tmp_path / "geen" / PAGE]
    (held,) = project.decisions(KIND).values()
    assert told(themes.corpus, held["narrative_id"])[held["start"] : held["end"]] == held["quote"]
    with pytest.warns(UserWarning, match="is een browser nodig"):
        files, notices = wa.write_bulletin(themes, tmp_path / "uit", project=project)
    assert [file.name for file in files] == ["themakaart.html", PAGE, QUOTES]
    text = (tmp_path / "uit" / QUOTES).read_text("utf-8")
    assert re.findall("“(.*)”", text) == [held["quote"]]
    assert "– inwoner" in text
    assert "Voorlopig beeld, bedoeld voor gesprek" in text
    assert held["narrative_id"] not in text
    assert any(notice.startswith("Nog geen 3 goedgekeurde citaten bij") for notice in notices)
    log = project.log()
    assert log["action"].tolist() == ["citaten goedgekeurd of ingetrokken", *["naar buiten"] * 4]
    # The tick taken away takes the quote back.
    wa.approve_quotes(choices.assign(approved=False), themes.corpus, project)
    assert project.decisions(KIND) == {}
    # Nothing changed, so no line in the log.
    wa.approve_quotes(choices.assign(approved=False), themes.corpus, project)
    assert len(project.log()) == len(log) + 1


def test_at_most_three_of_a_theme_and_first_of_other_tellers(themes, project):
    corpus = themes.corpus
    ids = themes.stories(0)["narrative_id"].tolist()
    one = dict.fromkeys(sorted(ids)[:3], "dezelfde")
    tellers = [one.get(name, told_by) for name, told_by in zip(*corpus.frame[["narrative_id", "teller_id"]].to_numpy().T, strict=True)]  # fmt: skip
    same = replace(themes, ground=replace(themes.ground, corpus=replace(corpus, frame=corpus.frame.assign(teller_id=tellers))))  # fmt: skip
    quotes = pd.DataFrame(
        {"narrative_id": ids, "quote": [told(corpus, name) for name in ids], "approved": True}
    )
    wa.approve_quotes(quotes, corpus, project)
    chosen, _ = bulletin._approved(same, project)
    (own,) = chosen.values()
    assert len(own) == 3
    first = [told(corpus, name) for name in sorted(ids)]
    assert [quote for quote, _ in own] == [first[0], first[3], first[4]]


def test_a_quote_that_is_not_literal_is_refused_whole(themes, project):
    quotes = wa.propose_quotes(themes).assign(approved=True)
    quotes.loc[1, "quote"] = "Dit zei niemand met het woord Xandromeda."
    quotes.loc[2, "quote"] = " "
    with pytest.raises(InputError, match="2 citaten staan niet letterlijk") as caught:
        wa.approve_quotes(quotes, themes.corpus, project)
    assert "Xandromeda" not in str(caught.value)
    assert project.decisions(KIND) == {}


def test_a_quote_may_be_shorter_and_its_line_ends_do_not_matter(project):
    themes = find([text.replace(" ", "\n", 1) for text in three_subjects(60)])
    name = themes.corpus.frame["narrative_id"][0]
    part = " ".join(told(themes.corpus, name).split()[:3])
    frame = pd.DataFrame({"narrative_id": [name], "quote": [part], "approved": [True]})
    wa.approve_quotes(frame, themes.corpus, project)
    (held,) = project.decisions(KIND).values()
    assert held["quote"].split() == part.split()
    chosen, _ = bulletin._approved(themes, project)
    assert [quote for own in chosen.values() for quote, _ in own] == [part]


def test_a_quote_moves_along_with_its_story_and_is_left_out_when_it_changed(themes, project):
    corpus, name = themes.corpus, themes.corpus.frame["narrative_id"][0]
    quote = told(corpus, name).split(". ")[1]
    frame = pd.DataFrame({"narrative_id": [name], "quote": [quote], "approved": [True]})
    project.keep_narratives(corpus)
    wa.approve_quotes(frame, corpus, project)

    def changed(new: str):
        texts = corpus.frame["text"].where(corpus.frame["narrative_id"] != name, new)
        return replace(corpus, frame=corpus.frame.assign(text=texts))

    moved = changed("Vooraf kwam er nog iets. " + told(corpus, name))
    project.keep_narratives(moved)
    grown = replace(themes, ground=replace(themes.ground, corpus=moved))
    assert list(bulletin._approved(grown, project)[0].values()) == [[(quote, "inwoner")]]
    wa.approve_quotes(frame, moved, project)  # the same decision, not one more
    assert len(project.decisions(KIND)) == 1
    assert project.check().empty
    other = replace(themes, ground=replace(themes.ground, corpus=changed("Heel iets anders.")))
    chosen, said = bulletin._approved(other, project)
    assert chosen == {}
    assert said[-1].startswith("1 goedgekeurde citaten doen niet mee")


@pytest.mark.parametrize("line", ["- [y] v001 | iets", "- [x] v001 iets", "- [ ] v001 | "])
def test_a_line_that_cannot_be_read_is_named(line, tmp_path):
    (tmp_path / "k.md").write_text(f"Uitleg\n- [x] v000 | goed\n{line}\n", "utf-8")
    with pytest.raises(InputError, match=r"k\.md, regel ‘3’"):
        read_choices(tmp_path / "k.md")


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "k.md").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InputError, match="Niet elke keuze is te lezen"):
        read_choices(tmp_path / "k.md")


def test_what_is_not_reviewed_makes_no_bulletin(themes, tmp_path):
    corpus = replace(themes.corpus, status=PrivacyStatus.MASKED)
    with pytest.raises(PrivacyError, match="een bulletin maken"):
        wa.write_bulletin(replace(themes, ground=replace(themes.ground, corpus=corpus)), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_figure_is_tried_and_what_cannot_be_is_said(themes, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    with pytest.warns(UserWarning, match="is een browser nodig"):
        files, notices = wa.write_bulletin(themes, tmp_path, remark="Verzonnen & wel")
    assert list(bulletin._figures(themes)) == [
        "themakaart", "stemmen", "opgaven", "duiding-1", "tijd", "stevigheid",
    ]  # fmt: skip
    assert "Geen figuur ‘tijd’. Er is geen kolom die zegt in welke maand een verhaal is verteld." in notices
    assert any(notice.startswith("Geen figuur ‘duiding-1’. Er is geen vraag") for notice in notices)
    assert any("gaan er" in notice and "Met minder thema’s of meer verhalen" in notice for notice in notices)
    assert {file.stem for file in files} >= {"themakaart"}
    page = (tmp_path / PAGE).read_text("utf-8")
    assert "Verzonnen &amp; wel" in page
    assert "60 verhalen van 60 vertellers" in page
    assert QUOTES not in page
    assert not any(text in page for text in themes.corpus.frame["text"])


def test_every_kind_of_figure_is_explained(sample_themes):
    text = (bulletin.Path(bulletin.__file__).parent / "templates" / "bulletin.html.j2").read_text("utf-8")
    kinds = {name.split("-")[0] for name in bulletin._figures(sample_themes)}
    assert {kind for kind in kinds if f'"{kind}": (' not in text} == set()
    assert len([name for name in bulletin._figures(sample_themes) if name.startswith("duiding")]) == 9


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(
    CHROMIUM is None or importlib.util.find_spec("kaleido") is None, reason="kaleido of een browser ontbreekt"
)
def test_the_page_shows_its_figures_without_network(browser, sample_themes, tmp_path, monkeypatch):
    monkeypatch.setattr(
        bulletin, "_figures", lambda themes: {"themakaart": lambda: wa.plot_theme_map(themes)}
    )
    files, _ = wa.write_bulletin(sample_themes, tmp_path)
    assert [file.name for file in files] == ["themakaart.png", "themakaart.svg", PAGE]
    assert (tmp_path / PAGE).stat().st_size < 6_000_000
    with open_offline(browser, tmp_path / PAGE, "main") as view:
        assert view.evaluate(
            "[...document.images].every((image) => image.complete && image.naturalWidth > 300)"
        )
        assert view.evaluate("[...document.images].every((image) => image.alt.length > 40)")
        assert view.problems == []
        assert view.requests == []
