"""Staff's work: who may do what, the queue, verdicts and corrections, switches, and the log of all of it."""
