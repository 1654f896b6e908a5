"""What the service knows of Korean and English, and nothing of the library or of answering."""
