"""What a provider sees of a work: before it has it, what and where and until when it may answer; never who asks."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.models import Assignment, Assistance, Offer
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.doors import OF_ASSISTANCE, profile_of_file, with_org
from escucha.contexts.assistance.rules.network import areas_of
from escucha.contexts.assistance.rules.stages import PRIORITY_NAMES, Priority, Stage
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _
from escucha.kernel.worktime.words import long_day


class NoSuchOffer(LookupError):
    """No work was offered with that code."""


class NoSuchWork(LookupError):
    """No work was given with that code."""


@dataclass(frozen=True, slots=True)
class Described:
    """A work in words, with nothing by which a person is known."""

    service: str
    area: str
    priority: str
    window: str


@dataclass(frozen=True, slots=True)
class OfferShown:
    """An offer as its provider sees it."""

    work: Described
    state: str
    position: int
    asks_hour: bool  # an emergency: it says at what hour it arrives
    expires_at: datetime  # in the time of the place
    is_open: bool
    page_code: str  # of its work, where it won; empty otherwise


def offer_shown(*, org: Organisation, code: str, now: datetime) -> OfferShown:
    """What its provider is shown of an offer. Raises NoSuchOffer."""
    offer = offer_by_code(org=org, code=code)
    assistance = offer.assistance
    won = offer.state == Offer.State.ACCEPTED and assistance.stage != Stage.TO_ASSIGN
    work = _work_of(offer) if won else None
    return OfferShown(
        work=described(assistance, profile_of_file(assistance.file), now=now),
        state=offer.state,
        position=offer.position,
        asks_hour=assistance.priority != Priority.PROGRAMMED,
        expires_at=offer.expires_at.astimezone(ZoneInfo(assistance.zone)),
        is_open=offer.state == Offer.State.OPEN and now < offer.expires_at and assistance.stage == Stage.TO_ASSIGN,
        page_code=work.page_code if work else "",
    )


def offer_by_code(*, org: Organisation, code: str) -> Offer:
    """Raises NoSuchOffer."""
    found = Offer.objects.filter(org=org, code=code).select_related(
        "provider", *(f"assistance__{name}" for name in OF_ASSISTANCE)
    )
    offer = found.defer("assistance__profile_version__document").first()
    if offer is None:
        raise NoSuchOffer
    with_org(offer.assistance, org)
    return offer


def work_by_code(*, org: Organisation, code: str) -> Assignment:
    """The work of a provider by the code of its page. Raises NoSuchWork."""
    found = Assignment.objects.filter(org=org, page_code=code).select_related(
        "provider", *(f"assistance__{name}" for name in OF_ASSISTANCE)
    )
    work = found.defer("assistance__profile_version__document").first()
    if work is None:
        raise NoSuchWork
    with_org(work.assistance, org)
    return work


def described(assistance: Assistance, profile: Profile, *, now: datetime) -> Described:
    policy = profile.section(AssistancePolicy)
    service = policy.service(assistance.service)
    return Described(
        service=service.label if service else assistance.service,
        area=area_in_words(policy, assistance.file.area),
        priority=PRIORITY_NAMES[Priority(assistance.priority)] if assistance.priority else "",
        window=_window(assistance, today=now.astimezone(ZoneInfo(assistance.zone)).date()),
    )


def area_in_words(policy: AssistancePolicy, path: str) -> str:
    """From the smallest to the largest: «Usaquén, Norte, Bogotá»."""
    areas = (policy.area(one) for one in areas_of(path))
    return ", ".join(area.label for area in areas if area)


def _window(assistance: Assistance, *, today: date) -> str:
    if assistance.window is None:
        return _("ahora")
    zone = ZoneInfo(assistance.zone)
    opens, closes = (moment.astimezone(zone) for moment in assistance.window)
    day = _("hoy") if opens.date() == today else long_day(opens.date())
    return _("{day} de {opens:%H:%M} a {closes:%H:%M}").format(day=day, opens=opens, closes=closes)


def _work_of(offer: Offer) -> Assignment | None:
    return Assignment.objects.filter(assistance=offer.assistance, provider=offer.provider).order_by("-id").first()
