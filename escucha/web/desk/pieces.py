"""The page of pieces: every component of the design system, in every state."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from escucha.web.desk import piece_samples as sample
from escucha.web.desk.piece_samples import MONDAY, NAMES, NOW, PAUSE, PETITIONS, Row, ledger, promise
from escucha.web.ui import charts
from escucha.web.ui.access import desk
from escucha.web.ui.strip import Stage, Strip, Term, build
from escucha.web.ui.strip_hours import HourStrip, build_hours
from escucha.web.ui.strip_mini import Mini, mini_of_counts
from escucha.web.ui.terms import Meaning


@desk()
def pieces(request: HttpRequest) -> HttpResponse:
    """The page, with the same invented day each time."""
    bound = sample.Sample({"name": "Yolanda Epiayú Rincón", "email": "yolanda@", "kind": "no-se"})
    checked = sample.Checked()
    context = {
        "states": STATES,
        "strips": _strips(),
        "hour_strips": _hour_strips(),
        "minis": _minis(),
        "form": sample.Sample(),
        "bound": bound,
        "about": sample.ABOUT,
        "checked": checked,
        "attached": sample.ATTACHED,
        "points": checked.points(),
        "blocked": ["La respuesta no ha llegado a la persona. Se podrá cerrar cuando conste que la recibió."],
        "two_blocked": [
            "Revise idoneidad y congruencia.",
            ("Falta la firma de {name}.", {"name": "Patricia Sanmiguel"}),
        ],
        "tabs": [
            {"label": "Abiertos", "url": "#tabla", "count": 214, "current": True},
            {"label": "Vencidos", "url": "#tabla", "count": 2, "danger": True},
            {"label": "En pausa", "url": "#tabla", "count": 9},
        ],
        "chart": charts.bars([("T2 25", 78), ("T3 25", 81), ("T4 25", 79), ("T1 26", 87)], unit="%", goal=85, top=100),
        "chart_heads": ["Trimestre", {"label": "A tiempo", "num": True}],
        "heads": ["Clase", {"label": "Abiertos", "num": True}, {"label": "A tiempo", "num": True}],
        "rows": [("Queja", 88, "91 %"), ("Reclamo", 74, "84 %"), ("Petición", 52, "96 %")],
        "channels": CHANNELS,
        "week_hours": WEEK_HOURS,
        "terms": TERMS,
        "minutes": NOW.hour * 60 + NOW.minute,
        "week": _week(),
        "agenda": _agenda(),
        "filters": [
            {
                "name": "tipo",
                "label": "Tipo",
                "options": [("queja", "Queja"), ("reclamo", "Reclamo")],
                "value": "queja",
            },
        ],
        "filter_chips": [{"name": "Tipo", "value": "Queja", "url": "#tabla"}],
        "steps": ["Para quién es", "Qué pasó y cómo responderle", "Revisar y enviar"],
        "facts": [
            ("Nombre", "Marleny Ospina Giraldo"),
            ("Documento", "CC 1.990.000.481"),
            ("Celular", "300 000 0481"),
            ("Correo", "marleny.ospina@example.org"),
            ("Prefiere", "Correo, después de las 17:00"),
        ],
    }
    return render(request, "desk/pieces/show.html", context)


STATES = [
    ("is-start", "0", "13", "Recibido"),
    ("s1 is-past", "1", "14", "Contado"),
    ("s1 is-today", "2", "hoy", "Hoy"),
    ("s1", "3", "16", "Por venir"),
    ("s1 is-off", "", "17", "No cuenta"),
    ("s1 is-off is-closure", "", "20", "Términos suspendidos"),
    ("s1 is-pause", "", "21", "En pausa"),
    ("s1 is-edge", "5", "22", "Fin de etapa"),
    ("s2", "6", "23", "Segunda etapa"),
    ("s2 is-promise", "7", "24", "Fin del compromiso"),
    ("sl", "8", "27", "Margen de ley"),
    ("sl is-legal", "15", "§ 6", "Fin de la ley"),
    ("sx", "16", "7", "Ampliación"),
    ("is-late", "+1", "8", "Tarde"),
    ("s2 is-done", "6", "✓ 23", "Respondido"),
]
CHANNELS = [
    {
        "name": "Formulario web y oficina virtual",
        "about": "Esta página",
        "open": True,
        "next": "Todos los días, a toda hora",
        "shifts": [(0, 1440)],
    },
    {
        "name": "Línea de atención",
        "about": "601 000 0023",
        "open": True,
        "next": "Cierra hoy a las 18:00",
        "shifts": [(420, 1080)],
    },
    {
        "name": "Oficina del Centro",
        "about": "Carrera 7 n.º 12-34",
        "open": False,
        "next": "Abre hoy a las 13:30",
        "shifts": [(450, 600), (810, 1080)],
    },
]


WEEK_HOURS = [
    {
        "days": "Lunes a jueves",
        "hours": ["7:30 a 10:00", "13:30 a 18:00"],
        "shifts": [(450, 600), (810, 1080)],
        "current": True,
    },
    {"days": "Viernes", "hours": ["7:30 a 15:00"], "shifts": [(450, 900)], "current": False},
    {"days": "Sábado y domingo", "hours": [], "shifts": [], "current": False},
]


TERMS = [
    Meaning("dia-habil", "Día hábil", "El que cuenta en un plazo.", norm="Ley 4 de 1913, art. 62"),
    Meaning("queja", "Queja", "Algo lo dejó inconforme.", also=["Nos comprometemos a responder en 7 días hábiles."]),
]


def _strips() -> list[tuple[str, Strip]]:
    thirty = ledger(date(2026, 4, 7), 30)
    alone = ledger(date(2026, 3, 5), 35)
    promised = promise(date(2026, 4, 14), date(2026, 4, 16), date(2026, 4, 28))
    paused = promise(date(2026, 4, 8), MONDAY, date(2026, 4, 20))
    extended = promise(date(2026, 4, 14), date(2026, 4, 16), thirty[-1].date, extended_from=date(2026, 4, 29))
    missed = promise(date(2026, 3, 12), date(2026, 3, 16), alone[-1].date)
    answered = promise(date(2026, 4, 7), date(2026, 4, 9), date(2026, 4, 21), settled_on=date(2026, 4, 7))
    late = Term(today=MONDAY, legal_on=date(2026, 4, 9), legal_norm=PETITIONS, late=_after(date(2026, 4, 9), MONDAY))
    long_late = promise(date(2026, 2, 2), date(2026, 2, 4), date(2026, 2, 13), late=_after(date(2026, 2, 13), MONDAY))
    holding = Term(
        today=MONDAY,
        stages=(Stage("Afiliaciones", date(2026, 3, 31)),),
        paused_since=date(2026, 3, 25),
        names=NAMES,
        pause_norm=PAUSE,
    )
    month = Term(
        today=date(2026, 5, 7),
        promise_on=date(2026, 5, 19),
        legal_on=date(2026, 5, 19),
        legal_norm=PETITIONS,
        names=NAMES,
    )
    weekend = Term(today=date(2026, 4, 12), legal_on=date(2026, 4, 24), legal_norm=PETITIONS, names=NAMES)
    closing = promise(date(2026, 4, 15), date(2026, 4, 17), date(2026, 4, 29))
    return [
        ("Cinco y dos días, y la ley detrás", build(ledger(date(2026, 4, 7), 15), promised)),
        (
            "Con festivo y pausa",
            build(ledger(date(2026, 3, 19), 15, paused=(date(2026, 3, 27), date(2026, 4, 1))), paused),
        ),
        ("Con suspensión de términos", build(_closed(), closing)),
        ("Respondida a tiempo", build(ledger(date(2026, 3, 26), 15), answered)),
        ("Vencida, hoy es el segundo día tarde", build(ledger(date(2026, 3, 26), 8), late)),
        ("Vencida hace semanas", build(ledger(date(2026, 1, 26), 15), long_late)),
        ("En pausa, sin fecha todavía", build(ledger(date(2026, 3, 19), 3), holding)),
        (
            "Con una pausa de un mes",
            build(ledger(date(2026, 3, 19), 15, paused=(date(2026, 3, 27), date(2026, 5, 1))), month),
        ),
        ("Treinta días, ampliada", build(thirty, extended)),
        ("Pasó el compromiso, corre la ley", build(alone, missed)),
        ("Llegó un sábado, hoy es domingo", build(ledger(date(2026, 4, 11), 10), weekend)),
    ]


def _closed() -> list[Row]:
    return ledger(date(2026, 3, 24), 15, closed=(date(2026, 3, 30), date(2026, 4, 1)))


def _after(end: date, today: date) -> list[Row]:
    return [row for row in ledger(end, 60) if end < row.date <= today]


def _hour_strips() -> list[tuple[str, HourStrip]]:
    def at(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 4, day, hour, minute, tzinfo=NOW.tzinfo)

    return [
        ("Vital, 24 horas", build_hours(received_at=at(12, 16, 40), due_at=at(13, 16, 40), now=NOW)),
        ("Prioritario, 48 horas", build_hours(received_at=at(11, 9, 15), due_at=at(13, 9, 15), now=NOW)),
        ("Simple, 72 horas", build_hours(received_at=at(13, 7, 30), due_at=at(16, 7, 30), now=NOW)),
        (
            "Respondida a tiempo",
            build_hours(received_at=at(11, 14), due_at=at(13, 14), now=NOW, settled_at=at(12, 20, 5)),
        ),
    ]


def _agenda() -> list[list[dict[str, Any]]]:
    minis = [mini for _name, mini in _minis()]
    late = {
        "due": "1 día",
        "left": "venció vie 10",
        "icon": "inbox",
        "what": "Responder: cobro doble del curso de natación",
        "href": "#agenda",
        "about": "PQR 2026 004 655 · Hernán Mosquera",
        "sharp": "Directora avisada.",
        "consequence": "Plazo de ley: mié 22 abr",
        "mini": minis[1],
        "late": True,
        "done": "#agenda",
    }
    soon = {
        "due": "10:30",
        "left": "en 18 min",
        "until": NOW + timedelta(minutes=18),
        "icon": "phone",
        "what": "Verificar con el electricista que llega a las 11:30",
        "href": "#agenda",
        "about": "Asistencia 20421/1 · Hogar, plan Familia",
        "consequence": "Si no llega: reprogramar o reasignar",
        "mark": {"icon": "star", "label": "Atención preferencial", "variant": ""},
        "done": "#agenda",
    }
    today = {
        "due": "17:30",
        "left": "día 5 de 5",
        "icon": "inbox",
        "what": "Devolver la respuesta: ruido en la sede del Centro",
        "href": "#agenda",
        "about": "PQR 2026 004 791 · Álvaro Cuéllar · Infraestructura",
        "consequence": "Pasa a Atención al Usuario, con o sin respuesta",
        "mini": minis[0],
    }
    return [[late], [soon, today]]


def _minis() -> list[tuple[str, Mini]]:
    return [
        ("Día 4 de 7 y 15", mini_of_counts(total=15, spent=4, promise=7)),
        ("Pasó el compromiso", mini_of_counts(total=15, spent=9, promise=7)),
        ("Tarde, 2 días", mini_of_counts(total=15, spent=15, promise=7, late=2)),
        ("En pausa desde el día 4", mini_of_counts(total=15, spent=4, promise=7, is_paused=True)),
        ("Respondida en el día 5", mini_of_counts(total=15, spent=5, promise=7, is_settled=True)),
        ("Treinta días", mini_of_counts(total=30, spent=12)),
    ]


def _week() -> list[dict[str, object]]:
    counts = [9, 2, 1, 1, 1, 0, 0, 1, 0, 0]
    days = [MONDAY + timedelta(days=place) for place in range(10)]
    names = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
    return [
        {
            "label": f"{names[day.weekday()]} {day.day}" if day != MONDAY else "hoy",
            "count": count,
            "url": "#agenda",
            "current": day == MONDAY,
            "off": day.weekday() > 4,
        }
        for day, count in zip(days, counts, strict=True)
    ]
