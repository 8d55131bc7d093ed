"""Who asked, who agreed, and whose text steers the bot.

Decided by what the wiki recorded of each edit, never by what a page says
of itself. Nothing here writes. Begin with :mod:`.proof`.
"""
