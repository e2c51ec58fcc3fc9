"""The forms of closed doors. They read what was typed and never save."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.kernel.orgs.models import Member, Unit
from escucha.web.desk.forms import LongText, OnCase, Versioned, offer


class Revealing(OnCase):
    reason = LongText(label=_("Para qué necesita ver la identidad"))


class OpeningOriginal(OnCase):
    """Of one attachment: the ids of each are its own."""

    reason = LongText(label=_("Para qué necesita abrir el original"), rows=2)

    def __init__(self, *args: Any, attachment_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attachment_id, self.auto_id = attachment_id, f"original-{attachment_id}-%s"


class OpeningUp(Versioned):
    reason = LongText(label=_("Por qué deja de ser reservado"))


class Accusing(OnCase):
    """A member or a unit, in one list: `p7` is a person, `d3` a unit."""

    accused = forms.ChoiceField(
        label=_("De quién trata el caso"), error_messages={"required": _("Escoja a una persona o a una dependencia.")}
    )

    def __init__(self, *args: Any, members: Sequence[Member], units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(f"p{member.pk}", member.account.name) for member in members]
        places = [(f"d{unit.pk}", unit.label) for unit in units]
        nobody = ("", _("Escoja a una persona o a una dependencia"))
        offer(self, "accused", [nobody, (_("Personas"), people), (_("Dependencias"), places)])


class Lifting(OnCase):
    accused = forms.IntegerField(widget=forms.HiddenInput(attrs={"id": False}))
