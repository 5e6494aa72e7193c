"""What masking found, and what risk remains: counts and answers, never the text itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wijkanalyse.corpus import Corpus, Role
from wijkanalyse.errors import fold_lines
from wijkanalyse.language import listing
from wijkanalyse.privacy.disclosure import Anonymity, anonymity

if TYPE_CHECKING:
    import pandas as pd

REMAINING_RISK = (
    "Deze tekst is gepseudonimiseerd. Wie de verteller of het voorval kent, kan iemand nog herkennen. "
    "Laat een mens de verhalen nakijken voordat ze de kamer uit gaan."
)
UNCERTAIN = 0.8


@dataclass(frozen=True, kw_only=True)
class PrivacyReport:
    """What masking found. Counts and offsets, never the text itself.

    Parameters
    ----------
    findings : pandas.DataFrame
        One row per place: narrative_id, column, start, end (in the source text), kind, label, rule, confidence,
        placeholder, decided (by a person).
    n_narratives, n_tellers, n_reviewed : int
        `n_reviewed` narratives were read by a person, with every place decided.
    n_linked : int
        Tellers with more than one story.
    context : tuple of str
        Dutch labels of the columns that say something about the teller.
    combinations : Anonymity or None
        How far those columns together single people out; None without such columns.
    """

    findings: pd.DataFrame
    n_narratives: int
    n_tellers: int
    n_linked: int
    context: tuple[str, ...] = ()
    combinations: Anonymity | None = None
    n_reviewed: int = 0

    @property
    def reviewed_share(self) -> float:
        """Share of the places that a person has decided about, 0–1."""
        return float(self.findings["decided"].mean()) if len(self.findings) else 0.0

    @property
    def counts(self) -> pd.DataFrame:
        """Number of places per kind, and the share found with less than 0.8 confidence."""
        grouped = self.findings.groupby("kind")["confidence"]
        frame = grouped.agg(n="size", uncertain_share=lambda column: float((column < UNCERTAIN).mean()))
        return frame.reset_index().sort_values("kind", ignore_index=True)

    @property
    def questions(self) -> dict[str, str]:
        """The three questions of the European opinion on anonymisation (WP216, 2014), answered for this corpus."""
        told = self.combinations
        alone = (
            "Er zijn geen kolommen over de verteller."
            if told is None
            else f"{told.n_unique} van de {told.n_combinations} combinaties van {listing(self.context)} horen bij "
            f"één verteller; de kleinste groep telt {told.k}."
        )
        spread = (
            ""
            if told is None or told.l is None
            else " Er zijn groepen waarin alle vertellers hetzelfde antwoord gaven."
            if told.l == 1
            else f" In elke groep komen minstens {told.l} verschillende antwoorden voor."
        )
        return {
            "Is één persoon eruit te lichten?": f"Ja, dat kan. {alone} Ook het verhaal zelf kan maar van één mens zijn.",
            "Zijn gegevens van één persoon aan elkaar te koppelen?": (
                f"Ja. {self.n_linked} van de {self.n_tellers} vertellers hebben meer dan één verhaal onder hetzelfde nummer. "
                "Een plaats of organisatie heeft overal hetzelfde nummer, een persoon alleen bij dezelfde verteller."
            ),
            "Is er over één persoon iets af te leiden?": (
                f"Ja, voor wie het voorval of de verteller kent: die leest de rest van het verhaal erbij.{spread}"
            ),
        }

    def __str__(self) -> str:
        lines = [f"Gemaskeerd: {len(self.findings)} plekken in {self.n_narratives} verhalen"]
        lines += [
            f"  {row.kind:<15}{row.n:>6}   waarvan onzeker: {row.uncertain_share:.0%}"
            for row in self.counts.itertuples()
        ]
        lines.append(
            f"Nagekeken door een mens: {self.n_reviewed} van de {self.n_narratives} verhalen, {self.reviewed_share:.0%} van de plekken"
        )
        for question, answer in self.questions.items():
            lines += [question, f"  {answer}"]
        return fold_lines([*lines, REMAINING_RISK])

    __repr__ = __str__


def make_report(corpus: Corpus, findings: pd.DataFrame, n_reviewed: int = 0) -> PrivacyReport:
    """Return the report of a corpus whose places were just found."""
    specs = [
        spec
        for role in (Role.PERSPECTIVE, Role.CONTEXT, Role.ORGANISATION)
        for spec in corpus.with_role(role)
    ]
    answers = [spec.name for spec in corpus.with_role(Role.SIGNIFICATION) if spec.dtype == "category"]
    per_teller = corpus.frame["teller_id"].value_counts()
    names = [spec.name for spec in specs]
    sensitive = answers[0] if answers else None
    return PrivacyReport(
        findings=findings,
        n_narratives=len(corpus),
        n_tellers=corpus.n_tellers,
        n_linked=int((per_teller > 1).sum()),
        context=tuple(spec.label.lower() for spec in specs),
        combinations=anonymity(corpus.frame, names, sensitive=sensitive) if names else None,
        n_reviewed=n_reviewed,
    )
