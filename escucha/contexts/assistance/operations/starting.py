"""The beginning of an assistance: what is asked for, on whose word, and the moment from which its clock runs."""

import secrets
from datetime import datetime
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from django.db import IntegrityError

from escucha.contexts.assistance.events import AssistanceMoved, AssistanceOpened, CategorySet
from escucha.contexts.assistance.models import Affiliate, Assistance, AssistanceFile
from escucha.contexts.assistance.operations.allowing import write_consent, write_order
from escucha.contexts.assistance.operations.keeping import keep, move, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.opening import owe_verification
from escucha.contexts.assistance.operations.owing import owe
from escucha.contexts.assistance.policy import Service
from escucha.contexts.assistance.queries.cover import cover_of_service, root_of, same_family, today_of
from escucha.contexts.assistance.queries.doors import (
    NoSuchAssistance,
    assistance_for_change,
    file_for_change,
    policy_of_file,
)
from escucha.contexts.assistance.queries.files import is_ordered
from escucha.contexts.assistance.rules.cover import blockers_to_guarantee
from escucha.contexts.assistance.rules.opening import Served, blockers_to_serve, blockers_to_work_on, served
from escucha.contexts.assistance.rules.stages import Category, Priority, Stage
from escucha.contexts.assistance.rules.starting import Beginning, Terms, Window, blockers_to_accept
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.assistance.rules.timers import to_assign
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Refused, Saying, _, refuse_if

NOTHING = Decimal(0)


