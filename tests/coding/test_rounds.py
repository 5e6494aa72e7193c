"""A round of coding by several people."""

from __future__ import annotations

import pandas as pd

import wijkanalyse as wa
from tests.coding.test_by_hand import CORPUS, code, n_actions
from tests.coding.test_by_hand import project as project
from wijkanalyse.coding import kept, rounds


def test_each_coder_undoes_her_own_and_no_scheme(project):
    mine = code(project, "De huur")
    code(project, "een brief", coder="Ali")
    assert rounds.undo_coding(project) == (True, "v000")
    assert mine not in set(wa.codings(project)["id"])
    assert rounds.undo_coding(project) == (False, "")  # what is left of Noor is the scheme
    assert len(wa.kept_scheme(project, "eigen")) == 3
    assert rounds.undo_coding(project, coder="Ali") == (True, "v000")
    assert set(project.log()["who"].tail(2)) == {"Noor", "Ali"}
    assert project.redo(kept.KINDS, who="Noor")
    assert list(wa.codings(project)["id"]) == [mine]
    wa.write_memo(project, "Ruim", code="geld")
    assert rounds.undo_coding(project) == (True, "")


def test_undo_of_in_vivo_takes_the_code_along(project):
    wa.code_in_vivo(project, CORPUS, "v000", 8, 20, scheme="eigen")
    assert rounds.undo_coding(project) == (True, "v000")
    assert len(wa.kept_scheme(project, "eigen")) == 3


def test_a_story_is_done_or_not_yet(project):
    rounds.mark_done(project, "v001", coder="Ali")
    rounds.mark_done(project, "v000")
    n = n_actions(project)
    rounds.mark_done(project, "v000")
    assert n_actions(project) == n
    assert list(rounds.done(project)["narrative_id"]) == ["v000", "v001"]
    rounds.mark_done(project, "v000", is_done=False)
    assert list(rounds.done(project)["coder"]) == ["Ali"]
    project.erase("v001")
    assert rounds.done(project).empty


def test_a_blind_coder_sees_others_only_where_she_is_done(project):
    for story, coder in (("v000", "Ali"), ("v001", "Ali"), ("v001", "Noor")):
        wa.add_coding(project, CORPUS, story, "geld", coder=coder)
    wa.write_memo(project, "Ruim", code="geld", coder="Ali")
    rounds.mark_done(project, "v000")
    seen = rounds.blinded(project, wa.codings(project))
    assert list(seen[["narrative_id", "coder"]].itertuples(index=False, name=None)) == [("v000", "Ali"), ("v001", "Noor")]  # fmt: skip
    assert rounds.blinded(project, wa.memos(project)).empty


def test_suggestions_stay_decided_without_their_words(project):
    rows = [("v000", "voorstel", key, None, None, "") for key in ("geld", "huis", "weg")]
    rows += [("v001", "voorstel", "geld", 4, 10, "tweede"), ("v001", "voorstel", "geld", 0, 6, "tweede"), ("v9", "voorstel", "geld", 0, 1, "x")]  # fmt: skip
    asked = pd.DataFrame(rows, columns=["narrative_id", "coder", "code", "start", "end", "quote"])
    asked = asked.astype({"start": "Int64", "end": "Int64"})
    first = rounds.open_suggestions(project, CORPUS, asked)
    assert list(first.index) == [0, 1, 3]  # unknown code, words elsewhere, unknown story
    wa.accept_suggestions(project, CORPUS, first.loc[[3]])
    rounds.reject_suggestions(project, first.loc[[0]])
    assert list(rounds.open_suggestions(project, CORPUS, asked).index) == [1]
    assert list(rounds.open_suggestions(project, CORPUS, asked, coder="Ali").index) == [0, 1, 3]
    wa.remove_codings(project, wa.codings(project)["id"])
    assert list(rounds.open_suggestions(project, CORPUS, asked).index) == [1]
    assert "tweede" not in str(project.decisions(kept.SUGGESTION))
    assert project.check().empty
    assert rounds.open_suggestions(project, CORPUS, asked.head(0)).empty
