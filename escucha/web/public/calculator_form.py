"""The form of the term calculator: from what people write to a question for the engine."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.kernel.profiles.loader import Profile
from escucha.kernel.profiles.organisation import DAYS
from escucha.kernel.worktime.calendar import Week
from escucha.kernel.worktime.terms import Unit

MOST = {  # what is drawn day by day has an end
    Unit.BUSINESS_DAYS: 366,
    Unit.CALENDAR_DAYS: 366,
    Unit.CALENDAR_MONTHS: 24,
    Unit.ELAPSED_HOURS: 24 * 366,
    Unit.ELAPSED_MINUTES: 60 * 24 * 366,
    Unit.WORKING_MINUTES: 60 * 24 * 60,
}
UNITS = [
    (Unit.BUSINESS_DAYS.value, _("días hábiles")),
    (Unit.CALENDAR_DAYS.value, _("días calendario")),
    (Unit.CALENDAR_MONTHS.value, _("meses")),
    (Unit.ELAPSED_HOURS.value, _("horas seguidas")),
    (Unit.WORKING_MINUTES.value, _("minutos de atención")),
]
RULES = [
    ("calendar_date", _("El mismo día, a cualquier hora")),
    ("office_hours_roll", _("Si llega después del cierre o un día sin atención, el día hábil siguiente")),
]
LAYERS = [
    ("national", _("Fines de semana y festivos nacionales")),
    ("national+executive", _("Además, el día cívico de la rama ejecutiva nacional")),
]
DAY = r"\d{4}-\d{2}-\d{2}"
CLOSURE = re.compile(rf"({DAY})(?:\s+a\s+({DAY}))?(?:\s*,\s*(.+))?")
OFFICE: Week = {day: ((480, 1020),) for day in range(5)}
FIELD_OF = {  # the engine's key, and the field beside which its complaint is shown
    "received_at": "received_on",
    "term": "amount",
    "amount": "amount",
    "unit": "unit",
    "office_hours": "receipt_rule",
    "receipt_rule": "receipt_rule",
    "layers": "layers",
    "closures": "closures",
    "from": "closures",
    "to": "closures",
    "on": "requested_on",
    "events": "requested_on",
    "told_at": "told_on",
    "to_amount": "to_amount",
}


def a_day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    wrong = _("Escriba la fecha completa: año, mes y día, como 2026-03-02.")
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": wrong, "required": wrong},
    )


def a_number(label: Any, help_text: Any = "", *, required: bool = False) -> forms.IntegerField:
    wrong = _("Escriba un número entero desde 1.")
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=1,
        required=required,
        error_messages={"invalid": wrong, "required": wrong, "min_value": wrong},
    )


class Calculation(forms.Form):
    received_on = a_day(_("Día en que se recibió"), required=True)
    received_time = forms.TimeField(
        label=_("Hora"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Escriba la hora como 10:30."), "required": _("Escriba la hora como 10:30.")},
    )
    amount = a_number(_("Cuánto dura el plazo"), required=True)
    unit = forms.ChoiceField(label=_("Se cuenta en"), choices=UNITS)
    receipt_rule = forms.ChoiceField(label=_("Qué día cuenta como recibido"), choices=RULES, widget=forms.RadioSelect)
    layers = forms.ChoiceField(label=_("Qué días no cuentan"), choices=LAYERS, widget=forms.RadioSelect)
    closures = forms.CharField(
        label=_("Suspensiones de términos"),
        help_text=_("Una por línea: 2026-12-21 a 2026-12-31, Resolución 5 de 2026"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    requested_on = a_day(_("Se pidió completar la solicitud el"), _("El plazo se detiene desde el día siguiente."))
    completed_on = a_day(_("La persona la completó el"), _("El plazo sigue el día hábil siguiente."))
    to_amount = a_number(_("Se amplió a un total de"), _("En la misma unidad; hasta el doble."))
    told_on = a_day(_("La ampliación se avisó el"), _("Tiene que ser antes de que el plazo venza."))

    def clean(self):
        said = super().clean()
        amount, unit = said.get("amount"), said.get("unit")
        if amount and unit and amount > MOST[Unit(unit)]:
            self.add_error(
                "amount", _("Esta página dibuja hasta %(most)s. Escriba menos.") % {"most": MOST[Unit(unit)]}
            )
        if said.get("completed_on") and not said.get("requested_on"):
            self.add_error("requested_on", _("Escriba también el día en que se pidió completarla."))
        if said.get("told_on") and not said.get("to_amount"):
            self.add_error("to_amount", _("Escriba a cuánto se amplió en total."))
        if said.get("to_amount") and not said.get("told_on"):
            self.add_error("told_on", _("Escriba el día en que se avisó la ampliación."))
        return said

    def clean_closures(self):
        """Each line as the engine takes it."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["closures"].splitlines())):
            read = CLOSURE.fullmatch(line)
            if read is None:
                wrong = _("No entendemos «%(line)s». Escríbala como 2026-12-21 a 2026-12-31, y el acto tras una coma.")
                raise forms.ValidationError(wrong, params={"line": line[:60]})
            first, last, act = read.groups()
            found.append({"from": first, "to": last or first, **({"act": act} if act else {})})
        return found

    def question(self, *, country: str, zone: str, hours: Week) -> dict[str, Any]:
        """What the engine is asked."""
        said = self.cleaned_data
        events: list[dict[str, Any]] = []
        if said["requested_on"]:
            events.append({"type": "completion_requested", "on": said["requested_on"].isoformat()})
        if said["completed_on"]:
            events.append({"type": "completed", "on": said["completed_on"].isoformat()})
        if said["to_amount"]:
            told_at = f"{said['told_on'].isoformat()}T12:00:00"
            events.append({"type": "extended", "to_amount": said["to_amount"], "told_at": told_at})
        return {
            "id": "web",
            "received_at": f"{said['received_on'].isoformat()}T{said['received_time']:%H:%M}:00",
            "country": country,
            "zone": zone,
            "layers": layers_of(said["layers"]),
            "receipt_rule": said["receipt_rule"],
            "office_hours": {DAYS[day]: [[_clock(a), _clock(b)] for a, b in shifts] for day, shifts in hours.items()},
            "closures": said["closures"],
            "term": {"amount": said["amount"], "unit": said["unit"]},
            "events": events,
        }

    def complain(self, error: Mapping[str, str]) -> None:
        """The engine's complaint, beside the field it is about."""
        self.add_error(FIELD_OF.get(error["key"]), error["message"])


def layers_of(chosen: str) -> list[str]:
    return ["national", "national-executive"] if chosen == "national+executive" else ["national"]


def filled_from(profile: Profile | None) -> dict[str, Any]:
    """What the form starts with: the organisation's calendar, or the country's where there is none."""
    start: dict[str, Any] = {"amount": 15, "unit": "business_days", "layers": "national"}
    if profile is None:
        return start | {"receipt_rule": "calendar_date"}
    office = profile.office
    closed = sorted((day, act or "") for day, act in office.closures.items())
    executive = "national-executive" in office.layers
    return start | {
        "receipt_rule": office.receipt_rule.value,
        "layers": "national+executive" if executive else "national",
        "closures": "\n".join(f"{day.isoformat()}{', ' if act else ''}{act}" for day, act in closed),
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
