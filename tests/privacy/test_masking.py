from __future__ import annotations

import random
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role
from wijkanalyse.privacy import finding
from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.masking import mask, render
from wijkanalyse.privacy.report import REMAINING_RISK

ROLES = {
    "narrative_id": Role.NARRATIVE_ID,
    "teller_id": Role.TELLER_ID,
    "text": Role.TEXT,
    "title": Role.TITLE,
}


def make(*texts: str, tellers: list[str] | None = None, titles: list[str] | None = None) -> Corpus:
    ids = [f"n{i}" for i in range(len(texts))]
    frame = pd.DataFrame(
        {
            "narrative_id": ids,
            "teller_id": tellers or ids,
            "text": list(texts),
            "title": titles or [""] * len(texts),
        }
    )
    specs = tuple(ColumnSpec(name=name, label=name, role=role) for name, role in ROLES.items())
    return Corpus(frame=frame, columns=specs, provenance=Provenance(source="proef.csv"))


def masked(*texts: str, **more: list[str]) -> list[str]:
    return list(mask(make(*texts, **more)).frame["text"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dat is mijn zoon Daan van 12.", "Dat is mijn [zoon 1] van [leeftijd 10–14]."),
        ("mijn buurvrouw Fatima van 73 jaar", "mijn [buurvrouw 1] van [leeftijd 70–79]"),
        ("Ik zag juf Ilse en dokter Öztürk.", "Ik zag [juf 1] en dokter [huisarts 1]."),
        ("Zij woont in Assen aan de Kerkstraat 4.", "Zij woont in [plaats 1] aan de [straat 1]."),
        ("Bel 06 00 12 34 56 op 3 maart.", "Bel [telefoon 1] op [datum in de lente]."),
        ("Het was stil.", "Het was stil."),
    ],
)
def test_placeholder_keeps_role_and_relation(text: str, expected: str) -> None:
    assert masked(text) == [expected]


def test_one_entity_has_one_number_in_every_form() -> None:
    text = "Mijn zoon Daan lacht. Daans fiets. Toen huilde daan. Daantje sliep."
    assert masked(text) == ["Mijn [zoon 1] lacht. [zoon 1] fiets. Toen huilde [zoon 1]. [zoon 1] sliep."]


def test_two_tellers_with_the_same_name_are_two_people() -> None:
    assert masked("mijn zoon Daan", "mijn zoon Daan") == ["mijn [zoon 1]", "mijn [zoon 2]"]
    assert masked("mijn zoon Daan", "mijn zoon Daan", tellers=["t", "t"]) == [
        "mijn [zoon 1]",
        "mijn [zoon 1]",
    ]


def test_similar_names_are_different_people() -> None:
    assert masked("mijn zoon Tim en mijn zoon Kim") == ["mijn [zoon 1] en mijn [zoon 2]"]


def test_places_are_shared_over_the_corpus() -> None:
    assert masked("ik woon in Zwolle", "hij komt uit zwolle en uit Goes") == [
        "ik woon in [plaats 1]",
        "hij komt uit [plaats 1] en uit [plaats 2]",
    ]


def test_name_from_one_story_is_found_in_lower_case_in_another() -> None:
    assert masked("Daar zat Qorvana te wachten.", "ik zag qorvana niet")[1] == "ik zag [persoon 2] niet"


def test_titles_are_masked_too() -> None:
    frame = mask(make("Mijn zoon Daan lacht.", titles=["Het verhaal van Daan"])).frame
    assert list(frame["title"]) == ["Het verhaal van [zoon 1]"]


def test_keep_and_add() -> None:
    corpus = make("Ik sprak Marloes bij de wissel in Assen.")
    assert list(mask(corpus, keep=["marloes", "Assen"]).frame["text"]) == [
        "Ik sprak Marloes bij de wissel in Assen."
    ]
    assert list(mask(corpus, add={"De Wissel": "wijkteam"}).frame["text"]) == [
        "Ik sprak [persoon 1] bij [wijkteam 1] in [plaats 1]."
    ]
    assert list(mask(make("het hek kraakt"), add=["hek"]).frame["text"]) == ["het [naam 1] kraakt"]


