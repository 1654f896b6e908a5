"""Staff: users, sessions, and the log of what they do."""
