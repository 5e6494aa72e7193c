"""What people do to themes: every edit is new, logged and reversible, and what they lock survives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import CARE, MONEY, SCHOOL, make_corpus, three_subjects
from wijkanalyse.errors import ThemeError
from wijkanalyse.themes.editing import changes, step
from wijkanalyse.themes.frames import Division

ROUNDS = 4


def find(n: int = 36, **options):
    return wa.find_themes(make_corpus([*three_subjects(n), "ja"]), firmness_rounds=ROUNDS, **options)


@pytest.fixture(scope="module")
def themes():
    return find(n_themes=3)


@pytest.fixture
def project():
    with wa.open_project(":memory:", who="Noor") as project:
        yield project


def members(themes, theme: int) -> set[str]:
    frame = themes.assignments
    return set(frame.loc[frame["theme_id"] == theme, "narrative_id"])


def label(themes, theme: int) -> str:
    return str(themes.topics.set_index("theme_id").at[theme, "label"])


def test_a_division_with_gaps_is_compacted():
    division = Division(labels=np.array([7, -1, 2, 7, 2]))
    assert division.ids == [2, 7]
    assert division.compact(np.array([True, True, True, False, True])).tolist() == [1, -1, 0, 0]


def test_a_name_of_ones_own(themes):
    renamed = themes.rename(1, "  Brieven en   geld ")
    assert label(renamed, 1) == "Brieven en geld"
    assert label(themes, 1) != "Brieven en geld"
    assert renamed.provenance.steps[-1].endswith("thema 1 hernoemd")


def test_merging_keeps_the_first_id_and_all_stories(themes):
    merged = themes.merge([2, 0], "Samen")
    assert members(merged, 2) == members(themes, 2) | members(themes, 0)
    assert merged.division.ids == [1, 2]
    assert label(merged, 2) == "Samen"
    assert list(merged.firmness["theme_id"]) == [1, 2]
    assert set(merged.terms["theme_id"]) == {1, 2}
    assert merged.topics.set_index("theme_id").at[2, "n_narratives"] == 24
    assert set(merged.memberships["theme_id"]) == {1, 2}


def test_splitting_gives_new_ids_and_loses_nobody(themes):
    parts = themes.merge([0, 1]).split(0)
    assert parts.division.ids == [0, 2, 3]
    assert {frozenset(members(parts, 0)), frozenset(members(parts, 3))} == {
        frozenset(members(themes, 0)), frozenset(members(themes, 1)),
    }  # fmt: skip


def test_moving_a_story_also_one_without_words(themes):
    moved = themes.move("v036", 1).move(["v000"], 2)
    assert "v036" in members(moved, 1)
    assert "v000" in members(moved, 2)
    row = moved.assignments.set_index("narrative_id").loc["v036"]
    assert (row["weight"], row["reason"]) == (0.0, "")


def test_setting_aside_shows_the_reason_and_moving_back_takes_it_away(themes):
    apart = themes.set_aside(["v000", "v001"], "gaat over iets anders")
    rows = apart.assignments.set_index("narrative_id")
    assert rows.loc["v000", ["theme_id", "reason"]].tolist() == [-1, "gaat over iets anders"]
    assert "Past nergens" in set(apart.topics["label"])
    back = apart.move("v000", 0).assignments.set_index("narrative_id")
    assert back.loc["v000", ["theme_id", "reason"]].tolist() == [0, ""]
    assert (
        themes.set_aside("v002").assignments.set_index("narrative_id").at["v002", "reason"]
        == "door mensen apart gezet"
    )


def test_undo_gives_the_themes_as_they_were(themes):
    renamed = themes.rename(0, "A")
    assert renamed.merge([0, 1]).undo() is renamed
    with pytest.raises(ThemeError, match="niets om ongedaan te maken"):
        themes.undo()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda t: t.rename(9, "x"), "Thema ‘9’ bestaat niet"),
        (lambda t: t.rename(0, "  "), "geen lege naam"),
        (lambda t: t.merge([1]), "twee thema’s of meer"),
        (lambda t: t.merge([1, 8]), "Thema ‘8’ bestaat niet"),
        (lambda t: t.split(0, 7), "kan niet in 7 delen"),
        (lambda t: t.move("v000", 12), "Thema ‘12’ bestaat niet"),
        (lambda t: t.move(["v000", "weg"], 0), "1 verhalen bestaan niet"),
        (lambda t: t.lock(5), "Thema ‘5’ bestaat niet"),
    ],
)
def test_what_cannot_be_done_is_said_in_dutch(themes, edit, message):
    with pytest.raises(ThemeError, match=message):
        edit(themes)


def test_edits_are_logged_and_undone_in_the_project(project):
    themes = find(n_themes=3, project=project).rename(0, "Geld").lock(0, 2)
    log = project.log()
    assert list(log["action"]) == ["thema 0 hernoemd", "thema 0, 2 vastgezet"]
    assert set(project.decisions("thema")) == {"0", "2"}
    themes.undo()
    assert project.decisions("thema")["0"]["locked"] is False
    assert set(project.decisions("thema")) == {"0"}


def test_every_edit_is_an_action_of_its_own_and_undo_takes_back_that_one_only(project):
    themes = find(n_themes=3, project=project).rename(0, "Geld")
    edits = [
        lambda t: t.merge([1, 2]), lambda t: t.split(1), lambda t: t.move("v000", 1), lambda t: t.set_aside("v001", "x"),
    ]  # fmt: skip
    before = [project.decisions("thema")]
    for edit in edits:
        themes = edit(themes)
        before.append(project.decisions("thema"))
    assert len(project.log()) == 5
    for state in reversed(before):
        assert project.decisions("thema") == state
        themes = themes.undo()
    assert project.decisions("thema") == {}


def test_an_edit_that_changes_nothing_is_no_action_and_its_undo_takes_nothing_back(project):
    themes = find(n_themes=3, project=project).rename(0, "Geld")
    again = themes.rename(0, "Geld")
    assert len(project.log()) == 1
    assert again.undo() is themes
    assert project.decisions("thema")["0"]["label"] == "Geld"


def test_looking_at_a_part_loses_nothing_of_the_rest(project):
    whole = find(n_themes=3, project=project).rename(0, "Geld").lock(0).set_aside("v035", "apart")
    part = whole.corpus.select([f"v{n:03d}" for n in range(24)], step="deel")
    themes = wa.find_themes(part, n_themes=3, firmness_rounds=ROUNDS, project=project)
    themes.rename(max(themes.division.ids), "Ander")
    assert set(project.decisions("thema")["0"]["narratives"]) >= members(whole, 0)
    assert project.decisions("thema-apart") == {"v035": "apart"}


def test_reprs_hold_no_word_of_a_story(themes):
    for thing in (themes, themes.ground, themes.division):
        assert not {word for word in (*MONEY, *SCHOOL, *CARE) if word in repr(thing)}


def test_locked_themes_survive_a_rerun_with_more_stories(project):
    first = find(n_themes=3, project=project)
    money = next(
        theme
        for theme in first.division.ids
        if "schuld" in first.topics.set_index("theme_id").at[theme, "terms"]
    )
    kept = first.rename(money, "Geldzorgen").move("v001", money).lock(money)
    again = find(48, project=project)
    assert label(again, money) == "Geldzorgen"
    assert members(kept, money) <= members(again, money)
    new_money = {f"v{n:03d}" for n in range(36, 48) if n % 3 == 0}
    assert len(members(again, money) & new_money) >= 3  # new stories with its words join it
    table = again.changes_since(kept).set_index("label")
    assert table.at["Geldzorgen", "earlier_label"] == "Geldzorgen"
    assert table.at["Geldzorgen", "n_stayed"] == len(members(kept, money))
    let_go = again.unlock(money)
    assert let_go.division.locked == frozenset()


def test_what_changed_since_themes_were_left_in_a_project_is_said_another_day(project):
    taken = find(n_themes=3).take_up(project)
    left = taken.rename(0, "Geldzorgen").set_aside("v001").lock(0)
    again = find(48, project=project)
    table = again.changes_since()
    pd.testing.assert_frame_equal(table, again.changes_since(left))
    assert table.set_index("label").at["Geldzorgen", "n_stayed"] == len(members(left, 0))
    assert table["n_new"].sum() == 12
    held = project.decisions("thema-begin")["indeling"]
    del held["names"]  # as an earlier version kept it
    project.decide({("thema-begin", "indeling"): held}, action="ouder")
    assert set(again.changes_since()["earlier_label"]) <= {"Geldzorgen", "thema 1", "thema 2", "thema -1", ""}


def test_without_earlier_themes_all_are_new(themes, project):
    for now in (themes, find(n_themes=3, project=project)):
        table = now.changes_since()
        assert set(table["earlier_label"]) == {""}
        assert table["n_new"].tolist() == now.topics["n_narratives"].tolist()


def test_a_name_comes_back_on_the_same_theme_and_what_was_set_apart_stays_apart(project):
    first = find(n_themes=3, project=project).rename(1, "Mijn naam").set_aside("v005", "eigen verhaal")
    before = members(first, 1)
    again = find(n_themes=3, project=project)
    named = again.topics[again.topics["label"] == "Mijn naam"]["theme_id"].tolist()
    assert len(named) == 1
    assert len(members(again, named[0]) & before) >= len(before) / 2
    assert again.assignments.set_index("narrative_id").at["v005", "reason"] == "eigen verhaal"


def test_changes_by_hand():
    before = pd.DataFrame({"narrative_id": list("abcdef"), "theme_id": [0, 0, 0, 1, 1, 2]})
    now = pd.DataFrame({"narrative_id": list("abcdeg"), "theme_id": [5, 5, 6, 6, 6, 6]})
    table = changes(before, now, {0: "geld", 1: "school", 2: "zorg"}, {5: "brief", 6: "klas"})
    assert table.fillna(-9).to_numpy().tolist() == [
        [5, "brief", "geld", 2, 0, 1, 0],
        [6, "klas", "school", 2, 1, 0, 1],
        [-9, "", "zorg", 0, 0, 1, 0],
    ]


def test_themes_become_codes_of_a_scheme(themes):
    scheme = themes.rename(0, "Eerste").to_scheme("leergroep")
    assert [code.code for code in scheme] == ["thema-0", "thema-1", "thema-2"]
    assert scheme["thema-0"].name == "Eerste"
    assert {term for code in scheme for term in code.terms} <= {
        *MONEY,
        *SCHOOL,
        *CARE,
        "toetsen",
    }  # the lemma of "toets"
    again = wa.find_themes(themes.corpus, scheme=scheme, n_themes=3, firmness_rounds=ROUNDS)
    assert set(again.nearness["code"]) >= {"thema-0", "thema-1", "thema-2"}


def test_stories_to_read_a_theme_by_are_different_ones_by_different_tellers(themes):
    examples = themes.examples(0)
    assert examples["role"].tolist() == ["typisch"] * 3 + ["tegenverhaal"] + ["rand"] * 2
    assert examples["narrative_id"].is_unique
    assert set(examples["narrative_id"]) <= members(themes, 0)
    typical = examples[examples["role"] == "typisch"]["core"]
    assert typical.min() >= examples[examples["role"] == "rand"]["core"].max()


@pytest.mark.parametrize("strength", ["licht", "sterk"])
def test_a_scheme_can_steer_and_says_how_much_it_changed(strength):
    scheme = wa.load_scheme("opgaven")
    guided = find(n_themes=3, scheme=scheme, guide=strength)
    assert guided.settings["guide"] == strength
    assert -1 <= guided.settings["guide_agreement"] <= 1
    assert "guide" not in find(n_themes=3, scheme=scheme).settings


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"guide": "hard"}, "‘hard’ is geen manier"),
        ({"guide": "licht"}, "alleen met een codeerschema"),
        ({"guide": "sterk", "scheme": "vreemd"}, "maar 0% van de verhalen"),
    ],
)
def test_a_guide_that_would_be_ignored_is_refused(options, message, tmp_path):
    if options.get("scheme") == "vreemd":
        path = tmp_path / "vreemd.yaml"
        path.write_text("codes:\n- {code: a, naam: A, definitie: x, termen: xylofoon}\n", encoding="utf-8")
        options = {**options, "scheme": wa.load_scheme(path)}
    elif options["guide"] == "hard":
        options = {**options, "scheme": wa.load_scheme("opgaven")}
    with pytest.raises(ThemeError, match=message):
        find(**options)


def test_a_copy_goes_where_its_first_goes():
    texts = three_subjects(36)
    themes = wa.find_themes(make_corpus([*texts, texts[0], texts[3]]), firmness_rounds=6)
    rows = themes.assignments.set_index("narrative_id")["theme_id"]
    parts = themes.split(int(rows["v000"])).assignments.set_index("narrative_id")["theme_id"]
    assert parts["v036"] == parts["v000"]
    assert parts["v037"] == parts["v003"]
    assert parts[rows == rows["v000"]].nunique() == 2


def test_a_copy_joins_a_locked_theme_with_its_first_and_a_locked_copy_stays():
    texts = three_subjects(36)
    with wa.open_project(":memory:", who="Noor") as project:
        themes = wa.find_themes(make_corpus(texts[:30]), project=project, firmness_rounds=6)
        themes.lock(*themes.topics["theme_id"].iloc[:3])
        grown = wa.find_themes(make_corpus([*texts, texts[30], texts[0]]), project=project, firmness_rounds=6)
    rows = grown.assignments.set_index("narrative_id")
    assert rows.loc["v036", "theme_id"] == rows.loc["v030", "theme_id"]
    assert rows.loc["v037", "theme_id"] == rows.loc["v000", "theme_id"]
    assert rows.loc["v037", "copy_of"] == "v000"


def test_work_that_was_taken_up_comes_back_as_it_was_left_and_is_undone_step_by_step(project):
    found = find(n_themes=3)
    before = found.assignments["theme_id"].tolist()
    taken = found.take_up(project)
    assert taken.assignments["theme_id"].tolist() == before
    left = taken.merge([0, 1], "Samen").split(2).move("v000", 2).set_aside("v001", "past niet").lock(0)
    again = find(n_themes=3, project=project)
    for frame in ("topics", "assignments", "memberships", "terms", "firmness"):
        pd.testing.assert_frame_equal(getattr(again, frame), getattr(left, frame))
    assert again.division.locked == {0}
    for _ in range(5):
        assert step(project)
    assert not step(project)
    assert find(n_themes=3, project=project).assignments["theme_id"].tolist() == before
    for _ in range(5):
        assert step(project, forward=True)
    assert not step(project, forward=True)
    pd.testing.assert_frame_equal(found.take_up(project).topics, left.topics)


def test_what_was_left_is_kept_for_the_same_stories_and_question_only(project):
    find(n_themes=3).take_up(project).merge([0, 1], "Samen").set_aside("v004")
    assert find(n_themes=4, project=project).topics["theme_id"].tolist() == [0, 1, 2, 3, -1]
    part = find(n_themes=3).corpus.select([f"v{n:03d}" for n in range(24)], step="deel")
    some = wa.find_themes(part, n_themes=3, firmness_rounds=ROUNDS, project=project)
    assert label(some, 0) == "Samen"
    assert "v004" in members(some, -1)
    more = find(39, n_themes=3, project=project)
    assert len(more.division.ids) == 3
    more.take_up(project)
    assert {int(theme) for theme in project.decisions("thema")} == more.division.names.keys()
    assert more.take_up(project).assignments["theme_id"].tolist() == more.assignments["theme_id"].tolist()
