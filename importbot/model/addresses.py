"""Names that MediaWiki takes for addresses of people without an account."""
from __future__ import annotations

import ipaddress
import re
from contextlib import suppress


__all__ = ('is_address', 'same_address')

#: What MediaWiki takes for an IPv4 address, 300.300.300.300 and the cut
#: ones of UseMod with it (facts of UserNameUtils::isIP).
_IPV4 = re.compile(r'(?:\d{1,3}\.){3}(?:\d{1,3}|xxx)', re.ASCII)


def is_address(name: str) -> bool:
    """Return whether MediaWiki takes a name for an address.

    :param name: of an author
    """
    if _IPV4.fullmatch(name):
        return True
    # Python reads more than MediaWiki: ::ffff:192.0.2.1 and fe80::1%eth0.
    if '.' in name or '%' in name:
        return False
    try:
        ipaddress.IPv6Address(name)
    except ValueError:
        return False
    return True


def same_address(one: str, other: str) -> bool:
    """Return whether two names are one address in two spellings.

    :param one: a name
    :param other: a name
    """
    with suppress(ValueError):
        return (is_address(one) and is_address(other)
                and ipaddress.ip_address(one) == ipaddress.ip_address(other))
    return False
