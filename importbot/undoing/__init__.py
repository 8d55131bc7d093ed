"""The way back: what a run did is undone, as far as it is still there.

:mod:`.plan` holds the journal against the target and decides by
:mod:`importbot.rules.undo`; :mod:`.undo` carries that out, page by page, in
a :mod:`importbot.applying.run` as an import does.
:mod:`.revision_origins` tells which revisions runs brought and which are
somebody else's. An undo is a run of its own in the journal. Begin with
:func:`.plan.make_undo_plan`.
"""
