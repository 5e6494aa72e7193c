from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from tests.conftest import make_corpus
from tests.privacy.test_masking import make
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Role
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.privacy.disclosure import OTHER
from wijkanalyse.privacy.gate import (
    Audience,
    SafeFigure,
    SafeTable,
    SafeText,
    is_large_enough,
    minimum,
    release_figure,
    release_table,
    release_texts,
    shown_attribute,
)

OUTSIDE, WORKBENCH = Audience.OUTSIDE, Audience.WORKBENCH


def _corpus(status: PrivacyStatus, *, perspective: bool = False) -> Corpus:
    corpus = replace(make("Het regende.", "Zij lachte.", titles=["Regen", "Lach"]), status=status)
    if not perspective:
        return corpus
    spec = ColumnSpec(name="perspective", label="perspectief", role=Role.PERSPECTIVE)
    return replace(
        corpus, frame=corpus.frame.assign(perspective=["inwoner", None]), columns=(*corpus.columns, spec)
    )


def test_safe_text_cannot_be_made_by_hand() -> None:
    with pytest.raises(TypeError, match="release_texts only"):
        SafeText(narrative_id="n0", title="", text="Het regende.", attribute="", audience=Audience.OUTSIDE)
    with pytest.raises(TypeError, match="release_texts only"):
        SafeText(narrative_id="n0", title="", text="", attribute="", audience=Audience.OUTSIDE, key=object())


@pytest.mark.parametrize(
    ("status", "audience"),
    [
        (PrivacyStatus.RAW, Audience.WORKBENCH),
        (PrivacyStatus.RAW, Audience.OUTSIDE),
        (PrivacyStatus.MASKED, Audience.OUTSIDE),
    ],
)
def test_too_little_protection_is_refused_without_text(status: PrivacyStatus, audience: Audience) -> None:
    with pytest.raises(PrivacyError, match="verhalen laten lezen") as caught:
        release_texts(_corpus(status), audience=audience)
    assert "regende" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "audience"),
    [
        (PrivacyStatus.MASKED, Audience.WORKBENCH),
        (PrivacyStatus.REVIEWED, Audience.WORKBENCH),
        (PrivacyStatus.REVIEWED, Audience.OUTSIDE),
    ],
)
def test_enough_protection_is_released_in_the_order_asked(status: PrivacyStatus, audience: Audience) -> None:
    texts = release_texts(_corpus(status), ["n1", "n0"], audience=audience)
    assert [(t.narrative_id, t.title, t.text, t.audience) for t in texts] == [
        ("n1", "Lach", "Zij lachte.", audience),
        ("n0", "Regen", "Het regende.", audience),
    ]


def test_all_narratives_by_default() -> None:
    assert len(release_texts(_corpus(PrivacyStatus.MASKED), audience=Audience.WORKBENCH)) == 2


def test_unknown_ids_are_counted_and_not_shown() -> None:
    with pytest.raises(InputError, match="2 verhalen bestaan niet in dit corpus") as caught:
        release_texts(_corpus(PrivacyStatus.MASKED), ["n0", "Fatima", "Daan"], audience=Audience.WORKBENCH)
    assert "Fatima" not in str(caught.value)


def test_perspective_is_the_only_attribute() -> None:
    corpus = _corpus(PrivacyStatus.MASKED, perspective=True)
    assert shown_attribute(corpus) == "perspective"
    assert shown_attribute(_corpus(PrivacyStatus.MASKED)) is None
    assert [t.attribute for t in release_texts(corpus, audience=Audience.WORKBENCH)] == ["inwoner", ""]


def test_repr_holds_no_text() -> None:
    shown = repr(release_texts(_corpus(PrivacyStatus.MASKED), audience=Audience.WORKBENCH))
    assert "regende" not in shown
    assert "Regen" not in shown
    assert "n0, 12 tekens, werkbank" in shown


@pytest.mark.parametrize(
    ("n", "audience", "enough"),
    [
        (4, Audience.WORKBENCH, False),
        (5, Audience.WORKBENCH, True),
        (9, Audience.OUTSIDE, False),
        (10, Audience.OUTSIDE, True),
    ],
)
def test_thresholds(n: int, audience: Audience, enough: bool) -> None:
    assert is_large_enough(n, audience) is enough


def voices(counts: dict[str, int], **columns: list[Any]) -> Corpus:
    """Return a reviewed corpus in which everybody told one story; `counts` are tellers per perspective."""
    perspective = [name for name, n in counts.items() for _ in range(n)]
    return make_corpus(["Het regende."] * len(perspective), perspective=perspective, **columns)


def coded(corpus: Corpus, *blocks: tuple[str, int]) -> pd.DataFrame:
    """Return a frame with themes, over the stories of the corpus in order."""
    themes = [theme for theme, n in blocks for _ in range(n)]
    return pd.DataFrame({"narrative_id": corpus.frame["narrative_id"][: len(themes)], "theme": themes})


# Themes a and b by perspective: a 12 inwoner and 15 professional, b 30 inwoner and 20 professional.
TWO_BY_TWO = [("a", 12), ("b", 30), ("a", 15), ("b", 20)]


