from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.coding.agreement import ALL, NOT_READ, compare_coders
from wijkanalyse.coding.agreement_measures import masi
from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError

COLUMNS = ["narrative_id", "coder", "code", "start", "end"]


def frame(*rows) -> pd.DataFrame:
    return pd.DataFrame([(*row, None, None)[:5] for row in rows], columns=COLUMNS)


def value(report, coefficient: str, code: str = ALL, coders: str | None = None) -> float:
    rows = report.coefficients
    rows = rows[(rows["coefficient"] == coefficient) & (rows["code"] == code)]
    rows = rows if coders is None else rows[rows["coders"] == coders]
    assert len(rows) == 1
    return float(rows["value"].iloc[0])


def from_matrix(matrix: list[list[str | None]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per coder, one column per story; None is not read, an empty string is read and not coded."""
    read = [
        (f"s{i:03d}", f"c{c}", v) for c, row in enumerate(matrix) for i, v in enumerate(row) if v is not None
    ]
    return frame(*(one for one in read if one[2])), pd.DataFrame(
        read, columns=["narrative_id", "coder", "code"]
    )


def agreed(matrix, **more):
    codings, seen = from_matrix(matrix)
    return compare_coders(codings, seen=seen, rounds=50, **more)


def test_the_case_of_the_facts():
    """50 both, 75 and 75 by one, 800 by nobody: 0.3143, which some programs get wrong by leaving out what nobody coded."""
    rows = [(f"v{i}", "A", "x") for i in range(125)]
    rows += [(f"v{i}", "B", "x") for i in (*range(50), *range(125, 200))]
    report = compare_coders(frame(*rows), narratives=[f"v{i}" for i in range(1000)])
    assert value(report, "Cohen kappa", "x") == pytest.approx(0.3143, abs=5e-5)
    row = report.coefficients.set_index(["code", "coefficient"]).loc[("x", "Cohen kappa")]
    assert row["low"] < 0.3143 < row["high"]
    assert row["prevalence"] == pytest.approx(0.125)
    assert len(report.disagreements) == 150
    only_coded = compare_coders(frame(*rows))
    assert value(only_coded, "Cohen kappa", "x") < 0


def test_the_case_of_the_facts_in_characters():
    corpus = make_corpus(["x" * 1000])
    report = compare_coders(
        frame(("v000", "A", "x", 0, 125), ("v000", "B", "x", 0, 50), ("v000", "B", "x", 125, 200)),
        "teken",
        corpus=corpus,
    )
    assert value(report, "Cohen kappa", "x") == pytest.approx(0.3143, abs=5e-5)
    assert report.coefficients["low"].isna().all()  # one story: nothing to draw again


# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example C: 4 observers, 12 units, missing values; .743 nominal.
EXAMPLE_C = [
    ["1", "2", "3", "3", "2", "1", "4", "1", "2", None, None, None],
    ["1", "2", "3", "3", "2", "2", "4", "1", "2", "5", None, "3"],
    [None, "3", "3", "3", "2", "3", "4", "2", "2", "5", "1", None],
    ["1", "2", "3", "3", "2", "4", "4", "1", "2", "5", "1", None],
]


def test_krippendorff_2011():
    report = agreed(EXAMPLE_C)
    assert value(report, "Krippendorff alpha") == pytest.approx(0.743, abs=5e-4)
    assert value(report, "Krippendorff alpha MASI") == pytest.approx(
        0.743, abs=5e-4
    )  # sets of one code are equal or disjoint
    # The same table in Gwet (2014), Handbook of Inter-Rater Reliability, and his irrCAC: AC1 .77544, kappa .76117, .81818 agree.
    assert value(report, "Gwet AC1") == pytest.approx(0.77544, abs=5e-6)
    assert value(report, "Fleiss kappa") == pytest.approx(0.76117, abs=5e-6)
    assert value(report, "percentage") == pytest.approx(0.81818, abs=5e-6)
    # krippendorff 0.9.0, one value against all others
    assert value(report, "Krippendorff alpha", "1") == pytest.approx(0.7204301075268817)
    assert value(report, "Krippendorff alpha", "3") == pytest.approx(0.74)


# Fleiss (1971), Psychological Bulletin 76: 30 patients, 6 psychiatrists, five diagnoses. Overall .430, by diagnosis as below.
FLEISS = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 00501 30012 51000 02040 10203
            00006 01050 02013 20040 10041 05010 40002 02040 10500 00006""".split()  # fmt: skip


def test_fleiss_1971():
    given_by = [[code for code, n in enumerate(row) for _ in range(int(n))] for row in FLEISS]
    report = agreed([[str(story[coder]) for story in given_by] for coder in range(6)])
    assert value(report, "Fleiss kappa") == pytest.approx(0.43024452006014074)  # statsmodels 0.15.0
    for code, published in enumerate([0.245, 0.245, 0.520, 0.471, 0.566]):
        assert value(report, "Fleiss kappa", str(code)) == pytest.approx(published, abs=5e-4)
    assert len(report.coefficients[report.coefficients["coefficient"] == "Cohen kappa"]) == 6 * 15


SETS = [["a", "ab", "b", "c", "abc", "a", "bc", "c"], ["a", "a", "b", "bc", "ab", "b", "c", "c"],
        ["ab", "ab", "c", "c", "a", "a", "bc", "bc"]]  # fmt: skip


def test_sets_of_codes():
    """Numbers of nltk 3.10.4 (alpha, masi_distance), statsmodels 0.15.0 (Fleiss) and krippendorff 0.9.0."""
    rows = [
        (f"s{i}", f"c{c}", code)
        for c, row in enumerate(SETS)
        for i, codes in enumerate(row)
        for code in codes
    ]
    report = compare_coders(frame(*rows), rounds=20)
    assert value(report, "Krippendorff alpha MASI") == pytest.approx(0.265546218487395)
    assert value(report, "Krippendorff alpha") == pytest.approx(0.15367965367965364)
    assert value(report, "Fleiss kappa") == pytest.approx(0.11688311688311684)
    for code, fleiss, alpha, cohen in [
        ("a", 0.8321678321678322, 0.8391608391608392, 0.75),
        ("b", -0.33333333333333337, -0.2777777777777777, 0.0),
        ("c", 0.6643356643356643, 0.6783216783216783, 0.75),
    ]:
        assert value(report, "Fleiss kappa", code) == pytest.approx(fleiss)
        assert value(report, "Krippendorff alpha", code) == pytest.approx(alpha)
        assert value(report, "Cohen kappa", code, "c0, c1") == pytest.approx(cohen)


def test_masi_by_hand():
    empty, one, two, other = [0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 1]
    distances = masi(np.array([empty, one, two, other], dtype=bool))
    expected = [
        [0, 1, 1, 1],
        [1, 0, 1 - 2 / 3 / 2, 1],
        [1, 1 - 2 / 3 / 2, 0, 1 - 1 / 3 / 3],
        [1, 1, 1 - 1 / 3 / 3, 0],
    ]
    assert distances == pytest.approx(np.array(expected))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=30))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_cohen_is_that_of_scikit_learn(pairs):
    rows = [
        (f"s{i}", coder, "x")
        for i, pair in enumerate(pairs)
        for coder, yes in zip("AB", pair, strict=True)
        if yes
    ]
    codings = frame(*rows, ("extra", "A", "x"), ("extra", "B", "x"), ("leeg", "A", "y"))
    report = compare_coders(
        codings, narratives=[*(f"s{i}" for i in range(len(pairs))), "extra", "leeg"], rounds=5
    )
    first, second = zip(*[*pairs, (True, True), (False, False)], strict=True)
    assert value(report, "Cohen kappa", "x") == pytest.approx(cohen_kappa_score(first, second), abs=1e-9)
    assert value(report, "percentage", "x") == pytest.approx(np.mean(np.array(first) == np.array(second)))


