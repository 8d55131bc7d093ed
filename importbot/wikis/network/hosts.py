"""Which hosts may be asked: private ones only if they were configured.

A wiki that anybody can edit may name any address, and what answers there
may be a printer, a metadata service or an intranet.
"""
from __future__ import annotations

import ipaddress
import re
import socket
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pywikibot
from pywikibot.exceptions import UnknownFamilyError
from pywikibot.family import Family


__all__ = ('Origin', 'allow_private', 'home', 'is_allowed',
           'is_at_private_address', 'is_private', 'origin_of', 'shown_host',
           'stays')

_PORTS = {'http': 80, 'https': 443}
_HOST = re.compile(r'[A-Za-z0-9._:\[\]-]{1,253}')
#: IPv6 addresses that stand for an IPv4 address (RFC 6052).
_NAT64 = ipaddress.ip_network('64:ff9b::/96')

_allowed: set[tuple[str, int]] = set()


class Origin(NamedTuple):

    """Whom a request goes to.

    :param scheme: ``http`` or ``https``
    :param host: name or address, in lower case
    :param port: its port
    """

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f'[{self.host}]' if ':' in self.host else self.host
        if not _HOST.fullmatch(host):
            return f'a host with an odd name ({self.scheme})'
        port = ('' if self.port == _PORTS.get(self.scheme)
                else f':{self.port}')
        return f'{self.scheme}://{host}{port}'


def origin_of(url: str) -> Origin:
    """Return whom a URL belongs to.

    :param url: absolute URL
    :raises ValueError: it is none
    """
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in _PORTS or not host:
        raise ValueError('no absolute URL of the web')
    return Origin(scheme, host.lower().rstrip('.'),
                  parts.port or _PORTS[scheme])


def shown_host(url: str) -> str:
    """Return the host of a URL for a sentence, and nothing else of it.

    :param url: which a wiki may have named
    """
    try:
        return str(origin_of(url))
    except ValueError:
        return 'an address that is none'


def stays(old: Origin, new: Origin) -> bool:
    """Return whether a redirect stays on its host.

    :param old: whom the request went to
    :param new: whom it would go to; the secure port of the same host in
        place of the usual one counts as the same
    """
    if old.host != new.host:
        return False
    return ((old.scheme, old.port) == (new.scheme, new.port)
            or (old[::2], new[::2]) == (('http', 80), ('https', 443)))


def is_private(address: str) -> bool:
    """Return whether an address is none of the public internet.

    :param address: IPv4 or IPv6
    """
    ip = ipaddress.ip_address(address.partition('%')[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip.teredo:
            inner = ip.teredo[1]
        elif ip in _NAT64 or int(ip) >> 32 == 0:
            inner = ipaddress.IPv4Address(int(ip) & 0xffffffff)
        if inner is not None:
            return is_private(str(inner))
    return not ip.is_global or ip.is_multicast


def addresses_of(host: str, port: int) -> list[str]:
    """Return the addresses of a host, none where it has none.

    :param host: its name, or an address in any spelling
    """
    try:
        infos = socket.getaddrinfo(host.strip('[]'), port,
                                   type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(item[4][0]) for item in infos]


def is_at_private_address(url: str) -> bool:
    """Return whether the host of a URL has a private address.

    :param url: absolute URL
    """
    try:
        origin = origin_of(url)
    except ValueError:
        return False
    return any(map(is_private, addresses_of(origin.host, origin.port)))


def allow_private(url: str) -> None:
    """Let the host of a URL have a private address, as configured.

    :param url: absolute URL
    """
    with suppress(ValueError):
        origin = origin_of(url)
        _allowed.add((origin.host, origin.port))


def is_allowed(host: str, port: int) -> bool:
    """Return whether a host may have a private address.

    :param host: as a URL names it
    """
    where = host.strip('[]').lower().rstrip('.'), port
    return where in _allowed or where in _configured()


def home() -> Origin | None:
    """Return the host of pywikibot's default site, if a family knows it.
    """
    config = pywikibot.config
    try:
        family = Family.load(config.family)
        return origin_of(f'{family.protocol(config.mylang)}://'
                         f'{family.hostname(config.mylang)}/')
    except (UnknownFamilyError, KeyError, ValueError, AttributeError):
        return None


def _configured() -> set[tuple[str, int]]:
    """Return hosts and ports of the operator's own families.

    What pywikibot ships is all public.
    """
    shipped = Path(pywikibot.__file__).parent / 'families'
    hosts: set[tuple[str, int]] = set()
    for name, where in pywikibot.config.family_files.items():
        if '://' not in where and Path(where).parent == shipped:
            continue
        # A family that is broken configures nothing.
        with suppress(Exception):
            family = Family.load(name)
            for code in family.langs:
                origin = origin_of(f'{family.protocol(code)}://'
                                   f'{family.hostname(code)}/')
                hosts.add(origin[1:])
                if origin.port in _PORTS.values():
                    hosts.update((origin.host, port)
                                 for port in _PORTS.values())
    return hosts
