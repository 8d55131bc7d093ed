"""What people read: plans, reports, undos and runs, one folder a medium.

:mod:`.terminal`, :mod:`.wikitext` and :mod:`.html` each say the same
things their way, with the sentences of :mod:`.words`, in the order of
:mod:`.overview`; :mod:`.texts` and :mod:`.sidebyside` have what is
compared. :mod:`.formats` knows which of them writes what. Every word of a
wiki is data here and is escaped where it is written. A report reads values
and changes nothing. Begin with :mod:`.formats`.
"""
