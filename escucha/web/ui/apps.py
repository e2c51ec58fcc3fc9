"""Django's name tag for the design system."""

from django.apps import AppConfig


class Ui(AppConfig):
    name = "escucha.web.ui"
    label = "ui"
