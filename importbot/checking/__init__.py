"""Pages that runs brought, looked at again later.

What the journal has of them is compared with both wikis as they are now,
by the rules that an import is verified by. Nothing is written: neither to a
wiki nor to the journal, and no lease is taken.

Begin with :mod:`importbot.checking.check`.
"""
