"""Looking for who goes: who may be called now, and why the others may not yet.

A position opens the next one when nobody answered two calls, when it said no, or when somebody says why it is skipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b

from escucha.contexts.assistance.rules.acts import AUTHORISE, HANDLE
from escucha.contexts.assistance.rules.assignments import GOING, Asked
from escucha.contexts.assistance.rules.stages import WITH_PROVIDER, Priority, Stage
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

CALL, LINK = "call", "link"
SAID_NO = frozenset({Asked.UNAVAILABLE, Asked.REFUSED, Asked.SKIPPED})
BY_CALL = frozenset({Asked.NO_ANSWER, *SAID_NO})

# Why a provider is taken off. What is its own doing counts against it.
CAUSES: Mapping[str, str] = {
    "no_show": _("No llegó"),
    "late": _("El afiliado no aceptó la hora nueva"),
    "withdrew": _("El proveedor ya no puede ir"),
    "unable": _("Llegó y no pudo hacer el trabajo"),
    "rejected": _("El afiliado no lo acepta"),
    "mistake": _("Se asignó por error"),
}
OF_ITS_OWN = frozenset({"no_show", "late", "withdrew", "unable"})


@dataclass(frozen=True, slots=True)
class Tried:
    """That a provider was asked, and what came of it."""

    provider: int
    outcome: Asked
    at: datetime
    way: str = CALL


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer by link as the search sees it."""

    key: int
    provider: int
    position: int
    state: str  # open, accepted, refused, taken, expired
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it stands: in which order, who was asked already, what was offered."""

    stage: Stage
    priority: str
    order: Sequence[int]
    tries: Sequence[Tried] = ()
    offers: Sequence[Offered] = ()
    calls_each: int = 2
    apart: timedelta = timedelta(seconds=60)
    by_telephone: bool = False
    has_window: bool = True
    by_link: bool = False  # its account wants the work offered by link
    number: int = 1  # each provider that is taken off begins another

    @property
    def is_vital(self) -> bool:
        return self.priority == Priority.VITAL

    def place_of(self, provider: int) -> int | None:
        """Its place in the order, from 1; None where it is not in it."""
        return self.order.index(provider) + 1 if provider in self.order else None

    def tries_of(self, provider: int) -> Sequence[Tried]:
        return [one for one in self.tries if one.provider == provider]


def is_over(search: Search, provider: int) -> bool:
    """Whether nothing more is to be asked of a provider in this search."""
    tried = search.tries_of(provider)
    unanswered = [one for one in tried if one.outcome is Asked.NO_ANSWER and one.way == CALL]
    return len(unanswered) >= search.calls_each or any(one.outcome in SAID_NO for one in tried)


def in_turn(search: Search) -> Sequence[int]:
    """Who may be called now: the first of the order that is not over, and who has one of its calls to go."""
    asked = {one.provider for one in search.tries if one.way == CALL}
    waiting = [one for one in search.order if not is_over(search, one)]
    return [one for place, one in enumerate(waiting) if not place or one in asked]


def is_exhausted(search: Search) -> bool:
    """Whether there is nobody left to ask."""
    return search.stage is Stage.TO_ASSIGN and not in_turn(search) and not is_offering(search)


def is_offering(search: Search, now: datetime | None = None) -> bool:
    """Whether some offer may still be accepted."""
    return any(one.state == "open" and (now is None or now < one.expires_at) for one in search.offers)


def call_again_at(search: Search, provider: int) -> datetime | None:
    """From when a provider that did not answer may be called again."""
    calls = [one.at for one in search.tries_of(provider) if one.way == CALL and one.outcome is Asked.NO_ANSWER]
    return max(calls) + search.apart if calls else None


def position_order(
    providers: Sequence[tuple[int, int, datetime | None]], *, day: date, first: int | None = None
) -> Sequence[int]:
    """The network's own order of (provider, position, last assigned): never its alphabet.

    Of one position goes who was assigned longest ago; among those, by a lot drawn anew each day. `first` goes before
    all: who did the work that is under guarantee.
    """

    def turn(one: tuple[int, int, datetime | None]) -> tuple[bool, int, float, bytes]:
        provider, position, last = one
        lot = blake2b(f"{day}:{provider}".encode(), digest_size=8).digest()
        return provider != first, position, last.timestamp() if last else 0.0, lot

    return [provider for provider, _position, _last in sorted(providers, key=turn)]


def winner(offers: Sequence[Offered], *, vital: bool, now: datetime) -> Offered | None:
    """Whose acceptance holds: the best placed of those who accepted, once nobody better may still accept.

    For a life at risk nobody waits for a better one.
    """
    accepted = sorted((one for one in offers if one.state == "accepted"), key=lambda one: one.position)
    if not accepted:
        return None
    best = accepted[0]
    better = [one for one in offers if one.state == "open" and one.position < best.position and now < one.expires_at]
    return None if better and not vital else best


def blockers_to_search(search: Search, by: Actor) -> Sequence[Saying]:
    """Why nobody can be looked for now."""
    blockers = []
    if by.kind == "staff" and not by.may(HANDLE):
        blockers.append(Saying(_("Su rol no coordina asistencias.")))
    if search.stage in WITH_PROVIDER:
        blockers.append(Saying(_("Ya tiene proveedor: mire quién va.")))
    elif search.stage is not Stage.TO_ASSIGN:
        blockers.append(Saying(_("La asistencia no está buscando proveedor.")))
    return blockers


def blockers_to_call(
    search: Search, by: Actor, *, provider: int, outcome: Asked, reason: str = "", now: datetime
) -> Sequence[Saying]:
    """Why a call to a provider, or passing over it, cannot be written down."""
    if blockers := blockers_to_search(search, by):
        return blockers
    if outcome not in BY_CALL:
        return [Saying(_("Si el proveedor acepta, asígnelo."))]
    if provider not in search.order:
        return [Saying(_("Ese proveedor no está entre quienes pueden ir."))]
    if is_over(search, provider):
        return [Saying(_("A ese proveedor ya se le preguntó: siga con el que sigue."))]
    return _blockers_of_turn(search, provider=provider, outcome=outcome, reason=reason, now=now)


def blockers_to_assign(
    search: Search,
    by: Actor,
    *,
    provider: int,
    forbidden: Sequence[Saying],
    eta_at: datetime | None,
    override: str = "",
    way: str = CALL,
    now: datetime,
) -> Sequence[Saying]:
    """Why a provider cannot be assigned. `forbidden`: what keeps it from being sent at all."""
    if blockers := blockers_to_search(search, by):
        return blockers
    blockers = [*forbidden, *_blockers_of_hour(search, eta_at=eta_at, now=now)]
    out_of_turn = way == CALL and not forbidden and provider not in in_turn(search)
    if out_of_turn and not override.strip():
        blockers.append(Saying(_("Diga por qué va este y no el que sigue.")))
    return blockers


def blockers_to_offer(search: Search, by: Actor, *, now: datetime) -> Sequence[Saying]:
    """Why nothing can be offered by link."""
    if blockers := blockers_to_search(search, by):
        return blockers
    if search.by_telephone:
        return [Saying(_("Este servicio lo resuelve por teléfono alguien de la compañía: asígnelo."))]
    if not search.by_link:
        return [Saying(_("Esta cuenta no pide ofertas por enlace. Llame a quien sigue."))]
    if is_offering(search, now):
        return [Saying(_("Ya hay ofertas abiertas: espere las respuestas."))]
    if not to_offer(search):
        return [Saying(_("No queda a quién ofrecerle por enlace. Llame a quien sigue."))]
    return []


def blockers_to_answer_offer(
    search: Search, offer: Offered, *, eta_at: datetime | None, accepts: bool, now: datetime
) -> Sequence[Saying]:
    """Why an offer cannot be answered any more, in words for the provider."""
    if offer.state == "taken" or search.stage is not Stage.TO_ASSIGN:
        return [Saying(_("Ya va otro proveedor. Gracias por contestar: esto no cuenta en su contra."))]
    if offer.state != "open" or now >= offer.expires_at:
        return [Saying(_("El tiempo para contestar se acabó. Si puede ir, espere nuestra llamada."))]
    if accepts and search.priority != Priority.PROGRAMMED and (eta_at is None or eta_at < now):
        return [Saying(_("Escriba a qué hora llega."))]
    return []


def to_offer(search: Search) -> Sequence[int]:
    """Who may still be offered the work, in its order: once in each search."""
    offered = {one.provider for one in search.offers}
    return [one for one in search.order if one not in offered and not is_over(search, one)]


def blockers_to_exhaust(search: Search, by: Actor) -> Sequence[Saying]:
    if blockers := blockers_to_search(search, by):
        return blockers
    return [] if is_exhausted(search) else [Saying(_("Todavía hay a quién llamar."))]


def blockers_to_take_off(stage: Stage, by: Actor, *, cause: str) -> Sequence[Saying]:
    """Why the provider that goes cannot be cancelled."""
    blockers = []
    if by.kind == "staff" and not by.may(HANDLE):
        blockers.append(Saying(_("Su rol no coordina asistencias.")))
    if stage not in {Stage.ASSIGNED, Stage.CONFIRMED, Stage.ARRIVED}:
        blockers.append(Saying(_("No hay un proveedor que se pueda cancelar ahora.")))
    if cause not in CAUSES:
        blockers.append(Saying(_("Diga por qué se cancela.")))
    return blockers


def blockers_to_give_up(stage: Stage, by: Actor, *, failed: bool) -> Sequence[Saying]:
    """Why it cannot end for want of a provider that the affiliate accepts."""
    blockers = []
    if by.kind == "staff" and not by.may(HANDLE):
        blockers.append(Saying(_("Su rol no coordina asistencias.")))
    if stage not in {Stage.TO_ASSIGN, Stage.ASSIGNED, Stage.CONFIRMED, Stage.ARRIVED}:
        blockers.append(Saying(_("La asistencia ya no se puede terminar así.")))
    elif stage is Stage.TO_ASSIGN and not failed:
        blockers.append(Saying(_("Ningún proveedor ha fallado: si el afiliado ya no quiere, cancele la asistencia.")))
    return blockers


def blockers_to_refund(stage: Stage, by: Actor, *, number: str) -> Sequence[Saying]:
    blockers = []
    if not by.may(AUTHORISE):
        blockers.append(Saying(_("Un reembolso lo autoriza supervisión, jefatura de operaciones o gerencia general.")))
    if stage is not Stage.TO_ASSIGN:
        blockers.append(Saying(_("Solo se reembolsa mientras se busca proveedor.")))
    if not number.strip():
        blockers.append(Saying(_("Escriba el número de la autorización.")))
    return blockers


def blockers_to_disclose(*, consent: bool | None, priority: str, work: str) -> Sequence[Saying]:
    """Why a provider is not shown whom it goes to. Where a life is at risk the reason was written at the beginning."""
    blockers = []
    if work not in GOING:
        blockers.append(Saying(_("Este trabajo ya no está a su cargo.")))
    if not consent and priority != Priority.VITAL:
        blockers.append(Saying(_("El afiliado no ha dado permiso para que usted vea sus datos. Llámenos.")))
    return blockers


def _blockers_of_turn(search: Search, *, provider: int, outcome: Asked, reason: str, now: datetime) -> Sequence[Saying]:
    blockers = []
    if is_offering(search, now) and not search.is_vital:
        blockers.append(Saying(_("Hay ofertas por enlace abiertas: espere a que contesten o a que venzan.")))
    if provider not in in_turn(search):
        blockers.append(Saying(_("Primero llame a quien sigue, o diga por qué se pasa.")))
    if outcome is Asked.SKIPPED and not reason.strip():
        blockers.append(Saying(_("Diga por qué se pasa al siguiente.")))
    again_at = call_again_at(search, provider)
    if outcome is Asked.NO_ANSWER and again_at and now < again_at:
        seconds = -(-(again_at - now).total_seconds() // 1)
        blockers.append(Saying(_("Llame otra vez en {seconds} segundos."), {"seconds": int(seconds)}))
    return blockers


def _blockers_of_hour(search: Search, *, eta_at: datetime | None, now: datetime) -> list[Saying]:
    if search.by_telephone:
        return []
    if search.priority == Priority.PROGRAMMED:
        return [] if search.has_window else [Saying(_("Acuerde primero la franja con el afiliado."))]
    if eta_at is None:
        return [Saying(_("Pregúntele al proveedor a qué hora llega."))]
    return [Saying(_("La hora de llegada ya pasó: escriba una que venga."))] if eta_at < now else []
