"""Where everything is found: the layers in their order, and the pass over the corpus that knows all of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from itertools import chain

from wijkanalyse.corpus import Corpus, Role
from wijkanalyse.parallel import each
from wijkanalyse.privacy.decisions import KEEP, Decisions
from wijkanalyse.privacy.identifiers import Span, find_identifiers
from wijkanalyse.privacy.names import find_again, find_names, name_forms
from wijkanalyse.privacy.voice import find_with_model
from wijkanalyse.privacy.words import CorpusWords, Words, fold, is_function_word, split_words

MASKED_COLUMNS = ("text", "title")
CHUNK = 500  # texts that one process gets at a time
_A_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One text to mask: a narrative, its title, or what stands beside it."""

    narrative_id: str
    teller_id: str
    column: str
    text: str = field(repr=False)

    @property
    def address(self) -> tuple[str, str, str]:
        """Narrative, column and text, as `Decisions` asks for them."""
        return self.narrative_id, self.column, self.text

    @property
    def rank(self) -> tuple[str, str]:
        """Place in the order of all texts; what belongs to no narrative comes last."""
        return self.narrative_id or "\U0010ffff", self.column


def masked_pieces(corpus: Corpus) -> list[Piece]:
    """Return all texts of a corpus that are masked, sorted by narrative and column."""
    # Perspective and context stand beside a text; people type "Jolijn (wijkteam)" there.
    beside = [spec.name for role in (Role.PERSPECTIVE, Role.CONTEXT) for spec in corpus.with_role(role)]
    frame = corpus.frame
    pieces = [
        Piece(narrative_id=row[0], teller_id=row[1], column=name, text=row[2])
        for name in (*MASKED_COLUMNS, *beside)
        if name in frame
        for row in zip(frame["narrative_id"], frame["teller_id"], frame[name], strict=True)
        if isinstance(row[2], str)
    ]
    return sorted(pieces, key=lambda piece: (piece.narrative_id, piece.column))


@dataclass(frozen=True, eq=False, repr=False)
class Chunk:
    """Some of the texts. Their words are split once in a process; to another process only the texts go."""

    pieces: Sequence[Piece]

    @cached_property
    def words(self) -> list[Words]:
        """The words of every text."""
        return [split_words(piece.text) for piece in self.pieces]

    def __reduce__(self) -> tuple[type[Chunk], tuple[Sequence[Piece]]]:
        return Chunk, (self.pieces,)


@dataclass(frozen=True, kw_only=True, repr=False)
class Rules:
    """What people said beforehand."""

    added: Sequence[tuple[re.Pattern[str], str]] = ()
    kept: frozenset[str] = frozenset()
    decisions: Decisions | None = None

    @classmethod
    def of(cls, *, add: Mapping[str, str], keep: Iterable[str], decisions: Decisions | None = None) -> Rules:
        """Return the rules of `mask`."""
        added = tuple(
            (re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE), role)
            for phrase, role in add.items()
        )
        return cls(added=added, kept=frozenset(fold(word) for word in keep), decisions=decisions)

    def stays(self, piece: Piece, span: Span) -> bool:
        """Tell whether a place stays readable."""
        decided = self.decisions and self.decisions.verdict(*piece.address, span.start, span.end)
        return decided["verdict"] == KEEP if decided else fold(piece.text[span.start : span.end]) in self.kept


#: Folded single names: in which text each was accepted first, and the span.
Names = dict[str, tuple[tuple[str, str], Span]]


class Known(dict[str | None, Names]):
    """Names accepted by each teller, and under None what holds everywhere. It says nothing of them: a worker may print what it was given."""

    def __repr__(self) -> str:
        return f"<names of {len(self)}>"


@dataclass(frozen=True, kw_only=True, repr=False)
class Look:
    """What a first look at some texts gave; no word of them, but for the names that were accepted."""

    found: list[list[Span]]
    closed: list[list[Span]]  #: what stays readable is no place for the next look either
    known: Known


def find_all(
    pieces: Sequence[Piece],
    *,
    add: Mapping[str, str],
    keep: Iterable[str],
    decisions: Decisions | None,
    voice: str | None,
    n_jobs: int = 1,
) -> list[list[Span]]:
    """Return the spans of all texts; three passes, because a name found in one text is known in all."""
    # Decisions are read from a file that is open here, so those are followed on one core.
    n_jobs = 1 if decisions else n_jobs
    size = max(1, len(pieces) if n_jobs == 1 else CHUNK)
    starts = range(0, len(pieces), size)
    chunks = [Chunk(pieces[start : start + size]) for start in starts]
    rules = Rules.of(add=add, keep=keep, decisions=decisions)
    words = CorpusWords.together(each(count_words, chunks, n_jobs=n_jobs))
    heard = find_with_model([piece.text for piece in pieces], voice) if voice else [()] * len(pieces)
    where = Counter(teller for chunk in chunks for teller in {piece.teller_id for piece in chunk.pieces})
    first = partial(look, words=words, rules=rules, shared={teller for teller in where if where[teller] > 1})
    voices = [heard[start : start + size] for start in starts]
    looks = list(each(first, chunks, voices, n_jobs=n_jobs))
    known = merged(one.known for one in looks)
    again = partial(look_again, words=words, rules=rules, known=known)
    return [spans for found in each(again, chunks, looks, n_jobs=n_jobs) for spans in found]


def count_words(chunk: Chunk) -> CorpusWords:
    """Return how often some texts have each word; the first pass."""
    return CorpusWords.count(chunk.words)


