"""Brings data in, and knows which layers there are."""
