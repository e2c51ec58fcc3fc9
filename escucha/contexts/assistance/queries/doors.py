"""The doors to files and assistances. What a viewer may not see is not found.

Who coordinates sees every file: the procedure's own views are «A cargo», «Abiertos» and «Todos». Two acts open them,
`assistance.handle` to work and `assistance.see` to look.
"""

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from escucha.contexts.assistance.models import Assistance, AssistanceFile
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.acts import HANDLE, SEE
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_by_version, profile_in, profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import Actor

OF_FILE = ("org", "coordinator__account", "affiliate", "profile_version")
OF_ASSISTANCE = ("file__coordinator__account", "file__affiliate", "profile_version")  # its organisation is known
OF_AN_ACT = ("file__coordinator", "profile_version")  # most acts need no more; what one needs besides, it asks for
LOCK = "SELECT FROM assistance_assistance WHERE org_id = %s AND id = %s FOR UPDATE"


def _files() -> QuerySet[AssistanceFile]:
    found = AssistanceFile.objects.filter(org=Blank("org")).select_related(*OF_FILE)
    return found.defer("profile_version__document")


def _assistances(*related: str) -> QuerySet[Assistance]:
    found = Assistance.objects.filter(org=Blank("org")).select_related(*related)
    return found.defer("profile_version__document")


FILE_FOR_CHANGE = Composed(lambda: _files().filter(pk=Blank("id")).select_for_update(of=("self",)))
FILE_BY_NUMBER = Composed(lambda: _files().filter(number=Blank("number")))
FOR_CHANGE = Composed(lambda: _assistances(*OF_AN_ACT).filter(pk=Blank("id")))
ABOUT = Composed(lambda: _assistances(*OF_ASSISTANCE).filter(pk=Blank("id")))
BY_NUMBER = Composed(
    lambda: _assistances(*OF_ASSISTANCE).filter(file__number=Blank("number"), position=Blank("position"))
)


class NoSuchFile(LookupError):
    """There is no such file, or not for who asks."""


class NoSuchAssistance(LookupError):
    """There is no such assistance, or not for who asks."""


def policy_of(org: Organisation, *, at: datetime) -> AssistancePolicy:
    return profile_of(org, at=at).section(AssistancePolicy)


def profile_of_file(file: AssistanceFile) -> Profile:
    """The profile the file was born with: its plans and its times never change under it.

    No statement, where its version was read with it.
    """
    if AssistanceFile.profile_version.is_cached(file):
        return profile_in(file.profile_version, slug=file.org.slug)
    return profile_by_version(file.profile_version_id, org=file.org)


def policy_of_file(file: AssistanceFile) -> AssistancePolicy:
    return profile_of_file(file).section(AssistancePolicy)


def may_look(viewer: Actor) -> bool:
    return viewer.may(HANDLE) or viewer.may(SEE)


def visible_files(*, org: Organisation, viewer: Actor) -> QuerySet[AssistanceFile]:
    found = AssistanceFile.objects.filter(org=org)
    return found if may_look(viewer) else found.none()


def visible_assistances(*, org: Organisation, viewer: Actor) -> QuerySet[Assistance]:
    found = Assistance.objects.filter(org=org)
    return found if may_look(viewer) else found.none()


def file_by_number(*, org: Organisation, viewer: Actor, number: int) -> AssistanceFile:
    """Raises NoSuchFile."""
    file = FILE_BY_NUMBER.first(org=org.pk, number=number) if may_look(viewer) else None
    if file is None:
        raise NoSuchFile
    return file


def assistance_by_number(*, org: Organisation, viewer: Actor, number: int, position: int) -> Assistance:
    """That which is called `number/position`. Raises NoSuchAssistance."""
    if not may_look(viewer):
        raise NoSuchAssistance
    return _found(BY_NUMBER.first(org=org.pk, number=number, position=position), org)


def file_for_change(*, org: Organisation, file_id: int, by: Actor) -> AssistanceFile:
    """The file, locked until the transaction ends. Raises NoSuchFile for staff who may not see it."""
    if by.kind == "staff" and not may_look(by):
        raise NoSuchFile
    file = FILE_FOR_CHANGE.first(org=org.pk, id=file_id)
    if file is None:
        raise NoSuchFile
    return file


def assistance_for_change(*, org: Organisation, assistance_id: int, by: Actor) -> Assistance:
    """The assistance, locked until the transaction ends. Raises NoSuchAssistance for staff who may not see it.

    A verb that changes both locks the assistance first and its file afterwards, always in this order.
    """
    if by.kind == "staff" and not may_look(by):
        raise NoSuchAssistance
    # Locked by a statement of its own: what is joined to a row that was waited for would be as before the wait.
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [org.pk, assistance_id])
    return _found(FOR_CHANGE.first(org=org.pk, id=assistance_id), org)


def assistance_about(*, org: Organisation, subject: str) -> Assistance:
    """That of a subject, for acts of the product itself, which nobody looks at. Raises NoSuchAssistance."""
    return _found(ABOUT.first(org=org.pk, id=int(subject.removeprefix("assistance:"))), org)


def _found(assistance: Assistance | None, org: Organisation) -> Assistance:
    if assistance is None:
        raise NoSuchAssistance
    return with_org(assistance, org)


def with_org(assistance: Assistance, org: Organisation) -> Assistance:
    """With what its door knew already, so that nobody asks for it again."""
    assistance.org = assistance.file.org = org
    if assistance.profile_version_id == assistance.file.profile_version_id:  # read once for both
        assistance.file.profile_version = assistance.profile_version
    return assistance
