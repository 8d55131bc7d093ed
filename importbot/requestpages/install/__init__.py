"""The pages that a wiki needs for import requests, and putting them there.

Begin with :mod:`.installation`.
"""
