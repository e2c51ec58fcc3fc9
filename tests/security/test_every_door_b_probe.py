import pytest
from django.utils import timezone
from tests.web.desk.conftest import at_desk, no_static_folder  # noqa
from tests.make import *
pytestmark = pytest.mark.django_db
EXT=["0001-01-01T00:00:00+14:00","9999-12-31T23:59:59-14:00","0001-01-01T00:00:00+00:00"]
def test_fuzz(at_desk, cafetal):
    a_case(cafetal); out=[]
    c=at_desk("patricia"); c.raise_request_exception=False
    g=at_desk("gabriel"); g.raise_request_exception=False
    urls=[]
    for e in EXT:
        from urllib.parse import quote
        q=quote(e)
        for p in ["desde","hasta"]:
            for n in ["1","-999999999999999999"]:
                urls+= [f"/mesa/actas/?{p}={q}_{n}", f"/mesa/atenciones/?{p}={q}_{n}"]
                for t in ["1"]:
                    urls+=[f"/mesa/casos/?{p}={q}_{t}_{n}", f"/mesa/?{p}={q}_{t}_{n}",f"/mesa/casos/?vista=cerrados&{p}={q}_{t}_{n}"]
    for d in ["0001-01-01","9999-12-31","2026-W01-1","x"]: urls.append(f"/mesa/?dia={d}")
    for s in ["1٣٤٥","²²²²","ß"*200,"%","_","\\","'","&|!()","a:*","de la","a@b@c","@","0000","9"*200,"PQR-2026-"+"0"*180,"ñ","İ"*50,"ﬃ","x "*100,"601 000"," ","-","1e9","\ud7ff","٠٠٠٠٠٠٠", "pqr 2026 ٣", "a\u0000b"]:
        urls.append("/mesa/buscar/?q="+quote(s)); urls.append(f"/mesa/casos/PQR-2026-000001/union/?con="+quote(s))
    for s in ["99999999999999999","-1","²","٣"]: urls+= [f"/mesa/buscar/?persona={quote(s)}",f"/mesa/bitacora/?antes={quote(s)}",f"/mesa/bitacora/?caso={quote(s)}", f"/mesa/correos/?antes={quote(s)}"]
    seen={}
    for u in urls:
        from django.db import transaction
        class R(Exception): pass
        try:
            with transaction.atomic():
                r=c.get(u); seen.setdefault(r.status_code,[]).append(u)
                if r.status_code==500: raise R
        except R: pass
    for s in ["99999999999999999","-1","²","٣"]:
        for v in ["abiertos","identidades"]:
            r=g.get(f"/mesa/reservados/?vista={v}&antes={quote(s)}"); seen.setdefault(r.status_code,[]).append(("g",v,s))
    r=c.get(f"/mesa/atenciones/{10**30}/"); seen.setdefault(r.status_code,[]).append("bigid")
    print({k:(len(v),v[:4]) for k,v in seen.items()})
    print(seen.get(500))
    assert 0
