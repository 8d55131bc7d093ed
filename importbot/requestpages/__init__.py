"""On-wiki request pages: imports that people ask for and agree to.

:mod:`.page` reads and edits the pages, :mod:`.who` proves who asked and
who agreed, :mod:`.passes` does what is next with each request, and
:mod:`.install` makes the pages that a wiki needs for it. The way of a
request::

    wikitext ──► Request ──► spec ──► plan ──► reply
                    │                   │
                    └── who: proof ─────┴── who has to agree: approval

What was approved is kept in the journal; a wiki is only ever asked who
wanted what. Begin with :mod:`.passes.run`.
"""
