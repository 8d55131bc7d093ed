"""``pwb importrequests``: passes over the request pages of a wiki."""
