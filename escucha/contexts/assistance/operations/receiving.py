"""A call taken down at the desk: its file, who it is for, and the call itself, all or nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from escucha.contexts.assistance.models import AssistanceFile
from escucha.contexts.assistance.operations.calls import bind_call
from escucha.contexts.assistance.operations.opening import open_file
from escucha.contexts.assistance.operations.registering import register_affiliate
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor


@act
def receive_call(
    *,
    org: Organisation,
    account: str,
    affiliate_id: int | None = None,
    newcomer: Mapping[str, Any] | None = None,
    call_id: int | None = None,
    form_key: str = "",
    by: Actor,
    now: datetime,
    **said: Any,
) -> AssistanceFile:
    """A file, for somebody known or for a `newcomer` who is registered to be verified. Sent twice, it is one file.

    `said` is what `rules.opening.Said` has.
    """
    file = open_file(org=org, account=account, affiliate_id=affiliate_id, form_key=form_key, by=by, now=now, **said)
    if newcomer and file.affiliate_id is None:
        register_affiliate(org=org, account=file.account, file_id=file.pk, by=by, now=now, **newcomer)
        file.refresh_from_db()
    if call_id:
        bind_call(org=org, call_id=call_id, file=file, by=by, now=now)
    return file
