from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_one_case_per_form")]

    operations = [
        migrations.AlterField(
            model_name="remark",
            name="kind",
            field=models.CharField(
                choices=[
                    ("note", "Note"),
                    ("return", "Return"),
                    ("rejection", "Rejection"),
                    ("withdrawal", "Withdrawal"),
                ],
                max_length=20,
            ),
        ),
    ]
