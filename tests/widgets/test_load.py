from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pandas as pd
import pytest

import wijkanalyse as wa
from wijkanalyse.coding.rounds import mark_done
from wijkanalyse.errors import InputError
from wijkanalyse.loaders import SAMPLE_FOLDER

RAW = SAMPLE_FOLDER / "vertelpunt.xlsx"


@pytest.fixture
def project(tmp_path):
    with wa.open_project(tmp_path / "onderzoek.wijk") as made:
        yield made


def uploaded(name, content):
    return ({"name": name, "type": "", "size": len(content), "content": memoryview(content), "last_modified": datetime.now(UTC)},)  # fmt: skip


def test_without_a_choice_it_is_the_sample(project):
    panel = wa.load_panel(project)
    assert "verzonnen" in panel.status.text
    assert len(panel.corpus) == 257
    assert panel.corpus.status == "ruw"
    assert "verhalen           257" in panel.report.value
    assert project.decisions("bron") == {}


def test_a_file_is_uploaded_mapped_and_there_the_next_time(project, tmp_path):
    panel = wa.load_panel(project)
    content = RAW.read_bytes()
    panel.upload.value = uploaded("verhalen.xlsx", content)
    assert (tmp_path / "verhalen.xlsx").read_bytes() == content
    assert panel.upload.value == ()
    assert "content" not in str(panel.upload.get_state()["value"])
    assert panel.files.value == "verhalen.xlsx"
    assert "Kijk de kolommen na" in panel.status.text
    with pytest.raises(InputError, match="Zo inlezen"):
        _ = panel.corpus
    panel.roles["Hoe woont u?"].value = ""
    panel.roles["Hoe voelde het?"].value = "signification"
    panel.load.click()
    assert "257 verhalen ingelezen uit verhalen.xlsx. Ga nu verder" in panel.status.text
    again = wa.load_panel(project)
    for corpus in (panel.corpus, again.corpus, wa.load_study(project)):
        assert "living_situation" not in corpus.frame
        assert corpus.spec("hoe_voelde_het").role == "signification"
        assert corpus.spec("month").role == "time"  # nobody changed this one
    assert again.report.value == panel.report.value


def test_what_was_read_is_not_thrown_away_by_an_upload_that_cannot_be_read(project, tmp_path):
    shutil.copy(RAW, tmp_path / "v.xlsx")
    panel = wa.load_panel(project, tmp_path / "v.xlsx")
    panel.upload.value = uploaded("stuk.xlsx", b"PK\x03\x04 geen werkboek")
    assert panel.status.problems
    assert len(wa.load_study(project)) == 257


def test_two_columns_with_stories_are_an_error_in_four_parts(project, tmp_path):
    shutil.copy(RAW, tmp_path / "v.xlsx")
    panel = wa.load_panel(project)
    panel.choose(tmp_path / "v.xlsx")
    panel.roles["Hoe woont u?"].value = "text"
    panel.load.click()
    assert "al van een andere kolom" in panel.status.problems[0]["what"]
    assert project.decisions("bron") == {}


def test_a_path_in_the_code_is_loaded_at_once(project, tmp_path):
    panel = wa.load_panel(project, SAMPLE_FOLDER / "vertelpunt_gemaskeerd.csv", masked_by="de makers")
    assert panel.corpus.status == "nagekeken"
    assert wa.load_study(project).status == "nagekeken"
    wrong = wa.load_panel(project, tmp_path / "nee.xlsx")
    assert wrong.status.problems[0]["what"] == "Dit bestand bestaat niet."
    with pytest.raises(InputError, match="nog geen verhalen"):
        _ = wrong.corpus


def test_on_a_page_without_code_it_says_to_open_it_anew(project, monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    panel = wa.load_panel(project, RAW)
    assert "F5" not in panel.status.text  # the rest of the page went with it
    panel.choose(RAW)
    panel.load.click()
    assert "F5" in panel.status.text


def test_what_was_practised_on_the_sample_does_not_go_along_to_a_file_of_ones_own(project, tmp_path):
    sample = wa.load_sample()
    wa.keep_scheme(project, wa.load_scheme("opgaven"))
    examples = pd.read_csv(SAMPLE_FOLDER / "goud" / "coderingen.csv", sep=";")
    wa.keep_codings(project, sample, examples)
    mark_done(project, "V001", coder="A")
    project.decide(
        {("voorstel", "een"): {"narrative_id": "V001", "start": 0, "end": 3}}, action="voorstel afgewezen"
    )
    project.decide({("memo", "idee"): {"coder": "Noor", "text": "over het schema"}}, action="memo")
    (tmp_path / "eigen.csv").write_text(
        "Nummer;Verhaal\n" + "\n".join(f"V00{n};Dag {n} wachtte ik lang" for n in range(4)), "utf-8"
    )
    own = wa.load_panel(project, tmp_path / "eigen.csv")
    assert len(own.corpus) == 4
    assert wa.codings(project).empty
    assert wa.done(project).empty
    assert project.decisions("voorstel") == {}
    assert list(project.decisions("memo")) == ["idee"]  # not about a story
    n = len(project.log())
    wa.load_panel(project, tmp_path / "eigen.csv")
    assert len(project.log()) == n


def test_codings_of_a_colleague_stay_when_the_first_file_is_chosen(project, tmp_path):
    (tmp_path / "eigen.csv").write_text(
        "Nummer;Verhaal\n" + "\n".join(f"V00{n};Dag {n} wachtte ik lang" for n in range(4)), "utf-8"
    )
    wa.keep_scheme(project, wa.load_scheme("opgaven"))
    corpus = wa.mask(wa.load_narratives(tmp_path / "eigen.csv"))
    wa.add_coding(project, corpus, "V001", "schulden", 0, 3, coder="Sam")
    wa.load_panel(project, tmp_path / "eigen.csv")
    assert list(wa.codings(project)["coder"]) == ["Sam"]
