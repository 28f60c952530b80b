"""Printed forms of documents: Markdown, pages that print."""
