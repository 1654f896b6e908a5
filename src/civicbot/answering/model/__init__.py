"""The language model, where a city has one: it is handed the evidence, and every sentence of its answer is verified."""
