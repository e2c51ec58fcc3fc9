"""What the forms of the acts on an assistance share. They read what was typed, in the time of the place; none saves.

`said` is what a form says to the verb of its act, by the names of its keywords.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from escucha.web.desk.assistance.hours import Hour, instant
from escucha.web.desk.assistance.seen import Seen
from escucha.web.desk.forms import offer

YES_NO = [("yes", _("Sí")), ("no", _("No"))]
OTHER_DAY = _("Día, si es otro")
LONGEST_WINDOW = timedelta(hours=18)
INCOMPLETE = _("La página llegó incompleta. Vuelva a intentarlo desde aquí.")


class Radio(forms.ChoiceField):
    """A few choices, all in sight."""

    def __init__(self, choices: Any, **kwargs: Any):
        super().__init__(choices=list(choices), widget=forms.RadioSelect, **kwargs)


class Ticks(forms.MultipleChoiceField):
    def __init__(self, choices: Any, **kwargs: Any):
        super().__init__(choices=list(choices), widget=forms.CheckboxSelectMultiple, required=False, **kwargs)


class Tick(forms.BooleanField):
    def __init__(self, **kwargs: Any):
        super().__init__(required=False, **kwargs)


class Act(forms.Form):
    """An act on an assistance as who does it saw it: knows which version that was."""

    version = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"id": False}),
        error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE),
    )

    def __init__(self, *args: Any, seen: Seen, name: str, initial: Any = None, **kwargs: Any):
        self.seen = seen
        began = {"version": seen.assistance.version} | self.begin(seen) | (initial or {})
        super().__init__(*args, **kwargs | {"initial": began, "auto_id": f"{name}-%s"})
        self.fit(seen)

    @staticmethod
    def begin(seen: Seen) -> dict[str, Any]:
        """What its fields hold before anything is typed."""
        return {}

    def fit(self, seen: Seen) -> None:
        """Its fields, as this assistance wants them."""

    def drop(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    def offer(self, name: str, choices: Any) -> None:
        offer(self, name, choices)

    @property
    def rows(self) -> list[list[Any]]:
        """Its fields as they are laid out: the end of a window and the day stand beside the hour."""
        hours = [field for field in self.fields.values() if isinstance(field, Hour)]
        beside = {field.day for field in hours} | {name for name, field in self.fields.items() if _is_end(field)}
        rows: list[list[Any]] = []
        for one in self.visible_fields():
            rows.append([one]) if one.name not in beside or not rows else rows[-1].append(one)
        return rows

    @property
    def says(self) -> Sequence[tuple[str, str]]:
        """What is read to who is on the line before anything is typed: its name and itself."""
        return ()

    @property
    def hidden(self) -> list[Any]:
        return self.hidden_fields()

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What was typed at length: label and text."""
        boxes = [self[name] for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)]
        return [(str(box.label), box.value()) for box in boxes if self.is_bound and box.value()]

    def clean(self) -> dict[str, Any]:
        for name, field in self.fields.items():
            typed = self.cleaned_data.get(name)
            if isinstance(field, Hour) and isinstance(typed, time):
                self.cleaned_data[name] = self._instant(name, field, typed)
        return self.cleaned_data

    def _instant(self, name: str, field: Hour, hour: time) -> datetime | None:
        """The hour that was typed; that of an end, the first one after its beginning."""
        seen, day = self.seen, self.cleaned_data.get(field.day)
        opens = self.cleaned_data.get(field.begins)
        try:
            found: datetime = instant(hour, day=day, near=opens or seen.now, zone=seen.zone, known=seen.known)
            if opens and found <= opens:
                next_day = opens.astimezone(seen.zone).date() + timedelta(days=1)
                found = instant(hour, day=next_day, near=opens, zone=seen.zone)
            if opens and found - opens > LONGEST_WINDOW:
                raise ValidationError(_("La franja termina antes de empezar. Corríjala."))
        except ValidationError as wrong:
            self.add_error(name, wrong)
            return None
        return found

    def window(self, opens: str, closes: str) -> tuple[datetime, datetime] | None:
        """From when until when; None where it was not typed whole."""
        first, last = self.cleaned_data.get(opens), self.cleaned_data.get(closes)
        return (first, last) if first and last else None

    @property
    def said(self) -> dict[str, Any]:
        days = {field.day for field in self.fields.values() if isinstance(field, Hour)}
        return {name: value for name, value in self.cleaned_data.items() if name != "version" and name not in days}


def _is_end(field: Any) -> bool:
    return isinstance(field, Hour) and bool(field.begins)