# Krippendorff (2019), Content Analysis, 4th edition, figure 12.11: three observers unitise a continuum of 60. |uα is .413.
BOOK = {
    "Alex": [(1, 7), (8, 13), (31, 32), (33, 37), (38, 44), (45, 60)],
    "Paul": [(1, 7), (8, 13), (14, 21), (33, 44)],
    "Suzan": [(1, 7), (8, 13), (14, 21), (33, 37), (38, 41), (42, 44)],
}


def test_unitising_alpha_of_the_book():
    rows = [("v000", coder, "x", first - 1, last) for coder, pieces in BOOK.items() for first, last in pieces]
    report = compare_coders(frame(*rows), "teken", corpus=make_corpus(["abcdefghij" * 6]))
    # 1 − 26 · (180² − 911 − 71) / (180 · 71 · 109), by hand
    assert value(report, "Krippendorff alpha unitising", "x") == pytest.approx(0.4136, abs=5e-5)
    assert value(report, "Krippendorff alpha unitising") == pytest.approx(0.4136, abs=5e-5)


def test_unitising_joins_what_overlaps_and_leaves_out_what_one_person_read():
    corpus = make_corpus(["abcdefghij" * 6, "klmnopqrst" * 2])
    rows = [("v000", coder, "x", first - 1, last) for coder, pieces in BOOK.items() for first, last in pieces]
    codings = frame(*rows, ("v000", "Alex", "x", 2, 7), ("v001", "Alex", "x", 0, 9))
    seen = pd.DataFrame({"narrative_id": ["v000"] * 3, "coder": list(BOOK)})
    report = compare_coders(codings, "teken", corpus=corpus, seen=seen)
    assert value(report, "Krippendorff alpha unitising", "x") == pytest.approx(0.4136, abs=5e-5)


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 19), st.integers(1, 20)), min_size=1, max_size=8)
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_characters_are_counted_one_by_one(spans):
    """The same as a table with one row per character, whatever overlaps what."""
    rows = [("v000", coder, "x", first, min(first + length, 20)) for coder, first, length in spans]
    codings = frame(*rows, ("v000", "A", "y", 0, 1), ("v000", "B", "y", 0, 1))
    marks = {
        coder: [any(c == coder and a <= at < b for _, c, _, a, b in rows) for at in range(20)]
        for coder in "AB"
    }
    report = compare_coders(codings, "teken", corpus=make_corpus(["abcdefghijklmnopqrst"]), rounds=2)
    same = np.mean(np.array(marks["A"]) == np.array(marks["B"]))
    assert value(report, "percentage", "x") == pytest.approx(same)
    if len({*marks["A"], *marks["B"]}) == 2 and cohen_kappa_score(marks["A"], marks["B"]) is not None:
        assert value(report, "Cohen kappa", "x") == pytest.approx(
            cohen_kappa_score(marks["A"], marks["B"]), abs=1e-9
        )
    differences = report.disagreements
    covered = [
        at for a, b in zip(differences["start"], differences["end"], strict=True) for at in range(a, b)
    ]
    assert covered == [at for at in range(20) if marks["A"][at] != marks["B"][at]]


