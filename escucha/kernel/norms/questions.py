"""The open calculator: one question about a term, as data, and its answer, as data."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from escucha.kernel.norms import reading
from escucha.kernel.norms.pack import Pack, UnknownCountry, UnknownLayer, load_pack
from escucha.kernel.norms.reading import QuestionError
from escucha.kernel.words import _
from escucha.kernel.worktime.calendar import Calendar, NeverOpen, OutsideYears
from escucha.kernel.worktime.life import (
    DOUBLE,
    Cap,
    Completed,
    CompletionRequested,
    Event,
    Extended,
    Reckoning,
    RequestDay,
    Resume,
    StagesTooLong,
    Switches,
)
from escucha.kernel.worktime.reckoning import reckon
from escucha.kernel.worktime.terms import CountFrom, ReceiptRule, Term, Unit

COUNTING = {"count_from", "roll_last_day"}
SWITCHES = {"request_day", "resume", "completion_window", "person_months", "extension_cap"}
KEYS = {
    "id", "received_at", "zone", "country", "layers", "receipt_rule", "office_hours", "weekend", "closures", "term",
    "stages", "events", *COUNTING, *SWITCHES,
}  # fmt: skip
EVENT_NAMES = ("completion_requested", "completed", "extended")
NAMED_BY = ("type", "kind", "event")


def answer(question: Any) -> dict[str, Any]:
    """The answer to a question, or its `error`: `{"id", "error": {"key", "message"}}`. Raises nothing for bad input."""
    identity = question.get("id") if isinstance(question, dict) else None
    try:
        if not isinstance(question, dict):
            raise QuestionError("question", _("Cada pregunta es un objeto JSON."))
        return {"id": identity, **_shown(_reckoned(question))}
    except QuestionError as error:
        return refusal(identity, error.key, error.message)


def refusal(identity: Any, key: str, message: str) -> dict[str, Any]:
    """An answer that says only what was wrong."""
    return {"id": identity, "error": {"key": key, "message": message}}


def _reckoned(question: Mapping[str, Any]) -> Reckoning:
    reading.known(question, KEYS)
    given = {key: value for key, value in question.items() if value is not None}
    pack = _pack(given)
    zone = _zone(given, pack)
    received_at = _within(reading.moment(reading.required(given, "received_at"), "received_at", zone), zone, pack)
    term = _term(given)
    rule = reading.choice(given.get("receipt_rule", "calendar_date"), "receipt_rule", ReceiptRule)
    calendar = _calendar(given, pack, zone)
    if not any(calendar.office_hours.values()) and (
        rule is ReceiptRule.OFFICE_HOURS_ROLL or term.unit is Unit.WORKING_MINUTES
    ):
        raise QuestionError("office_hours", _("Escriba el horario de atención en «office_hours»."))
    stages = [reading.whole(stage, "stages") for stage in reading.items(given.get("stages", []), "stages")]
    events = [_event(raw, zone, pack) for raw in reading.items(given.get("events", []), "events")]
    try:
        return reckon(
            calendar, received_at, term, rule, stages=stages, events=events, switches=_switches(given, question)
        )
    except StagesTooLong as error:
        raise QuestionError("stages", str(error)) from None
    except OutsideYears as error:
        raise QuestionError(error.by, str(error)) from None
    except NeverOpen as error:
        raise QuestionError("office_hours", str(error)) from None


def _pack(given: Mapping[str, Any]) -> Pack:
    try:
        return load_pack(reading.shortened(reading.text(given.get("country", "co"), "country")).lower())
    except UnknownCountry as error:
        raise QuestionError("country", str(error)) from None


def _zone(given: Mapping[str, Any], pack: Pack) -> ZoneInfo:
    # The list of all zones is looked up only for another one.
    if given.get("zone", pack.zone.key) == pack.zone.key:
        return pack.zone
    return reading.place(given["zone"], "zone")


def _calendar(given: Mapping[str, Any], pack: Pack, zone: ZoneInfo) -> Calendar:
    named = reading.items(given.get("layers", ["national"]), "layers")
    layers = [reading.shortened(reading.text(layer, "layers")) for layer in named]
    weekend = {
        reading.weekday(day, "weekend") for day in reading.items(given.get("weekend", ["sat", "sun"]), "weekend")
    }
    if len(weekend) == 7:
        raise QuestionError("weekend", _("Deje al menos un día de la semana hábil."))
    closures = reading.closed_days(given.get("closures", []), "closures", (pack.first_year, pack.last_year))
    hours = reading.week(given.get("office_hours", {}), "office_hours")
    try:
        return pack.calendar(layers, weekend, closures, hours, zone)
    except UnknownLayer as error:
        raise QuestionError("layers", str(error)) from None


def _term(given: Mapping[str, Any]) -> Term:
    raw = reading.mapping(reading.required(given, "term"), "term")
    reading.known(raw, {"amount", "unit", *COUNTING})
    for key in COUNTING & set(raw) & set(given):
        if raw[key] != given[key]:
            raise QuestionError(key, _("«%s» está dos veces, con valores distintos.") % key)
    counting = {**given, **raw}
    return Term(
        amount=reading.whole(reading.required(raw, "amount"), "amount"),
        unit=reading.choice(reading.required(raw, "unit"), "unit", Unit),
        count_from=reading.choice(counting.get("count_from", "next_day"), "count_from", CountFrom),
        roll_last_day=reading.flag(counting.get("roll_last_day", True), "roll_last_day"),
    )


def _switches(given: Mapping[str, Any], question: Mapping[str, Any]) -> Switches:
    cap: Cap | None = DOUBLE
    if "extension_cap" in question:
        cap = _cap(question["extension_cap"])
    return Switches(
        request_day=reading.choice(given.get("request_day", "consumed"), "request_day", RequestDay),
        resume=reading.choice(given.get("resume", "remaining"), "resume", Resume),
        completion_window=reading.whole(given.get("completion_window", 10), "completion_window"),
        person_months=reading.whole(given.get("person_months", 1), "person_months"),
        extension_cap=cap,
    )


def _cap(value: Any) -> Cap | None:
    if value is None:
        return None
    raw = reading.mapping(value, "extension_cap")
    reading.known(raw, {"factor", "plus"})
    if len(raw) != 1:
        raise QuestionError("extension_cap", _("«extension_cap» lleva una sola clave: «factor» o «plus»."))
    if "plus" in raw:
        return Cap(plus=reading.whole(raw["plus"], "plus", least=0))
    factor = raw["factor"]
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not 1 <= factor <= 1000:
        raise QuestionError("factor", _("«factor» debe ser un número de 1 a 1000."))
    return Cap(factor=factor)


def _event(value: Any, zone: ZoneInfo, pack: Pack) -> Event:
    name, body = _named(reading.mapping(value, "events"))
    if name == "extended":
        reading.known(body, {"to_amount", "told_at"})
        told_at = _within(reading.moment(reading.required(body, "told_at"), "told_at", zone), zone, pack, "told_at")
        return Extended(reading.whole(reading.required(body, "to_amount"), "to_amount"), told_at)
    reading.known(body, {"on"})
    on = reading.day(reading.required(body, "on"), "on")
    if not pack.first_year <= on.year <= pack.last_year:
        raise QuestionError("on", reading.outside_years((pack.first_year, pack.last_year)))
    return CompletionRequested(on) if name == "completion_requested" else Completed(on)


def _named(raw: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The event's name and body: `{"type": name, …}` or `{name: {…}}`."""
    short = next(iter(raw), "")
    if len(raw) == 1 and short in EVENT_NAMES:
        return short, reading.mapping(raw[short], short)
    by = next((key for key in NAMED_BY if key in raw), "type")
    name = raw.get(by)
    if not isinstance(name, str) or name not in EVENT_NAMES:
        options = ", ".join(EVENT_NAMES)
        raise QuestionError("events", _("Cada evento dice en «type» cuál es: %s.") % options)
    return name, {key: value for key, value in raw.items() if key != by}


def _within(moment: datetime, zone: ZoneInfo, pack: Pack, key: str = "received_at") -> datetime:
    years = pack.first_year, pack.last_year
    try:
        year = moment.astimezone(zone).year
    except OverflowError:
        raise QuestionError(key, reading.outside_years(years)) from None
    if not years[0] <= year <= years[1]:
        raise QuestionError(key, reading.outside_years(years))
    return moment


def _shown(found: Reckoning) -> dict[str, Any]:
    return {
        "effective_receipt": found.effective_receipt.isoformat(),
        "due_date": _date(found.due_date),
        "due_at": _instant(found.due_at),
        "counted_days": found.counted_days,
        "stage_due": [{"due_date": _date(end.due_date), "due_at": _instant(end.due_at)} for end in found.stage_due],
        "person_until": _date(found.person_until),
        "paused_since": _date(found.paused_since),
        "ledger": [
            {"date": row.date.isoformat(), "reason": row.reason.value, "n": row.n, "norm": row.norm}
            for row in found.ledger
        ],
        "refused": [{"event": refused.event, "why": refused.why} for refused in found.refused],
    }


def _date(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
