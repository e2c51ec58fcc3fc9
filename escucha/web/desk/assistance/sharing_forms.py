"""What is typed to pass several files on: which, to whom, and why."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.contexts.assistance.rules.sharing import OTHER, REASONS
from escucha.web.desk.assistance.act_forms import Radio, Ticks
from escucha.web.desk.forms import Short, offer

QUEUE = "0"  # in place of a member: the queue of the shift


class Person(NamedTuple):
    """Who may get them, with how many files they have now; None is the queue of the shift."""

    member: int | None
    name: str
    has: int


class Sharing(forms.Form):
    to = Ticks((), label=_("Quién los recibe"), help_text=_("Si elige a varios, se reparten por igual."))
    reason = Radio(REASONS.items(), label=_("Por qué se entregan"), required=False)
    other = Short(label=_("Si es otro, cuál"))

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any):
        super().__init__(*args, **kwargs)
        text = _("{name}, tiene {n}")
        offer(self, "to", [(str(one.member or QUEUE), text.format(name=one.name, n=one.has)) for one in people])

    @property
    def targets(self) -> list[int | None]:
        return [None if one == QUEUE else int(one) for one in self.cleaned_data["to"]]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("to") and "to" not in self.errors:
            self.add_error("to", _("Escoja quién los recibe."))
        if not data.get("reason"):
            self.add_error("reason", _("Diga por qué se entregan."))
        elif data["reason"] == OTHER and not data.get("other", "").strip():
            self.add_error("other", _("Escriba el motivo."))
        return data

    @property
    def why(self) -> str:
        """As it is kept in the log of each file."""
        said: Mapping[str, str] = self.cleaned_data
        return said["other"].strip() if said["reason"] == OTHER else REASONS[said["reason"]]
