"""The database of runs: what was decided, sent and done.

:class:`.journal.Journal` writes it down while a run goes on, in the tables
of :mod:`.tables`; :mod:`.leases` gives one run at a time the right to
write to a wiki; :mod:`.requests` keeps the requests of request pages,
:mod:`.undos` and :mod:`.changes` what an undo needs. :mod:`.queries` and
:mod:`.reports` read runs back, as the values of :mod:`.records`. Nothing
here sends anything to a wiki. Begin with :mod:`.tables`.
"""
