"""The content model of a page whose export names none: by its title.

As ``ContentHandler::getDefaultModelFor`` with the extensions whose
namespaces and suffixes are the same everywhere.
"""
from __future__ import annotations

from importbot.model.titles import MEDIAWIKI, MODULE, TEMPLATE, USER, Title


__all__ = ('WIKITEXT', 'default_model')

WIKITEXT = 'wikitext'

_CODE = {'.css': 'css', '.js': 'javascript', '.json': 'json', '.vue': 'vue'}
#: Of the extension Gadgets.
_GADGETS = {2300: {'.css': 'css', '.js': 'javascript', '.json': 'json',
                   '.vue': 'vue'}}
_GADGET_DEFINITION = 2302


def default_model(title: Title, *, documents: bool = False) -> str:
    """Return the content model that a wiki gives a page of a title.

    :param title: its title
    :param documents: whether it is the documentation of a template or
        module
    """
    suffix = title.name[title.name.rfind('.'):] if '.' in title.name else ''
    if title.namespace == MEDIAWIKI or (
            title.namespace == USER and '/' in title.name):
        return _CODE.get(suffix, WIKITEXT)
    if title.namespace in _GADGETS:
        return _GADGETS[title.namespace].get(suffix, WIKITEXT)
    if title.namespace == _GADGET_DEFINITION:
        return 'GadgetDefinition'
    if title.namespace == MODULE and not documents:
        # TemplateStyles knows sheets in this namespace only if told so.
        return 'json' if suffix == '.json' else 'Scribunto'
    if title.namespace == TEMPLATE and suffix == '.css':
        return 'sanitized-css'
    return WIKITEXT
