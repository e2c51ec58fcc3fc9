"""A request as the pages know it: with its organisation and moment, and on the desk with who acts."""

from datetime import datetime

from django.http import HttpRequest

from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import Actor


class HouseRequest(HttpRequest):
    """At an organisation's host. The middleware gives it all of this."""

    org: Organisation
    profile: Profile
    now: datetime
    is_known: bool


class DeskRequest(HouseRequest):
    """From a member who signed in. `access.desk` gives it who acts."""

    member: Member
    actor: Actor
