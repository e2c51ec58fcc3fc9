# The log of an assistance may say that nobody was found in time.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0003_offers_to_close'),
    ]

    operations = [
        migrations.AlterField(
            model_name='logline',
            name='subtype',
            field=models.CharField(choices=[('opened', 'OPENED'), ('consent', 'CONSENT'), ('cover', 'COVER'), ('priority', 'PRIORITY'), ('authorised_by', 'AUTHORISED'), ('affiliate', 'AFFILIATE'), ('called_provider', 'CALLED_PROVIDER'), ('assigned', 'ASSIGNED'), ('confirmed', 'CONFIRMED'), ('exhausted', 'EXHAUSTED'), ('overdue', 'OVERDUE'), ('provider_off', 'PROVIDER_OFF'), ('reprogrammed', 'REPROGRAMMED'), ('from_provider', 'FROM_PROVIDER'), ('to_provider', 'TO_PROVIDER'), ('from_affiliate', 'FROM_AFFILIATE'), ('to_affiliate', 'TO_AFFILIATE'), ('arrived', 'ARRIVED'), ('contacted', 'CONTACTED'), ('diagnosed', 'DIAGNOSED'), ('excess', 'EXCESS'), ('authorisation', 'AUTHORISATION'), ('finished', 'FINISHED'), ('costs', 'COSTS'), ('conformity', 'CONFORMITY'), ('survey', 'SURVEY'), ('concluded', 'CONCLUDED'), ('cancelled', 'CANCELLED'), ('file_closed', 'FILE_CLOSED'), ('file_opened', 'FILE_OPENED'), ('handed_over', 'HANDED_OVER'), ('note', 'NOTE')], max_length=20),
        ),
    ]
