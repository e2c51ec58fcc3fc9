from django.apps import AppConfig


class Documents(AppConfig):
    name = "escucha.contexts.documents"
    label = "documents"
