"""Mounts the faces."""

urlpatterns: list[object] = []
