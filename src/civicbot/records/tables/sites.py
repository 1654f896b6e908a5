"""The municipal sites that may show the assistant."""
