"""A pass over the request pages: what is next with each request.

:mod:`.run` goes through the :mod:`.queue`; :mod:`.transition` says what is
next, :mod:`.spec` what is asked for; :mod:`.propose` plans, :mod:`.apply`
imports, :mod:`.undo` takes back, and :mod:`.replies` says so. What is
about to be written is in the journal before. Begin with :mod:`.run`.
"""
