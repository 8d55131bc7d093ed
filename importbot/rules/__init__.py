"""What follows from what: decisions as pure functions over values.

Where a page arrives and which way it goes (:mod:`.arrival`,
:mod:`.route`), how two histories stand to each other
(:mod:`.relation`), what a policy wants then (:mod:`.existing`), what
becomes of a page (:mod:`.decide`) and how that is undone (:mod:`.undo`).
No rule asks a wiki, reads a file or knows what time it is. Begin with
:func:`.decide.decide`.
"""
