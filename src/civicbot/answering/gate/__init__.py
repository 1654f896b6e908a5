"""The sentence gate: whether the cited passages support a sentence that a chat model wrote."""
