"""From requested pages to a plan; nothing here writes.

A :mod:`.survey` reads both wikis, with the :mod:`.closure` of what the
requested pages need; :mod:`.verdicts` decides by the rules, :mod:`.steps`
says what that costs, :mod:`.notes` what a person should know, and
:mod:`.plan` puts it together. A plan that was saved is made again by
:mod:`.saved`; :mod:`.batches` are the units in which one is applied. Begin
with :func:`.plan.make_plan`.
"""
