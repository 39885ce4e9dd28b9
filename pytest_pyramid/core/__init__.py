"""Facts in, verdicts out: the pure part, without pytest, files, clock, network or environment."""
