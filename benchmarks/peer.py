"""One peer on texts, with the Python of its own environment: ``python peer.py NAME IN OUT``; nothing of this project is imported here.

IN is a JSON list of texts, or a file in REFI-QDA. Prints the seconds and processor time after loading; OUT gets what the peer made of it.
"""

import json
import os
import sys
import time
import warnings
from pathlib import Path


def timed(work):
    before, started = os.times(), time.perf_counter()
    outcome = work()
    cpu = sum(os.times()[:4]) - sum(before[:4])
    return outcome, {"s": time.perf_counter() - started, "cpu": cpu}


def texts_of(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def deduce(path):
    from deduce import Deduce

    model, texts = Deduce(), texts_of(path)
    found, clock = timed(lambda: [model.deidentify(text).annotations for text in texts])
    return [[(int(place.start_char), int(place.end_char)) for place in places] for places in found], clock


def bertopic(path):
    from bertopic import BERTopic

    texts = texts_of(path)
    # Its defaults, apart from the language; without sentence-transformers it takes TF-IDF with SVD by itself.
    topics, clock = timed(lambda: BERTopic(language="dutch").fit_transform(texts)[0])
    return [int(topic) for topic in topics], clock


class Lsa:
    """What BERTopic takes when there is no language model, in the shape that turftopic asks."""

    def encode(self, texts, **_):
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        return TruncatedSVD(100, random_state=0).fit_transform(TfidfVectorizer().fit_transform(texts))


def turftopic(path):
    from turftopic import ClusteringTopicModel

    texts = texts_of(path)
    model = ClusteringTopicModel(encoder=Lsa(), feature_importance="c-tf-idf")
    _, clock = timed(lambda: model.fit_transform(texts))
    return [int(topic) for topic in model.labels_], clock


def pyrefiqda(path):
    from pyrefiqda.refiproject import RefiProject

    folder = f"{path}-los"
    project, clock = timed(lambda: RefiProject.load(path, folder))
    sources = project.sources.text_source
    texts = [
        RefiProject.resolve_source_path(source.plain_text_path, folder).read_text("utf-8")
        for source in sources
    ]
    places = [
        (text[place.start_position : place.end_position] == place.name, len(place.coding))
        for text, source in zip(texts, sources, strict=True)
        for place in source.plain_text_selection
    ]
    codes = list(project.code_book.codes.code)
    for code in codes:
        codes += code.code
    return {
        "verhalen": len(texts),
        "codes": len(codes),
        "omschrijvingen": sum(bool(code.description) for code in codes),
        "coderingen": sum(n for same, n in places if same) + sum(len(source.coding) for source in sources),
        "codeurs": len(project.users.user),
        "memo’s": len(project.notes.note),
        "kenmerken": len(project.variables.variable),
    }, clock


def taguette(path):
    """Read a codebook as Taguette does, and write one as it does beside it; it opens no project of another program."""
    import csv
    from types import SimpleNamespace

    from taguette.export import codebook_xml
    from taguette.import_codebook import InvalidCodebook, list_tags

    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        names = [row[1] for row in csv.reader(file, delimiter=";")][1:]
    codebook_xml([SimpleNamespace(path=name) for name in names], f"{path}.qdc")
    try:
        with Path(path).open("rb") as file:
            tags, clock = timed(lambda: list_tags(file))
    except InvalidCodebook as error:
        return {"geweigerd": error.message}, {"s": 0, "cpu": 0}
    return {"codes": len(tags), "omschrijvingen": sum(bool(tag["description"]) for tag in tags)}, clock


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.stdout, screen = sys.stderr, sys.stdout  # some of them talk while they work
    name, source, target = sys.argv[1:]
    outcome, clock = globals()[name](source)
    Path(target).write_text(json.dumps(outcome), encoding="utf-8")
    print(json.dumps(clock), file=screen)