def look(
    chunk: Chunk,
    heard: Sequence[Iterable[Span]] | None = None,
    *,
    words: CorpusWords,
    rules: Rules,
    shared: Container[str] = (),
) -> Look:
    """Return what stands in some texts by decision, form, name and model; the second pass.

    Parameters
    ----------
    chunk : Chunk
    heard : sequence of iterable of Span, optional
        What a language model heard in each text.
    words : CorpusWords
        Of the whole corpus.
    rules : Rules
    shared : container of str
        Tellers who also stand in other chunks: their own names go along.
    """
    found: list[list[Span]] = []
    closed: list[list[Span]] = []
    decisions = rules.decisions
    for piece, tokens, voices in zip(
        chunk.pieces, chunk.words, heard or [()] * len(chunk.pieces), strict=True
    ):
        by_hand = decisions.masked(*piece.address) if decisions else ()
        by_form, named = find_identifiers(piece.text, tokens), find_names(tokens, words)
        layers = (by_hand, _added(piece.text, rules.added), by_form, named, voices)
        spans = _without_overlap(piece.text, chain.from_iterable(layers))
        some_stay = rules.kept or decisions
        closed.append([span for span in spans if rules.stays(piece, span)] if some_stay else [])
        found.append([span for span in spans if span not in closed[-1]] if closed[-1] else spans)
    known = Known({None: _accepted(chunk.pieces, found, minimum=0.75, long_only=True)})
    known.update((teller, names) for teller, names in _own(chunk, found) if teller in shared)
    return Look(found=found, closed=closed, known=known)


def look_again(
    chunk: Chunk, seen: Look, *, words: CorpusWords, rules: Rules, known: Known
) -> list[list[Span]]:
    """Return all spans of some texts: also where a name returns that was accepted elsewhere; the third pass."""
    everywhere = _in_all_forms(known[None])
    own = {}
    for teller, names in _own(chunk, seen.found):
        both = merged([Known({None: names}), Known({None: known.get(teller, {})})])
        own[teller] = _in_all_forms(both[None])
    outcome = []
    for piece, tokens, found, closed in zip(chunk.pieces, chunk.words, seen.found, seen.closed, strict=True):
        taken = _taken(piece.text, [*found, *closed])
        again = find_again(tokens, taken, everywhere, words, own[piece.teller_id])
        outcome.append(sorted([*found, *(span for span in again if not rules.stays(piece, span))]))
    return outcome


def merged(parts: Iterable[Known]) -> Known:
    """Return what several parts know; of a name that was accepted in several texts, what the first of these says."""
    whole = Known({None: {}})
    for part in parts:
        for teller, names in part.items():
            known = whole.setdefault(teller, {})
            for name, one in names.items():
                known[name] = min(one, known.get(name, one))
    return whole


def _own(chunk: Chunk, found: Sequence[Sequence[Span]]) -> Iterator[tuple[str, Names]]:
    """Yield for each teller her names: within her own stories every name that was seen at all is that person."""
    by_teller: dict[str, list[int]] = {}
    for i, piece in enumerate(chunk.pieces):
        by_teller.setdefault(piece.teller_id, []).append(i)
    for teller, rows in by_teller.items():
        pieces, spans = [chunk.pieces[i] for i in rows], [found[i] for i in rows]
        yield teller, _accepted(pieces, spans, minimum=0.6, long_only=False)


def _added(text: str, patterns: Sequence[tuple[re.Pattern[str], str]]) -> list[Span]:
    found = [(*match.span(), role) for pattern, role in patterns for match in pattern.finditer(text)]
    kinds = {"naam": "persoon"}
    return [
        Span(start=start, end=end, kind=kinds.get(role, "organisatie"), label=role, rule="toegevoegd")
        for start, end, role in found
    ]


def _without_overlap(text: str, spans: Iterable[Span]) -> list[Span]:
    """Keep the earlier of two overlapping spans in the order given, and the words of the later that stick out."""
    kept: list[Span] = []
    taken = bytearray(len(text))
    for span in spans:
        if not any(taken[span.start : span.end]):
            kept.append(span)
        else:
            words = [
                match.span()
                for match in _A_WORD.finditer(text, span.start, span.end)
                if match[0][0].isupper()
            ]
            kept += [replace(span, start=start, end=end) for start, end in words if not any(taken[start:end])]
        taken[span.start : span.end] = b"\x01" * (span.end - span.start)
    return sorted(kept)


def _taken(text: str, spans: Iterable[Span]) -> bytearray:
    taken = bytearray(len(text))
    for span in spans:
        taken[span.start : span.end] = b"\x01" * (span.end - span.start)
    return taken


def _accepted(
    pieces: Sequence[Piece], found: Sequence[Sequence[Span]], *, minimum: float, long_only: bool
) -> Names:
    """Return the single words of accepted names."""
    accepted: Names = {}
    for piece, spans in zip(pieces, found, strict=True):
        for span in spans:
            if span.kind not in ("persoon", "plaats") or span.confidence < minimum:
                continue
            for part, folded in _parts_of(piece.text[span.start : span.end]):
                if len(part) >= (4 if long_only else 3):
                    accepted.setdefault(folded, (piece.rank, span))
    return accepted


def _in_all_forms(names: Names) -> dict[str, Span]:
    """Return names in all the forms in which they return; where two share a form, as the first of these."""
    forms: Names = {}
    for name, one in names.items():
        for form in name_forms(name):
            forms[form] = min(one, forms.get(form, one))
    return {form: span for form, (_, span) in forms.items()}


@lru_cache(maxsize=10_000)
def _parts_of(name: str) -> list[tuple[str, str]]:
    """Return the words of a name that can stand for it, each also folded."""
    return [(part, fold(part)) for part in _A_WORD.findall(name) if not is_function_word(part.lower())]
