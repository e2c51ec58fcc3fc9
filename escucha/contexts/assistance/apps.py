from django.apps import AppConfig


class Assistance(AppConfig):
    name = "escucha.contexts.assistance"
    label = "assistance"
