"""More stories than one computer holds: the same stages, part by part, here or on a cluster of Dask.

A part is a row group of a Parquet file. A task gets its path and reads it, so no story passes through the scheduler; tasks
hand over counts of words, accepted names and places. Themes are found in a sample by a hash of each story's number, and
every other story is laid beside them: neither order nor parts matter to the outcome.
"""

from __future__ import annotations

import io
import logging
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial, wraps
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role, package_versions, today
from wijkanalyse.errors import InputError, Problem, WijkError, list_names
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.finding import Chunk, Known, Piece, Rules, count_words, look, look_again, merged
from wijkanalyse.privacy.gate import Audience
from wijkanalyse.privacy.masking import numbered
from wijkanalyse.privacy.words import CorpusWords
from wijkanalyse.themes.assigning import Assigner
from wijkanalyse.themes.model import find_themes

if TYPE_CHECKING:
    from wijkanalyse.coding.scheme import Scheme
    from wijkanalyse.themes.result import Themes

SAMPLE = 5_000  # stories in which the themes are found; of fewer it is all
MAX_ROWS = 100_000  # stories in a part: what one worker holds at a time
PATIENCE = 10  # seconds to find a cluster
TOGETHER = 8  # parts that are put together at once, so that no worker gets them all
ID, TELLER, STORIES, LOCAL, NO_THEME = "narrative_id", "teller_id", "verhalen", "lokaal", "Past nergens"
MASKED = ".gemaskeerd.parquet"  # behind the name of a part while themes are sought
#: What waits in a worker may hold names, so it stays in memory; and nobody looks in over the network.
SETTINGS = {
    "distributed.worker.memory.target": False, "distributed.worker.memory.spill": False,
    "distributed.scheduler.http.routes": [], "distributed.worker.http.routes": [],
}  # fmt: skip
#: A cluster of our own is on this computer only, and encrypted, for others may use that too.
OWN = {
    "threads_per_worker": 1, "security": True, "silence_logs": logging.ERROR,
    "dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False},
}  # fmt: skip
Array = np.ndarray[Any, np.dtype[Any]]


class Part(NamedTuple):
    """A row group of a file."""

    path: str
    group: int
    columns: tuple[str, ...]  #: narrative_id, the one with text, and teller_id where there is one

    @property
    def name(self) -> str:
        """Name of the file with the outcome."""
        return f"{Path(self.path).stem}-{self.group:05d}.parquet"


class AtScale(NamedTuple):
    """The sample, its themes, how many stories there are, and the folder (Parquet) with the theme of each."""

    corpus: Corpus
    themes: Themes
    n_narratives: int
    folder: Path


