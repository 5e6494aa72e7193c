from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkanalyse.corpus import (
    ColumnSpec,
    Corpus,
    PrivacyStatus,
    Provenance,
    Role,
    hash_texts,
    package_versions,
    today,
)
from wijkanalyse.errors import InputError, PrivacyError

MARKER = "kwetsbaarmerkwoord"
SPECS = tuple(
    ColumnSpec(name=name, label=name, role=Role(name)) for name in ("narrative_id", "teller_id", "text")
)


def small(**changes: object) -> Corpus:
    frame = pd.DataFrame(
        {
            "narrative_id": ["b", "a", "c"],
            "teller_id": ["t1", "t1", "t2"],
            "text": [f"{MARKER} b", f"{MARKER} a", "verhaal c"],
        }
    )
    return Corpus(
        **{"frame": frame, "columns": SPECS, "provenance": Provenance(source="proef.csv"), **changes}
    )


def test_rows_are_sorted_by_id_and_the_given_frame_stays_as_it_was():
    corpus = small()
    assert list(corpus.frame["narrative_id"]) == ["a", "b", "c"]
    assert list(corpus.frame.index) == [0, 1, 2]
    shuffled = corpus.frame.iloc[[2, 0, 1]]
    again = small(frame=shuffled)
    assert list(shuffled["narrative_id"]) == ["c", "a", "b"]
    pd.testing.assert_frame_equal(again.frame, corpus.frame)
    assert again.provenance.corpus_hash == corpus.provenance.corpus_hash


def test_counts_and_repr_show_no_word_of_a_story():
    corpus = small()
    assert len(corpus) == 3
    assert corpus.n_tellers == 2
    assert repr(corpus) == "<Corpus 3 verhalen van 2 vertellers, ruw, bron proef.csv>"
    assert MARKER not in repr(corpus)


def test_a_corpus_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        small().status = PrivacyStatus.REVIEWED


def test_a_missing_column_is_named():
    frame = small().frame.drop(columns=["teller_id", "text"])
    with pytest.raises(InputError, match=re.escape("Kolommen ontbreken: ‘teller_id’, ‘text’.")) as caught:
        small(frame=frame)
    assert "Waar:      corpus uit proef.csv" in str(caught.value)


def test_repeated_ids_are_counted_and_no_story_is_shown():
    frame = small().frame.assign(narrative_id=["a", "a", "a"])
    with pytest.raises(InputError, match="2 verhaalnummers komen vaker voor") as caught:
        small(frame=frame)
    assert MARKER not in str(caught.value)


@pytest.mark.parametrize(
    ("extra_column", "specs", "named"),
    [
        ({"zomaar": "x"}, SPECS, "‘zomaar’"),
        ({}, (*SPECS, ColumnSpec(name="weg", label="weg", role=Role.CONTEXT)), "‘weg’"),
        ({}, (*SPECS, SPECS[2]), "‘text’"),
    ],
)
def test_every_column_has_exactly_one_spec(extra_column, specs, named):
    with pytest.raises(InputError, match=f"Kolommen en beschrijving kloppen niet: {named}"):
        small(frame=small().frame.assign(**extra_column), columns=specs)


def test_all_problems_come_at_once():
    frame = small().frame.assign(narrative_id="a", zomaar="x")
    with pytest.raises(InputError) as caught:
        small(frame=frame)
    assert len(caught.value.problems) == 2


def test_spec_and_with_role():
    corpus = small()
    assert corpus.spec("text").role is Role.TEXT
    assert corpus.with_role(Role.TEXT) == (SPECS[2],)
    assert corpus.with_role(Role.PERSPECTIVE) == ()
    with pytest.raises(InputError, match="Er is geen kolom ‘wijk’") as caught:
        corpus.spec("wijk")
    assert "een van ‘narrative_id’, ‘teller_id’, ‘text’" in str(caught.value)


@pytest.mark.parametrize("status", PrivacyStatus)
def test_require_lets_the_same_or_more_protection_pass(status):
    corpus = small(status=status)
    for wanted in PrivacyStatus:
        if wanted.rank <= status.rank:
            corpus.require(wanted, purpose="lezen")
            continue
        with pytest.raises(PrivacyError, match=f"nog ‘{status}’ en kunnen niet gebruikt worden voor: lezen"):
            corpus.require(wanted, purpose="lezen")


def test_require_says_what_to_do_first():
    with pytest.raises(PrivacyError, match=re.escape("corpus = wa.mask(corpus)")):
        small().require(PrivacyStatus.MASKED, purpose="x")
    with pytest.raises(PrivacyError, match=r"Kijk de verhalen na met wa\.review"):
        small(status=PrivacyStatus.MASKED).require(PrivacyStatus.REVIEWED, purpose="x")


def test_with_changes_is_a_new_corpus_with_one_more_step_and_a_new_hash():
    corpus = small()
    masked = corpus.with_changes(
        step="gemaskeerd", status=PrivacyStatus.MASKED, frame=corpus.frame.assign(text="[naam] was er")
    )
    assert masked.provenance.steps == ("gemaskeerd",)
    assert masked.status is PrivacyStatus.MASKED
    assert corpus.provenance.steps == ()
    assert masked.provenance.corpus_hash != corpus.provenance.corpus_hash
    assert replace(corpus).provenance == corpus.provenance


def test_statuses_are_in_the_order_of_the_work():
    assert [status.rank for status in (PrivacyStatus.RAW, PrivacyStatus.MASKED, PrivacyStatus.REVIEWED)] == [
        0, 1, 2,
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(), st.text()), max_size=6), st.randoms())
def test_hash_does_not_depend_on_order(rows, random):
    shuffled = random.sample(rows, len(rows))

    def digest(pairs):
        return hash_texts([one for one, _ in pairs], [other for _, other in pairs])

    assert digest(rows) == digest(shuffled)
    assert len(digest(rows)) == 16
    assert digest([*rows, ("nieuw", "verhaal")]) != digest(rows)


def test_hash_tells_id_from_text():
    assert hash_texts(["a"], ["b"]) != hash_texts(["b"], ["a"])
    with pytest.raises(ValueError, match="zip"):
        hash_texts(["a"], [])


def test_versions_and_date_for_provenance():
    assert set(package_versions()) == {"wijkanalyse", "pandas"}
    assert package_versions(["pandas"]) == {"pandas": pd.__version__}
    assert abs((date.fromisoformat(today()) - date.today()).days) <= 1  # noqa: DTZ011
