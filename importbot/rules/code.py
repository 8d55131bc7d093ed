"""What runs as code for others (rule 6)."""
from __future__ import annotations

from importbot.model.titles import MEDIAWIKI, USER, Title


__all__ = ('runs_as_code', )

#: Content models whose pages run as code for others. Lua modules and
#: sanitized CSS do not: they cannot leave the page that shows them.
_CODE_MODELS = frozenset({'GadgetDefinition', 'css', 'javascript', 'vue'})
#: What user scripts take for their settings.
_JSON = 'json'
_CODE_SUFFIXES = ('.css', '.js', '.json', '.vue')
#: Gadget and Gadget definition with their talk pages.
_GADGET_NAMESPACES = frozenset(range(2300, 2304))


def runs_as_code(target: Title, model: str) -> bool:
    """Return whether a page would run as code for others (rule 6).

    :param target: title on the target wiki
    """
    return (target.namespace == MEDIAWIKI
            or target.namespace in _GADGET_NAMESPACES
            or model in _CODE_MODELS
            or (target.namespace == USER and '/' in target.name
                and (model == _JSON
                     or target.name.endswith(_CODE_SUFFIXES))))