def process(
    folder: Path,
    out: Path,
    *,
    cluster: str | None = None,
    text: str = "text",
    scheme: Scheme | None = None,
    n_themes: int | None = None,
    add: Sequence[str] = (),
    n_sample: int = SAMPLE,
    report: Callable[[str, int, int], None] = lambda *_: None,
) -> AtScale:
    """Mask all stories in a folder of Parquet, find themes in a sample, and write the theme of every story.

    Parameters
    ----------
    folder : Path
        Its `.parquet` files have narrative_id and a column of text; teller_id when tellers told more than one.
    out : Path
        In its folder `verhalen` come narrative_id, theme_id, theme, weight and the masked text, in place of an earlier outcome.
    cluster : str, optional
        Address of a scheduler of Dask (tcp://… or tls://…), or "lokaal" for a worker per core. Default this process.
    text : str
        Name of the column with stories.
    scheme, n_themes, add
        As in `find_themes` and `mask`. A number of a person or place holds within one story; no language model takes part.
    n_sample : int
    report : callable
        Called with (step, done, total).

    Raises
    ------
    InputError
        When Dask is missing, the cluster cannot be used, or files do not have the columns; of all files at once.
    """
    dask = _library()
    parts, out = _parts(folder, text), out / STORIES
    if out.resolve() == folder.resolve():
        raise InputError(
            [_problem(folder, "De uitkomst zou in plaats van de verhalen zelf komen; kies een andere --uit.")]
        )
    with _client(cluster, folder) as client:
        how = {"scheduler": client or "sync"}
        first, second = (dask.delayed(itemgetter(i)) for i in range(2))

        # In the graph, not scattered: what was scattered is lost with the one worker that kept it, and cannot be made again.
        shared = partial(dask.delayed, traverse=False)

        report("Woorden tellen", 0, 4)
        counted = dask.persist(*(dask.delayed(_count)(part) for part in parts), **how)
        keys = dask.compute(*map(first, counted), **how)
        every = np.sort(np.concatenate([ids for ids, _ in keys]))
        if n := int((every[1:] == every[:-1]).sum()):
            raise InputError([_problem(folder, f"{n} keer komt een nummer (narrative_id) nog eens voor.")])
        tellers, n_parts = np.unique(np.concatenate([told for _, told in keys]), return_counts=True)

        report("Maskeren", 1, 4)
        rules = shared(Rules.of(add=dict.fromkeys(add, "naam"), keep=()))
        spread = shared(tellers[n_parts > 1])
        words = _folded(dask.delayed(CorpusWords.together), [second(one) for one in counted])
        looks = [dask.delayed(_look)(part, words, rules, spread) for part in parts]
        known = _folded(dask.delayed(merged), [first(one) for one in looks])
        masking = dask.delayed(_mask)
        _clear(out)
        pairs = zip(parts, looks, strict=True)
        dask.compute(*(masking(part, second(seen), words, rules, known, out) for part, seen in pairs), **how)

        report("Thema’s zoeken in een steekproef", 2, 4)
        corpus = _sample(parts, out, every[min(n_sample, len(every)) - 1], f"{folder.name} (steekproef)")
        themes = find_themes(corpus, scheme=scheme, n_themes=n_themes)

        report("Elk verhaal bij een thema leggen", 3, 4)
        columns = themes.assignments[[ID, "theme_id", "weight"]].itertuples(index=False)
        model = shared((Assigner.learn(themes), {name: (theme, weight) for name, theme, weight in columns}))
        dask.compute(*(dask.delayed(_assign)(part.name, model, out) for part in parts), **how)
    _clear(out, f"*{MASKED}")
    return AtScale(corpus, themes, len(every), out)


def _quietly(task: Callable[..., Any]) -> Callable[..., Any]:
    """Let a worker say that something went wrong and never on which words: its log stands on another machine."""

    @wraps(task)
    def quiet(part: Any, *arguments: Any) -> Any:
        try:
            return task(part, *arguments)
        except WijkError:
            raise
        except Exception as error:  # noqa: BLE001 - raised again without what it was about
            what = f"Een stap is misgegaan ({type(error).__name__} in {task.__name__})."
        raise InputError([_problem(getattr(part, "name", part), what)])

    return quiet


@_quietly
def _count(part: Part) -> tuple[tuple[Array, Array], CorpusWords]:
    chunk = _chunk(part)
    tellers = _keys(piece.teller_id for piece in chunk.pieces)
    return (_keys(piece.narrative_id for piece in chunk.pieces), np.unique(tellers)), count_words(chunk)


@_quietly
def _look(part: Part, words: CorpusWords, rules: Rules, spread: Array) -> tuple[Known, bytes]:
    chunk = _chunk(part)
    tellers = [piece.teller_id for piece in chunk.pieces]
    elsewhere = {teller for teller, far in zip(tellers, np.isin(_keys(tellers), spread), strict=True) if far}
    seen = look(chunk, words=words, rules=rules, shared=elsewhere)
    return seen.known, zlib.compress(pickle.dumps(replace(seen, known=Known())))  # all parts wait in memory


@_quietly
def _mask(part: Part, seen: bytes, words: CorpusWords, rules: Rules, known: Known, out: Path) -> None:
    chunk, first_look = _chunk(part), pickle.loads(zlib.decompress(seen))  # noqa: S301 - our own, from `_look`
    spans = look_again(chunk, first_look, words=words, rules=rules, known=known)
    told = {
        ID: [piece.narrative_id for piece in chunk.pieces],
        TELLER: _keys(piece.teller_id for piece in chunk.pieces).view(np.int64).tolist(),
        "text": [numbered(piece, found) for piece, found in zip(chunk.pieces, spans, strict=True)],
    }
    _write(out / f"{part.name}{MASKED}", told)


