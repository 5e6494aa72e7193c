from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkanalyse.coding.scheme import Code, Scheme, list_schemes, load_scheme
from wijkanalyse.coding.terms import matching, term_pattern
from wijkanalyse.errors import SchemeError

GOOD = """
naam: eigen
titel: Eigen schema
versie: 2
bron: zelf bedacht
codes:
  - {code: geld, naam: Geld, definitie: Het gaat over geld., termen: geld schuld*}
  - {code: schuld, naam: Schuld, definitie: Er is schuld., onder: geld, kleur: "#0072B2", termen: [vast loon, incasso]}
"""


def write(tmp_path, text: str, *, encoding: str = "utf-8"):
    path = tmp_path / "eigen.yaml"
    path.write_text(text, encoding=encoding)
    return path


def with_codes(*codes: str) -> str:
    return "codes:\n" + "".join(f"  - {code}\n" for code in codes)


def test_the_schemes_of_the_package_all_load():
    table = list_schemes()
    assert set(table["name"]) >= {
        "ervaren-kwaliteit",
        "leernetwerk-veiligheid",
        "opgaven",
        "perspectieven",
        "spanningsvelden",
    }
    for row in table.itertuples():
        scheme = load_scheme(row.name)
        assert (scheme.name, scheme.title, scheme.version, scheme.source, len(scheme)) == (
            row.name, row.title, row.version, row.source, row.n_codes,
        )  # fmt: skip


def test_opgaven_has_its_four_codes():
    scheme = load_scheme("opgaven")
    assert [code.code for code in scheme.top()] == [
        "bestaanszekerheid", "kansengelijkheid", "veiligheid", "sociale-verbanden",
    ]  # fmt: skip
    assert scheme["veiligheid"].name == "Veiligheid"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_scheme_of_ones_own(tmp_path, encoding):
    scheme = load_scheme(write(tmp_path, GOOD, encoding=encoding))
    assert (scheme.name, scheme.title, scheme.version, scheme.source) == (
        "eigen", "Eigen schema", "2", "zelf bedacht",
    )  # fmt: skip
    money, debt = scheme
    assert money == Code(
        code="geld", name="Geld", definition="Het gaat over geld.", terms=("geld", "schuld*")
    )
    assert (debt.parent, debt.colour, debt.terms) == ("geld", "#0072B2", ("vast loon", "incasso"))
    assert scheme.top() == (money,)


def test_name_and_title_default_to_the_file(tmp_path):
    scheme = load_scheme(str(write(tmp_path, with_codes("{code: a, naam: A, definitie: d}"))))
    assert (scheme.name, scheme.title, scheme.version, scheme.source) == ("eigen", "eigen", "", "eigen.yaml")


def test_a_number_as_code_becomes_text(tmp_path):
    codes = (
        "{code: 1, naam: Een, definitie: d}",
        "{code: 2, naam: Twee, definitie: d, onder: 1, termen: [1, a]}",
    )
    one, two = load_scheme(write(tmp_path, with_codes(*codes)))
    assert (one.code, two.parent, two.terms) == ("1", "1", ("1", "a"))


def test_an_unknown_scheme_lists_those_that_exist():
    with pytest.raises(SchemeError, match="Er is geen codeerschema ‘opgave’") as caught:
        load_scheme("opgave")
    assert "‘opgaven’" in str(caught.value)


def test_an_unknown_code_lists_those_that_exist():
    scheme = Scheme(
        name="s", title="s", version="", source="", codes=(Code(code="a", name="A", definition="d"),)
    )
    with pytest.raises(SchemeError, match="Er is geen code ‘b’") as caught:
        scheme["b"]
    assert "codeerschema s" in str(caught.value)
    assert "een van ‘a’" in str(caught.value)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "codes:\n", "naam: x\n", "tekst"])
def test_yaml_without_a_list_of_codes(tmp_path, text):
    with pytest.raises(SchemeError, match="Het codeerschema is niet te lezen"):
        load_scheme(write(tmp_path, text))


def test_broken_yaml_is_told_with_its_line(tmp_path):
    with pytest.raises(SchemeError, match="niet te lezen") as caught:
        load_scheme(write(tmp_path, "naam: x\ncodes:\n  - {code: a\n  - b: ]\n"))
    assert "eigen.yaml, regel 4" in str(caught.value)


