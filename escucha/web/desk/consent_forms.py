"""The forms of what a person agrees to and of who goes first. They read what was typed and never save."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.contexts.people.policy import Group, Purpose
from escucha.web.desk.forms import LongText, OnCase, offer

Channels = Mapping[str, str]


class Said(OnCase):
    """Something that the person said, and by which channel."""

    channel = forms.ChoiceField(label=_("Por dónde lo dijo"))

    def __init__(self, *args: Any, channels: Channels, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "channel", channels.items())


class Agreeing(Said):
    purpose = forms.ChoiceField(label=_("Qué autoriza"))
    proof = LongText(
        label=_("Cómo se ve que lo autorizó"),
        help_text=_("Quién le leyó el texto y cuándo, la grabación o la hoja firmada."),
        rows=2,
    )

    def __init__(self, *args: Any, purposes: Sequence[Purpose], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "purpose", [("", _("Escoja un uso")), *((one.key, one.label) for one in purposes)])


class TakingBack(Said):
    """Of one use: the ids of each are its own."""

    purpose = forms.CharField(widget=forms.HiddenInput(attrs={"id": False}), max_length=40)
    proof = LongText(
        label=_("Cómo lo pidió"), help_text=_("Si quiere anotarlo: nadie tiene que decir por qué."), rows=2
    )

    def __init__(self, *args: Any, key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"takingback-{key}-%s"


class Marking(Said):
    group = forms.ChoiceField(label=_("Grupo"))

    def __init__(self, *args: Any, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "group", [("", _("Escoja un grupo")), *((one.key, f"{one.label}. {one.says}") for one in groups)])


class Unmarking(OnCase):
    group = forms.CharField(widget=forms.HiddenInput(attrs={"id": False}), max_length=40)
