"""Profiles: how the fields of a department's file become ours, written down in YAML and checked before use."""
