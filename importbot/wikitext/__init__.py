"""What texts say, and how they are cleaned.

Pure functions over wikitext and Lua: which pages a text needs
(:mod:`.references`), where it is text at all (:mod:`.masking`), its links
(:mod:`.links`), what a clean-up makes of it (:mod:`.cleanups`) and what
MediaWiki would make of it when it is saved (:mod:`.presave`). No wiki is
asked here; what one says of itself comes as
:class:`~importbot.model.siteinfo.SiteInfo`. Begin with
:func:`.references.find_references`.
"""
