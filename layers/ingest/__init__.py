"""Bringing files in: read, sift, reproject, store; one transaction, one report, nothing lost silently."""
