"""Linked Places Format 1.3: places out, for others to read, and their documents, or ours once edited, in as places."""

from gazetteer.exchange.notes import LONGEST, Rejection
from gazetteer.exchange.reading import NotLinkedPlacesError, from_linked_places
from gazetteer.exchange.writing import CONTEXT, to_linked_places

__all__ = ["CONTEXT", "LONGEST", "NotLinkedPlacesError", "Rejection", "from_linked_places", "to_linked_places"]
