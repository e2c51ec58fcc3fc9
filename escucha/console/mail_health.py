"""What `doctor` looks at in the mailboxes: whether each is read, and whether what it holds is in the ledger."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from escucha.console.health import Finding, Level
from escucha.contexts.messaging.gateways import imap
from escucha.contexts.messaging.policy.mailboxes import MailboxesPolicy
from escucha.contexts.messaging.queries.arrivals import last_balances, stuck_arrivals
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import all_orgs, profile_of
from escucha.kernel.words import _

OLD = timedelta(hours=26)  # a balance is made each day at least
STUCK = timedelta(hours=1)


def mailboxes_finding(*, now: datetime) -> Finding:
    """The worst there is to say of any mailbox."""
    findings = [one for org in all_orgs() for one in _of(org, now)]
    if not findings:
        return Finding(Level.CARE, _("No se lee ningún buzón de correo: diga cómo entrar en ESCUCHA_MAILBOX_…"))
    order = (Level.WRONG, Level.CARE, Level.WELL)
    return min(findings, key=lambda one: order.index(one.level))


def _of(org: Organisation, now: datetime) -> Iterator[Finding]:
    profile = profile_of(org, at=now)
    known = last_balances(org=org)
    read = 0
    for key in profile.section(MailboxesPolicy).boxes:
        said = {"mailbox": key, "org": org.slug, "name": imap.variable_of(org.slug, key)}
        try:
            if imap.account_of(org.slug, key, sample=profile.identity.sample) is None:
                continue
        except imap.Unusable as why:
            words = _("El buzón {mailbox} de {org} no se lee: {why}. Corrija {name}.")
            yield Finding(Level.WRONG, words.format(why=why, **said))
            continue
        read += 1
        balance = known.get(key)
        if balance is None or now - balance.at > OLD:
            words = _("El buzón {mailbox} de {org} lleva más de un día sin leerse. Revise el trabajador y {name}.")
            yield Finding(Level.WRONG, words.format(**said))
        elif balance.missing:
            words = _("Al buzón {mailbox} de {org} le faltan {missing} correos en el libro. Mire el cuadre en la mesa.")
            yield Finding(Level.WRONG, words.format(missing=balance.missing, **said))
        else:
            yield Finding(Level.WELL, _("Los buzones de correo cuadran con el libro de entradas."))
    stuck = stuck_arrivals(org=org, before=now - STUCK) if read else 0
    if stuck:
        words = _("{count} entradas de {org} llevan más de una hora sin radicarse. Revise que el trabajador funcione.")
        yield Finding(Level.WRONG, words.format(count=stuck, org=org.slug))
