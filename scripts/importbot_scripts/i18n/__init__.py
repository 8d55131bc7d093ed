"""``pwb`` asks every package of scripts for this one.

The messages of importbot are in :mod:`importbot.i18n`.
"""
