"""Checks that keep the corpus right: what `civicbot corpus check` and `civicbot corpus stats` tell."""
