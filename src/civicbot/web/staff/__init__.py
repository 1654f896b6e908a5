"""The door of the staff desk: log-in page, OpenID Connect, cookies, and the layer that lets only staff in."""
