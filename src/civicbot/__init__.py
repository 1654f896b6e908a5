"""Civicbot answers residents' questions about Gwangju's AI projects, every sentence with a citation that opens."""

__version__ = "0.1.0"
