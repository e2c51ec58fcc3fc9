"""The story of a case: its entries read aloud, with the words people said beside them, in one thread."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.notices import reached_in_words
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import numbers_kept_from
from escucha.contexts.cases.queries.written import remarks_of
from escucha.contexts.cases.rules.correcting import LETTERS
from escucha.contexts.cases.rules.debts import DEBT_NAMES
from escucha.contexts.cases.rules.standing import CHARACTERISTICS, listed
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.contexts.messaging.queries import RESULTS
from escucha.contexts.people.models import Correction
from escucha.contexts.people.queries import corrections_by_id
from escucha.kernel.orgs.models import Member, Organisation, Unit
from escucha.kernel.orgs.queries import members_by_id, units_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.models import Entry
from escucha.kernel.timeline.record import latest, sentence_of
from escucha.web.desk.corrected_words import changes_in, fields_in_words
from escucha.web.desk.message_words import error_in_story
from escucha.web.ui import spanish

SHOWN = 100
OTHERS = ("number", "into_number", "out_of_number", "other_number")  # what a fact says of another case, or of its own
QUIET = {"commitments.commitment_annulled", "commitments.commitment_handed_over"}  # the act beside them says it


class Happened(NamedTuple):
    """One thing that happened, as the thread shows it."""

    at: datetime
    title: str
    by: str
    said: str
    kind: str  # act, note, late, clock


class Story(NamedTuple):
    """A stretch of a case's story, oldest first, and the number of the entry before which there is more."""

    happened: list[Happened]
    older: int | None


def story_of(
    case: Case,
    *,
    viewer: Actor,
    profile: Profile,
    units: Sequence[Unit] | None = None,
    known: Sequence[Member] = (),
    before: int | None = None,
    shows_person: bool = False,
) -> Story:
    """The newest entries of a case, or those before one. As many queries, however many entries there are.

    What was corrected of its person is only read by who is shown the person.
    """
    found = latest(org=case.org, subject=case.subject, before=before, limit=SHOWN + 1)
    entries = [entry for entry in found[:SHOWN] if entry.verb not in QUIET]
    remarks = remarks_of(case, ids={entry.data["remark"] for entry in entries if entry.data.get("remark")})
    words = words_for(case.org, profile, entries, viewer=viewer, units=units, known=known, remarks=remarks)
    corrected = {entry.data["correction"] for entry in entries if entry.data.get("correction")}
    if shows_person and corrected:
        words = words._replace(corrections=corrections_by_id(org=case.org, ids=corrected))
    older = found[SHOWN - 1].number if len(found) > SHOWN else None
    return Story([words.happened(entry) for entry in reversed(entries)], older)


def words_for(
    org: Organisation,
    profile: Profile,
    entries: Sequence[Entry],
    *,
    viewer: Actor,
    units: Sequence[Unit] | None = None,
    known: Sequence[Member] = (),
    remarks: Mapping[int, Any] | None = None,
) -> "Words":
    """What it takes to read some entries aloud, in two queries at most; in three where they name other cases.

    `units` and members who are `known` already are not read again.
    """
    named = {entry.member_id for entry in entries} | {entry.data.get("member") for entry in entries}
    members = {member.pk: member for member in known}
    return Words(
        profile=profile,
        units={unit.pk: unit for unit in units or units_of(org)},
        members={**members, **members_by_id(org=org, ids={pk for pk in named if pk} - members.keys())},
        remarks=remarks or {},
        kept=numbers_kept_from(org=org, viewer=viewer, numbers=_others_in(entries)),
    )


def _others_in(entries: Sequence[Entry]) -> set[str]:
    return {entry.data[key] for entry in entries for key in OTHERS if isinstance(entry.data.get(key), str)}


class Words(NamedTuple):
    """What the ids of facts mean to people."""

    profile: Profile
    units: Mapping[int, Unit]
    members: Mapping[int, Member]
    remarks: Mapping[int, Any]
    corrections: Mapping[int, Correction] = {}
    kept: frozenset[str] = frozenset()  # numbers of reserved cases, which the reader is not told

    def happened(self, entry: Entry) -> Happened:
        sentence, values = sentence_of(entry)
        remark = self.remarks.get(entry.data.get("remark"))
        return Happened(
            at=entry.at,
            title=_(sentence).format(**{key: self.said(key, value) for key, value in values.items()}),
            by=self.doer(entry),
            said=remark.body if remark else self.corrected(entry),
            kind=_kind(entry),
        )

    def doer(self, entry: Entry) -> str:
        if doer := self.members.get(entry.member_id or 0):
            return doer.account.name
        return _("La persona") if entry.actor_kind == "citizen" else ""

    def corrected(self, entry: Entry) -> str:
        """What was corrected, field by field, and why: in the case from which it was asked."""
        correction = self.corrections.get(entry.data.get("correction", 0))
        if correction is None:
            return ""
        lines = [change.line for change in changes_in(correction)]
        mine = correction.about == entry.subject and correction.reason
        return "\n".join([*lines, *([_("Por qué: {reason}").format(reason=correction.reason)] if mine else [])])

    def said(self, key: str, value: Any) -> Any:
        """A value of a fact in words, by the name of its field."""
        ways = {
            "unit": lambda: self.units[value].label if value in self.units else "",
            "member": lambda: self.members[value].account.name if value in self.members else _("nadie en particular"),
            "case_type": lambda: self.label(value),
            "channel": lambda: _(self.profile.section(ChannelsPolicy).label_of(value)),
            "kind": lambda: _(DEBT_NAMES.get(value, value)).lower(),
            "failed": lambda: listed([str(CHARACTERISTICS[one][0]).lower() for one in value.split(",") if one]),
            "result": lambda: str(RESULTS.get(value, value)).lower(),
            "until": lambda: spanish.long_date(date.fromisoformat(value)),
            "how": lambda: str(reached_in_words(value)),
            "step": lambda: STEPS.get(value, value),
            "corrected": lambda: fields_in_words(value),
            "error": lambda: error_in_story(value),
            "letter": lambda: _(LETTERS.get(value, value)),
        }
        if key in OTHERS and value in self.kept:
            return _("otro caso")
        return ways[key]() if key in ways else value

    def label(self, case_type: str) -> str:
        kind = self.profile.section(CasesPolicy).type_of(case_type)
        return kind.label.lower() if kind else case_type


STEPS = {
    "remind_owner": _("recordatorio"),
    "tell_supervisor": _("aviso a la coordinación"),
    "tell_director": _("aviso a la dirección"),
    "notice_ends": _("fin del aviso"),
}


def _kind(entry: Entry) -> str:
    if entry.verb == "cases.note_written":
        return "note"
    if entry.verb == "commitments.commitment_late":
        return "late"
    return "clock" if entry.verb.startswith("commitments.") else "act"
