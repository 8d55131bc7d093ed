"""Where pages come from, beside the wiki that they go to.

:class:`.source.Source` says what a source has to be able to do; a
:class:`~importbot.wikis.wiki.Wiki` is one, and so are a dump
(:mod:`.dump`) and a source as it was agreed to (:mod:`.pinned`).
:mod:`.pair` and :mod:`.dump_pair` connect one with the target, and
:mod:`.preflight` says what is known to fail before anything is read. What
is to happen with pages is not decided here. Begin with :mod:`.pair`.
"""
