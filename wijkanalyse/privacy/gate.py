"""The gate: text, tables and figures leave only through here.

What may leave depends on the audience. `WORKBENCH` is the user's own screen and working page; `OUTSIDE` is
everything that is handed on. All thresholds stand in this file and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wijkanalyse.corpus import Corpus, PrivacyStatus, Role
from wijkanalyse.errors import InputError


class Audience(StrEnum):
    """Who will read it."""

    WORKBENCH = "werkbank"
    OUTSIDE = "buiten"


#: Distinct tellers behind a mark, cell or group of quotes (ACRO's default outside; half of it inside).
MIN_TELLERS = {Audience.WORKBENCH: 5, Audience.OUTSIDE: 10}
REQUIRED_STATUS = {Audience.WORKBENCH: PrivacyStatus.MASKED, Audience.OUTSIDE: PrivacyStatus.REVIEWED}
_KEY = object()


@dataclass(frozen=True)
class SafeText:
    """A narrative that may be shown to an audience; only `release_texts` makes one.

    `attribute` is the one context field that may stand beside it (the perspective), or empty.
    """

    narrative_id: str
    title: str
    text: str
    attribute: str
    audience: Audience
    key: object = None

    def __post_init__(self) -> None:
        if self.key is not _KEY:
            raise TypeError("SafeText is made by release_texts only")

    def __repr__(self) -> str:
        return f"<SafeText {self.narrative_id}, {len(self.text)} tekens, {self.audience}>"


def release_texts(
    corpus: Corpus, narrative_ids: list[str] | None = None, *, audience: Audience
) -> list[SafeText]:
    """Return narratives that may be shown, in the order asked for.

    Parameters
    ----------
    corpus : Corpus
    narrative_ids : list of str, optional
        Default all.
    audience : Audience

    Raises
    ------
    PrivacyError
        When the corpus is not masked (workbench) or not reviewed (outside).
    InputError
        When an id does not exist.
    """
    corpus.require(REQUIRED_STATUS[audience], purpose="verhalen laten lezen")
    frame = corpus.frame.set_index("narrative_id")
    ids = list(frame.index) if narrative_ids is None else narrative_ids
    unknown = [narrative_id for narrative_id in ids if narrative_id not in frame.index]
    if unknown:
        raise InputError.one(
            what=f"{len(unknown)} verhalen bestaan niet in dit corpus.",
            where=f"corpus uit {corpus.provenance.source}",
            expected="verhaalnummers uit corpus.frame['narrative_id']",
            now="Gebruik hetzelfde corpus als waarop de analyse is gedaan.",
        )
    attribute = shown_attribute(corpus)
    values = dict(frame[attribute].fillna("").astype(str)) if attribute else {}
    return [
        SafeText(
            narrative_id=narrative_id,
            title=str(frame.at[narrative_id, "title"] or ""),
            text=str(frame.at[narrative_id, "text"]),
            attribute=values.get(narrative_id, ""),
            audience=audience,
            key=_KEY,
        )
        for narrative_id in ids
    ]


def shown_attribute(corpus: Corpus) -> str | None:
    """Return the one column that may stand beside a text: the perspective, when there is one."""
    specs = corpus.with_role(Role.PERSPECTIVE)
    return specs[0].name if specs else None


def is_large_enough(n_tellers: int, audience: Audience) -> bool:
    """Tell whether a group stands on enough distinct tellers to be shown as a group."""
    return n_tellers >= MIN_TELLERS[audience]
