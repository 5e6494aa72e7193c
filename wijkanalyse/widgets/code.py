"""Coding on screen: one story, its codings, and what a coder does with them; the verbs are in `coding.by_hand`."""

from __future__ import annotations

from collections import Counter
from textwrap import shorten
from threading import RLock
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding import by_hand, kept, rounds, scheme_in_project
from wijkanalyse.corpus import Corpus, Role
from wijkanalyse.errors import InputError
from wijkanalyse.privacy.gate import Audience, release_texts
from wijkanalyse.project import open_project
from wijkanalyse.project.narratives import current_texts
from wijkanalyse.widgets.text_widget import TextEvent, TextWidget

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Code, Scheme
    from wijkanalyse.project import Project

HELP = (
    "Kies woorden met de muis, of met s en Shift met de pijltjes. Druk op c en zoek een code, of op het cijfer van een code. "
    "Op een codering die er al is, geeft dat een tweede code op dezelfde plek. Voorstellen (○) zijn pas een codering als jij ze "
    "overneemt. Zonder gekozen woorden geldt een cijfer voor het hele verhaal. Zoek in de lijst of de tabel (g) op titel, kenmerk (‘inwoner’), "
    "code, of op ‘klaar’ en ‘open’. Alles wordt meteen bewaard."
)
OTHER_VERSION = "In het project staat een andere versie van dit codeerschema. Die geldt hier. De nieuwe bewaar je met wa.keep_scheme(project, scheme)."
HIDDEN = " Wat anderen deden, is weer verborgen."
ALL_DONE = " Dat was het laatste dat nog open was in de lijst."
GONE = "Deze code is vervallen. Kies een andere."
_QUICK, _TEXT, _ON = {"asks": True, "quick": True}, {"text": True}, {"advance": True}
#: Key, id, label, help, and how it is answered; by what it is about.
_KEYS: dict[str, list[tuple[str, str, str, str, dict[str, bool]]]] = {
    "selection": [
        ("c", "code", "Code…", "De gekozen woorden coderen: zoek een code en druk op Enter.", _QUICK),
        ("v", "in_vivo", "In eigen woorden", "Een nieuwe code met de gekozen woorden als naam (in vivo).", {}),
        ("m", "note", "Memo…", "Een memo bij de gekozen woorden.", _TEXT),
    ],
    "mark": [
        ("a", "accept", "Overnemen", "Een voorstel, of een codering van een ander, wordt ook jouw codering.", _ON),
        ("x", "reject", "Afwijzen", "Een voorstel verdwijnt.", _ON),
        ("c", "also", "Nog een code…", "Nog een code op dezelfde woorden.", _QUICK),
        ("r", "recode", "Andere code…", "Deze codering krijgt een andere code.", {"asks": True}),
        ("m", "memo", "Memo…", "Een memo bij deze codering.", _TEXT),
        ("Shift+M", "code_memo", "Codememo…", "Een memo bij de code zelf, voor alle verhalen.", _TEXT),
        ("w", "remove", "Weghalen", "Je codering of memo weghalen.", {}),
    ],
    "story": [
        ("h", "whole", "Heel verhaal…", "Een code voor het hele verhaal; weghalen kan op het label boven de tekst.", _QUICK),
        ("b", "story_memo", "Verhaalmemo…", "Een memo bij het hele verhaal.", _TEXT),
        ("Enter", "done", "Klaar, volgende", "Dit verhaal is klaar; het volgende in de lijst dat niet klaar is, gaat open.", {}),
        ("o", "reopen", "Weer open", "Dit verhaal is toch nog niet klaar.", {}),
        ("z", "undo", "Ongedaan", "Maakt ongedaan wat jij het laatst deed.", {}),
    ],
}  # fmt: skip
_ACTIONS = [
    {"key": key, "id": name, "label": label, "help": told, "on": on, "group": on, **answer}
    for on, keys in _KEYS.items() for key, name, label, told, answer in keys
]  # fmt: skip
#: What a mark of this coder allows, and one of another; a suggestion is only accepted or rejected.
_CAN = {
    ("codering", True): ["also", "recode", "memo", "code_memo", "remove"], ("codering", False): ["accept", "also", "code_memo"],
    ("memo", True): ["also", "memo", "remove"], ("memo", False): ["also"], ("voorstel", True): ["accept", "reject"],
}  # fmt: skip
_N_KEYS, _N_TONES, _LAST_TONE = 9, 7, 7


