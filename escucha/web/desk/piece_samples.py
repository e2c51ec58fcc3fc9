"""What the page of pieces is filled with: invented people, one Monday in April, every state of every component."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms

from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.web.ui.attached import Line
from escucha.web.ui.strip import Stage, Term
from escucha.web.ui.uploads import Files

BOGOTA = ZoneInfo("America/Bogota")
MONDAY = date(2026, 4, 13)
NOW = datetime(2026, 4, 13, 10, 12, tzinfo=BOGOTA)
WEEKEND = {5: "saturday", 6: "sunday"}
HOLIDAYS = {
    date(2026, 3, 23): ("Día de San José", "Ley 51 de 1983, art. 2"),
    date(2026, 4, 2): ("Jueves Santo", "Ley 51 de 1983, art. 1"),
    date(2026, 4, 3): ("Viernes Santo", "Ley 51 de 1983, art. 1"),
    date(2026, 5, 1): ("Día del Trabajo", "Ley 51 de 1983, art. 1"),
    date(2026, 5, 18): ("Ascensión del Señor", "Ley 51 de 1983, art. 2"),
}
NAMES = {day: name for day, (name, _norm) in HOLIDAYS.items()}
PETITIONS = "Ley 1755 de 2015, art. 14"
PAUSE = "Ley 1755 de 2015, art. 17"
CLOSURE = "Resolución 118 de 2026"


@dataclass(frozen=True)
class Row:
    date: date
    reason: str
    n: int | None = None
    norm: str = ""


def ledger(
    received: date, amount: int, *, paused: tuple[date, date] | None = None, closed: tuple[date, date] | None = None
) -> list[Row]:
    """A ledger of business days, as the engine gives it; with no amount, up to the last day of the pause."""
    rows, day, counted = [Row(received, "received")], received, 0
    while counted < amount and len(rows) < 200:
        day += timedelta(days=1)
        if paused and paused[0] <= day <= paused[1]:
            rows.append(Row(day, "paused", None, PAUSE))
        elif closed and closed[0] <= day <= closed[1]:
            rows.append(Row(day, "closure", None, CLOSURE))
        elif day.weekday() in WEEKEND:
            rows.append(Row(day, WEEKEND[day.weekday()]))
        elif day in HOLIDAYS:
            rows.append(Row(day, "holiday", None, HOLIDAYS[day][1]))
        else:
            counted += 1
            rows.append(Row(day, "counted", counted))
    return rows


def promise(first: date, second: date, legal: date | None, **more: object) -> Term:
    """A promise of two stages and the legal term behind it."""
    stages = (Stage("Recreación", first), Stage("Atención al Usuario", second))
    return Term(today=MONDAY, stages=stages, legal_on=legal, legal_norm=PETITIONS, names=NAMES, **more)  # type: ignore[arg-type]


class Sample(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Nombre completo")
    document = forms.CharField(label="Número de documento", help_text="Solo números, sin puntos.")
    email = forms.EmailField(
        label="Correo electrónico",
        help_text="La respuesta llega a este correo.",
        error_messages={"invalid": "Complete el correo, como nombre@example.org"},
    )
    unit = forms.ChoiceField(label="Área", choices=[("rec", "Recreación"), ("sub", "Subsidio")], required=False)
    day = forms.DateField(label="Qué día pasó", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    story = forms.CharField(label="¿Qué pasó y qué espera que hagamos?", widget=forms.Textarea, max_length=5000)
    papers = forms.FileField(label="Fotos o documentos", help_text="Hasta 5 archivos de 10 MB.", required=False)
    attachments = Files(label="Anexos", policy=DocumentsPolicy(), required=False)
    texts = forms.BooleanField(label="Acepto que me escriban por mensaje de texto.", required=False)
    answer_by = forms.ChoiceField(
        label="¿Cómo prefiere la respuesta?",
        choices=[("mail", "Por correo"), ("paper", "Impresa, en una oficina")],
        widget=forms.RadioSelect,
        required=False,
    )
    kind = forms.ChoiceField(
        label="¿Qué clase de solicitud es?",
        choices=[("queja", "Queja"), ("reclamo", "Reclamo"), ("no-se", "No estoy seguro")],
        widget=forms.RadioSelect,
        initial="no-se",
    )


ABOUT = {
    "queja": "Me atendieron mal: una persona, un trato, una conducta.",
    "reclamo": "Un servicio falló, se demoró o no me lo prestaron.",
    "no-se": "Está bien. Atención al Usuario lee su texto y la clasifica; el plazo cuenta igual.",
}
POINTS = [
    ("quality", "Calidad", "Responde todo lo que la persona pidió"),
    ("clarity", "Claridad", "Se entiende sin conocer la entidad"),
    ("precision", "Precisión", "Fechas, valores y nombres comprobados"),
    ("suitability", "Idoneidad", "La firma quien puede comprometerse"),
    ("congruence", "Congruencia", "Lo que ofrece coincide con el expediente"),
]
YES_NO = [("yes", "Cumple"), ("no", "No cumple")]


class Checked(forms.Form):
    """An answer and its five points."""

    body = forms.CharField(
        label="Texto de la respuesta",
        widget=forms.Textarea,
        initial="Señora Marleny:\n\nUsted tiene razón. El domingo 5 de abril el sistema de la taquilla estuvo sin "
        "conexión entre las 9:40 y las 11:15, y por eso no encontramos su reserva.\n\nLe devolvemos los 185.000 pesos "
        "a más tardar el jueves 23 de abril.",
    )

    def __init__(self) -> None:
        super().__init__(initial={"quality": "yes", "clarity": "yes", "precision": "no"}, prefix="check")
        for key, _name, _about in POINTS:
            self.fields[key] = forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, required=False)
            self.fields[f"{key}_reason"] = forms.CharField(required=False)

    def points(self) -> list[dict[str, object]]:
        """The five points, as the component takes them."""
        return [
            {"name": name, "about": about, "field": self[key], "reason": self[f"{key}_reason"]}
            for key, name, about in POINTS
        ]


ATTACHED = [
    Line(1, "recibo de la entrada.pdf", "PDF", "240 KB", "", "", "", "#campos", "", "#campos"),
    Line(2, "foto de la taquilla.jpg", "Imagen", "3,1 MB", "", "", "", "#campos", "", "#campos"),
    Line(3, "voz.ogg", "Audio", "1,2 MB", "En revisión", "warn", "El antivirus todavía lo está revisando.", "", "", ""),
    Line(
        4,
        "cuenta.zip",
        "Carpeta comprimida",
        "88 KB",
        "Con virus",
        "danger",
        "No se puede descargar.",
        "",
        "",
        "#campos",
    ),
]