def test_a_scheme_in_another_encoding(tmp_path):
    with pytest.raises(SchemeError, match="niet te lezen"):
        load_scheme(write(tmp_path, GOOD.replace("Eigen", "Één"), encoding="cp1252"))


@pytest.mark.parametrize(
    ("codes", "what", "where"),
    [
        (["{code: a, naam: A}"], "Er ontbreekt iets: ‘definitie’.", "regel 2"),
        (["los woord"], "Er ontbreekt iets: ‘code’, ‘naam’, ‘definitie’.", "regel 2"),
        (["{code: a, naam: A, definitie: d}"] * 2, "De code ‘a’ komt vaker voor.", "regel 3"),
        (["{code: a, naam: A, definitie: d, onder: z}"], "De code hoort onder ‘z’, en die is er niet.", "regel 2"),
        (["{code: a, naam: A, definitie: d, onder: a}"], "De code ‘a’ hoort via ‘onder’ bij zichzelf.", "regel 2"),
        (
            ["{code: a, naam: A, definitie: d, onder: b}", "{code: b, naam: B, definitie: d, onder: a}"],
            "De code ‘b’ hoort via ‘onder’ bij zichzelf.",
            "regel 3",
        ),
        (["{code: a, naam: A, definitie: d, kleur: '#0072B2FF'}"], "Het veld ‘kleur’ van code ‘a’ is niet te lezen.", "regel 2"),
        (["{code: a, naam: A, definitie: d, termen: 5}"], "Het veld ‘termen’ van code ‘a’ is niet te lezen.", "regel 2"),
        (["{code: a, naam: A, definitie: d, velden: schuldne}"], "Het veld ‘velden’ van code ‘a’ is niet te lezen.", "regel 2"),
        (["{code: a, naam: A, definitie: d, velden: 5}"], "Het veld ‘velden’ van code ‘a’ is niet te lezen.", "regel 2"),
        *(
            ([f"{{code: a, naam: A, definitie: d, drempel: {value}}}"], "Het veld ‘drempel’ van code ‘a’ is niet te lezen.", "regel 2")
            for value in ("0", "-1", ".inf", ".nan", "true", "veel", "100")
        ),
    ],
)  # fmt: skip
def test_every_bad_code_is_told_with_its_place(tmp_path, codes, what, where):
    with pytest.raises(SchemeError) as caught:
        load_scheme(write(tmp_path, with_codes(*codes)))
    assert any(
        problem.what == what and problem.where == f"eigen.yaml, {where}" for problem in caught.value.problems
    )


def test_word_fields_and_a_threshold_are_read_and_merged(tmp_path):
    scheme = load_scheme(
        write(
            tmp_path,
            with_codes(
                "{code: a, naam: A, definitie: d, velden: schulden energie, drempel: 2}",
                "{code: b, naam: B, definitie: d, velden: [energie, dakloos]}",
            ),
        )
    )
    assert [(code.word_fields, code.enough) for code in scheme] == [
        (("schulden", "energie"), 2),
        (("energie", "dakloos"), 1),
    ]
    merged = scheme.merge(["b"], "a")["a"]
    assert (merged.word_fields, merged.enough) == (("schulden", "energie", "dakloos"), 2)


def test_an_empty_list_of_codes(tmp_path):
    with pytest.raises(SchemeError, match="Het codeerschema heeft geen codes"):
        load_scheme(write(tmp_path, "codes: []\n"))


def test_all_problems_come_at_once(tmp_path):
    with pytest.raises(SchemeError) as caught:
        load_scheme(write(tmp_path, with_codes("{code: a}", "{naam: B}", "{code: c, naam: C, definitie: d}")))
    assert [problem.where for problem in caught.value.problems] == [
        "eigen.yaml, regel 2",
        "eigen.yaml, regel 3",
    ]


