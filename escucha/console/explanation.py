"""A profile read aloud: who does what, what is promised and what the law says, in plain Spanish."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby

from escucha.console.templates_check import TEMPLATES
from escucha.contexts.cases.policy import CasesPolicy, CaseType
from escucha.contexts.cases.rules.acts import CHECK
from escucha.contexts.cases.rules.reserve import RESERVED
from escucha.contexts.cases.rules.standing import listed
from escucha.contexts.messaging.policy.channels import KINDS, Channel, ChannelsPolicy
from escucha.flows.switchboard import ACTS
from escucha.kernel.commitments.ladder import Rung
from escucha.kernel.norms.legal import UNIT_NAMES
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _
from escucha.kernel.worktime.terms import ReceiptRule
from escucha.kernel.worktime.words import WEEKDAYS, long_day

RECEIPT: Mapping[ReceiptRule, str] = {
    ReceiptRule.CALENDAR_DATE: _("Lo que llega se recibe ese mismo día, a cualquier hora."),
    ReceiptRule.OFFICE_HOURS_ROLL: _(
        "Lo que llega después del último cierre, o un día sin atención, se recibe el día hábil siguiente."
    ),
}
STEPS: Mapping[str, str] = {
    "remind_owner": _("se le recuerda"),
    "tell_supervisor": _("se avisa"),
    "tell_director": _("se avisa"),
}


def explain(profile: Profile, *, on: date) -> Iterator[str]:
    """What the profile means, line by line, with the law of a day. Raises BadProfile and NoLegalTerm."""
    policy, identity = profile.section(CasesPolicy), profile.identity
    yield f"{identity.name}. {identity.kind}."
    if identity.about:
        yield identity.about
    yield from _part(_("Quién hace qué"), _who(profile, policy))
    yield from _part(_("Qué se promete y qué dice la ley"), _kinds(profile, policy, on))
    yield from _part(_("Antes de clasificar"), _unclassified(policy))
    yield from _part(_("Qué pasa si nadie responde"), _ladder(profile, policy))
    yield from _part(_("Cómo se sabe que la persona recibió la respuesta"), _contact(policy))
    yield from _part(_("El canal reservado"), _reserve(profile, policy))
    yield from _part(_("Días y horas"), _hours(profile))
    yield from _part(_("Canales"), _channels(profile))
    yield from _part(_("Mensajes"), _messages(profile))


def _part(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from (f"  {line}" for line in lines)


def _who(profile: Profile, policy: CasesPolicy) -> Iterator[str]:
    for act, says in ACTS.items():
        if act == CHECK and not policy.check:
            yield _("Nadie revisa aparte: quien responde envía.")
            continue
        holders = [role.label for role in profile.roles.values() if act in role.acts]
        if holders:
            yield f"{says}: {', '.join(holders)}."
    everywhere = [role.label for role in profile.roles.values() if role.everywhere]
    yield _("Ven todas las dependencias: {who}.").format(who=", ".join(everywhere))


def _kinds(profile: Profile, policy: CasesPolicy, on: date) -> Iterator[str]:
    for kind in policy.types.values():
        yield f"{kind.label}: {kind.definition}"
        yield f"  {_promise(profile, policy, kind)}"
        law = profile.pack.legal_term(kind.canonical, on=on, risk=kind.risk or None, bound=profile.identity.bound)
        doubt = "" if law.verified else " " + _("(por confirmar en el texto oficial)")
        yield "  " + _("Por ley: {law}{doubt}.").format(law=law.says, doubt=doubt)
        if kind.at_once:
            yield "  " + _("Puede resolverse enseguida, sin trámite.")
        if not kind.public:
            yield "  " + _("No se ofrece en el formulario: lo pone quien clasifica.")


def _promise(profile: Profile, policy: CasesPolicy, kind: CaseType) -> str:
    central = next(unit.label for unit in profile.units.values() if unit.central)
    owner = profile.units[kind.unit].label if kind.unit else _("la dependencia")
    owners = {"unit": owner, "central": central}
    parts = [f"{owners[stage.by]} {stage.days or stage.hours}" for stage in kind.promise]
    total = f"{kind.promised.amount} {UNIT_NAMES[kind.promised.unit]}"
    return _("Se promete en {total}: {parts}.").format(total=total, parts=", ".join(parts))


def _unclassified(policy: CasesPolicy) -> Iterator[str]:
    general = policy.types[policy.general].label
    yield _("Días hábiles para clasificar: {days}.").format(days=policy.classification_days)
    yield _("Mientras tanto corre el plazo de ley de: {kind}.").format(kind=general)
    if policy.emergency_question:
        vital = policy.types[policy.vital].label
        yield _("Si responde sí a «{question}», corre además el de: {kind}.").format(
            question=policy.emergency_question, kind=vital
        )


def _ladder(profile: Profile, policy: CasesPolicy) -> Iterator[str]:
    for rung in policy.ladder:
        who = profile.roles[rung.to].label if rung.to else _("quien lo debe")
        yield f"{_moment(rung)}: {STEPS.get(rung.step, rung.step)} ({who})."


def _moment(rung: Rung) -> str:
    if rung.at_due:
        return _("Al vencer")
    if rung.spent is not None:
        return _("Al {share} % del plazo").format(share=round(rung.spent * 100))
    if rung.minutes_before is not None:
        return _("{minutes} minutos antes de vencer").format(minutes=rung.minutes_before)
    return _("{minutes} minutos después de vencer").format(minutes=rung.minutes_after)


def _contact(policy: CasesPolicy) -> Iterator[str]:
    yield _("Con una llamada lograda, o cuando la persona abre su respuesta en línea.")
    yield _("Después de {attempts} intentos fallidos se publica un aviso por {days} días hábiles.").format(
        attempts=policy.contact.attempts, days=policy.contact.notice_days
    )
    if policy.contact.hours_apart:
        yield _("Las llamadas con menos de {hours} horas de diferencia cuentan como un intento.").format(
            hours=policy.contact.hours_apart
        )


def _reserve(profile: Profile, policy: CasesPolicy) -> Iterator[str]:
    keepers = [role.label for role in profile.roles.values() if RESERVED in role.acts]
    yield _("Lo atiende solo: {keepers}.").format(keepers=listed(keepers) or _("nadie todavía"))
    if policy.above:
        yield _("Si una denuncia señala a todos ellos, se avisa a {label} ({email}), sin decir de qué trata.").format(
            label=policy.above.label, email=policy.above.email
        )
    else:
        yield _("Si una denuncia señala a todos ellos, no se avisa a nadie: agregue cases.above.")


def _hours(profile: Profile) -> Iterator[str]:
    office = profile.office
    for day, name in enumerate(WEEKDAYS):
        shifts = [f"{_clock(opens)} a {_clock(closes)}" for opens, closes in office.hours.get(day, ())]
        said = " y ".join(shifts) or _("sin atención")
        yield f"{name.capitalize()}: {said}."
    yield RECEIPT[office.receipt_rule]
    rest = [WEEKDAYS[day] for day in sorted(office.weekend)]
    if len(office.layers) > 1:
        yield _("No cuentan: {days}, los festivos y los días cívicos.").format(days=", ".join(rest))
    else:
        yield _("No cuentan: {days} y los festivos.").format(days=", ".join(rest))
    for act, days in groupby(sorted(office.closures.items()), key=lambda closed: closed[1]):
        closed = [day for day, _act in days]
        yield _("Cerrado del {first} al {last}: {act}.").format(
            first=long_day(closed[0]), last=long_day(closed[-1]), act=act
        )


def _channels(profile: Profile) -> Iterator[str]:
    for channel in profile.section(ChannelsPolicy).channels.values():
        does = _("recibe solicitudes") if channel.receives else _("orienta, no recibe")
        yield f"{channel.label} ({KINDS[channel.kind].lower()}): {does}; {_opens(channel)}."


def _opens(channel: Channel) -> str:
    if channel.always:
        return _("a toda hora")
    if channel.by_notice:
        return _("cuando se anuncia")
    if channel.hours is None:
        return _("en el horario de la oficina")
    days = [
        f"{WEEKDAYS[day]} {' y '.join(f'{_clock(opens)} a {_clock(closes)}' for opens, closes in shifts)}"
        for day, shifts in sorted(channel.hours.items())
        if shifts
    ]
    return ", ".join(days)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _messages(profile: Profile) -> Iterator[str]:
    for name, template in TEMPLATES.items():
        title = profile.messages.get(name, "").partition("\n")[0].removeprefix("Asunto: ")
        without = _("con las palabras del programa") if template.optional else _("no se envía")
        said = f"«{title}»" if title else without
        yield f"{template.says}: {said}."
