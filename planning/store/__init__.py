"""The store: the only place that speaks SQL. Questions never commit; whoever opens a session commits it."""
