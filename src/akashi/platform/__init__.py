"""What every room stands on: settings, database, keys, clock, pages and the loading of rooms."""