@_quietly
def _assign(name: str, model: tuple[Assigner, Mapping[str, tuple[int, float]]], out: Path) -> None:
    assigner, found = model
    ids, texts = _columns(out / f"{name}{MASKED}", 0, (ID, "text"))
    laid = zip(*(values.tolist() for values in assigner.assign(texts)), strict=True)
    # What took part in finding the themes is where it was found, as on the page.
    rows = [found.get(narrative, one) for narrative, one in zip(ids, laid, strict=True)]
    theme_ids, weights = [theme for theme, _ in rows], [weight for _, weight in rows]
    labels = [assigner.labels.get(theme, NO_THEME) for theme in theme_ids]
    _write(out / name, {ID: ids, "theme_id": theme_ids, "theme": labels, "weight": weights, "text": texts})


def _chunk(part: Part) -> Chunk:
    """Return the stories of a part, by number; without a teller everybody told one."""
    ids, texts, *rest = _columns(Path(part.path), part.group, part.columns)
    if None in ids:
        raise InputError([_problem(part.path, f"{ids.count(None)} verhalen hebben geen nummer.")])
    tellers = rest[0] if rest else [None] * len(ids)
    pieces = [
        Piece(narrative_id=str(one), teller_id=f"{ID} {one}" if who is None else str(who), column="text", text=told or "")
        for one, who, told in zip(ids, tellers, texts, strict=True)
    ]  # fmt: skip
    return Chunk(sorted(pieces, key=lambda piece: piece.narrative_id))


def _keys(names: Iterable[str]) -> Array:
    """Return a number per name. The stories with the lowest are the sample: neither order nor parts choose."""
    digests = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8")


def _columns(path: Path, group: int, names: Sequence[str]) -> list[list[Any]]:
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        table = file.read_row_group(group, columns=list(names))
    return [table[name].to_pylist() for name in names]


def _write(path: Path, columns: dict[str, list[Any]]) -> None:
    """Write a part at once or not at all, so that one that is made twice is there once."""
    import pyarrow as pa
    from pyarrow import parquet

    content = io.BytesIO()
    parquet.write_table(pa.table(columns), content)
    corpus = _corpus(columns[ID], columns[ID], columns["text"], path.name)
    write_file(path, content.getvalue(), corpus, audience=Audience.WORKBENCH)


def _corpus(ids: list[str], tellers: list[str], texts: list[str], source: str) -> Corpus:
    import pandas as pd

    labels = {ID: "Verhaalnummer", TELLER: "Verteller", "title": "Titel", "text": "Verhaal"}
    return Corpus(
        frame=pd.DataFrame({ID: ids, TELLER: tellers, "title": "", "text": texts}), status=PrivacyStatus.MASKED,
        columns=tuple(ColumnSpec(name=name, label=label, role=Role(name)) for name, label in labels.items()),
        provenance=Provenance(source=source, steps=(f"{today()}: gemaskeerd per deel",), versions=package_versions()),
    )  # fmt: skip


def _sample(parts: Sequence[Part], out: Path, limit: int, source: str) -> Corpus:
    """Return the masked stories whose number has a key up to `limit`; a teller is called after her first story."""
    told: list[tuple[str, int, str]] = []
    for part in parts:
        ids, tellers, texts = _columns(out / f"{part.name}{MASKED}", 0, (ID, TELLER, "text"))
        told += [(ids[i], tellers[i], texts[i]) for i in np.flatnonzero(_keys(ids) <= limit)]
    first: dict[int, str] = {}
    told.sort()
    tellers = [f"t-{first.setdefault(teller, one)}" for one, teller, _ in told]
    return _corpus([one for one, _, _ in told], tellers, [text for _, _, text in told], source)


def _folded(function: Callable[[list[Any]], Any], parts: list[Any]) -> Any:
    while len(parts) > 1:
        parts = [function(parts[at : at + TOGETHER]) for at in range(0, len(parts), TOGETHER)]
    return parts[0]


def _clear(out: Path, pattern: str = "*.parquet") -> None:
    for path in out.glob(pattern):
        path.unlink()


