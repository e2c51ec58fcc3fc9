"""A world where dispatch rules are compared: invented, seeded and frozen. It compares rules; it forecasts nothing."""
