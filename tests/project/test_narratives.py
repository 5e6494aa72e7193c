from __future__ import annotations

import csv
from dataclasses import replace

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.loaders import SAMPLE_FOLDER
from wijkanalyse.project import open_project

OLD = "De deur bleef dicht. Toen kwam [buurvrouw 3] met soep. De deur ging open."


@pytest.fixture
def project():
    with open_project(":memory:", who="Noor") as project:
        yield project


def coded(text: str, quote: str, narrative_id: str = "v000", **more):
    start = text.index(quote)
    return {
        "narrative_id": narrative_id, "coder": "A", "code": "hulp", "start": start, "end": start + len(quote), "quote": quote, **more,
    }  # fmt: skip


def code(project, text, quote, subject="c1", **more):
    project.decide({("codering", subject): coded(text, quote, **more)}, action="gecodeerd")


# --- keeping


def test_stories_are_kept_once_and_only_masked_ones(project):
    corpus = make_corpus(["Een.", "Twee."])
    changes = project.keep_narratives(corpus)
    assert changes.to_dict("list") == {
        "narrative_id": ["v000", "v001"], "change": ["nieuw", "nieuw"], "old": ["", ""], "new": ["Een.", "Twee."],
    }  # fmt: skip
    assert project.keep_narratives(corpus).empty
    assert list(project.log()["action"]) == ["verhalen bewaard"]
    assert project.log()["detail"].iloc[0] == "2 nieuw, 0 gewijzigd, 0 verdwenen"
    assert project.recheck().empty
    assert project.check().empty
    with pytest.raises(PrivacyError, match="verhalen in het project bewaren"):
        project.keep_narratives(make_corpus(["Een."], status=PrivacyStatus.RAW))


def test_the_file_never_holds_a_word_from_before_masking(tmp_path):
    raw = make_corpus(["Mijn buurvrouw Fatima bracht soep."], status=PrivacyStatus.RAW)
    with open_project(tmp_path / "p.wijk") as project:
        project.keep_narratives(wa.mask(raw))
    content = (tmp_path / "p.wijk").read_bytes()
    assert b"Fatima" not in content
    assert b"[buurvrouw 1] bracht soep." in content


def test_a_changed_story_is_listed_until_somebody_looked(project):
    project.keep_narratives(make_corpus([OLD, "Twee."]))
    code(project, OLD, "met soep")
    code(project, OLD, "De deur ging", "c2")
    new = "Gisteren. " + OLD.replace("De deur ging open.", "")
    changes = project.keep_narratives(make_corpus([new, "Twee."]))
    assert changes.to_numpy().tolist() == [["v000", "gewijzigd", OLD, new]]
    found = project.recheck()
    assert found.to_numpy().tolist() == [
        ["v000", "citaat niet gevonden", "De deur ging", new, "codering", "c2"],
        ["v000", "gewijzigd", OLD, new, "verhaal", "v000"],
    ]
    assert project.decisions("codering") == {"c1": coded(new, "met soep"), "c2": coded(OLD, "De deur ging")}
    assert list(project.check()["where"]) == ["codering c2, verhaal v000"]
    assert "citaat staat niet op zijn plek" in project.check()["what"].iloc[0]
    with pytest.raises(InputError, match="hoeven niet opnieuw"):
        project.mark_rechecked(["v000", "v001"])
    project.mark_rechecked("v000")
    assert list(project.recheck()["change"]) == ["citaat niet gevonden"]
    project.decide({("codering", "c2"): coded(new, "De deur bleef")}, action="verplaatst")
    assert project.recheck().empty
    assert project.check().empty


def test_keeping_is_one_action_that_can_be_undone(project):
    project.keep_narratives(make_corpus([OLD]))
    code(project, OLD, "met soep")
    project.keep_narratives(make_corpus(["Vooraf. " + OLD]))
    assert project.decisions("codering")["c1"]["start"] == OLD.index("met soep") + 8
    assert project.undo() == (("verhaal", "v000"), ("codering", "c1"))
    assert project.decisions("codering") == {"c1": coded(OLD, "met soep")}
    assert project.recheck().empty
    assert project.check().empty
    project.redo()
    assert project.check().empty


def test_other_numbers_in_placeholders_are_no_change_and_spans_move_along(project):
    project.keep_narratives(make_corpus([OLD]))
    code(project, OLD, "[buurvrouw 3] met soep")
    code(project, OLD, "ging open", "c2")
    new = OLD.replace("[buurvrouw 3]", "[buurvrouw 14]")
    assert project.keep_narratives(make_corpus([new])).empty
    assert project.decisions("codering") == {
        "c1": coded(new, "[buurvrouw 14] met soep"),
        "c2": coded(new, "ging open"),
    }
    assert project.recheck().empty
    assert project.check().empty


def test_changed_twice_is_shown_from_what_somebody_last_saw_and_changed_back_is_no_change(project):
    project.keep_narratives(make_corpus(["Een."]))
    project.keep_narratives(make_corpus(["Twee."]))
    project.keep_narratives(make_corpus(["Drie."]))
    assert project.recheck()[["old", "new"]].to_numpy().tolist() == [["Een.", "Drie."]]
    project.keep_narratives(make_corpus(["Een."]))
    assert project.recheck().empty


