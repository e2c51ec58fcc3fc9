"""Texts in Spanish with the word frequencies of real ones: few words very often, very many seldom (Zipf's law).

The commonest words and the words of the field are real; the long tail is built from stems and endings.
"""

from itertools import accumulate, product
from random import Random

COMMON = """
de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre
este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué sólo han
yo hay vez puede todos así nos ni parte tiene él uno donde bien tiempo mismo ese ahora cada vida otro después te
otros aunque esa eso hace otra durante dijo gobierno tan primera tanto ella usted mañana ayer nunca siempre aún
nada alguien
""".split()
FIELD = """
cita médico medicamento autorización fórmula urgencias afiliado subsidio cuota pago factura recibo certificado
oficina ventanilla turno espera llamada respuesta solicitud queja reclamo petición documento cédula correo teléfono
atención funcionario servicio demora horario sede farmacia examen laboratorio especialista traslado portabilidad
afiliación aporte empresa empleador nómina portal contraseña sistema error pantalla mensaje crédito vivienda
colegio matrícula recreación piscina parque reserva cancelación devolución dinero saldo cobro descuento tarifa
contrato visita río quebrada árbol tala ruido olor basura vertimiento licencia permiso multa inspección vecino
barrio vereda municipio finca predio agua aire hospital clínica enfermera paciente hija hijo madre padre abuela
niño embarazo discapacidad silla ruedas terapia cirugía remisión ambulancia orden copia historia entregaron negaron
esperamos llamé pregunté pedí pagué necesito quiero solicito agradezco exijo informaron atendieron cambiaron
perdieron dañaron enviaron firmaron prometieron cumplieron llegaron
""".split()
STEMS = """
acuer adminis agen alber alter amplia anuncia aplica aprob arrien asegu asigna asis atien audi autor avan ayu balan
bene bodega calcu califica cambia cancel capta carga celebra cerca certi circula cobra combi comen compar compra
comuni concre conduc confir conoce conser consta constru consul conta contro conven coordi corri costea credi cues
cumpli cura dañ deba deci decla defen demos denun depen depo descu desem deter devol diag dicta dife dirig dise
dispo distri divi docu domi edi eje elabo eli emi emple encar enco entre envia equi esca espe esta estu evalu exami
expe expli expor exten extra fabri faci factu fali fami favo fija finan firma forma forta funda gana garan gastro
gene ges gira gradua graba habi hones hosti identi impo impul incapa incluy indica infor ingre inscri insta insti
integra interes inver investi invita juz labora lega levan libra limpi liqui llega loca lucha mandata mane mante
marca medi mejora men mode modi monta motiva mueve multi nece nego nego nombra nor noti obje obli obra obser obten
ocu ofre opera opi orde orga orien otor parti patro pele pensio percibi perju permi perte plani planta porta posee
postu practi preci pregun prepa presen presta preve proce produ progra prohi prome propo prote prueba publi quebran
razo reali rebaja recau recha recla recono recorda recrea recu redu refe regis regu rela remi reno renta repa repre
repro requi resca reser resol respal respon resta reti reuni revi rota saca salva sancio segui selec sella senti
sepa simi sobre socie soli soporta sosten subi sufi suge super supli suspen tala tardan tele tene termi toma
trabaja trami trans trata ubica unifi usa utili vali vende veri vigi vincu visi vota
""".split()
ENDINGS = """
ción ciones do da dos das r mos ron ría rían ndo dor dora dores dad dades miento mientos ble bles tiva tivo tivos
mente nte ntes nza rá rán ba ban ra ran se dero torio tura ncia ncias lista lismo lito lita zón
""".split()
NAMES = """
Ana Luis María José Carmen Jorge Luz Carlos Rosa Juan Marta Pedro Gloria Andrés Sandra Diego Nubia Óscar
""".split()
SURNAMES = """
Ríos Peña Cárdenas Muñoz Ospina Vélez Castaño Zuluaga Arango Niño Quiñones Ordóñez Páez Ibáñez Marín
""".split()
SENTENCES = 60_000


class Texts:
    """An endless supply, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        tail = [stem + ending for stem, ending in product(STEMS, ENDINGS)]
        Random("tail").shuffle(tail)
        words = _mixed(COMMON, FIELD) + tail
        weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))  # Zipf, as Mandelbrot bent it
        pool = self.random.choices(words, cum_weights=weights, k=SENTENCES * 11)
        self.sentences = [_sentence(pool[start : start + 11]) for start in range(0, len(pool), 11)]
        self.tail = tail

    def body(self) -> str:
        """Forty to a hundred words, and one that hardly anybody else writes."""
        said = self.random.choices(self.sentences, k=self.random.randrange(4, 10))
        return f"{' '.join(said)} {self.tail[self.random.randrange(len(self.tail))]}{self.random.randrange(10_000)}"

    def matter(self) -> str:
        return self.sentences[self.random.randrange(SENTENCES)][:80]

    def name(self) -> str:
        one = self.random
        return f"{one.choice(NAMES)} {one.choice(NAMES)} {one.choice(SURNAMES)} {one.choice(SURNAMES)}"


def _mixed(common: list[str], field: list[str]) -> list[str]:
    """Thirty common words first; afterwards one of the field after each common one."""
    rest = [word for pair in zip(common[30:], field, strict=False) for word in pair]
    used = len(rest) // 2
    return common[:30] + rest + common[30 + used :] + field[used:]


def _sentence(words: list[str]) -> str:
    return f"{' '.join(words).capitalize()}."
