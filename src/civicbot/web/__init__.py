"""The web: JSON API, chat page, document pages."""
