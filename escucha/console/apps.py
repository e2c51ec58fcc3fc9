from django.apps import AppConfig


class Console(AppConfig):
    name = "escucha.console"
    label = "console"
