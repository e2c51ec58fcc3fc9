from django.apps import AppConfig


class Flows(AppConfig):
    name = "escucha.flows"
    label = "flows"

    def ready(self) -> None:
        from escucha.flows.switchboard import COMPARISONS, REACTIONS
        from escucha.kernel.timeline import comparing, relay

        relay.connect(REACTIONS)
        comparing.compare(COMPARISONS)
