"""The assistance desk."""
