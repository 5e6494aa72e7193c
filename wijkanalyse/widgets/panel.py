"""What every panel shares: a heading, what it is doing, an error as a box, and keys that stay its own. No panel in here."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from threading import RLock
from typing import Any

import anywidget
import traitlets

from wijkanalyse.errors import Problem, WijkError

UNEXPECTED = {
    "what": "Dit lukte niet, door een fout in het programma.",
    "expected": "dat het gewoon lukt",
    "now": "Probeer het nog eens. Wat je eerder besloot, is bewaard.",
}


class Status(anywidget.AnyWidget):
    """What a panel says, read aloud: a line, a bar while it is busy, or problems in four parts each.

    It also keeps the keys that are pressed in its panel from JupyterLab, where "dd" on a list deletes the cell.
    """

    _esm = Path(__file__).with_name("panel.js")
    _css = Path(__file__).with_name("panel.css")
    text = traitlets.Unicode("").tag(sync=True)
    is_busy = traitlets.Bool(False).tag(sync=True)
    share = traitlets.Float(0.0).tag(sync=True)  #: of the bar, 0–1; 0 where nobody knows how long it takes
    problems = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __repr__(self) -> str:
        return f"<Status {self.text}>"

    def say(self, text: str, *, is_busy: bool = False) -> None:
        """Show a line, and nothing of what was shown before."""
        with self.hold_sync():
            self.text, self.is_busy, self.share, self.problems = text, is_busy, 0.0, []

    def report(self, part: str, done: int, total: int) -> None:
        """Show how far it is, as the engines tell it."""
        with self.hold_sync():
            self.text, self.share = f"{part} ({done} van {total})", done / max(total, 1)

    def fail(self, problems: tuple[Problem, ...]) -> None:
        """Show what is wrong, each in four parts."""
        with self.hold_sync():
            self.say(" ".join(f"{problem.what} {problem.now}" for problem in problems))
            self.problems = [vars(problem) for problem in problems]


class Panel:
    """A box of ipywidgets under a heading, for the last line of a cell. Subclasses `fill` it, with `status` among the parts."""

    def __init__(self, heading: str = "", help_text: str = "") -> None:
        import ipywidgets

        self.status, self._buttons, self._turn = Status(), list[Any](), RLock()
        self._head = [ipywidgets.HTML(f"<h3>{escape(heading)}</h3>{escape(help_text)}")] if heading else []
        self.box = ipywidgets.VBox()
        self.box.add_class("wp")

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.box._repr_mimebundle_(**kwargs)

    def fill(self, *parts: Any) -> None:
        """Put the parts under the heading."""
        self.box.children = [*self._head, *parts]

    def row(self, *parts: Any) -> Any:
        """Return parts beside each other, that go below each other where there is no room."""
        import ipywidgets

        return ipywidgets.Box(parts, layout={"flex_flow": "row wrap", "align_items": "center"})

    def tick(self, label: str, *, value: bool) -> Any:
        """Return a checkbox with its label after it."""
        import ipywidgets

        return ipywidgets.Checkbox(description=label, value=value, indent=False, layout={"width": "auto"})

    def button(self, label: str, act: Callable[[], str | None], *, doing: str = "", style: str = "") -> Any:
        """Return a button that does something as in `run`; `style` as ipywidgets has them, such as "primary"."""
        import ipywidgets

        made = ipywidgets.Button(description=label, button_style=style, layout={"width": "max-content"})
        made.on_click(lambda _button: self.run(act, doing=doing))
        self._buttons.append(made)
        return made

    def run(self, act: Callable[[], str | None], *, doing: str = "") -> Exception | None:
        """Do what a person asked, and show what it returns or what went wrong; never a traceback, which could show a story.

        While it lasts `doing` is said, and `status.report` moves a bar. Warnings of ours are said too. Returns what went wrong.
        """
        failed: Exception | None = None
        with self._turn:  # JupyterLab lets a widget speak in another thread than the cells
            self.status.say(doing, is_busy=bool(doing))
            busy = [button for button in self._buttons if doing and not button.disabled]
            for button in busy:
                button.disabled = True
            try:
                with warnings.catch_warnings(record=True) as said:
                    warnings.simplefilter("always", UserWarning)
                    done = act()
                if done is not None or self.status.is_busy:  # what was done may have said more itself
                    notices = dict.fromkeys(str(one.message) for one in said if one.category is UserWarning)
                    self.status.say(" ".join(filter(None, [done, *notices])))
            except WijkError as error:  # these never hold a word of a story
                failed = error
                self.status.fail(error.problems)
            except Exception as error:  # noqa: BLE001  see above
                failed = error
                self.status.fail((Problem(where=type(error).__name__, **UNEXPECTED),))
            finally:
                for button in busy:
                    button.disabled = False
        return failed


@contextmanager
def show_progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar under the cell while something takes long, and take it away afterwards.

    Parameters
    ----------
    what : str
        What is being done, until the engine says how far it is.

    Yields
    ------
    callable
        For `progress=` of an engine: called with (step, done, total). It may be left unused; then the bar only moves.

    Examples
    --------
    >>> with wa.show_progress("Thema’s zoeken") as report:  # doctest: +SKIP
    ...     themes = wa.find_themes(corpus, progress=report)
    """
    from IPython.display import display

    panel = Panel()
    panel.fill(panel.status)
    panel.status.say(what, is_busy=True)
    display(panel)  # type: ignore[no-untyped-call]
    try:
        yield panel.status.report
    finally:
        panel.status.say("")
        panel.box.layout.display = "none"  # closed, it would be missed by a page without code
