"""The forms about the network of providers. They never save."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from escucha.contexts.assistance.models import Provider
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.network import DAY_MINUTES, Shifts
from escucha.contexts.documents.rules.taking import megabytes
from escucha.web.desk.assistance.act_forms import Tick
from escucha.web.desk.assistance.file_forms import Versioned, places
from escucha.web.desk.assistance.hours import Day
from escucha.web.desk.forms import Short, offer
from escucha.web.ui import spanish
from escucha.web.ui.money import Money

KINDS = {
    Provider.Kind.EXTERNAL: _("Externo"),
    Provider.Kind.IN_HOUSE: _("De la casa"),
    Provider.Kind.DESK: _("La propia cabina"),
}
MOST_OCTETS = 2 * 1024 * 1024
SPAN = re.compile(r"([01]?\d|2[0-3])[:.h]?([0-5]\d)?\s*(?:-|–|a)\s*([01]?\d|2[0-4])[:.h]?([0-5]\d)?")
WHOLE_DAY = [[0, DAY_MINUTES]]


class Hours(forms.Field):
    """`08:00-12:00, 14:00-18:00`; `24 h`. One that closes before it opens closes on the next day."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.TextInput(attrs={"maxlength": "80"}), required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return hours_in_words(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[list[int]]:
        text = str(value or "").strip()[:80]
        if text.replace(" ", "").lower() in ("24h", "24horas"):
            return WHOLE_DAY
        parts = [one.strip() for one in re.split(r"[,;/]|\sy\s", text) if one.strip()]
        return [_span(one) for one in parts]


def _span(text: str) -> list[int]:
    found = SPAN.fullmatch(text)
    if found is None:
        raise ValidationError(_("Escriba las horas así: 08:00-12:00, 14:00-18:00."))
    from_hour, from_minute, to_hour, to_minute = (int(one or 0) for one in found.groups())
    opens, closes = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    return [opens, closes if closes > opens else closes + DAY_MINUTES]


def hours_in_words(spans: Sequence[Sequence[int]]) -> str:
    if [*map(list, spans)] == WHOLE_DAY:
        return str(_("24 h"))
    return ", ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in spans)


def _clock(minute: int) -> str:
    hour, rest = divmod(minute if minute == DAY_MINUTES else minute % DAY_MINUTES, 60)
    return f"{hour:02}:{rest:02}"


