import os, time, pytest
from django.db import connection, migrations
from django.db.migrations.optimizer import MigrationOptimizer
@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    from django.test.utils import setup_databases
    if os.environ.get("OPT"):
        apply = migrations.Migration.apply
        def quick(self, *a, **k):
            n=len(self.operations)
            self.operations = MigrationOptimizer().optimize(self.operations, self.app_label)
            if n!=len(self.operations): print(self, n, len(self.operations))
            return apply(self, *a, **k)
        migrations.Migration.apply = quick
    with django_db_blocker.unblock():
        t=time.process_time(); w=time.perf_counter()
        setup_databases(verbosity=0, interactive=False)
        print("CPU", time.process_time()-t, "wall", time.perf_counter()-w)
    yield
@pytest.mark.django_db
def test_x(): pass
