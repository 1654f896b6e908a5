from hypothesis import settings

# Loading the Korean analyser, and other work on a shared machine, says nothing about a single example.
settings.register_profile("library", deadline=None)
settings.load_profile("library")
