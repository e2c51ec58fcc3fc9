"""The other doors of an example organisation, through their real operations: letters, contacts, boxes, hearings, paper.

What comes in by them is then a case as any other, which the office classifies and answers.
"""

from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import partial
from io import BytesIO
from itertools import count
from typing import Any

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from escucha.console.sample.doors_script import Contact, Doors, Gathering, Letter, Report, Visit, Word
from escucha.console.sample.year import Act, Office
from escucha.contexts.cases.models import Act as Minutes
from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.cases.operations.joining import merge_cases
from escucha.contexts.cases.operations.receiving import (
    close_act,
    enter_slip,
    open_act,
    record_attention,
    turn_attention_into_case,
    void_slip,
)
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import case_by_id
from escucha.contexts.cases.queries.search import search_cases
from escucha.contexts.messaging.operations.arriving import parse_waiting, receive
from escucha.contexts.messaging.operations.signing import marks_of
from escucha.contexts.messaging.policy.channels import WEB, ChannelsPolicy
from escucha.contexts.messaging.policy.mailboxes import MailboxesPolicy
from escucha.contexts.messaging.queries import messages_about
from escucha.contexts.messaging.queries.arrivals import arrival_by_id
from escucha.flows.arrived_message_becomes_case import settle_waiting_mail
from escucha.flows.staff_files_for_who_goes_first import Scan, file_at_desk
from escucha.kernel.timeline.facts import CITIZEN, Actor

OPENED_AT = time(9, 10)
MINUTE, A_WHILE = timedelta(minutes=1), timedelta(minutes=23)
MARGIN, WIDTH = 72, 468  # of a page, in points


