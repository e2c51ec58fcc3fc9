"""An assistance as its page and its acts see it: how it stands, by whom it is looked at, and when."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.http import Http404

from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.policy import AssistancePolicy, Service
from escucha.contexts.assistance.queries.cover import cover_of_service, used_ever
from escucha.contexts.assistance.queries.doors import NoSuchAssistance, assistance_by_number, profile_of_file
from escucha.contexts.assistance.queries.files import is_ordered
from escucha.contexts.assistance.queries.network import Roster, candidates, search_number
from escucha.contexts.assistance.queries.offers import area_in_words
from escucha.contexts.assistance.queries.owed import Owing, owed_on_file
from escucha.contexts.assistance.queries.work import course_of
from escucha.contexts.assistance.rules.acts import AUTHORISE
from escucha.contexts.assistance.rules.course import Course
from escucha.contexts.assistance.rules.cover import Covered
from escucha.kernel.orgs.models import Member
from escucha.kernel.orgs.queries import members_of
from escucha.kernel.timeline.actors import actor_of
from escucha.web.ui.requests import DeskRequest


class Seen:
    """What is asked more than once while a page is answered is asked of the database once."""

    def __init__(self, request: DeskRequest, assistance: Assistance):
        self.org, self.by, self.now = request.org, request.actor, request.now
        self.assistance, self.file = assistance, assistance.file
        self.profile = profile_of_file(assistance.file)
        self.policy = self.profile.section(AssistancePolicy)
        self.zone = ZoneInfo(assistance.zone)

    @cached_property
    def course(self) -> Course:
        return course_of(self.assistance)

    @cached_property
    def owed(self) -> Sequence[Owing]:
        """What is owed about it, about its file and by its reminders, by due time."""
        return owed_on_file(org=self.org, viewer=self.by, file=self.file, assistances=[self.assistance])

    @cached_property
    def roster(self) -> Roster:
        return candidates(org=self.org, viewer=self.by, assistance=self.assistance, now=self.now)

    @cached_property
    def service(self) -> Service | None:
        return self.policy.service(self.assistance.service)

    @cached_property
    def covered(self) -> bool:
        return self.cover is not None and self.cover.gives

    @cached_property
    def cover(self) -> Covered | None:
        """What its plan still gives of its service."""
        return cover_of_service(self.file, self.assistance.service, now=self.now)

    @cached_property
    def is_ordered(self) -> bool:
        return is_ordered(self.assistance)

    @property
    def place(self) -> str:
        """Where it is, for who coordinates; never for a provider."""
        parts = (self.file.address, self.file.references, area_in_words(self.policy, self.file.area))
        return ", ".join(filter(None, parts))

    @cached_property
    def is_first_use(self) -> bool:
        return not used_ever(self.file)

    @cached_property
    def failed(self) -> bool:
        """Whether a provider failed already."""
        return search_number(self.assistance) > 1

    @cached_property
    def authorisers(self) -> Sequence[Member]:
        """Who may order to serve, by name."""
        return [one for one in members_of(org=self.org) if actor_of(one, self.profile).may(AUTHORISE)]

    @property
    def known(self) -> Sequence[datetime]:
        """Its own instants, which an hour typed without seconds may mean."""
        one = self.assistance
        moments = (one.registered_at, one.assigned_at, one.arrived_at, one.contacted_at, self.now)
        return [moment for moment in moments if moment]

    @property
    def is_programmed(self) -> bool:
        return self.assistance.priority == "programmed"


def seen(request: DeskRequest, number: int, position: int) -> Seen:
    """Raises Http404 for who may not see it."""
    if number > 2**31 - 1 or position > 2**15 - 1:
        raise Http404
    try:
        found = assistance_by_number(org=request.org, viewer=request.actor, number=number, position=position)
    except NoSuchAssistance:
        raise Http404 from None
    return Seen(request, found)
