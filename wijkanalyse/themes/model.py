"""`find_themes` and what it returns: frames that figures, patterns and people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.corpus import Corpus, PrivacyStatus, Provenance, package_versions, today
from wijkanalyse.errors import ThemeError
from wijkanalyse.language import content_lemmas
from wijkanalyse.themes.clustering import NOWHERE, Clusters, Progress, make_clusters, one_thread
from wijkanalyse.themes.engine import Array, layout, theme_similarity
from wijkanalyse.themes.firmness import N_ROUNDS, verdict
from wijkanalyse.themes.naming import name_themes
from wijkanalyse.themes.nearness import nearness, theme_profiles

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme

MIN_USABLE = 12  # under this no grouping is more than chance
MIN_LEMMAS = 3  # a story with fewer content words cannot be placed


@dataclass(frozen=True, eq=False, kw_only=True)
class Themes:
    """Themes that the machine proposes; people name, merge, split or reject them.

    Attributes
    ----------
    topics : pandas.DataFrame
        One row per theme, the largest first: theme_id, label, n_narratives, n_tellers, terms. −1 comes last.
    assignments : pandas.DataFrame
        One row per story: narrative_id, theme_id (−1 = past nergens), weight (share of this theme in the
        story's resemblance to all themes, 0–1), core (share of subsamples in which it stayed with its theme),
        x, y (place on the map), reason (why it is in no theme, else empty).
    memberships : pandas.DataFrame
        One row per story and theme: narrative_id, theme_id, weight; sums to 1 within a story.
    terms : pandas.DataFrame
        theme_id, term, weight (c-TF-IDF), the strongest first.
    firmness : pandas.DataFrame
        theme_id, jaccard, verdict (stevig, patroon, los, te weinig verhalen).
    nearness, profiles : pandas.DataFrame
        Nearness of stories and themes to the codes of the scheme; empty without a scheme.
    curve : pandas.DataFrame
        n_themes, agreement: what the proposed number rests on; empty when the number was given.
    settings : mapping
    """

    topics: pd.DataFrame
    assignments: pd.DataFrame
    memberships: pd.DataFrame
    terms: pd.DataFrame
    firmness: pd.DataFrame
    nearness: pd.DataFrame
    profiles: pd.DataFrame
    curve: pd.DataFrame
    scheme: Scheme | None
    corpus: Corpus = field(repr=False)
    settings: Mapping[str, Any]
    provenance: Provenance
    bertopic: Any = field(repr=False, default=None)

    def __repr__(self) -> str:
        n_nowhere = int((self.assignments["theme_id"] == NOWHERE).sum())
        return (
            f"<Themes {len(self.topics) - (n_nowhere > 0)} thema’s over {len(self.assignments)} verhalen, "
            f"{n_nowhere} past nergens; voorlopig beeld>"
        )

    def stories(self, theme_id: int) -> pd.DataFrame:
        """Return the stories of a theme with their title and text, the most typical first."""
        members = self.assignments[self.assignments["theme_id"] == theme_id]
        order = members.sort_values(["core", "weight", "narrative_id"], ascending=[False, False, True])
        return order.merge(self.corpus.frame, on="narrative_id", how="left")


def find_themes(
    corpus: Corpus,
    *,
    scheme: Scheme | None = None,
    n_themes: int | None = None,
    min_theme_size: int | None = None,
    random_state: int = 2022,
    firmness_rounds: int = N_ROUNDS,
    progress: Progress | None = None,
) -> Themes:
    """Cluster the stories of a corpus into themes, and say how firm each is.

    Parameters
    ----------
    corpus : Corpus
        Masked or reviewed. Row order does not matter.
    scheme : Scheme, optional
        Adds each story's and theme's nearness to its codes. It does not steer the clusters.
    n_themes : int, optional
        Overrules the proposed number (see `Themes.curve`).
    min_theme_size : int, optional
        Themes with fewer stories are dissolved into *past nergens*. Default 3, or 2 under 30 stories.
    random_state : int
        Seed of everything random. Another seed is a way to doubt the outcome.
    firmness_rounds : int
        Subsamples for the firmness; 50 gives a mean that is stable to about 0.03.
    progress : callable, optional
        Called with (step, done, total).

    Returns
    -------
    Themes

    Raises
    ------
    PrivacyError
        When the corpus is still `ruw`.
    ThemeError
        With fewer than 12 usable stories, all alike, or an impossible number of themes.

    Notes
    -----
    Dutch lemmas without stop words → TF-IDF → LSA with max(10, 2k) dimensions → KMeans, carried by BERTopic
    (c-TF-IDF, representation). A theme is what these words have in common in these stories; it says nothing
    about how often something happens in the neighbourhood.

    Examples
    --------
    >>> import wijkanalyse as wa
    >>> themes = wa.find_themes(wa.load_sample(), scheme=wa.load_scheme("opgaven"))  # doctest: +SKIP
    """
    corpus.require(PrivacyStatus.MASKED, purpose="thema’s zoeken")
    report = progress or (lambda *_: None)
    report("Nederlandse woorden", 0, 1)
    frame = corpus.frame
    documents = [content_lemmas(text) for text in frame["text"]]
    usable = np.array([len(document) >= MIN_LEMMAS for document in documents])
    _refuse_small(corpus, documents, usable, n_themes)
    with one_thread():
        chosen = [document for document, use in zip(documents, usable, strict=True) if use]
        result = make_clusters(chosen, n_themes, min_theme_size, random_state, firmness_rounds, report)
        return _assemble(corpus, documents, usable, scheme, result, random_state)


def _assemble(
    corpus: Corpus,
    documents: list[list[str]],
    usable: Array,
    scheme: Scheme | None,
    result: Clusters,
    random_state: int,
) -> Themes:
    import pandas as pd

    frame = corpus.frame
    n = len(frame)
    labels = np.full(n, NOWHERE, dtype=np.int64)
    labels[usable] = result.labels
    core, places = np.zeros(n), np.zeros((n, 2))
    core[usable] = np.where(result.labels >= 0, result.core, 0.0)
    places[usable] = layout(result.points, random_state)
    similarity = np.maximum(theme_similarity(result.vectors.matrix, result.labels), 0)
    share = similarity / np.maximum(similarity.sum(axis=1, keepdims=True), 1e-12)
    weights = np.zeros((n, share.shape[1]))
    weights[usable] = np.round(share, 6)
    reason = np.where(
        ~usable,
        "te weinig woorden",
        np.where(labels == NOWHERE, "ligt tussen de thema’s in, of deelt er geen woorden mee", ""),
    )
    ids = frame["narrative_id"]
    assignments = pd.DataFrame(
        {
            "narrative_id": ids,
            "theme_id": labels,
            "weight": np.where(labels >= 0, weights[np.arange(n), np.maximum(labels, 0)], 0.0),
            "core": np.round(core, 4),
            "x": places[:, 0],
            "y": places[:, 1],
            "reason": reason,
        }
    )
    n_themes = weights.shape[1]
    memberships = pd.DataFrame(
        {
            "narrative_id": np.repeat(ids.to_numpy(), n_themes),
            "theme_id": np.tile(np.arange(n_themes), n),
            "weight": weights.ravel(),
        }
    )
    near = (
        nearness(list(ids), documents, scheme)
        if scheme
        else _empty("narrative_id", "code", "nearness", "words")
    )
    settings = {**result.settings, "n_usable": int(usable.sum()), "scheme": scheme.name if scheme else None}
    return Themes(
        topics=_topics(frame, labels, result),
        assignments=assignments,
        memberships=memberships,
        terms=pd.DataFrame(
            [
                (theme, term, round(weight, 6))
                for theme, terms in enumerate(result.terms)
                for term, weight in terms
            ],
            columns=["theme_id", "term", "weight"],
        ),
        firmness=_firmness(result),
        nearness=near,
        profiles=theme_profiles(near, assignments) if scheme else _empty("theme_id", "code", "share"),
        curve=pd.DataFrame(result.curve, columns=["n_themes", "agreement"]),
        scheme=scheme,
        corpus=corpus,
        settings=settings,
        provenance=Provenance(
            source=corpus.provenance.source,
            corpus_hash=corpus.provenance.corpus_hash,
            steps=(*corpus.provenance.steps, f"{today()}: thema’s gezocht"),
            versions=package_versions(("wijkanalyse", "bertopic", "scikit-learn", "spacy", "simplemma")),
        ),
        bertopic=result.model,
    )


def _topics(frame: pd.DataFrame, labels: Array, result: Clusters) -> pd.DataFrame:
    import pandas as pd

    rows = []
    words_of = [[term for term, _ in terms] for terms in result.terms]
    firm = [
        verdict(jaccard, int(np.sum(result.labels == theme))) in ("stevig", "patroon")
        for theme, jaccard in enumerate(result.jaccard)
    ]
    names = name_themes(result.vectors, result.labels, words_of, firm)
    for theme in [*range(len(names)), NOWHERE]:
        members = frame[labels == theme]
        if members.empty:
            continue
        words = [term for term, _ in result.terms[theme]] if theme >= 0 else []
        label = names[theme] if theme >= 0 else "Past nergens"
        rows.append((theme, label, len(members), members["teller_id"].nunique(), ", ".join(words)))
    return pd.DataFrame(rows, columns=["theme_id", "label", "n_narratives", "n_tellers", "terms"])


def _firmness(result: Clusters) -> pd.DataFrame:
    import pandas as pd

    sizes = [int(np.sum(result.labels == theme)) for theme in range(len(result.jaccard))]
    return pd.DataFrame(
        {
            "theme_id": range(len(sizes)),
            "jaccard": np.round(result.jaccard, 4),
            "verdict": [verdict(value, size) for value, size in zip(result.jaccard, sizes, strict=True)],
        }
    )


def _refuse_small(corpus: Corpus, documents: list[list[str]], usable: Array, n_themes: int | None) -> None:
    where = f"corpus uit {corpus.provenance.source}"
    n = int(usable.sum())
    if n < MIN_USABLE:
        raise ThemeError.one(
            what=f"Er zijn maar {n} bruikbare verhalen; daarin is geen thema van toeval te onderscheiden.",
            where=where,
            expected=f"minstens {MIN_USABLE} verhalen van elk een paar zinnen",
            now="Lees ze zelf naast elkaar, of verzamel er meer.",
        )
    if (
        len({tuple(sorted(document)) for document, use in zip(documents, usable, strict=True) if use})
        < MIN_USABLE // 2
    ):
        raise ThemeError.one(
            what="De verhalen zijn bijna allemaal hetzelfde.",
            where=where,
            expected="verhalen die van elkaar verschillen",
            now="Controleer of de goede kolom is gelezen.",
        )
    if n_themes is not None and not 2 <= n_themes <= n // 2:
        raise ThemeError.one(
            what=f"{n_themes} thema’s kan niet met {n} bruikbare verhalen.",
            where="wa.find_themes, n_themes",
            expected=f"een getal van 2 tot en met {n // 2}",
            now="Kies een ander aantal, of laat n_themes weg voor een voorstel.",
        )


def _empty(*columns: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype="str") for name in columns})