def test_status_provenance_and_idempotence() -> None:
    corpus = make("Mijn zoon Daan lacht.")
    once = mask(corpus)
    assert (corpus.status, once.status) == (PrivacyStatus.RAW, PrivacyStatus.MASKED)
    assert "gemaskeerd, 1 plekken" in once.provenance.steps[-1]
    assert list(corpus.frame["text"]) == ["Mijn zoon Daan lacht."]
    assert mask(once) is once


def test_report_counts_and_never_holds_a_name() -> None:
    corpus = mask(make("Mijn buurvrouw Qorvana van 73 zag Zulmira in Bedum.", titles=["Qorvana"]))
    report = corpus.privacy_report
    assert report.counts.set_index("kind")["n"].to_dict() == {"leeftijd": 1, "persoon": 3, "plaats": 1}
    shown = f"{report!r} {report} {corpus!r} {report.findings.to_csv()} {corpus.provenance}".lower()
    assert not any(name in shown for name in ("qorvana", "zulmira", "bedum", "73"))
    assert REMAINING_RISK in " ".join(str(report).split())


def test_report_says_gepseudonimiseerd_and_claims_no_more() -> None:
    assert "gepseudonimiseerd" in REMAINING_RISK
    assert "ano" + "niem" not in str(mask(make("Dag.")).privacy_report).lower()


def test_shuffled_corpus_gives_the_same_masked_text() -> None:
    texts = [
        "Mijn zoon Daan in Assen.",
        "buurvrouw Ayşe uit Goes",
        "daan en Goes",
        "Op 3 mei kwam juf Ilse.",
        "ilse belde",
    ]
    corpus = make(*texts, tellers=["a", "b", "a", "c", "c"])
    order = list(range(len(texts)))
    random.Random(4).shuffle(order)
    shuffled = Corpus(frame=corpus.frame.iloc[order], columns=corpus.columns, provenance=corpus.provenance)
    assert mask(shuffled).frame.equals(mask(corpus).frame)


