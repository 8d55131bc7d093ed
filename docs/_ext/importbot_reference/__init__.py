"""Tables of the documentation that are made from the code.

A line of a Markdown page such as ::

    <!-- generated: decisions -->

is replaced by what the function of that name in :data:`PARTS` returns, before
the page is read.
"""
from __future__ import annotations

import re
from collections.abc import Callable

from docutils.nodes import Element
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from importbot_reference.commands import commands, options
from importbot_reference.configuration import configuration
from importbot_reference.errors import answers, error_tree
from importbot_reference.journal import journal
from importbot_reference.pages import (
    contributing,
    linked_here,
    readme,
    reporting,
)
from importbot_reference.python import public_names
from importbot_reference.samples import plan_text, result_text
from importbot_reference.words import (
    dependencies,
    evidence,
    notes,
    outcomes,
    reasons,
    relations,
    requested_pages,
    roles,
    states,
    undo_reasons,
)


PARTS: dict[str, Callable[[], str]] = {
    'answers': answers,
    'commands': commands,
    'configuration': configuration,
    'contributing': contributing,
    'dependencies': dependencies,
    'errors': error_tree,
    'evidence': evidence,
    'journal': journal,
    'notes': notes,
    'options': options,
    'outcomes': outcomes,
    'public names': public_names,
    'readme': readme,
    'reasons': reasons,
    'relations': relations,
    'reporting': reporting,
    'requested pages': requested_pages,
    'roles': roles,
    'sample plan': plan_text,
    'sample result': result_text,
    'states': states,
    'undo reasons': undo_reasons,
}

_PLACE = re.compile(r'^<!-- generated: (.*?) -->$', re.MULTILINE)


def filled(text: str, page: str) -> str:
    """Return the text of a page with the tables in their places.

    :param text: Markdown
    :param page: name of the page
    :raises ExtensionError: nothing of a name is known
    """
    def part(place: re.Match[str]) -> str:
        if place[1] not in PARTS:
            raise ExtensionError(f'{page}: nothing generates "{place[1]}"; '
                                 f'there are: {", ".join(PARTS)}')
        return PARTS[place[1]]()

    return _PLACE.sub(part, text)


def _fill(app: Sphinx, docname: str, source: list[str]) -> None:
    source[0] = linked_here(filled(source[0], docname))


def _find_by_last_name(app: Sphinx, env: BuildEnvironment,
                       node: pending_xref, shown: Element) -> Element | None:
    """Return a link to what a docstring calls by its name alone."""
    domain = env.domains.python_domain
    name = node.get('reftarget', '').rpartition('.')[2]
    known = [full for full in domain.objects
             if full.rpartition('.')[2] == name]
    if node.get('refdomain') != 'py' or len(known) != 1:
        return None
    return domain.resolve_xref(env, node['refdoc'], app.builder,
                               node['reftype'], known[0], node, shown)


def setup(app: Sphinx) -> dict[str, bool]:
    """Enter the extension."""
    app.connect('source-read', _fill)
    app.connect('missing-reference', _find_by_last_name)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
