from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import wijkanalyse as wa
from tests.conftest import click_point, open_offline, three_subjects
from wijkanalyse.cli import app
from wijkanalyse.errors import InputError
from wijkanalyse.loaders import SAMPLE_FOLDER
from wijkanalyse.privacy import Review

runner = CliRunner()


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wijkanalyse", *arguments], capture_output=True, text=True, cwd=cwd, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


def write_csv(path: Path, n: int) -> Path:
    stories = [f"{text}, dat was het hele verhaal van Xandromeda." for text in three_subjects(n)]
    path.write_text(
        "Nr;Wat gebeurde er?\n" + "\n".join(f"{i};{text}" for i, text in enumerate(stories)), "utf-8"
    )
    return path


@pytest.mark.parametrize(
    "command", [[], ["demo"], ["verwerk"], ["sessie"], ["bulletin"], ["nieuw"], ["lab"], ["app"]]
)
def test_help_is_dutch(command):
    result = runner.invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert re.search(r"verhalen|notebooks", result.output)


@pytest.mark.slow
@pytest.mark.browser
def test_verwerk_makes_the_page_from_a_workbook_of_another_program(tmp_path, browser):
    """The XLSX is LibreOffice's; the page opens with the network off and a point opens its story."""
    done = run("verwerk", str(SAMPLE_FOLDER / "vertelpunt.xlsx"), "--uit", "uit", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "uit" / "themakaart.html").read_text("utf-8")
    assert "WERKVERSIE" in page
    assert "de verhalen staan in kolom ‘Vertel over een moment" in done.stdout
    assert "Gemaskeerd:" in done.stdout
    assert "Klaar." in done.stdout
    stories = json.loads(re.search(r'id="verhalen">(.*?)</script>', page, re.DOTALL).group(1))

    def room(story: dict[str, float]) -> float:
        return min(math.dist((story["x"], story["y"]), (o["x"], o["y"])) for o in stories if o is not story)

    alone = max(stories, key=room)  # where points lie on each other, the nearest one opens
    with open_offline(browser, tmp_path / "uit" / "themakaart.html") as view:
        assert click_point(view, alone["id"]) == alone["text"]
        assert view.requests == []
        assert view.problems == []


def test_fifteen_stories_give_a_page_and_two_a_refusal(tmp_path):
    done = run("verwerk", str(write_csv(tmp_path / "vijftien.csv", 15)), "--uit", str(tmp_path / "u"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "u" / "themakaart.html").exists()
    done = run("verwerk", str(write_csv(tmp_path / "twee.csv", 2)), "--uit", str(tmp_path / "v"))
    assert done.returncode == 1
    assert "2 bruikbare verhalen" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "v").exists()


def test_no_output_holds_a_name_or_a_story(tmp_path):
    done = run("verwerk", str(write_csv(tmp_path / "v.csv", 15)), "--uit", str(tmp_path / "u"))
    page = (tmp_path / "u" / "themakaart.html").read_text("utf-8")
    assert "Xandromeda" not in done.stdout + done.stderr
    # In the page the name is masked.
    assert "Xandromeda" not in page
    assert "dat was het hele verhaal van [" in page


def test_options_reach_the_analysis(tmp_path):
    path = tmp_path / "v.csv"
    rows = "\n".join(
        f"een heel lang antwoord dat er niet toe doet, nummer {i};{t}"
        for i, t in enumerate(three_subjects(18))
    )
    path.write_text("Anders;Kort\n" + rows, "utf-8")
    done = run(
        "verwerk",
        str(path),
        "--tekst",
        "Kort",
        "--themas",
        "3",
        "--gemaskeerd-door",
        "Team Test",
        "--uit",
        str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "themakaart.html").read_text("utf-8")
    assert "3 (gekozen door de gebruiker)" in page
    assert "elders gemaskeerd en nagekeken, volgens opgave door Team Test" in page
    assert "WERKVERSIE" not in page


