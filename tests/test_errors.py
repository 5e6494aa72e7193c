from __future__ import annotations

import pytest

from wijkanalyse.errors import (
    InputError,
    PrivacyError,
    Problem,
    ProjectError,
    SchemeError,
    ThemeError,
    WijkError,
    fold_lines,
    list_names,
    short_name,
)


def test_a_problem_shows_its_four_parts_in_order():
    problem = Problem(what="Mis.", where="blad 1", expected="iets anders", now="Doe dit.")
    assert str(problem) == ("Mis.\n  Waar:      blad 1\n  Verwacht:  iets anders\n  Wat nu:    Doe dit.")


@pytest.mark.parametrize("kind", [InputError, PrivacyError, ProjectError, SchemeError, ThemeError])
def test_every_error_is_a_wijk_error_of_its_own_class(kind):
    error = kind.one(what="Mis.", where="hier", expected="x", now="y")
    assert type(error) is kind
    assert isinstance(error, WijkError)
    assert [problem.what for problem in error.problems] == ["Mis."]


def test_all_problems_are_shown_with_an_empty_line_between():
    problems = [Problem(what=f"Mis {n}.", where="w", expected="e", now="n") for n in (1, 2)]
    error = InputError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == f"{problems[0]}\n\n{problems[1]}"


def test_short_name_joins_lines_and_keeps_a_question_whole():
    assert short_name(" Wat\n gebeurde  er? ") == "Wat gebeurde er?"
    assert short_name("x" * 120) == "x" * 120
    assert short_name(3) == "3"


def test_short_name_hides_what_is_as_long_as_a_story():
    assert short_name("x" * 121) == "(een kop van 121 tekens)"


def test_list_names_quotes_and_shortens():
    assert list_names([]) == "geen"
    assert list_names(["a", "b"]) == "‘a’, ‘b’"
    assert list_names(iter("abcdefghijkl")).endswith("‘k’, ‘l’")
    assert list_names("abcdefghijklmn").endswith("‘k’, ‘l’ en nog 2")
    assert list_names(["x" * 200]) == "‘(een kop van 200 tekens)’"


def test_a_report_is_folded_between_words():
    lines = ["Kop", "  - een twee drie: vier", "  vijf zes zeven", "ononderbroken"]
    assert fold_lines(lines, 14).splitlines() == [
        "Kop", "  - een twee", "    drie: vier", "  vijf zes", "  zeven", "ononderbroken",
    ]  # fmt: skip
