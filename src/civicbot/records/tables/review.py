"""Staff's work: the queue, verdicts and corrections."""