def _parts(folder: Path, text: str) -> list[Part]:
    """Return the parts of a folder, after a look at the columns of every file."""
    from pyarrow import ArrowException, types
    from pyarrow.parquet import ParquetFile

    problems, opened = [], {}
    for path in sorted(folder.glob("*.parquet")):
        try:
            with ParquetFile(path) as file:
                sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
                if any(sizes):  # a part that nothing fell in has columns without a kind
                    opened[path] = file.schema_arrow, sizes
        except (OSError, ArrowException):
            problems.append(_problem(path, "Dit bestand is niet te lezen als Parquet."))
    told = [TELLER] if any(TELLER in schema.names for schema, _ in opened.values()) else []
    for path, (schema, sizes) in opened.items():
        if missing := [name for name in (ID, text, *told) if name not in schema.names]:
            problems.append(_problem(path, f"Kolommen ontbreken: {list_names(missing)}."))
        elif not (types.is_string(schema.field(text).type) or types.is_large_string(schema.field(text).type)):
            problems.append(_problem(path, f"In de kolom ‘{text}’ staat geen tekst."))
        if max(sizes, default=0) > MAX_ROWS:
            problems.append(_problem(path, f"Een blok (row group) heeft {max(sizes)} verhalen."))
    groups = [
        (path, group) for path, (_, sizes) in opened.items() for group, size in enumerate(sizes) if size
    ]
    if not groups and not problems:
        problems.append(_problem(folder, "In deze map staan geen verhalen in Parquet."))
    if problems:
        raise InputError(problems)
    return [Part(str(path.resolve()), group, (ID, text, *told)) for path, group in groups]


def _problem(path: str | Path, what: str) -> Problem:
    return Problem(
        what=what, where=Path(path).name,
        expected=f"Parquet met {ID} en tekst, {TELLER} overal of nergens, blokken tot {MAX_ROWS} verhalen; leesbaar voor elke werker",
        now="Verbeter dit en geef de opdracht opnieuw. Er wordt niets dubbel bewaard.",
    )  # fmt: skip


def _library() -> Any:
    try:
        import dask
        import distributed  # noqa: F401
        import pyarrow as pa  # noqa: F401
    except ImportError as error:
        raise InputError.one(
            what="Voor een map met Parquet is Dask nodig, en dat is niet geïnstalleerd.", where="wijkanalyse verwerk",
            expected="de uitbreiding ‘schaal’", now='Installeer die met: pip install "wijkanalyse[schaal]".',
        ) from error  # fmt: skip
    return dask


@contextmanager
def _client(cluster: str | None, folder: Path) -> Iterator[Any]:
    """Give a client of a cluster, or none."""
    if cluster is None:
        yield None
        return
    import dask
    from distributed import Client, KilledWorker, LocalCluster

    with dask.config.set(SETTINGS), ExitStack() as stack:
        try:
            address = stack.enter_context(LocalCluster(**OWN)) if cluster == LOCAL else cluster
            client = stack.enter_context(Client(address, timeout=PATIENCE, set_as_default=False))
        except (OSError, ValueError) as error:
            raise _no_cluster(cluster, "Dit cluster is niet te bereiken.") from error
        seen = client.run(_fit, str(folder.resolve()))
        if unfit := len(seen) - sum(seen.values()):
            raise _no_cluster(
                cluster,
                f"{unfit} van de {len(seen)} werkers zien de map niet, of schrijven geheugen naar schijf.",
            )
        if not seen:
            raise _no_cluster(cluster, "Dit cluster heeft geen werkers.")
        try:
            yield client
        except KilledWorker as error:
            raise _no_cluster(
                cluster, "Werkers vallen steeds weg; misschien is hun geheugen te klein."
            ) from error


def _fit(folder: str) -> bool:
    """Tell, on a worker, whether it sees the stories and keeps in memory what it holds."""
    import dask

    memory = dask.config.get("distributed.worker.memory")
    return Path(folder).is_dir() and not memory["target"] and not memory["spill"]


def _no_cluster(cluster: str, what: str) -> InputError:
    return InputError.one(
        what=what, where=f"--cluster {cluster}",
        expected="lokaal, of het adres (tcp://… of tls://…) van een scheduler van Dask met werkers die passen",
        now="Start de werkers zoals docs/schaal.md zegt, of laat --cluster weg.",
    )  # fmt: skip
