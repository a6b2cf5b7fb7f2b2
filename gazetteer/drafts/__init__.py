"""Drafts: the text of a document with the page and line of every character, or one sentence why it cannot be read."""

from gazetteer.drafts.draft import Draft, DraftError, Limits, Piece
from gazetteer.drafts.reading import read_draft

__all__ = ["Draft", "DraftError", "Limits", "Piece", "read_draft"]
