from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="session_salt",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
    ]