TEXT = "Ik had geen geld. De buurvrouw hielp mij. Dat was fijn."


def test_sentences_side_by_side_with_memos():
    corpus = make_corpus([TEXT, "Niets."], title=["Geld", ""])
    codings = pd.DataFrame(
        [
            ("v000", "An", "geld", 12, 16, "geld", "armoede?"),
            ("v000", "Bo", "geld", 3, 16, "had geen geld", ""),
            ("v000", "An", "hulp", 18, 40, "De buurvrouw hielp mij", "gaat om nabijheid"),
            ("v000", "Bo", "buurt", 21, 30, "buurvrouw", "de straat zelf"),
        ],
        columns=["narrative_id", "coder", "code", "start", "end", "quote", "memo"],
    )
    report = compare_coders(codings, "zin", corpus.frame["narrative_id"], corpus=corpus)
    assert report.disagreements[["narrative_id", "start", "end", "code", "coded_by", "not_coded_by", "text"]].to_numpy().tolist() == [
        ["v000", 18, 41, "buurt", "Bo", "An", "De buurvrouw hielp mij."],
        ["v000", 18, 41, "hulp", "An", "Bo", "De buurvrouw hielp mij."],
    ]  # fmt: skip
    first = report.disagreements.iloc[0]
    assert (first["codes: An"], first["memo: An"]) == ("hulp", "hulp: gaat om nabijheid")
    assert (first["codes: Bo"], first["memo: Bo"]) == ("buurt", "buurt: de straat zelf")
    assert value(report, "percentage", "geld") == 1
    assert value(report, "percentage", "hulp") == pytest.approx(3 / 4)  # four sentences
    html = report._repr_html_()
    assert (
        html.index("gaat om nabijheid")
        < html.index("Begin bij de verschillen")
        < html.index("Krippendorff alpha")
    )
    assert "buurvrouw" not in repr(report)
    long = make_corpus(["Een\n\nzin " + "met woorden " * 20 + "<b>.", "Uit."])
    html = compare_coders(
        frame(("v000", "An", "x", 0, 9), ("v001", "Bo", "y", 0, 4)), "zin", corpus=long
    )._repr_html_()
    assert "Een zin " + "met woorden " * 20 + "&lt;b&gt;" in html


