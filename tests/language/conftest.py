from hypothesis import settings

# Few examples: the analyser takes a millisecond or two each, and the rules under test are simple.
settings.register_profile("language", deadline=None, max_examples=60)
settings.load_profile("language")
