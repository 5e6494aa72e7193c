"""Where everything is found: the layers in their order, and the pass over the corpus that knows all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from wijkanalyse.corpus import Corpus, Role
from wijkanalyse.privacy.decisions import KEEP, Decisions
from wijkanalyse.privacy.identifiers import Span, find_identifiers
from wijkanalyse.privacy.names import find_again, find_names, name_forms
from wijkanalyse.privacy.voice import find_with_model
from wijkanalyse.privacy.words import CorpusWords, fold, is_function_word, split_words

MASKED_COLUMNS = ("text", "title")
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


def find_all(
    pieces: Sequence[Piece],
    *,
    add: Mapping[str, str],
    keep: Iterable[str],
    decisions: Decisions | None,
    voice: str | None,
) -> list[list[Span]]:
    """Return the spans of all texts; three passes, because a name found in one text is known in all."""
    texts = [piece.text for piece in pieces]
    words = [split_words(text) for text in texts]
    corpus_words = CorpusWords.count(words)
    kept = {fold(word) for word in keep}
    added = [
        (re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE), role)
        for phrase, role in add.items()
    ]
    voices = find_with_model(texts, voice) if voice else [[] for _ in texts]

    def stays(piece: Piece, span: Span) -> bool:
        decided = decisions and decisions.verdict(*piece.address, span.start, span.end)
        return decided["verdict"] == KEEP if decided else fold(piece.text[span.start : span.end]) in kept

    found: list[list[Span]] = []
    closed: list[list[Span]] = []  # what stays is no place for the next pass either
    for piece, tokens, heard in zip(pieces, words, voices, strict=True):
        by_hand = decisions.masked(*piece.address) if decisions else ()
        by_form, named = find_identifiers(piece.text, tokens), find_names(tokens, corpus_words)
        layers = (by_hand, _added(piece.text, added), by_form, named, heard)
        spans = _without_overlap(piece.text, chain.from_iterable(layers))
        closed.append([span for span in spans if stays(piece, span)] if kept or decisions else [])
        found.append([span for span in spans if span not in closed[-1]] if closed[-1] else spans)
    accepted_everywhere = _accepted(texts, found, minimum=0.75, long_only=True)
    by_teller: dict[str, list[int]] = {}
    for i, piece in enumerate(pieces):
        by_teller.setdefault(piece.teller_id, []).append(i)
    for indices in by_teller.values():
        # Within one teller's stories every name that was seen at all is that person.
        own = _accepted(
            [texts[i] for i in indices], [found[i] for i in indices], minimum=0.6, long_only=False
        )
        for i in indices:
            taken = _taken(texts[i], [*found[i], *closed[i]])
            again = find_again(words[i], taken, accepted_everywhere, corpus_words, own)
            found[i] = sorted([*found[i], *(span for span in again if not stays(pieces[i], span))])
    return found


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
    texts: Sequence[str], found: Sequence[Sequence[Span]], *, minimum: float, long_only: bool
) -> dict[str, Span]:
    """Return the folded single words of accepted names, in all the forms in which they return."""
    accepted: dict[str, Span] = {}
    for text, spans in zip(texts, found, strict=True):
        for span in spans:
            if span.kind not in ("persoon", "plaats") or span.confidence < minimum:
                continue
            for part, forms in _forms_of(text[span.start : span.end]):
                if len(part) >= (4 if long_only else 3):
                    for form in forms:
                        accepted.setdefault(form, span)
    return accepted


@lru_cache(maxsize=10_000)
def _forms_of(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the words of a name that can stand for it, each with the folded forms in which it returns."""
    parts = _A_WORD.findall(name)
    return [(part, tuple(name_forms(fold(part)))) for part in parts if not is_function_word(part.lower())]
