"""The session kit: what is in it, what may not be in it, and that every card is one sheet."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from html.parser import HTMLParser

import docx
import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.dialogue import kit as kit_module
from wijkanalyse.dialogue import kit_print
from wijkanalyse.dialogue.kit_print import print_pdf
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.patterns import PatternCard, Reading
from wijkanalyse.patterns.cards import Said
from wijkanalyse.patterns.finding import CARRIES, CONTRADICTS, Finding

EVIL = "schuld deurwaarder aanmaning </article><script>alert(1)</script> <img src=x onerror=alert(2)> rekening incasso"


@pytest.fixture(scope="module")
def material():
    texts = [*three_subjects(44), EVIL]
    corpus = make_corpus(
        texts,
        perspective=["inwoner"] * 30 + ["school"] * 12 + ["arts"] * 3,
        title=[""] * 44 + ["Mijn <b>titel</b>"],
    )
    themes = wa.find_themes(corpus, scheme=wa.load_scheme("opgaven"), n_themes=3, firmness_rounds=3)
    return corpus, wa.find_patterns(corpus, themes=themes)


@pytest.fixture(autouse=True)
def _without_browser(monkeypatch):
    """Printing takes time; the kit of `full`, made before this, is printed."""
    monkeypatch.setattr(kit_module, "print_pdf", lambda *_: b"%PDF-1.4")


def pages_of(html: str) -> dict[str, list[str]]:
    """Return the articles by class, without markup."""
    found = re.findall(r'<article class="([^"]*)">(.*?)</article>', html, re.DOTALL)
    return {
        kind: [re.sub(r"<[^>]*>", " ", text) for name, text in found if name == kind] for kind, _ in found
    }


def finding(corpus, carries: int, contradicts: int, **changes) -> PatternCard:
    """Return a card of a finding that the first stories carry and the next contradict; every teller told one."""
    ids = list(corpus.frame["narrative_id"])
    members = [(each, CARRIES) for each in ids[:carries]] + [
        (each, CONTRADICTS) for each in ids[carries : carries + contradicts]
    ]
    observation = f"{carries} van de {carries + contradicts} verhalen in ‘X’, van {carries} vertellers, zijn blauw. Bij de andere verhalen: 6 van de 9."
    made = Finding(
        kind="stemmen", key="k", question="q", title="‘X’ vaker blauw", observation=observation, linking_question="Hoe komt het?",
        subject=("X", "blauw"), theme_id=0, p=0.01, q=0.01, effect=0.3, low=0.1, high=0.5, n_narratives=carries, n_tellers=carries,
        n_missing=4, members=tuple(members), plainly="Verhalen in ‘X’ zijn vaker dan de andere verhalen blauw.",
    )  # fmt: skip
    stories = tuple(
        wa.patterns.StoryRef(narrative_id=each, role="typisch", reason="past") for each in (ids[0], ids[1])
    )
    values = {
        "card_id": "k", "kind": "stemmen", "theme_id": 0, "title": made.title, "observation": observation, "firmness": "los",
        "note": "Verschil: 30 op de 100. Zonder antwoord, dus niet meegeteld: 4. Gezocht is met 9 vergelijkingen.", "n_narratives": carries,
        "n_tellers": carries, "stories": stories, "missing_voices": (), "linking_question": "Hoe komt het?", "finding": made,
    }  # fmt: skip
    return PatternCard(**(values | changes))


def html_of(cards, corpus, folder, **options) -> str:
    return wa.build_session_kit(cards, folder, corpus=corpus, **options).html.read_text("utf-8")


def test_the_whole_kit_is_there(material, tmp_path):
    corpus, cards = material
    kit = wa.build_session_kit(
        cards, tmp_path / "diep" / "sessie", corpus=corpus, participants=12, minutes=90
    )
    pages = pages_of(kit.html.read_text("utf-8"))
    assert len(pages["card"]) == len(pages["card back"]) == len(cards) == 3
    assert len(pages["story"]) == len(pages["story placed"]) == kit.n_stories
    assert len(pages["sheet answers"]) == len(kit.plan.groups) == 3
    for words in (
        "Toestemming en veiligheid",
        "Zo gaat een kaart",
        "12 deelnemers in 3 groepen, 90 minuten",
        "Vergelijk geen teams",
    ):
        assert words in pages["sheet"][0]
    for front, back, card in zip(pages["card"], pages["card back"], cards, strict=True):
        assert card.title in front
        assert "nog niet besproken: 0 van minstens twee lezingen" in front
        assert card.linking_question in back
        assert all(question in back for _, question in card.reading_questions)
        assert all(question in back for question in card.statute_questions)
    assert [path.name for path in kit.pdfs] == [
        "sessiepakket-A4-draaiboek.pdf", "sessiepakket-A5-patroonkaarten.pdf", "sessiepakket-A6-verhaalkaarten.pdf",
    ]  # fmt: skip


def test_word_has_the_same_pages_in_three_sizes(material, tmp_path):
    corpus, cards = material
    kit = wa.build_session_kit(cards, tmp_path, corpus=corpus)
    document = docx.Document(io.BytesIO(kit.docx.read_bytes()))
    assert [round(section.page_width.mm) for section in document.sections] == [210, 148, 105]
    assert {section.header.paragraphs[0].text for section in document.sections} == {
        "voorlopig beeld, bedoeld voor gesprek"
    }
    texts = [paragraph.text.strip() for paragraph in document.paragraphs]
    n_pages = len(re.findall("<article", kit.html.read_text("utf-8")))
    assert sum(bool(p.paragraph_format.page_break_before) for p in document.paragraphs) == n_pages - 3
    assert texts.count("Mijn <b>titel</b>") in (0, 1)
    assert cards[0].linking_question in texts
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["Minuten", "Wat", "Hoe"]
    assert len(document.tables) == 2 + len(kit.plan.groups)
    assert not document.core_properties.author


def test_a_story_is_never_markup_and_nothing_points_outside(material, tmp_path):
    corpus, cards = material
    evil = corpus.frame["narrative_id"].iloc[-1]
    ref = replace(cards[0].stories[0], narrative_id=evil)
    html = html_of([replace(cards[0], stories=(ref,))], corpus, tmp_path)
    seen: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.extend((tag, name) for name, _ in attrs)
            assert tag not in {"script", "img", "link", "b"}

    Reader().feed(html)
    assert not {"src", "srcset", "action", "onerror"} & {name for _, name in seen}
    assert set(re.findall(r'href="([^"]*)"', html)) == {"#draaiboek", "#patroonkaarten", "#verhaalkaarten"}
    assert not re.search(r"url\(|@import|https?:", html)
    assert "default-src 'none'" in html
    assert "Mijn &lt;b&gt;titel" in html


def test_the_front_of_a_story_is_blind_and_the_odd_pages_are_the_blind_set(material, tmp_path):
    corpus, _ = material
    card = finding(corpus, 14, 14, narratives=tuple(corpus.frame["narrative_id"][:28]))
    html = html_of([card], corpus, tmp_path)
    pages = pages_of(html)
    assert all("inwoner" in back and "kaart 1." in back for back in pages["story placed"])
    assert not any("inwoner" in front or "kaart" in front for front in pages["story"])
    assert re.findall(r'<article class="(story[^"]*)"', html) == ["story", "story placed"] * 2
    ids = [re.findall(r"v\d{3}", page)[0] for kind in ("story", "story placed") for page in pages[kind]]
    assert ids == ["v000", "v001"] * 2


def test_outside_no_number_can_be_worked_out(tmp_path):
    corpus = make_corpus(three_subjects(60), perspective=["inwoner"] * 60)
    # Three contradict: too few to be told apart, so they are put together with all others.
    front = pages_of(html_of([finding(corpus, 14, 3)], corpus, tmp_path))["card"][0]
    assert "Verhalen in ‘X’ zijn vaker dan de andere verhalen blauw." in front
    assert re.findall(r"waarin dit zo is\s+(\S+)\s+alle andere vertellers\s+(\S+)", front) == [("15", "45")]
    assert not re.search(r"\b(14|3|17|6|4|30|60)\b", front)
    assert "Zonder antwoord" not in front
    assert "Verschil" not in front
    assert "Gezocht is met 9 vergelijkingen." in front
    front = pages_of(html_of([finding(corpus, 22, 18)], corpus, tmp_path))["card"][0]
    assert re.findall(r"waarin (\w+ \w+) is\s+(\d+)", front) == [("dit zo", "20"), ("het anders", "20")]


def test_no_two_cards_tell_about_a_few_together(tmp_path):
    corpus = make_corpus(three_subjects(60))
    ids = tuple(corpus.frame["narrative_id"])
    theme = finding(corpus, 24, 0, finding=None, kind="thema", narratives=ids[:24])
    fronts = pages_of(html_of([theme, finding(corpus, 18, 20)], corpus, tmp_path))["card"]
    # Six tell the theme and do not carry the pattern.
    assert re.findall(r"deze verhalen\s+(\S+)\s+alle andere vertellers\s+(\S+)", fronts[0]) == [("25", "35")]
    assert re.findall(r"waarin (?:dit zo|het anders) is\s+(\S+)", fronts[1]) == ["–", "–"]
    assert "over te weinig mensen gaan" in fronts[1]
    fronts = pages_of(html_of([theme, finding(corpus, 14, 20)], corpus, tmp_path))["card"]
    assert re.findall(r"waarin (?:dit zo|het anders) is\s+(\S+)", fronts[1]) == ["15", "20"]
    # The same people twice tell nothing more.
    fronts = pages_of(html_of([theme, theme], corpus, tmp_path))["card"]
    assert "–" not in "".join(fronts)


def test_where_nobody_may_be_counted_the_card_says_so(tmp_path):
    corpus = make_corpus(three_subjects(15))  # twelve carry it, and three are left
    html = html_of([finding(corpus, 12, 3)], corpus, tmp_path)
    assert "waarin dit zo is: te weinig mensen om te noemen" in html
    theme = finding(
        corpus, 12, 3, finding=None, kind="thema", narratives=tuple(corpus.frame["narrative_id"][:12])
    )
    assert "van deze verhalen: te weinig mensen om te noemen" in html_of([theme], corpus, tmp_path)
    assert "<svg" not in html_of([replace(theme, narratives=())], corpus, tmp_path)


def test_inside_the_numbers_are_as_they_are_and_every_page_says_it_is_a_draft(tmp_path):
    corpus = make_corpus(three_subjects(30), status=PrivacyStatus.MASKED)
    pages = pages_of(html_of([finding(corpus, 14, 3)], corpus, tmp_path, audience="werkbank"))
    assert "14 van de 17 verhalen in ‘X’" in pages["card"][0]
    assert "14 verhalen, van 14 vertellers" in pages["card"][0]
    assert "Zonder antwoord" in pages["card"][0]
    assert all(
        "WERKVERSIE, niet nagekeken: niet doorgeven" in text for texts in pages.values() for text in texts
    )
    reviewed = replace(corpus, status=PrivacyStatus.REVIEWED)
    pages = pages_of(html_of([finding(corpus, 14, 3)], reviewed, tmp_path, audience="werkbank"))
    assert all("WERKVERSIE voor eigen gebruik" in text for texts in pages.values() for text in texts)


def test_an_observation_that_a_person_worded_stays_without_its_numbers(tmp_path):
    corpus = make_corpus(three_subjects(30))
    card = finding(corpus, 12, 11, observation="Hier is het blauw. Dat zijn er 12. Bij ‘kamer 3’ ook.")
    front = pages_of(html_of([card], corpus, tmp_path))["card"][0]
    assert "Hier is het blauw. Bij ‘kamer 3’ ook." in front


def test_a_perspective_that_is_rare_on_a_card_is_left_out_and_not_called_missing(tmp_path):
    corpus = make_corpus(
        three_subjects(40), perspective=["inwoner"] * 5 + ["school"] * 20 + ["inwoner"] * 10 + ["arts"] * 5
    )
    card = finding(corpus, 12, 12, missing_voices=("arts", "inwoner"))
    pages = pages_of(html_of([card], corpus, tmp_path))
    # Fifteen residents in all, and five among those who carry this.
    assert not any("inwoner" in story for story in pages["story placed"])
    assert "Wie hoor je niet:  inwoner." in pages["card"][0]
    assert "arts" not in pages["card"][0]
    for stories, is_shown in (
        (corpus.frame["narrative_id"], True),
        (corpus.frame["narrative_id"][:24], False),
    ):
        theme = replace(card, finding=None, kind="thema", narratives=tuple(stories))
        backs = pages_of(html_of([theme], corpus, tmp_path))["story placed"]
        assert any("inwoner" in story for story in backs) == is_shown


def test_what_was_read_and_said_is_printed(tmp_path):
    corpus = make_corpus(three_subjects(30))
    readings = tuple(Reading(perspective=f"wie {n}", text=f"lezing {n}") for n in range(6))
    said = (
        Said(session="Wijkavond", date="2026-02-01", lines=("Te lang geleden.", "Iemand zei dit.")),
        Said(session="Leergroep", date="2026-03-01", lines=("Stem: V1.", "Nieuwe vraag: wie?")),
    )
    card = finding(corpus, 12, 11, readings=readings, tension=("regels", "ruimte"), said=said)
    pages = pages_of(html_of([card], corpus, tmp_path))
    back = pages["card back"][0]
    assert "nog niet besproken" not in pages["card"][0]
    for text in (
        "wie 3 : lezing 3",
        "En nog 2; die staan in het project.",
        "regels – ruimte",
        "1 februari 2026, Wijkavond : Iemand zei dit.",
        "1 maart 2026, Leergroep : Stem: V1. Nieuwe vraag: wie?",
    ):
        assert text in back
    assert "lezing 4" not in back
    assert "Wie leest dit hoe?" not in back


def test_cards_that_too_few_carry_stay_in_and_it_is_said(tmp_path):
    corpus = make_corpus(three_subjects(30))
    kit = wa.build_session_kit([finding(corpus, 12, 11), finding(corpus, 9, 12)], tmp_path, corpus=corpus)
    assert kit.n_left_out == 1
    assert (
        "1 kaart die door minder dan 10 vertellers wordt gedragen"
        in pages_of(kit.html.read_text("utf-8"))["sheet"][0]
    )
    with pytest.raises(PrivacyError, match="minstens 10 vertellers"):
        wa.build_session_kit([finding(corpus, 9, 12)], tmp_path, corpus=corpus)


def test_what_is_asked_wrong_is_told(material, tmp_path):
    corpus, cards = material
    with pytest.raises(InputError, match=r"corpus=corpus\)"):
        wa.build_session_kit([finding(corpus, 12, 11)], tmp_path)
    with pytest.raises(InputError, match="minstens één patroonkaart"):
        wa.build_session_kit([], tmp_path, corpus=corpus)
    with pytest.raises(InputError, match="‘werkbank’ of ‘buiten’"):
        wa.build_session_kit(cards, tmp_path, corpus=corpus, audience="iedereen")
    masked = replace(corpus, status=PrivacyStatus.MASKED)
    with pytest.raises(PrivacyError, match=r"nog ‘gemaskeerd’(.|\n)*wa\.review"):
        wa.build_session_kit(cards, tmp_path, corpus=masked)
    assert list(tmp_path.iterdir()) == []


def test_cards_know_their_corpus_and_every_file_is_in_the_log(material, tmp_path):
    _, cards = material
    project = wa.open_project(tmp_path / "onderzoek.wijk", who="wie dit test")
    wa.add_reading(project, cards[0], "inwoner", "Zo lees ik het.")
    read = wa.read_cards(cards, project)
    kit = wa.build_session_kit(read, tmp_path / "sessie", project=project)
    assert "Zo lees ik het." in kit.html.read_text("utf-8")
    told = project.log().query("action == 'naar buiten'")["detail"]
    for path in (kit.html, kit.docx, *kit.pdfs):
        assert sum(line.startswith(f"{path.name}, 45 verhalen") for line in told) == 1
    project.close()


def test_the_same_cards_give_the_same_bytes(material, tmp_path):
    corpus, cards = material
    shuffled = replace(corpus, frame=corpus.frame.sample(frac=1, random_state=1))
    one, two = (
        wa.build_session_kit(cards, tmp_path / name, corpus=each)
        for name, each in (("a", corpus), ("b", shuffled))
    )
    assert one.html.read_bytes() == two.html.read_bytes()
    assert one.docx.read_bytes() == two.docx.read_bytes()


def test_a_long_story_is_cut_after_a_sentence_and_short_lines_run_on(tmp_path):
    corpus = make_corpus(
        ["Dit is een zin van zeven woorden lang. " * 60, "regel\n" * 30, *three_subjects(28)]
    )
    stories = pages_of(html_of([finding(corpus, 12, 12)], corpus, tmp_path))["story"]
    assert stories[0].count("woorden lang. ") < 40
    assert stories[0].rstrip().endswith("lang. […]")
    assert "regel / regel" in stories[1]


@pytest.fixture
def coded():
    corpus = make_corpus(
        [f"De brief {n} kwam. Niemand wist het. Buurvrouw las voor." for n in range(24)],
        perspective=["inwoner"] * 24,
    )
    rows = [
        ("v001", "toegang-vraag", 0, 18),
        ("v002", "toegang-werkte", 36, 56),
        ("v003", "toegang-werkte", None, None),
        ("v004", "anders", 0, 4),
    ]
    return corpus, pd.DataFrame(
        [(a, "ik", b, c, d, None) for a, b, c, d in rows],
        columns=["narrative_id", "coder", "code", "start", "end", "quote"],
    )


def test_with_its_scheme_the_kit_becomes_a_knowledge_card(coded, tmp_path):
    corpus, codings = coded
    scheme = wa.load_scheme("vragen-en-knelpunten")
    kit = wa.build_session_kit([], tmp_path, corpus=corpus, codings=codings, scheme=scheme)
    sheet = pages_of(kit.html.read_text("utf-8"))["sheet"]
    assert "Toegang tot zorg en ondersteuning" in sheet[1]
    parts = re.split(r"Vraag|Wat werkte\s", sheet[1])
    assert "De brief 1 kwam." in parts[1]
    assert "v001" in parts[1]
    assert "Buurvrouw las voor." in parts[2]
    assert "De brief 3 kwam. Niemand wist het." in parts[2]
    assert kit.n_stories == 3
    assert kit.plan.rounds[0] == (1,)
    moved = codings.assign(quote="iets dat er niet meer staat")
    assert "De brief 2 kwam. Niemand" in html_of([], corpus, tmp_path, codings=moved, scheme=scheme)
    with pytest.raises(InputError, match="én het codeerschema"):
        wa.build_session_kit([], tmp_path, corpus=corpus, codings=codings)


def test_the_scheme_has_a_question_an_obstacle_and_what_worked_under_each_subject():
    scheme = wa.load_scheme("vragen-en-knelpunten")
    assert [code.code for code in scheme.top()] == ["kwetsbare-groepen", "toegang", "samenwerken"]
    for top in scheme.top():
        assert [code.name for code in scheme if code.parent == top.code] == [
            "Vraag",
            "Knelpunt",
            "Wat werkte",
        ]
    assert all(code.example for code in scheme)


def test_without_a_browser_there_is_html_and_word_and_a_warning(material, tmp_path, monkeypatch):
    monkeypatch.setattr(kit_module, "print_pdf", lambda *_: None)
    with pytest.warns(UserWarning, match="Er is geen PDF gemaakt"):
        kit = wa.build_session_kit(material[1], tmp_path, corpus=material[0])
    assert kit.pdfs == ()
    assert kit.docx.exists()


@pytest.mark.parametrize(
    "wrong", [OSError, subprocess.TimeoutExpired("x", 1), subprocess.CalledProcessError(1, "x")]
)
def test_a_browser_that_fails_is_none(tmp_path, monkeypatch, wrong):
    def fail(*_, **__):
        raise wrong

    monkeypatch.setattr(kit_print.subprocess, "run", fail)
    assert print_pdf(tmp_path / "x.html", "draaiboek") is None