def two_by_two(audience: Audience = OUTSIDE, **options: Any) -> tuple[Corpus, SafeTable]:
    corpus = voices({"inwoner": 42, "professional": 35})
    themes = coded(corpus, *TWO_BY_TWO)
    return corpus, release_table(
        corpus, themes, rows="theme", columns="perspective", audience=audience, **options
    )


def test_nothing_safe_is_made_by_hand_or_changed_into_another() -> None:
    corpus, table = two_by_two()
    figure = release_figure(go.Figure(), corpus, audience=OUTSIDE)
    text = release_texts(corpus, audience=WORKBENCH)[0]
    with pytest.raises(TypeError, match="SafeTable is made by release_table only"):
        SafeTable(frame=table.frame, note="", minimum=1, audience=OUTSIDE)
    with pytest.raises(TypeError, match="SafeFigure is made by release_figure only"):
        SafeFigure(figure=go.Figure(), note="", audience=OUTSIDE, key=object())
    for safe, change in ((table, {"minimum": 1}), (figure, {"note": ""}), (text, {"audience": OUTSIDE})):
        with pytest.raises(TypeError, match="is made by release_"):
            replace(safe, **change)


def test_an_audience_that_is_typed_as_a_word_is_as_strict() -> None:
    corpus = voices({"inwoner": 42, "professional": 35, "beleid": 3})
    themes = coded(corpus, ("a", 40), ("b", 40))
    asked = [
        release_table(corpus, themes, rows="theme", columns="perspective", audience=audience, rounded=True)
        for audience in (OUTSIDE, "buiten")
    ]
    pd.testing.assert_frame_equal(asked[0].frame, asked[1].frame)
    texts = [release_texts(corpus, audience=audience) for audience in (OUTSIDE, "buiten")]
    assert [one.attribute for one in texts[0]] == [one.attribute for one in texts[1]]
    assert "beleid" not in {one.attribute for one in texts[1]}


def test_reprs_hold_counts_only() -> None:
    corpus, table = two_by_two()
    assert repr(table) == "<SafeTable 2 × 2, 0 weggelaten, buiten>"
    assert repr(release_figure(go.Figure(go.Bar(x=["inwoner"])), corpus, audience=WORKBENCH)) == (
        "<SafeFigure 1 reeksen, werkbank>"
    )


def test_stricter_is_free_and_looser_needs_a_reason() -> None:
    assert (minimum(WORKBENCH), minimum(OUTSIDE), minimum(OUTSIDE, override=20)) == (5, 10, 20)
    assert minimum(OUTSIDE, override=5, reason="kleine gemeente") == 5
    for reason in (None, "  "):
        with pytest.raises(
            PrivacyError, match="De drempel van 5 vertellers is lager dan de gebruikelijke 10"
        ) as caught:
            minimum(OUTSIDE, override=5, reason=reason)
        assert "een reden (reason=)" in caught.value.problems[0].expected
    with pytest.raises(PrivacyError, match="De drempel van 2 vertellers"):
        minimum(OUTSIDE, override=2, reason="het moet")


def test_outside_the_attribute_stands_beside_a_text_only_when_enough_tellers_share_it() -> None:
    corpus = voices({"inwoner": 10, "vrijwilliger": 9})
    assert {t.attribute for t in release_texts(corpus, audience=OUTSIDE)} == {"inwoner", ""}
    assert {t.attribute for t in release_texts(corpus, audience=WORKBENCH)} == {"inwoner", "vrijwilliger"}
    one_teller = replace(corpus, frame=corpus.frame.assign(teller_id="t"))
    assert {t.attribute for t in release_texts(one_teller, audience=OUTSIDE)} == {""}


def test_outside_the_attribute_and_the_group_are_counted_together() -> None:
    corpus = voices({"inwoner": 25})
    ids = list(corpus.frame["narrative_id"])
    group = dict.fromkeys(ids[:10], "a") | dict.fromkeys(ids[10:19], "b")  # and six without a group
    for given_as in (group, pd.Series(group)):
        texts = release_texts(corpus, audience=OUTSIDE, group=given_as)
        assert [t.attribute for t in texts] == ["inwoner"] * 10 + [""] * 15


def test_a_table_of_tellers_by_hand() -> None:
    _, table = two_by_two()
    assert table.frame.to_dict("index") == {
        "a": {"inwoner": 12, "professional": 15},
        "b": {"inwoner": 30, "professional": 20},
    }
    assert "elk getal staat op minstens 10" in table.note
    assert "Weggelaten (–): 0 van de 4 cellen" in table.note


@pytest.mark.parametrize("dtype", ["bool", "boolean"])
def test_a_column_of_yes_and_no_says_ja_and_nee(dtype: str) -> None:
    corpus = voices({"inwoner": 30, "professional": 20})
    ticked = corpus.frame.assign(hulp=(corpus.frame["perspective"] == "inwoner").astype(dtype), aantal=1)
    table = release_table(corpus, ticked, rows="hulp", audience=WORKBENCH)
    assert table.frame["vertellers"].to_dict() == {"ja": 30, "nee": 20}
    assert list(release_table(corpus, ticked, rows="aantal", audience=WORKBENCH).frame.index) == [1]