@pytest.mark.parametrize(
    ("term", "word", "fits"),
    [
        ("schuld*", "schulden", True),
        ("schuld*", "onschuld", False),
        ("*regeling", "betalingsregeling", True),
        ("vast*lasten", "vaste lasten", False),
        ("vaste_lasten", "vaste lasten", True),
        ("huur", "huurbaas", False),
        ("a.b", "axb", False),
        ("Toeslag", "toeslag", True),
    ],
)
def test_term_pattern(term, word, fits):
    assert bool(term_pattern(term).fullmatch(word)) is fits


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="*_"), min_size=1, max_size=20))
def test_a_term_without_star_fits_itself_only(term):
    lowered = term.lower()
    assert term_pattern(term).fullmatch(lowered)
    assert not term_pattern(term).fullmatch(f"{lowered}x")


def test_unknown_fields_and_fields_twice(tmp_path):
    text = "codes:\n  - code: a\n    naam: A\n    definitie: d\n    gebruikt: x\n    naam: B\n    niet: [x]\n    gemis: soms\n    steun: 3\n"
    with pytest.raises(SchemeError) as caught:
        load_scheme(write(tmp_path, text))
    assert [(problem.what, problem.where) for problem in caught.value.problems] == [
        ("Het veld ‘gebruikt’ is niet bekend.", "eigen.yaml, regel 5"),
        ("Het veld ‘niet’ van code ‘a’ is niet te lezen.", "eigen.yaml, regel 7"),
        ("Het veld ‘gemis’ van code ‘a’ is niet te lezen.", "eigen.yaml, regel 8"),
        ("Het veld ‘steun’ van code ‘a’ is niet te lezen.", "eigen.yaml, regel 9"),
        ("Een veld van code ‘a’ staat er twee keer.", "eigen.yaml, regel 2"),
    ]


A, B, C = (Code(code=key, name=key.upper(), definition="d") for key in "abc")
TREE = Scheme(
    name="s", title="s", version="1", source="", codes=(A, replace(B, parent="a"), replace(C, parent="b"))
)


def test_diff_tells_everything():
    new = replace(
        TREE,
        codes=(replace(A, name="Alfa", not_when="n"), replace(C, parent="a"), replace(B, code="d", name="D")),
    )
    assert TREE.diff(new).to_numpy().tolist() == [
        ["a", "definitie gewijzigd", "d", "d\nn"],
        ["a", "hernoemd", "A", "Alfa"],
        ["b", "vervallen", "B", ""],
        ["c", "verplaatst", "b", "a"],
        ["d", "toegevoegd", "", "D"],
    ]
    assert TREE.diff(TREE).empty


def parents(scheme: Scheme) -> dict[str, str | None]:
    return {code.code: code.parent for code in scheme}


def test_merge_keeps_a_tree():
    assert parents(TREE.merge(["b"], into="a")) == {"a": None, "c": "a"}
    assert parents(TREE.merge(["a", "b"], into="c")) == {"c": None}
    assert parents(TREE.merge(["a"], into="b")) == {"b": None, "c": "b"}
    assert TREE.merge(["a"], into="a") == TREE
    assert TREE.merge(["b"], into="a").became == (("b", ("a",)),)


def test_split_keeps_a_tree():
    new = TREE.split("b", [replace(A, code="x"), replace(A, code="y", parent="x")])
    assert parents(new) == {"a": None, "x": "a", "y": "x", "c": "a"}
    assert new.became == (("b", ("x", "y")),)


@pytest.mark.parametrize("keys", [["x"], ["x", "x"], ["x", "a"]])
def test_a_split_that_cannot_be(keys):
    with pytest.raises(SchemeError, match="Zo kan een code niet worden gesplitst"):
        TREE.split("b", [replace(A, code=key) for key in keys])


def test_revise():
    assert parents(TREE.revise("c", parent=None)) == {"a": None, "b": "a", "c": None}
    with pytest.raises(SchemeError, match="onder zichzelf"):
        TREE.revise("a", parent="c")
    for change in (
        lambda: TREE.revise("z", name="Z"),
        lambda: TREE.merge(["z"], "a"),
        lambda: TREE.revise("a", parent="z"),
    ):
        with pytest.raises(SchemeError, match="Er is geen code ‘z’"):
            change()


def test_matching_words_and_lemmas():
    assert matching({"liep", "lopen", "loper", "huis op"}, ["lopen", "huis_*"]) == {
        "liep",
        "lopen",
        "huis op",
    }
    assert matching({"a"}, []) == set()
