"""Values: what things are.

A page's name (:mod:`.titles`), what a wiki says of itself
(:mod:`.siteinfo`), revisions (:mod:`.revisions`), the words of a plan
(:mod:`.decisions`), what an operator wants (:mod:`.policy`), a plan with
its steps and its report (:mod:`.plan`, :mod:`.steps`, :mod:`.report`), an
undo (:mod:`.undo_plan`) and all that can go wrong (:mod:`.errors`).
Nothing here decides, reads or writes. Begin with :mod:`.decisions`.
"""
