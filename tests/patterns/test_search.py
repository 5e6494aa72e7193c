from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.patterns.made import (
    ANSWERS,
    corpus_of,
    divide,
    random_codings,
    random_frame,
    random_shares,
    real_themes,
)
from wijkanalyse.errors import InputError
from wijkanalyse.patterns import search_patterns
from wijkanalyse.patterns.wording import refused_words
from wijkanalyse.privacy.gate import Audience

N = 200


@pytest.fixture(scope="module")
def base():
    return real_themes(N)


@pytest.fixture
def made(base):
    """Stories and themes without structure; the second theme has about fifty stories."""
    rng = np.random.default_rng(7)
    frame = random_frame(rng, N).assign(teller_id=[f"t{number:03d}" for number in range(N)])
    return rng, frame, divide(base, random_shares(rng, N, (3, 3, 4)))


def planted(rng, themes, share, theme=1):
    return (themes.assignments["theme_id"].to_numpy() == theme) & (rng.random(N) < share)


def found(frame, themes, kind, theme=1, **more):
    search = search_patterns(corpus_of(frame), themes=themes, **more)
    return next((f for f in search.findings if f.kind == kind and f.theme_id == theme and f.effect > 0), None)


def count(finding):
    return sum(role == "draagt" for _, role in finding.members)


def test_a_voice_that_tells_a_theme_more(made):
    rng, frame, themes = made
    frame.loc[planted(rng, themes, 0.6), "perspective"] = "jongere"
    finding = found(frame, themes, "stemmen")
    theme = themes.assignments["theme_id"].to_numpy() == 1
    here = (theme & (frame["perspective"] == "jongere")).sum()
    elsewhere = (~theme & (frame["perspective"] == "jongere")).sum()
    assert finding.observation == (
        f"{here} van de {theme.sum()} verhalen in ‘thema 1’, van {here} vertellers, zijn vanuit ‘jongere’ verteld. "
        f"Bij de andere verhalen: {elsewhere} van de {(~theme).sum()}."
    )
    assert finding.effect == pytest.approx(here / theme.sum() - elsewhere / (~theme).sum(), abs=1e-4)
    assert finding.low < finding.effect < finding.high
    assert (finding.n_narratives, finding.n_tellers, count(finding)) == (here, here, here)
    assert finding.p <= 0.002
    assert finding.q <= 0.04


def test_a_voice_that_is_missing_is_said_without_its_number(made):
    rng, frame, themes = made
    frame["perspective"] = "jongere"
    frame.loc[rng.random(N) < 0.5, "perspective"] = "inwoner"
    theme = (themes.assignments["theme_id"] == 1).to_numpy()
    frame.loc[theme, "perspective"] = "inwoner"
    frame.loc[np.flatnonzero(theme)[:2], "perspective"] = "jongere"
    search = search_patterns(corpus_of(frame), themes=themes)
    (finding,) = [f for f in search.findings if f.theme_id == 1 and f.subject[1] == "‘jongere’"]
    assert finding.effect < 0
    assert finding.title == "‘thema 1’: minder vaak verteld vanuit ‘jongere’"
    assert (
        "van minder dan 5 vertellers waarvoor geldt: het verhaal is vanuit ‘jongere’ verteld"
        in finding.observation
    )
    assert [role for _, role in finding.members].count("spreekt tegen") == 2


def test_answers_at_one_end_of_a_dyad(made):
    rng, frame, themes = made
    frame.loc[planted(rng, themes, 0.6), "dyad"] = 0.95
    finding = found(frame, themes, "duiding")
    assert finding.title == "‘thema 1’: vaker aan de kant van ‘ruimte’"
    assert "liggen bij ‘regels – ruimte’ aan de kant van ‘ruimte’" in finding.observation
    frame["dyad"] = 1 - frame["dyad"]
    assert found(frame, themes, "duiding").title == "‘thema 1’: vaker aan de kant van ‘regels’"


def test_answers_in_a_corner_on_an_edge_and_in_the_middle_of_a_triad(made):
    rng, frame, themes = made
    chosen = planted(rng, themes, 0.7)
    parts = ["part_geld", "part_meedoen", "part_veilig"]
    for point, title in (
        ([1, 0, 0], "in de hoek van ‘geld’"),
        ([0, 0.5, 0.5], "op de rand tussen ‘meedoen’ en ‘veilig’"),
        ([0.34, 0.33, 0.33], "in het midden"),
    ):
        frame.loc[chosen, parts] = point
        assert found(frame, themes, "duiding").title == f"‘thema 1’: vaker {title}"


