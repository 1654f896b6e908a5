"""What was asked, answered and said about it: in a database, and in memory while there is none."""
