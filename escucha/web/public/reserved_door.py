"""Whether an organisation has the reserved channel: a kind of its own for reports, and a page to file by."""

from django.urls import reverse

from escucha.contexts.cases.policy import CasesPolicy, CaseType
from escucha.contexts.messaging.policy.channels import WEB, ChannelsPolicy
from escucha.kernel.profiles.loader import Profile


def reserved_kind(profile: Profile) -> CaseType | None:
    """The kind under which a report is filed, or None where the policy has none."""
    kinds = profile.section(CasesPolicy).types.values()
    return next((kind for kind in kinds if kind.reserved and kind.public), None)


def report_url(profile: Profile) -> str:
    """The address of the reserved channel; empty where there is none."""
    web = profile.section(ChannelsPolicy).receiving_by(WEB)
    return reverse("public:report") if web and reserved_kind(profile) else ""
