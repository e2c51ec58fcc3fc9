"""A board that many look at: its files, and the screens that stay open on it."""
