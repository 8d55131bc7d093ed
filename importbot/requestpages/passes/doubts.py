"""Names in a configuration that mean nothing on its wiki: warned about.

The bot works all the same. A group that nobody is in approves nothing, and
a template that is not there shows its name.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from importbot.i18n import LANGUAGES, spoken
from importbot.model.problems import Problem
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import TEMPLATE
from importbot.requestpages.configuration import Configuration
from importbot.requestpages.page.store import StoredPage
from importbot.wikis.api_values import Access


__all__ = ('doubts', 'template_titles')

#: A template in wikitext; what has a colon or capitals alone may be a
#: function or a variable of the parser.
_TEMPLATE = re.compile(r'\{\{\s*([^{}|<>\[\]#:\n]+?)\s*[|}]')


def template_titles(configuration: Configuration,
                    siteinfo: SiteInfo) -> dict[str, str]:
    """Return the templates that a configuration uses: places by titles."""
    names: dict[str, str] = {}
    for number, words in enumerate(configuration.templates):
        names[words.name] = f'$.templates[{number}].name'
    for place, text in (
            ('$.deletion', configuration.deletion),
            *((f'$.done.{state}', text)
              for state, text in configuration.done.items()),
            *(('$.policy.post', f'{{{{{name.partition(":")[2]}}}}}')
              for name in configuration.policy.fields()['post']
              if name.startswith('note:'))):
        for name in _TEMPLATE.findall(text):
            if name != name.upper():
                names.setdefault(name, place)
    return {str(title): place for name, place in names.items()
            if (title := siteinfo.title(name, TEMPLATE))}


def doubts(configuration: Configuration, siteinfo: SiteInfo, access: Access,
           stored: Mapping[str, StoredPage]) -> list[Problem]:
    """Return what in a configuration means nothing on its wiki.

    :param access: what the wiki knows
    :param stored: the pages of :func:`template_titles`
    """
    return [*_prefixes(configuration, access),
            *_groups(configuration, access),
            *(Problem('doubt-template', place=place, title=title)
              for title, place in template_titles(
                  configuration, siteinfo).items()
              if title not in stored or not stored[title].revision),
            *_language(configuration)]


def _prefixes(configuration: Configuration,
              access: Access) -> Iterator[Problem]:
    for number, source in enumerate(configuration.sources):
        if source.partition(':')[0] not in access.interwiki:
            yield Problem('doubt-prefix', place=f'$.sources[{number}]',
                          prefix=source)


def _groups(configuration: Configuration,
            access: Access) -> Iterator[Problem]:
    def unknown(place: str, names: Iterable[str]) -> Iterator[Problem]:
        for name in names:
            if access.groups and name not in access.groups:
                yield Problem('doubt-group', place=place, group=name)

    yield from unknown('$.groups', configuration.groups)
    for number, rule in enumerate(configuration.rules):
        yield from unknown(f'$.rules[{number}].groups', rule.groups)
        yield from unknown(f'$.rules[{number}].approvers', rule.approvers)


def _language(configuration: Configuration) -> Iterator[Problem]:
    code = configuration.language
    if code and spoken(code) == 'en' and code.partition('-')[0] != 'en':
        yield Problem('doubt-language', place='$.language', code=code,
                      known=', '.join(LANGUAGES))
