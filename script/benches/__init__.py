"""What script/bench measures, one module a subject; each has `options` and `run`."""
