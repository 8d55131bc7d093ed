"""One wiki, through pywikibot's session and throttle.

Reads in batches (:mod:`.wiki`, :mod:`.locations`, :mod:`.people`), exports
as streams (:mod:`.exports`), edits and moves (:mod:`.editor`) and the
import action, which is called in one place (:mod:`.importer`). What a wiki
answers comes back as values that were checked (:mod:`.api_values`,
:mod:`.checked`); :mod:`.network` keeps requests on their host. Nothing
here knows of plans or of a second wiki. Begin with :class:`.wiki.Wiki`.
"""
