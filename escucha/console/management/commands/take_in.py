"""`escucha take_in`: somebody begins to work in an organisation, or changes unit or roles."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from escucha.kernel.orgs.models import Organisation, Unit
from escucha.kernel.orgs.operations import take_in
from escucha.kernel.orgs.queries import account_exists, org_by_slug, profile_of, unit_by_key
from escucha.kernel.words import _


class Command(BaseCommand):
    help = "Da entrada a una persona en una organización, con su dependencia y sus roles"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("org", help="la organización, por el nombre de su carpeta de perfil")
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--unit", default="", help="la dependencia, como la llama el perfil")
        parser.add_argument("--role", action="append", required=True, help="un rol del perfil; puede repetirse")

    def handle(self, *args: Any, org: str, email: str, name: str, unit: str, role: list[str], **options: Any) -> None:
        where = _org(org)
        known = profile_of(where, at=timezone.now()).roles
        if unknown := [one for one in role if one not in known]:
            raise CommandError(
                _("El perfil no tiene el rol {unknown}. Tiene: {known}.").format(
                    unknown=", ".join(unknown), known=", ".join(known)
                )
            )
        password, is_new = secrets.token_urlsafe(12), not account_exists(email)
        take_in(org=where, email=email, name=name, password=password, unit=_unit(where, unit), roles=role)
        if is_new:
            self.stdout.write(
                _("Clave para la primera vez, que solo se muestra ahora: {password}").format(password=password)
            )
        self.stdout.write(_("{name} ya puede entrar por /mesa/ en {host}.").format(name=name, host=where.host))


def _org(slug: str) -> Organisation:
    try:
        return org_by_slug(slug)
    except Organisation.DoesNotExist:
        raise CommandError(_("No hay una organización «{slug}».").format(slug=slug)) from None


def _unit(org: Organisation, key: str) -> Unit | None:
    try:
        return unit_by_key(org=org, key=key) if key else None
    except Unit.DoesNotExist:
        raise CommandError(_("El perfil no tiene la dependencia «{key}».").format(key=key)) from None
