"""What a role may be given to do here, in words for who reads the policy."""

from collections.abc import Mapping

from escucha.kernel.words import _

HANDLE = "assistance.handle"
SEE = "assistance.see"
SUPERVISE = "assistance.supervise"
AUTHORISE = "assistance.authorise"
NETWORK = "assistance.network"
AFFILIATES = "assistance.affiliates"

ACTS: Mapping[str, str] = {
    HANDLE: _("Coordina asistencias: abre expedientes, busca proveedor, monitorea y cierra"),
    SEE: _("Mira los expedientes de asistencia sin cambiarlos"),
    SUPERVISE: _("Supervisa la mesa: reparte expedientes, los abre otra vez y decide cuando nadie puede ir"),
    AUTHORISE: _("Autoriza cortesías, reembolsos y servicios a quien está por verificar"),
    NETWORK: _("Cuida la red de proveedores: zonas, posiciones, tarifas, vetos"),
    AFFILIATES: _("Importa y corrige los afiliados de las cuentas"),
}
