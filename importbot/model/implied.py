"""What the JSON form of a planned page leaves out.

Schema 1 has the decision and the reason of a page, and what is done on
their strength follows from them. It is derived here and nowhere else:
everywhere but at this edge a reason only explains.
"""
from __future__ import annotations

from typing import Any

from importbot.model.decisions import Decision, Reason, TextAfter


__all__ = ('implied_by', )

#: Imports after which the target shows its own text.
_KEEPING = (Reason.HISTORY_MISSING, Reason.HISTORY_BENEATH)

#: What may be the account's, and not the page's.
_BARRING = (Reason.NOT_EDITABLE, Reason.PROTECTED)


def implied_by(decision: Decision, reason: Reason) -> dict[str, Any]:
    """Return the fields of a planned page that its JSON form lacks.

    :param decision: as JSON has it
    :param reason: as JSON has it
    """
    shows_source = decision is Decision.IMPORT and reason not in _KEEPING
    return {
        'text_after': TextAfter.SOURCE if shows_source else TextAfter.TARGET,
        'agreed': reason is Reason.FORCED,
        'asks': reason is Reason.ASK,
        'is_missing_on_source': reason is Reason.NOT_ON_SOURCE,
        'is_barred': reason in _BARRING,
        'is_unasked': reason is Reason.UNASKED}
