"""The forms of the desk. They read what was typed and never save."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.rules.standing import CHARACTERISTICS
from escucha.contexts.messaging.queries import RESULTS

LONGEST = 20_000  # characters: some seven pages, far more than any answer; beyond it something was pasted by mistake


class LongText(forms.CharField):
    """Something typed at length. Too much of it is said, never cut in silence as `maxlength` would."""

    def __init__(self, *, rows: int = 3, most: int = LONGEST, **kwargs):
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(widget=widget, required=False, validators=[MaxLengthValidator(most)], **kwargs)


class Short(forms.CharField):
    """Something typed on one line, which may be left out."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"max_length": 200, "required": False} | kwargs)


class OnCase(forms.Form):
    """A form of a case's page, which carries several at once: the ids of each begin with its name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, auto_id=f"{type(self).__name__.lower()}-%s")

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What was typed in its text boxes: label and text."""
        boxes = [self[name] for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)]
        return [(str(box.label), box.value()) for box in boxes if self.is_bound and box.value()]


class Versioned(OnCase):
    """An act on a case as its reader saw it: knows which version that was."""

    version = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"id": False}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("La página llegó incompleta. Vuelva a intentarlo desde aquí.")
        ),
    )


class Classification(Versioned):
    case_type = forms.ChoiceField(label=_("Tipo"), widget=forms.RadioSelect)
    unit = forms.ChoiceField(label=_("Dependencia que responde"), required=False)

    def __init__(self, *args, policy: CasesPolicy, units, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = policy.types.values()
        offer(self, "case_type", [(kind.key, kind.label) for kind in kinds], {one.key: one.definition for one in kinds})
        offer(self, "unit", [("", _("Decidir después")), *((unit.key, unit.label) for unit in units)])


class Routing(Versioned):
    unit = forms.ChoiceField(label=_("Dependencia que responde"))

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "unit", [("", _("Escoja una dependencia")), *((unit.key, unit.label) for unit in units)])


class Returning(Versioned):
    reason = LongText(label=_("Por qué no es de su dependencia"))


class Withdrawing(Versioned):
    reason = LongText(label=_("Cómo y cuándo lo dijo la persona"))


class Assignment(Versioned):
    member = forms.ChoiceField(label=_("Quién lo atiende"), required=False)

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(str(member.pk), member.account.name) for member in members]
        offer(self, "member", [("", _("Nadie en particular")), *named])


class Answering(Versioned):
    body = LongText(label=_("Texto de la respuesta"), rows=12)


class Checking(Versioned):
    """The five characteristics, each met or not, and one reason for what must be corrected."""

    reason = LongText(label=_("Qué debe corregir la dependencia"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key, (name, about) in CHARACTERISTICS.items():
            self.fields[key] = forms.ChoiceField(
                label=_(name),
                help_text=_(about),
                choices=[("yes", _("Cumple")), ("no", _("No cumple"))],
                widget=forms.RadioSelect,
                required=False,
            )

    @property
    def points(self):
        return [{"name": self[key].label, "about": self[key].help_text, "field": self[key]} for key in CHARACTERISTICS]

    @property
    def verdicts(self) -> dict[str, bool]:
        said = {key: self.cleaned_data.get(key) for key in CHARACTERISTICS}
        return {key: value == "yes" for key, value in said.items() if value}


class Calling(OnCase):
    number = forms.CharField(label=_("Número marcado"), max_length=30)
    result = forms.ChoiceField(label=_("Qué pasó"), choices=list(RESULTS.items()), widget=forms.RadioSelect)


class Noting(OnCase):
    body = LongText(label=_("Nota para sus colegas"))


def offer(form: forms.Form, name: str, choices: Iterable[Any], about: Mapping[str, str] | None = None) -> None:
    """What a choice may be, and what each option means."""
    field: Any = form.fields[name]
    field.choices, field.about = list(choices), about or {}
