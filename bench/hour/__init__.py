"""The busiest hour of a desk: its house, what happens to each who calls, who attends them, and what is left of it."""
