"""Pages and JSON API of all rooms behind one door; no rule of a domain lives here."""
