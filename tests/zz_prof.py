import cProfile, pstats, pytest
from django.db import connection
@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_use_migrations, django_db_keepdb, django_db_createdb, django_db_modify_db_settings):
    from django.test.utils import setup_databases
    p=cProfile.Profile()
    with django_db_blocker.unblock():
        p.enable()
        cfg=setup_databases(verbosity=0, interactive=False)
        p.disable()
    st=pstats.Stats(p); st.sort_stats("cumulative").print_stats(45); st.sort_stats("tottime").print_stats(12)
    yield
@pytest.mark.django_db
def test_x(): pass