def test_people_read_names_and_frames_keep_keys():
    codes = tuple(
        Code(code=key, name=name, definition="…") for key, name in (("geld", "Geld tekort"), ("hulp", "Hulp"))
    )
    scheme = Scheme(name="eigen", title="", version="", source="", codes=codes)
    rows = frame(("a", "An", "geld"), ("b", "Bo", "geld"), ("a", "Bo", "los"))
    rows["memo"] = ["waarom?", "", ""]
    report = compare_coders(rows, scheme=scheme, rounds=20)
    assert report.disagreements[["code", "name"]].to_numpy().tolist() == [
        ["geld", "Geld tekort"], ["los", "los"], ["geld", "Geld tekort"],
    ]  # fmt: skip
    assert report.disagreements.loc[0, ["codes: An", "memo: An", "codes: Bo"]].to_list() == [
        "Geld tekort", "Geld tekort: waarom?", "los",
    ]  # fmt: skip
    names = dict(report.coefficients[["code", "name"]].to_numpy())
    assert names == {ALL: ALL, "geld": "Geld tekort", "los": "los"}
    html = report._repr_html_()
    assert "Geld tekort" in html
    assert ">geld<" not in html
    assert "memo: An" in html
    assert "memo: Bo" not in html  # she wrote none


def test_stories_show_the_quotes_and_a_whole_story_has_no_place():
    corpus = make_corpus([TEXT])
    codings = frame(("v000", "An", "geld", 12, 16), ("v000", "Bo", "dank"))
    report = compare_coders(codings, corpus=corpus)
    assert report.disagreements["text"].tolist() == [TEXT, "geld"]
    assert report.disagreements["start"].isna().all()
    by_sentence = compare_coders(codings, "zin", corpus=corpus)
    whole = by_sentence.disagreements.query("code == 'dank'")  # three sentences, one coding
    assert whole[["start", "end"]].to_numpy().tolist() == [[0, len(TEXT)]]


def test_a_story_that_was_not_opened_is_not_a_story_without_codes():
    codings = frame(("a", "An", "x"), ("b", "An", "x"), ("a", "Bo", "x"))
    unaware = compare_coders(codings, narratives=["a", "b", "c"])
    assert value(unaware, "percentage", "x") == pytest.approx(2 / 3)
    assert "Aangenomen" in unaware.note
    seen = pd.DataFrame({"narrative_id": ["a", "b", "c", "c"], "coder": ["An", "An", "An", "Bo"]})
    aware = compare_coders(codings, narratives=["a", "b", "c"], seen=seen)
    assert value(aware, "percentage", "x") == 1
    assert aware.disagreements.empty
    assert "Van 3 verhalen zijn er 2 door minstens twee mensen gelezen." in aware.note
    three = compare_coders(frame(("a", "An", "x"), ("b", "Bo", "x"), ("a", "Cy", "y")), seen=seen)
    row = three.disagreements.set_index(["narrative_id", "code"]).loc[("b", "x")]
    assert row["codes: Cy"] == NOT_READ