_PIECES = st.sampled_from(
    ["mijn zoon Daan", "Fatima's", "in Assen", "op 3 mei", "06 00 12 34 56", "de buurt", "is 17,80", "van 12.", "Roos", "roos", "\n", "’t", "😀", "De Wissel", "KOEN", "É", "[zoon 1]"]
)  # fmt: skip
_TEXTS = st.lists(st.lists(_PIECES, max_size=7).map(" ".join), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(_TEXTS)
def test_text_outside_the_spans_is_unchanged_and_offsets_reproduce_the_source(texts: list[str]) -> None:
    corpus = make(*texts)
    done = mask(corpus)
    for text, narrative_id, result in zip(
        texts, corpus.frame["narrative_id"], done.frame["text"], strict=True
    ):
        findings = done.privacy_report.findings
        rows = findings[(findings["narrative_id"] == narrative_id) & (findings["column"] == "text")]
        position, outside = 0, []
        for row in rows.sort_values("start").itertuples():
            assert position <= row.start < row.end <= len(text)
            outside.append(text[position : row.start])
            position = row.end
        outside.append(text[position:])
        at = 0
        for piece in outside:  # a role before a name merges into the placeholder, nothing else changes
            bare = piece.removesuffix("zoon ")
            assert bare in result[at:]
            at = result.index(bare, at) + len(bare)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(_TEXTS)
def test_same_input_gives_the_same_output(texts: list[str]) -> None:
    assert mask(make(*texts)).frame.equals(mask(make(*texts)).frame)


def test_render_replaces_and_merges_the_role() -> None:
    span = Span(start=10, end=14, kind="persoon", label="zoon", rule="x")
    assert render("mijn zoon Daan lacht", [(span, "[zoon 1]")]) == "mijn [zoon 1] lacht"
    assert render("mijn neef Daan lacht", [(span, "[zoon 1]")]) == "mijn neef [zoon 1] lacht"


def test_names_in_the_columns_beside_the_story_are_masked():
    frame = pd.DataFrame(
        {
            "narrative_id": ["a", "b"],
            "teller_id": ["a", "b"],
            "title": "",
            "text": "Een verhaal.",
            "rol": ["Joris Wassenaar (wijkteam)", None],
        }
    )
    specs = tuple(ColumnSpec(name=n, label=n, role=ROLES.get(n, Role.PERSPECTIVE)) for n in frame.columns)
    masked = mask(Corpus(frame=frame, columns=specs, provenance=Provenance(source="x")))
    assert masked.frame["rol"].iloc[0].startswith("[persoon 1]")
    assert "Joris" not in masked.frame.to_csv()
    assert masked.frame["rol"].isna().iloc[1]


def test_an_option_that_names_somebody_is_left_out():
    labels = {"a": "de huisarts", "b": "Fatima Yilmaz", "c": "18 jaar of ouder"}
    frame = pd.DataFrame(
        {
            "narrative_id": ["a", "b"],
            "teller_id": ["a", "b"],
            "title": "",
            "text": "Een verhaal.",
            **dict.fromkeys(labels, True),
        }
    )
    specs = tuple(
        ColumnSpec(name=n, label=labels[n], role=Role.SIGNIFICATION, dtype="bool", group="Wie hielp u?")
        if n in labels
        else ColumnSpec(name=n, label=n, role=ROLES[n])
        for n in frame.columns
    )
    masked = mask(Corpus(frame=frame, columns=specs, provenance=Provenance(source="x")))
    assert [spec.label for spec in masked.columns if spec.group] == ["de huisarts", "18 jaar of ouder"]
    assert "b" not in masked.frame
    assert "weggelaten keuzes, omdat ze iemand noemen: 1" in masked.provenance.steps[-1]


def test_an_answer_that_names_somebody_becomes_other():
    answers = ["de huisarts", "anders, namelijk Fatima Yilmaz", "18 jaar of ouder", None]
    frame = pd.DataFrame(
        {"narrative_id": list("abcd"), "teller_id": list("abcd"), "text": "Een verhaal.", "hulp": answers}
    )
    specs = [
        ColumnSpec(name=name, label=name, role=ROLES[name]) for name in ("narrative_id", "teller_id", "text")
    ]
    specs.append(ColumnSpec(name="hulp", label="Wie hielp u?", role=Role.SIGNIFICATION, dtype="category"))
    corpus = Corpus(frame=frame, columns=tuple(specs), provenance=Provenance(source="x"))
    masked = mask(corpus)
    assert masked.frame["hulp"].fillna("").tolist() == ["de huisarts", "anders", "18 jaar of ouder", ""]
    assert "antwoorden die iemand noemen en nu ‘anders’ zijn: 1" in masked.provenance.steps[-1]
    assert corpus.frame["hulp"].fillna("").tolist()[1] == "anders, namelijk Fatima Yilmaz"
    kept = mask(corpus, keep=["Fatima Yilmaz"])
    assert kept.frame["hulp"].fillna("").tolist()[1] == "anders, namelijk Fatima Yilmaz"
    assert "anders" not in kept.provenance.steps[-1]


def test_what_sticks_out_of_an_overlap_is_masked_too():
    (text,) = masked("Dat was Nicolaas Kamperdijk te Zeist en daar.")  # looks like a street, and is a name
    assert text == "Dat was [straat 1] te [persoon 1] en daar."


def test_more_processes_give_the_same_bytes_in_any_order(monkeypatch) -> None:
    monkeypatch.setattr(finding, "CHUNK", 25)
    raw = wa.load_sample(raw=True)
    raw = replace(raw, frame=raw.frame[:90].assign(teller_id=[f"p{row % 40}" for row in range(90)]))
    one, two = mask(raw, model=None), mask(raw, model=None, n_jobs=2)
    three = mask(replace(raw, frame=raw.frame.sample(frac=1, random_state=3)), model=None, n_jobs=2)
    for other in (two, three):
        pd.testing.assert_frame_equal(one.frame, other.frame)
        assert str(one.privacy_report) == str(other.privacy_report)
        pd.testing.assert_frame_equal(one.privacy_report.findings, other.privacy_report.findings)
