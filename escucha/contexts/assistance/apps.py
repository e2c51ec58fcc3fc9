from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "escucha.contexts.assistance"
    label = "assistance"
