"""What a request carries once the house has met it (web/middleware.py)."""

from datetime import datetime

from django.http import HttpRequest

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.profiles.loader import Profile


class Visit(HttpRequest):
    """A request at an organisation's host. At a landing host `org` is None and there is no profile."""

    org: Organisation
    profile: Profile
    now: datetime