class Who(forms.Form):
    """Who a provider is and how it is reached."""

    name = forms.CharField(
        label=_("Nombre"), max_length=120, error_messages={"required": _("Escriba el nombre del proveedor.")}
    )
    kind = forms.ChoiceField(label=_("Condición"), choices=[*KINDS.items()])
    legal_name = Short(label=_("Razón social"), max_length=160)
    document_number = Short(label=_("NIT o documento"), max_length=30)
    contact_name = Short(label=_("Con quién se habla"), max_length=120)
    phone = Short(label=_("Teléfono"), max_length=30)
    other_phone = Short(label=_("Otro teléfono"), max_length=30)
    email = forms.EmailField(label=_("Correo"), required=False)
    address = Short(label=_("Dirección"))
    lat = forms.FloatField(label=_("Latitud de donde sale"), required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(label=_("Longitud de donde sale"), required=False, min_value=-180, max_value=180)
    pairs = (("name", "kind"), ("legal_name", "document_number"), ("phone", "other_phone"), ("lat", "lon"))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if (said.get("lat") is None) != (said.get("lon") is None) and not self.errors:
            self.add_error("lat", _("Escriba las dos, latitud y longitud, o ninguna."))
        return said


class NewProvider(Who):
    key = forms.CharField(
        label=_("Código en la red"), max_length=60, help_text=_("Con él se reconoce al importar la red. No cambia."),
        error_messages={"required": _("Escriba un código que no tenga otro proveedor.")},
    )  # fmt: skip
    field_order = ("name", "kind", "key")


class Details(Versioned, Who):
    """What is said of a provider, put right."""


class Week(Versioned):
    """When it works and how much of it there is."""

    capacity = forms.IntegerField(label=_("Trabajos que atiende a la vez"), min_value=1, max_value=999)
    on_guard = Tick(label=_("Está de guardia: se le puede llamar a cualquier hora"))

    def __init__(self, *args: Any, shifts: Shifts, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for day, name in enumerate(spanish.WEEKDAYS):
            start = [list(one) for one in shifts.get(str(day), ())]
            self.fields[f"day_{day}"] = Hours(label=spanish.sentence(str(_(name))), initial=start)
        self.fields["day_0"].help_text = _(
            "Por ejemplo 08:00-12:00, 14:00-18:00. Vacío es que ese día no trabaja; si toda la semana queda vacía, "
            "trabaja siempre."
        )

    pairs = (("day_0",), *((f"day_{day}", f"day_{day + 1}") for day in (1, 3, 5)))

    @property
    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        shifts = {str(day): data[f"day_{day}"] for day in range(7) if data[f"day_{day}"]}
        return {"shifts": shifts, "capacity": data["capacity"], "on_guard": data["on_guard"]}


class Reaching(Versioned):
    """A service in an area, with its place in the order and its price."""

    service = forms.ChoiceField(label=_("Servicio"), error_messages={"required": _("Escoja el servicio.")})
    area = forms.ChoiceField(
        label=_("Zona"), error_messages={"required": _("Escoja la zona. Vale para todas sus partes.")}
    )
    position = forms.IntegerField(label=_("Posición en el orden de la red"), min_value=1, max_value=32_000, initial=1)
    tariff = Money(label=_("Tarifa"), required=False)
    pairs = (("service", "area"), ("position", "tariff"))

    def __init__(self, *args: Any, policy: AssistancePolicy, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer(self, "service", [("", _("Escoja uno")), *((one.key, one.label) for one in policy.services)])
        offer(self, "area", [("", _("Escoja una")), *areas(policy)])


class Leaving(Versioned):
    """One of what it has, which counts no more."""

    which = forms.ChoiceField(widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, own: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer(self, "which", [(str(one), "") for one in own])


class NewPaper(Versioned):
    name = Short(label=_("Qué documento es"), max_length=120)
    until = Day(label=_("Vale hasta"), help_text=_("Vacío es que no vence. El del mismo nombre deja de contar."))
    pairs = (("name", "until"),)


class Vetoing(Versioned):
    """Who does not want it, and why."""

    account = forms.ChoiceField(label=_("No lo quiere la cuenta"), required=False)
    affiliate = Short(label=_("O el afiliado con este documento"), max_length=30)
    reason = Short(label=_("Por qué"))
    pairs = (("account", "affiliate"),)

    def __init__(self, *args: Any, policy: AssistancePolicy, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer(self, "account", [("", _("Ninguna")), *((one.key, one.label) for one in policy.accounts)])


class Reason(Versioned):
    reason = Short(label=_("Por qué"))


class NetworkSheet(forms.Form):
    file = forms.FileField(
        label=_("Archivo de la red"),
        error_messages={"required": _("Elija el archivo."), "empty": _("El archivo está vacío.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        help_text=_(
            "CSV o libro de Excel (.xlsx), con los títulos en la primera fila. Hasta 1.000 filas y {size}."
        ).format(size=megabytes(MOST_OCTETS)),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_OCTETS:
            raise forms.ValidationError(_("Pesa más de {size}. Divídalo.").format(size=megabytes(MOST_OCTETS)))
        return file


def areas(policy: AssistancePolicy) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every area by its country, and first the whole of it."""
    for country, found in places(policy):
        (key, _none), *rest = found
        yield country, [(key, _("{country}, todo el país").format(country=country)), *rest]


def laid_out(form: Any) -> list[list[Any]]:
    """Its fields as they are laid out: what goes together stands in one row."""
    pairs = getattr(form, "pairs", ())
    beside = {name: pair for pair in pairs for name in pair}
    rows: list[list[Any]] = []
    shown: set[str] = set()
    for one in form.visible_fields():
        if one.name in shown:
            continue
        together = [form[name] for name in beside.get(one.name, (one.name,))]
        shown |= {each.name for each in together}
        rows.append(together)
    return rows
