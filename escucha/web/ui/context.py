"""What every template may use: whose page it is, and where its parts lead. No query beyond the kept profile."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from escucha.contexts.messaging.policy.channels import WEB, ChannelsPolicy
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import _
from escucha.web.ui.requests import DeskRequest
from escucha.web.ui.spanish import clock, long_date, sentence
from escucha.web.ui.terms import Glossary


class RailItem(NamedTuple):
    label: str
    url: str
    icon: str
    current: bool = False
    number: int | None = None
    danger: bool = False


RAIL = [  # page, words, icon, acts: one of them opens it
    ("desk:today", _("Hoy"), "sun", ()),
    ("desk:cases", _("Casos"), "inbox", ("cases.see",)),
    ("desk:assistance_board", _("Asistencia"), "car", ("assistance.handle", "assistance.see")),
    ("desk:affiliates", _("Afiliados"), "users", ("assistance.affiliates",)),
    ("desk:network", _("Red"), "route", ("assistance.network", "assistance.handle")),
    ("desk:reserved", _("Reservados"), "lock", ("cases.reserved",)),
    ("desk:attentions", _("Atenciones"), "phone", ("attentions.see", "attentions.record")),
    ("desk:intake", _("Entradas"), "download", ("intake.review",)),
    ("desk:acts", _("Actas"), "clipboard", ("acts.open",)),
    ("desk:volumes", _("Informes"), "chart", ("cases.see",)),
    ("desk:policy", _("Política"), "sliders", ("profile.see",)),
    ("desk:messages", _("Correos"), "mail", ("messages.see",)),
    ("desk:log", _("Bitácora"), "book", ("timeline.see",)),
]
NEW = (("desk:new_case", "cases.file"), ("desk:new_assistance_file", "assistance.handle"))
OF_ASSISTANCES = {"desk:assistance_board", "desk:affiliates", "desk:network"}
SECTION_OF = {
    "desk:assistance_file": "desk:assistance_board",
    "desk:new_assistance": "desk:assistance_board",
    "desk:new_assistance_file": "desk:assistance_board",
    "desk:assistance": "desk:assistance_board",
    "desk:file_hand_overs": "desk:assistance_board",
    "desk:file_hand_over": "desk:assistance_board",
    "desk:affiliate": "desk:affiliates",
    "desk:affiliate_imports": "desk:affiliates",
    "desk:new_affiliate_import": "desk:affiliates",
    "desk:affiliate_import": "desk:affiliates",
    "desk:provider": "desk:network",
    "desk:new_provider": "desk:network",
    "desk:network_import": "desk:network",
    "desk:hand_overs": "desk:volumes",
    "desk:case": "desk:cases",
    "desk:person": "desk:cases",
    "desk:new_case": "desk:cases",
    "desk:forms": "desk:cases",
    "desk:paper": "desk:cases",
    "desk:paper_reading": "desk:cases",
    "desk:read_back": "desk:cases",
    "desk:new_attention": "desk:attentions",
    "desk:new_box": "desk:acts",
    "desk:new_hearing": "desk:acts",
    "desk:act": "desk:acts",
    "desk:slips": "desk:acts",
    "desk:slip": "desk:acts",
    "desk:closing_act": "desk:acts",
    "desk:act_on_paper": "desk:acts",
    "desk:attention": "desk:attentions",
    "desk:becoming_case": "desk:attentions",
    "desk:intake_review": "desk:intake",
    "desk:intake_balance": "desk:intake",
    "desk:intake_entry": "desk:intake",
    "desk:message": "desk:messages",
}


def house(request: DeskRequest) -> dict[str, Any]:
    org = getattr(request, "org", None)
    if org is None:
        return {}
    profile = request.profile
    shown = _organisation(request, profile)
    if member := getattr(request, "member", None):
        roles = ", ".join(profile.roles[role].label for role in member.roles if role in profile.roles)
        shown |= {
            "rail": rail_of(request, request.actor),
            "who": {"name": member.account.name, "role": member.unit.label if member.unit else roles},
            "clock": moment_text(timezone.localtime(request.now, profile.zone)),
            "new_url": _new_url(request),
            "search_url": _at("desk:search") if request.actor.may("cases.see") else "",
            "leave_url": _at("account_logout"),
            "account_url": _at("mfa_index"),
            "keys_off": member.keys_off,
            "keys_url": _at("desk:keys"),
            "home_url": _at("desk:today"),
            "terms_url": _at("desk:terms"),
        }
    return shown


@cache
def _at(page: str) -> str:
    """The address of a page that has but one."""
    return reverse(page)


def _new_url(request: DeskRequest) -> str:
    """What «Nuevo» opens: a case; on the pages of assistances, and for who files no cases, the file of a call."""
    pages = reversed(NEW) if _section(request) in OF_ASSISTANCES else NEW
    return next((_at(page) for page, act in pages if request.actor.may(act)), "")


def _section(request: DeskRequest) -> str:
    match = request.resolver_match
    here = f"{match.app_name}:{match.url_name}" if match else ""
    return SECTION_OF.get(here, here)


def rail_of(request: DeskRequest, viewer: Actor) -> list[RailItem]:
    """The sections this member may use; the one it is in is current."""
    section = _section(request)
    return [
        RailItem(gettext(label), _at(page), icon, current=page == section)
        for page, label, icon, acts in RAIL
        if not acts or any(map(viewer.may, acts))
    ]


def moment_text(local: datetime) -> str:
    """`Lunes 13 de abril, 10:12`."""
    return f"{sentence(long_date(local.date()))}, {clock(local)}"


def _organisation(request: DeskRequest, profile: Profile) -> dict[str, Any]:
    identity = profile.identity
    here = request.path
    web = profile.section(ChannelsPolicy).receiving_by(WEB)
    nav = [
        *([(gettext("Radicar"), _at("public:filing"))] if web else []),
        (gettext("Seguir una solicitud"), _at("public:tracking")),
        (gettext("Canales"), _at("public:channels")),
        (gettext("Avisos"), _at("public:notices")),
        (gettext("Calculadora de plazos"), _at("public:calculator")),
    ]
    return {
        "org_name": identity.name,
        "home_url": _at("public:home"),
        "accent_url": reverse("public:accent", args=[profile.digest[:12]]),
        "nav": [(label, url, here == url) for label, url in nav],
        "org_line": f"{identity.name} · NIT {identity.nit} · {identity.address} · {identity.phone} · {identity.email}",
        "foot_links": [
            (gettext("Verificar un recibo"), _at("public:verification")),
            (gettext("Qué significa cada palabra"), _at("public:terms")),
        ],
        "glossary": Glossary(profile),
        "terms_url": _at("public:terms"),
    }