class CodeWidget(TextWidget):
    """Coding by hand by one `coder`, kept in a `project`. Use `code`."""

    def __init__(
        self, corpus: Corpus, scheme: Scheme, project: Project, *, coder: str | None, blind: bool, suggestions: pd.DataFrame | None
    ) -> None:  # fmt: skip
        self.project, self.coder = project, coder or project.who
        self._corpus, self._scheme, self._blind = corpus, scheme.name, blind
        self._suggestions: Any = None if suggestions is None else suggestions.reset_index(drop=True)
        super().__init__(
            heading=f"Coderen: {self.coder}{' (blind)' if blind else ''}", help_text=HELP, actions=_ACTIONS
        )
        self._turn = RLock()  # JupyterLab lets a widget speak in another thread than the cells
        self._stories = {each.narrative_id: each for each in release_texts(corpus, audience=Audience.WORKBENCH)}  # fmt: skip
        self.columns, self._attributes = attributes(corpus)
        _keep_stories(project, corpus)
        self.message = {"kind": "info", "text": _keep_scheme(project, scheme)}
        self.on_event(self._act)
        self._read()
        self._open(self._next(next(iter(self._stories))))

    @property
    def codings(self) -> pd.DataFrame:
        """The codings of these stories, as `wa.codings` gives them; in a blind round without what stays hidden."""
        with self._turn:
            return self._visible(by_hand.codings(self.project, self._corpus))

    def _visible(self, frame: pd.DataFrame) -> pd.DataFrame:
        return rounds.blinded(self.project, frame, coder=self.coder) if self._blind else frame

    def _act(self, event: TextEvent) -> None:
        with self._turn:
            story, cursor, said = self.story["id"], self.cursor, ""
            if event.type == "open":
                story, cursor = event.story if event.story in self._stories else story, ""
            elif event.action == "done":
                rounds.mark_done(self.project, story, coder=self.coder)
                said, cursor = f"Verhaal {story} is klaar." + (ALL_DONE if event.next == "" else ""), ""
            elif event.action == "reopen":
                rounds.mark_done(self.project, story, is_done=False, coder=self.coder)
                said = f"Verhaal {story} is weer open." + (HIDDEN if self._blind else "")
            elif event.action == "undo":
                undone, about = rounds.undo_coding(self.project, coder=self.coder)
                said = "Ongedaan gemaakt." if undone else "Er is niets van jou om ongedaan te maken."
                story = about if about in self._stories else story
            elif event.type == "action":
                said, made = self._decide(event)
                cursor = made or cursor
            if event.type != "cursor":
                self._read()
                if event.action == "done" and event.next != "":
                    story = event.next if event.next in self._stories else self._next(story)
                self._open(story, cursor=cursor)
                self.message = {"kind": "info", "text": said}

    def _decide(self, event: TextEvent) -> tuple[str, str]:
        """Do what is asked of a story or a place in it; return what to say, and the coding that was made."""
        row, project, corpus = self._marked.get(event.mark, {}), self.project, self._corpus
        code: Any = event.choice or row.get("code")
        by: dict[str, Any] = {"coder": self.coder}
        place: dict[str, Any] = {"narrative_id": event.story, "start": event.start, "end": event.end}
        # A message can be saved along with a notebook: no words of a teller in it.
        name = next((each.name for each in self._kept if each.code == code and not each.narrative_id), "eigen woorden")  # fmt: skip
        match event.action, row.get("what"):
            case "in_vivo", _:
                made = by_hand.code_in_vivo(project, corpus, **place, scheme=self._scheme, **by)
                return "Gecodeerd: eigen woorden.", made
            case ("code" | "also" | "whole", _) | ("accept", "codering"):
                made = by_hand.add_coding(project, corpus, **place, code=code, quote=event.quote, **by)
                return f"Gecodeerd: {name}.", made
            case "accept", _:
                by_hand.accept_suggestions(project, corpus, self._suggestions.loc[[row["id"]]], **by)
                return f"Overgenomen: {name}.", ""
            case "reject", _:
                rounds.reject_suggestions(project, self._suggestions.loc[[row["id"]]], **by)
                return f"Afgewezen: {name}.", ""
            case "recode", _:
                by_hand.recode(project, row["id"], event.choice, **by)
                return f"Nu: {name}.", ""
            case "remove", "codering":
                by_hand.remove_codings(project, row["id"], **by)
                return f"Weggehaald: {name}.", ""
        text = "" if event.action == "remove" else event.choice.strip()
        about: dict[str, Any] = {} if event.action == "code_memo" else {"corpus": corpus, **place}
        by_hand.write_memo(project, text, **about, code=row.get("code"), **by)
        return "Memo bewaard." if text else "Memo weggehaald.", ""

    def _next(self, story: str) -> str:
        """Return the first story from here on that is not done; where all are, this one."""
        ids = list(self._stories)
        at = ids.index(story)
        return next((each for each in (*ids[at:], *ids[:at]) if each not in self._done), story)

    def _read(self) -> None:
        """Read what the project holds now."""
        frames = {"codering": self.codings, "memo": self._visible(by_hand.memos(self.project, self._corpus))}
        if self._suggestions is not None:
            asked = rounds.open_suggestions(self.project, self._corpus, self._suggestions, coder=self.coder)
            frames["voorstel"] = asked.assign(id=asked.index, memo="", coder="")
        codes = self.project.decisions(kept.CODE)
        self._names = {key: value["name"] for key, value in codes.items() if value["scheme"] == self._scheme}
        self._kept = scheme_in_project.kept_scheme(self.project, self._scheme)
        self._rows = [
            {**row, "what": what, "by": "" if row["coder"] == self.coder else row["coder"], "mark": row["id"] if what == "codering" else f"{what}-{row['id']}"}
            for what, frame in frames.items() for row in kept.records(frame) if row["code"] is None or row["code"] in self._names
        ]  # fmt: skip
        self._done = set(rounds.done(self.project).query("coder == @self.coder")["narrative_id"])

    def _open(self, story: str, *, cursor: str = "") -> None:
        told, n_done = self._stories[story], len(self._done & self._stories.keys())
        # The memo on a coding stands with the coding, that on a story above it.
        placed = [row for row in self._rows if row["narrative_id"] == story and (row["what"] != "memo" or (row["code"] is None and row["start"] is not None))]  # fmt: skip
        self._marked = {row["mark"]: row for row in placed}
        codes = {code.code: code for code in self._kept}
        tops = [code.code for code in self._kept.top() if not code.narrative_id]
        tones = {each.code: number % _N_TONES for number, top in enumerate(tops) for each in self._kept.under(top)}  # fmt: skip
        marks = [self._mark(row, codes.get(row["code"]), tones.get(row["code"], _LAST_TONE)) for row in placed]  # fmt: skip
        n_open = Counter(row["narrative_id"] for row in self._rows if row["what"] == "voorstel")  # fmt: skip
        given: dict[str, dict[str, None]] = {key: {} for key in self._stories}
        for row in self._rows:
            if row["what"] == "codering" and not row["by"]:
                given[row["narrative_id"]][self._names[row["code"]]] = None
        page: dict[str, Any] = {
            "id": story, "title": told.title or f"Verhaal {story}", "text": told.text, "about": self._told(story),
            "texts": {"story_memo": self._memo(story, None)}, "can": ["whole", "story_memo", "done", "undo", *(["reopen"] if story in self._done else [])],
        }  # fmt: skip
        with self.hold_sync():
            # Where a mark is gone, the cursor stays: the person may already be at the next one.
            self.show(page, marks, cursor=cursor)
            self.queue = [
                {"id": key, "title": each.title or shorten(each.text, 60, placeholder=" …"), "cells": [*self._attributes[key], "; ".join(given[key])], "left": n_open[key], "done": key in self._done}
                for key, each in self._stories.items()
            ]  # fmt: skip
            self.choices = [
                {"id": code.code, "label": code.name, "key": str(number) if number <= _N_KEYS else "", "words": " ".join((code.use_when, *code.terms)),
                 "hint": (f"{self._names[code.parent]} › " if code.parent else "") + code.definition}
                for number, code in enumerate(self._kept, start=1)
            ]  # fmt: skip
            self.progress = f"{n_done} van de {len(self._stories)} verhalen klaar"
            self.progress_share = n_done / len(self._stories)

    def _mark(self, row: dict[str, Any], code: Code | None, tone: int) -> dict[str, Any]:
        what, by, memo = row["what"], row["by"], row["memo"]
        name = self._names[row["code"]] if row["code"] else "memo"
        meaning = [code.definition, code.use_when and f"gebruik: {code.use_when}"] if code else [GONE] if row["code"] else []  # fmt: skip
        return {
            "id": row["mark"], "start": row["start"], "end": row["end"], "tone": tone, "can": _CAN[what, not by],
            "label": name + (f" · {by}" if by else "") + (" ✎" if memo else ""),
            "note": " · ".join(filter(None, [memo and f"memo: {memo}", row.get("reason"), *meaning])),
            "state": "open" if what == "voorstel" else "other" if by else "",
            "texts": {"memo": "" if by else memo, "note": "" if by else memo, "code_memo": self._memo(None, row["code"])},
        }  # fmt: skip

    def _memo(self, story: str | None, code: str | None) -> str:
        """Return what this coder wrote about a whole story or a code."""
        return next(
            (row["memo"] for row in self._memos_of(story) if row["code"] == code and not row["by"]), ""
        )

    def _memos_of(self, story: str | None) -> list[dict[str, Any]]:
        """Return the memos on a whole story, or on codes."""
        return [row for row in self._rows if row["what"] == "memo" and row["narrative_id"] == story and row["start"] is None]  # fmt: skip

    def _told(self, story: str) -> str:
        """Return the line above a story: attributes, and memos on it."""
        memos = [row["memo"] + (f" ({row['by']})" if row["by"] else "") for row in self._memos_of(story) if row["code"] is None]  # fmt: skip
        told = [*self._attributes[story], f"memo: {', '.join(memos)}" if memos else ""]
        return " · ".join(filter(None, [*told, "klaar" if story in self._done else ""]))