class Entrance:
    """Where everything comes in that no form of the page brings."""

    def __init__(self, *, office: Office, script: Doors):
        self.office, self.script, self.org = office, script, office.org
        self.sent = self.done = 0
        self.last: Case | None = None  # what was taken down last

    def plan(self) -> None:
        for letter in self.script.letters:
            self.at(letter.days, partial(self.letter, letter))
        for contact in self.script.contacts:
            self.at(contact.days, partial(self.contact, contact), by_day=True)
        for visit in self.script.visits:
            self.at(visit.days, partial(self.visit, visit), by_day=True)
        for gathering in self.script.gatherings:
            self.at(gathering.days, partial(self.gather, gathering), by_day=True)
        for report in self.script.reports:
            self.at(report.days, partial(self.report, report))

    def at(self, days: float, act: Act, *, by_day: bool = False) -> None:
        """Some days before now; what somebody of the house does, on the last day that the office was open.

        Each of those a while after the one before it: nobody does everything at the hour of opening.
        """
        line, add = self.office.line, self.office.profile.calendar.add_time
        moment = line.until - timedelta(days=days)
        if by_day:
            self.done += 1
            later = A_WHILE * self.done
            moment = next(one for back in count() if (one := add(moment - timedelta(days=back), later)) < line.until)
        line.at(moment, act)

    def letter(self, letter: Letter, now: datetime) -> None:
        who, largest = self.may("intake.review"), self.office.profile.section(MailboxesPolicy).largest
        raw = self._posted(letter, who, now)
        said: dict[str, Any] = {"org": self.org, "mailbox": letter.box, "arrived_at": now, "largest": largest}
        arrived = [receive(content=[raw], now=now, **said) for _time in range(1 + letter.twice)]
        parse_waiting(now=now)
        settle_waiting_mail(now=now)
        assert arrived[0] is not None  # nobody else reads this letter
        known = arrival_by_id(org=self.org, viewer=who, arrival_id=arrived[0].pk)
        if letter.story and known.subject.startswith("case:"):
            self._goes_on(case_by_id(org=self.org, case_id=int(known.subject.removeprefix("case:"))), letter, now)

    def contact(self, contact: Contact, now: datetime) -> None:
        by = self.may("attentions.record")
        attention = record_attention(
            org=self.org,
            channel=contact.channel,
            stakeholder=contact.stakeholder,
            topic=contact.topic,
            note=contact.note,
            minutes=contact.minutes,
            by=by,
            now=now,
        )
        if contact.body:
            said: dict[str, Any] = {"attention_id": attention.pk, "matter": contact.matter, "body": contact.body}
            self._goes_on(turn_attention_into_case(org=self.org, by=by, now=now, **said), contact, now)

    def visit(self, visit: Visit, now: datetime) -> None:
        by, before = self.may("cases.file"), self.last
        case = self.last = file_at_desk(
            org=self.org,
            channel=visit.channel,
            matter=visit.matter,
            body=visit.body,
            person=dict(visit.person) or None,
            groups=visit.groups,
            agreed=True,
            identity_reserved=visit.identity_reserved,
            scans=[Scan(_page(visit.body), visit.scan, "application/pdf")] if visit.scan else (),
            form=visit.form,
            reasons=visit.reasons,
            by=by,
            now=now,
        )
        if visit.twin and before:
            joined: dict[str, Any] = {"case_id": case.pk, "into_id": before.pk, "by": self.may("cases.join")}
            self.office.line.at(now + MINUTE, lambda at: self._join(now=at, **joined))
        self._goes_on(case, visit, now)

    def gather(self, gathering: Gathering, now: datetime) -> None:
        """Its act, and then each word of it; the hour is one at which people come together."""
        local = now.astimezone(self.office.profile.zone)
        held_at = min(local.replace(hour=OPENED_AT.hour, minute=OPENED_AT.minute, second=0, microsecond=0), now)
        by = self.may("acts.open")
        act = open_act(
            org=self.org,
            kind=gathering.kind,
            held_at=held_at,
            site=gathering.site,
            place=gathering.place,
            topic=gathering.topic,
            witnesses=gathering.witnesses,
            first_slip=gathering.first_slip,
            last_slip=gathering.last_slip,
            by=by,
            now=now,
        )
        for place, word in enumerate(gathering.words):
            self._said(act, word, (gathering.first_slip or 1) + place, by, now)
        if gathering.closed:
            close_act(org=self.org, act_id=act.pk, by=by, now=now)

    def report(self, report: Report, now: datetime) -> None:
        kinds = self.office.profile.section(CasesPolicy).types.values()
        channel = self.office.profile.section(ChannelsPolicy).receiving_by(WEB)
        assert channel is not None
        file_case(
            org=self.org,
            channel=channel.key,
            body=report.body,
            suggested_type=next(kind.key for kind in kinds if kind.reserved),
            reserved=True,
            anonymous=True,
            details={"accused": report.accused} if report.accused else {},
            by=CITIZEN,
            now=now,
        )

    def may(self, act: str) -> Actor:
        return self.office.doer(act)[1]

    def _said(self, act: Minutes, word: Word, position: int, by: Actor, now: datetime) -> None:
        here: dict[str, Any] = {"org": self.org, "act_id": act.pk, "position": position, "by": by, "now": now}
        if word.void:
            void_slip(reason=word.void, **here)
            return
        day = (now - timedelta(days=word.days)).astimezone(self.office.profile.zone).date()
        slip = enter_slip(
            body=word.body,
            matter=word.matter,
            written_on=day if word.days else None,
            minute=word.minute,
            speaker=word.speaker,
            commitment=word.commitment,
            person=dict(word.person) or None,
            **here,
        )
        assert slip.case is not None
        self._goes_on(slip.case, word, now)

    def _join(self, **joined: Any) -> None:
        merge_cases(org=self.org, **joined)

    def _goes_on(self, case: Case, item: Letter | Contact | Visit | Word, now: datetime) -> None:
        if story := item.story:
            self.office.later(now, 0.6, lambda at: self.office.classify(case.pk, story, at))

    def _posted(self, letter: Letter, who: Actor, now: datetime) -> bytes:
        """The letter as its sender's server would hand it over."""
        self.sent += 1
        box = self.office.profile.section(MailboxesPolicy).boxes[letter.box]
        found = search_cases(org=self.org, viewer=who, typed=parseaddr(letter.sender)[1]).cases
        about = found[0] if found else None
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = letter.sender, box.address, letter.matter
        mail["Date"], mail["Message-ID"] = format_datetime(now), f"<{self.org.slug}.{self.sent}@example.org>"
        if letter.automatic:
            mail["Auto-Submitted"] = "auto-generated"
        if letter.answers and about:
            ours = [one for one in messages_about(org=self.org, subject=about.subject) if one.person_id]
            mail["In-Reply-To"] = f"<{marks_of(ours[-1], self.office.profile).reference}@example.org>"
        mail.set_content(letter.body.replace("{other}", self._another(about)))
        if letter.brings:
            mail.add_attachment(_page(letter.body), maintype="application", subtype="pdf", filename=letter.brings)
        return bytes(mail)

    def _another(self, about: Case | None) -> str:
        """The number of a case that is not of the sender."""
        known = (case_by_id(org=self.org, case_id=key) for key in self.office.unit_of if not about or key != about.pk)
        return next((one.filing_number for one in known), "")


def _page(text: str) -> bytes:
    """A paper that says it, as a scanner would leave it."""
    made = BytesIO()
    canvas = Canvas(made, pagesize=LETTER, invariant=True)
    place = canvas.beginText(MARGIN, LETTER[1] - MARGIN)
    place.setFont("Times-Italic", 14, leading=22)
    place.textLines(simpleSplit(text, "Times-Italic", 14, WIDTH))
    canvas.drawText(place)
    canvas.save()
    return made.getvalue()