def test_undefined_is_missing_with_a_reason():
    alone = compare_coders(frame(("a", "An", "x"), ("b", "An", "y")))
    assert alone.coefficients["value"].isna().all()
    assert set(alone.coefficients["reason"]) == {"niets is door twee mensen gelezen"}
    same = compare_coders(frame(("a", "An", "x"), ("a", "Bo", "x"), ("b", "An", "x"), ("b", "Bo", "x")))
    rows = same.coefficients[same.coefficients["code"] == "x"].set_index("coefficient")
    assert rows.loc["percentage", "value"] == rows.loc["Gwet AC1", "value"] == 1
    assert np.isnan(rows.loc["Cohen kappa", "value"])
    assert rows.loc["Cohen kappa", "reason"] == "geen variatie: ieder gaf overal hetzelfde"
    assert "–" in same._repr_html_()
    apart = compare_coders(
        frame(("a", "An", "x"), ("b", "Bo", "x")), seen=pd.DataFrame({"narrative_id": ["a"], "coder": ["An"]})
    )
    assert apart.coefficients["value"].isna().all()


def test_nothing_coded_is_no_error():
    empty = frame()
    report = compare_coders(empty, narratives=["a", "b"])
    assert report.disagreements.empty
    assert report.coefficients["value"].isna().all()
    seen = pd.DataFrame({"narrative_id": ["a", "b"] * 2, "coder": ["An", "An", "Bo", "Bo"]})
    both_empty = compare_coders(empty, seen=seen)
    assert value(both_empty, "percentage") == 1
    assert compare_coders(empty)._repr_html_()


def test_a_rare_code_has_no_interval_rather_than_a_false_one():
    rows = [(f"s{i}", coder, "veel") for i in range(20) for coder in ("An", "Bo")]
    report = compare_coders(frame(*rows, ("s1", "An", "zeldzaam")))
    rows = report.coefficients.set_index(["code", "coefficient"])
    assert rows.loc[("zeldzaam", "percentage"), "low"] < 0.95
    one = compare_coders(
        frame(("a", "An", "x")), narratives=["a"], seen=pd.DataFrame({"narrative_id": ["a"], "coder": ["Bo"]})
    )
    assert set(one.coefficients["reason"]) >= {"geen interval: te weinig verhalen, of te zeldzaam"}


def test_order_of_rows_and_process_do_not_matter():
    rng = np.random.default_rng(5)
    rows = [
        (f"v{n:03d}", c, k, s, s + 4)
        for n in range(6)
        for c in "ABC"
        for k, s in zip("xyz", rng.integers(0, 30, 3), strict=True)
    ]
    corpus, codings = make_corpus([TEXT] * 6), frame(*rows, ("v001", "A", "x"))
    for unit in ("verhaal", "zin", "teken"):
        one = compare_coders(codings, unit, corpus=corpus, rounds=100)
        two = compare_coders(codings.sample(frac=1, random_state=3), unit, reversed(corpus.frame["narrative_id"].tolist()), corpus=corpus, rounds=100)  # fmt: skip
        assert one.coefficients.to_csv() == two.coefficients.to_csv()
        assert one.disagreements.to_csv() == two.disagreements.to_csv()


def test_another_process_gives_the_same_bytes():
    code = """
import hashlib, pandas as pd
from wijkanalyse.coding.agreement import compare_coders
rows = [(f"v{i}", c, k) for i in range(40) for c in "AB" for k in "xyz" if hash((i, 1 if c == "A" else 2, ord(k))) % 3]
f = pd.DataFrame(rows, columns=["narrative_id", "coder", "code"])
print(hashlib.sha256(compare_coders(f).coefficients.to_csv().encode()).hexdigest())
"""
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)
    }
    assert len(runs) == 1


def test_errors_say_what_to_do():
    codings = frame(("a", "An", "x", 0, 4))
    with pytest.raises(InputError, match="Zo zijn de coderingen niet te vergelijken"):
        compare_coders(codings, "zin")
    with pytest.raises(InputError, match="met corpus= erbij"):
        compare_coders(codings, "woord")
    with pytest.raises(InputError, match="1 verhalen zijn niet bekend"):
        compare_coders(codings, narratives=["b"])
    with pytest.raises(InputError, match="1 verhalen zijn niet bekend"):
        compare_coders(
            frame(("v000", "An", "x")), narratives=["v000", "v009"], corpus=make_corpus(["geheim"])
        )
    with pytest.raises(PrivacyError):
        compare_coders(frame(("v000", "An", "x")), corpus=make_corpus(["geheim"], status=PrivacyStatus.RAW))


def test_the_verb_is_public():
    assert wa.compare_coders is compare_coders
