"""The write path: documents of the corpus become an index generation on disk."""
