"""Tell a wiki that its configuration cannot be used, and when it can again.

Whoever broke it looks at the wiki and not into the log of a job. It is said
once, on the talk page of the configuration page.
"""
from __future__ import annotations

from collections.abc import Sequence

import pywikibot

from importbot.i18n import message, said
from importbot.journal.alarms import Alarms
from importbot.model.errors import EditError, ImportbotError, TargetError
from importbot.model.printable import printable
from importbot.reports.wikitext.escape import link, plain
from importbot.requestpages.passes.context import (
    PassContext,
    find_configuration,
)
from importbot.requestpages.passes.reply_text import ReplyText
from importbot.wikis.editor import Editor
from importbot.wikis.wiki import Wiki


__all__ = ('ConfigurationTalk', )

#: What an answer there is called in the page.
_MARK = 'import-configuration'
#: After the title of a page that says what means nothing; it says no
#: more when that is over.
_DOUBTS = '#doubts'


class ConfigurationTalk:

    """Writes on the talk page of the configuration page.

    :param wiki: whose configuration it is
    :param alarms: what was said there already
    """

    def __init__(self, wiki: Wiki, alarms: Alarms) -> None:
        self._wiki = wiki
        self._alarms = alarms
        # What the configuration says of it cannot be read.
        self._words = ReplyText(wiki.site.lang, {})
        self._doubted = ('', '')

    def broken(self, error: ImportbotError, name: str) -> None:
        """Say that the configuration cannot be used, if nobody said so.

        :param error: what is wrong with it, or with who wrote it
        :param name: full title of its page, one of the default pages if
            empty
        """
        title, page = find_configuration(self._wiki, name)
        if page is None or not page.revision:
            return
        talk = pywikibot.Page(self._wiki.site, title).toggleTalkPage()
        if talk is None or not self._alarms.is_unsaid(
                str(error), talk.title()):
            return
        first, *rest = (plain(said(self._words.language, line))
                        for line in error.problem.lines)
        self._append(talk, '\n'.join((
            '', f'== {self._say("configuration-heading")} ==',
            self._unfolded(_MARK, [
                link(title), '', first, *(f'* {line}' for line in rest), '',
                self._say('configuration-broken')]))), 'broken')

    def doubtful(self, context: PassContext, name: str) -> None:
        """Say what in a configuration means nothing on its wiki, once.

        :param context: with the configuration, which can be used
        :param name: full title of its page, one of the default pages if
            empty
        """
        if not context.doubts:
            return
        title, _page = find_configuration(self._wiki, name)
        talk = pywikibot.Page(self._wiki.site, title).toggleTalkPage()
        if talk is None:
            return
        self._doubted = ('\n'.join(map(str, context.doubts)),
                         f'{talk.title()}{_DOUBTS}')
        if not self._alarms.is_unsaid(*self._doubted):
            return
        self._append(talk, '\n'.join((
            '', f'== {self._say("configuration-doubts-heading")} ==',
            self._unfolded(f'{_MARK}_doubts', [
                link(title), '', *(
                    f'* {plain(said(self._words.language, doubt))}'
                    for doubt in context.doubts), '',
                self._say('configuration-doubts')]))), 'doubts')

    def good(self) -> None:
        """Say that the configuration can be used again, where it was said
        that it cannot.
        """
        for page in self._alarms.said_no_more(*self._doubted):
            if page.endswith(_DOUBTS):
                continue
            self._append(pywikibot.Page(self._wiki.site, page), '\n'.join((
                '', self._words.block(f'{_MARK}_good', [
                    self._say('configuration-good')]))), 'good')

    def _unfolded(self, mark: str, lines: Sequence[str]) -> str:
        """Return an answer all of which is to be seen."""
        return self._words.block(mark, ['\n'.join(lines)])

    def _say(self, key: str) -> str:
        return message(self._words.language, key)

    def _append(self, talk: pywikibot.Page, text: str, what: str) -> None:
        """Put something at the end of the talk page, once.

        Written down first: what cannot be saved is not tried every ten
        minutes.
        """
        self._alarms.save()
        try:
            if talk.botMayEdit():
                Editor(self._wiki.site).append(
                    talk.title(), f'{text}\n', self._say(
                        f'summary-configuration-{what}'))
        except (EditError, TargetError) as error:
            pywikibot.warning(printable(str(error)))
