"""Switches that pause the assistant, and canned texts."""
