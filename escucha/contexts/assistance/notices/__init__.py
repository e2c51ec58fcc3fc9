"""What this context tells people, and when."""
