"""Suggestions learned from what people coded: one pipeline, that says how good it is or keeps silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wijkanalyse.language import content_lemmas, listing

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme

FEWEST = 15  #: coded stories with a code, and without it, below which nothing is learned
FOLDS, N_WORDS = 5, 3  # parts of the cross-validation; words named as the reason


def learned(
    ids: Sequence[str], texts: Sequence[str], scheme: Scheme, accepted: pd.DataFrame
) -> Iterator[tuple[Any, ...]]:
    """Yield suggestions for whole stories that nobody coded, as rows of `suggest_codings`.

    Per code: logistic regression on tf-idf of lemmas, against stories coded with anything else. The quality is the
    F1 over stories left out (five folds); silent below `FEWEST`, and where it is no better than giving every story
    the code.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score, precision_score, recall_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    own = accepted[accepted["code"].isin([code.code for code in scheme])]
    told = dict(zip(ids, texts, strict=True))
    coded = sorted(told.keys() & set(own["narrative_id"]))
    rest = sorted(told.keys() - set(coded))
    seen, open_ = ([told[narrative] for narrative in part] for part in (coded, rest))
    for code in scheme if rest else ():
        is_mine = np.isin(coded, own.loc[own["code"] == code.code, "narrative_id"].to_list())
        if min(is_mine.sum(), (~is_mine).sum()) < FEWEST:
            continue
        words = TfidfVectorizer(analyzer=content_lemmas, sublinear_tf=True)
        pipeline = make_pipeline(words, LogisticRegression(class_weight="balanced", C=10.0))
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        guess = cross_val_predict(pipeline, seen, is_mine, cv=folds)
        quality = float(f1_score(is_mine, guess))
        if quality <= f1_score(is_mine, np.ones_like(is_mine)):
            continue
        about = (
            f"Lijkt op de {is_mine.sum()} verhalen die mensen zo codeerden. Op verhalen die apart waren gehouden, klopte "
            f"{precision_score(is_mine, guess):.0%} van zulke voorstellen en werd {recall_score(is_mine, guess):.0%} gevonden."
        )
        pipeline.fit(seen, is_mine)
        vectors, names = words.transform(open_), words.get_feature_names_out()
        for number in np.flatnonzero(pipeline.predict(open_)):
            share = vectors[number].toarray()[0] * pipeline[1].coef_[0]
            top = [names[i] for i in np.lexsort((names, -share))[:N_WORDS] if share[i] > 0]
            reason = about + (f" Het meest door {listing([f'‘{word}’' for word in top])}." if top else "")
            whole = (rest[number], "voorstel", code.code, None, None, "")
            yield (*whole, ", ".join(top), reason, "geleerd", quality)
