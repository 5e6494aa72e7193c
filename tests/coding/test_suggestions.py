from __future__ import annotations

import pandas as pd
import pytest

from tests.conftest import make_corpus
from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.coding.suggestions import COLUMNS, find_words, suggest_codings
from wijkanalyse.language import placed_words

SCHEME = Scheme(
    name="s", title="s", version="1", source="x",
    codes=(
        Code(code="geld", name="Geld", definition="d", terms=("geld", "inkomen", "vaste_lasten"), hints=("euro", "duur"), lack=True),
        Code(code="schuld", name="Schuld", definition="d", parent="geld", terms=("schuld*", "deurwaarder")),
        Code(code="veilig", name="Veilig", definition="d", terms=("geweld", "slaan", "mes", "veilig_thuis")),
    ),
)  # fmt: skip


def words(text: str) -> list[tuple[str, str]]:
    return [(match.code, match.word) for match in next(find_words(SCHEME, [text]))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Er was geen geweld.", []),
        ("Er was geld.", [("geld", "geld")]),
        ("Er was geen geld.", [("geld", "geld")]),
        ("Er was nooit enig geweld in dit huis.", []),
        ("Zonder geweld en met een mes.", [("veilig", "mes")]),
        ("Geen drank, wel geweld.", [("veilig", "geweld")]),
        ("Niet alleen geweld, ook een mes.", [("veilig", "geweld"), ("veilig", "mes")]),
        ("Er is geen geweld meer.", [("veilig", "geweld")]),
        ("Hij sloeg haar nooit.", []),
        ("Hij sloeg haar niet meer.", [("veilig", "sloeg")]),
        ("Hij sloeg haar niet alleen.", [("veilig", "sloeg")]),
        ("Hij sloeg. Niet dat het hielp.", [("veilig", "sloeg")]),
        ("Ik wist niet dat er geweld was.", [("veilig", "geweld")]),
        ("Ik kan de schulden niet betalen.", [("schuld", "schulden")]),
        ("Ik had geen schulden.", []),
        ("Veilig Thuis belde over de vaste lasten.", [("veilig", "veilig thuis"), ("geld", "vaste lasten")]),
        ("Het was veilig. Thuis ook.", [("veilig", "veilig thuis")]),
        ("Schuldhulp? [deurwaarder 2] en [plaats 3].", [("schuld", "schuldhulp"), ("schuld", "deurwaarder")]),
    ],
)
def test_words_lemmas_rows_and_negation(text, found):
    assert words(text) == found


def test_one_word_is_not_enough():
    corpus = make_corpus(
        [
            "Er was geld.",
            "Er was geld, en later weer geld.",
            "Geld en duur.",
            "Euro, duur.",
            "Duur, euro, duur, euro.",
        ]
    )
    frame = suggest_codings(corpus, SCHEME)
    assert sorted(set(frame["narrative_id"])) == ["v001", "v002", "v004"]


FIELDS = Scheme(
    name="s",
    title="s",
    version="1",
    source="x",
    codes=(
        Code(
            code="school",
            name="S",
            definition="d",
            terms=("school", "les"),
            word_fields=("no-longer-there", "pesten"),
        ),
        Code(code="geld", name="G", definition="d", terms=("schuld", "loon", "huur"), enough=0.5),
        Code(code="zorg", name="Z", definition="d", terms=("arts",), hints=("pil",), enough=2),
    ),
)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        (
            "Op school werd hij gepest.",
            ["school"],
        ),  # a word of a field is half a term, by its lemma too: 1.5 > 1
        ("De zondebok van de school.", ["school"]),
        ("De zondebok en het mikpunt.", []),  # 1.0 is not more than 1
        ("Een schuld.", ["geld"]),  # one term is enough where the threshold is low
        ("Een arts en een pil.", []),  # 1.5 is not more than 2
        ("School en les, met schuld.", ["school", "geld"]),  # 2 - 0.3 × 1/2 > 1; 1 - 0.3 × 2/2 > 0.5
        ("School, zondebok. Schuld, loon en huur.", ["geld", "school"]),  # 1.5 - 0.3 × 3/2 = 1.05 > 1
        ("School, mikpunt. Schuld, loon, huur, arts.", ["geld"]),  # 1.5 - 0.3 × 4/2 = 0.9
    ],
)
def test_word_fields_thresholds_and_what_points_elsewhere(text, suggested):
    frame = suggest_codings(make_corpus([text]), FIELDS)
    assert sorted(frame.loc[frame["start"].isna(), "code"]) == sorted(suggested)


def test_a_word_of_a_field_is_named_as_the_reason_and_gives_no_sentence():
    frame = suggest_codings(make_corpus(["Op school. Hij was de zondebok."]), FIELDS)
    assert list(frame["matched"]) == ["school, zondebok", "school"]
    assert "‘zondebok’" in frame["reason"].iloc[0]


