"""The project file: one SQLite file in which every human decision is kept, and never lost.

It holds decisions, their log, and once somebody keeps the stories in it their masked text; never the text from before
masking. `ledger` is the mechanism, `verbs` what a notebook calls, `opening` and `copies` keep the file whole.
"""

from wijkanalyse.project.merging import merge_projects
from wijkanalyse.project.opening import open_project
from wijkanalyse.project.raw import open_raw
from wijkanalyse.project.verbs import Project

__all__ = ["Project", "merge_projects", "open_project", "open_raw"]
