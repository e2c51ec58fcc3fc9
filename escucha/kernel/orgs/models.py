"""Organisations, the versions of their profiles, and who works in them."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


class Organisation(models.Model):
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    host = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()

    in_force: tuple[datetime, "ProfileVersion"] | None = None  # the version of a moment, where it was read with the row

    personal_data = ()

    def __str__(self) -> str:
        return self.slug


class ProfileVersion(models.Model):
    """A profile as it was in force from a moment on. Never changed: a new version is a new row."""

    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    valid_from = models.DateTimeField()
    loaded_at = models.DateTimeField()

    personal_data = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "valid_from"], name="one_version_at_a_moment")]

    def __str__(self) -> str:
        return f"{self.org_id} {self.digest[:8]}"


class Unit(models.Model):
    """A dependencia: a part of the organisation that owes answers."""

    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    central = models.BooleanField(default=False)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "key"], name="unit_key_is_unique"),
            models.UniqueConstraint(fields=["org"], condition=models.Q(central=True), name="one_central_unit"),
        ]

    def __str__(self) -> str:
        return self.label


class Accounts(BaseUserManager["Account"]):
    """What Django's sign-in asks of a user model."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """Somebody who signs in. Citizens never have one."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    session_salt = models.CharField(max_length=32, blank=True, default="")  # another one ends every session

    objects = Accounts()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    personal_data = ("email", "name")

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_is_unique")]

    def __str__(self) -> str:
        return f"account {self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session of the account carries and is compared with: it changes with password and salt."""
        said = f"{self.password}{self.session_salt}"
        return salted_hmac("escucha.orgs.session", said, secret=secret, algorithm="sha256").hexdigest()


class Member(models.Model):
    """An account in an organisation: its unit and its roles, whose acts the profile says."""

    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    roles = ArrayField(models.CharField(max_length=40), default=list)
    active = models.BooleanField(default=True)
    keys_off = models.BooleanField(default=False)  # single-key shortcuts switched off (WCAG 2.1.4)

    personal_data = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "account"], name="one_membership_per_organisation")]

    def __str__(self) -> str:
        return f"member {self.pk}"


class Counter(models.Model):
    """The last number given in a series of a year. Locked while it counts: no gaps, no repeats."""

    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=20)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "series", "year"], name="one_counter_per_series_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}: {self.last}"