def attributes(corpus: Corpus) -> tuple[list[str], dict[str, list[str]]]:
    """Return names of what is known of a story beside its text, and of each story what it is; never of which team it is."""
    specs = [spec for role in (Role.PERSPECTIVE, Role.CONTEXT, Role.TIME) for spec in corpus.with_role(role)]
    frame = corpus.frame[[spec.name for spec in specs]].astype(object)
    known = frame.where(frame.notna(), "").astype(str).to_numpy().tolist()
    return [*(spec.label for spec in specs), "Codes"], dict(
        zip(corpus.frame["narrative_id"], known, strict=True)
    )


def _keep_stories(project: Project, corpus: Corpus) -> None:
    """Keep the stories in the project, unless they are a part of those that it holds."""
    held, told = current_texts(project), dict(corpus.frame[["narrative_id", "text"]].to_numpy())
    is_held = all(held.get(key) == text for key, text in told.items())
    if not is_held and held.keys() - told.keys():
        raise InputError.one(
            what="Het project heeft andere verhalen dan dit corpus.", where="wa.code",
            expected="verhalen die in het project staan, met dezelfde tekst",
            now="Bewaar eerst het hele corpus met project.keep_narratives(corpus).",
        )  # fmt: skip
    if not is_held:
        project.keep_narratives(corpus)


