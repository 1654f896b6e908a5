from hypothesis import settings

# The first example of a test may find a busy machine.
settings.register_profile("evaluation", deadline=None)
settings.load_profile("evaluation")
