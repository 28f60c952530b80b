"""Mergers as dated, reversible events: clauses, their accounts, boundaries, seams, and what an event would do."""
