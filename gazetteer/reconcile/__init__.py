"""The gazetteer as an OpenRefine reconciliation service, version 0.2 of the W3C community group's API."""

from gazetteer.reconcile.service import application, manifest, routes, serve

__all__ = ["application", "manifest", "routes", "serve"]
