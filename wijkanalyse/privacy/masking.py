"""Masking: every place that points to somebody becomes a placeholder that keeps role and relation.

"mijn buurvrouw Fatima van 73" → "mijn [buurvrouw 1] van [leeftijd 70–79]". The outcome is pseudonymised
text, never more: what happened to a person can still give her away. A person checks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wijkanalyse.corpus import Corpus, PrivacyStatus, Role, today
from wijkanalyse.errors import PrivacyError, list_names
from wijkanalyse.privacy.entities import Entities
from wijkanalyse.privacy.identifiers import Span, find_identifiers
from wijkanalyse.privacy.names import find_again, find_names, name_forms
from wijkanalyse.privacy.report import make_report
from wijkanalyse.privacy.words import CorpusWords, fold, is_function_word, split_words

MASKED_COLUMNS = ("text", "title")


def mask(corpus: Corpus, *, keep: Iterable[str] = (), add: Mapping[str, str] | Iterable[str] = ()) -> Corpus:
    """Replace everything that points to a person by a placeholder that keeps role and relation.

    Parameters
    ----------
    corpus : Corpus
        A corpus that is masked already is returned as it is.
    keep : iterable of str
        Words that stay readable, such as the name of the programme everybody knows.
    add : mapping of str to str, or iterable of str
        Words or phrases to mask wherever they stand (also in lower case), with what the placeholder says:
        ``{"De Wissel": "wijkteam"}``. Without a role the placeholder says "naam".

    Returns
    -------
    Corpus
        Status `gemaskeerd`, with `privacy_report`. Titles are masked along with the text.

    Notes
    -----
    Layers, in order: `add`; structured identifiers by form and check digit; names by cue ("buurvrouw …"),
    name list and capital; a pass over the corpus for the same names in lower case, genitive and diminutive.
    What none of them sees stays: unusual lower-cased names, and facts that only one person can have lived.

    Examples
    --------
    >>> import wijkanalyse as wa
    >>> corpus = wa.mask(wa.load_sample(raw=True))  # doctest: +SKIP
    """
    if corpus.status is not PrivacyStatus.RAW:
        return corpus
    import pandas as pd

    wanted = dict(add) if isinstance(add, Mapping) else dict.fromkeys(add, "naam")
    # Perspective and context stand beside a text; people type "Jolijn (wijkteam)" there.
    beside = [spec.name for role in (Role.PERSPECTIVE, Role.CONTEXT) for spec in corpus.with_role(role)]
    columns = [name for name in (*MASKED_COLUMNS, *beside) if name in corpus.frame]
    frame = corpus.frame.copy()
    pieces = [
        _Piece(narrative_id=row[0], teller_id=row[1], column=name, text=row[2])
        for name in columns
        for row in zip(frame["narrative_id"], frame["teller_id"], frame[name], strict=True)
        if isinstance(row[2], str)
    ]
    spans = _find_all([piece.text for piece in pieces], [piece.teller_id for piece in pieces], wanted, keep)
    order = sorted(range(len(pieces)), key=lambda i: (pieces[i].narrative_id, pieces[i].column))
    entities = Entities()
    who = {
        (i, span): entities.resolve(span, pieces[i].text[span.start : span.end], pieces[i].teller_id)
        for i in order
        for span in spans[i]
    }
    placeholders = entities.placeholders()
    masked: dict[tuple[str, str], str] = {}
    rows = []
    for i in order:
        piece = pieces[i]
        named = [(span, placeholders[who[i, span]]) for span in spans[i]]
        masked[piece.narrative_id, piece.column] = render(piece.text, named)
        rows += [
            (piece.narrative_id, piece.column, s.start, s.end, s.kind, s.rule, s.confidence, placeholder)
            for s, placeholder in named
        ]
    for name in columns:
        frame[name] = [
            masked.get((narrative_id, name), value)
            for narrative_id, value in zip(frame["narrative_id"], frame[name], strict=True)
        ]
    fields = ["narrative_id", "column", "start", "end", "kind", "rule", "confidence", "placeholder"]
    report = make_report(corpus, pd.DataFrame(rows, columns=fields))
    return corpus.with_changes(
        step=f"{today()}: gemaskeerd, {len(rows)} plekken",
        frame=frame,
        status=PrivacyStatus.MASKED,
        privacy_report=report,
    )


#: Kinds that no text may hold that was masked elsewhere: their form leaves no doubt.
CERTAIN_KINDS = frozenset({"bsn", "iban", "email", "telefoon"})


def refuse_unmasked(corpus: Corpus) -> None:
    """Refuse a corpus that is said to be masked and plainly is not.

    Raises
    ------
    PrivacyError
        With the kinds and the number of stories; never with the text.
    """
    found: dict[str, int] = {}
    stories = set()
    for narrative_id, text in zip(corpus.frame["narrative_id"], corpus.frame["text"], strict=True):
        for span in find_identifiers(text):
            if span.kind in CERTAIN_KINDS and span.confidence >= 0.95:
                found[span.kind] = found.get(span.kind, 0) + 1
                stories.add(narrative_id)
    if found:
        kinds = ", ".join(f"{n} × {kind}" for kind, n in sorted(found.items()))
        raise PrivacyError.one(
            what=f"Deze verhalen zouden gemaskeerd zijn, maar er staan nog gegevens van mensen in: {kinds}.",
            where=f"{len(stories)} verhalen uit {corpus.provenance.source}: {list_names(sorted(stories))}",
            expected="verhalen zonder telefoonnummers, e-mailadressen, rekeningen en burgerservicenummers",
            now="Maskeer eerst: laat weg dat de verhalen elders gemaskeerd zijn. Of haal deze gegevens weg.",
        )


@dataclass(frozen=True, kw_only=True)
class _Piece:
    narrative_id: str
    teller_id: str
    column: str
    text: str


def _find_all(
    texts: Sequence[str], tellers: Sequence[str], add: Mapping[str, str], keep: Iterable[str]
) -> list[list[Span]]:
    """Return the spans of all texts; three passes, because a name found in one text is known in all."""
    words = [split_words(text) for text in texts]
    corpus_words = CorpusWords.count(words)
    kept = {fold(word) for word in keep}
    added = [
        (re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE), role)
        for phrase, role in add.items()
    ]
    found: list[list[Span]] = []
    for text, tokens in zip(texts, words, strict=True):
        spans = _without_overlap(
            [*_added(text, added), *find_identifiers(text), *find_names(tokens, corpus_words)]
        )
        found.append([span for span in spans if fold(text[span.start : span.end]) not in kept])
    accepted_everywhere = _accepted(texts, found, minimum=0.75, long_only=True)
    by_teller: dict[str, list[int]] = {}
    for i, teller in enumerate(tellers):
        by_teller.setdefault(teller, []).append(i)
    for indices in by_teller.values():
        # Within one teller's stories every name that was seen at all is that person.
        own = _accepted(
            [texts[i] for i in indices], [found[i] for i in indices], minimum=0.6, long_only=False
        )
        for i in indices:
            known = {**accepted_everywhere, **own}
            if not known:
                continue
            again = find_again(words[i], _taken(texts[i], found[i]), known, corpus_words, own)
            found[i] = sorted([*found[i], *(s for s in again if fold(texts[i][s.start : s.end]) not in kept)])
    return found


def _added(text: str, patterns: Sequence[tuple[re.Pattern[str], str]]) -> list[Span]:
    return [
        Span(
            start=match.start(),
            end=match.end(),
            kind="organisatie" if role != "naam" else "persoon",
            label=role,
            rule="toegevoegd",
        )
        for pattern, role in patterns
        for match in pattern.finditer(text)
    ]


def _without_overlap(spans: Iterable[Span]) -> list[Span]:
    """Keep the earlier of two overlapping spans in the order given; the result is sorted."""
    kept: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
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
            for part in re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", text[span.start : span.end]):
                if len(part) < (4 if long_only else 3) or is_function_word(part.lower()):
                    continue
                for form in name_forms(fold(part)):
                    accepted.setdefault(form, span)
    return accepted


def render(text: str, placeholders: Sequence[tuple[Span, str]]) -> str:
    """Return a text with spans replaced; "mijn zoon Daan" becomes "mijn [zoon 1]", not "zoon [zoon 1]"."""
    out, position = [], 0
    for span, placeholder in sorted(placeholders, key=lambda item: item[0].start):
        before = text[position : span.start]
        role = placeholder.strip("[]").rsplit(" ", 1)[0]
        if span.kind == "persoon" and (doubled := re.search(rf"(?i)(?<!\w){re.escape(role)}\s$", before)):
            before = before[: doubled.start()]
        out += [before, placeholder]
        position = span.end
    return "".join([*out, text[position:]])
