"""What may be wrong with the values of [cases]: their shape and limits first, then the path and what the law asks."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from escucha.contexts.cases.policy import (
    CasesPolicy,
    CaseType,
    blockers_to_classify_in,
    blockers_to_promise,
    blockers_to_publish_for,
)
from escucha.contexts.cases.rules.acts import CHECK, PATH
from escucha.contexts.cases.rules.reserve import RESERVED
from escucha.kernel.commitments.ladder import Rung, ladder_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _

Wrong = Iterator[tuple[str, str]]  # the key to correct, and why
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
SERIES = re.compile(r"[A-Z]{2,8}")  # a digit in it would be taken for the year when somebody types a number
MOST_TRIES, MOST_NOTICE, MOST_STAGE, MOST_RUNGS = 10, 60, 1000, 12
FARTHEST, YEAR_MINUTES = 10, 366 * 24 * 60
TEXTS = ("emergency_question", "form_intro", "form_privacy")


def is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_line(value: object, most: int = 120) -> bool:
    """Whether it is a text of one line that says something."""
    return isinstance(value, str) and value.strip() == value != "" and len(value) <= most and value.isprintable()


def odd_in_policy(profile: Profile) -> Wrong:
    """Values that no organisation can mean. Where there is one, the rest cannot be asked."""
    policy = profile.section(CasesPolicy)
    yield from _odd_values(policy)
    for name in TEXTS:
        if not isinstance(getattr(policy, name), str):
            yield f"cases.{name}", _("debe ser un texto")
    yield from _odd_ladder(profile.raw["cases"]["ladder"])
    for case_type in policy.types.values():
        yield from _odd_type(case_type)


def _odd_values(policy: CasesPolicy) -> Wrong:
    if not SERIES.fullmatch(str(policy.series)):
        yield "cases.series", _("la serie lleva de 2 a 8 letras mayúsculas, sin tildes: PQR")
    if not is_whole(policy.classification_days, 1, MOST_STAGE):
        yield "cases.classification_days", _("escriba cuántos días hábiles, desde 1")
    if not is_whole(policy.contact.attempts, 1, MOST_TRIES):
        yield "cases.contact.attempts", _("escriba cuántos intentos, de 1 a {most}").format(most=MOST_TRIES)
    if not is_whole(policy.contact.notice_days, 1, MOST_NOTICE):
        yield "cases.contact.notice_days", _("escriba cuántos días hábiles, de 1 a {most}").format(most=MOST_NOTICE)
    if policy.above and not is_line(policy.above.label):
        yield "cases.above.label", _("escriba de quién es la dirección, en una línea")
    if policy.above and not EMAIL.fullmatch(str(policy.above.email)):
        yield "cases.above.email", _("escriba un correo electrónico")
    if not isinstance(policy.check, bool):
        yield "cases.check", _("escriba true o false")


def _odd_ladder(raw: list[dict[str, Any]]) -> Wrong:
    try:
        rungs = ladder_of(raw)
    except ValueError:  # each rung was read before: only a name said twice is left
        yield "cases.ladder", _("dos pasos tienen el mismo nombre")
        return
    if len(rungs) > MOST_RUNGS:
        yield "cases.ladder", _("son demasiados pasos: hasta {most}").format(most=MOST_RUNGS)
    for rung in rungs:
        if not KEY.fullmatch(str(rung.step)):
            yield "cases.ladder", _("el nombre {step} lleva minúsculas, números y _, hasta 40").format(step=rung.step)
        if not _is_near(rung):
            why = _("{step} queda muy lejos: hasta {times} veces el plazo, o un año en minutos")
            yield "cases.ladder", why.format(step=rung.step, times=FARTHEST)


def _is_near(rung: Rung) -> bool:
    if rung.spent is not None:
        return isinstance(rung.spent, int | float) and 0 <= rung.spent <= FARTHEST  # what is no number is not near
    minutes = rung.minutes_after if rung.minutes_before is None else rung.minutes_before
    return is_whole(minutes, 0, YEAR_MINUTES)


def _odd_type(case_type: CaseType) -> Wrong:
    place = f"cases.types.{case_type.key}"
    if not KEY.fullmatch(case_type.key):
        yield place, _("la clave lleva minúsculas, números y _, hasta 40")
    if not is_line(case_type.label):
        yield f"{place}.label", _("escriba el nombre del tipo, en una línea")
    if not (isinstance(case_type.definition, str) and case_type.definition.strip()):
        yield f"{place}.definition", _("defina el tipo en palabras sencillas")
    if not all(isinstance(value, str) for value in (case_type.canonical, case_type.risk, case_type.unit)):
        yield place, _("canonical, risk y unit son textos")
    if not isinstance(case_type.reserved, bool):
        yield f"{place}.reserved", _("escriba true o false")
    if not all(is_whole(stage.days or stage.hours, 1, MOST_STAGE) for stage in case_type.promise):
        yield f"{place}.promise", _("cada parte de la promesa dura al menos 1, en números enteros")
    if [stage.by for stage in case_type.promise] not in (["unit"], ["central"], ["unit", "central"]):
        yield f"{place}.promise", _("primero la dependencia (unit) y después la central, cada una una vez")


def wrong_with_path(profile: Profile) -> Wrong:
    """Whether a case can go from end to end, and those it names exist: units, and roles told when it is late."""
    policy = profile.section(CasesPolicy)
    given = {act for role in profile.roles.values() for act in role.acts}
    for act in (*PATH, CHECK) if policy.check else PATH:
        if act not in given:
            yield "roles", _("nadie tiene el acto {act}").format(act=act)
    yield from _wrong_with_reserve(policy, given)
    if not policy.check and CHECK in given:
        yield "cases.check", _("hay quien revisa, pero la revisión está apagada")
    for rung in policy.ladder:
        if rung.to and rung.to not in profile.roles:
            yield "cases.ladder", _("{step} avisa a {to}, que no es un rol").format(step=rung.step, to=rung.to)
    for kind in policy.types.values():
        if kind.unit and kind.unit not in profile.units:
            yield f"cases.types.{kind.key}.unit", _("no existe la dependencia {unit}").format(unit=kind.unit)


def _wrong_with_reserve(policy: CasesPolicy, given: set[str]) -> Wrong:
    if RESERVED not in given and any(kind.reserved for kind in policy.types.values()):
        why = _("nadie tiene el acto {act}, y hay tipos reservados: nadie vería esos casos")
        yield "roles", why.format(act=RESERVED)


def against_the_law(profile: Profile, on: date) -> Wrong:
    """What the law of the day it starts, or that of `on`, does not allow. The same reason is said once."""
    starts = datetime.fromisoformat(profile.identity.valid_from).date()
    policy, pack, bound = profile.section(CasesPolicy), profile.pack, profile.identity.bound
    found: dict[tuple[str, str], None] = {}
    for day in (starts, max(starts, on)):
        asked = {
            "cases.types": blockers_to_promise(policy, pack=pack, bound=bound, on=day),
            "cases.classification_days": blockers_to_classify_in(policy, pack=pack, bound=bound, on=day),
            "cases.contact.notice_days": blockers_to_publish_for(policy.contact.notice_days, pack=pack, on=day),
        }
        found |= dict.fromkeys((key, why) for key, reasons in asked.items() for why in reasons)
    yield from found
