"""The forms of acts: how one is opened, and what each slip or word says."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.contexts.cases.policy import BoxesPolicy
from escucha.web.desk.forms import LONGEST, LongText, offer
from escucha.web.desk.receiving.forms import OF_SOMEBODY, Day, Moment, Somebody

WORDS = ("body", "matter", "speaker", "commitment")
SLIP = ("body", "matter", "written_on", "minute", "speaker", "commitment")


class OpeningBox(forms.Form):
    """What the act of a box says before its slips are copied."""

    site = forms.ChoiceField(label=_("Buzón"))
    held_at = Moment(label=_("Cuándo se abrió"))
    first_slip = forms.IntegerField(
        label=_("Primera papeleta"), help_text=_("El número del sello."), min_value=1, max_value=10**6, required=False
    )
    last_slip = forms.IntegerField(
        label=_("Última papeleta"),
        help_text=_("Si estaba vacío, deje las dos en blanco."),
        min_value=1,
        max_value=10**6,
        required=False,
    )
    notes = LongText(label=_("Cómo estaba el buzón"), rows=2)

    def __init__(self, *args, policy: BoxesPolicy, **kwargs):
        super().__init__(*args, **kwargs)
        boxes = [(one.key, f"{one.label}. {one.place}") for one in policy.sites]
        offer(self, "site", [("", _("Escoja el buzón")), *boxes])
        for place in range(1, policy.witnesses + 1):
            label = _("Testigo {place}").format(place=place)
            self.fields[f"witness_{place}"] = forms.CharField(label=label, max_length=120, required=False)

    @property
    def signers(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("witness_")]

    @property
    def act(self) -> dict[str, Any]:
        """What was said, as `open_act` takes it."""
        said = self.cleaned_data
        witnesses = [said[name] for name in self.fields if name.startswith("witness_")]
        kept = {name: said[name] for name in ("site", "held_at", "first_slip", "last_slip", "notes")}
        return kept | {"kind": "box", "witnesses": witnesses}


class OpeningHearing(forms.Form):
    """What the act of a public hearing says before the words of each one."""

    held_at = Moment(label=_("Cuándo comenzó"))
    place = forms.CharField(label=_("Lugar"), max_length=200)
    topic = forms.CharField(label=_("Asunto"), max_length=200)
    notes = LongText(label=_("Quién la presidió y quiénes asistieron"), rows=3)

    @property
    def act(self) -> dict[str, Any]:
        return self.cleaned_data | {"kind": "hearing"}


class InAct(Somebody):
    """What is copied into an act, each one a case."""

    nothing: Any
    matter = forms.CharField(label=_("En una frase"), max_length=200, required=False)

    @property
    def slip(self) -> dict[str, Any]:
        """What was said, as `enter_slip` takes it."""
        return {name: self.cleaned_data[name] for name in SLIP if name in self.cleaned_data}

    def refuse_nothing(self, void: str) -> None:
        """A key pressed by mistake is no case: what says nothing is copied first or, of a box, made `void`."""
        if not void and not any(self.cleaned_data.get(name) for name in WORDS + OF_SOMEBODY):
            self.add_error("body", self.nothing)


class Slip(InAct):
    """One slip, copied from the paper."""

    nothing = _("Copie lo que dice o anúlela con su razón.")

    position = forms.IntegerField(label=_("Papeleta"), min_value=1, max_value=10**6)
    written_on = Day(label=_("Fecha del papel"))
    body = LongText(label=_("Qué dice"), rows=4, most=5 * LONGEST)


class Word(InAct):
    """One word in a hearing: who, when, what, and what was promised there and then."""

    nothing = _("Escriba quién habló o qué dijo.")

    minute = forms.IntegerField(label=_("Minuto"), min_value=0, max_value=1440, required=False)
    speaker = forms.CharField(label=_("Quién habló"), max_length=200, required=False)
    body = LongText(label=_("Qué pidió o dijo"), rows=4, most=5 * LONGEST)
    commitment = LongText(label=_("A qué se comprometió la entidad allí"), rows=2)

    @property
    def person(self) -> dict[str, str]:
        """Who speaks gives its name by speaking."""
        return super().person | {"name": self.cleaned_data["speaker"]}
