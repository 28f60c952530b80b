"""Draws maps: tiles of the published layers. Knows no HTTP."""
