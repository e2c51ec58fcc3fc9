from django.apps import AppConfig


class Desk(AppConfig):
    name = "escucha.web.desk"
    label = "desk"
