"""Carry a plan out: the only room that imports.

:mod:`.run` is one run of any plan: its lease, its record and its end.
:mod:`.apply` is what an import does in it, batch by batch. Pages are
fetched by the target (:mod:`.send`) or uploaded (:mod:`.uploads`), edited or
moved afterwards (:mod:`.followups`), read back and held to the plan
(:mod:`.read_back`, :mod:`.verify`). Where an answer was lost or a run was
cut, :mod:`.reconcile`, :mod:`.recover`, :mod:`.takeover` and
:mod:`.resume` find out first what was done. Nothing is decided here that
the plan does not say. Begin with :func:`.apply.apply_plan`.
"""
