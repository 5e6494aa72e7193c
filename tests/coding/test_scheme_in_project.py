"""A scheme that a project keeps, and what its codings do when it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

import wijkanalyse as wa
from tests.coding.test_by_hand import CORPUS, DEBT, MONEY, SCHEME, TEXT, changes, code, n_actions
from tests.coding.test_by_hand import project as project
from wijkanalyse.coding.kept import KINDS
from wijkanalyse.errors import InputError, SchemeError


def test_keeping_is_idempotent_and_gives_the_scheme_back(project):
    before = n_actions(project)
    assert wa.keep_scheme(project, SCHEME).empty
    assert n_actions(project) == before
    assert wa.kept_scheme(project, "eigen") == SCHEME
    opgaven = wa.load_scheme("opgaven")
    assert set(wa.keep_scheme(project, opgaven)["change"]) == {"toegevoegd"}
    assert wa.kept_scheme(project, "opgaven") == opgaven


def test_two_schemes_cannot_share_a_key(project):
    with pytest.raises(SchemeError, match="horen al bij een ander codeerschema: ‘geld’"):
        wa.keep_scheme(project, replace(SCHEME, name="ander", codes=(MONEY,)))


def test_a_rename_follows_by_itself(project):
    code(project, "De huur")
    assert wa.keep_scheme(project, SCHEME.revise("geld", name="Inkomen")).to_numpy().tolist() == [
        ["geld", "hernoemd", "Geld", "Inkomen"]
    ]
    assert list(wa.codings(project)["code"]) == ["geld"]
    assert project.recheck().empty


def test_another_definition_has_to_be_looked_at(project):
    code(project, "De huur")
    wa.add_coding(project, CORPUS, "v001", "geld")
    code(project, "brief", "huis")
    wa.keep_scheme(project, SCHEME.revise("geld", definition="Over inkomen."))
    assert changes(project) == [("definitie gewijzigd", "Over geld.", "Over inkomen.")] * 2
    project.mark_rechecked("v000")
    assert list(project.recheck()["narrative_id"]) == ["v001"]
    with pytest.raises(InputError, match="‘v000’"):
        project.mark_rechecked("v000")
    project.undo(KINDS)
    assert len(project.recheck()) == 2
    wa.recode(project, list(wa.codings(project).query("code == 'geld'")["id"]), "geld")
    assert project.recheck().empty
    project.undo(KINDS)
    project.undo(KINDS)
    assert project.recheck().empty
    assert wa.kept_scheme(project, "eigen") == SCHEME


def test_merged_codes_take_their_codings_along(project):
    code(project, "De huur", "schuld")
    code(project, "De huur", "geld")
    code(project, "brief", "huis")
    merged = SCHEME.merge(["schuld", "huis"], into="geld")
    wa.keep_scheme(project, merged)
    assert wa.codings(project)[["code", "quote"]].to_numpy().tolist() == [
        ["geld", "brief"],
        ["geld", "De huur"],
    ]
    assert project.recheck().empty
    kept = wa.kept_scheme(project, "eigen")
    assert kept["geld"].terms == ("geld", "schuld")
    assert kept["geld"].hints == ("dak",)
    assert wa.keep_scheme(project, merged).empty
    project.undo(KINDS)
    assert sorted(wa.codings(project)["code"]) == ["geld", "huis", "schuld"]


def test_memos_follow_their_coding(project):
    place = {
        "corpus": CORPUS,
        "narrative_id": "v000",
        "start": TEXT.index("De huur"),
        "end": TEXT.index("De huur") + 7,
    }
    first = code(project, "De huur", "schuld")
    wa.write_memo(project, "waarom", **place, code="schuld")
    wa.recode(project, first, "huis")
    assert wa.codings(project)[["code", "memo"]].to_numpy().tolist() == [["huis", "waarom"]]
    wa.keep_scheme(project, SCHEME.merge(["huis"], into="geld"))
    assert wa.codings(project)[["code", "memo"]].to_numpy().tolist() == [["geld", "waarom"]]
    project.undo(KINDS)
    assert wa.codings(project)[["code", "memo"]].to_numpy().tolist() == [["huis", "waarom"]]


def test_two_codings_that_get_one_code_at_once(project):
    ids = [code(project, "De huur"), code(project, "De huur", "schuld")]
    wa.recode(project, ids, "huis")
    assert list(wa.codings(project)["code"]) == ["huis"]


def test_a_code_merged_twice(project):
    code(project, "De huur", "schuld")
    wa.keep_scheme(project, SCHEME.merge(["schuld"], into="huis").merge(["huis"], into="geld"))
    assert list(wa.codings(project)["code"]) == ["geld"]


def test_codings_of_a_split_code_wait_for_a_person(project):
    first = code(project, "De huur")
    parts = [replace(MONEY, code="loon", name="Loon"), replace(MONEY, code="uitgaven", name="Uitgaven")]
    wa.keep_scheme(project, SCHEME.split("geld", parts))
    assert changes(project) == [("code vervallen", "Geld", "Loon, Uitgaven")]
    assert list(wa.codings(project)["code"]) == ["geld"]
    with pytest.raises(InputError, match="code die vervallen is"):
        project.mark_rechecked("v000")
    with pytest.raises(InputError, match="De code ‘geld’ is er niet"):
        wa.recode(project, first, "geld")
    wa.recode(project, first, "loon")
    assert project.recheck().empty
    assert list(wa.codings(project)["code"]) == ["loon"]


def test_codings_of_a_dropped_code_wait_too(project):
    code(project, "brief", "huis")
    wa.keep_scheme(project, replace(SCHEME, codes=(MONEY, DEBT)))
    assert changes(project) == [("code vervallen", "Huis", "")]
    wa.keep_scheme(project, SCHEME)
    assert project.recheck().empty


def test_recoding_to_what_is_there_leaves_one(project):
    first, other = code(project, "De huur"), code(project, "De huur", "huis")
    wa.recode(project, first, "huis")
    assert list(wa.codings(project)["id"]) == [other]
    wa.recode(project, "weg", "huis")


def test_two_copies_make_the_same_ids(tmp_path, project):
    first = code(project, "De huur")
    project.copy_to(tmp_path / "b.wijk")
    project.undo(KINDS)
    with wa.open_project(tmp_path / "b.wijk", who="Ali") as other:
        assert list(wa.codings(other)["id"]) == [first]
    assert code(project, "De huur") == first
