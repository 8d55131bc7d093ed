"""Clean-ups: what becomes of a text once it stands on another wiki.

A clean-up is a function from a text and its page to a new text. Those
here are what people do by hand: a note on where the page is from, and
links commented out that lead nowhere on the target.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from importbot.model.errors import CleanUpError
from importbot.model.problems import Problem
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import CATEGORY, TEMPLATE, Title
from importbot.wikitext.links import Link, calls, prefixed_links
from importbot.wikitext.masking import COMMENT, TAG, masked
from importbot.wikitext.references.redirects import redirect_link


__all__ = ('BUILT_IN', 'WITH_ARGUMENT', 'CleanUp', 'CleanUpPage',
           'nocategories', 'nointerlanguage', 'note')

_BLANK = ' \t\n'


@dataclass(frozen=True)
class CleanUpPage:

    """The page whose text is cleaned up.

    :param source_title: on the source
    :param target_title: on the target
    :param prefix: interwiki prefix of the source, as the target knows it
    :param revision: id of the revision on the source
    :param timestamp: its time, ISO 8601
    :param source_info: settings of the source
    :param target_info: settings of the target
    :param argument: what follows the name of the clean-up
    """

    source_title: Title
    target_title: Title
    prefix: str
    revision: int
    timestamp: str
    source_info: SiteInfo
    target_info: SiteInfo
    argument: str = ''

    @property
    def title(self) -> str:
        """Full title on the source."""
        return str(self.source_title)

    @property
    def target(self) -> str:
        """Full title on the target."""
        return str(self.target_title)

    def mask(self, text: str) -> str:
        """Return a text without what is no wikitext, place for place.

        What either wiki takes for an extension tag counts.

        :param text: of the page
        """
        return masked(text, self.source_info.tags | self.target_info.tags)


CleanUp = Callable[[str, CleanUpPage], str]

#: Those that come with importbot, by name.
BUILT_IN: dict[str, CleanUp] = {}
#: Those of them that do nothing without an argument.
WITH_ARGUMENT: set[str] = set()


def _built_in(clean_up: CleanUp, *, has_argument: bool = False) -> CleanUp:
    """Let people ask for a clean-up by the name of its function."""
    BUILT_IN[clean_up.__name__] = clean_up
    if has_argument:
        WITH_ARGUMENT.add(clean_up.__name__)
    return clean_up


@_built_in
def nocategories(text: str, page: CleanUpPage) -> str:
    """Comment out the links that put the page into categories."""
    return _commented_out(text, page, _is_category)


@_built_in
def nointerlanguage(text: str, page: CleanUpPage) -> str:
    """Comment out the links to the same page in other languages.

    On a talk page they are ordinary links.
    """
    if page.source_title.is_talk:
        return text
    return _commented_out(text, page, _is_interlanguage)


@partial(_built_in, has_argument=True)
def note(text: str, page: CleanUpPage) -> str:
    """Put a template at the end that says where the page is from."""
    template = page.target_info.title(page.argument, TEMPLATE)
    if template is None:
        raise CleanUpError(Problem('cleanup-note-template',
                                   template=page.argument))
    mask = page.mask(text)
    if template in _named_templates(mask, page):
        return text
    place = _end_of_prose(mask, [
        link for link in prefixed_links(mask)
        if _is_category(link, page) or _is_interlanguage(link, page)])
    before, after = text[:place], text[place:]
    call = _call(page)
    if page.target_title.namespace == TEMPLATE:
        # Who uses the template is not to show where it is from.
        noted = f'{before}<noinclude>\n{call}</noinclude>{after}'
    else:
        noted = ''.join((
            before, '\n' if before and not before.endswith('\n') else '',
            call, '\n' if after and not after.startswith('\n') else '',
            after))
    # Within a tag that never ends nobody would see it, nor find it again.
    return (noted if template in _named_templates(page.mask(noted), page)
            else text)


def _named_templates(mask: str, page: CleanUpPage) -> set[Title | None]:
    """Return the templates that a text names, as the target knows them."""
    names = {call.name for call in calls(mask)}
    return {page.target_info.title(name, TEMPLATE) for name in names}


def _is_category(link: Link, page: CleanUpPage) -> bool:
    return bool(link.name) and CATEGORY in (
        page.source_info.namespace_number(link.prefix),
        page.target_info.namespace_number(link.prefix))


def _is_interlanguage(link: Link, page: CleanUpPage) -> bool:
    prefix = link.prefix.lower()
    return (prefix in page.source_info.language_prefixes
            or prefix in page.target_info.language_prefixes)


def _commented_out(text: str, page: CleanUpPage,
                   is_wanted: Callable[[Link, CleanUpPage], bool]) -> str:
    """Return a text with the links of a kind in comments."""
    mask = _without_redirect(text, page)
    links = [link for link in prefixed_links(mask) if is_wanted(link, page)]
    parts: list[str] = []
    copied = 0
    for link, goes_on in zip(links, _lines_go_on(mask, links), strict=True):
        start = link.start
        if goes_on:
            # MediaWiki takes the end of the line before away with the link.
            blank = mask[copied:start].rstrip(_BLANK)
            newline = mask.find('\n', copied + len(blank), start)
            start = newline if newline >= 0 else start
        # A comment within the link must not end the one around it.
        inside = text[start:link.end].replace('-->', '--&gt;')
        parts += text[copied:start], f'<!-- {inside} -->'
        copied = link.end
    return ''.join((*parts, text[copied:]))


def _without_redirect(text: str, page: CleanUpPage) -> str:
    """Return the mask of a text, without the link that makes a redirect."""
    mask = page.mask(text)
    for siteinfo in (page.source_info, page.target_info):
        redirect = redirect_link(text, siteinfo)
        if redirect:
            mask = TAG * redirect.end() + mask[redirect.end():]
    return mask


def _lines_go_on(mask: str, links: Sequence[Link]) -> list[bool]:
    """Return for each link whether more follows in its line.

    A line that ends with its link does not go on, unless the next one
    does that begins with such a link and is drawn up.
    """
    going_on: list[bool] = []
    limit = len(mask)
    for link in reversed(links):
        between = mask[link.end:limit]
        rest = between.partition('\n')[0].strip(f'{_BLANK}{COMMENT}{TAG}')
        going_on.append(bool(rest) or (not between.strip(_BLANK)
                                       and going_on[-1:] == [True]))
        limit = link.start
    return going_on[::-1]


def _end_of_prose(mask: str, links: Iterable[Link]) -> int:
    """Return the place before the links and comments that end a text."""
    nothing = f'{_BLANK}{COMMENT}'
    place = len(mask)
    for link in reversed(list(links)):
        if mask[link.end:place].strip(nothing):
            break
        place = link.start
    return len(mask[:place].rstrip(nothing))


def _call(page: CleanUpPage) -> str:
    """Return the call of the template of a source note."""
    values = [page.prefix, page.title, str(page.revision)]
    if any('=' in value for value in values):
        # What has such a sign would be a name with a value.
        values = [f'{number}={value}'
                  for number, value in enumerate(values, 1)]
    return f'{{{{{page.argument}|{"|".join(values)}}}}}'
