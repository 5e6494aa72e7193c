"""More stories than one computer holds: the same stages, partition by partition, here or on a cluster of Dask.

A partition is a row group of a Parquet file. Tasks get a path and read it themselves, so no story passes through the
scheduler; what they hand over are counts of words, accepted names and places. Themes are found in a sample by a hash of the
number of each story, and every other story is laid beside them. So neither order nor partitions matter to the outcome.
"""

from __future__ import annotations

import hashlib
import io
import logging
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import wraps
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

SAMPLE = 5_000  # stories in which the themes are found; with fewer it is all of them
MAX_ROWS = 100_000  # stories in a partition: what one worker holds, about 1 GB while it masks
STORIES = "verhalen"  # folder with the outcome
MASKED = ".gemaskeerd.parquet"  # what comes behind the name of a part while themes are sought
TELLER, NO_THEME = "teller_id", "Past nergens"
LOCAL = "lokaal"
TOGETHER = 8  # parts that are put together at once, so that no worker gets them all
#: What waits in a worker may hold names, so it stays in memory; and nobody looks in over the network.
SETTINGS = {
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
Array = np.ndarray[Any, np.dtype[Any]]


class Part(NamedTuple):
    """A partition: a row group of a file."""

    path: str
    group: int
    columns: tuple[str, ...]  #: narrative_id, the one with text, and teller_id where there is one

    @property
    def name(self) -> str:
        """Name of the file with the outcome."""
        return f"{Path(self.path).stem}-{self.group:05d}.parquet"


@dataclass(frozen=True, kw_only=True)
class AtScale:
    """What came out: the sample with its themes, and where all stories are."""

    corpus: Corpus
    themes: Themes = field(repr=False)
    n_narratives: int
    folder: Path  #: Parquet: narrative_id, theme_id, theme, weight, text (masked)


def process(
    folder: Path,
    out: Path,
    *,
    cluster: str | None = None,
    text: str = "text",
    scheme: Scheme | None = None,
    n_themes: int | None = None,
    add: Sequence[str] = (),
    keep: Sequence[str] = (),
    n_sample: int = SAMPLE,
    random_state: int = 2022,
    report: Callable[[str, int, int], None] = lambda *_: None,
) -> AtScale:
    """Mask all stories in a folder of Parquet, find themes in a sample, and write the theme of every story.

    Parameters
    ----------
    folder : Path
        Its `.parquet` files have narrative_id and a column of text; teller_id when tellers told more than one.
    out : Path
        The outcome comes in its folder `verhalen`; what stands there of an earlier time is replaced.
    cluster : str, optional
        Address of a scheduler of Dask (``tcp://…``, ``tls://…``), or "lokaal" for a worker per core. Default this process.
    text : str
        Name of the column with stories.
    scheme, n_themes, random_state
        As in `find_themes`.
    add, keep : sequence of str
        As in `mask`. No language model takes part. Numbers of people and places hold within one story.
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
    with _client(cluster, folder) as client:
        how = {"scheduler": client or "sync"}

        def shared(value: Any) -> Any:
            return client.scatter(value, broadcast=True) if client else dask.delayed(value, traverse=False)

        report("Woorden tellen", 0, 4)
        counted = dask.persist(*(dask.delayed(_count)(part) for part in parts), **how)
        first, second = (dask.delayed(itemgetter(i)) for i in range(2))
        keys = dask.compute(*map(first, counted), **how)
        every = np.sort(np.concatenate([ids for ids, _ in keys]))
        _refuse_doubles(every, folder)
        tellers, n_parts = np.unique(np.concatenate([told for _, told in keys]), return_counts=True)
        report("Maskeren", 1, 4)
        rules, spread = (
            shared(Rules.of(add=dict.fromkeys(add, "naam"), keep=keep)),
            shared(tellers[n_parts > 1]),
        )
        words = _folded(dask.delayed(CorpusWords.together), [second(one) for one in counted])
        looks = [dask.delayed(_look)(part, words, rules, spread) for part in parts]
        known = _folded(dask.delayed(merged), [first(one) for one in looks])
        _clear(out)
        dask.compute(
            *(dask.delayed(_mask)(part, second(seen), words, rules, known, out) for part, seen in zip(parts, looks, strict=True)), **how
        )  # fmt: skip
        report("Thema’s zoeken in een steekproef", 2, 4)
        corpus = _sample(
            parts, out, every[min(n_sample, len(every)) - 1], f"{folder.name}, {len(every)} verhalen"
        )
        themes = find_themes(corpus, scheme=scheme, n_themes=n_themes, random_state=random_state)
        report("Elk verhaal bij een thema leggen", 3, 4)
        columns = themes.assignments[["narrative_id", "theme_id", "weight"]]
        found = {name: (theme, weight) for name, theme, weight in columns.itertuples(index=False)}
        model = shared((Assigner.learn(themes), found))
        dask.compute(*(dask.delayed(_assign)(part.name, model, out) for part in parts), **how)
    _clear(out, f"*{MASKED}")
    return AtScale(corpus=corpus, themes=themes, n_narratives=len(every), folder=out)


def _quietly(task: Callable[..., Any]) -> Callable[..., Any]:
    """Let a worker say what went wrong and never on which words: its log stands on another machine."""

    @wraps(task)
    def quiet(*arguments: Any) -> Any:
        try:
            return task(*arguments)
        except WijkError:
            raise
        except Exception as error:  # noqa: BLE001 - said again, without what it was about
            raise InputError.one(
                what=f"Een stap is misgegaan ({type(error).__name__}, {task.__name__.strip('_')}).",
                where=str(getattr(arguments[0], "name", arguments[0])),
                expected="bestanden die elke werker kan lezen, en een map waarin hij mag schrijven",
                now="Controleer dat op de computer van de werker en begin opnieuw; er wordt niets dubbel bewaard.",
            ) from None

    return quiet


@_quietly
def _count(part: Part) -> tuple[tuple[Array, Array], CorpusWords]:
    chunk = _chunk(part)
    ids = _keys(piece.narrative_id for piece in chunk.pieces)
    return (ids, np.unique(_keys(piece.teller_id for piece in chunk.pieces))), count_words(chunk)


@_quietly
def _look(part: Part, words: CorpusWords, rules: Rules, spread: Array) -> tuple[Known, bytes]:
    chunk = _chunk(part)
    tellers = [piece.teller_id for piece in chunk.pieces]
    elsewhere = {teller for teller, far in zip(tellers, np.isin(_keys(tellers), spread), strict=True) if far}
    seen = look(chunk, words=words, rules=rules, shared=elsewhere)
    return seen.known, zlib.compress(
        pickle.dumps(replace(seen, known=Known()))
    )  # a tenth; they all wait in memory


@_quietly
def _mask(part: Part, packed: bytes, words: CorpusWords, rules: Rules, known: Known, out: Path) -> None:
    chunk = _chunk(part)
    spans = look_again(chunk, pickle.loads(zlib.decompress(packed)), words=words, rules=rules, known=known)  # noqa: S301
    ids = [piece.narrative_id for piece in chunk.pieces]
    texts = [numbered(piece, found) for piece, found in zip(chunk.pieces, spans, strict=True)]
    _write(out / f"{part.name}{MASKED}", {"narrative_id": ids, "text": texts})


@_quietly
def _assign(name: str, model: tuple[Assigner, Mapping[str, tuple[int, float]]], out: Path) -> None:
    assigner, found = model
    ids, texts = _columns(out / f"{name}{MASKED}", 0, ["narrative_id", "text"])
    laid = zip(*assigner.assign(texts), strict=True)
    # What took part in finding the themes is where it was found, as on the page.
    rows = [
        found.get(narrative, (int(theme), float(weight)))
        for narrative, (theme, weight) in zip(ids, laid, strict=True)
    ]
    theme_ids = [theme for theme, _ in rows]
    labels = [assigner.labels.get(theme, NO_THEME) for theme in theme_ids]
    weights = [weight for _, weight in rows]
    _write(
        out / name,
        {"narrative_id": ids, "theme_id": theme_ids, "theme": labels, "weight": weights, "text": texts},
    )


def _chunk(part: Part) -> Chunk:
    """Return the stories of a partition, by number; without a teller everybody told one."""
    ids, texts, *rest = _columns(Path(part.path), part.group, list(part.columns))
    if None in ids:
        raise InputError(
            [_problem(part.path, f"{ids.count(None)} verhalen hebben geen nummer (narrative_id).")]
        )
    told = rest[0] if rest else [None] * len(ids)
    pieces = [
        Piece(
            narrative_id=str(one),
            teller_id=f"t-{one}" if who is None else str(who),
            column="text",
            text=text or "",
        )
        for one, who, text in zip(ids, told, texts, strict=True)
    ]
    return Chunk(sorted(pieces, key=lambda piece: piece.narrative_id))


def _keys(names: Iterable[str]) -> Array:
    """Return a number per name; the lowest are the sample, so that neither order nor partitions choose."""
    return np.array(
        [int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) for name in names],
        dtype=np.uint64,
    )


def _columns(path: Path, group: int, names: list[str]) -> list[list[Any]]:
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        table = file.read_row_group(group, columns=names)
    return [table[name].to_pylist() for name in names]


def _write(path: Path, columns: Mapping[str, list[Any]]) -> None:
    """Write a partition at once or not at all, so that one that is made twice is there once."""
    import pyarrow as pa
    from pyarrow import parquet

    content = io.BytesIO()
    parquet.write_table(pa.table(dict(columns)), content)
    corpus = _corpus(columns["narrative_id"], columns["narrative_id"], columns["text"], path.name)
    write_file(path, content.getvalue(), corpus, audience=Audience.WORKBENCH)


def _corpus(ids: list[str], tellers: list[str], texts: list[str], source: str) -> Corpus:
    import pandas as pd

    labels = {"narrative_id": "Verhaalnummer", "teller_id": "Verteller", "title": "Titel", "text": "Verhaal"}
    frame = pd.DataFrame({"narrative_id": ids, "teller_id": tellers, "title": "", "text": texts})
    return Corpus(
        frame=frame, status=PrivacyStatus.MASKED,
        columns=tuple(ColumnSpec(name=name, label=label, role=Role(name)) for name, label in labels.items()),
        provenance=Provenance(source=source, versions=package_versions(), steps=(f"{today()}: gemaskeerd per deel",)),
    )  # fmt: skip


def _sample(parts: Sequence[Part], out: Path, limit: int, source: str) -> Corpus:
    """Return the masked stories whose number has a key up to `limit`; tellers are named by their first story."""
    told: dict[str, tuple[str, str]] = {}
    for part in parts:
        ids, texts = _columns(out / f"{part.name}{MASKED}", 0, ["narrative_id", "text"])
        chosen = {ids[i]: texts[i] for i in np.flatnonzero(_keys(ids) <= limit)}
        names = [part.columns[0], part.columns[-1]]
        for one, who in zip(*_columns(Path(part.path), part.group, names), strict=True):
            if str(one) in chosen:
                told[str(one)] = (
                    f"{one}" if len(part.columns) < 3 or who is None else f"t{who}",
                    chosen[str(one)],
                )
    ids = sorted(told)
    first: dict[str, str] = {}
    tellers = [f"t-{first.setdefault(told[one][0], one)}" for one in ids]
    return _corpus(ids, tellers, [told[one][1] for one in ids], source)


def _folded(function: Callable[[list[Any]], Any], parts: list[Any]) -> Any:
    """Put parts together a few at a time, so that no worker gets them all."""
    while len(parts) > 1:
        parts = [function(parts[at : at + TOGETHER]) for at in range(0, len(parts), TOGETHER)]
    return parts[0]


def _clear(out: Path, pattern: str = "*.parquet*") -> None:
    for path in out.glob(pattern):
        path.unlink()


def _problem(path: str | Path, what: str) -> Problem:
    return Problem(
        what=what,
        where=Path(path).name,
        expected=f"Parquet met narrative_id en tekst, in blokken van hoogstens {MAX_ROWS} verhalen; teller_id overal of nergens",
        now="Schrijf dit bestand opnieuw, of haal het uit de map. Er is nog niets gemaakt.",
    )


def _parts(folder: Path, text: str) -> list[Part]:
    """Return the partitions of a folder, after a look at the columns of every file."""
    from pyarrow import ArrowException, types
    from pyarrow.parquet import ParquetFile

    problems, opened = [], {}
    for path in sorted(folder.glob("*.parquet")):
        try:
            with ParquetFile(path) as file:
                opened[path] = (
                    file.schema_arrow,
                    [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)],
                )
        except (OSError, ArrowException):
            problems.append(_problem(path, "Dit bestand is niet te lezen als Parquet."))
    with_teller = any(TELLER in schema.names for schema, _ in opened.values())
    columns = ("narrative_id", text, *([TELLER] if with_teller else []))
    for path, (schema, sizes) in opened.items():
        if missing := [name for name in columns if name not in schema.names]:
            problems.append(_problem(path, f"Kolommen ontbreken: {list_names(missing)}."))
        elif not (types.is_string(kind := schema.field(text).type) or types.is_large_string(kind)):
            problems.append(_problem(path, f"In de kolom ‘{text}’ staat geen tekst."))
        if max(sizes, default=0) > MAX_ROWS:
            problems.append(_problem(path, f"Een blok in dit bestand heeft {max(sizes)} verhalen."))
    parts = [
        Part(str(path.resolve()), group, columns)
        for path, (_, sizes) in opened.items() for group, size in enumerate(sizes) if size
    ]  # fmt: skip
    if not parts and not problems:
        problems.append(_problem(folder, "In deze map staan geen verhalen in Parquet."))
    if problems:
        raise InputError(problems)
    return parts


def _refuse_doubles(keys: Array, folder: Path) -> None:
    if n := int((keys[1:] == keys[:-1]).sum()):
        raise InputError([_problem(folder, f"{n} nummers van verhalen (narrative_id) komen vaker voor.")])


def _library() -> Any:
    try:
        import dask
        import distributed  # noqa: F401
        import pyarrow as pa  # noqa: F401
    except ImportError as error:
        raise InputError.one(
            what="Voor een map met Parquet is Dask nodig, en dat is niet geïnstalleerd.",
            where="wijkanalyse verwerk",
            expected="een omgeving met de uitbreiding ‘schaal’",
            now='Installeer die met: pip install "wijkanalyse[schaal]". Zonder gaat een gewoon bestand wel.',
        ) from error
    return dask


@contextmanager
def _client(cluster: str | None, folder: Path) -> Iterator[Any]:
    """Give a client of a cluster, or none; a cluster of our own is on this computer only, and encrypted."""
    if cluster is None:
        yield None
        return
    import dask
    from distributed import Client, LocalCluster

    with dask.config.set(SETTINGS), ExitStack() as stack:
        try:
            own = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": logging.ERROR}
            address = stack.enter_context(LocalCluster(security=True, **own)) if cluster == LOCAL else cluster
            client = stack.enter_context(Client(address, timeout=10, set_as_default=False))
        except (OSError, ValueError) as error:
            raise _no_cluster(cluster, "Dit cluster is niet te bereiken.") from error
        seen = client.run(_seen, str(folder.resolve()))
        if not seen:
            raise _no_cluster(cluster, "Dit cluster heeft geen werkers.")
        if blind := sum(not sees for sees, _ in seen.values()):
            raise _no_cluster(cluster, f"{blind} van de {len(seen)} werkers zien de map met verhalen niet.")
        if spilling := sum(spills for _, spills in seen.values()):
            raise _no_cluster(
                cluster, f"{spilling} van de {len(seen)} werkers mogen namen op hun schijf zetten."
            )
        yield client


def _seen(folder: str) -> tuple[bool, bool]:
    """Tell, on a worker, whether it sees the stories, and whether it may lay on a disk what it holds."""
    import dask

    memory = dask.config.get("distributed.worker.memory")
    return Path(folder).is_dir(), bool(memory["target"] or memory["spill"])


def _no_cluster(cluster: str, what: str) -> InputError:
    return InputError.one(
        what=what,
        where=f"--cluster {cluster}",
        expected="‘lokaal’, of het adres van een scheduler van Dask (tcp://… of tls://…) met werkers die dezelfde map zien en geheugen niet op schijf zetten",
        now="Start de werkers zoals docs/schaal.md het zegt, of laat --cluster weg.",
    )
