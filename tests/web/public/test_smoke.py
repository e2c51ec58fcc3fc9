from tests.make import a_case, a_sent_case
import pytest
@pytest.mark.parametrize("p",["/","/radicar/","/verificar/","/seguir/","/avisos/","/calculadora/","/calculadora/?received_on=2026-03-02&received_time=10:00&amount=15&unit=business_days&receipt_rule=calendar_date&layers=national"])
def test_get(visitor,p):
    r=visitor.get(p)
    assert r.status_code==200, r.content.decode()[:3000]
def test_case(visitor,cafetal):
    c=a_sent_case(cafetal)
    assert visitor.get(f"/recibo/{c.receipt_code}/").status_code==200
    assert visitor.get(f"/verificar/{c.verify_code}/").status_code==200
    r=visitor.post("/seguir/",{"number":c.filing_number,"factor":"1990000001"},follow=True)
    assert r.status_code==200 and b"Ver mi respuesta" in r.content
    r=visitor.post("/seguir/solicitud/respuesta/",follow=True)
    assert "Le devolvemos" in r.content.decode()
    assert visitor.get("/", headers={"host":"localhost:8000"}).status_code==200
    assert visitor.get("/calculadora/", headers={"host":"localhost:8000"}).status_code==200
    r=visitor.post("/radicar/",{})
    assert r.status_code==302, r.content.decode()[:2000]
    assert visitor.get(r.url).status_code==200
    assert visitor.get("/seguir/solicitud/retiro/").status_code==200
