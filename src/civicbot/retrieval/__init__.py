"""The read path: an index generation opened, searched by words and by vectors, and swapped while it serves."""
