"""XML that somebody else made, opened as if it were an attack."""

from __future__ import annotations

from typing import Any


class DocumentTypeError(ValueError):
    """The XML has a document type, and so may have entities that grow or read files."""


def xml_root(content: bytes) -> Any:
    """Return the root of XML: no entities, no network, no comments, nothing huge.

    Raises
    ------
    lxml.etree.XMLSyntaxError, ValueError
        When it is no XML.
    DocumentTypeError
        When it has a document type.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise DocumentTypeError
    return root