def test_verwerk_reads_several_files_and_keeps_what_houd_says(tmp_path):
    one = write_csv(tmp_path / "een.csv", 15)
    other = tmp_path / "twee.csv"
    rows = ["Nr;Wat gebeurde er?;Ik ben", "90;Dat er niemand open deed en de post bleef liggen.;inwoner"]
    rows += [f"10{number};Dit is een test {number};inwoner" for number in range(4)]
    other.write_text("\n".join(rows), "utf-8")
    done = run("verwerk", str(one), str(other), "--uit", str(tmp_path / "u"))
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "Ingelezen: een.csv, twee.csv rijen gelezen 20 15 (1. een.csv) 5 (2. twee.csv) verhalen 16" in said
    assert "een.csv heeft niet: ‘Ik ben’; dat blijft daar leeg" in said
    assert "apart gezet 4 (proefinvoer" in said
    done = run("verwerk", str(one), str(other), "--houd", "proefinvoer", "--uit", str(tmp_path / "v"))
    assert done.returncode == 0, done.stderr
    assert "apart gezet" not in done.stdout
    done = run("verwerk", str(one), "--houd", "lege rij", "--uit", str(tmp_path / "w"))
    assert done.returncode == 1
    assert "Wat niet apart gezet moet worden, is niet te begrijpen" in done.stderr


def test_a_missing_file_is_one_dutch_message():
    done = run("verwerk", "bestaat niet.xlsx")
    assert done.returncode == 1
    assert done.stderr.startswith("Dat lukt niet.")
    assert "Dit bestand bestaat niet" in done.stderr
    assert "Traceback" not in done.stderr


