"""The scripts: what ``pwb importpages`` and the others do.

A file or package for each: :mod:`.importpages`, :mod:`.importdump`,
:mod:`.importundo`, :mod:`.importruns`, :mod:`.importrequests`. What changes
a wiki by a plan goes one way (:mod:`.change_bot`): plan, show, ask, apply,
report. They share the command line (:mod:`.command_line`), files that are
written (:mod:`.files`) and exit statuses (:mod:`.exit_status`). Here a person
is asked and told; what is done is elsewhere. Begin with :mod:`.change_bot`.
"""
