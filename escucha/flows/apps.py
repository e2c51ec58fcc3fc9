from django.apps import AppConfig


class Flows(AppConfig):
    name = "escucha.flows"
    label = "flows"

    def ready(self) -> None:
        from escucha.flows.switchboard import REACTIONS
        from escucha.kernel.timeline import relay

        relay.connect(REACTIONS)
