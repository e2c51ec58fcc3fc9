"""What may be wrong with the mailboxes of a profile: kinds and forms that there are not, names no ledger can keep."""

from escucha.console.policy_check import KEY, Wrong, is_line
from escucha.contexts.cases.policy import CasesPolicy, FormsPolicy
from escucha.contexts.messaging.policy.mailboxes import MailboxesPolicy
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _

LONGEST_KEY = 40


def odd_in_mailboxes(profile: Profile) -> Wrong:
    """Each mailbox whose letters could not be filed as it says."""
    cases, forms = profile.section(CasesPolicy), {one.key for one in profile.section(FormsPolicy).forms}
    for box in profile.section(MailboxesPolicy).boxes.values():
        place = f"mailboxes.{box.key}"
        if not KEY.fullmatch(box.key) or len(box.key) > LONGEST_KEY:
            yield place, _("la clave lleva minúsculas, números y _, hasta {most}").format(most=LONGEST_KEY)
        if not is_line(box.label):
            yield f"{place}.label", _("escriba el nombre del buzón, en una línea")
        if box.default_type and box.default_type not in cases.types:
            yield f"{place}.default_type", _("no existe el tipo «{key}»").format(key=box.default_type)
        if box.form and box.form not in forms:
            yield f"{place}.form", _("no existe el formulario «{key}»").format(key=box.form)
        if box.requester and box.requester not in cases.requesters:
            yield f"{place}.requester", _("no existe quien solicita «{key}»").format(key=box.requester)
