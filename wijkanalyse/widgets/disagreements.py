"""Where coders differ, in the story itself: to read together on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wijkanalyse.coding.disagreements import differences
from wijkanalyse.privacy.gate import Audience, release_texts
from wijkanalyse.widgets.text_widget import TextEvent, TextWidget

if TYPE_CHECKING:
    from wijkanalyse.coding import CoderComparison
    from wijkanalyse.corpus import Corpus

HELP = (
    "Elk streepje is een plek die codeurs anders lazen. Onder de tekst staat wat ieder zag, met de memo’s. Vraag eerst wat ieder "
    "zag, en kijk dan of de omschrijving van de code scherper kan. Verschil mag blijven staan."
)
NONE = "Er is geen plek die twee mensen allebei lazen en anders codeerden."
_TONES = 8


class DisagreementsWidget(TextWidget):
    """The stories that coders read differently, one by one. Use `show_disagreements`."""

    def __init__(self, comparison: CoderComparison, corpus: Corpus) -> None:
        super().__init__(help_text=HELP)
        self._places: dict[str, list[dict[str, Any]]] = {}
        for place in differences(comparison):
            self._places.setdefault(place["narrative_id"], []).append(place)
        texts = release_texts(corpus, list(self._places), audience=Audience.WORKBENCH)
        self._texts = {safe.narrative_id: safe for safe in texts}
        n, m = sum(map(len, self._places.values())), len(self._places)
        found = f"{n} {'plek' if n == 1 else 'plekken'} in {m} {'verhaal' if m == 1 else 'verhalen'}"
        self.heading = f"Waar codeurs verschillen: {found}"
        self.queue = [
            {"id": key, "title": self._texts[key].title or key, "left": 0, "done": False}
            for key in self._places
        ]
        self.on_event(self._answer)
        if self._places:
            self._open(next(iter(self._places)))
        else:
            self.show(
                {"id": "", "title": "Geen verschillen", "about": "", "text": f"{NONE} {comparison.note}"}
            )

    def _answer(self, event: TextEvent) -> None:
        if event.type == "open" and event.story in self._places:
            self._open(event.story)

    def _open(self, narrative_id: str) -> None:
        safe, places = self._texts[narrative_id], self._places[narrative_id]
        codes = sorted({"; ".join(place["codes"]) for place in places})
        marks: list[dict[str, Any]] = [
            {
                "id": str(number), **_where(place, safe.text), "state": "",
                "label": ", ".join(code.partition(":")[0] for code in place["codes"]),
                "tone": codes.index("; ".join(place["codes"])) % _TONES, "note": _note(place),
            }
            for number, place in enumerate(places)
        ]  # fmt: skip
        title, number = (
            safe.title or f"Verhaal {narrative_id}",
            f"nummer {narrative_id}" if safe.title else "",
        )
        about = " · ".join(filter(None, [safe.attribute, number]))
        self.show(
            {"id": narrative_id, "title": title, "about": about, "text": safe.text},
            marks,
            cursor="0",
        )


def _where(place: dict[str, Any], text: str) -> dict[str, int | None]:
    """Return where the words of a place stand, without the space around them; all words are the whole story."""
    start, end = place["start"], place["end"]
    words = text[start:end]
    if words.strip() == text.strip():
        return {"start": None, "end": None}
    return {"start": start + len(words) - len(words.lstrip()), "end": end - len(words) + len(words.rstrip())}


def _note(place: dict[str, Any]) -> str:
    """Return what each coder saw, on a line of her own."""
    parts = (
        f"{one['coder']}: {one['codes'] or 'geen code'}" + (f" (memo: {one['memo']})" if one["memo"] else "")
        for one in place["said"]
    )
    return "\n" + "\n".join(parts)


def show_disagreements(comparison: CoderComparison, corpus: Corpus) -> DisagreementsWidget:
    """Show the stories that coders read differently, with what each of them saw and wrote.

    Parameters
    ----------
    comparison : CoderComparison
        From `compare_coders`.
    corpus : Corpus
        The stories that were coded; masked or reviewed.

    Returns
    -------
    DisagreementsWidget
        For the last line of a cell.

    Raises
    ------
    PrivacyError
        When the corpus is still `ruw`.
    """
    return DisagreementsWidget(comparison, corpus)