def test_nieuw_makes_a_folder_that_keeps_stories_out_of_git(tmp_path):
    folder = tmp_path / "mijn onderzoek"
    result = runner.invoke(app, ["nieuw", str(folder)])
    assert result.exit_code == 0
    assert (folder / "01-inlezen-en-maskeren.ipynb").exists()
    with wa.open_project(folder / "onderzoek.wijk") as project:
        assert project.log().empty
    (folder / "verhalen.xlsx").write_text("x")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    status = subprocess.run(
        ["git", "-C", str(folder), "status", "--porcelain", "-uall"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "verhalen.xlsx" not in status
    assert "onderzoek.wijk" not in status
    assert "01-inlezen" in status


def test_lab_of_a_folder_that_is_not_there():
    done = run("lab", "bestaat-niet")
    assert done.returncode == 1
    assert "Deze map bestaat niet" in done.stderr


@pytest.mark.slow
def test_the_main_job_opens_no_connection(tmp_path):
    """Every attempt to reach another address ends the process at once, with a code of its own."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, socket\n"
        "def refuse(*args, **kwargs):\n    os._exit(77)\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    probe = [sys.executable, "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')"]
    assert subprocess.run(probe, env=environment, capture_output=True, check=False).returncode == 77
    command = [sys.executable, "-m", "wijkanalyse", "demo", "--uit", str(tmp_path / "uit")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["verwerk"], "Er ontbreekt iets: bestand."),
        (["verwerk", "mijn", "verhalen.xlsx"], "Een pad met spaties hoort tussen aanhalingstekens."),
        (
            ["verwerk", "x.xlsx", "--themas", "veel"],
            "De waarde bij --themas kan niet: daar hoort een heel getal.",
        ),
        (["verwerk", "x.xlsx", "--snel"], "De optie --snel bestaat niet."),
        (
            ["maak"],
            "Die opdracht bestaat niet. Wel: demo, verwerk, koppel, sessie, bulletin, nieuw, lab en app.",
        ),
        (["verwerk", "x.xlsx", "--maskeer-ook", "nee.txt"], "Dit bestand bestaat niet"),
        (["nieuw", "README.md"], "geen lege map"),
    ],
)
def test_a_command_that_is_typed_wrong_gets_a_dutch_sentence(arguments, sentence):
    done = run(*arguments, cwd=SAMPLE_FOLDER.parents[1])
    assert done.returncode in (1, 2)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_text_that_is_plainly_not_masked_is_not_believed(tmp_path):
    path = write_csv(tmp_path / "v.csv", 15)
    path.write_text(path.read_text("utf-8") + " Bel 06 00 11 22 33 of mail a.b@voorbeeld.nl.", "utf-8")
    done = run("verwerk", str(path), "--gemaskeerd-door", "Iemand", "--uit", str(tmp_path / "u"))
    assert done.returncode == 1
    assert "er staan nog gegevens van mensen in: 1 × email, 1 × telefoon" in done.stderr
    assert "06 00" not in done.stderr
    assert not (tmp_path / "u").exists()


def test_names_on_a_list_of_ones_own_are_masked(tmp_path):
    path = tmp_path / "v.csv"
    path.write_text("Verhaal\n" + "\n".join(f"{text} en kwabs kwam" for text in three_subjects(15)), "utf-8")
    (tmp_path / "namen.txt").write_text("kwabs\n", "utf-8")
    done = run(
        "verwerk", str(path), "--maskeer-ook", str(tmp_path / "namen.txt"), "--uit", str(tmp_path / "u")
    )
    assert done.returncode == 0, done.stderr
    assert "kwabs" not in (tmp_path / "u" / "themakaart.html").read_text("utf-8")


@pytest.mark.skipif(
    os.name == "nt" or (hasattr(os, "geteuid") and os.geteuid() == 0), reason="root may write anywhere"
)
def test_an_output_folder_that_cannot_be_written_is_said_at_once(tmp_path):
    tmp_path.chmod(0o500)
    done = run("verwerk", str(SAMPLE_FOLDER / "vertelpunt.xlsx"), "--uit", str(tmp_path / "u"))
    assert "In deze map kan niets worden bewaard" in done.stderr


@pytest.mark.slow
def test_verwerk_keeps_to_what_was_reviewed_in_a_project(tmp_path):
    path = write_csv(tmp_path / "v.csv", 15)
    with wa.open_project(tmp_path / "p.wijk", who="Noor") as project:
        review = Review(wa.mask(wa.load_narratives(path), project=project), project)
        for story in review.order:
            review.read(story)
    done = run("verwerk", str(path), "--project", str(tmp_path / "p.wijk"), "--uit", str(tmp_path / "u"))
    assert done.returncode == 0, done.stderr
    assert "Nagekeken door een mens: 15 van de 15 verhalen" in done.stdout
    page = (tmp_path / "u" / "themakaart.html").read_text("utf-8")
    assert "WERKVERSIE" not in page
    assert "nagekeken: 15 van de 15 verhalen, door Noor" in page
    done = run("verwerk", str(path), "--project", str(tmp_path / "weg.wijk"), "--uit", str(tmp_path / "u"))
    assert done.returncode == 1
    assert "Dit projectbestand bestaat niet" in done.stderr
    assert not (tmp_path / "weg.wijk").exists()


@pytest.fixture
def only_the_map(monkeypatch):
    """A bulletin with one figure, and that as a page: a browser takes seconds."""
    monkeypatch.setitem(sys.modules, "kaleido", None)
    monkeypatch.setattr(
        "wijkanalyse.dialogue.bulletin._figures",
        lambda themes: {"themakaart": lambda: wa.plot_theme_map(themes)},
    )


@pytest.mark.slow
def test_a_bulletin_of_reviewed_stories_with_the_quotes_that_were_ticked(tmp_path, only_the_map):
    path, project = write_csv(tmp_path / "v.csv", 36), tmp_path / "p.wijk"
    # "dementie" is masked where a story begins with it, and a theme is called after it.
    path.write_text(path.read_text("utf-8").replace("dementie", "rollator"), "utf-8")
    with wa.open_project(project, who="Noor") as opened:
        review = Review(wa.mask(wa.load_narratives(path), project=opened), opened)
        for story in review.order[:33]:
            review.read(story)
    asked = [
        "bulletin",
        str(path),
        "--project",
        str(project),
        "--themas",
        "3",
        "--uit",
        str(tmp_path / "figuren"),
    ]
    done = runner.invoke(app, asked, catch_exceptions=False)
    assert done.exit_code == 0
    assert "3 verhalen zijn nog niet nagekeken en doen niet mee." in done.output
    assert "- Voor .png is een browser nodig" in done.output
    assert "Nog geen 3 goedgekeurde citaten bij" in done.output
    choices = tmp_path / "figuren-citaten-kiezen.md"
    assert not (tmp_path / "figuren" / "citaten.txt").exists()
    choices.write_text(choices.read_text("utf-8").replace("- [ ]", "- [x]", 1), "utf-8")
    assert runner.invoke(app, asked, catch_exceptions=False).exit_code == 0
    quoted = re.findall("“(.*)”", (tmp_path / "figuren" / "citaten.txt").read_text("utf-8"))
    assert quoted == re.findall(r"- \[x\] \S+ \| (.*)", choices.read_text("utf-8"))
    with wa.open_project(project) as opened:
        assert len(opened.decisions("citaat")) == 1
        assert len(opened.decisions("verhaal")) == 36
        assert opened.check().empty
    page = (tmp_path / "figuren" / "zo-lees-je-deze-figuren.html").read_text("utf-8")
    assert "33 verhalen van 33 vertellers" in page
    assert "verzonnen" not in page


def test_a_bulletin_of_stories_that_nobody_reviewed_is_refused(tmp_path, only_the_map):
    path = write_csv(tmp_path / "v.csv", 15)
    with pytest.raises(InputError, match="Er blijft geen enkel verhaal over"):
        runner.invoke(app, ["bulletin", str(path), "--uit", str(tmp_path / "f")], catch_exceptions=False)
    assert not (tmp_path / "f").exists()


def test_a_bulletin_of_the_sample_says_that_it_is_invented(
    tmp_path, only_the_map, sample_themes, monkeypatch
):
    monkeypatch.setattr("wijkanalyse.steps.cluster", lambda *_: sample_themes)
    done = runner.invoke(app, ["bulletin", "--uit", str(tmp_path / "f")], catch_exceptions=False)
    assert done.exit_code == 0
    assert "De verhalen zijn verzonnen." in (tmp_path / "f" / "zo-lees-je-deze-figuren.html").read_text(
        "utf-8"
    )


@pytest.mark.slow
def test_sessie_makes_a_kit_of_the_sample_and_refuses_what_nobody_reviewed(tmp_path):
    done = run("sessie", "--deelnemers", "9", "--minuten", "60", "--uit", str(tmp_path / "s"))
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in (tmp_path / "s").iterdir())
    assert names[-2:] == ["sessiepakket.docx", "sessiepakket.html"]
    page = (tmp_path / "s" / "sessiepakket.html").read_text("utf-8")
    assert "9 deelnemers in 3 groepen, 60 minuten" in page
    assert "De tijd is krap" in page
    done = run("sessie", str(write_csv(tmp_path / "v.csv", 15)), "--uit", str(tmp_path / "t"))
    assert done.returncode == 1
    assert "Er blijft geen enkel verhaal over." in done.stderr
    assert not (tmp_path / "t").exists()


def test_sessie_compares_what_people_coded_too(tmp_path, monkeypatch):
    path, held, compared = write_csv(tmp_path / "v.csv", 4), tmp_path / "p.wijk", []
    with wa.open_project(held) as project:
        corpus = wa.load_narratives(path, masked_by="Team Test")
        project.keep_narratives(corpus)
        wa.keep_scheme(project, wa.load_scheme("opgaven"))
        first = corpus.frame["narrative_id"].iloc[0]
        wa.add_coding(project, corpus, first, "veiligheid", coder="A")
    monkeypatch.setattr(
        "wijkanalyse.patterns.find_patterns", lambda *_, codings, **__: compared.append(codings)
    )
    monkeypatch.setattr("wijkanalyse.dialogue.talking_back.read_cards", lambda cards, _: cards)
    monkeypatch.setattr("wijkanalyse.steps.cluster", lambda *_: None)
    monkeypatch.setattr("wijkanalyse.steps.only_reviewed", lambda corpus: corpus)
    monkeypatch.setattr(
        "wijkanalyse.dialogue.build_session_kit",
        lambda *_, **__: SimpleNamespace(n_left_out=0, html=path, plan=None),
    )
    CliRunner().invoke(app, ["sessie", str(path), "--project", str(held), "--uit", str(tmp_path / "s"), "--gemaskeerd-door", "A"])  # fmt: skip
    assert compared[0]["code"].tolist() == ["veiligheid"]


def test_koppel_writes_a_mapping_that_verwerk_takes(tmp_path):
    path, out = write_csv(tmp_path / "verhalen.csv", 4), tmp_path / "koppeling.yaml"
    done = run("koppel", str(path), "--uit", str(out))
    assert done.returncode == 0, done.stderr
    assert f'--koppeling "{out}"' in done.stdout
    text = out.read_text(encoding="utf-8")
    assert "Xandromeda" not in text
    assert wa.load_narratives(path, mapping=out).frame.equals(wa.load_narratives(path).frame)
    again = run("koppel", str(path), "--uit", str(out))
    assert again.returncode == 1
    assert "Dit bestand bestaat al." in again.stderr
    assert out.read_text(encoding="utf-8") == text
    other = run("koppel", str(path), "--uit", str(tmp_path / "koppeling.txt"))
    assert "Een koppeling is een bestand op .yaml." in other.stderr


def write_parquet(folder: Path, n: int) -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    folder.mkdir()
    texts = [f"{text}, dat vertelde mijn buurvrouw Xandromeda." for text in three_subjects(n)]
    table = pa.table({"narrative_id": [f"v{i:02}" for i in range(n)], "text": texts})
    parquet.write_table(table, folder / "deel.parquet", row_group_size=n // 2)
    return folder


@pytest.mark.slow
def test_verwerk_makes_of_a_folder_of_parquet_the_theme_of_every_story_and_a_page(tmp_path):
    folder = write_parquet(tmp_path / "in", 40)
    done = runner.invoke(app, ["verwerk", str(folder), "--uit", str(tmp_path / "uit"), "--themas", "3"])
    assert done.exit_code == 0, done.output
    assert "elk van de 40 verhalen" in done.output
    files = sorted(path.name for path in (tmp_path / "uit" / "verhalen").iterdir())
    assert files == ["deel-00000.parquet", "deel-00001.parquet"]
    page = (tmp_path / "uit" / "themakaart.html").read_text("utf-8")
    assert "[buurvrouw 1]" in page
    assert "Xandromeda" not in page
    assert not any(b"Xandromeda" in path.read_bytes() for path in (tmp_path / "uit" / "verhalen").iterdir())


@pytest.mark.parametrize(
    ("extra", "where"),
    [(["--houd", "vulantwoord"], "--houd en"), (["--gemaskeerd-door", "Noor", "--blad", "x"], "--gemaskeerd-door, --blad en")],
)  # fmt: skip
def test_a_folder_of_parquet_refuses_what_does_nothing_there(tmp_path, extra, where):
    folder = write_parquet(tmp_path / "in", 4)
    done = runner.invoke(app, ["verwerk", str(folder), *extra])
    assert isinstance(done.exception, InputError)
    assert where in done.exception.problems[0].where


def test_a_cluster_is_for_a_folder(tmp_path):
    done = runner.invoke(app, ["verwerk", str(write_csv(tmp_path / "a.csv", 4)), "--cluster", "lokaal"])
    assert isinstance(done.exception, InputError)
    assert "Dit gaat niet samen met een cluster" in str(done.exception)
