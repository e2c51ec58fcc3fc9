"""What tests stand on is what the product makes."""

import pytest
from django.db import transaction

from escucha.kernel.orgs.models import Account, Member, ProfileVersion, Unit
from tests.cast import STAFF
from tests.make import a_house, house_by_verbs

OWN = ("id", "org_id", "account_id", "unit_id", "password")  # another in each


def row(one):
    return {
        field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields if field.attname not in OWN
    }


def everything(house):
    """All that there is of a house, without ids."""
    members = Member.objects.filter(org=house.org).select_related("account", "unit").order_by("pk")
    return {
        "org": row(house.org),
        "versions": [row(one) for one in ProfileVersion.objects.filter(org=house.org)],
        "units": [row(one) for one in Unit.objects.filter(org=house.org).order_by("pk")],
        "members": [(row(one), row(one.account), one.unit and one.unit.key) for one in members],
        "profile": house.profile.digest,
        "named": {key: member.account.email for key, member in house.members.items()},
        "accounts": Account.objects.count(),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("slug", STAFF)
def test_a_house_written_again_is_the_one_that_the_verbs_make(slug):
    with transaction.atomic():
        by_verbs = everything(house_by_verbs(slug))
        transaction.set_rollback(True)
    for _time in range(2):
        with transaction.atomic():
            house = a_house(slug)
            assert everything(house) == by_verbs
            assert all(member.pk and member.account.has_usable_password() for member in house.members.values())
            transaction.set_rollback(True)
