"""Partitions: the outcome is that of one machine, whatever the parts, their order, and who falls away in the middle."""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
import threading
import time
from dataclasses import replace

import dask
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

import wijkanalyse as wa
from wijkanalyse import scale
from wijkanalyse.errors import InputError
from wijkanalyse.privacy.finding import Known
from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.words import CorpusWords
from wijkanalyse.scale import OWN, SETTINGS, process

N_SAMPLE = 120
# Sockets and threads of distributed, which it closes when it gets to it.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def write_parts(folder, frame, sizes, group=1_000):
    """Write the rows as files of these sizes."""
    folder.mkdir()
    start = 0
    for number, size in enumerate(sizes):
        part = frame.iloc[start : start + size]
        start += size
        table = pa.table({name: part[name].tolist() for name in part})
        parquet.write_table(table, folder / f"deel-{number}.parquet", row_group_size=group)
    return folder


def outcome(folder):
    tables = [parquet.read_table(path).to_pydict() for path in sorted(folder.iterdir())]
    rows = [row for table in tables for row in zip(*table.values(), strict=True)]
    return list(tables[0]), sorted(rows)


@pytest.fixture(scope="module")
def stories():
    """Each third teller tells more, and most of those in several files."""
    frame = wa.load_sample(raw=True).frame[["narrative_id", "teller_id", "text"]]
    tellers = [f"p{row % 60}" if row % 3 == 0 else one for row, one in enumerate(frame["teller_id"])]
    return frame.assign(teller_id=tellers)


@pytest.fixture(scope="module")
def here(stories, tmp_path_factory):
    """One process, three files."""
    folder = tmp_path_factory.mktemp("hier")
    return process(write_parts(folder / "in", stories, [100, 100, 57]), folder, n_sample=N_SAMPLE, n_themes=5)


def test_every_story_is_there_once_with_its_theme(here, stories):
    columns, rows = outcome(here.folder)
    assert columns == ["narrative_id", "theme_id", "theme", "weight", "text"]
    assert [row[0] for row in rows] == sorted(stories["narrative_id"])
    assert here.n_narratives == len(stories)
    assert len(here.corpus) == N_SAMPLE
    assert here.corpus.status is wa.PrivacyStatus.MASKED
    names = {
        -1: scale.NO_THEME,
        **dict(zip(here.themes.topics["theme_id"], here.themes.topics["label"], strict=True)),
    }
    assert all(row[2] == names[row[1]] for row in rows)
    found = here.themes.assignments.set_index("narrative_id")
    ours = {row[0]: (row[1], row[3]) for row in rows}
    assert all(ours[one] == (found.at[one, "theme_id"], found.at[one, "weight"]) for one in found.index)
    outside = [row for row in rows if row[0] not in found.index]
    assert sum(row[1] >= 0 for row in outside) > 0.8 * len(outside)


def test_what_is_masked_is_what_one_machine_masks(here, stories):
    def bare(text):  # a role can stand in another story of the same teller, and numbers hold within one
        return re.sub(r"(\w+ )?\[[^\]]*\]", "[]", text)

    columns = [stories[name].tolist() for name in ("narrative_id", "teller_id", "text")]
    whole = replace(scale._corpus(*columns, "voorbeeld"), status=wa.PrivacyStatus.RAW)
    masked = wa.mask(whole, model=None).frame.set_index("narrative_id")["text"]
    _, rows = outcome(here.folder)
    assert [bare(row[4]) for row in rows] == [bare(masked[row[0]]) for row in rows]
    # In every story the numbers of a role begin at one.
    for row in rows:
        found = re.findall(r"\[(\w+) (\d+)\]", row[4])
        assert {role for role, number in found if number == "1"} == {role for role, _ in found}


def test_parts_and_order_do_not_matter(here, stories, tmp_path):
    other = stories.sample(frac=1, random_state=1)
    folder = write_parts(tmp_path / "in", other, [7, 200, 0, 50], group=60)
    found = process(folder, tmp_path, n_sample=N_SAMPLE, n_themes=5)
    assert outcome(found.folder) == outcome(here.folder)
    pd.testing.assert_frame_equal(found.themes.assignments, here.themes.assignments)
    pd.testing.assert_frame_equal(found.corpus.frame, here.corpus.frame)


@pytest.mark.slow
def test_a_cluster_of_which_a_worker_falls_away_gives_the_same(here, stories, tmp_path):
    from distributed import Client, LocalCluster

    killed = []

    def kill(pid):
        while not list(tmp_path.glob("verhalen/*")):
            time.sleep(0.005)
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)

    with (
        dask.config.set(SETTINGS),
        LocalCluster(n_workers=2, **{**OWN, "security": None, "silence_logs": logging.CRITICAL}) as cluster,
    ):
        with Client(cluster, set_as_default=False) as client:
            pids = client.run(os.getpid)
        assert len(pids) == 2
        killer = threading.Thread(target=kill, args=[min(pids.values())])
        killer.start()
        folder = write_parts(tmp_path / "in", stories, [40] * 6 + [17], group=20)
        found = process(folder, tmp_path, cluster=cluster.scheduler_address, n_sample=N_SAMPLE, n_themes=5)
        killer.join()
    assert killed
    assert outcome(found.folder) == outcome(here.folder)
    pd.testing.assert_frame_equal(found.themes.assignments, here.themes.assignments)


