"""Masking: every place that points to somebody becomes a placeholder that keeps role and relation.

"mijn buurvrouw Fatima van 73" → "mijn [buurvrouw 1] van [leeftijd 70–79]". The outcome is pseudonymised
text, never more: what happened to a person can still give her away. A person reviews it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import Corpus, PrivacyStatus, Role, today
from wijkanalyse.errors import PrivacyError, list_names
from wijkanalyse.language import listing
from wijkanalyse.privacy.decisions import Decisions, Store
from wijkanalyse.privacy.entities import Entities
from wijkanalyse.privacy.finding import Piece, find_all, masked_pieces
from wijkanalyse.privacy.identifiers import Span, find_identifiers
from wijkanalyse.privacy.key import Key
from wijkanalyse.privacy.report import make_report
from wijkanalyse.privacy.voice import model_name

if TYPE_CHECKING:
    import pandas as pd


def mask(
    corpus: Corpus,
    *,
    keep: Iterable[str] = (),
    add: Mapping[str, str] | Iterable[str] = (),
    project: Store | None = None,
    model: str | None = "auto",
    n_jobs: int = 1,
) -> Corpus:
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
    project : Project, optional
        What people decided in `review` holds again; decisions go before rules, `keep` and `add`.
    model : str or None
        A Dutch spaCy model, as an extra voice: its names and places are masked too. "auto" takes the one that is
        installed, if any; nothing is downloaded. None leaves it out.
    n_jobs : int
        Processes to mask with, −1 for one per core; the outcome is the same. It pays from four cores and 10,000 stories on
        (benchmarks/RESULTS.md). With a project it is always one.

    Returns
    -------
    Corpus
        Status `gemaskeerd`, or `nagekeken` when a person has gone through every narrative; with `privacy_report`
        and `key`. Titles are masked along with the text. An option (a column of yes and no) whose label names somebody
        is left out, an answer that does so becomes "anders", and the provenance says how many.

    Notes
    -----
    Layers, in order: decisions; `add`; structured identifiers by form and check digit; names by cue ("buurvrouw …"),
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

    pieces, keep = masked_pieces(corpus), tuple(keep)
    # An option that tellers typed themselves is the label of a column by now, and may be a name.
    options = [spec for spec in corpus.columns if spec.dtype == "bool" and spec.group]
    labels = [Piece(narrative_id="", teller_id="", column=spec.name, text=spec.label) for spec in options]
    # So may what they typed where one answer could be chosen.
    answers = [
        Piece(narrative_id="", teller_id="", column=spec.name, text=answer)
        for spec in corpus.with_role(Role.SIGNIFICATION)
        for answer in sorted({one for one in corpus.frame[spec.name] if isinstance(one, str)})
    ]
    decisions = Decisions(project) if project is not None else None
    wanted = dict(add) if isinstance(add, Mapping) else dict.fromkeys(add, "naam")
    voice = model_name(model)
    found = find_all(
        [*pieces, *labels, *answers], add=wanted, keep=keep, decisions=decisions, voice=voice, n_jobs=n_jobs,
    )  # fmt: skip
    naming = [
        piece
        for piece, spans in zip([*labels, *answers], found[len(pieces) :], strict=True)
        if any(span.kind not in ("leeftijd", "datum") for span in spans)  # "18 jaar of ouder" names nobody
    ]
    named_options = {piece.column for piece in naming if piece in labels}
    named_answers = [piece for piece in naming if piece.column not in named_options]
    found = found[: len(pieces)]
    entities = Entities()
    who = [
        [entities.resolve(span, piece.text[span.start : span.end], piece.teller_id) for span in spans]
        for piece, spans in zip(pieces, found, strict=True)
    ]
    placeholders = entities.placeholders()
    masked: dict[tuple[str, str], str] = {}
    rows = []
    for piece, spans, owners in zip(pieces, found, who, strict=True):
        named = [(span, placeholders[owner]) for span, owner in zip(spans, owners, strict=True)]
        masked[piece.narrative_id, piece.column] = render(piece.text, named)
        rows += [
            (piece.narrative_id, piece.column, s.start, s.end, s.kind, s.label, s.rule, s.confidence, placeholder,
             decisions is not None and decisions.verdict(*piece.address, s.start, s.end) is not None)
            for s, placeholder in named
        ]  # fmt: skip
    frame = corpus.frame.copy()
    for name in dict.fromkeys(piece.column for piece in pieces):
        frame[name] = [
            masked.get((narrative_id, name), value)
            for narrative_id, value in zip(frame["narrative_id"], frame[name], strict=True)
        ]
    for piece in named_answers:
        frame[piece.column] = frame[piece.column].mask(frame[piece.column] == piece.text, "anders")
    frame = frame.drop(columns=named_options)
    findings = pd.DataFrame(rows, columns=list(FINDINGS))
    reviewed = _reviewed(pieces, findings, decisions)
    everybody = len(reviewed) == len(corpus) > 0
    step = f"{today()}: gemaskeerd, {len(rows)} plekken" + (f", met {voice} als extra stem" if voice else "")
    if decisions and reviewed:
        step += (
            f"; nagekeken: {len(reviewed)} van de {len(corpus)} verhalen, door {listing(decisions.readers())}"
        )
    if named_options:
        step += f"; weggelaten keuzes, omdat ze iemand noemen: {len(named_options)}"
    if named_answers:
        step += f"; antwoorden die iemand noemen en nu ‘anders’ zijn: {len(named_answers)}"
    return corpus.with_changes(
        step=step,
        frame=frame,
        columns=tuple(spec for spec in corpus.columns if spec.name not in named_options),
        status=PrivacyStatus.REVIEWED if everybody else PrivacyStatus.MASKED,
        reviewed=reviewed,
        privacy_report=make_report(corpus, findings, len(reviewed)),
        key=Key(corpus, findings, {"keep": keep, "add": wanted, "model": voice}),
    )


#: Columns of the findings: a row per place that is masked; offsets in the source text.
FINDINGS = ("narrative_id", "column", "start", "end", "kind", "label", "rule", "confidence", "placeholder", "decided")  # fmt: skip


def _reviewed(pieces: Sequence[Piece], findings: pd.DataFrame, decisions: Decisions | None) -> frozenset[str]:
    """Return the narratives that a person has read as they are, and of which every place is decided."""
    if decisions is None:
        return frozenset()
    texts: dict[str, list[str]] = {}
    for piece in pieces:
        texts.setdefault(piece.narrative_id, []).append(piece.text)
    undecided = set(findings.loc[~findings["decided"].astype(bool), "narrative_id"])
    return frozenset(
        narrative_id
        for narrative_id, told in texts.items()
        if narrative_id not in undecided and decisions.is_read(narrative_id, told)
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


def replaced(text: str, placeholders: Iterable[tuple[Any, str]]) -> list[tuple[int, int, str]]:
    """Return start, end and placeholder of what is cut out of a text; before "[zoon 1]" the word "zoon" goes too.

    A place is a `Span`, or a row of the findings.
    """
    cuts: list[tuple[int, int, str]] = []
    for span, placeholder in sorted(placeholders, key=lambda item: int(item[0].start)):
        before = text[cuts[-1][1] if cuts else 0 : span.start]
        role = placeholder.strip("[]").rsplit(" ", 1)[0]
        doubled = span.kind == "persoon" and re.search(rf"(?i)(?<!\w){re.escape(role)}\s$", before)
        start = span.start - (len(doubled[0]) if doubled else 0)
        cuts.append((start, span.end, placeholder))
    return cuts


def numbered(piece: Piece, spans: Iterable[Span]) -> str:
    """Return one text with its spans replaced; people and places are numbered within it alone."""
    entities, spans = Entities(), list(spans)
    owners = [entities.resolve(span, piece.text[span.start : span.end], piece.teller_id) for span in spans]
    placeholders = entities.placeholders()
    return render(
        piece.text, [(span, placeholders[owner]) for span, owner in zip(spans, owners, strict=True)]
    )


def render(text: str, placeholders: Iterable[tuple[Any, str]]) -> str:
    """Return a text with spans replaced; "mijn zoon Daan" becomes "mijn [zoon 1]", not "zoon [zoon 1]"."""
    out, position = [], 0
    for start, end, placeholder in replaced(text, placeholders):
        out += [text[position:start], placeholder]
        position = end
    return "".join([*out, text[position:]])