def test_withheld_cells_are_na_and_shown_as_a_dash() -> None:
    corpus = voices({"inwoner": 30, "mantelzorger": 12, "professional": 20, "vrijwilliger": 3})
    table = release_table(corpus, corpus.frame, rows="perspective", audience=OUTSIDE, order=["vrijwilliger"])
    assert table.shown()["vertellers"].to_dict() == {
        "vrijwilliger": "–", "inwoner": "30", "mantelzorger": "–", "professional": "20",
    }  # fmt: skip
    assert table.frame["vertellers"].isna().sum() == 2
    assert "Weggelaten (–): 2 van de 4 cellen" in table.note
    assert "3" not in table.note.replace("30", "")


def test_outside_labels_of_few_people_are_put_together_unless_the_scheme_has_them() -> None:
    corpus = voices({"inwoner": 30, "professional": 20, "ik ben de zus van de burgemeester": 4, "pastoor": 7})
    outside = release_table(corpus, corpus.frame, rows="perspective", audience=OUTSIDE)
    assert outside.frame["vertellers"].to_dict() == {"inwoner": 30, "professional": 20, OTHER: 11}
    inside = release_table(corpus, corpus.frame, rows="perspective", audience=WORKBENCH)
    assert inside.frame.index[0] == "ik ben de zus van de burgemeester"
    assert list(inside.frame.index) == sorted(inside.frame.index)


def test_rounding_and_the_reason_are_in_the_note() -> None:
    _, table = two_by_two(rounded=True, override=5, reason=" kleine\ngemeente. ")
    assert table.frame.to_numpy().tolist() == [[10, 15], [30, 20]]
    assert "afgerond op een veelvoud van 5" in table.note
    assert "lager dan de gebruikelijke 10; reden: kleine gemeente." in table.note
    assert "reden" not in two_by_two(reason="niet nodig")[1].note


def test_rows_stand_in_the_order_of_the_scheme_or_the_alphabet_and_never_by_value() -> None:
    corpus = voices({"groep 10": 30, "groep 2": 20, "Ander": 40})
    table = release_table(corpus, corpus.frame, rows="perspective", audience=OUTSIDE)
    assert list(table.frame.index) == ["Ander", "groep 2", "groep 10"]
    table = release_table(
        corpus, corpus.frame, rows="perspective", audience=OUTSIDE, order=["groep 10", "Ander"]
    )
    assert list(table.frame.index) == ["groep 10", "Ander", "groep 2"]
    specs = tuple(
        replace(s, role=Role.ORGANISATION) if s.name == "perspective" else s for s in corpus.columns
    )
    teams = replace(corpus, columns=specs)
    table = release_table(
        teams, teams.frame, rows="perspective", audience=OUTSIDE, order=["groep 10", "Ander"]
    )
    assert list(table.frame.index) == ["Ander", "groep 2", "groep 10"]


def test_who_told_a_story_comes_from_the_corpus() -> None:
    corpus = voices({"inwoner": 12})
    one = replace(corpus, frame=corpus.frame.assign(teller_id="t"))
    forged = corpus.frame.assign(theme="a")
    assert release_table(one, forged, rows="theme", audience=WORKBENCH).frame["vertellers"].isna().all()


@pytest.mark.parametrize(
    ("status", "audience"), [(PrivacyStatus.RAW, WORKBENCH), (PrivacyStatus.MASKED, OUTSIDE)]
)
def test_tables_and_figures_need_the_status(status: PrivacyStatus, audience: Audience) -> None:
    corpus = replace(voices({"inwoner": 12}), status=status)
    with pytest.raises(PrivacyError, match="een tabel laten zien"):
        release_table(corpus, corpus.frame, rows="perspective", audience=audience)
    with pytest.raises(PrivacyError, match="een figuur laten zien"):
        release_figure(go.Figure(), corpus, audience=audience)


@pytest.mark.parametrize(("rows", "columns"), [("text", None), ("perspective", "perspective")])
def test_texts_persons_and_one_column_twice_give_no_table(rows: str, columns: str | None) -> None:
    corpus = voices({"inwoner": 12})
    specs = tuple(replace(s, role=Role.TEXT) if s.name == "text" else s for s in corpus.columns)
    corpus = replace(corpus, columns=specs)
    with pytest.raises(PrivacyError, match="Deze kolommen geven geen tabel"):
        release_table(corpus, corpus.frame, rows=rows, columns=columns, audience=WORKBENCH)


def test_columns_and_stories_that_do_not_exist() -> None:
    corpus = voices({"inwoner": 12})
    with pytest.raises(InputError, match="Er is geen kolom ‘kleur’"):
        release_table(corpus, corpus.frame, rows="kleur", audience=WORKBENCH)
    with pytest.raises(InputError, match="1 verhalen bestaan niet in dit corpus"):
        release_table(
            corpus, pd.DataFrame({"narrative_id": ["Daan"], "theme": "a"}), rows="theme", audience=WORKBENCH
        )
