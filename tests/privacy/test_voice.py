from __future__ import annotations

import sys

import pytest
import spacy

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError
from wijkanalyse.privacy import voice


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A tiny Dutch model, installed as spaCy's own are: a package with a `load`."""
    language = spacy.blank("nl")
    ruler = language.add_pipe("entity_ruler")
    ruler.add_patterns([
        {"label": "PERSON", "pattern": "blauwe stoel"},
        {"label": "GPE", "pattern": "zolderkamer"},
        {"label": "ORG", "pattern": "tafel"},
    ])  # fmt: skip
    package = tmp_path / "nl_core_news_sm"
    language.meta["name"] = "core_news_sm"
    package.mkdir()
    language.to_disk(package / "data")
    (package / "__init__.py").write_text(
        "from pathlib import Path\nimport spacy\ndef load(**options):\n"
        "    return spacy.util.load_model_from_path(Path(__file__).parent / 'data', **options)\n"
    )
    info = tmp_path / "nl_core_news_sm-3.8.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nl_core_news_sm\nVersion: 3.8.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield package / "data"
    sys.modules.pop("nl_core_news_sm", None)


TEXT = "Op de zolderkamer sprak blauwe stoel tegen tafel."


def raw():
    return make_corpus([TEXT], status=PrivacyStatus.RAW)


def test_without_a_model_there_is_no_extra_voice():
    assert voice.model_name("auto") is None
    assert wa.mask(raw()).frame.at[0, "text"] == TEXT


def test_an_installed_model_is_asked_and_named(installed):
    assert voice.model_name("auto") == "nl_core_news_sm"
    masked = wa.mask(raw())
    assert masked.frame.at[0, "text"] == "Op de [plaats 1] sprak [persoon 1] tegen tafel."
    assert set(masked.privacy_report.findings["rule"]) == {"taalmodel"}
    assert masked.provenance.steps[-1].endswith("met nl_core_news_sm als extra stem")
    assert wa.mask(raw(), model=None).frame.at[0, "text"] == TEXT


def test_a_model_from_disk(installed):
    assert "[persoon 1]" in wa.mask(raw(), model=str(installed)).frame.at[0, "text"]


def test_a_model_that_is_not_there_or_hears_no_names(tmp_path):
    with pytest.raises(InputError, match="Dit taalmodel is er niet"):
        wa.mask(raw(), model="nl_bestaat_niet")
    spacy.blank("nl").to_disk(tmp_path / "leeg")
    with pytest.raises(InputError, match="kan geen namen herkennen"):
        wa.mask(raw(), model=str(tmp_path / "leeg"))