def test_missing_answers_are_counted_and_not_compared(made):
    rng, frame, themes = made
    chosen = planted(rng, themes, 0.7)
    frame.loc[chosen, ["part_geld", "part_meedoen", "part_veilig"]] = [1.0, 0, 0]
    finding = found(frame, themes, "duiding")
    theme = themes.assignments["theme_id"].to_numpy() == 1
    assert finding.n_missing == frame.loc[theme, "part_geld"].isna().sum() > 0
    assert f"van de {frame.loc[theme, 'part_geld'].notna().sum()} verhalen" in finding.observation


def test_several_answers_in_one_cell_count_for_each(made):
    rng, frame, themes = made
    frame["feeling"] = "blij"
    frame.loc[rng.random(N) < 0.2, "feeling"] = "boos"
    frame.loc[planted(rng, themes, 0.6), "feeling"] = "blij; boos"
    finding = found(frame, themes, "duiding")
    assert finding.title == "‘thema 1’: vaker bij ‘boos’"


def test_columns_of_zero_and_one_are_options(made):
    rng, frame, themes = made
    frame["heard"] = (rng.random(N) < 0.2).astype(float)
    frame.loc[planted(rng, themes, 0.6), "heard"] = 1.0
    spec = replace(
        next(spec for spec in ANSWERS if spec.name == "heard"), group="Wat hielp", label="een buur"
    )
    search = search_patterns(corpus_of(frame, heard=spec), themes=themes)
    assert "‘thema 1’: vaker bij ‘een buur’" in {finding.title for finding in search.findings}


def test_not_applicable_beside_a_triad_is_an_answer_of_its_own(made):
    rng, frame, themes = made
    chosen = planted(rng, themes, 0.7)
    frame.loc[chosen, ["part_geld", "part_meedoen", "part_veilig"]] = np.nan
    corpus = corpus_of(frame)
    triad = next(spec for spec in corpus.columns if spec.name == "part_geld")
    beside = replace(triad, name="part_na", label="n.v.t.", dtype="bool", unit=None)
    said = corpus.frame.assign(part_na=pd.array(chosen, dtype="boolean"))
    corpus = replace(corpus, frame=said, columns=(*corpus.columns, beside))
    search = search_patterns(corpus, themes=themes)
    titles = {finding.title for finding in search.findings if finding.theme_id == 1}
    assert "‘thema 1’: vaker bij ‘n.v.t.’" in titles


def test_two_poles_in_one_theme(made):
    rng, frame, themes = made
    chosen = np.flatnonzero(planted(rng, themes, 0.8))
    frame.loc[chosen, "dyad"] = np.where(np.arange(len(chosen)) % 2, 0.03, 0.98)
    finding = found(frame, themes, "spanningsveld")
    assert finding.tension == ("‘regels’", "‘ruimte’")
    assert finding.title == "‘thema 1’: zowel ‘regels’ als ‘ruimte’"
    dyad = dict(zip(frame["narrative_id"], frame["dyad"], strict=True))
    sides = [dyad[narrative_id] > 0.5 for narrative_id, role in finding.members if role == "draagt"]
    assert sides[:6] in ([True, False] * 3, [False, True] * 3)  # by turns, so that a card shows both


def test_one_pole_is_no_tension(made):
    rng, frame, themes = made
    frame.loc[planted(rng, themes, 0.8), "dyad"] = 0.98
    assert found(frame, themes, "spanningsveld") is None


def test_a_theme_that_is_told_later(made):
    rng, frame, themes = made
    frame.loc[planted(rng, themes, 0.7), "month"] = "2024-12"
    finding = found(frame, themes, "verschuiving")
    assert finding.title == "‘thema 1’: later in de tijd vaker verteld"
    assert re.search(r"zijn van (juli|augustus|september|oktober) 2024 of later\.", finding.observation)


def test_themes_that_occur_together(base):
    rng = np.random.default_rng(5)
    shares = random_shares(rng, N, (3, 3, 3, 3, 3))
    own = shares.argmax(axis=1) == 1
    shares[own, 2] = 0.9 * shares[own, 1]
    shares /= shares.sum(axis=1, keepdims=True)
    finding = found(random_frame(rng, N), divide(base, shares), "samenloop")
    assert finding.title == "‘thema 1’ komt vaker samen voor met ‘thema 2’"


