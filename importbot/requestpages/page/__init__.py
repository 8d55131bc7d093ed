"""Request pages as texts: templates found, requests read, states written.

Nothing here knows what a request leads to. Begin with :mod:`.request`.
"""
