"""`find_themes`: from a corpus to themes."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.corpus import Corpus, PrivacyStatus, Provenance, package_versions, today
from wijkanalyse.errors import ThemeError
from wijkanalyse.language import content_lemmas, first_copies, listing, other_language
from wijkanalyse.themes import editing
from wijkanalyse.themes.clustering import (
    GUIDES,
    NOWHERE,
    Guide,
    Progress,
    make_clusters,
    one_thread,
)
from wijkanalyse.themes.embedding import Embedder, embed, load_embedder
from wijkanalyse.themes.engine import Array, layout
from wijkanalyse.themes.firmness import N_ROUNDS
from wijkanalyse.themes.frames import MIN_LEMMAS, TOO_SHORT, Division, Ground, make_frames
from wijkanalyse.themes.nearness import OUTSIDE, nearness
from wijkanalyse.themes.result import Themes

if TYPE_CHECKING:
    from wijkanalyse.coding.scheme import Scheme

MIN_USABLE = 12  # under this no grouping is more than chance
MIN_GUIDED = 0.1  # share of the stories that the scheme must know a word of
MAX_FOREIGN = 1 / 3  # share of the stories that may be set apart for their language


def find_themes(
    corpus: Corpus,
    *,
    scheme: Scheme | None = None,
    n_themes: int | None = None,
    min_theme_size: int | None = None,
    guide: str | None = None,
    embedder: str | Path | Embedder = "auto",
    allow_download: bool = False,
    project: editing.Store | None = None,
    random_state: int = 2022,
    firmness_rounds: int = N_ROUNDS,
    progress: Progress | None = None,
    n_jobs: int = 1,
) -> Themes:
    """Cluster the stories of a corpus into themes, and say how firm each is.

    Parameters
    ----------
    corpus : Corpus
        Masked or reviewed. Row order does not matter.
    scheme : Scheme, optional
        Adds each story's and theme's nearness to its codes. It does not steer the clusters, unless `guide` says so.
    n_themes : int, optional
        Overrules the proposed number (see `Themes.curve`).
    min_theme_size : int, optional
        Themes with fewer stories are divided over the others. Default 3, or 2 under 30 stories.
    guide : {"licht", "sterk"}, optional
        Start from the scheme: lightly or strongly. `settings["guide_agreement"]` says how much the outcome still agrees with
        the free themes (adjusted Rand index; 1 is the same).
    embedder : str, Path or Embedder
        "auto" needs no model. Otherwise a folder with a model of sentence-transformers, model2vec or spaCy, or an object
        with `name` and `embed`: then its vectors take the place of the words.
    allow_download : bool
        Whether a model that is not on this computer may be fetched.
    project : Project, optional
        Themes that people locked in it stay as they are; the machine only looks at the other stories. Names that people
        gave come back. What is edited afterwards is kept there. Did people begin there with these stories and this question
        (`wa.theme_workshop`), then the themes are as they left them.
    random_state : int
        Seed of everything random. Another seed is a way to doubt the outcome.
    firmness_rounds : int
        Subsamples for the firmness; 50 gives a mean that is stable to about 0.03.
    progress : callable, optional
        Called with (step, done, total). An exception in it stops the work; nothing is left half.
    n_jobs : int
        Threads for the rounds behind number, themes and firmness, −1 for one per core; the outcome is the same.

    Returns
    -------
    Themes

    Raises
    ------
    PrivacyError
        When the corpus is still `ruw`.
    ThemeError
        With fewer than 12 usable stories, all alike, an impossible number of themes, a model that cannot be used, or a
        guide that would change nothing.

    Notes
    -----
    Dutch lemmas without stop words, their pieces and, where they fit, word fields → several views (spectral embeddings of
    neighbour graphs, LSA) → KMeans, mended on the words → consensus of many runs. The number of themes is the one on which
    runs over subsamples and views agree most, above chance; where many do as well, about eight. A theme is what these words have in common in these stories;
    it says nothing about how often something happens in the neighbourhood.

    Examples
    --------
    >>> import wijkanalyse as wa
    >>> themes = wa.find_themes(wa.load_sample(), scheme=wa.load_scheme("opgaven"))  # doctest: +SKIP
    """
    corpus.require(PrivacyStatus.MASKED, purpose="thema’s zoeken")
    report = progress or (lambda *_: None)
    report("Nederlandse woorden", 0, 1)
    texts = corpus.frame["text"]
    model = None if embedder == "auto" else load_embedder(embedder, allow_download=allow_download)
    documents = [content_lemmas(text) for text in texts]
    reasons, foreign = _reasons(documents, [] if model else list(texts))
    copies = np.array(first_copies(documents))
    n = len(documents)
    usable = np.array([not reason for reason in reasons]) & (copies == np.arange(n))
    _refuse_small(corpus, reasons, usable, n_themes)
    locked: Array = np.full(n, NOWHERE)
    names: dict[int, str] = {}
    question = [n_themes, min_theme_size, guide, model.name if model else None, random_state]
    left = None
    if project is not None:
        left = editing.left_in(project, list(corpus.frame["narrative_id"]), question)
    if project is not None and left is None:
        locked, names = editing.locked_rows(project, list(corpus.frame["narrative_id"]))
    points = embed(model, [text for text, use in zip(texts, usable, strict=True) if use]) if model else None
    steer = _guide(corpus, scheme, documents, usable, guide) if guide is not None else None
    with one_thread():
        free = locked[usable] < 0
        result = make_clusters(
            [document for document, use in zip(documents, usable, strict=True) if use],
            n_themes, min_theme_size, random_state, firmness_rounds, report, points=points, guide=steer, n_jobs=n_jobs,
            free=free if free.sum() >= MIN_USABLE else np.ones_like(free),
        )  # fmt: skip
        ground = Ground(
            corpus=corpus, scheme=scheme, documents=documents, usable=usable, copies=copies, reasons=reasons, vectors=result.vectors, rounds=result.rounds,
            places=layout(result.points, random_state), points=result.points, curve=result.curve,
            has_structure=result.has_structure,
            settings={
                **result.settings, "question": question, "n_usable": int(usable.sum()), "n_copies": reasons.count("") - int(usable.sum()),
                "other_languages": foreign, "scheme": scheme.name if scheme else None, "embedder": model.name if model else None,
            },
        )  # fmt: skip
        labels = np.full(n, NOWHERE, dtype=np.int64)
        labels[usable] = result.labels
        labels = labels[copies]  # who tells the same goes where the first one went
        division = Division(labels=labels)
        if left is not None:
            division = left
        elif project is not None:
            division = editing.join(ground, labels, locked, names, project)
        frames = make_frames(ground, division)
    provenance = Provenance(
        source=corpus.provenance.source,
        corpus_hash=corpus.provenance.corpus_hash,
        steps=(*corpus.provenance.steps, f"{today()}: thema’s gezocht{_said(foreign)}"),
        versions=package_versions(("wijkanalyse", "scikit-learn", "scipy", "simplemma")),
    )
    return Themes(**frames, provenance=provenance, ground=ground, division=division, project=project)


def _guide(
    corpus: Corpus, scheme: Scheme | None, documents: list[list[str]], usable: Array, name: str
) -> Guide:
    """Return the scheme as a start, or refuse where it would change nothing."""
    problem = ""
    if name not in GUIDES:
        problem = f"‘{name}’ is geen manier om thema’s te sturen."
    elif scheme is None:
        problem = "Sturen kan alleen met een codeerschema."
    near = nearness(list(corpus.frame["narrative_id"]), documents, scheme) if scheme and not problem else None
    touched = 0.0
    if near is not None:
        table = near[near["code"] != OUTSIDE].pivot_table(
            index="narrative_id", columns="code", values="nearness"
        )
        values = table.loc[corpus.frame["narrative_id"]].to_numpy()[usable]
        touched = float((values > 0).any(axis=1).mean())
        if touched >= MIN_GUIDED:
            return Guide(name=name, nearness=values)
    raise ThemeError.one(
        what=problem
        or f"Het schema zou niets sturen: maar {touched:.0%} van de verhalen gebruikt een woord eruit.",
        where="wa.find_themes, guide",
        expected=f"guide=‘licht’ of ‘sterk’, en een schema met woorden uit minstens {MIN_GUIDED:.0%} van de verhalen",
        now="Laat guide weg, of geef scheme= een schema met termen.",
    )


def _reasons(documents: list[list[str]], texts: list[str]) -> tuple[list[str], dict[str, int]]:
    """Return why each story cannot be placed, else empty; and how many seem to be in which other language.

    A corpus that is in another language is not set apart from itself: that is said, and people judge.
    """
    languages = [other_language(text) for text in texts]
    foreign = {name: languages.count(name) for name in sorted(set(languages) - {""})}
    apart = languages if sum(foreign.values()) <= MAX_FOREIGN * len(documents) else []
    reasons = [
        TOO_SHORT if len(document) < MIN_LEMMAS else f"lijkt {language}, geen Nederlands" if language else ""
        for document, language in zip_longest(documents, apart, fillvalue="")
    ]
    return reasons, foreign


def _said(foreign: dict[str, int]) -> str:
    counts = [f"{count} lijken {name}" for name, count in foreign.items()]
    return f"; {listing(counts)}, terwijl de woordenlijsten Nederlands zijn" if counts else ""


def _refuse_small(corpus: Corpus, reasons: list[str], usable: Array, n_themes: int | None) -> None:
    where = f"corpus uit {corpus.provenance.source}"
    n = int(usable.sum())
    n_told = reasons.count("")
    if n_told < MIN_USABLE:
        left = Counter(filter(None, reasons))
        tail = "".join(f" Apart: {count} ({reason})." for reason, count in sorted(left.items()))
        raise ThemeError.one(
            what=f"Er zijn maar {n_told} bruikbare verhalen; daarin is geen thema van toeval te onderscheiden.{tail}",
            where=where,
            expected=f"minstens {MIN_USABLE} Nederlandse verhalen van elk een paar zinnen",
            now="Lees ze zelf naast elkaar, of verzamel er meer.",
        )
    if n < MIN_USABLE:
        raise ThemeError.one(
            what=f"De verhalen zijn bijna allemaal hetzelfde: van de {n_told} zijn er {n} verschillend.",
            where=where,
            expected=f"minstens {MIN_USABLE} verhalen die van elkaar verschillen",
            now="Controleer of de goede kolom is gelezen.",
        )
    if n_themes is not None and not 2 <= n_themes <= n // 2:
        raise ThemeError.one(
            what=f"{n_themes} thema’s kan niet met {n} bruikbare verhalen.",
            where="wa.find_themes, n_themes",
            expected=f"een getal van 2 tot en met {n // 2}",
            now="Kies een ander aantal, of laat n_themes weg voor een voorstel.",
        )
