"""A Dutch spaCy model of the user as an extra voice, when one is installed. Nothing is downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError
from wijkanalyse.privacy.identifiers import Span

if TYPE_CHECKING:
    from spacy.language import Language

KNOWN_MODELS = ("nl_core_news_lg", "nl_core_news_md", "nl_core_news_sm")
# Labels of Dutch models: the news corpora of SoNaR, and older ones.
_KINDS = {
    "PERSON": "persoon", "PER": "persoon", "GPE": "plaats", "LOC": "plaats", "FAC": "plaats",
}  # fmt: skip
_CONFIDENCE = 0.7  # it hears more than it should: below what is accepted everywhere


def model_name(wanted: str | None) -> str | None:
    """Return the model to ask: the wanted one, or with "auto" the largest that is installed; None without."""
    if wanted != "auto":
        return wanted
    return next((name for name in KNOWN_MODELS if find_spec(name) is not None), None)


def find_with_model(texts: Sequence[str], name: str) -> list[list[Span]]:
    """Return the persons and places that a model hears in each text.

    Raises
    ------
    InputError
        When the model is not there, or cannot find names.
    """
    language = _load(name)
    return [
        [_span(entity) for entity in doc.ents if entity.label_ in _KINDS and entity.text[:1].isalnum()]
        for doc in language.pipe(texts, batch_size=64)
    ]


def _span(entity: Any) -> Span:
    kind = _KINDS[entity.label_]
    return Span(
        start=entity.start_char, end=entity.end_char, kind=kind, label=kind, rule="taalmodel", confidence=_CONFIDENCE
    )  # fmt: skip


def _load(name: str) -> Language:
    import spacy

    try:
        language = spacy.load(name)
    except (OSError, ValueError) as error:
        raise InputError.one(
            what="Dit taalmodel is er niet of past niet bij deze versie van spaCy.",
            where=f"model=‘{name}’",
            expected=f"een geïnstalleerd Nederlands model, zoals {KNOWN_MODELS[1]}, of een map met een model",
            now="Installeer het, of laat model= weg; maskeren gaat ook zonder.",
        ) from error
    if not {"ner", "entity_ruler", "span_ruler"} & set(language.pipe_names):
        raise InputError.one(
            what="Dit taalmodel kan geen namen herkennen.",
            where=f"model=‘{name}’",
            expected="een model met ‘ner’",
            now="Kies een ander model, of laat model= weg.",
        )
    return language
