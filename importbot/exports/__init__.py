"""Export XML: read whoever made it, ordered, and written anew.

Here live streams of pages and revisions: what a dump or Special:Export
says (:mod:`.reader`), as values (:mod:`.exported`), on their way through a
file (:mod:`.spool`), in the order of an upload (:mod:`.order`) and as
what is sent (:mod:`.outgoing`, :mod:`.writer`). No wiki is asked here and
nothing is decided. Begin with :mod:`.reader`.
"""
