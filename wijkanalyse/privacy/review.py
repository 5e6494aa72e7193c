"""The review: a person decides about places, in context, the most uncertain first. No screen in here.

The widget shows what this class holds and calls its verbs; a script can do the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.privacy.cues import CUES, ORGANISATION_CUES
from wijkanalyse.privacy.decisions import (
    BY_HAND,
    KEEP,
    KINDS,
    MASK,
    PLACE,
    READ,
    WORD,
    Decisions,
    Store,
    whole_words,
    word_spans,
)
from wijkanalyse.privacy.doubts import find_doubts
from wijkanalyse.privacy.finding import Piece, masked_pieces
from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.masking import mask
from wijkanalyse.privacy.words import CorpusWords, Words, fold, is_function_word, split_words

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus

MAX_USES = 3  #: of a name in lower case: more often it is a word
#: What a placeholder can say → the kind of place; the choices of the review.
ROLES: dict[str, str] = {
    "naam": "persoon", "persoon": "persoon", "plaats": "plaats", "wijk": "plaats", "straat": "straat", "organisatie": "organisatie",
    **dict.fromkeys(sorted({role for _, role in CUES.values()}), "persoon"),
    **{role: "school" if "school" in role else "organisatie" for role in sorted(set(ORGANISATION_CUES.values()))},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place to decide about: masked by a rule, or let go with a doubt. Offsets in the source text of its column."""

    id: str
    narrative_id: str
    column: str
    span: Span = field(repr=False)
    placeholder: str = ""  #: empty for a doubt: it is not masked now
    verdict: str = ""  #: "maskeren", "laten staan", or empty

    @property
    def is_masked(self) -> bool:
        """Whether the place is masked as things stand."""
        return self.verdict == MASK or (not self.verdict and bool(self.placeholder))

    @property
    def uncertainty(self) -> float:
        """How much a person is needed, 0–1: a weak rule, or a likely miss."""
        if self.verdict:
            return 0.0
        return 1 - self.span.confidence if self.placeholder else 0.5 + self.span.confidence / 2


