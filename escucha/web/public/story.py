"""The story of a case for its person: what happened, what is happening and what comes next. No staff, no notes."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.rules.debts import CLASSIFICATION, UNIT_ANSWER
from escucha.contexts.cases.rules.standing import State
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.orgs.models import Unit
from escucha.kernel.orgs.queries import units_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.models import Entry
from escucha.kernel.timeline.record import entries_about
from escucha.web.public.outlook import KEEPER, Outlook
from escucha.web.ui import spanish

REACHED = {
    "call": gettext_noop("Se la dimos por teléfono"),
    "link": gettext_noop("Usted la leyó en línea"),
    "notice": gettext_noop("Quedó notificada por aviso publicado"),
    "kept_notice": gettext_noop("La esperó aquí los días de un aviso"),
}
STAGES = {
    State.FILED: (
        gettext_noop("La recibimos y falta clasificarla"),
        gettext_noop("{central} lee su texto y decide qué clase de solicitud es."),
    ),
    State.CLASSIFIED: (
        gettext_noop("Buscamos quién la responde"),
        gettext_noop("{central} la entrega al área que puede resolverla."),
    ),
    State.ASSIGNED: (gettext_noop("El área responsable la estudia"), gettext_noop("{unit} prepara la respuesta.")),
    State.ANSWERED: (
        gettext_noop("Revisamos la respuesta"),
        gettext_noop("{central} comprueba que responda todo lo que usted pidió."),
    ),
    State.APPROVED: (gettext_noop("La respuesta está por salir"), gettext_noop("Ya está escrita y revisada.")),
    State.SENT: (gettext_noop("Su respuesta está lista"), gettext_noop("Puede leerla ahora mismo en esta página.")),
    State.NOTIFIED: (
        gettext_noop("Usted ya tiene la respuesta"),
        gettext_noop("La encuentra completa en esta página."),
    ),
    State.CLOSED: (gettext_noop("La solicitud está cerrada"), gettext_noop("La respuesta sigue en esta página.")),
    State.WITHDRAWN: (
        gettext_noop("Usted retiró la solicitud"),
        gettext_noop("Si la necesita de nuevo, puede presentarla otra vez cuando quiera."),
    ),
    State.MERGED: (
        gettext_noop("La juntamos con otra solicitud suya"),
        gettext_noop("Las respondemos juntas: su número sigue sirviendo."),
    ),
}


NOW = {
    State.FILED: gettext_noop("{central} la lee y la clasifica"),
    State.CLASSIFIED: gettext_noop("{central} la entrega al área responsable"),
    State.ASSIGNED: gettext_noop("{unit} la estudia"),
    State.ANSWERED: gettext_noop("{central} revisa la respuesta"),
    State.APPROVED: gettext_noop("{central} envía la respuesta"),
    State.SENT: gettext_noop("Esperamos que usted la lea"),
    State.NOTIFIED: gettext_noop("{central} cierra la solicitud"),
}


KEPT_STAGE = (gettext_noop("La estudiamos"), gettext_noop("{central} prepara la respuesta."))
KEPT_NOW = gettext_noop("{central} la estudia")
STUDIED = (State.CLASSIFIED, State.ASSIGNED)


class Moment(NamedTuple):
    """One line of the thread. `state` is done, now or next; `at` is None for what has only a day ahead."""

    when: str
    what: str
    text: str = ""
    state: str = "done"
    at: datetime | None = None


def stage_of(case: Case, profile: Profile) -> tuple[str, str]:
    """Where the case is, in one line, and what that means."""
    name, means = KEPT_STAGE if case.reserved and case.state in STUDIED else STAGES[State(case.state)]
    return _(name), _(means).format(**_who(case, profile))


def story_of(case: Case, profile: Profile) -> list[Moment]:
    """What has happened, from the log, oldest first: only the facts that are meant for the person."""
    units = {unit.pk: unit for unit in units_of(case.org)}
    teller = Teller(case, profile, units)
    said = (teller.tell(entry) for entry in entries_about(org=case.org, subject=case.subject))
    return [moment for moment in said if moment]


class Teller(NamedTuple):
    """Reads entries to the person. What it does not know how to say stays inside the house."""

    case: Case
    profile: Profile
    units: dict[int, Unit]

    def tell(self, entry: Entry) -> Moment | None:
        ways = {
            "cases.case_filed": self._filed,
            "cases.case_classified": self._classified,
            "cases.case_routed": self._routed,
            "cases.case_answered": lambda data: (self._written(), ""),
            "cases.answer_sent": lambda data: (_("La respuesta salió"), self._way(data)),
            "cases.notice_published": lambda data: (_("Publicamos el aviso de su respuesta"), ""),
            "cases.notice_kept": lambda data: (_("Empezó a contar el plazo para leerla"), ""),
            "cases.case_notified": lambda data: (_("La respuesta llegó"), _(REACHED.get(data["how"], ""))),
            "cases.case_withdrawn": lambda data: (_("Usted retiró la solicitud"), ""),
            "cases.withdrawal_recorded": lambda data: (_("Registramos que usted retiró la solicitud"), ""),
            "cases.case_closed": lambda data: (_("Cerramos la solicitud"), ""),
            "cases.word_added": lambda data: (_("Usted agregó algo"), ""),
            "cases.cases_merged": lambda data: (_("La juntamos con {number}").format(number=self._other(data)), ""),
            "cases.merge_undone": lambda data: (_("La separamos de {number}").format(number=self._other(data)), ""),
            "cases.case_split": self._split,
        }
        said = ways[entry.verb](entry.data) if entry.verb in ways else None
        return Moment(when_words(entry.at), said[0], said[1], at=entry.at) if said else None

    def _filed(self, data: dict) -> tuple[str, str]:
        label = self.profile.section(ChannelsPolicy).label_of(data["channel"])
        return _("Recibimos su solicitud"), _("Llegó por este canal: {channel}").format(channel=_(label))

    def _classified(self, data: dict) -> tuple[str, str]:
        kind = self.profile.section(CasesPolicy).type_of(data["case_type"])
        return _("La clasificamos como {kind}").format(kind=kind.label.lower() if kind else data["case_type"]), ""

    def _routed(self, data: dict) -> tuple[str, str] | None:
        unit = self.units.get(data["unit"])
        return (_("Pasó a {unit}").format(unit=unit.label), "") if unit else None

    def _written(self) -> str:
        return _("La respuesta está escrita") if self.case.reserved else _("El área terminó su parte")

    def _other(self, data: dict) -> str:
        return data["number"] if data["into"] == self.case.pk else data["into_number"]

    def _split(self, data: dict) -> tuple[str, str]:
        if data["case"] == self.case.pk:
            return _("Salió de {number}").format(number=data["out_of_number"]), _("Para responderla aparte.")
        return _("Una parte se responde aparte, con el número {number}").format(number=data["number"]), ""

    def _way(self, data: dict) -> str:
        return _("Le enviamos un correo con el enlace.") if data.get("by_email") else ""


def begun(case: Case) -> Moment:
    """The first line of a receipt."""
    return Moment(when_words(case.filed_at), _("La recibimos"), _("Quedó registrada y nadie puede borrarla."), "done")


def ahead_of(
    case: Case, profile: Profile, history: Sequence[Commitment], found: Outlook | None, *, now: datetime
) -> list[Moment]:
    """What is happening now and what comes next, each with its last day, from what is owed."""
    if not case.is_open or found is None:
        return []
    owed = {one.kind: one for one in history if one.is_open}
    doing = KEPT_NOW if case.reserved and case.state in STUDIED else NOW[State(case.state)]
    name = _(doing).format(**_who(case, profile))
    current = owed.get({State.FILED: CLASSIFICATION, State.ASSIGNED: UNIT_ANSWER}.get(State(case.state), ""))
    until = current.due_on if current else None
    return [Moment(_until(until, now, profile), name, "", "now"), *_next(case, profile, owed, found)]


def when_words(moment: datetime) -> str:
    """`Jueves 19 de marzo de 2026, 16:20`, in the zone in force."""
    here = localtime(moment)
    return f"{spanish.sentence(spanish.long_date(here.date(), year=True))}, {spanish.clock(here)}"


def _next(case: Case, profile: Profile, owed: dict[str, Commitment], found: Outlook) -> Iterator[Moment]:
    central = _who(case, profile)["central"]
    state = State(case.state)
    if state in (State.FILED, State.CLASSIFIED) and not case.reserved:
        unit_day = owed[UNIT_ANSWER].due_on if UNIT_ANSWER in owed else None
        yield Moment(_last_day(unit_day), _("El área responsable la estudia"), "", "next")
    if state in (State.FILED, State.CLASSIFIED, State.ASSIGNED) and profile.section(CasesPolicy).check:
        yield Moment("", _("{central} revisa la respuesta").format(central=central), "", "next")
    if state not in (State.SENT, State.NOTIFIED):
        told = _("La respuesta queda en esta página") if case.reserved else _("Le enviamos la respuesta")
        yield Moment(_last_day(found.answer_on), told, "", "next")


def _who(case: Case, profile: Profile) -> dict[str, str]:
    """Whose turn it is, in words. Of a reserved case, neither the office nor any area: it may be whom it is about."""
    if case.reserved:
        return dict.fromkeys(("central", "unit"), _(KEEPER))
    central = next((unit.label for unit in profile.units.values() if unit.central), _("Nuestro equipo"))
    return {"central": central, "unit": case.unit.label if case.unit else _("El área responsable")}


def _until(day: date | None, now: datetime, profile: Profile) -> str:
    return _last_day(day) if day and day >= now.astimezone(profile.zone).date() else _("Ahora")


def _last_day(day: date | None) -> str:
    return _("A más tardar el {day}").format(day=spanish.long_date(day)) if day else ""
