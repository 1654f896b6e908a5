"""Benchmarks on public data sets, run through the product itself."""