def test_the_story_and_its_sentences():
    text = "Het begon rustig. 😀 Er kwam een deurwaarder om de schuld.  Geen geld, zei ik."
    frame = suggest_codings(make_corpus([text]), SCHEME)
    assert list(frame.columns) == COLUMNS
    rows = frame[["code", "start", "end", "matched"]].astype(object).where(frame.notna(), None)
    at, last = text.index("Er kwam"), text.index("Geen geld")
    start = frame.loc[frame["code"] == "schuld", "start"].iloc[0]
    assert start in (at, at - 2)
    assert rows.to_numpy().tolist() == [
        ["geld", None, None, "deurwaarder, geld, schuld"],
        ["schuld", start, text.index("  Geen"), "deurwaarder, schuld"],
        ["geld", last, len(text), "geld"],
    ]
    assert [text[row.start : row.end] == row.quote for row in frame.dropna(subset="start").itertuples()] == [
        True,
        True,
    ]
    assert set(frame["coder"]) == {"voorstel"}
    assert set(frame["kind"]) == {"woorden"}
    assert frame["reason"].iloc[0] == (
        "Woorden van deze code: ‘deurwaarder’, ‘geld’ en ‘schuld’. Bij ‘geld’ staat dat het er niet is; dat telt hier ook."
    )


def test_order_of_the_stories_makes_no_difference():
    texts = ["geld en schuld", "een mes en geweld", "geld, duur"]
    corpus = make_corpus(texts)
    turned = make_corpus(texts)
    frame = turned.frame.iloc[::-1].reset_index(drop=True)
    again = suggest_codings(
        type(corpus)(frame=frame, columns=corpus.columns, provenance=corpus.provenance, status=corpus.status),
        SCHEME,
    )
    pd.testing.assert_frame_equal(suggest_codings(corpus, SCHEME), again)


def test_nothing_found_is_an_empty_frame():
    frame = suggest_codings(make_corpus(["niets hier"]), SCHEME)
    assert frame.empty
    assert list(frame.columns) == COLUMNS


def coded(n: int, code: str, start: int) -> pd.DataFrame:
    ids = [f"v{number:03d}" for number in range(start, start + n)]
    return pd.DataFrame(
        {"narrative_id": ids, "coder": "A", "code": code, "start": None, "end": None, "quote": ""}
    )


def learning_corpus():
    fire, water = "de kachel brandt warm vuur hout", "de rivier stroomt koud water boot"
    return make_corpus(
        [f"{fire} {n}" for n in range(16)] + [f"{water} {n}" for n in range(16)] + [fire, water]
    )


def test_learning_says_how_good_it_is():
    accepted = pd.concat([coded(16, "geld", 0), coded(16, "veilig", 16)])
    frame = suggest_codings(learning_corpus(), SCHEME, accepted=accepted)
    assert frame[["narrative_id", "code", "kind"]].to_numpy().tolist() == [
        ["v032", "geld", "geleerd"],
        ["v033", "veilig", "geleerd"],
    ]
    assert list(frame["quality"]) == [1.0, 1.0]
    assert frame["start"].isna().all()
    assert "16 verhalen die mensen zo codeerden" in frame["reason"].iloc[0]
    assert "klopte 100%" in frame["reason"].iloc[0]
    assert set(frame["matched"].iloc[0].split(", ")) <= {"kachel", "branden", "warm", "vuur", "hout"}


@pytest.mark.parametrize("n", [14, 0])
def test_too_few_is_silence(n):
    accepted = pd.concat([coded(n, "geld", 0), coded(16, "veilig", 16)])
    assert suggest_codings(learning_corpus(), SCHEME, accepted=accepted).empty


def test_what_is_not_better_than_everything_is_silence():
    same = make_corpus(["dezelfde woorden overal"] * 34)
    accepted = pd.concat([coded(16, "geld", 0), coded(16, "veilig", 16)])
    assert suggest_codings(same, SCHEME, accepted=accepted).empty


def test_when_all_is_coded_there_is_nothing_to_learn_for():
    accepted = pd.concat([coded(17, "geld", 0), coded(17, "veilig", 17)])
    assert suggest_codings(learning_corpus(), SCHEME, accepted=accepted).empty


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Één 😀 Huis", ["één", "huis"]),
        ("[buurvrouw 3] [plaats 2] x", ["buurvrouw", "x"]),
        ("e\u0301e\u0301n foto's", ["e", "e", "n", "foto's"]),
    ],
)
def test_placed_words_stand_where_they_say(text, found):
    placed = placed_words(text)
    assert [word for word, _, _ in placed] == found
    assert all(text[start:end].lower() == word for word, start, end in placed)


def test_the_sample_is_suggested_as_measured(sample):
    """The number of benchmarks/RESULTS.md, with room for a change in the dictionary of lemmas."""
    from benchmarks.suggestions import scores

    table = scores(sample)
    assert len(table) == 4
    assert table["f1"].mean() > 0.6
    assert table["f1"].min() > 0.5
