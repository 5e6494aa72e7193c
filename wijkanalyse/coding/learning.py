"""Suggestions learned from what people coded: one pipeline, that says how good it is or keeps silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wijkanalyse.language import content_lemmas, listing

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme

FEWEST = 15  #: coded stories with a code, and without it, below which nothing is learned
FOLDS = 5
N_WORDS = 3  # that are named as the reason


def learned(ids: Sequence[str], texts: Sequence[str], scheme: Scheme, accepted: pd.DataFrame) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    """Yield suggestions for whole stories that nobody coded, as rows of `suggest_codings`.

    Notes
    -----
    Logistic regression on tf-idf of lemmas, per code; stories coded with anything else are the other side. The quality is
    the F1 over stories that were left out (five folds). Silent below fifteen stories on either side, and where the F1 is no
    better than giving every story the code.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score, precision_score, recall_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    place = {narrative: number for number, narrative in enumerate(ids)}
    own = accepted[accepted["code"].isin([code.code for code in scheme]) & accepted["narrative_id"].isin(ids)]
    coded = sorted({place[narrative] for narrative in own["narrative_id"]})
    rest = sorted(set(place.values()) - set(coded))
    if not rest:
        return
    seen, open_ = ([texts[number] for number in numbers] for numbers in (coded, rest))
    for code in scheme:
        mine = set(own.loc[own["code"] == code.code, "narrative_id"])
        is_mine = np.array([ids[number] in mine for number in coded])
        if min(is_mine.sum(), (~is_mine).sum()) < FEWEST:
            continue
        pipeline = make_pipeline(
            TfidfVectorizer(analyzer=content_lemmas, sublinear_tf=True),
            LogisticRegression(class_weight="balanced", C=10.0),
        )
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        guess = cross_val_predict(pipeline, seen, is_mine, cv=folds)
        quality = float(f1_score(is_mine, guess))
        if quality <= f1_score(is_mine, np.ones_like(is_mine)):
            continue
        right, found = precision_score(is_mine, guess), recall_score(is_mine, guess)
        told = (
            f"Lijkt op de {is_mine.sum()} verhalen die mensen zo codeerden. Op verhalen die apart waren gehouden, klopte {right:.0%} van zulke "
            f"voorstellen en werd {found:.0%} van de codes gevonden."
        )
        pipeline.fit(seen, is_mine)
        vectors, weights = pipeline[0].transform(open_), pipeline[1].coef_[0]
        names = pipeline[0].get_feature_names_out()
        for row, number in enumerate(rest):
            if not pipeline[1].predict(vectors[row])[0]:
                continue
            share = vectors[row].toarray()[0] * weights
            top = [names[i] for i in np.lexsort((names, -share))[:N_WORDS] if share[i] > 0]
            reason = told + (f" Het meest door {listing([f'‘{word}’' for word in top])}." if top else "")
            yield (ids[number], "voorstel", code.code, None, None, "", ", ".join(top), reason, "geleerd", quality)  # fmt: skip
