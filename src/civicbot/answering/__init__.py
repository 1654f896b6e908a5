"""From a question to an answer: a pipeline of small stages, each of which may end it with a status."""