def test_what_is_made_again_takes_the_place_of_what_was_there(stories, tmp_path):
    folder = write_parts(tmp_path / "in", stories, [100], group=50)
    found = process(folder, tmp_path, n_sample=60, n_themes=3)
    (found.folder / "oud-00000.parquet").write_bytes(b"")
    before = outcome(process(folder, tmp_path, n_sample=60, n_themes=3).folder)
    assert [path.name for path in sorted(found.folder.iterdir())] == [
        "deel-0-00000.parquet",
        "deel-0-00001.parquet",
    ]
    scale._mask(scale._parts(folder, "text")[0], *_parts_of_masking(folder), found.folder)
    scale._clear(found.folder, f"*{scale.MASKED}")
    assert outcome(found.folder) == before


def _parts_of_masking(folder):
    part = scale._parts(folder, "text")[0]
    _, words = scale._count(part)
    rules = scale.Rules()
    known, seen = scale._look(part, words, rules, scale._keys([]))
    return seen, words, rules, known


def test_all_files_that_do_not_fit_are_named_at_once(stories, tmp_path, monkeypatch):
    monkeypatch.setattr(scale, "MAX_ROWS", 20)
    folder = write_parts(tmp_path / "in", stories, [10, 30])
    parquet.write_table(pa.table({"narrative_id": ["a"], "verhaal": ["b"]}), folder / "kolom.parquet")
    parquet.write_table(
        pa.table({"narrative_id": ["c"], "teller_id": ["d"], "text": [1]}), folder / "soort.parquet"
    )
    (folder / "stuk.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError) as caught:
        process(folder, tmp_path)
    assert sorted((problem.where, problem.what) for problem in caught.value.problems) == [
        ("deel-1.parquet", "Een blok (row group) heeft 30 verhalen."),
        ("kolom.parquet", "Kolommen ontbreken: ‘text’, ‘teller_id’."),
        ("soort.parquet", "In de kolom ‘text’ staat geen tekst."),
        ("stuk.parquet", "Dit bestand is niet te lezen als Parquet."),
    ]
    assert not (tmp_path / "verhalen").exists()


def test_a_folder_without_stories_is_refused(tmp_path):
    with pytest.raises(InputError, match="geen verhalen in Parquet"):
        process(tmp_path, tmp_path)


def test_a_number_that_stands_twice_is_refused_before_anything_is_made(stories, tmp_path):
    folder = write_parts(tmp_path / "in", stories.iloc[[0, 1, 2, 0]], [2, 2])
    with pytest.raises(InputError, match="1 keer komt een nummer"):
        process(folder, tmp_path)
    assert not (tmp_path / "verhalen").exists()


def test_the_stories_themselves_are_never_replaced(stories, tmp_path):
    folder = write_parts(tmp_path / "verhalen", stories, [20])
    with pytest.raises(InputError, match="in plaats van de verhalen zelf"):
        process(folder, tmp_path)
    assert [path.name for path in folder.iterdir()] == ["deel-0.parquet"]


def test_a_story_without_a_number_is_refused(tmp_path):
    (tmp_path / "in").mkdir()
    parquet.write_table(
        pa.table({"narrative_id": ["a", None], "text": ["b", "c"]}), tmp_path / "in" / "x.parquet"
    )
    with pytest.raises(InputError, match="1 verhalen hebben geen nummer"):
        process(tmp_path / "in", tmp_path)


def test_without_the_extra_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=re.escape('pip install "wijkanalyse[schaal]"')):
        process(tmp_path, tmp_path)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "http://x", "nergens"])
def test_a_cluster_that_cannot_be_reached_is_named(address, stories, tmp_path, monkeypatch):
    monkeypatch.setattr(scale, "PATIENCE", 0.5)
    with pytest.raises(InputError, match="niet te bereiken") as caught:
        process(write_parts(tmp_path / "in", stories, [20]), tmp_path, cluster=address)
    assert caught.value.problems[0].where == f"--cluster {address}"


def test_a_cluster_without_fitting_workers_is_refused(stories, tmp_path):
    from distributed import LocalCluster

    folder = write_parts(tmp_path / "in", stories, [20])
    with (
        LocalCluster(n_workers=0, **{**OWN, "security": None}) as cluster,
        pytest.raises(InputError, match="geen werkers"),
    ):
        process(folder, tmp_path, cluster=cluster.scheduler_address)


def test_a_worker_fits_when_it_sees_the_folder_and_keeps_its_memory(tmp_path):
    with dask.config.set(SETTINGS):
        assert scale._fit(str(tmp_path))
        assert not scale._fit(str(tmp_path / "elders"))
        with dask.config.set({"distributed.worker.memory.spill": 0.7}):
            assert not scale._fit(str(tmp_path))


def test_what_goes_wrong_is_said_without_what_it_was_about(stories, tmp_path):
    part = scale._parts(write_parts(tmp_path / "in", stories, [20]), "text")[0]
    with pytest.raises(InputError) as caught:
        scale._assign("deel", ({"Jolijn": 1}, {}), tmp_path)
    assert "Jolijn" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.problems[0].what == "Een stap is misgegaan (FileNotFoundError in _assign)."
    with pytest.raises(InputError, match=r"KeyError in _look") as caught:
        scale._look(part, CorpusWords.count([]), scale.Rules(), _Failing())
    assert "Jolijn" not in str(caught.value)


class _Failing:
    """Stands for whatever breaks halfway: its message holds a name."""

    def __array__(self, *_, **__):
        raise KeyError("Jolijn")


def test_what_workers_are_given_says_nothing_of_its_words():
    span = Span(start=0, end=6, kind="persoon", label="buurvrouw", rule="lijst:naam")
    known = Known({None: {"jolijn": (("v1", "text"), span)}})
    words = CorpusWords.count([])
    words.lower["jolijn"] = 2
    assert (
        "jolijn" not in repr((known, words, scale.Rules.of(add={"Jolijn": "naam"}, keep=["Jolijn"]))).lower()
    )
