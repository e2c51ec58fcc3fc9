"""A file of affiliates is kept and shown; somebody says that it goes in, and a worker takes it up; or drops it."""

from datetime import datetime
from typing import IO

from escucha.contexts.assistance.models import AffiliateImport
from escucha.contexts.assistance.queries.doors import policy_of
from escucha.contexts.assistance.queries.imports import NoSuchImport
from escucha.contexts.assistance.rules.acts import AFFILIATES
from escucha.contexts.assistance.rules.importing.asking import (
    MOST_OCTETS,
    blockers_to_ask,
    blockers_to_confirm,
    blockers_to_drop,
)
from escucha.contexts.assistance.rules.importing.sheets import Unreadable, kind_of_sheet
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import refuse_if


@act
def ask_import(
    *, org: Organisation, account: str, content: IO[bytes], name: str, by: Actor, now: datetime
) -> AffiliateImport:
    """The file, safe in the store, shown before anything of it goes in. Raises Refused for what is no file of rows."""
    try:
        kind = str(kind_of_sheet(content))
    except Unreadable:
        kind = ""
    known = policy_of(org, at=now).account(account) is not None
    refuse_if(blockers_to_ask(by, account_known=known, kind=kind))
    content.seek(0)
    file = keep_file(org=org, content=content, name=name, limit=MOST_OCTETS, now=now)
    return AffiliateImport.objects.create(
        org=org,
        account=account,
        file=file,
        file_kind=kind,
        state=AffiliateImport.State.SHOWN,
        member_id=by.member_id,
        asked_at=now,
    )


@act
def confirm_import(
    *, org: Organisation, import_id: int, all_or_nothing: bool, ends_missing: bool, by: Actor, now: datetime
) -> AffiliateImport:
    """What was shown goes in, as soon as a worker is free."""
    asked = _for_change(org, import_id, by)
    refuse_if(blockers_to_confirm(by, state=asked.state))
    asked.state, asked.asked_at = AffiliateImport.State.WAITING, now
    asked.all_or_nothing, asked.ends_missing = all_or_nothing, ends_missing
    asked.save(update_fields=["state", "asked_at", "all_or_nothing", "ends_missing"])
    return asked


@act
def drop_import(*, org: Organisation, import_id: int, by: Actor, now: datetime) -> AffiliateImport:
    """What was shown does not go in."""
    asked = _for_change(org, import_id, by)
    refuse_if(blockers_to_drop(by, state=asked.state))
    asked.state, asked.ended_at = AffiliateImport.State.DROPPED, now
    asked.save(update_fields=["state", "ended_at"])
    return asked


def _for_change(org: Organisation, import_id: int, by: Actor) -> AffiliateImport:
    """The import, locked. Raises NoSuchImport."""
    found = AffiliateImport.objects.filter(org=org, pk=import_id).select_for_update(of=("self",)).first()
    if found is None or not by.may(AFFILIATES):
        raise NoSuchImport
    return found
