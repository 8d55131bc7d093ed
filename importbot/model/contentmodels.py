"""The content model of a page whose export names none: by its title.

As ``ContentHandler::getDefaultModelFor`` with the extensions whose
namespaces and suffixes are the same everywhere.
"""
from __future__ import annotations

from importbot.model.titles import MEDIAWIKI, MODULE, TEMPLATE, USER, Title


__all__ = ('WIKITEXT', 'default_model', 'may_stand')

WIKITEXT = 'wikitext'

_CODE = {'.css': 'css', '.js': 'javascript', '.json': 'json', '.vue': 'vue'}
#: Of the extension Gadgets.
_GADGETS = {2300: {'.css': 'css', '.js': 'javascript', '.json': 'json',
                   '.vue': 'vue'}}
_GADGET_DEFINITION = 2302
_LUA = 'Scribunto'


def may_stand(model: str, title: Title) -> bool:
    """Return whether a wiki takes a content model at a title.

    An import leaves revisions out, unsaid, whose model may not stand where
    they go (``ContentHandler::canBeUsedOn``).

    :param model: content model
    :param title: title on the target wiki
    """
    return model != _LUA or title.namespace == MODULE


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
        return 'json' if suffix == '.json' else _LUA
    if title.namespace == TEMPLATE and suffix == '.css':
        return 'sanitized-css'
    return WIKITEXT