def _keep_scheme(project: Project, scheme: Scheme) -> str:
    """Keep a scheme that the project does not have; return what to say where it has another version."""
    if scheme.name not in project.decisions(kept.SCHEME):
        scheme_in_project.keep_scheme(project, scheme)
        return ""
    own = scheme_in_project.kept_scheme(project, scheme.name)
    changed = set(own.diff(scheme)["code"]) - {each.code for each in own if each.narrative_id}
    return OTHER_VERSION if changed else ""


def code(
    corpus: Corpus, scheme: Scheme, *, project: Project | None = None, coder: str | None = None, blind: bool = False,
    suggestions: pd.DataFrame | None = None,
) -> CodeWidget:  # fmt: skip
    """Show the stories one by one, to code them by hand, with the mouse or the keyboard alone.

    Parameters
    ----------
    corpus : Corpus
        At least `gemaskeerd`; all stories of the project, or a part of them.
    scheme : Scheme
        Its first nine codes get the keys 1 to 9. A project that has it already goes on with its own version.
    project : Project, optional
        Keeps every decision at once. Without one they live as long as the notebook.
    coder : str, optional
        Default who opened the project. Each coder has her own codings, memos, and stories that are done.
    blind : bool
        Hide what others did in a story until this coder is done with it.
    suggestions : pandas.DataFrame, optional
        From `wa.suggest_codings`; shown as open, and no coding until somebody accepts it.

    Returns
    -------
    CodeWidget
        Its `codings` is the frame of `wa.codings`.

    Raises
    ------
    PrivacyError
        When the corpus is not masked.
    InputError
        When the project holds other stories than these.
    """
    project = project if project is not None else open_project(":memory:")
    return CodeWidget(corpus, scheme, project, coder=coder, blind=blind, suggestions=suggestions)