def codings_of(frame, **codes):
    rows = [(key, "A", code) for code, mask in codes.items() for key in frame["narrative_id"][mask]]
    read = [(key, "A", None) for key in frame["narrative_id"]]
    return pd.DataFrame(rows + read, columns=["narrative_id", "coder", "code"])


def test_codes_that_occur_together_and_the_three_readings(made):
    rng, frame, themes = made
    theme = themes.assignments["theme_id"].to_numpy() == 1
    wait = (theme & (rng.random(N) < 0.7)) | (rng.random(N) < 0.1)
    letter = (wait & (rng.random(N) < 0.8)) | (rng.random(N) < 0.1)
    codings = codings_of(frame, wachten=wait, brief=letter)
    search = search_patterns(corpus_of(frame), themes=themes, codings=codings)
    kinds = {finding.kind: finding for finding in search.findings}
    assert kinds["samenloop"].title == "‘brief’ komt vaker samen voor met ‘wachten’"
    readings = next(
        f for f in search.findings if f.kind == "drie lezingen" and "wachten" in f.title and f.theme_id == 1
    )
    assert f"{(theme & wait).sum()} verhalen" in readings.observation
    assert (
        f"{(theme ^ wait).sum()}, van {(theme ^ wait).sum()} vertellers, hebben een van de twee"
        in readings.observation
    )
    assert count(readings) == (theme ^ wait).sum()


def test_the_tellers_are_the_third_reading(made):
    rng, frame, themes = made
    theme = themes.assignments["theme_id"].to_numpy() == 1
    wait = (theme & (rng.random(N) < 0.7)) | (rng.random(N) < 0.1)
    frame.loc[theme & (rng.random(N) < 0.8), "dyad"] = 0.02
    search = search_patterns(corpus_of(frame), themes=themes, codings=codings_of(frame, wachten=wait))
    (readings,) = [f for f in search.findings if f.kind == "drie lezingen" and f.theme_id == 1]
    told = ((theme | wait) & (frame["dyad"] < 1 / 3)).sum()
    assert (
        f"Volgens de vertellers zelf liggen er van al deze verhalen {told} bij ‘regels – ruimte’"
        in readings.observation
    )


def test_poles_of_a_scheme_in_one_theme(made):
    rng, frame, themes = made
    theme = themes.assignments["theme_id"].to_numpy() == 1
    half = rng.random(N) < 0.5
    codings = codings_of(frame, nabij=theme & half, zelf=theme & ~half)
    finding = found(
        frame, themes, "spanningsveld", codings=codings, poles=[("nabij", "zelf"), ("nabij", "iets")]
    )
    assert finding.tension == ("‘nabij’", "‘zelf’")


def test_stories_that_nobody_coded_are_not_without_the_code(made):
    """Two codes fill the coded tenth of the stories at random; against all stories they would seem inseparable."""
    rng, frame, themes = made
    read = np.arange(N) % 5 == 0
    codings = codings_of(frame, a=read & (rng.random(N) < 0.5), b=read & (rng.random(N) < 0.5))
    codings = codings[codings["narrative_id"].isin(frame["narrative_id"][read])]
    search = search_patterns(corpus_of(frame), themes=themes, codings=codings)
    assert not [finding for finding in search.findings if finding.kind == "samenloop"]


def test_a_story_that_repeats_another_does_not_count(made):
    rng, frame, themes = made
    chosen = planted(rng, themes, 0.6)
    frame.loc[chosen, "perspective"] = "jongere"
    assert found(frame, themes, "stemmen") is not None
    copies = themes.assignments.assign(copy_of=np.where(chosen, "v000", ""))
    assert found(frame, replace(themes, assignments=copies), "stemmen") is None


def test_organisations_never_enter(made):
    rng, frame, themes = made
    frame.loc[planted(rng, themes, 0.9), "organisation"] = "ander team"
    with_team = search_patterns(corpus_of(frame), themes=themes)
    assert with_team == search_patterns(corpus_of(frame.drop(columns="organisation")), themes=themes)


def test_shuffled_input_gives_the_same(made):
    rng, frame, themes = made
    frame.loc[planted(rng, themes, 0.6), "perspective"] = "jongere"
    codings = random_codings(rng, frame)
    first = search_patterns(corpus_of(frame), themes=themes, codings=codings)
    again = search_patterns(
        corpus_of(frame.sample(frac=1, random_state=1)),
        themes=themes,
        codings=codings.sample(frac=1, random_state=2),
    )
    assert repr(first) == repr(again)
    assert first.findings