class Review:
    """What there is to decide about in a masked corpus.

    Parameters
    ----------
    corpus : Corpus
        Masked in this session: its key must still be in memory.
    store : Store
        Where decisions go: a project.

    Raises
    ------
    PrivacyError
        When the source texts are not in memory.
    """

    def __init__(self, corpus: Corpus, store: Store) -> None:
        if getattr(corpus.key, "raw", None) is None:
            raise PrivacyError.one(
                what="De tekst van vóór het maskeren is er niet, dus er valt niets na te kijken.",
                where=f"corpus uit {corpus.provenance.source}, ‘{corpus.status}’",
                expected="een corpus dat in deze zitting is gemaskeerd",
                now="Laad de verhalen opnieuw en doe corpus = wa.mask(corpus, project=project).",
            )
        self.store = store
        self._is_masked_anew = any(store.decisions(kind) for kind in KINDS)
        self._load(corpus)
        ranked = sorted(self.stories, key=lambda story: (-self.uncertainty(story), story))
        self.order: tuple[str, ...] = tuple(ranked)  #: most uncertain first; stays as it is while one works

    def __repr__(self) -> str:
        return f"<Review {self.n_read} van {len(self.stories)} verhalen nagekeken>"

    @property
    def corpus(self) -> Corpus:
        """The corpus as decided: masked once more, with what people decided before all rules."""
        self._mask_anew()
        return self._corpus

    @property
    def n_read(self) -> int:
        """How many narratives are done."""
        return sum(self.is_done(story) for story in self.stories)

    def pieces(self, narrative_id: str) -> list[Piece]:
        """Return the source texts of a narrative: title, text, then what stands beside it."""
        order = {"title": "", "text": " "}
        return sorted(self.stories[narrative_id], key=lambda piece: order.get(piece.column, piece.column))

    def title(self, narrative_id: str) -> str:
        """Return the masked title of a narrative, to find it by."""
        return self._titles.get(narrative_id) or ""

    def places(self, narrative_id: str) -> list[Place]:
        """Return the places of a narrative, in reading order of each text."""
        if narrative_id not in self._places:
            self._places[narrative_id] = list(self._find_places(narrative_id))
        return self._places[narrative_id]

    def uncertainty(self, narrative_id: str) -> float:
        """Return how uncertain the most uncertain open place of a narrative is, 0–1."""
        return max((place.uncertainty for place in self.places(narrative_id)), default=0.0)

    def n_open(self, narrative_id: str) -> int:
        """Return how many places of a narrative nobody has decided about."""
        return sum(not place.verdict for place in self.places(narrative_id))

    def is_done(self, narrative_id: str) -> bool:
        """Tell whether a person has read the narrative as it is and every place in it is decided."""
        texts = [piece.text for piece in self.stories[narrative_id]]
        return self._decisions.is_read(narrative_id, texts) and not self.n_open(narrative_id)

    def decide(
        self, place: Place, *, masked: bool, role: str | None = None, everywhere: bool = False
    ) -> None:
        """Mask a place or leave it; with `everywhere` the same word is always, or never, masked."""
        self._record(
            {self._subject(place, everywhere): self._value(place, masked, role)},
            action=("altijd " if masked else "nooit ") + "gemaskeerd"
            if everywhere
            else "plek gemaskeerd" if masked else "plek laten staan",
        )  # fmt: skip
        self._places.clear() if everywhere else self._places.pop(place.narrative_id, None)

    def add(self, narrative_id: str, column: str, start: int, end: int, *, role: str = "naam") -> None:
        """Mask words that no rule saw; the selection is widened to whole words and to the masked places it touches.

        Raises
        ------
        InputError
            When there is no word in the selection.
        """
        piece = next(piece for piece in self.stories[narrative_id] if piece.column == column)
        found = whole_words(piece.text, start, end)
        if found is None:
            raise InputError.one(
                what="In deze selectie staat geen woord.", where=f"verhaal {narrative_id}",
                expected="een of meer hele woorden", now="Selecteer de naam zelf.",
            )  # fmt: skip
        start, end = found
        places = [place for place in self.places(narrative_id) if place.column == column]
        for place in places:
            # Whoever selects "Vries" of a masked "Anna de Vries" does not want Anna back.
            if place.is_masked and place.span.start < found[1] and place.span.end > found[0]:
                start, end = min(start, place.span.start), max(end, place.span.end)
        values: dict[tuple[str, str], Any] = {
            # What lies inside is decided along with it.
            self._subject(place): self._value(place, False, None)
            for place in places
            if place.span.start < end and place.span.end > start
        }
        span = Span(
            start=start, end=end, kind=ROLES.get(role, "persoon"), label=role, rule=BY_HAND, confidence=1.0
        )  # fmt: skip
        place = Place(id="", narrative_id=narrative_id, column=column, span=span)
        self._record(
            {**values, self._subject(place): self._value(place, True, role)}, action="plek toegevoegd"
        )
        self._places.pop(narrative_id, None)

    def read(self, narrative_id: str) -> None:
        """Say that a narrative was read and is right as it is: every open place is decided as it stands."""
        values = {
            self._subject(place): self._value(place, place.is_masked, None)
            for place in self.places(narrative_id)
            if not place.verdict
        }
        texts = [piece.text for piece in self.stories[narrative_id]]
        values[READ, self._decisions.read_key(narrative_id, texts)] = {
            "narrative_id": narrative_id,
            "who": self.store.who,
        }
        self._record(values, action="verhaal nagekeken")
        self._places.pop(narrative_id, None)

    def undo(self) -> str:
        """Undo the last decision; return the narrative that it was about, empty when there is no decision."""
        held = self._held()
        touched = self.store.undo(KINDS)
        held = {**self._held(), **held}
        if self._is_masked_anew:
            # What a decision kept from being found is a place again; only masking once more finds it.
            self._mask_anew()
        self._forget()
        return next((held[key]["narrative_id"] for key in touched), "")

    def _held(self) -> dict[tuple[str, str], Any]:
        return {
            (kind, subject): value for kind in KINDS for subject, value in self.store.decisions(kind).items()
        }

    def _mask_anew(self) -> None:
        key = self._corpus.key
        self._load(mask(key.raw, **key.arguments, project=self.store))
        self._is_masked_anew = True

    def _load(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self.stories: dict[str, list[Piece]] = {}
        for piece in masked_pieces(corpus.key.raw):
            self.stories.setdefault(piece.narrative_id, []).append(piece)
        self._findings = dict(list(corpus.privacy_report.findings.groupby("narrative_id")))
        self._words = CorpusWords.count(
            split_words(piece.text) for pieces in self.stories.values() for piece in pieces
        )
        frame = corpus.frame
        self._titles = dict(zip(frame["narrative_id"], frame.get("title", ""), strict=False))
        people = set(corpus.privacy_report.findings.query("kind == 'persoon'")["placeholder"])
        table = corpus.key.table()
        names = table.loc[table["placeholder"].isin(people), "original"]
        # A word that these stories use all the time is the word, not the person.
        self._names = {
            fold(name)
            for name in names
            if len(name) > 2 and name.isalpha() and self._words.lower[name.lower()] <= MAX_USES
        }
        self._forget()

    def _forget(self) -> None:
        self._decisions = Decisions(self.store)
        self._places: dict[str, list[Place]] = {}

    def _record(self, values: Mapping[tuple[str, str], Any], *, action: str) -> None:
        self.store.decide(values, action=action)
        self._decisions = Decisions(self.store)

    def _find_places(self, narrative_id: str) -> Iterator[Place]:
        found = self._findings.get(narrative_id)
        rows = [] if found is None else list(found.itertuples())
        for piece in self.pieces(narrative_id):
            masked = {
                Span(start=row.start, end=row.end, kind=row.kind, label=row.label, rule=row.rule, confidence=row.confidence): row.placeholder
                for row in rows
                if row.column == piece.column
            }  # fmt: skip
            words, taken = split_words(piece.text), bytearray(len(piece.text))
            placeholders = {(span.start, span.end, span.label): masked[span] for span in masked}
            spans: list[tuple[Span, str]] = []
            for span in (*(span for span, _ in self._decisions.decided(*piece.address)), *masked):
                if not any(taken[span.start : span.end]):
                    spans.append((span, placeholders.get((span.start, span.end, span.label), "")))
                    taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            for span in (*_named_elsewhere(words, self._names), *find_doubts(words, taken, self._words)):
                if not any(taken[span.start : span.end]):
                    spans.append((span, ""))
                    taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            for number, (span, placeholder) in enumerate(sorted(spans)):
                decided = self._decisions.verdict(*piece.address, span.start, span.end) or {}
                yield Place(
                    id=f"{piece.column}-{number}", narrative_id=narrative_id, column=piece.column, span=span,
                    placeholder=placeholder, verdict=decided.get("verdict", ""),
                )  # fmt: skip

    def _subject(self, place: Place, everywhere: bool = False) -> tuple[str, str]:
        piece = next(piece for piece in self.stories[place.narrative_id] if piece.column == place.column)
        start, end = place.span.start, place.span.end
        if everywhere:
            return WORD, self._decisions.word_key(piece.text[start:end])
        return PLACE, self._decisions.place_key(*piece.address, start, end)

    def _value(self, place: Place, masked: bool, role: str | None) -> dict[str, Any]:
        piece = next(piece for piece in self.stories[place.narrative_id] if piece.column == place.column)
        start, end = place.span.start, place.span.end
        return {
            "verdict": MASK if masked else KEEP,
            "kind": ROLES.get(role, "persoon") if role else place.span.kind,
            "label": role or place.span.label,
            "rule": place.span.rule,
            "size": len(word_spans(piece.text[start:end])),
            "narrative_id": place.narrative_id,
        }


def _named_elsewhere(words: Words, names: set[str]) -> Iterator[Span]:
    """Yield words that are masked as a name somewhere else: likely misses."""
    for index, word in enumerate(words):
        if word.folded in names and not is_function_word(word.lower):
            start, end = words.span(index, index)
            yield Span(
                start=start, end=end, kind="persoon", label="persoon", rule="twijfel:elders", confidence=0.45
            )
