"""What was asked, answered and said about it. Until there is a database: the running conversations, in memory."""
