from django.apps import AppConfig


class Public(AppConfig):
    name = "escucha.web.public"
    label = "public"