def test_a_lost_quote_is_found_when_its_words_return(project):
    project.keep_narratives(make_corpus([OLD]))
    code(project, OLD, "met soep")
    project.keep_narratives(make_corpus(["Niets daarvan."]))
    assert list(project.recheck()["change"]) == ["citaat niet gevonden", "gewijzigd"]
    project.keep_narratives(make_corpus(["Terug. " + OLD]))
    assert project.decisions("codering")["c1"]["start"] == OLD.index("met soep") + 7
    project.keep_narratives(make_corpus(["met soep, zonder soep"]))
    project.keep_narratives(make_corpus([OLD]))
    assert project.decisions("codering")["c1"] == coded(OLD, "met soep")


def test_a_story_that_is_gone_keeps_its_decisions_and_may_come_back(project):
    corpus = make_corpus([OLD, "Twee."])
    project.keep_narratives(corpus)
    code(project, OLD, "met soep")
    rest = corpus.select(["v001"], step="x")
    assert project.keep_narratives(rest).to_numpy().tolist() == [["v000", "verdwenen", OLD, ""]]
    assert project.keep_narratives(rest).empty
    assert project.decisions("codering") == {"c1": coded(OLD, "met soep")}
    assert project.check().empty
    assert project.keep_narratives(corpus).empty
    assert "gone" not in project.decisions("verhaal")["v000"]


# --- check


def test_check_says_what_is_wrong_with_codings(project):
    code(project, OLD, "met soep")
    assert project.check()["what"].tolist() == [
        "Er zijn 1 codings of memo’s, maar er zijn geen verhalen bewaard."
    ]
    project.keep_narratives(make_corpus([OLD]))
    assert project.check().empty
    project.decide({("memo", "m"): coded(OLD, "soep", "weg")}, action="x")
    project.decide({("codering", "heel"): {"narrative_id": "v000", "coder": "A", "code": "x"}}, action="x")
    project.decide({("codering", "c3"): coded(OLD, "soep") | {"start": -4}}, action="x")
    project.decide({("verhaal", "v001"): {"hash": "nergens"}}, action="x")
    assert project.check()[["what", "where"]].to_numpy().tolist() == [
        ["Het verhaal hierbij is er niet.", "memo m, verhaal weg"],
        ["Het citaat staat niet op zijn plek.", "codering c3, verhaal v000"],
        ["De tekst van dit verhaal ontbreekt.", "verhaal v001"],
    ]


# --- an export that grew


def write_rows(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


@pytest.mark.slow
def test_an_export_that_grew_from_180_to_240_keeps_every_decision(tmp_path):
    """Through the loader and the masking, as a user does it; one of the old stories was changed meanwhile."""
    with (SAMPLE_FOLDER / "vertelpunt.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    at = next(n for n, name in enumerate(header) if name.startswith("Vertel over"))
    mapping = SAMPLE_FOLDER / "kolommen.yaml"
    # The new stories come first in the order of masking, so that the placeholders of the old ones get other numbers.
    old_rows = rows[60:240]
    with open_project(tmp_path / "p.wijk", who="Noor") as project:
        first = wa.load_narratives(write_rows(tmp_path / "een.csv", [header, *old_rows]), mapping=mapping)
        review = wa.review(wa.mask(first, project=project), project).review
        for narrative in review.order[:20]:
            review.read(narrative)
        masked = review.corpus
        assert project.keep_narratives(masked)["change"].eq("nieuw").all()
        texts = dict(zip(masked.frame["narrative_id"], masked.frame["text"], strict=True))
        codings = {}
        for narrative, text in texts.items():
            for n, part in enumerate(text.split(". ")[:3]):
                codings["codering", f"{narrative}-{n}"] = coded(text, part, narrative)
        project.decide(codings, action="gecodeerd")
        assert project.check().empty

        grown = [list(row) for row in rows[:240]]
        grown[100][at] = "Dit stond er eerst niet. " + grown[100][at]
        second = wa.load_narratives(write_rows(tmp_path / "twee.csv", [header, *grown]), mapping=mapping)
        again = wa.mask(second, project=project)
        changes = project.keep_narratives(again)
        assert again.reviewed >= masked.reviewed - {grown[100][0]}
        assert (changes["change"] == "nieuw").sum() == 60
        assert set(changes.loc[changes["change"] == "gewijzigd", "narrative_id"]) >= {grown[100][0]}
        now = dict(zip(again.frame["narrative_id"], again.frame["text"], strict=True))
        assert sum(now[narrative] != text for narrative, text in texts.items()) > 30
        held = project.decisions("codering")
        assert len(held) == len(codings)
        open_now = set(project.recheck().query("kind == 'codering'")["subject"])
        for subject, value in held.items():
            if subject not in open_now:
                assert now[value["narrative_id"]][value["start"] : value["end"]] == value["quote"]
        # Masking a larger corpus may mask a word more; nearly everything is found back.
        assert len(open_now) <= 0.02 * len(codings)
        assert not {f"{grown[100][0]}-{n}" for n in range(3)} & open_now
        for _ in range(2):
            project.undo()
        assert project.decisions("codering") == {}


def test_a_corpus_that_is_reviewed_elsewhere_is_kept_too(project, sample):
    changes = project.keep_narratives(replace(sample))
    assert len(changes) == len(sample)