def test_every_number_stands_on_enough_tellers_and_more_outside(made):
    rng, frame, themes = made
    frame["teller_id"] = [f"t{number % 9}" for number in range(N)]
    frame.loc[planted(rng, themes, 0.8), "feeling"] = "boos"
    assert search_patterns(corpus_of(frame), themes=themes).n_tests > 0
    outside = search_patterns(corpus_of(frame), themes=themes, audience=Audience.OUTSIDE)
    assert (outside.n_tests, outside.findings) == (0, ())
    assert "niets te vergelijken" in outside.note


def test_what_differs_most_nowhere_is_told_untested(made):
    _rng, frame, themes = made
    outside = np.arange(N) < 12
    assignments = themes.assignments.assign(theme_id=themes.assignments["theme_id"].mask(outside, -1))
    frame.loc[outside, "feeling"] = "boos"
    search = search_patterns(corpus_of(frame), themes=replace(themes, assignments=assignments))
    elsewhere = frame["feeling"].str.contains("boos")[12:].sum()
    assert search.nowhere == (
        "12 van de 12 verhalen, van 12 vertellers, hebben bij ‘Gevoel’ het antwoord ‘boos’. "
        f"Bij de andere verhalen: {elsewhere} van de 188."
    )


def test_the_small_print_says_how_much_was_tried(made):
    _, frame, themes = made
    search = search_patterns(corpus_of(frame), themes=themes)
    assert (search.n_found, search.note) == (
        0, f"Gezocht is met {search.n_tests} vergelijkingen, in {search.n_tables} tabellen. Boven toeval uit: 0."
    )  # fmt: skip
    some = replace(search, n_found=12)
    assert some.note.endswith("Verwacht door toeval: minder dan 1 van de 12.")
    assert replace(search, n_found=60).note.endswith("hoogstens 3 van de 60.")


@pytest.mark.parametrize("column", ["narrative_id", "code"])
def test_codings_without_a_column_are_refused(made, column):
    rng, frame, themes = made
    codings = random_codings(rng, frame).drop(columns=column)
    with pytest.raises(InputError, match=f"Kolommen ontbreken: ‘{column}’"):
        search_patterns(corpus_of(frame), themes=themes, codings=codings)


def test_codings_and_themes_of_other_stories_are_refused(made):
    _, frame, themes = made
    codings = pd.DataFrame({"narrative_id": ["v000", "x9"], "coder": "A", "code": "a"})
    with pytest.raises(InputError, match="1 gecodeerde verhalen staan niet in dit corpus"):
        search_patterns(corpus_of(frame), themes=themes, codings=codings)
    other = frame.assign(narrative_id=[f"w{number}" for number in range(N)])
    with pytest.raises(InputError, match="thema’s zijn van andere verhalen"):
        search_patterns(corpus_of(other), themes=themes)


def test_a_part_of_the_corpus_will_do(made):
    _, frame, themes = made
    assert search_patterns(corpus_of(frame.head(150)), themes=themes).n_tests > 0


@pytest.mark.slow
def test_without_structure_one_in_twenty_corpora_at_most_shows_a_pattern():
    n = 80
    base, shown, wrong = real_themes(n), 0, []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        frame = random_frame(rng, n)
        themes = divide(base, random_shares(rng, n))
        codings = random_codings(rng, frame) if seed % 2 else None
        search = search_patterns(corpus_of(frame), themes=themes, codings=codings)
        shown += bool(search.findings)
        wrong += [finding for finding in search.findings if refused_words(finding.observation)]
    assert shown / 400 <= 0.05
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["stemmen", "duiding"])
def test_a_planted_association_is_found_in_four_of_five_corpora(base, kind):
    """200 stories; of the theme (a third of them) 45% was given one perspective, or one end of the dyad."""
    n_found = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        frame, themes = random_frame(rng, N), divide(base, random_shares(rng, N, (3, 3, 3)))
        chosen = planted(rng, themes, 0.45)
        if kind == "stemmen":
            frame["teller_id"] = [f"t{number}" for number in range(N)]
            frame.loc[chosen, "perspective"] = "jongere"
        else:
            frame.loc[chosen, "dyad"] = rng.uniform(0.85, 1, chosen.sum()).round(2)
        n_found += found(frame, themes, kind) is not None
    assert n_found >= 80
