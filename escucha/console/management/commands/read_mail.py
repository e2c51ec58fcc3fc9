"""`escucha read_mail`: reads the mailboxes as `escucha work` does. With `--once`, one turn and what it brought."""

import signal
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from escucha.console.inbox import Inbox
from escucha.contexts.messaging.operations.arriving import receive
from escucha.contexts.messaging.policy.mailboxes import MailboxesPolicy
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import org_by_slug, profile_of
from escucha.kernel.words import _

EVERY = 1.0  # seconds


class Command(BaseCommand):
    help = _("Lee los buzones de correo y radica lo que llegó")

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help=_("una vuelta y termina"))
        parser.add_argument("--letter", type=Path, help=_("un correo guardado en un archivo, en vez de los buzones"))
        parser.add_argument("--organisation", help=_("a cuál organización llegó ese correo"))
        parser.add_argument("--mailbox", help=_("a cuál buzón"))

    def handle(self, *args: Any, once: bool = False, letter: Path | None = None, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        if letter:
            self._take(letter, options["organisation"] or "", options["mailbox"] or "")
        inbox = Inbox(at_once=once)
        while not stop.is_set():
            if not inbox(now=timezone.now()):
                if once or letter:
                    return
                stop.wait(EVERY)

    def _take(self, letter: Path, slug: str, mailbox: str) -> None:
        try:
            org = org_by_slug(slug)
        except Organisation.DoesNotExist:
            raise CommandError(_("No hay una organización con ese nombre: {slug}").format(slug=slug)) from None
        now = timezone.now()
        policy = profile_of(org, at=now).section(MailboxesPolicy)
        if mailbox not in policy.boxes:
            raise CommandError(_("Los buzones son: {keys}").format(keys=", ".join(policy.boxes)))
        taken = [letter.read_bytes()]
        receive(org=org, mailbox=mailbox, content=taken, arrived_at=now, largest=policy.largest, now=now)
