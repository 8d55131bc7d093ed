"""Where a page of the source arrives on the target.

MediaWiki's importer keeps namespaces below 100 by number and looks the
others up by name; with a namespace or a root page given it puts every
page of the request there (NaiveImportTitleFactory,
NamespaceImportTitleFactory, SubpageImportTitleFactory).
"""
from __future__ import annotations

from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MAIN, Title


__all__ = ('predict', )

_FIRST_CUSTOM_NAMESPACE = 100


def predict(title: Title, source: SiteInfo, target: SiteInfo,
            namespace: int | None = None,
            rootpage: str = '') -> Title | None:
    """Return the title under which a page arrives.

    :param title: title on the source
    :param source: settings of the source
    :param target: settings of the target
    :param namespace: target namespace for the page, if one is asked for
    :param rootpage: target page above it, if one is asked for
    :return: the title; None where the target has no such namespace, so
        that the page would end up in its main namespace
    """
    if rootpage:
        root = target.title(rootpage)
        assert root is not None, 'the root page passed the preflight'
        return root.subpage(source.text(title))
    if namespace is None:
        namespace = _namespace(title, source, target)
    if namespace is None:
        return None
    return target.normalized(Title(namespace, title.name))


def _namespace(title: Title, source: SiteInfo,
               target: SiteInfo) -> int | None:
    number = title.namespace
    if number == MAIN or (number < _FIRST_CUSTOM_NAMESPACE
                          and number in target.namespaces):
        return number
    # Only the local name stands in an export: Modul is not Module.
    return target.namespace_number(source.namespaces[number].name)