def open_assistance(
    *,
    org: Organisation,
    file_id: int,
    service: str,
    priority: str = "",
    happened: str = "",
    failure: str = "",
    comments: str = "",
    plate: str = "",
    guarantee_of: int | None = None,
    ordered_by: int | None = None,
    order_reason: str = "",
    form_key: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T1, T1b: one service more in a file, at the opening; it counts no time until it is accepted.

    `priority` may be known already. `ordered_by` is the member that orders to serve who has no plan in force, if it is
    not who acts. `guarantee_of` is the assistance whose work is done again. `form_key` makes a form sent twice one.
    """
    if form_key and (twin := _opened_with(org, form_key, by)):
        return twin
    asked = {"happened": happened.strip(), "failure": failure.strip(), "comments": comments.strip()}
    new = Assistance(org=org, service=service, priority=priority, plate=plate.strip()[:12], **asked)
    new.form_key = form_key or None
    order = (ordered_by, order_reason) if order_reason.strip() or ordered_by else None
    open_new = partial(_open_new, new, file_id, guarantee_of, order, version=version, by=by, now=now)
    try:
        return open_new()
    except IntegrityError:  # the same form arrived twice at once: the other was first, or this one may go on
        return _opened_with(org, form_key, by) or open_new()


@act
def _open_new(
    new: Assistance,
    file_id: int,
    guarantee_of: int | None,
    order: tuple[int | None, str] | None,
    *,
    version: int | None,
    by: Actor,
    now: datetime,
) -> Assistance:
    file = file_for_change(org=new.org, file_id=file_id, by=by)
    same_version(file, version)
    refuse_if(blockers_to_work_on(file_open=file.is_open, by=by))
    service = policy_of_file(file).service(new.service)
    if service is None or new.priority not in {"", *Priority}:
        raise Refused([Saying(_("Escoja el servicio que necesita."))])
    refuse_if(blockers_to_serve(standing_of(file, now=now), priority=new.priority, ordered=order is not None))
    new.file, new.profile_version, new.opened_at = file, file.profile_version, now
    new.position = Assistance.objects.filter(file=file).count() + 1
    new.zone = policy_of_file(file).zone_of(file.country).key
    new.page_code = secrets.token_urlsafe(24)
    if guarantee_of:
        new.guarantee_of, new.category = _origin(file, service, guarantee_of, now=now), Category.GUARANTEE
    set_price(new, now=now)
    new.save(force_insert=True)
    opened = AssistanceOpened(subject=new.subject, file=file.pk, position=new.position, service=new.service)
    facts = [CategorySet(subject=new.subject, category=new.category, before=Category.COVERAGE)] if guarantee_of else []
    write(new, Subtype.OPENED, opened, *facts, said={"service": new.service}, by=by, now=now)
    if order:
        write_order(new, *order, by=by, now=now)
    owe_verification(file, now=now)
    keep(file)
    return new


def set_price(assistance: Assistance, *, now: datetime) -> None:
    """In what money it is reckoned, and up to how much the plan bears: it is not saved yet.

    Empty is without limit: of a courtesy and of a guarantee nothing is charged to the affiliate.
    """
    policy = policy_of_file(assistance.file)
    plan = policy.plan(assistance.file.plan) or next(iter(policy.plans_of(assistance.file.account)), None)
    assistance.currency = plan.currency if plan else ""
    if assistance.category in (Category.COURTESY, Category.GUARANTEE):
        assistance.cover_amount = None
    elif assistance.category == Category.CONNECTION:
        assistance.cover_amount = NOTHING
    else:
        covered = cover_of_service(assistance.file, assistance.service, now=now)
        assistance.cover_amount = covered.amount if covered else NOTHING


def standing_of(file: AssistanceFile, *, now: datetime) -> Served:
    if file.affiliate is None:
        return Served.NOBODY
    one, today = file.affiliate, today_of(file, now=now)
    return served(status=one.status, since_on=one.since_on, until_on=one.until_on, today=today)


@act
def accept_assistance(
    *,
    org: Organisation,
    assistance_id: int,
    priority: str,
    offered: Window | None = None,
    other: Window | None = None,
    agreed: Window | None = None,
    declined: str = "",
    consent: bool | None = None,
    consent_reason: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T5, T5b: it goes to the search, and the clock of the assignment runs from now.

    The window agreed on is the first one offered, if no other is said. `declined`: why who could be programmed does not
    want to, so that it is an emergency. `consent`: what was answered now; None keeps what was answered before.
    """
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    terms = Terms(priority, offered, other, agreed, declined.strip(), consent_reason)
    if assistance.file.affiliate:  # two that ask for the last event at once: one gets it
        Affiliate.objects.select_for_update().get(pk=root_of(assistance.file.affiliate))
    refuse_if(blockers_to_accept(_beginning(assistance, consent, now=now), terms, now=now, by=by))
    set_price(assistance, now=now)
    _set_terms(assistance, terms)
    before = move(assistance, Stage.TO_ASSIGN)
    assistance.registered_at = now
    if consent is not None:
        write_consent(assistance, consent, consent_reason, by=by, now=now)
    keep(
        assistance, "stage", "priority", "registered_at", "currency", "cover_amount", "consent", "consent_at",
        "consent_version", "offered_from", "offered_until", "other_from", "other_until", "agreed_from", "agreed_until",
    )  # fmt: skip
    moved = AssistanceMoved(subject=assistance.subject, before=before, after=assistance.stage, cause="accepted")
    write(assistance, Subtype.PRIORITY, moved, said=_said(assistance), comment=terms.declined, by=by, now=now)
    times = policy_of_file(assistance.file).times
    owe(assistance, [to_assign(priority, registered_at=now, times=times, now=now)], now=now)
    return assistance


def _beginning(assistance: Assistance, consent: bool | None, *, now: datetime) -> Beginning:
    file = assistance.file
    service = policy_of_file(file).service(assistance.service)
    covered = cover_of_service(file, assistance.service, now=now)
    if service is None:
        raise Refused([Saying(_("Ese servicio ya no se presta."))])
    return Beginning(
        stage=assistance.stage,
        category=assistance.category,
        covered=covered is not None and covered.gives,
        flow=service.flow,
        located=bool(file.area and (file.address or file.references)),
        consent=assistance.consent if consent is None else consent,
        standing=standing_of(file, now=now),
        ordered=is_ordered(assistance),
    )


def _set_terms(assistance: Assistance, terms: Terms) -> None:
    """The windows and the priority: not saved yet. Only what is programmed has a window agreed on."""
    first = terms.agreed or terms.offered if terms.priority == Priority.PROGRAMMED else None
    assistance.priority = terms.priority
    assistance.offered_from, assistance.offered_until = terms.offered or (None, None)
    assistance.other_from, assistance.other_until = terms.other or (None, None)
    assistance.agreed_from, assistance.agreed_until = first or (None, None)


def _said(assistance: Assistance) -> dict[str, str]:
    """What the line of the acceptance says, in plain values."""
    window = assistance.window
    agreed = {"opens_at": window[0].isoformat(), "closes_at": window[1].isoformat()} if window else {}
    return {"priority": assistance.priority, "category": assistance.category} | agreed


def _origin(file: AssistanceFile, service: Service, assistance_id: int, *, now: datetime) -> Assistance:
    """The assistance whose work is guaranteed."""
    origin = Assistance.objects.filter(org=file.org, pk=assistance_id).select_related("file__affiliate").first()
    if origin is None:
        raise NoSuchAssistance
    finished = origin.finished_at
    refuse_if(
        blockers_to_guarantee(
            same_service=origin.service == service.key,
            same_person=same_family(origin.file.affiliate, file.affiliate),
            finished_on=finished.astimezone(ZoneInfo(origin.zone)).date() if finished else None,
            stage=origin.stage,
            days=service.guarantee_days,
            today=today_of(file, now=now),
        )
    )
    return origin


def _opened_with(org: Organisation, form_key: str, by: Actor) -> Assistance | None:
    return Assistance.objects.filter(org=org, form_key=form_key).first() if form_key else None
