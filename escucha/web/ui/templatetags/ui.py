"""What templates may ask: dates, spans and numbers said in Spanish, icons, and the parts of a form field."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from escucha.contexts.cases.rules.numbers import check_digit
from escucha.web.ui import spanish
from escucha.web.ui.strip import Cell
from escucha.web.ui.strip_mini import Mini

register = template.Library()

KINDS = {
    "Textarea": "textarea",
    "Select": "select",
    "NullBooleanSelect": "select",
    "CheckboxInput": "check",
    "RadioSelect": "radios",
    "CheckboxSelectMultiple": "checks",
}
PATHS = ("past", "now", "next", "pause", "late", "promise", "legal")  # of a small strip, as they are drawn


def _local(moment: date | datetime) -> date | datetime:
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


def _day(moment: date | datetime) -> date:
    local = _local(moment)
    return local.date() if isinstance(local, datetime) else local


@register.filter
def longdate(moment: date | datetime | None) -> str:
    """`jueves 16 de abril de 2026`; nothing for nothing."""
    return spanish.long_date(_day(moment), year=True) if moment else ""


@register.filter
def daydate(moment: date | datetime | None) -> str:
    """`jueves 16 de abril`, for a date whose year is plain."""
    return spanish.long_date(_day(moment)) if moment else ""


@register.filter
def shortdate(moment: date | datetime | None, now: date | datetime | None = None) -> str:
    """`jue 16 abr`; with `now`, the year is added when it is another one."""
    if not moment:
        return ""
    return spanish.short_date(_day(moment), year=bool(now) and _day(now).year != _day(moment).year)  # type: ignore[arg-type]


@register.filter
def clock(moment: datetime | None) -> str:
    """`10:12` in the zone in force."""
    local = _local(moment) if moment else None
    return spanish.clock(local) if isinstance(local, datetime) else ""


@register.filter
def moment(value: datetime | None) -> str:
    """`Jue 16 abr, 10:12`: when an entry of the timeline happened."""
    return f"{spanish.sentence(shortdate(value))}, {clock(value)}" if value else ""


@register.filter
def relative(value: datetime | None, now: datetime) -> str:
    """`en 18 min`, `hace 2 h`, `mañana, 8:00`, else date and hour."""
    return spanish.relative(timezone.localtime(value), timezone.localtime(now)) if value else ""


@register.filter
def indays(number: int | None, unit: str = spanish.BUSINESS) -> str:
    """`en 3 días hábiles`; `|indays:"calendar"` counts all days."""
    return "" if number is None else spanish.in_days(number, unit)


@register.filter
def points(number: int | None) -> str:
    """`185.000`."""
    return "" if number in (None, "") else spanish.points(int(number or 0))


@register.filter
def groups(filing_number: str) -> list[str]:
    """The groups in which a filing number is dictated."""
    return spanish.groups(str(filing_number or ""))


@register.filter
def spaced(filing_number: str) -> str:
    """`PQR 2026 004 817`: a filing number in a line of text."""
    return " ".join(groups(filing_number))


@register.filter
def checkdigit(filing_number: str) -> str:
    """The digit that is dictated after a filing number, to catch a slip."""
    return check_digit(str(filing_number))


@register.filter
def first_upper(text: str) -> str:
    """The text with its first letter in upper case."""
    return spanish.sentence(str(text))


@register.filter
def reason(blocker: Any) -> str:
    """A blocker in the words of the person who tried: a text, or a text with the values it takes."""
    if isinstance(blocker, (tuple, list)):
        text, values = blocker
        return gettext(text).format(**values)
    return gettext(str(blocker)) if blocker else ""


@register.filter
def at(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The entry of a mapping, by its key or by the key as text; nothing if it is not there."""
    if not mapping:
        return ""
    return mapping.get(key, mapping.get(str(key), ""))


@register.filter
def asked(label: str) -> str:
    """A label before its error: with a colon, unless it is a question."""
    text = str(label)
    return text if text.endswith("?") else f"{text}:"


@register.filter
def attributes(attrs: Any) -> SafeString:
    """What a component was given and did not take, as escaped HTML attributes."""
    rest = attrs.attrs_dict().items()
    pairs = [(name, "" if value is True else value) for name, value in rest if value not in (False, None)]
    return format_html_join("", ' {}="{}"', ((name, conditional_escape(value)) for name, value in pairs))


@register.filter
def kind(field: BoundField) -> str:
    """Which control a form field needs: textarea, select, check, radios, checks, or the type of its input."""
    widget = field.field.widget
    for parent in type(widget).__mro__:
        if parent.__name__ in KINDS:
            return KINDS[parent.__name__]
    return getattr(widget, "input_type", None) or "group"


@register.simple_tag
def control(field: BoundField, css: str = "", **attrs: Any) -> SafeString:
    """The control of a form field, with its class and the attributes given; empty ones are left out."""
    own = field.field.widget.attrs.get("class", "")
    extra = {name.replace("_", "-"): value for name, value in attrs.items() if value not in ("", None, False)}
    return field.as_widget(attrs={**extra, "class": f"{css} {own}".strip()})


@register.filter
def definitions(field: BoundField, given: Mapping[Any, str] | None = None) -> Mapping[Any, str]:
    """What each choice of a field means, by its value: as given, else as the form's field carries it in `about`."""
    return given or getattr(field.field, "about", None) or {}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A drawing of the sprite, hidden from readers: words stand beside it."""
    return _drawing(name, css, static("ui/icons.svg"))


@lru_cache(maxsize=256)
def _drawing(name: str, css: str, sprite: str) -> SafeString:
    drawn = '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>'
    return format_html(drawn, f"icon {css}".strip(), sprite, name)


@register.simple_tag
def mini(drawn: Mini) -> SafeString:
    """The days of a term, one line high; nothing for readers: the words beside it carry the meaning."""
    paths = ((part, path) for part in PATHS if (path := getattr(drawn, part)))
    drawing = '<svg class="mini" viewBox="0 0 120 14" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    return format_html(drawing + "{}</svg>", format_html_join("", '<path class="mini-{}" d="{}"/>', paths))


@register.simple_tag
def days(cells: Iterable[Cell]) -> SafeString:
    """The days of a week of a strip: a spoken one is a button that opens its sentence, a plain one is only read."""
    return mark_safe("".join(_spoken(cell) if cell.is_spoken else _plain(cell) for cell in cells))  # each was escaped


def _spoken(cell: Cell) -> SafeString:
    drawn = (
        '<li class="strip-day {}"><button type="button" class="strip-cell"><b aria-hidden="true">{}</b>'
        '<i aria-hidden="true">{}</i><span class="strip-tip">{}</span></button></li>'
    )
    return format_html(drawn, cell.css, cell.number, cell.day, cell.tip)


def _plain(cell: Cell) -> SafeString:
    drawn = (
        '<li class="strip-day {}"><span class="strip-cell"><span class="vh">{} </span><b>{}</b>'
        '<i aria-hidden="true">{}</i></span></li>'
    )
    return format_html(drawn, cell.css, cell.plain, cell.number, cell.day)


@register.simple_tag
def mark(css: str) -> SafeString:
    """Escucha's strip, where an organisation brings no mark of its own."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#mark"/></svg>', css, static("ui/icons.svg"))


@register.filter
def spans(shifts: Any) -> list[tuple[int, int]]:
    """Shifts from and to as start and length, for a drawing to scale."""
    return [(start, end - start) for start, end in shifts or ()]
